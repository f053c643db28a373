package renewalweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/school"
)

// confirmed is a desk with a request that waits for the office.
func confirmed(t *testing.T, w *renewaltest.World) *desk {
	d := deskIn(t, w)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	return d
}

// together lets two clerks send the same form at the same moment.
func (d *desk) together(from answer, action string) (won, lost answer) {
	d.t.Helper()
	var answers [2]answer
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i, clerk := range []string{"", "other"} {
		wg.Go(func() {
			<-start
			answers[i] = d.press(from, action, clerk)
		})
	}
	close(start)
	wg.Wait()
	switch {
	case answers[0].Status == http.StatusSeeOther && answers[1].Status == http.StatusConflict:
		return answers[0], answers[1]
	case answers[1].Status == http.StatusSeeOther && answers[0].Status == http.StatusConflict:
		return answers[1], answers[0]
	}
	d.t.Fatalf("statuses %d and %d, want one 303 and one 409", answers[0].Status, answers[1].Status)
	return answer{}, answer{}
}

func TestTwoClerksTakeAtOnce(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := confirmed(t, w)
		_, lost := d.together(d.get(page(d.A)), "/prendi")
		taken := d.Request(t, d.A).Taken
		if taken.Name != d.Clerk.Name && taken.Name != d.Other.Name {
			t.Fatalf("taken by %q", taken.Name)
		}
		got := lost.text("[role=alert].rn-note")
		for _, want := range []string{"Non è stata presa in carico", "Quando avete aperto la pagina Inviata, conferma n. 1, imponibile € 2.570,00",
			"Adesso Presa in carico, conferma n. 1, imponibile € 2.570,00, in carico a " + taken.Name} {
			if !strings.Contains(got, want) {
				t.Errorf("the second clerk reads %q, which lacks %q", got, want)
			}
		}
	})
}

func TestTwoClerksProcessAtOnce(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := confirmed(t, w)
		_, lost := d.together(d.get(page(d.A)), "/elabora")
		c, err := d.Lists.ByRequest(t.Context(), d.A.Request)
		if err != nil || c == nil || c.Number != "2026/000001" {
			t.Fatalf("contract %v, error %v", c, err)
		}
		got := lost.text("[role=alert].rn-note")
		for _, want := range []string{"Non è stata elaborata", "Quando avete aperto la pagina Inviata, conferma n. 1", "Adesso Elaborata, conferma n. 1", "contratto n. 2026/000001"} {
			if !strings.Contains(got, want) {
				t.Errorf("the second clerk reads %q, which lacks %q", got, want)
			}
		}
	})
}

// Whoever takes what another clerk looks at says so with another button.
func TestTakingOverFromAnotherClerk(t *testing.T) {
	d := confirmed(t, renewaltest.New(t))
	if a := d.press(d.get(page(d.A)), "/prendi", "other"); a.Status != http.StatusSeeOther {
		t.Fatalf("status %d", a.Status)
	}
	mine := d.get(page(d.A))
	if got := mine.text("form[action$=prendi] button"); got != "Prendi al posto di Operatore Due" {
		t.Errorf("the button says %q", got)
	}
	if a := d.press(mine, "/prendi", ""); a.Status != http.StatusSeeOther || d.Request(t, d.A).Taken.By != d.Clerk.AccountID {
		t.Errorf("status %d, taken by %q", a.Status, d.Request(t, d.A).Taken.Name)
	}
	if n := d.get(page(d.A)).Find("form[action$=prendi]").Length(); n != 0 {
		t.Error("what I have in charge offers to take it")
	}
}

// Where something is to be looked at, processing asks first, with what it is and what cannot be undone.
func TestProcessingWithDoubtsAsksFirst(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := deskIn(t, w)
		o := renewaltest.Order()
		o.CIG, o.Acknowledged = renewaltest.OddCIG, []string{"cig.check:" + renewaltest.OddCIG}
		d.Confirm(t, d.A, o, renewaltest.StartTicks()...)
		here := d.get(page(d.A))
		if here.Find("form[action*='/elabora']").Length() != 0 || here.Find("#non-si-annulla").Length() != 0 {
			t.Error("the page processes at one press")
		}
		asked := d.get(here.Find(".rn-actions a.btn-primary").AttrOr("href", ""))
		for _, want := range []string{"Elaborare la conferma n. 1 con una cosa da guardare?", "Gli ultimi tre caratteri non corrispondono", "La scuola l’ha visto e confermato",
			"il contratto riceve il numero, è firmato e parte per e-mail a " + d.A.School.Email, "€ 2.570,00"} {
			if !strings.Contains(asked.text("main"), want) {
				t.Errorf("the question lacks %q: %s", want, asked.text("main"))
			}
		}
		d.none(d.A)
		if a := d.press(asked, "/elabora", ""); a.Status != http.StatusSeeOther || d.state(d.A) != renewal.Processed {
			t.Errorf("status %d, request %s", a.Status, d.state(d.A))
		}
		if a := d.do(http.MethodGet, page(d.A)+"/elabora", nil, ""); a.Status != http.StatusConflict {
			t.Errorf("the question about a processed request: status %d", a.Status)
		}
	})
}

