package web

import (
	"net/http"
	"slices"

	"rinnova"
)

// Mux is the table of routes. Its patterns are those of net/http ("GET /scuole/{id}").
type Mux struct {
	table  *table
	guards []Guard
	body   int64
}

// table is what a Mux and those made from it by With and Limit share.
type table struct {
	app      *App
	mux      *http.ServeMux
	patterns []string
}

// NewMux makes a table whose errors become pages of app. It already has the route of the language button.
func NewMux(app *App) *Mux {
	m := &Mux{table: &table{app: app, mux: http.NewServeMux()}, body: DefaultBody}
	m.Handle("POST "+LanguageForm, app.chooseLanguage)
	return m
}

// With makes a part of the table whose routes stand behind guards; the first guard is the outermost.
func (m *Mux) With(guards ...Guard) *Mux {
	return &Mux{table: m.table, guards: append(slices.Clip(m.guards), guards...), body: m.body}
}

// Limit makes a part of the table whose routes take bodies of up to n bytes, for uploads.
func (m *Mux) Limit(n int64) *Mux {
	return &Mux{table: m.table, guards: m.guards, body: n}
}

// Handle adds a route. It panics where two routes collide, as http.ServeMux does.
func (m *Mux) Handle(pattern string, h Handler) {
	for _, g := range slices.Backward(m.guards) {
		h = g(h)
	}
	body, app := m.body, m.table.app
	m.table.patterns = append(m.table.patterns, pattern)
	m.table.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		requestOf(r.Context()).route = r.Pattern
		r.Body = http.MaxBytesReader(w, r.Body, body)
		if !isText(r.URL.Path) {
			app.Fail(w, r, nothingHere())
			return
		}
		cleanQuery(r)
		if err := h(w, r); err != nil {
			app.Fail(w, r, err)
		}
	})
}

// Patterns lists all routes, in the order in which they were added; a test holds each to its row in the table of rights.
func (m *Mux) Patterns() []string { return slices.Clone(m.table.patterns) }

// ServeHTTP answers a request by the route that matches, or with the page for none.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, pattern := m.table.mux.Handler(r)
	if pattern != "" {
		m.table.mux.ServeHTTP(w, r)
		return
	}
	// net/http knows whether another method would have matched: it then answers 405 and names them in Allow.
	probe := &headerOnly{header: http.Header{}}
	h.ServeHTTP(probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		m.table.app.showError(w, r, http.StatusMethodNotAllowed, rinnova.Text{})
		return
	}
	m.table.app.Fail(w, r, nothingHere())
}

func nothingHere() error {
	return rinnova.Fail(rinnova.NotFound, "A questo indirizzo non c’è nulla. Controllate di averlo scritto per intero.")
}

type headerOnly struct {
	header http.Header
	status int
}

func (w *headerOnly) Header() http.Header         { return w.header }
func (w *headerOnly) WriteHeader(status int)      { w.status = status }
func (w *headerOnly) Write(b []byte) (int, error) { return len(b), nil }
