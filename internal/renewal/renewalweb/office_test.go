package renewalweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/outbox/outboxdb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/web"
	"rinnova/internal/web/webtest"
)

// desk is the office's pages on a small installation. A header says which of the clerks asks.
type desk struct {
	*renewaltest.World
	t       testing.TB
	handler http.Handler
}

const clerkHeader = "X-Test-Clerk"

func newDesk(t testing.TB) *desk { return deskIn(t, renewaltest.New(t)) }

func deskIn(t testing.TB, w *renewaltest.World) *desk {
	d := &desk{World: w, t: t}
	sessions := web.NewSessions(new(webtest.Sessions), time.Hour, false)
	frame := func(r *http.Request) web.Shell {
		return web.Shell{Office: true, Brand: web.Brand{Name: "Prova"}, Toast: sessions.TakeFlash(r.Context())}
	}
	app := &web.App{Log: slog.New(slog.DiscardHandler), Clock: w.Clock, Sessions: sessions, Shell: frame}
	actor := func(ctx context.Context) rinnova.Actor { a, _ := ctx.Value(actorKey{}).(rinnova.Actor); return a }
	m := web.NewMux(app)
	behind := m.With(d.enter)
	(&renewalweb.Office{
		Clerks: w.Renewals, Lists: w.Requests, Confirmations: w.Requests, Contracts: w.Lists, Vendors: w.Vendors, Actor: actor, Clock: w.Clock,
		Shell: frame, Flash: sessions.Flash, Campaigns: campaigndb.Store{DB: w.DB}, Prices: catalogdb.Store{DB: w.DB}, Processor: w.Contracts,
		Events: w.Events, Mails: outboxdb.Store{DB: w.DB}, Printer: renewaltest.Paper{}, Corrections: w.Schools,
	}).Routes(behind)
	(&contractweb.Office{Runs: w.Runs, Progress: w.Lists, Contracts: w.Contracts, Lists: w.Lists, Actor: actor, Clock: w.Clock, Shell: frame}).Routes(behind)
	d.handler = app.Handler(m)
	return d
}

func (d *desk) enter(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor := d.Clerk
		if r.Header.Get(clerkHeader) == "other" {
			actor = d.Other
		}
		return next(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, actor)))
	}
}

func (d *desk) do(method, path string, form url.Values, clerk string) answer {
	d.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set(clerkHeader, clerk)
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		d.t.Fatal(err)
	}
	return answer{Document: doc, Status: w.Code, Header: w.Header(), Body: w.Body.String()}
}

// get reads a page and ends the test where there is none.
func (d *desk) get(path string) answer {
	d.t.Helper()
	a := d.do(http.MethodGet, path, nil, "")
	if a.Status != http.StatusOK {
		d.t.Fatalf("%s: status %d: %s", path, a.Status, a.text("main"))
	}
	return a
}

func (d *desk) post(path string, form url.Values) answer {
	d.t.Helper()
	return d.do(http.MethodPost, path, form, "")
}

// page is the office's page of a school's request.
func page(p renewaltest.Party) string { return contractweb.RequestPath(p.Request) }

// press sends the form of a page whose action ends as given, with its hidden fields, as the clerk who read the page.
func (d *desk) press(from answer, action, clerk string, more ...string) answer {
	d.t.Helper()
	form, to := from.form(d.t, action)
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return d.do(http.MethodPost, to, form, clerk)
}

// process processes the request of a page, and says yes where it is asked about what there is to look at.
func (d *desk) process(from answer) answer {
	d.t.Helper()
	if ask := from.Find("a.btn-primary[href*='/elabora']"); ask.Length() > 0 {
		from = d.get(ask.AttrOr("href", ""))
	}
	return d.press(from, "/elabora", "")
}

