package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asset reads a built file by its plain name.
func builtAsset(t *testing.T, name string) string {
	t.Helper()
	if err := CheckAssets(); err != nil {
		t.Fatal(err)
	}
	b, err := dist.ReadFile("assets/dist/" + strings.TrimPrefix(Asset(name), AssetPath))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestAssetsAreServedCompressedAndForEver(t *testing.T) {
	css := builtAsset(t, "rinnova.css")
	h := Assets()
	for _, c := range []struct{ accept, coding string }{
		{"", ""}, {"gzip", "gzip"}, {"gzip, deflate, br", "br"}, {"br;q=0, gzip", "gzip"}, {"brotli", ""}, {"gzip;q=0.000", ""},
	} {
		w := get(h, Asset("rinnova.css"), "Accept-Encoding", c.accept)
		if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != c.coding {
			t.Fatalf("accept %q: %d %q", c.accept, w.Code, w.Header().Get("Content-Encoding"))
		}
		if got := w.Header().Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("Cache-Control: %s", got)
		}
		if got := w.Header().Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Vary: %s", got)
		}
		if c.coding == "gzip" {
			z, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(z); err != nil || string(plain) != css {
				t.Errorf("gzip holds something else (%v)", err)
			}
		}
	}
	if w := get(h, Asset("titillium-400.woff2"), "Accept-Encoding", "br"); w.Header().Get("Content-Type") != "font/woff2" || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("font: %v", w.Header())
	}
	for _, path := range []string{"/assets/", "/assets/manifest.json", "/assets/.gitkeep", "/assets/rinnova.css", "/assets/../web.go", Asset("rinnova.css") + ".br"} {
		if w := get(h, path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestAssetNamesCarryTheirContent(t *testing.T) {
	m, err := manifest()
	if err != nil {
		t.Fatal(err)
	}
	hashed := regexp.MustCompile(`^[a-z0-9-]+\.[0-9a-f]{10}\.(css|js|svg|txt|woff2)$`)
	for plain, name := range m {
		if !hashed.MatchString(name) {
			t.Errorf("%s is served as %s", plain, name)
		}
	}
}

// TestFirstVisitIsLight holds the promise of bars.md, P14: at most 80 kB over the wire, style, fonts and scripts together.
func TestFirstVisitIsLight(t *testing.T) {
	total := 0
	for _, name := range []string{"rinnova.css", "htmx.js", "rinnova.js", "icons.svg", "favicon.svg", "titillium-400.woff2", "titillium-600.woff2", "titillium-700.woff2"} {
		builtAsset(t, name)
		total += get(Assets(), Asset(name), "Accept-Encoding", "gzip").Body.Len()
	}
	if total > 76_000 { // 4 kB are left for the page itself
		t.Errorf("first visit: %d bytes", total)
	}
}

func TestStyleNeedsNothingThatTheBrowserWillRefuse(t *testing.T) {
	css := builtAsset(t, "rinnova.css")
	for _, url := range regexp.MustCompile(`url\(([^)]*)\)`).FindAllStringSubmatch(css, -1) {
		if !regexp.MustCompile(`^titillium-[a-z0-9-]+\.[0-9a-f]{10}\.woff2$`).MatchString(url[1]) {
			t.Errorf("the style sheet loads %.60s", url[1])
		}
	}
	if strings.Contains(css, "@import") {
		t.Error("the style sheet imports another")
	}
	for _, name := range []string{"rinnova.js"} {
		if js := builtAsset(t, name); regexp.MustCompile(`\beval\(|new Function|\.style\b|innerHTML`).MatchString(js) {
			t.Errorf("%s does what the browser will refuse, or should", name)
		}
	}
}

// hooks are classes without a style: they only name something for tests or scripts.
var hooks = []string{"rn-school", "is-none"}

// TestClassesHaveAStyle finds a class that a page uses and the purged style sheet lacks: either it is misspelt or the
// assets are older than the page.
func TestClassesHaveAStyle(t *testing.T) {
	css := builtAsset(t, "rinnova.css")
	for file, classes := range classesInPages(t) {
		for _, c := range classes {
			if !regexp.MustCompile(`\.`+regexp.QuoteMeta(c)+`([^a-zA-Z0-9_-]|$)`).MatchString(css) && !slices.Contains(hooks, c) {
				t.Errorf("%s: class %q has no style (build the assets again with scripts/assets.sh, or correct it)", file, c)
			}
		}
	}
}

// TestPagesHoldNothingInline finds what the Content-Security-Policy refuses.
func TestPagesHoldNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`\s(style|on[a-z]+|hx-on[:a-z-]*)=|<style|javascript:|hx-vals=['"]js:`)
	for file, text := range templFiles(t) {
		if m := inline.FindString(text); m != "" {
			t.Errorf("%s: %q would be refused by the browser", file, strings.TrimSpace(m))
		}
	}
}

// TestTextsAreNotSwallowed finds a component followed on its line by braces with a text: templ takes that for a block of
// children, and the text is lost.
func TestTextsAreNotSwallowed(t *testing.T) {
	swallowed := regexp.MustCompile(`@[\w.]+\([^\n]*\)\s?\{ [^\n]+\}`)
	for file, text := range templFiles(t) {
		if m := swallowed.FindString(text); m != "" {
			t.Errorf("%s: write the component and the text on lines of their own: %s", file, m)
		}
	}
}

var (
	classAttr = regexp.MustCompile(`class="([^"]*)"`)
	classExpr = regexp.MustCompile(`class=\{([^}]*)\}`)
	literal   = regexp.MustCompile(`"([^"]*)"`)
)

func classesInPages(t *testing.T) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for file, text := range templFiles(t) {
		for _, m := range classAttr.FindAllStringSubmatch(text, -1) {
			out[file] = append(out[file], strings.Fields(m[1])...)
		}
		for _, m := range classExpr.FindAllStringSubmatch(text, -1) {
			for _, lit := range literal.FindAllStringSubmatch(m[1], -1) {
				out[file] = append(out[file], strings.Fields(lit[1])...)
			}
		}
	}
	if len(out) == 0 {
		t.Fatal("no page found")
	}
	for _, tone := range []Tone{Plain, Info, OK, Warning, Bad, Waiting} {
		out["shell.go"] = append(out["shell.go"], string(tone))
	}
	return out
}

// templFiles reads all pages of the program, by their paths below internal. Mails are none: their style must stand inside
// them, because mail programs load nothing.
func templFiles(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		mail := strings.Contains(path, "/mail/") || strings.HasSuffix(path, "mail.templ")
		if err != nil || d.IsDir() || filepath.Ext(path) != ".templ" || mail {
			return err
		}
		b, err := os.ReadFile(path)
		out[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