// What came up after the clerk opened a page is asked about, whichever page it was; with nothing to look at one press is enough.
func TestADoubtThatTheClerkHasNotSeen(t *testing.T) {
	d := confirmed(t, renewaltest.New(t))
	calm := d.get(page(d.A))
	if got := calm.text("#non-si-annulla"); !strings.Contains(got, "Poi non si torna indietro.") {
		t.Errorf("beside the button: %q", got)
	}
	same := renewaltest.Order()
	same.Acknowledged = []string{renewal.SharedCIG + ":" + same.CIG}
	d.Confirm(t, d.B, same, renewaltest.StartTicks()...)
	asked := d.press(calm, "/elabora", "")
	if asked.Status != http.StatusConflict || !strings.Contains(asked.text("[role=alert].rn-note"), "c’è una cosa in più da guardare") || !strings.Contains(asked.text("main"), d.B.School.ShortName) {
		t.Fatalf("status %d: %s", asked.Status, asked.text("main"))
	}
	d.none(d.A)
	third := d.Join(t)
	d.Confirm(t, third, same, renewaltest.StartTicks()...)
	again := d.press(asked, "/elabora", "")
	if again.Status != http.StatusConflict || !strings.Contains(again.text("main"), third.School.ShortName) {
		t.Fatalf("a third school with the same CIG: status %d: %s", again.Status, again.text("main"))
	}
	d.none(d.A)
	if a := d.press(again, "/elabora", ""); a.Status != http.StatusSeeOther || d.state(d.A) != renewal.Processed {
		t.Errorf("status %d, request %s", a.Status, d.state(d.A))
	}
}

// none ends the test if the request has been processed.
func (d *desk) none(p renewaltest.Party) {
	d.t.Helper()
	if c, err := d.Lists.ByRequest(d.t.Context(), p.Request); err != nil || c != nil || d.state(p) == renewal.Processed {
		d.t.Fatalf("contract %v, error %v, request %s", c, err, d.state(p))
	}
}

// What the school confirmed after the page was opened is never processed, taken or returned by that page.
func TestAStaleRevisionIsRefused(t *testing.T) {
	for _, action := range []string{"/elabora", "/prendi", "/rimanda"} {
		t.Run(action, func(t *testing.T) {
			d := confirmed(t, renewaltest.New(t))
			path := page(d.A)
			if action == "/rimanda" {
				path += action
			}
			stale := d.get(path)
			d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()[1:]...)
			a := d.press(stale, action, "", "motivo", "Il CIG non è quello dell’ordine.")
			if a.Status != http.StatusConflict || d.state(d.A) != renewal.Submitted {
				t.Fatalf("status %d, request %s", a.Status, d.state(d.A))
			}
			got := a.text("[role=alert].rn-note")
			for _, want := range []string{"conferma n. 2", "Quando avete aperto la pagina Inviata, conferma n. 1", "Adesso Inviata, conferma n. 2", "tolto Alunni Web"} {
				if !strings.Contains(got, want) {
					t.Errorf("%q lacks %q", got, want)
				}
			}
			if href := a.Find("[role=alert].rn-note a").AttrOr("href", ""); href != page(d.A) {
				t.Errorf("the notice leads to %q", href)
			}
			if c, err := d.Lists.ByRequest(t.Context(), d.A.Request); err != nil || c != nil {
				t.Errorf("contract %v, error %v", c, err)
			}
			if action == "/rimanda" && a.text("textarea") != "Il CIG non è quello dell’ordine." {
				t.Errorf("what was typed is lost: %q", a.text("textarea"))
			}
		})
	}
}