// form finds a form by the end of its action's path.
func (a answer) form(t testing.TB, action string) (url.Values, string) {
	t.Helper()
	out, to := url.Values{}, ""
	a.Find("form").Each(func(_ int, f *goquery.Selection) {
		path, _, _ := strings.Cut(f.AttrOr("action", ""), "?")
		if to != "" || !strings.HasSuffix(path, action) {
			return
		}
		to = f.AttrOr("action", "")
		f.Find("input[name], textarea[name]").Each(func(_ int, x *goquery.Selection) {
			out.Add(x.AttrOr("name", ""), x.AttrOr("value", x.Text()))
		})
	})
	if to == "" {
		t.Fatalf("the page has no form %s: %s", action, a.text("main"))
	}
	return out, to
}

func (d *desk) state(p renewaltest.Party) renewal.State { return d.Request(d.t, p).State }

func TestTheOfficeBeginsAtTheWorkList(t *testing.T) {
	d := newDesk(t)
	a := d.do(http.MethodGet, "/ufficio", nil, "")
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/ufficio/richieste" {
		t.Errorf("status %d to %q", a.Status, a.Header.Get("Location"))
	}
	d.get("/ufficio/richieste")
}

func TestTheRequestShowsThreeColumnsThatAddUp(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	if err := d.Renewals.TakeInCharge(t.Context(), d.Clerk, d.A.Request, 1, ""); err != nil {
		t.Fatal(err)
	}
	order := renewaltest.Order()
	order.CIG = renewaltest.OtherCIG
	var ticks []string
	for _, id := range append(renewaltest.StartTicks(), renewaltest.Privacy) {
		if id != renewaltest.Libri {
			ticks = append(ticks, id)
		}
	}
	d.Confirm(t, d.A, order, ticks...)
	a := d.get(page(d.A))
	for selector, want := range map[string]string{
		"h1":                        "I.C. «G. Verga», Ragusa",
		"table:first-of-type thead": "Prodotto Periodo Proposta fascia 501–1000 Conferma 1 fascia 501–1000 Conferma 2 fascia 501–1000 Quota tetto Netto",
		"main .rn-note.is-warn":     "tolto Libri di testo, € 60,00",
	} {
		if got := a.text(selector); !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", selector, got, want)
		}
	}
	sums := a.text("tfoot")
	for _, want := range []string{
		"Somma inclusi 2.758,75 2.758,75 2.698,75", "Riduzione per il tetto −558,75 tetto 2.200,00 −558,75 tetto 2.200,00 −498,75 tetto 2.200,00", "Somma esclusi 370,00 370,00 490,00",
		"Imponibile 2.570,00 2.570,00 2.690,00 2.690,00", "IVA 22% 565,40 565,40 591,80", "Totale 3.135,40 3.135,40 3.281,80",
	} {
		if !strings.Contains(sums, want) {
			t.Errorf("sums %q lack %q", sums, want)
		}
	}
	if got := a.text("[aria-labelledby=controlli]"); !strings.Contains(got, "Ricalcolati: coincidono al centesimo") {
		t.Errorf("checks: %q", got)
	}
	if got := a.text("[aria-labelledby=ordine]"); !strings.Contains(got, "CIG "+renewaltest.GoodCIG+" "+renewaltest.OtherCIG+" cambiato") {
		t.Errorf("order: %q", got)
	}
	if got := a.text(".rn-actions .btn-primary"); got != "Elabora la conferma n. 2…" { // confirmed again after it was taken in charge: asked about first
		t.Errorf("the filled button says %q", got)
	}
	diffs := d.get(page(d.A) + "?differenze=1")
	if n := diffs.Find("[aria-labelledby=prodotti] tbody tr.rn-sel").Length(); n != 2 {
		t.Errorf("%d rows differ, want 2", n)
	}
}

