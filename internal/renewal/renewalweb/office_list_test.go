package renewalweb_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// busy is a desk with requests in many states. It returns the schools by what became of them.
func busy(t testing.TB, w *renewaltest.World) (*desk, map[string]renewaltest.Party) {
	d := deskIn(t, w)
	schools := map[string]renewaltest.Party{"untouched": d.A, "draft": d.B}
	if err := d.Renewals.ChooseBand(t.Context(), d.B.Actor, d.B.Request, 3); err != nil {
		t.Fatal(err)
	}
	odd, none := renewaltest.Order(), renewaltest.Order()
	odd.CIG, odd.Acknowledged = renewaltest.OddCIG, []string{"cig.check:" + renewaltest.OddCIG}
	none.CIG, none.Exclusion, none.Reason = "", "ES07", "Affidamento a una società in house"
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	take := func(p renewaltest.Party, clerk rinnova.Actor) {
		t.Helper()
		must(d.Renewals.TakeInCharge(t.Context(), clerk, p.Request, d.Request(t, p).Revision, ""))
	}
	// number tells the orders apart, so that their CIG is the one thing that may warn.
	confirm := func(name string, o renewal.OrderForm, ticks ...string) renewaltest.Party {
		t.Helper()
		p := d.Join(t)
		schools[name] = p
		if o.CIG == renewaltest.GoodCIG {
			o.CIG, o.Exclusion, o.Reason = "", "", ""
			o.CIG = freshCIG(len(schools))
		}
		d.Confirm(t, p, o, ticks...)
		return p
	}
	start := renewaltest.StartTicks()
	confirm("new", renewaltest.Order(), start...)
	confirm("fewer", renewaltest.Order(), start[:4]...)
	confirm("odd", odd, start...)
	take(confirm("mine", renewaltest.Order(), start...), d.Clerk)
	take(confirm("mine, without CIG", none, start...), d.Clerk)
	take(confirm("other's", renewaltest.Order(), start...), d.Other)
	again := confirm("reconfirmed", renewaltest.Order(), start...)
	take(again, d.Clerk)
	o := renewaltest.Order()
	o.CIG = freshCIG(40)
	d.Confirm(t, again, o, start[1:]...)
	back := confirm("returned", renewaltest.Order(), start...)
	must(d.Renewals.Return(t.Context(), d.Clerk, back.Request, 1, "Manca l’ordine."))
	d.Process(t, confirm("processed", renewaltest.Order(), start...))
	return d, schools
}

// freshCIG makes valid codes, one for each order.
func freshCIG(n int) string {
	body := 0x910000 + n*7919
	return fmt.Sprintf("B%06X%03X", body, (body+2)*211%4091)
}

// listed reads the ids of a work list over all its pages, and the sum of its amounts.
func (d *desk) listed(query string) (ids []string, cents rinnova.Cents, first answer) {
	d.t.Helper()
	path := "/ufficio/richieste?" + query
	for path != "" {
		a := d.get(path)
		if first.Document == nil {
			first = a
		}
		a.Find("[data-row]").Each(func(_ int, row *goquery.Selection) {
			href := row.Find("[data-open]").AttrOr("href", "")
			id, _, _ := strings.Cut(strings.TrimPrefix(href, "/ufficio/richieste/"), "?")
			ids = append(ids, id)
			n, err := strconv.ParseInt(row.AttrOr("data-cents", ""), 10, 64)
			if err != nil {
				d.t.Errorf("%s: data-cents: %v", path, err)
			}
			cents += rinnova.Cents(n)
		})
		path = a.Find("a[rel=next]").AttrOr("href", "")
	}
	return ids, cents, first
}