func TestAReturnNeedsAReason(t *testing.T) {
	d := confirmed(t, renewaltest.New(t))
	form := d.get(page(d.A) + "/rimanda")
	for _, reason := range []string{"", " \n\t", strings.Repeat("x", renewal.MaxReason+1)} {
		a := d.press(form, "/rimanda", "", "motivo", reason)
		if a.Status != http.StatusUnprocessableEntity || d.state(d.A) != renewal.Submitted {
			t.Errorf("%.10q: status %d, request %s", reason, a.Status, d.state(d.A))
		}
		if a.Find("[role=alert] a[href='#motivo']").Length() != 1 || a.Find("#motivo[aria-invalid]").Length() != 1 {
			t.Errorf("%.10q: the error does not lead to the field", reason)
		}
		if typed := strings.TrimSpace(reason); a.text("textarea") != typed {
			t.Errorf("%.10q came back as %.10q", typed, a.text("textarea"))
		}
	}
	a := d.press(form, "/rimanda", "", "motivo", "Manca il numero\r\ndell’ordine.\x00")
	if a.Status != http.StatusSeeOther || d.state(d.A) != renewal.Returned {
		t.Fatalf("status %d, request %s", a.Status, d.state(d.A))
	}
	if got := d.Request(t, d.A).Reason; got != "Manca il numero\ndell’ordine." || len(d.Returned) != 1 {
		t.Errorf("reason %q, mails %d", got, len(d.Returned))
	}
	if got := d.get(page(d.A)).text(".rn-note.is-warn"); !strings.Contains(got, "Manca il numero dell’ordine.") {
		t.Errorf("the page says %q", got)
	}
}

func TestTakingManyInCharge(t *testing.T) {
	d := confirmed(t, renewaltest.New(t))
	second, third := d.Join(t), d.Join(t)
	for i, p := range []renewaltest.Party{second, third} {
		o := renewaltest.Order()
		o.CIG = freshCIG(i)
		d.Confirm(t, p, o, renewaltest.StartTicks()...)
	}
	if err := d.Renewals.TakeInCharge(t.Context(), d.Other, third.Request, 1, ""); err != nil {
		t.Fatal(err)
	}
	list := d.get("/ufficio/richieste?vista=pronte")
	form := url.Values{"vista": {"pronte"}}
	for _, box := range list.Find("[data-pick]").EachIter() {
		form.Add("scelta", box.AttrOr("value", ""))
	}
	if len(form["scelta"]) != 3 {
		t.Fatalf("%d checkboxes", len(form["scelta"]))
	}
	a := d.post("/ufficio/richieste/prendi", form)
	if a.Status != http.StatusConflict || !strings.Contains(a.text("main"), "2 richieste prese in carico") || !strings.Contains(a.text("main"), "È già in carico a Operatore Due.") {
		t.Errorf("status %d: %s", a.Status, a.text("main"))
	}
	for p, clerk := range map[string]string{d.A.Request: d.Clerk.AccountID, second.Request: d.Clerk.AccountID, third.Request: d.Other.AccountID} {
		r, err := d.Requests.Request(t.Context(), p)
		if err != nil || r.State != renewal.InReview || r.Taken.By != clerk {
			t.Errorf("request %s: %s, taken by %s; want %s", r.Number, r.State, r.Taken.By, clerk)
		}
	}
	mine := form["scelta"][:0]
	for _, x := range form["scelta"] {
		if !strings.HasPrefix(x, third.Request) {
			mine = append(mine, x)
		}
	}
	if a := d.post("/ufficio/richieste/prendi", url.Values{"scelta": mine, "vista": {"pronte"}}); a.Header.Get("Location") != "/ufficio/richieste?vista=pronte" {
		t.Errorf("status %d to %q", a.Status, a.Header.Get("Location"))
	}
	if a := d.post("/ufficio/richieste/prendi", url.Values{}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("nothing selected: status %d", a.Status)
	}
}

