package e2e_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"rinnova/e2e/browser"
	"rinnova/internal/guide/guideweb"
)

// album is the pictures of the guides.
type album struct {
	known map[string]guideweb.Picture
	taken map[string]guideweb.Picture
}

func openAlbum(t *testing.T) *album {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", guideweb.Folder, guideweb.List))
	check(t, err)
	known, err := guideweb.ReadList(b)
	check(t, err)
	return &album{known: known, taken: map[string]guideweb.Picture{}}
}

// shoot takes a picture of a part of the page, or holds that the part says what the picture shows.
func (g *guided) shoot(name, css string, marks ...string) {
	g.t.Helper()
	says := browser.Eval[string](g.Page, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.innerText + [...e.querySelectorAll("input:not([type=hidden]),select")].map(f => "|" + (f.type === "checkbox" || f.type === "radio" ? f.checked : f.value)).join("")).join("\n")`, css))
	if says == "" {
		g.t.Fatalf("%s: there is nothing to picture in %s", g.URL(), css)
	}
	sum := sha256.Sum256([]byte(sizes.ReplaceAllString(plain(says), "kB")))
	shows := hex.EncodeToString(sum[:])
	if !*update {
		if g.known[name].Shows != shows {
			g.t.Errorf("the picture %s of the guides shows another screen than today's: go test ./e2e -run Guide -update, and look at it", name)
		}
		g.taken[name] = g.known[name]
		return
	}
	webp, width, height := g.Region(css, marks...)
	g.Write(filepath.Join(guideweb.Folder, name+".webp"), webp)
	g.taken[name] = guideweb.Picture{Width: width, Height: height, Shows: shows}
}

// sizes of signed files are not the same each time.
var sizes = regexp.MustCompile(`\d+ kB`)

// close writes the list of the pictures, or holds that each was looked at.
func (g *guided) close() {
	if *update {
		b, err := json.MarshalIndent(g.taken, "", "  ")
		check(g.t, err)
		g.Write(filepath.Join(guideweb.Folder, guideweb.List), append(b, '\n'))
		return
	}
	for name := range g.known {
		if _, ok := g.taken[name]; !ok {
			g.t.Errorf("nothing takes the picture %s", name)
		}
	}
}
