package browser

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Page is a tab of its own. Its methods end the test where something does not work.
type Page struct {
	t     testing.TB
	ctx   context.Context
	base  string
	width int

	mu       sync.Mutex
	problems []string
}

// Open opens a tab for the server at base (http://127.0.0.1:…), 1280 pixels wide. It closes with the test.
func (b *Browser) Open(t testing.TB, base string) *Page {
	t.Helper()
	if b == nil && testing.Short() {
		t.Skip("in a browser: not among the quick tests")
	}
	tab, closeTab := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil { // opens the tab, which lives as long as this context
		t.Fatal(err)
	}
	p := &Page{t: t, ctx: tab, base: strings.TrimSuffix(base, "/")}
	p.do(
		command(network.Enable, network.EnableParams{}),
		command(log.Enable, cdp.Empty{}),
		command(runtime.Enable, cdp.Empty{}),
	)
	if err := chromedp.Listen(tab, p.listen); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.assertQuiet)
	p.Width(1280)
	return p
}

// In makes a part of the test (t.Run) the one that the page's methods end where something does not work, until it is over.
func (p *Page) In(t testing.TB) {
	whole := p.t
	p.t = t
	t.Cleanup(func() { p.t = whole })
}

func command[P, R any](c cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

// listen notes what no page may do.
func (p *Page) listen(ev any) {
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || (u.Hostname() != "127.0.0.1" && u.Scheme != "about") {
			p.note("a request left this machine: %s", e.Request.URL)
		}
	case *network.EventResponseReceived:
		switch e.Type {
		case network.ResourceTypeStylesheet, network.ResourceTypeScript, network.ResourceTypeFont, network.ResourceTypeImage:
			if e.Response.Status >= 400 {
				p.note("%s: %d", e.Response.URL, e.Response.Status)
			}
		}
	case *runtime.EventExceptionThrown:
		p.note("a script failed: %s", e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		// Answers with an error status are logged too; whether they are right is the test's business.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			p.note("the browser complains: %s", e.Entry.Text)
		}
	}
}

func (p *Page) note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

func (p *Page) assertQuiet() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.problems {
		p.t.Error(s)
	}
}

func (p *Page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// Eval evaluates JavaScript on the page, and waits where it gives a promise.
func Eval[T any](p *Page, js string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluating %.80s: %v", js, err)
	}
	return v
}

// Go opens a path and waits until it has loaded.
func (p *Page) Go(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
}

// URL is the path and query of the page.
func (p *Page) URL() string {
	p.t.Helper()
	return Eval[string](p, "location.pathname + location.search")
}

// Width makes the window so wide, in CSS pixels.
func (p *Page) Width(px int) {
	p.t.Helper()
	p.width = px
	p.do(chromedp.EmulateViewport(int64(px), 900))
}

// NoJavaScript turns scripts off, for pages opened from now on.
func (p *Page) NoJavaScript() {
	p.t.Helper()
	p.do(command(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
}

// ready scrolls to the first element that matches and waits until the page has loaded and the element keeps its place: a
// page that still scrolls smoothly, or that a late font shifts, would take the press elsewhere. An element that never
// comes is for whoever presses to report.
func (p *Page) ready(css string) {
	p.t.Helper()
	place := fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		if (!e || document.readyState !== "complete") return "";
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getBoundingClientRect();
		return [r.left, r.top, r.width, r.height].join();
	})()`, css)
	before := ""
	for deadline := time.Now().Add(timeout); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		now := Eval[string](p, place)
		if now != "" && now == before {
			return
		}
		before = now
	}
}

// Click presses the first element that matches, and does not wait for what follows.
func (p *Page) Click(css string) {
	p.t.Helper()
	p.ready(css)
	p.do(chromedp.Click(chromedp.CSS(css)))
}

// Follow presses a link or button that leads to a page, waits until that has loaded and gives its HTTP status.
func (p *Page) Follow(css string) int {
	p.t.Helper()
	p.ready(css)
	ctx, cancel := context.WithTimeout(p.ctx, timeout)
	defer cancel()
	r, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(css)))
	if err != nil {
		p.t.Fatalf("following %s: %v", css, err)
	}
	return int(r.Status)
}

// Type puts text into a field, in place of what it held.
func (p *Page) Type(css, text string) {
	p.t.Helper()
	p.do(chromedp.Clear(chromedp.CSS(css)), chromedp.SendKeys(chromedp.CSS(css), text))
}

// Choose selects an option by its value.
func (p *Page) Choose(css, value string) {
	p.t.Helper()
	p.do(chromedp.SetValue(chromedp.CSS(css), value))
	Eval[bool](p, fmt.Sprintf("document.querySelector(%q).dispatchEvent(new Event('change', {bubbles: true}))", css))
}

// Press presses keys one after the other, wherever the focus is; package kb of chromedp names those without a character. It
// waits until the page has loaded: before that, its scripts do not hear them.
func (p *Page) Press(key string) {
	p.t.Helper()
	p.WaitFor(`document.readyState === "complete"`)
	for _, r := range key {
		down := *kb.Encode(r)[0]
		up := down
		if unicode.IsPrint(r) || r == '\r' {
			down.Text = string(r) // the character is typed, Enter presses, unless the page takes the key for itself
		}
		up.Type = input.DispatchKeyEventTypeKeyUp
		down.Type = input.DispatchKeyEventTypeKeyDown
		p.do(command(input.DispatchKeyEvent, down), command(input.DispatchKeyEvent, up))
	}
}

// Text is what people read in the first element that matches.
func (p *Page) Text(css string) string {
	p.t.Helper()
	if n := p.Count(css); n == 0 {
		p.t.Fatalf("%s: there is no %s", p.URL(), css)
	}
	return Eval[string](p, fmt.Sprintf("document.querySelector(%q).innerText.trim()", css))
}

// Count is how many elements match.
func (p *Page) Count(css string) int {
	p.t.Helper()
	return Eval[int](p, fmt.Sprintf("document.querySelectorAll(%q).length", css))
}

// WaitFor waits until a JavaScript condition holds.
func (p *Page) WaitFor(js string) {
	p.t.Helper()
	// The page's Content-Security-Policy does not let chromedp.Poll wait inside it.
	for deadline := time.Now().Add(timeout); !Eval[bool](p, "!!("+js+")"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.t.Fatalf("%s: waited %s for %s", p.URL(), timeout, js)
		}
	}
}

// WaitText waits until the first element that matches holds a text.
func (p *Page) WaitText(css, text string) {
	p.t.Helper()
	p.WaitFor(fmt.Sprintf("document.querySelector(%q)?.innerText.includes(%q)", css, text))
}