func TestEachViewHoldsWhatItsTabCounts(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d, schools := busy(t, w)
		for _, c := range []struct {
			query string
			want  []string
		}{
			{"", []string{"new", "fewer", "odd", "reconfirmed"}},
			{"vista=mie", []string{"mine", "mine, without CIG", "reconfirmed"}},
			{"vista=avvisi", []string{"odd", "mine, without CIG", "reconfirmed"}},
			{"vista=riconfermate", []string{"reconfirmed"}},
			{"vista=pronte", []string{"new", "fewer", "mine", "mine, without CIG", "other's"}},
			{"vista=correggere", []string{"returned"}},
			{"vista=elaborate", []string{"processed"}},
			{"vista=senza-risposta", []string{"untouched", "draft"}},
			{"vista=tutte", keys(schools)},
			{"vista=tutte&stato=submitted", []string{"new", "fewer", "odd", "reconfirmed"}},
			{"vista=nuove&stato=processed", []string{"processed"}}, // a state that the view lacks leads to all of that state
			{"vista=tutte&avvisi=with", []string{"odd", "mine, without CIG", "reconfirmed"}},
			{"vista=pronte&avvisi=without", []string{"new", "fewer", "mine", "other's"}},
			{"vista=tutte&fascia=3", []string{"draft"}},
			{"vista=tutte&provincia=XX", nil},
			{"vista=tutte&carico=" + url.QueryEscape(d.Other.AccountID), []string{"other's"}},
			{"vista=pronte&carico=-", []string{"new", "fewer"}},
			{"vista=tutte&cerca=verga", []string{"untouched"}},
			{"vista=tutte&cerca=" + schools["new"].School.PortalCode, []string{"new"}},
			{"vista=tutte&cerca=" + renewaltest.OddCIG, []string{"odd"}},
			{"vista=tutte&cerca=" + strings.ToLower(d.Request(t, schools["fewer"]).Number), []string{"fewer"}},
			{"vista=senza-risposta&stato=draft", []string{"draft"}},
		} {
			ids, cents, first := d.listed(c.query)
			var want []string
			for _, name := range c.want {
				want = append(want, schools[name].Request)
			}
			slices.Sort(ids)
			slices.Sort(want)
			if !slices.Equal(ids, want) {
				t.Errorf("%s: %d requests, want %v", c.query, len(ids), c.want)
			}
			d.holdSums(c.query, first, len(ids), cents)
			d.holdExport(c.query, len(ids))
		}
	})
}

// holdSums holds the line of sums, and the tab of an unfiltered view, against the rows.
func (d *desk) holdSums(query string, a answer, rows int, cents rinnova.Cents) {
	d.t.Helper()
	line := a.text(".rn-undertabs > .rn-title")
	count := "1 richiesta"
	if rows != 1 {
		count = locale.Count(rows) + " richieste"
	}
	if !strings.Contains(line, count) {
		d.t.Errorf("%s: %q lacks %q", query, line, count)
	}
	amount := amountOf(cents)
	if !strings.Contains(line, "proposto") && !strings.Contains(line, "imponibile "+amount) {
		d.t.Errorf("%s: %q lacks %q", query, line, amount)
	}
	tab := a.text(".rn-views a[aria-current] .rn-count")
	if !strings.Contains(query, "&") && tab != "" && tab != locale.Count(rows) {
		d.t.Errorf("%s: the tab counts %s, the list has %d", query, tab, rows)
	}
}

// holdExport holds the file against the rows.
func (d *desk) holdExport(query string, rows int) {
	d.t.Helper()
	a := d.get("/ufficio/richieste.csv?" + query)
	body, found := strings.CutPrefix(a.Body, "\uFEFF")
	r := csv.NewReader(strings.NewReader(body))
	r.Comma = ';'
	table, err := r.ReadAll()
	if err != nil || !found || len(table) != rows+1 {
		d.t.Errorf("%s: the file has %d rows, want %d; byte order mark %v, error %v", query, len(table)-1, rows, found, err)
	}
}

func keys(m map[string]renewaltest.Party) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

