package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestAccessLog(t *testing.T) {
	app, log := testApp(t, "http://portale.example")
	m := NewMux(app)
	page := func(w http.ResponseWriter, r *http.Request) error {
		Identified(r.Context(), "conto-7")
		return Render(w, r, http.StatusOK, text("ciao"))
	}
	for _, p := range []string{"GET /prova", "GET /sollecito/basta/{token}", "GET /v/{code}", "GET /mail/{key}/html", "GET /scuole/{id}", "GET " + HealthPath} {
		m.Handle(p, page)
	}
	m.Handle("GET /guasto", func(http.ResponseWriter, *http.Request) error { panic("rotto") })
	h := app.Handler(m)
	for _, c := range []struct {
		path      string
		want, not []string
	}{
		{"/prova?token=segretissimo&x=1", []string{"level=INFO msg=request", "method=GET path=/prova ", "status=200 bytes=4 ms=0 ", "client=192.0.2.1 ", `agent="Mozilla/5.0 (prova)"`, "user=conto-7"}, []string{"segretissimo", "x=1"}},
		{"/sollecito/basta/segretissimo", []string{"path=/sollecito/basta/…", `route="GET /sollecito/basta/{token}"`}, []string{"segretissimo"}},
		{"/v/segretissimo", []string{"path=/v/…"}, []string{"segretissimo"}},
		{"/mail/segretissimo/html", []string{"path=/mail/…/html"}, []string{"segretissimo"}},
		{"/scuole/abc", []string{"path=/scuole/abc "}, nil},
		{"/altrove", []string{"level=INFO msg=request", "status=404"}, []string{"user="}},
		{"/" + strings.Repeat("à", 9000), []string{"status=404", "…"}, []string{strings.Repeat("à", 201)}},
		{"/guasto", []string{"level=WARN msg=request", "status=500"}, nil},
		{HealthPath, nil, []string{"msg=request"}},
	} {
		log.Reset()
		get(h, c.path, "User-Agent", "Mozilla/5.0 (prova)")
		line := log.String()
		for _, want := range c.want {
			if !strings.Contains(line, want) {
				t.Errorf("%.40s: no %q in\n%s", c.path, want, line)
			}
		}
		for _, not := range c.not {
			if strings.Contains(line, not) {
				t.Errorf("%.40s: %q in\n%s", c.path, not, line)
			}
		}
	}
	log.Reset()
	get(h, "/prova", "User-Agent", strings.Repeat("m", 5000)+"\n level=ERROR")
	if strings.Count(log.String(), "\n") != 1 || len(log.String()) > 600 {
		t.Errorf("a long agent: %d bytes\n%s", log.Len(), log.String())
	}
	app.Access = false
	log.Reset()
	get(h, "/prova")
	if log.Len() != 0 {
		t.Errorf("the access log is off and says %s", log)
	}
}
