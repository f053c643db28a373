package contractweb_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/web"
)

// desk is the office's pages about contracts on a small installation.
type desk struct {
	*renewaltest.World
	t       testing.TB
	handler http.Handler
}

func deskIn(t testing.TB, w *renewaltest.World) *desk {
	frame := func(*http.Request) web.Shell { return web.Shell{Office: true, Brand: web.Brand{Name: "Prova"}} }
	app := &web.App{Log: slog.New(slog.DiscardHandler), Clock: w.Clock, Shell: frame}
	m := web.NewMux(app)
	(&contractweb.Office{
		Runs: w.Runs, Progress: w.Lists, Contracts: w.Contracts, Lists: w.Lists, Clock: w.Clock, Shell: frame,
		Actor: func(context.Context) rinnova.Actor { return w.Clerk },
	}).Routes(m)
	return &desk{World: w, t: t, handler: app.Handler(m)}
}

func (d *desk) do(method, path string, form url.Values, headers ...string) (*httptest.ResponseRecorder, *goquery.Document) {
	d.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(d.t.Context(), method, path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		d.t.Fatal(err)
	}
	return w, doc
}

func (d *desk) get(path string, headers ...string) *goquery.Document {
	d.t.Helper()
	w, doc := d.do(http.MethodGet, path, nil, headers...)
	if w.Code != http.StatusOK {
		d.t.Fatalf("%s: status %d: %s", path, w.Code, text(doc.Find("main")))
	}
	return doc
}

// text is the text of a part of a page, with single spaces, also between elements.
func text(s *goquery.Selection) string {
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
	for _, n := range s.Nodes {
		walk(n)
	}
	return strings.Join(parts, " ")
}

// start begins a run of requests at the confirmations given and leads to its page.
func (d *desk) start(chosen ...contract.Chosen) string {
	d.t.Helper()
	w, doc := d.do(http.MethodPost, contractweb.ProcessPath, url.Values{contractweb.FieldChosen: {contractweb.JoinChosen(chosen)}})
	if w.Code != http.StatusSeeOther {
		d.t.Fatalf("status %d: %s", w.Code, text(doc.Find("main")))
	}
	return w.Header().Get("Location")
}

// confirm lets a school confirm with a CIG of its own.
func (d *desk) confirm(p renewaltest.Party, n int) contract.Chosen {
	d.t.Helper()
	o := renewaltest.Order()
	body := 0x920000 + n*7919
	o.CIG = fmt.Sprintf("B%06X%03X", body, (body+2)*211%4091)
	rev := d.Confirm(d.t, p, o, renewaltest.StartTicks()...)
	return contract.Chosen{RequestID: p.Request, Revision: rev.Number}
}

// numbers are the contracts' numbers in order.
func (d *desk) numbers() []string {
	d.t.Helper()
	rows, err := d.Lists.List(d.t.Context(), "", "", 1000, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		out = append(out, r.Number)
	}
	slices.Sort(out)
	return out
}

