package renewalweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/web"
	"rinnova/internal/web/webtest"
)

// site is the schools' pages on a small installation. Who asks is a header.
type site struct {
	*renewaltest.World
	t       testing.TB
	handler http.Handler
}

type actorKey struct{}

const actorHeader = "X-Test-School"

func newSite(t testing.TB) *site { return siteOn(t, renewaltest.New(t)) }

func siteOn(t testing.TB, w *renewaltest.World) *site {
	s := &site{World: w, t: t}
	sessions := web.NewSessions(new(webtest.Sessions), time.Hour, false)
	app := &web.App{Log: slog.New(slog.DiscardHandler), Clock: s.Clock, Sessions: sessions, Shell: shell}
	m := web.NewMux(app)
	pages := &renewalweb.School{
		Renewals: s.Renewals, Contracts: s.Lists, Terms: s.Terms, Printer: renewaltest.Paper{}, Sessions: sessions, Shell: shell,
		Actor: func(ctx context.Context) rinnova.Actor { a, _ := ctx.Value(actorKey{}).(rinnova.Actor); return a },
	}
	pages.Routes(m.With(s.enter))
	s.handler = app.Handler(m)
	return s
}

func shell(*http.Request) web.Shell { return web.Shell{Brand: web.Brand{Name: "Prova"}} }

// enter is the guard of the test.
func (s *site) enter(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor := s.A.Actor
		if r.Header.Get(actorHeader) == "B" {
			actor = s.B.Actor
		}
		return next(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, actor)))
	}
}

// answer is what the server sent.
type answer struct {
	*goquery.Document
	Status int
	Header http.Header
	Body   string
}

func (s *site) do(method, path string, form url.Values, headers ...string) answer {
	s.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		s.t.Fatal(err)
	}
	return answer{Document: doc, Status: w.Code, Header: w.Header(), Body: w.Body.String()}
}

func (s *site) get(path string, headers ...string) answer {
	return s.do(http.MethodGet, path, nil, headers...)
}

func (s *site) post(path string, form url.Values, headers ...string) answer {
	return s.do(http.MethodPost, path, form, headers...)
}

func (s *site) path() string { return renewalweb.RenewalPath(s.A.Request) }

// began is a site whose first school has chosen its band.
func began(t *testing.T) *site {
	t.Helper()
	return begin(t, newSite(t))
}

func begin(t *testing.T, s *site) *site {
	t.Helper()
	if a := s.post(s.path()+"/fascia", url.Values{"fascia": {"2"}}); a.Status != http.StatusSeeOther {
		t.Fatalf("band: status %d: %s", a.Status, a.text("main"))
	}
	return s
}

// value is what a field of the page holds.
func (a answer) value(name string) string {
	v, _ := a.Find(`[name="` + name + `"]:not([type=checkbox]):not(select)`).Attr("value")
	if o := a.Find(`select[name="` + name + `"] option[selected]`); o.Length() > 0 {
		v, _ = o.Attr("value")
	}
	return v
}

// message is what stands beside a field.
func (a answer) message(name string) string {
	box := a.Find(`[name="` + name + `"]`).First().Closest(".rn-field")
	if box.Length() == 0 {
		return ""
	}
	return answer{Document: goquery.NewDocumentFromNode(box.Get(0))}.text(".rn-msg")
}

// filled is a form that can be confirmed.
func filled() url.Values {
	return url.Values{
		"cig": {renewaltest.GoodCIG}, "numero": {"214/2026"}, "data": {"16/11/2026"}, "pagamento": {"30"}, "esclusione": {""}, "motivo": {""}, "cup": {""},
		"riga": renewaltest.StartTicks(), "accetta": {"1"}, "visto": {"0"}, "fascia_vista": {"2"}, "condizioni": {"2027-01"}, "azione": {"conferma"},
	}
}

