package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
	p.write(filepath.Join("build", "screens", fmt.Sprintf("%s-%d.png", name, p.width)), png)
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
	p.write(filepath.FromSlash(file), png)
}

func (p *Page) write(file string, png []byte) {
	p.t.Helper()
	path := filepath.Join(root(p.t), file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
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