// Each column is computed for its own band, and names it and its cap.
func TestEachColumnNamesItsBandAndCap(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	a := renewal.Answer{Draft: renewal.Draft{Band: 3, Ticks: renewaltest.StartTicks(), Order: renewaltest.Order()}, Accept: true, Seen: 1, Terms: "2027-01"}
	if _, problems, err := d.Renewals.Confirm(t.Context(), d.A.Actor, d.A.Request, a); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	got := d.get(page(d.A))
	if head := got.text("[aria-labelledby=prodotti] thead"); !strings.Contains(head, "Proposta fascia 501–1000 Conferma 1 fascia 501–1000 Conferma 2 fascia 1001–1500") {
		t.Errorf("head: %q", head)
	}
	if sums := got.text("tfoot"); !strings.Contains(sums, "−558,75 tetto 2.200,00 −558,75 tetto 2.200,00 −710,50 tetto 2.600,00") {
		t.Errorf("sums: %q", sums)
	}
}

func TestAmountsThatWereTamperedWithAreFound(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	_, err := d.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE revision SET body = replace(body, '"Taxable":257000', '"Taxable":257001')`)
	if err != nil {
		t.Fatal(err)
	}
	got := d.get(page(d.A)).text("[aria-labelledby=controlli]")
	if !strings.Contains(got, "Controlli: 1 da guardare") || !strings.Contains(got, "Non coincidono") {
		t.Errorf("checks: %q", got)
	}
	before := d.get("/ufficio/richieste/elabora?scelta=" + d.A.Request + ":1")
	before.want(t, 200, "Nessuna richiesta da elaborare", "Gli importi non coincidono con quelli confermati", d.A.School.ShortName)
	if before.Find(`form[action="/ufficio/elabora"]`).Length() != 0 {
		t.Error("it can be processed with others")
	}
}

func TestProcessingFromThePage(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	a := d.press(d.get(page(d.A)), "/elabora", "")
	if a.Status != http.StatusSeeOther || a.Header.Get("Location") != page(d.A) {
		t.Fatalf("status %d to %q: %s", a.Status, a.Header.Get("Location"), a.text("main"))
	}
	before := d.get(page(d.A))
	if got := before.text("[aria-labelledby=contratto]"); !strings.Contains(got, "Contratto n. 2026/000001 Numerato") || strings.Contains(got, "Scarica") {
		t.Errorf("before signing: %q", got)
	}
	if before.Find(`#contratto-stato [hx-get="`+page(d.A)+`"][hx-trigger="every 2s"]`).Length() != 1 {
		t.Error("the page does not ask again while the contract is being made")
	}
	moved := func(asks bool, want string) {
		t.Helper()
		a := answerOf(t, d, page(d.A))
		if a.Find("h1").Length() != 0 || a.Find("[hx-get]").Length() > 0 != asks || a.Find("hx-partial[hx-target='#storia']").Length() > 0 == asks || !strings.Contains(a.text("[role=status]"), want) {
			t.Errorf("asks again %v, want %q: %s", asks, want, a.Body)
		}
	}
	moved(true, "Il PDF è in preparazione")
	if err := d.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	moved(true, "in coda")
	c, err := d.Lists.ByRequest(t.Context(), d.A.Request)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Contracts.MailSent(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	moved(false, "Inviato a")
	after := d.get(page(d.A))
	href := after.Find("[aria-labelledby=contratto] a").AttrOr("href", "")
	file := d.get(href)
	if !strings.HasPrefix(file.Body, "%PDF") || file.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%s is no PDF", href)
	}
	if after.Find("form[action*=elabora], form[action*=prendi]").Length() != 0 {
		t.Error("a processed request still offers actions")
	}
	if got := after.text("[aria-labelledby=cronologia]"); !strings.Contains(got, "Elaborata la conferma n. 1") {
		t.Errorf("history: %q", got)
	}
}

// answerOf is what a page gives to the script that asks again.
func answerOf(t *testing.T, d *desk, path string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	r.Header.Set("HX-Request", "true")
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return answer{Document: doc, Status: w.Code, Header: w.Header(), Body: w.Body.String()}
}

func TestReminderOfTheOffice(t *testing.T) {
	d := newDesk(t)
	a := d.get(page(d.A) + "/promemoria.pdf")
	if !strings.HasPrefix(a.Body, "%PDF-1.7 promemoria") || a.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("got %.60q", a.Body)
	}
}