// Before a run the page says what will be processed, what not and why, and sends exactly that.
func TestThePageBeforeARun(t *testing.T) {
	d, schools := busy(t, renewaltest.New(t))
	seen := func(name string, revision int) contract.Chosen {
		return contract.Chosen{RequestID: schools[name].Request, Revision: revision}
	}
	v := url.Values{"scelta": {contractweb.JoinChosen([]contract.Chosen{seen("new", 1), seen("odd", 1), seen("reconfirmed", 1), seen("processed", 1), seen("returned", 1)})}}
	a := d.get("/ufficio/richieste/elabora?" + v.Encode())
	got := a.text("main")
	for _, want := range []string{"Elaborare 2 richieste?", "2 da elaborare € 5.140,00 imponibile 1 con avvisi", "Riconfermate dopo che le avete scelte", "Non si possono elaborare"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	forms := a.Find("form[action='" + contractweb.ProcessPath + "']")
	for i, want := range []struct {
		class, text string
		chosen      []contract.Chosen
	}{
		{"btn-primary", "Elabora solo quella senza avvisi", []contract.Chosen{seen("new", 1)}},
		{"btn-outline-primary", "Elabora tutte le 2, anche quella con avvisi", []contract.Chosen{seen("new", 1), {RequestID: schools["odd"].Request, Revision: 1, Looks: []string{"cig.check"}}}},
	} {
		f := forms.Eq(i)
		if got := f.Find("input[name=scelta]").AttrOr("value", ""); got != contractweb.JoinChosen(want.chosen) || !f.Find("button").HasClass(want.class) || strings.TrimSpace(f.Find("button").Text()) != want.text {
			t.Errorf("button %d is %q and sends %q; want %+v", i+1, f.Find("button").Text(), got, want)
		}
	}
	open := a.Find("main section li").Not("details li")
	if open.Length() != 1 || open.Find("a[href='"+page(schools["odd"])+"']").Length() != 1 || !strings.Contains(open.Text(), "CIG da verificare") {
		t.Errorf("those with warnings are not listed openly: %q", open.Text())
	}

	all := d.get("/ufficio/richieste/elabora?tutto=1&vista=pronte&avvisi=without")
	ids, cents, _ := d.listed("vista=pronte&avvisi=without")
	form, _ := all.form(t, "/ufficio/elabora")
	list, err := contractweb.ParseChosen(form["scelta"])
	if err != nil || len(list) != len(ids) {
		t.Errorf("the whole filter: %d chosen, want %d; error %v", len(list), len(ids), err)
	}
	if !strings.Contains(all.text(".rn-kpi"), amountOf(cents)) {
		t.Errorf("the whole filter: %q lacks %s", all.text(".rn-kpi"), amountOf(cents))
	}
}

// A correction of the school's data that waits is a thing to look at, for one request as in bulk: the contract would be made without it.
func TestProcessingBesideACorrection(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := confirmed(t, w)
		calm := d.get(page(d.A))
		out, problems, err := d.Corrections.Propose(t.Context(), d.A.Actor, school.Asked{Values: map[school.Field]string{school.FieldAddress: "Via Leone 13"}})
		if err != nil || out.Asked != 1 {
			t.Fatal(problems, err)
		}
		if a := d.press(calm, "/elabora", ""); a.Status != http.StatusConflict || !strings.Contains(a.text("main"), "C’è una correzione da decidere") {
			t.Errorf("one: status %d: %s", a.Status, a.text("main"))
		}
		d.none(d.A)
		if got := d.get(page(d.A)).text("#controlli"); got != "Controlli: 1 da guardare" {
			t.Errorf("the card says %q", got)
		}
		bulk := d.get("/ufficio/richieste/elabora?tutto=1&vista=nuove")
		if got := bulk.text("main"); !strings.Contains(got, "1 con avvisi") || !strings.Contains(got, "Elabora la richiesta, che ha avvisi") || bulk.Find("li a[href*='/ufficio/correzioni/']").Length() != 1 {
			t.Errorf("in bulk: %s", got)
		}
	})
}

func TestNothingHostileBreaksAPage(t *testing.T) {
	renewaltest.Each(t, hostile)
}