// One request without a tax code, one that the school confirmed again, one that was returned meanwhile: none stops the
// others, each says why, and the numbers have no gap.
func TestARunWithMixedOutcomes(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := deskIn(t, w)
		lacking := d.B.School
		lacking.TaxCode = ""
		if err := d.Schools.Update(t.Context(), lacking); err != nil {
			t.Fatal(err)
		}
		parties := []renewaltest.Party{d.A, d.B}
		for range 6 {
			parties = append(parties, d.Join(t))
		}
		var chosen []contract.Chosen
		for i, p := range parties {
			chosen = append(chosen, d.confirm(p, i))
		}
		d.confirm(parties[3], 20)
		if err := d.Renewals.Return(t.Context(), d.Other, parties[5].Request, 1, "Manca l’ordine."); err != nil {
			t.Fatal(err)
		}
		run := d.start(chosen...)
		waiting := d.get(run)
		if got := text(waiting.Find("main")); !strings.Contains(got, "0 di 8 richieste") || !strings.Contains(got, "In corso") {
			t.Errorf("before the work: %q", got)
		}
		if err := d.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		done := d.get(run)
		got := text(done.Find("main"))
		for _, want := range []string{"8 di 8 richieste", "Finita", "5 Elaborate", "2 Fermate", "1 Saltate", "0 In coda", "€ 12.850,00 imponibile elaborato",
			"dal 2026/000001 al 2026/000005", "Contratti firmati 5 di 5"} {
			if !strings.Contains(got, want) {
				t.Errorf("%q lacks %q", got, want)
			}
		}
		want := map[string]string{
			d.B.School.PortalCode:        "Fermata Manca il codice fiscale nell’anagrafe della scuola. Completate l’anagrafe: codice fiscale",
			parties[3].School.PortalCode: "Saltata Nel frattempo la scuola ha inviato la conferma n. 2: guardatela prima di procedere. Guardate la conferma n. 2",
			parties[5].School.PortalCode: "Fermata Con la richiesta nello stato «Da correggere» questa azione non è possibile. Aspettate la nuova conferma della scuola",
		}
		rows := done.Find("[aria-labelledby=sistemare] tbody tr")
		if rows.Length() != len(want) {
			t.Errorf("%d troubles, want %d", rows.Length(), len(want))
		}
		rows.Each(func(_ int, row *goquery.Selection) {
			code := row.Find("td").First().Text()
			if cells := text(row.Find("td:not(:nth-child(2))")); cells != want[code] {
				t.Errorf("%s: %q, want %q", code, cells, want[code])
			}
		})
		if got := d.numbers(); !slices.Equal(got, []string{"2026/000001", "2026/000002", "2026/000003", "2026/000004", "2026/000005"}) {
			t.Errorf("numbers %v", got)
		}
		d.putRight(run)
	})
}

