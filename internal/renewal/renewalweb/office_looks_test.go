package renewalweb_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// Each thing that there is to look at shows, where it alone is true, on the card of the request, in the work list with its filter and its
// number, before a bulk run, and before the request is processed by itself.
func TestEachLookShowsInAllPlaces(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := confirmed(t, w)
		d.calm(t, "at the beginning")
		for code, statements := range renewaltest.LooksBySQL {
			for _, s := range statements {
				d.exec(t, s.Make)
			}
			d.looked(t, code)
			for _, s := range slices.Backward(statements) {
				d.exec(t, s.Undo)
			}
			d.calm(t, "after "+code)
		}
	})
}

// What a confirmation carries shows in the same places, whatever it is.
func TestEachWarningShowsInAllPlaces(t *testing.T) {
	d := confirmed(t, renewaltest.New(t))
	rev, err := d.Requests.Revision(t.Context(), d.A.Request, 1)
	if err != nil {
		t.Fatal(err)
	}
	d.exec(t, `DELETE FROM event WHERE kind = 'request.confirmed' AND about_id = $1`)
	if err := d.Events.Record(t.Context(), event.Event{At: d.Now, Kind: event.Confirmed, AboutID: d.A.Request, // one that does not say the hash of what is written below
		Data: map[string]string{"conferma": "1", "totale": rev.Totals.Total.String()}}); err != nil {
		t.Fatal(err)
	}
	for _, code := range renewal.LookCodes() {
		if _, arisen := renewaltest.LooksBySQL[code]; arisen || code == renewal.SharedCIG || code == renewal.OldCIG {
			continue // computed: shown by the tests of each
		}
		d.exec(t, `UPDATE request SET warnings = '`+code+`' WHERE id = $1`)
		d.exec(t, `UPDATE revision SET body = replace(body, '"Warnings":null', '"Warnings":[{"Field":"numero","Code":"`+code+`","Text":{"format":"Da guardare."}}]') WHERE request_id = $1`)
		d.looked(t, code)
		d.exec(t, `UPDATE request SET warnings = '' WHERE id = $1`)
		d.exec(t, `UPDATE revision SET body = replace(body, '"Warnings":[{"Field":"numero","Code":"`+code+`","Text":{"format":"Da guardare."}}]', '"Warnings":null') WHERE request_id = $1`)
	}
}

func (d *desk) exec(t *testing.T, statement string) {
	t.Helper()
	if _, err := d.DB.Writer(t.Context()).ExecContext(t.Context(), statement, d.A.Request); err != nil {
		t.Fatal(err)
	}
}

// calm wants nothing to look at anywhere.
func (d *desk) calm(t *testing.T, when string) {
	t.Helper()
	if got := d.get(page(d.A)).text("#controlli"); got != "Controlli: tutto a posto" {
		t.Errorf("%s the card says %q", when, got)
	}
	if got := d.get("/ufficio/richieste?vista=nuove").text("main"); !strings.Contains(got, "nessun avviso") {
		t.Errorf("%s the list says %q", when, got)
	}
}

// looked wants one thing to look at, this, everywhere.
func (d *desk) looked(t *testing.T, code string) {
	t.Helper()
	label := renewal.LookLabel(code).String()
	if got := d.get(page(d.A)).text("#controlli"); got != "Controlli: 1 da guardare" {
		t.Errorf("%s: the card says %q", code, got)
	}
	list := d.get("/ufficio/richieste?vista=avvisi")
	if !strings.Contains(list.text("tbody"), label) || list.text(`.rn-views a[href*="avvisi"] .rn-count`) != "1" {
		t.Errorf("%s: the list with warnings says %q, its tab %q", code, list.text("tbody"), list.text(`.rn-views a[href*="avvisi"] .rn-count`))
	}
	if got := d.get("/ufficio/richieste?vista=nuove&avvisi=without").text("main"); !strings.Contains(got, "0 richieste") {
		t.Errorf("%s: the list without warnings says %q", code, got)
	}
	if got := d.get("/ufficio/richieste?vista=nuove").text("main"); !strings.Contains(got, "1 con avvisi") {
		t.Errorf("%s: the sum says %q", code, got)
	}
	if bulk := d.get("/ufficio/richieste/elabora?tutto=1&vista=nuove").text("main"); !strings.Contains(bulk, "Elabora la richiesta, che ha avvisi") || !strings.Contains(bulk, label) {
		t.Errorf("%s: before the run %q", code, bulk)
	}
	if one := d.do(http.MethodGet, page(d.A)+"/elabora", nil, "").text("main"); !strings.Contains(one, "con una cosa da guardare?") {
		t.Errorf("%s: before processing %q", code, one)
	}
}