func hostile(t *testing.T, w *renewaltest.World) {
	d, _ := busy(t, w)
	values := []string{"", "-1", "0", "99999999999999999999", "%", "_", "\x00", "\xff\xfe", "' OR 1=1 --", "<script>alert(1)</script>", strings.Repeat("à", 5000),
		"../../etc/passwd", d.A.Request, "01a20410-4f9b-795d-ad63-123bce2f78b3", "01a20410-4f9b-795d-ad63-123bce2f78b3:1", d.A.Request + ":0", d.A.Request + ":99", ":", "=1+1"}
	calm := func(what string, a answer) {
		t.Helper()
		if a.Status >= 500 || strings.Contains(a.Body, "<script>alert") {
			t.Errorf("%s: status %d", what, a.Status)
		}
	}
	for _, v := range values {
		for _, name := range []string{"vista", "campagna", "cerca", "stato", "avvisi", "fascia", "provincia", "carico", "ordine", "pagina", "posto", "scelta", "tutto", "differenze"} {
			query := url.Values{name: {v}, "posto": {v}, "vista": {"tutte"}}.Encode()
			calm(name+"="+v[:min(len(v), 20)], d.do(http.MethodGet, "/ufficio/richieste?"+query, nil, ""))
		}
		query := url.Values{"cerca": {v}, "stato": {v}, "posto": {v}, "scelta": {v}, "tutto": {v}, "pagina": {v}, "campagna": {v}}.Encode()
		for _, path := range []string{"/ufficio/richieste.csv", "/ufficio/richieste/elabora", page(d.A), "/ufficio/contratti", "/ufficio/lavorazioni"} {
			calm(path+"?"+v[:min(len(v), 20)], d.do(http.MethodGet, path+"?"+query, nil, ""))
		}
		form := url.Values{"scelta": {v}, "conferma": {v}, "stato_visto": {v}, "carico_visto": {v}, "motivo": {v}}
		for _, path := range []string{"/ufficio/richieste/prendi", "/ufficio/elabora", page(d.A) + "/prendi", page(d.A) + "/rimanda", page(d.A) + "/elabora"} {
			calm("POST "+path, d.post(path, form))
		}
		for _, tail := range []string{"", "/promemoria.pdf", "/rimanda"} {
			calm("id", d.do(http.MethodGet, "/ufficio/richieste/"+url.PathEscape(v)+tail, nil, ""))
		}
		calm("contract", d.do(http.MethodGet, "/ufficio/contratti/"+url.PathEscape(v)+"/"+url.PathEscape(v), nil, ""))
		calm("run", d.do(http.MethodGet, "/ufficio/lavorazioni/"+url.PathEscape(v), nil, ""))
	}
}

func amountOf(c rinnova.Cents) string {
	return strings.ReplaceAll(locale.Euro(c), locale.NBSP, " ")
}

// Two schools with one CIG: the clerk sees it on both requests and in the list, with the way to the other, for as long as
// it is so, whoever confirmed first.
func TestTheSameCIGShowsOnBothRequests(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := confirmed(t, w)
		same := renewaltest.Order()
		same.Acknowledged = []string{renewal.SharedCIG + ":" + same.CIG}
		d.Confirm(t, d.B, same, renewaltest.StartTicks()...)
		shared := func(want bool, ready string) {
			t.Helper()
			for _, pair := range [][2]renewaltest.Party{{d.A, d.B}, {d.B, d.A}} {
				here, there := pair[0], pair[1]
				a := d.get(page(here))
				checks := a.Find("[aria-labelledby=controlli]")
				told := strings.Contains(a.text("[aria-labelledby=controlli]"), "Lo stesso CIG è anche sulla richiesta di un’altra scuola di questa campagna: "+there.School.ShortName)
				if linked := checks.Find(`a[href="`+page(there)+`"]`).Length() == 1; told != want || linked != want {
					t.Errorf("%s: told %v, linked %v, want %v", here.School.ShortName, told, linked, want)
				}
			}
			list := d.get("/ufficio/richieste?vista=avvisi")
			if n := strings.Count(list.text("tbody"), "CIG usato da altra scuola"); n != map[bool]int{true: 2}[want] {
				t.Errorf("%d in the list of warnings", n)
			}
			warned := map[bool]string{true: "2", false: "0"}[want]
			if got := list.text(`.rn-views a[href*="avvisi"] .rn-count`); got != warned {
				t.Errorf("the list says %s with warnings, want %s", got, warned)
			}
			if got := list.text(`.rn-views a[href*="pronte"] .rn-count`); got != ready {
				t.Errorf("the list says %s ready, want %s", got, ready)
			}
		}
		shared(true, "0")
		other := renewaltest.Order()
		other.CIG = renewaltest.OtherCIG
		d.Confirm(t, d.A, other, renewaltest.StartTicks()...) // the first one changes its CIG
		shared(false, "2")
		other.Acknowledged = []string{renewal.SharedCIG + ":" + other.CIG}
		d.Confirm(t, d.B, other, renewaltest.StartTicks()...)
		shared(true, "0")
		if _, err := d.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE request SET state = 'withdrawn' WHERE id = $1`, d.A.Request); err != nil {
			t.Fatal(err)
		}
		shared(false, "1")
	})
}
