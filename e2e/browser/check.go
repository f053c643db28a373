package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Check looks at the page as it stands, at 1280 and at 320 pixels: takes a picture of each, runs axe, and holds that
// nothing scrolls sideways. The window is 1280 wide afterwards.
func (p *Page) Check(name string) {
	p.t.Helper()
	for _, width := range []int{320, 1280} {
		p.Width(width)
		p.Screenshot(name)
		p.Axe()
		p.NoHorizontalScroll()
	}
	if p.Count("[else], [if]") > 0 {
		p.t.Errorf("%s: a page carries a word of its template as an attribute", p.URL())
	}
}

// Screenshot writes the whole page into build/screens/<name>-<width>.png.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	Eval[bool](p, "document.fonts.ready.then(() => true)")
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Fatal(err)
	}
	p.Write(filepath.Join("build", "screens", fmt.Sprintf("%s-%d.png", name, p.width)), png)
}

// Picture writes what a window of this height shows, and no more, into a file below the project's folder.
func (p *Page) Picture(file string, height int) {
	p.t.Helper()
	p.do(chromedp.EmulateViewport(int64(p.width), int64(height)))
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	Eval[bool](p, "document.fonts.ready.then(() => true)")
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	p.Write(filepath.FromSlash(file), png)
}

// Region is a picture (WebP) of the part of the page that the elements of css take, with a margin around it, and its size in
// CSS pixels. What matches marks is framed in it.
func (p *Page) Region(css string, marks ...string) (webp []byte, width, height int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	Eval[bool](p, "document.fonts.ready.then(() => true)")
	list, err := json.Marshal(append([]string{}, marks...))
	if err != nil {
		p.t.Fatal(err)
	}
	box := Eval[[]float64](p, fmt.Sprintf(`(() => {
		document.activeElement?.blur();
		%s.flatMap(m => [...document.querySelectorAll(m)]).forEach(e => { e.style.outline = "3px solid #a8233c"; e.style.outlineOffset = "3px"; });
		const all = [...document.querySelectorAll(%q)].map(e => e.getBoundingClientRect());
		const left = Math.min(...all.map(r => r.left)), top = Math.min(...all.map(r => r.top)) + scrollY;
		return [left, top, Math.max(...all.map(r => r.right)) - left, Math.max(...all.map(r => r.bottom)) + scrollY - top].map(Math.round);
	})()`, list, css))
	const margin = 12
	quality, yes := int64(80), true
	clip := page.Viewport{X: max(0, box[0]-margin), Y: max(0, box[1]-margin), Width: box[2] + 2*margin, Height: box[3] + 2*margin, Scale: 1}
	var shot chromedp.Action[[]byte] = func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		r, err := cdp.Call(ctx, t, page.CaptureScreenshot, page.CaptureScreenshotParams{
			Format: page.CaptureScreenshotFormatWebp, Quality: &quality, Clip: &clip, CaptureBeyondViewport: &yes,
		})
		return r.Data, err
	}
	webp, err = chromedp.Run(ctx, shot)
	if err != nil {
		p.t.Fatalf("a picture of %s: %v", css, err)
	}
	return webp, int(clip.Width), int(clip.Height)
}

// Write writes a file below the project's folder.
func (p *Page) Write(file string, b []byte) {
	p.t.Helper()
	path := filepath.Join(root(p.t), file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// axeRun runs the rules of WCAG 2.0 to 2.2, levels A and AA, and the best practices.
const axeRun = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r =>
	r.violations.flatMap(v => v.nodes.map(n => v.id + " (" + v.impact + ") " + n.target + ": " + (n.failureSummary || v.help).replace(/\s+/g, " "))))`

// Axe fails the test for each fault that axe-core finds on the page as it stands.
func (p *Page) Axe() {
	p.t.Helper()
	file := filepath.Join(root(p.t), "web", "node_modules", "axe-core", "axe.min.js")
	source, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatalf("axe-core is not there (run scripts/assets.sh): %v", err)
	}
	Eval[bool](p, "typeof axe === 'object' || ("+"() => {"+string(source)+"; return true})()")
	for _, fault := range Eval[[]string](p, axeRun) {
		p.t.Errorf("%s at %d px: %s", p.URL(), p.width, fault)
	}
}

// NoHorizontalScroll fails the test where the page is wider than its window, and names what sticks out (WCAG 1.4.10).
func (p *Page) NoHorizontalScroll() {
	p.t.Helper()
	out := Eval[[]string](p, `(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > width + 1)
			.map(e => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + "." + e.className).slice(0, 5).concat("the page");
	})()`)
	if len(out) > 0 {
		p.t.Errorf("%s is wider than %d px: %s", p.URL(), p.width, strings.Join(out, ", "))
	}
}
