package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestHosts(t *testing.T) {
	const outside, here = "203.0.113.7:4000", "127.0.0.1:4000"
	for _, c := range []struct {
		base, host, remote string
		want               int
	}{
		{"https://portale.example", "portale.example", outside, 200},
		{"https://portale.example", "PORTALE.example.:443", outside, 200},
		{"https://portale.example", "rinnovi.example", outside, 200}, // another name that was set
		{"https://portale.example", "rinnovi.example:8443", outside, 200},
		{"https://portale.example", "evil.example", outside, 421},
		{"https://portale.example", "portale.example.evil.example", outside, 421},
		{"https://portale.example", "", outside, 421},
		{"https://portale.example", "203.0.113.1", outside, 421},
		{"https://portale.example", "evil.example", here, 421},
		{"https://portale.example", "localhost:8080", here, 200},
		{"https://portale.example", "127.0.0.1:8080", here, 200},
		{"https://portale.example", "[::1]:8080", "[::1]:4000", 200},
		{"https://portale.example", "localhost", outside, 421}, // only who sits there says so
		{"http://127.0.0.1:8080", "127.0.0.1:8080", here, 200},
		{"http://127.0.0.1:8080", "evil.example:8080", here, 421}, // whose name leads to the reader's own machine
	} {
		app, _ := testApp(t, c.base)
		app.Hosts = []string{"rinnovi.example"}
		m := NewMux(app)
		page := func(w http.ResponseWriter, r *http.Request) error { return Render(w, r, 200, text("pagina")) }
		m.Handle("GET /prova", page)
		m.Handle("POST /prova", page)
		m.Handle("GET "+HealthPath, page)
		for _, path := range []string{"/prova", HealthPath} {
			want := c.want
			if path == HealthPath {
				want = 200
			}
			r := &http.Request{Method: "GET", URL: &url.URL{Path: path}, Header: http.Header{}, Host: c.host, RemoteAddr: c.remote, RequestURI: path}
			w := httptest.NewRecorder()
			app.Handler(m).ServeHTTP(w, r.WithContext(t.Context()))
			if w.Code != want {
				t.Errorf("%s called as %q from %s, %s: %d, want %d", c.base, c.host, c.remote, path, w.Code, want)
			}
			if w.Code == 421 && (!strings.Contains(w.Body.String(), c.base) || strings.Contains(w.Body.String(), "pagina") || w.Header().Get("Location") != "") {
				t.Errorf("%s called as %q: %v %s", c.base, c.host, w.Header(), w.Body)
			}
		}
	}
}

// A proxy of ours on the same machine is not who sits there.
func TestAProxyIsNotWhoSitsAtTheMachine(t *testing.T) {
	app, _ := testApp(t, "https://portale.example")
	app.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	m := NewMux(app)
	m.Handle("GET /prova", func(w http.ResponseWriter, r *http.Request) error { return Render(w, r, 200, text("pagina")) })
	for client, want := range map[string]int{"198.51.100.9": 421, "": 200} {
		r := httptest.NewRequest(http.MethodGet, "/prova", nil)
		r.Host, r.RemoteAddr = "localhost", "127.0.0.1:4000"
		if client != "" {
			r.Header.Set("X-Forwarded-For", client)
		}
		w := httptest.NewRecorder()
		if app.Handler(m).ServeHTTP(w, r); w.Code != want {
			t.Errorf("called localhost by %q: %d, want %d", client, w.Code, want)
		}
	}
}
