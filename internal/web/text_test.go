package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rinnova/internal/web"
)

// TestOnlyTextReachesPages holds that pages get text from paths, queries and forms, and nothing else.
func TestOnlyTextReachesPages(t *testing.T) {
	app := &web.App{Log: slog.New(slog.DiscardHandler), Clock: time.Now, Shell: func(*http.Request) web.Shell { return web.Shell{} }}
	m := web.NewMux(app)
	echo := func(w http.ResponseWriter, r *http.Request) error {
		value := r.URL.Query().Get("q")
		if r.Method == http.MethodPost {
			if err := web.ParseForm(r); err != nil {
				return err
			}
			value = r.PostForm.Get("q")
		}
		_, err := io.WriteString(w, r.PathValue("x")+"|"+value)
		return err
	}
	m.Handle("GET /a/{x}", echo)
	m.Handle("POST /a/{x}", echo)
	h := app.Handler(m)
	for _, c := range []struct{ path, value, want string }{
		{"è", "perch%C3%A9+no", "è|perché no"},
		{"x", "a%09b%0D%0Ac", "x|a\tb\r\nc"},
		{"x", "a%00b%01%1B%7F%C2%85", "x|a b"},
		{"x", "%E2%80%8B%C2%A0IC+%C2%AD++1%E2%80%8F", "x|IC 1"}, // zero width, no-break space, soft hyphen, right to left
		{"x", "%C2%A0%0D%0A++a%09+b%0D%0A%E2%80%8B", "x|a\t b"},
		{"x", "a%FF%FE%C3%28", "x|a\ufffd("},
		{"x", "%F0%9F%8E%92", "x|🎒"},
		{"a%00b", "", "404"},
		{"a%FF", "", "404"},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			target, body := "/a/"+c.path+"?q="+c.value, ""
			if method == http.MethodPost {
				target, body = "/a/"+c.path, "q="+c.value
			}
			r := httptest.NewRequest(method, target, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := w.Body.String()
			if w.Code == http.StatusNotFound {
				got = "404"
			}
			if got != c.want {
				t.Errorf("%s %s: %q, want %q", method, target, got, c.want)
			}
		}
	}
}

func TestSearched(t *testing.T) {
	for typed, want := range map[string]string{
		"  I.C. Verga ": "I.C. Verga", "a\nb\x00c": "a b c", "a\xffb": "a\ufffdb", "\u200b\u00a0a  b": "a b", "": "", strings.Repeat("è", 120): strings.Repeat("è", web.MaxSearched),
	} {
		if got := web.Searched(typed); got != want {
			t.Errorf("%q is looked for as %q, want %q", typed, got, want)
		}
	}
}
