package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// recorder is a test that notes its errors instead of failing, so that a test can see whether a page's faults are found.
type recorder struct {
	testing.TB
	errors  []string
	cleanup []func()
}

func (r *recorder) Error(args ...any)                 { r.errors = append(r.errors, fmt.Sprint(args...)) }
func (r *recorder) Errorf(format string, args ...any) { r.Error(fmt.Sprintf(format, args...)) }
func (r *recorder) Cleanup(f func())                  { r.cleanup = append(r.cleanup, f) }

func (r *recorder) end() {
	for i := len(r.cleanup) - 1; i >= 0; i-- {
		r.cleanup[i]()
	}
}

// TestFaultsAreFound holds the checks themselves: each page has one fault, and the checks must name it.
func TestFaultsAreFound(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"none":          {`<p>Tutto bene.</p>`, ""},
		"inline style":  {`<p style="color:red">Rosso</p>`, "Content Security Policy"},
		"inline script": {`<script>1</script>`, "Content Security Policy"},
		"other site":    {`<img alt="" src="http://other.example/x.png">`, "http://other.example/x.png"},
		"missing file":  {`<script src="/none.js"></script>`, "/none.js: 404"},
		"script error":  {`<script src="/broken.js"></script>`, "a script failed"},
		"no label":      {`<input name="x">`, "label"},
		"too wide":      {`<div class="wide">x</div><link rel="stylesheet" href="/wide.css">`, "wider than 320 px"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(faulty(c.body))
			defer s.Close()
			r := &recorder{TB: t}
			p := chromium.Open(r, s.URL)
			p.Width(320)
			p.Go("/")
			p.Axe()
			p.NoHorizontalScroll()
			r.end()
			all := strings.Join(r.errors, "\n")
			if c.want == "" && all != "" || !strings.Contains(all, c.want) {
				t.Errorf("want %q, found %q", c.want, all)
			}
		})
	}
}

func faulty(body string) http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		policy := "default-src 'none'; style-src 'self'; script-src 'self'; img-src *"
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="it"><head><title>Prova</title><link rel="icon" href="/icon.svg"></head><body><main><h1>Prova</h1>%s</main></body></html>`, body)
	})
	file := func(path, mime, text string) {
		m.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", mime)
			fmt.Fprint(w, text)
		})
	}
	file("/broken.js", "text/javascript", "throw new Error('rotto')")
	file("/wide.css", "text/css", ".wide { width: 500px }")
	file("/icon.svg", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	return m
}
