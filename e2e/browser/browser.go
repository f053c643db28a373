// Package browser lets tests use the pages as people do: in a real browser (Debian's Chromium), with pictures of what it
// shows and with the checks that each page must pass (accessibility, no sideways scrolling, nothing from elsewhere).
//
//	var chromium *browser.Browser
//
//	func TestMain(m *testing.M) { browser.Main(m, &chromium) }
//
//	func TestHome(t *testing.T) {
//		p := chromium.Open(t, server.URL)
//		p.Go("/")
//		p.Check("home") // pictures at 1280 and 320, axe, no sideways scrolling
//	}
//
// When a test ends, its page fails it for a request that left this machine, for a script's error, for a style, script,
// font or picture that did not load, and for anything that the Content-Security-Policy refused.
package browser

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Path is the browser that tests run in.
const Path = "/usr/bin/chromium"

// timeout is how long a page may take for whatever a test waits for; a loaded machine is slow.
const timeout = 20 * time.Second

// Browser is one running browser. Its pages share nothing: each has cookies of its own.
type Browser struct {
	ctx  context.Context
	stop []context.CancelFunc
}

// Main runs the tests of a package with one browser, started before them and stopped after. The quick subset (go test
// -short) has no browser: it leaves out the tests that open a page.
func Main(m *testing.M, b **Browser) {
	flag.Parse()
	if testing.Short() {
		os.Exit(m.Run())
	}
	os.Exit(func() int {
		started, err := Start()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer started.Stop()
		*b = started
		return m.Run()
	}())
}

// Start starts a browser with a fresh profile that can reach this machine only.
func Start() (*Browser, error) {
	if _, err := os.Stat(Path); err != nil {
		return nil, fmt.Errorf("these tests need a browser, Debian package chromium: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(Path),
		chromedp.NoSandbox, // containers have no user namespaces
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-proxy-server", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("lang", "it"),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(allocator)
	b := &Browser{ctx: ctx, stop: []context.CancelFunc{stopBrowser, stopAllocator}}
	if err := chromedp.Do(ctx); err != nil {
		b.Stop()
		return nil, fmt.Errorf("starting %s: %w", Path, err)
	}
	return b, nil
}

// Stop ends the browser and removes its profile.
func (b *Browser) Stop() {
	for _, f := range b.stop {
		f()
	}
}

// root is the folder of the project, where go.mod is.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
}