func TestColumnsThatSort(t *testing.T) {
	d, schools := busy(t, renewaltest.New(t))
	for _, c := range []struct {
		sort, sorted, head string
		less               func(a, b renewal.Row) bool
	}{
		{"", "descending", "Ricevuta", func(a, b renewal.Row) bool { return a.ConfirmedAt.After(b.ConfirmedAt) }},
		{"oldest", "ascending", "Ricevuta", func(a, b renewal.Row) bool { return a.ConfirmedAt.Before(b.ConfirmedAt) }},
		{"school", "ascending", "Scuola", func(a, b renewal.Row) bool { return a.School < b.School }},
		{"school_desc", "descending", "Scuola", func(a, b renewal.Row) bool { return a.School > b.School }},
		{"amount", "ascending", "Imponibile €", func(a, b renewal.Row) bool { return a.Taxable < b.Taxable }},
		{"amount_desc", "descending", "Imponibile €", func(a, b renewal.Row) bool { return a.Taxable > b.Taxable }},
		{"delta", "ascending", "Sulla proposta €", func(a, b renewal.Row) bool { return a.Delta() < b.Delta() }},
		{"delta_desc", "descending", "Sulla proposta €", func(a, b renewal.Row) bool { return a.Delta() > b.Delta() }},
	} {
		ids, _, first := d.listed("vista=pronte&ordine=" + c.sort)
		rows, err := d.Requests.Rows(t.Context(), ids)
		if err != nil || len(rows) < 3 {
			t.Fatalf("%d rows, error %v", len(rows), err)
		}
		for i := 1; i < len(rows); i++ {
			if c.less(rows[i], rows[i-1]) {
				t.Errorf("%s: row %d stands before row %d", c.sort, i-1, i)
			}
		}
		th := first.Find("th[aria-sort]")
		if th.Length() != 1 || th.AttrOr("aria-sort", "") != c.sorted || !strings.HasPrefix(first.text("th[aria-sort]"), c.head) {
			t.Errorf("%s: head %q sorted %q", c.sort, first.text("th[aria-sort]"), th.AttrOr("aria-sort", ""))
		}
	}
	if d.Request(t, schools["fewer"]).Taxable >= d.Request(t, schools["new"]).Taxable {
		t.Error("the amounts do not differ: this test sorts nothing")
	}
}

func TestLongListsHavePages(t *testing.T) {
	d := newDesk(t)
	for range 51 {
		d.Join(t)
	}
	ids, _, first := d.listed("vista=senza-risposta")
	slices.Sort(ids)
	if len(ids) != 53 || len(slices.Compact(ids)) != 53 {
		t.Errorf("%d requests on all pages, want 53 different ones", len(ids))
	}
	if got := first.text(".rn-undertabs"); !strings.Contains(got, "Pagina 1 di 2") || !strings.Contains(got, "1–50 di 53") {
		t.Errorf("first page: %q", got)
	}
	if last := d.get("/ufficio/richieste?vista=senza-risposta&pagina=99"); last.Find("[data-row]").Length() != 3 {
		t.Error("a page beyond the last is not the last")
	}
}

// The next request of a view is the one below; one that has just left the view leads to what took its place.
func TestNeighboursInTheView(t *testing.T) {
	d, _ := busy(t, renewaltest.New(t))
	ids, _, first := d.listed("vista=pronte&ordine=school")
	at := 1
	here := d.get(first.Find("[data-open]").Eq(at).AttrOr("href", ""))
	leads := func(a answer, rel string) string {
		id, _, _ := strings.Cut(strings.TrimPrefix(a.Find("a[rel="+rel+"]").AttrOr("href", ""), "/ufficio/richieste/"), "?")
		return id
	}
	if leads(here, "prev") != ids[at-1] || leads(here, "next") != ids[at+1] || !strings.Contains(here.text("main"), fmt.Sprintf("2 di %d", len(ids))) {
		t.Errorf("second of %d: previous %s, next %s", len(ids), leads(here, "prev"), leads(here, "next"))
	}
	a := d.process(here)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("status %d: %s", a.Status, a.text("main"))
	}
	after := d.get(a.Header.Get("Location"))
	if leads(after, "next") != ids[at+1] || leads(after, "prev") != ids[at-1] {
		t.Errorf("after processing: previous %s, next %s; want %s, %s", leads(after, "prev"), leads(after, "next"), ids[at-1], ids[at+1])
	}
	note := after.Find(".rn-note.is-ok")
	next, back := note.Find("a[data-focus]"), note.Find("a.btn-link")
	if got := strings.TrimSpace(next.Text()); !strings.HasPrefix(got, "Successiva: ") || next.AttrOr("href", "") != after.Find("a[rel=next]").AttrOr("href", "x") {
		t.Errorf("the note leads to %q, %q", got, next.AttrOr("href", ""))
	}
	if href := back.AttrOr("href", ""); href != "/ufficio/richieste?ordine=school&vista=pronte" {
		t.Errorf("back to %q", href)
	}
	if again := d.get(next.AttrOr("href", "")); again.Find(".rn-note.is-ok").Length() != 0 || leads(again, "prev") != ids[at-1] {
		t.Error("the next request says that it was processed, or stands elsewhere in the list")
	}
}