// putRight completes the school that lacked its tax code: the page of the run knows, and its request can be tried again.
func (d *desk) putRight(run string) {
	d.t.Helper()
	s := d.B.School
	s.TaxCode = "91002300886"
	if err := d.Schools.Update(d.t.Context(), s); err != nil {
		d.t.Fatal(err)
	}
	again := d.get(run)
	if got := text(again.Find("[aria-labelledby=sistemare]")); !strings.Contains(got, "Guardate i controlli ed elaboratela di nuovo") {
		d.t.Errorf("put right: %q", got)
	}
	value := again.Find("[aria-labelledby=sistemare] input[name="+contractweb.FieldChosen+"]").AttrOr("value", "")
	chosen, err := contractweb.ParseChosen([]string{value})
	if err != nil || len(chosen) != 1 || chosen[0].RequestID != d.B.Request {
		d.t.Fatalf("to try again: %v, error %v", chosen, err)
	}
	rows, err := d.Requests.Rows(d.t.Context(), []string{d.B.Request}) // as the page before a run shows it
	if err != nil {
		d.t.Fatal(err)
	}
	chosen[0].Looks = rows[0].Looks
	d.start(chosen...)
	if err := d.Queue.Drain(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	c, err := d.Lists.ByRequest(d.t.Context(), d.B.Request)
	if err != nil || c == nil {
		d.t.Fatalf("contract %v, error %v", c, err)
	}
	if c.Document.School.TaxCode != s.TaxCode {
		d.t.Errorf("the contract names the tax code %q, want the one that was completed", c.Document.School.TaxCode)
	}
	if got := text(d.get(contractweb.RunsPath).Find("tbody")); !strings.Contains(got, "n. 2 Rinnovo 2027 Finita") || !strings.Contains(got, "n. 1 Rinnovo 2027 Finita") || !strings.Contains(got, "8 5 2 1") {
		d.t.Errorf("list of runs: %q", got)
	}
}

// A script gets the part that moves; it asks again while something can still change.
func TestThePageOfARunPolls(t *testing.T) {
	d := deskIn(t, renewaltest.New(t))
	run := d.start(d.confirm(d.A, 0))
	part := d.get(run, "HX-Request", "true")
	if part.Find("header, h1").Length() != 1 || part.Find("#lavorazione [hx-get='"+run+"'][hx-trigger='every 2s']").Length() != 1 {
		html, _ := part.Html()
		t.Errorf("the part: %.300s", html)
	}
	if !strings.Contains(text(d.get(run).Find("noscript")), `href="`+run+`"`) {
		t.Error("no way on without JavaScript")
	}
	if err := d.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Contracts.MailSent(t.Context(), d.contractOf(d.A).ID); err != nil {
		t.Fatal(err)
	}
	done := d.get(run)
	if done.Find("[hx-get]").Length() != 0 {
		t.Error("a run whose contracts have all been sent still polls")
	}
	if got := text(done.Find("#lavorazione [role=status]")); got != "Lavorazione finita: 1 elaborate, 0 da sistemare." {
		t.Errorf("read out: %q", got)
	}
}

func (d *desk) contractOf(p renewaltest.Party) *contract.Contract {
	d.t.Helper()
	c, err := d.Lists.ByRequest(d.t.Context(), p.Request)
	if err != nil || c == nil {
		d.t.Fatalf("contract %v, error %v", c, err)
	}
	return c
}

func TestAContractThatWasNotDelivered(t *testing.T) {
	d := deskIn(t, renewaltest.New(t))
	run := d.start(d.confirm(d.A, 0))
	if err := d.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Contracts.MailFailed(t.Context(), d.contractOf(d.A).ID); err != nil {
		t.Fatal(err)
	}
	href := d.get(run).Find("[aria-labelledby=dopo] a").AttrOr("href", "")
	if rows := d.get(href).Find("tbody tr"); rows.Length() != 1 || !strings.Contains(text(rows), "2026/000001") {
		t.Errorf("%s leads to %d contracts", href, rows.Length())
	}
}

func TestStartingARunOfNonsense(t *testing.T) {
	d := deskIn(t, renewaltest.New(t))
	good := d.confirm(d.A, 0)
	unknown := contract.Chosen{RequestID: rinnova.NewID(d.Now), Revision: 1}
	for _, v := range []string{"", "x", ":", good.RequestID, good.RequestID + ":0", good.RequestID + ":x", "x:1", contractweb.JoinChosen([]contract.Chosen{unknown}),
		contractweb.JoinChosen([]contract.Chosen{good, unknown})} {
		if w, _ := d.do(http.MethodPost, contractweb.ProcessPath, url.Values{contractweb.FieldChosen: {v}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%.50q: status %d", v, w.Code)
		}
	}
	if runs, err := d.Lists.Runs(t.Context(), 10); err != nil || len(runs) != 0 {
		t.Errorf("%d runs, error %v", len(runs), err)
	}
	if d.Request(t, d.A).State != renewal.Submitted {
		t.Error("something was processed")
	}
}

func TestTheListOfContracts(t *testing.T) {
	d := deskIn(t, renewaltest.New(t))
	if got := text(d.get(contractweb.OfficePath).Find("main")); !strings.Contains(got, "Ancora nessun contratto") {
		t.Errorf("empty: %q", got)
	}
	var chosen []contract.Chosen
	for i, p := range append([]renewaltest.Party{d.A}, d.Join(t), d.Join(t)) {
		chosen = append(chosen, d.confirm(p, i))
	}
	d.start(chosen...)
	if err := d.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := d.Contracts.MailSent(t.Context(), d.contractOf(d.A).ID); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"": "3 contratti imponibile € 7.710,00", "?stato=signed": "2 contratti imponibile € 5.140,00", "?stato=sent": "1 contratto imponibile € 2.570,00",
		"?cerca=verga": "1 contratto imponibile € 2.570,00", "?cerca=2026/000002": "1 contratto imponibile € 2.570,00", "?cerca=nobody": "0 contratti imponibile € 0,00",
		"?stato=nonsense": "3 contratti imponibile € 7.710,00",
	} {
		doc := d.get(contractweb.OfficePath + query)
		if got := text(doc.Find("section > .rn-title")); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
		if n := doc.Find("tbody tr").Length(); !strings.HasPrefix(want, fmt.Sprint(n, " contratt")) {
			t.Errorf("%s: %d rows, want %q", query, n, want)
		}
	}
	doc := d.get(contractweb.OfficePath)
	if got := text(doc.Find(".rn-views")); got != "Tutti 3 Firmato 2 Inviato 1" {
		t.Errorf("tabs %q", got)
	}
	href := doc.Find("tbody td a[href$='.pdf']").First().AttrOr("href", "")
	w, _ := d.do(http.MethodGet, href, nil)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "%PDF") || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("%s: status %d, %v", href, w.Code, w.Header())
	}
	if w, _ := d.do(http.MethodGet, strings.Replace(href, "contratto-", "altro-", 1), nil); w.Code != http.StatusNotFound {
		t.Errorf("a contract under another name: status %d", w.Code)
	}
}
