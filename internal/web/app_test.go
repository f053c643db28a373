package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/web/webtest"
)

// testApp is an App at base, with its log in a buffer.
func testApp(t *testing.T, base string) (*App, *bytes.Buffer) {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	return &App{
		Log:     slog.New(slog.NewTextHandler(log, nil)),
		Clock:   func() time.Time { return now },
		BaseURL: u,
		Shell:   func(*http.Request) Shell { return Shell{Brand: Brand{Name: "Esempio"}} },
		Login:   "/accesso",
		Access:  true,
	}, log
}

func text(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	})
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	return do(h, httptest.NewRequest(http.MethodGet, path, nil), header...)
}

func post(h http.Handler, path, form string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(h, r, header...)
}

func do(h http.Handler, r *http.Request, header ...string) *httptest.ResponseRecorder {
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if r.Host == "example.com" { // httptest's own
		r.Host = "portale.example"
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestErrorsBecomePages(t *testing.T) {
	app, log := testApp(t, "http://portale.example")
	m := NewMux(app)
	var fail error
	m.Handle("GET /prova", func(http.ResponseWriter, *http.Request) error { return fail })
	m.Handle("GET /panico", func(http.ResponseWriter, *http.Request) error { panic("segreto nel panico") })
	m.Handle("POST /modulo", func(w http.ResponseWriter, r *http.Request) error { return ParseForm(r) })
	h := app.Handler(m)
	for _, c := range []struct {
		name   string
		err    error
		path   string
		status int
		want   string
		not    string
	}{
		{"unknown", errors.New("segreto del database"), "/prova", 500, "È un problema nostro", "segreto"},
		{"internal with a sentence", rinnova.Fail(rinnova.Internal, "segreto"), "/prova", 500, "È un problema nostro", "segreto"},
		{"wrapped", errors.Join(errors.New("segreto"), rinnova.Fail(rinnova.Conflict, "La richiesta è già elaborata.")), "/prova", 409, "La richiesta è già elaborata.", "segreto"},
		{"not found", rinnova.Fail(rinnova.NotFound, "Il contratto non c’è."), "/prova", 404, "Il contratto non c’è.", "codice:"},
		{"forbidden", rinnova.Fail(rinnova.Forbidden, "Solo per il firmatario."), "/prova", 403, "Solo per il firmatario.", "codice:"},
		{"too many", rinnova.Fail(rinnova.TooMany, "Troppe prove."), "/prova", 429, "Troppe prove.", "codice:"},
		{"unavailable", rinnova.Fail(rinnova.Unavailable, "Il disco è pieno.").Because(errors.New("segreto")), "/prova", 503, "Il disco è pieno.", "segreto"},
		{"no route", nil, "/altrove", 404, "Pagina non trovata", "codice:"},
		{"method", nil, "/modulo", 405, "Questa pagina non si apre così", "codice:"},
		{"panic", nil, "/panico", 500, "È un problema nostro", "segreto"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fail = c.err
			log.Reset()
			w := get(h, c.path)
			if w.Code != c.status {
				t.Fatalf("status %d, want %d", w.Code, c.status)
			}
			body := w.Body.String()
			if !strings.Contains(body, c.want) || strings.Contains(body, c.not) {
				t.Errorf("body: want %q, not %q:\n%s", c.want, c.not, body)
			}
			if c.status >= 500 {
				assertReference(t, body, log.String())
			}
		})
	}
	if allow := get(h, "/modulo").Header().Get("Allow"); allow != "POST" {
		t.Errorf("Allow = %q", allow)
	}
}

// assertReference checks that the code on the page is in the log, so that the vendor finds what a school reads out.
func assertReference(t *testing.T, body, log string) {
	t.Helper()
	_, after, ok := strings.Cut(body, `class="rn-code">`)
	if !ok || len(after) < 8 {
		t.Fatalf("no reference on the page:\n%s", body)
	}
	if id := after[:8]; strings.Count(log, "id="+id) < 2 {
		t.Errorf("reference %s is not in the log with its error and its request:\n%s", id, log)
	}
}

func TestScriptsGetAMessageForTheirPlace(t *testing.T) {
	app, _ := testApp(t, "http://portale.example")
	m := NewMux(app)
	m.Handle("GET /rotto", func(http.ResponseWriter, *http.Request) error { return rinnova.Fail(rinnova.Conflict, "È cambiata.") })
	m.Handle("GET /fuori", func(http.ResponseWriter, *http.Request) error {
		return rinnova.Fail(rinnova.Unauthenticated, "Entrate.")
	})
	h := app.Handler(m)
	w := get(h, "/rotto", "HX-Request", "true")
	if w.Code != 409 || w.Header().Get("HX-Retarget") != "#avvisi" || strings.Contains(w.Body.String(), "<html") {
		t.Errorf("%d %v\n%s", w.Code, w.Header(), w.Body)
	}
	if w := get(h, "/fuori", "HX-Request", "true"); w.Header().Get("HX-Redirect") != "/accesso" {
		t.Errorf("HX-Redirect = %q", w.Header().Get("HX-Redirect"))
	}
	if w := get(h, "/fuori?a=1&b=2"); w.Code != 303 || w.Header().Get("Location") != "/accesso?torna=%2Ffuori%3Fa%3D1%26b%3D2" {
		t.Errorf("%d %q", w.Code, w.Header().Get("Location"))
	}
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct{ base, hsts string }{{"http://localhost:8080", ""}, {"https://portale.example", "max-age=31536000"}} {
		app, _ := testApp(t, c.base)
		h := app.Handler(NewMux(app))
		for _, path := range []string{"/", "/assets/none.css", "/lingua"} {
			w := get(h, path).Header()
			for name, want := range map[string]string{
				"Content-Security-Policy":   "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
				"X-Content-Type-Options":    "nosniff",
				"Referrer-Policy":           "same-origin",
				"Cache-Control":             "no-store",
				"Strict-Transport-Security": c.hsts,
			} {
				if path == "/assets/none.css" && name == "Cache-Control" {
					continue // http.Error takes it off
				}
				if got := w.Get(name); got != want {
					t.Errorf("%s %s: %s = %q, want %q", c.base, path, name, got, want)
				}
			}
		}
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	app, _ := testApp(t, "https://portale.example")
	m := NewMux(app)
	m.Handle("POST /conferma", func(w http.ResponseWriter, r *http.Request) error { return Render(w, r, 200, text("fatto")) })
	h := app.Handler(m)
	for _, c := range []struct {
		header []string
		status int
	}{
		{[]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{[]string{"Sec-Fetch-Site", "same-site"}, 403},
		{[]string{"Origin", "https://altrove.example"}, 403},
		{[]string{"Origin", "null"}, 403},
		{[]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{[]string{"Origin", "https://portale.example"}, 200}, // a proxy may have changed Host
		{nil, 200}, // no browser
	} {
		if w := post(h, "/conferma", "", c.header...); w.Code != c.status {
			t.Errorf("%v: %d, want %d", c.header, w.Code, c.status)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	app, _ := testApp(t, "http://portale.example")
	m := NewMux(app)
	h := func(w http.ResponseWriter, r *http.Request) error {
		if err := ParseForm(r); err != nil {
			return err
		}
		return Render(w, r, 200, text("preso"))
	}
	m.Handle("POST /piccolo", h)
	m.Limit(1<<20).Handle("POST /grande", h)
	all := app.Handler(m)
	big := "a=" + strings.Repeat("x", DefaultBody)
	if w := post(all, "/piccolo", big); w.Code != 413 || !strings.Contains(w.Body.String(), "Troppi dati in una volta") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := post(all, "/grande", big); w.Code != 200 {
		t.Errorf("with a larger limit: %d", w.Code)
	}
	if w := post(all, "/piccolo", "a=%zz"); w.Code != 422 {
		t.Errorf("a broken form: %d", w.Code)
	}
}

func TestGuardsStandInOrder(t *testing.T) {
	app, _ := testApp(t, "http://portale.example")
	var order []string
	guard := func(name string) Guard {
		return func(next Handler) Handler {
			return func(w http.ResponseWriter, r *http.Request) error {
				order = append(order, name)
				return next(w, r)
			}
		}
	}
	m := NewMux(app)
	office := m.With(guard("a"), guard("b"))
	office.With(guard("c")).Handle("GET /x", func(w http.ResponseWriter, r *http.Request) error { return nil })
	office.With(guard("d")).Handle("GET /y", func(w http.ResponseWriter, r *http.Request) error { return nil })
	m.Handle("GET /z", func(w http.ResponseWriter, r *http.Request) error { return nil })
	h := app.Handler(m)
	for path, want := range map[string]string{"/x": "abc", "/y": "abd", "/z": ""} {
		order = nil
		get(h, path)
		if got := strings.Join(order, ""); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got := strings.Join(m.Patterns(), ","); got != "POST /lingua,GET /x,GET /y,GET /z" {
		t.Errorf("patterns: %s", got)
	}
}

func TestLanguage(t *testing.T) {
	app, _ := testApp(t, "https://portale.example")
	m := NewMux(app)
	m.Handle("GET /pagina", func(w http.ResponseWriter, r *http.Request) error {
		return Render(w, r, 200, text(string(LangOf(r.Context()))))
	})
	h := app.Handler(m)
	w := post(h, "/lingua", "lingua=en&torna=%2Fpagina%3Fn%3D1")
	if w.Code != 303 || w.Header().Get("Location") != "/pagina?n=1" {
		t.Fatalf("%d %q", w.Code, w.Header().Get("Location"))
	}
	c := w.Result().Cookies()[0]
	if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie: %+v", c)
	}
	for header, want := range map[string]string{"": "it", c.Name + "=" + c.Value: "en", "lingua=it": "it", "lingua=xx": "it"} {
		if got := get(h, "/pagina", "Cookie", header, "Accept-Language", "en").Body.String(); got != want {
			t.Errorf("cookie %q: %s, want %s", header, got, want)
		}
	}
}

func TestLocalPath(t *testing.T) {
	for in, want := range map[string]string{
		"/rinnovo?x=1#a": "/rinnovo?x=1#a", "/": "/", "": "/", "rinnovo": "/", "//altrove.example": "/", `/\altrove.example`: "/",
		`\\altrove.example`: "/", "https://altrove.example/": "/", "javascript:alert(1)": "/", "/\t/altrove.example": "/",
		"/a\r\nSet-Cookie: x": "/", "/%zz": "/",
	} {
		if got := LocalPath(in); got != want {
			t.Errorf("LocalPath(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/a", "//a", `/\a`, "/a?b#c", "/\x00"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://portale.example/qui")
	f.Fuzz(func(t *testing.T, s string) {
		u, err := base.Parse(LocalPath(s))
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme {
			t.Errorf("LocalPath(%q) leads to %v (%v)", s, u, err)
		}
	})
}

// brokenStore can read sessions but not keep them.
type brokenStore struct{ *webtest.Sessions }

func (brokenStore) CommitCtx(context.Context, string, []byte, time.Time) error {
	return errors.New("segreto: disk full")
}

func TestSessions(t *testing.T) {
	for _, c := range []struct {
		base, cookie string
		secure       bool
	}{{"http://portale.example", "rinnova", false}, {"https://portale.example", "__Host-rinnova", true}} {
		app, _ := testApp(t, c.base)
		app.Sessions = NewSessions(new(webtest.Sessions), time.Hour, c.secure)
		h := app.Handler(sessionRoutes(app))
		if got := get(h, "/leggi").Result().Cookies(); len(got) != 0 {
			t.Errorf("a visitor got a cookie: %v", got)
		}
		w := post(h, "/scrivi", "")
		cookies := w.Result().Cookies()
		if len(cookies) != 1 || cookies[0].Name != c.cookie {
			t.Fatalf("cookies: %v", cookies)
		}
		k := cookies[0]
		if k.Secure != c.secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || !k.Expires.IsZero() {
			t.Errorf("cookie: %+v", k)
		}
		if got := w.Header()["Cache-Control"]; len(got) != 1 || got[0] != "no-store" {
			t.Errorf("Cache-Control: %v", got)
		}
		header := k.Name + "=" + k.Value
		if got := get(h, "/leggi", "Cookie", header).Body.String(); got != "Bozza salvata." {
			t.Errorf("flash: %q", got)
		}
		if got := get(h, "/leggi", "Cookie", header).Body.String(); got != "" {
			t.Errorf("flash twice: %q", got)
		}
	}
}

func sessionRoutes(app *App) *Mux {
	m := NewMux(app)
	m.Handle("POST /scrivi", func(w http.ResponseWriter, r *http.Request) error {
		app.Sessions.Flash(r.Context(), "Bozza salvata.")
		return Redirect(w, r, "/leggi")
	})
	m.Handle("GET /leggi", func(w http.ResponseWriter, r *http.Request) error {
		return Render(w, r, 200, text(app.Sessions.TakeFlash(r.Context())))
	})
	return m
}

// A session that has ended while a request with it was under way is not brought back by what that request writes.
func TestASessionThatHasEndedStaysOver(t *testing.T) {
	app, _ := testApp(t, "http://portale.example")
	app.Login = "/accesso"
	store := new(webtest.Sessions)
	app.Sessions = NewSessions(store, time.Hour, false)
	m := sessionRoutes(app)
	m.Handle("GET /piano", func(w http.ResponseWriter, r *http.Request) error {
		*store = webtest.Sessions{} // meanwhile somebody leaves
		app.Sessions.Flash(r.Context(), "Bozza salvata.")
		return PDF(w, "x.pdf", false, []byte("segreto"))
	})
	h := app.Handler(m)
	k := post(h, "/scrivi", "").Result().Cookies()[0]
	w := get(h, "/piano", "Cookie", k.Name+"="+k.Value)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/accesso" || len(w.Result().Cookies()) != 0 || w.Body.Len() > 0 || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if got := get(h, "/leggi", "Cookie", k.Name+"="+k.Value).Body.String(); got != "" {
		t.Errorf("the session lives: %q", got)
	}
}

func TestSessionThatCannotBeKeptIsAnErrorPage(t *testing.T) {
	app, _ := testApp(t, "http://portale.example")
	app.Sessions = NewSessions(brokenStore{new(webtest.Sessions)}, time.Hour, false)
	w := post(app.Handler(sessionRoutes(app)), "/scrivi", "")
	if w.Code != 503 || w.Header().Get("Location") != "" || len(w.Result().Cookies()) != 0 {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if !strings.Contains(w.Body.String(), "Riprovate tra qualche minuto") || strings.Contains(w.Body.String(), "segreto") {
		t.Errorf("body: %s", w.Body)
	}
}

func TestErrorPagesKnowTheSessionWhereThereIsOne(t *testing.T) {
	app, _ := testApp(t, "http://portale.example")
	store := &unreadableStore{Sessions: new(webtest.Sessions)}
	app.Sessions = NewSessions(store, time.Hour, false)
	app.Shell = func(r *http.Request) Shell {
		return Shell{User: &User{Name: "IC «G. Verga» " + app.Sessions.GetString(r.Context(), "nome")}}
	}
	m := sessionRoutes(app)
	m.Handle("GET /panico", func(http.ResponseWriter, *http.Request) error { panic("segreto") })
	m.Handle("GET /tardi", func(w http.ResponseWriter, r *http.Request) error {
		w.WriteHeader(http.StatusOK)
		panic("dopo l’inizio")
	})
	h := app.Handler(m)
	if w := get(h, "/panico"); w.Code != 500 || !strings.Contains(w.Body.String(), "IC «G. Verga»") || strings.Contains(w.Body.String(), "segreto") {
		t.Errorf("panic: %d %s", w.Code, w.Body)
	}
	store.broken = true // now the frame itself panics: there is no session to ask
	if w := get(h, "/leggi", "Cookie", "rinnova=x"); w.Code != 503 || !strings.Contains(w.Body.String(), "Riprovate tra qualche minuto") {
		t.Errorf("unreadable session: %d %s", w.Code, w.Body)
	}
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("an answer that broke off ends with %v, want http.ErrAbortHandler", p)
		}
	}()
	get(h, "/tardi")
}

// unreadableStore can be broken.
type unreadableStore struct {
	*webtest.Sessions
	broken bool
}

func (s *unreadableStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	if s.broken {
		return nil, false, errors.New("segreto: no database")
	}
	return s.Sessions.FindCtx(ctx, token)
}

func TestLogLeavesTheQueryOut(t *testing.T) {
	app, log := testApp(t, "http://portale.example")
	m := NewMux(app)
	m.Handle("GET /nuova-password", func(w http.ResponseWriter, r *http.Request) error { return Render(w, r, 200, text("ok")) })
	get(app.Handler(m), "/nuova-password?token=segreto")
	if s := log.String(); strings.Contains(s, "segreto") || !strings.Contains(s, "path=/nuova-password") || !strings.Contains(s, "status=200") {
		t.Errorf("log: %s", s)
	}
}

func TestSessionsHoldStringsOnly(t *testing.T) {
	deadline := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	b, err := codec{}.Encode(deadline, map[string]any{"account": "uno", "flash": "«È»\x00"})
	if err != nil {
		t.Fatal(err)
	}
	until, values, err := codec{}.Decode(b)
	if err != nil || !until.Equal(deadline) || len(values) != 2 || values["account"] != "uno" || values["flash"] != "«È»\x00" {
		t.Errorf("came back as %v, %v, %v", until, values, err)
	}
	if _, err := (codec{}).Encode(deadline, map[string]any{"n": 1}); err == nil {
		t.Error("a number was stored")
	}
	if _, _, err := (codec{}).Decode([]byte("{")); err == nil {
		t.Error("half a session was read")
	}
}