// The last one of a view says so.
func TestAfterTheLastOfAView(t *testing.T) {
	d := confirmed(t, renewaltest.New(t))
	here := d.get(d.get("/ufficio/richieste").Find("[data-open]").AttrOr("href", ""))
	a := d.process(here)
	if got := d.get(a.Header.Get("Location")).text(".rn-note.is-ok"); got != "Elaborata: contratto n. 2026/000001 Era l’ultima di «Da prendere in carico». Torna a «Da prendere in carico»" {
		t.Errorf("status %d: %q", a.Status, got)
	}
}

// Below the last one there may be nothing while above it there is.
func TestAfterTheLowestOfAView(t *testing.T) {
	d, _ := busy(t, renewaltest.New(t))
	_, _, first := d.listed("vista=pronte")
	rows := first.Find("[data-open]")
	here := d.get(rows.Last().AttrOr("href", ""))
	a := d.process(here)
	want := fmt.Sprintf("Era in fondo a «Pronte da elaborare»: sopra ne restano %d.", rows.Length()-1)
	if got := d.get(a.Header.Get("Location")).text(".rn-note.is-ok"); !strings.Contains(got, want) {
		t.Errorf("status %d: %q, want %q", a.Status, got, want)
	}
}

// The file has the town in a column of its own, and no second time in the name.
func TestTheFileNamesTheTownOnce(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	a := d.get("/ufficio/richieste.csv?vista=tutte&cerca=verga")
	if !strings.Contains(a.Body, ";I.C. «G. Verga»;Ragusa;RG;") {
		t.Errorf("%q", a.Body)
	}
}

func TestExportDefusesFormulas(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()[:4]...)
	_, err := d.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE school SET short_name = '=HYPERLINK("http://x.example")', town = '+X' WHERE id = $1`, d.A.School.ID)
	if err != nil {
		t.Fatal(err)
	}
	a := d.get("/ufficio/richieste.csv?vista=tutte&cerca=verga")
	for _, want := range []string{`;"'=HYPERLINK(""http://x.example"")";'+ X;`, ";2570,00;1750,00;-820,00;"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("%q lacks %q", a.Body, want)
		}
	}
	if !strings.Contains(a.Header.Get("Content-Type"), "text/csv") || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("headers %v", a.Header)
	}
}

func TestAnEmptyViewSaysWhereElseToLook(t *testing.T) {
	d, _ := busy(t, renewaltest.New(t))
	a := d.get("/ufficio/richieste?cerca=verga")
	href := a.Find(".rn-empty a").AttrOr("href", "")
	if found := d.get(href); found.Find("[data-row]").Length() != 1 {
		t.Errorf("%s finds %d", href, found.Find("[data-row]").Length())
	}
}

// With several campaigns a clerk chooses; without a choice it is the open one of assistance.
func TestTheCampaignCanBeChosen(t *testing.T) {
	d := newDesk(t)
	if n := d.get("/ufficio/richieste").Find("select[name=campagna]").Length(); n != 0 {
		t.Error("a choice of one campaign")
	}
	old, err := d.Campaigns.Store.Campaign(t.Context(), renewaltest.CampaignID)
	if err != nil {
		t.Fatal(err)
	}
	services := old
	old.ID, old.Name, old.OpensOn, old.ClosesOn = "rinnovo-2026", "Rinnovo 2026", old.OpensOn.AddMonths(-12), old.ClosesOn.AddMonths(-12)
	services.ID, services.Name, services.Kind, services.OpensOn = "servizi-2027", "Servizi 2027", renewal.Services, services.OpensOn.AddDays(2)
	for _, c := range []campaign.Campaign{old, services} {
		if err := d.Campaigns.Store.Add(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]string{
		"vista=senza-risposta": "Rinnovo 2027", "vista=senza-risposta&campagna=rinnovo-2026": "Rinnovo 2026", "campagna=servizi-2027": "Servizi 2027",
		"campagna=unknown": "Rinnovo 2027",
	} {
		a := d.get("/ufficio/richieste?" + query)
		rows := 0
		if want == "Rinnovo 2027" && strings.Contains(query, "vista") {
			rows = 2
		}
		if got := a.text("select[name=campagna] option[selected]"); got != want || a.Find("[data-row]").Length() != rows {
			t.Errorf("%s: campaign %q with %d rows, want %q with %d", query, got, a.Find("[data-row]").Length(), want, rows)
		}
	}
}