func with(form url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// text is the text of the elements chosen, with single spaces between its parts.
func (a answer) text(selector string) string {
	var parts []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			parts = append(parts, strings.Fields(n.Data)...) // no-break spaces too
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range a.Find(selector).Nodes {
		walk(n)
	}
	return strings.Join(parts, " ")
}

// values is what the page's form would send.
func (a answer) values() url.Values {
	out := url.Values{}
	a.Find("#rinnovo input, #rinnovo select, #rinnovo textarea").Each(func(_ int, x *goquery.Selection) {
		name, _ := x.Attr("name")
		kind, _ := x.Attr("type")
		_, checked := x.Attr("checked")
		switch {
		case name == "" || (kind == "checkbox" || kind == "radio") && !checked:
		case goquery.NodeName(x) == "select":
			v, _ := x.Find("option[selected]").Attr("value")
			out.Add(name, v)
		case goquery.NodeName(x) == "textarea":
			out.Add(name, x.Text())
		default:
			v, _ := x.Attr("value")
			out.Add(name, v)
		}
	})
	return out
}

func (a answer) want(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("status %d, want %d: %s", a.Status, status, a.text("main"))
	}
	whole := a.text("body")
	for _, x := range texts {
		if !strings.Contains(whole, x) {
			t.Errorf("no %q in: %s", x, whole)
		}
	}
}

func (a answer) wantRedirect(t *testing.T, to string) {
	t.Helper()
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != to {
		t.Errorf("status %d to %q, want 303 to %q: %s", a.Status, a.Header.Get("Location"), to, a.text("main"))
	}
}

func TestFromProposalToReceipt(t *testing.T) {
	s := newSite(t)
	s.get("/area").want(t, 200, "Rinnovo 2027: la proposta è pronta", "entro il 15/12/2026", "€ 2.570,00 + IVA", "Comincia il rinnovo")
	s.get(s.path()).wantRedirect(t, s.path()+"/fascia")
	band := s.get(s.path() + "/fascia")
	band.want(t, 200, "riporta 887 alunni", "da 501 a 1000", "RGIC82700L")
	if v, _ := band.Find("input[name=fascia][checked]").Attr("value"); v != "2" {
		t.Errorf("band %q is chosen beforehand, want 2", v)
	}
	s.post(s.path()+"/fascia", url.Values{"fascia": {"2"}}).wantRedirect(t, s.path())

	form := s.get(s.path())
	form.want(t, 200, "Rinnovo 2027", "In compilazione", "Importo da fatturare € 2.570,00", "Totale € 3.135,40", "Sarà la conferma n. 1")
	if n := form.Find(".rn-msg").Length(); n != 0 {
		t.Errorf("%d messages on a form that nobody has touched: %s", n, form.text(".rn-msg"))
	}
	s.post(s.path(), filled()).wantRedirect(t, s.path()+"/conferma/1")
	s.get(s.path()+"/conferma/1").want(t, 200, "Conferma n. 1 ricevuta", "20/11/2026, ore 10:51", "rgic82700l@istruzione.example", "Totale € 3.135,40", "CIG B4A27C154F, ordine 214/2026 del 16/11/2026")
	s.get("/area").want(t, 200, "per la scuola è tutto fatto", "Inviata, conferma n. 1")

	second := with(s.get(s.path()).values(), "accetta", "1", "azione", "conferma")
	second["riga"] = append(slices.DeleteFunc(second["riga"], func(x string) bool { return x == renewaltest.Libri }), renewaltest.Privacy)
	s.post(s.path(), second).wantRedirect(t, s.path()+"/conferma/2")
	s.get(s.path()+"/conferma/2").want(t, 200, "Conferma n. 2 ricevuta", "Totale € 3.281,80", "Rispetto alla n. 1", "aggiunto Privacy Web, € 120,00", "tolto Libri di testo", "sostituisce la n. 1")
	s.get(s.path()+"/conferma/1").want(t, 200, "La conferma n. 1 non vale più", "L’ha sostituita la n. 2")
	s.get(s.path()+"/conferme").want(t, 200, "Conferma n. 1", "Conferma n. 2", "Rispetto alla n. 1")
}

func TestConfirmTwice(t *testing.T) {
	s := began(t)
	for range 3 { // a double click, and the page sent again
		s.post(s.path(), filled()).wantRedirect(t, s.path()+"/conferma/1")
	}
	if r := s.Request(t, s.A); r.Revision != 1 || r.State != renewal.Submitted {
		t.Errorf("confirmation %d, %s: want 1, submitted", r.Revision, r.State)
	}
	if len(s.Receipts) != 1 {
		t.Errorf("%d receipts, want 1", len(s.Receipts))
	}
}
