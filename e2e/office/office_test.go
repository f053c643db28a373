package office_test

import (
	"net/http"
	"strings"
	"testing"

	"rinnova/e2e/browser"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// TestPages looks at each page of the office in each of its states.
func TestPages(t *testing.T) {
	d := newDesk(t)
	p := chromium.Open(t, d.URL)
	look := func(path, name string) {
		t.Helper()
		p.Go(path)
		p.Check("ufficio-" + name)
	}
	a := contractweb.RequestPath(d.A.Request)
	look("/ufficio/richieste", "richieste-vuote")
	look("/ufficio/richieste?vista=senza-risposta", "senza-risposta")
	look(a, "proposta")
	look("/ufficio/contratti", "contratti-vuoti")
	look("/ufficio/lavorazioni", "lavorazioni-vuote")

	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	d.must(d.Renewals.TakeInCharge(t.Context(), d.Clerk, d.A.Request, 1, ""))
	look(a, "in-carico")
	o := renewaltest.Order()
	o.CIG, o.Acknowledged = renewaltest.OddCIG, []string{"cig.check:" + renewaltest.OddCIG}
	d.Confirm(t, d.A, o, append(renewaltest.StartTicks()[1:], renewaltest.Privacy)...)
	d.must(d.Renewals.Save(t.Context(), d.A.Actor, d.A.Request, renewal.Draft{Band: 2, Ticks: renewaltest.StartTicks()[:3], Order: o}))
	look(a, "riconfermata")
	look(a+"/rimanda", "rimanda")
	others := d.join(12)
	d.must(d.Renewals.TakeInCharge(t.Context(), d.Other, others[0].Request, 1, ""))
	d.must(d.Renewals.Return(t.Context(), d.Clerk, others[1].Request, 1, "Il CIG è di un altro affidamento."))
	look("/ufficio/richieste?vista=tutte", "tutte")
	look("/ufficio/richieste?vista=correggere", "correggere")
	look("/ufficio/richieste?cerca=xyzzy", "richieste-nessuna")
	look(contractweb.RequestPath(others[1].Request), "rimandata")
	look("/ufficio/richieste/elabora?tutto=1&vista=tutte", "prima-di-elaborare")

	d.answers(others[8], "Lo abbiamo chiesto alla piattaforma: è giusto così.\nLa determina è la n. 12.")
	look(contractweb.RequestPath(others[8].Request), "risposta")
	same := order(11)
	same.Acknowledged = []string{renewal.SharedCIG + ":" + same.CIG}
	d.Confirm(t, others[9], same, renewaltest.StartTicks()...)
	look("/ufficio/richieste?vista=avvisi", "avvisi")
	look(contractweb.RequestPath(others[10].Request), "non-visto")

	lacking := others[2].School
	lacking.TaxCode = ""
	d.must(d.Schools.Update(t.Context(), lacking))
	d.Confirm(t, others[3], order(40), renewaltest.StartTicks()...)
	run := d.start(others[2:8]...)
	look(run, "lavorazione-in-corso")
	d.must(d.Queue.Drain(t.Context()))
	look(run, "lavorazione")
	look("/ufficio/lavorazioni", "lavorazioni")
	look("/ufficio/contratti", "contratti")
	look(contractweb.RequestPath(others[4].Request), "elaborata")
}

// TestChoices looks at what a school chose of a proposal with several ways to renew a product, at why it left one, at its form as it
// sees it, and at schools that renew nothing.
func TestChoices(t *testing.T) {
	d := newDesk(t)
	party := d.OfferChoices(t, d.A)
	path := contractweb.RequestPath(party.Request)
	p := chromium.Open(t, d.URL)
	p.Go(path + "/scuola")
	p.Check("ufficio-vede-scuola")
	d.Confirm(t, party, renewaltest.Order(), renewaltest.SiteYear, renewaltest.Mailbox, renewaltest.MailPackage)
	v, err := d.Renewals.View(t.Context(), party.Actor, party.Request)
	d.must(err)
	_, problems, err := d.Renewals.Confirm(t.Context(), party.Actor, party.Request, renewal.Answer{Accept: true, Seen: 1, Terms: v.Season.Terms.Version,
		Draft: renewal.Draft{Band: 1, Ticks: []string{renewaltest.SiteYears, renewaltest.MailPackage, renewaltest.Extra}, Order: renewaltest.Order(),
			Leavings: renewal.Leavings{renewaltest.Mailbox: {Why: renewal.OtherVendor, Words: "ne abbiamo una della provincia"}}}})
	d.must(err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p.Go(path)
	p.Check("ufficio-scelte")
	_, err = d.Renewals.GiveNotice(t.Context(), d.B.Actor, d.B.Request, renewal.NoticeForm{Sure: true, Leaving: renewal.Leaving{Why: renewal.TooDear}})
	d.must(err)
	p.Go("/ufficio/richieste?vista=non-rinnovate")
	p.Check("ufficio-non-rinnovate")
	p.Go(contractweb.RequestPath(d.B.Request))
	p.Check("ufficio-non-rinnovata")
}

// Two clerks look at one request; the second finds out on the page, without losing the way.
func TestTheSecondClerkIsTold(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	p := chromium.Open(t, d.URL)
	p.Go(contractweb.RequestPath(d.A.Request))
	d.must(d.Renewals.TakeInCharge(t.Context(), d.Other, d.A.Request, 1, ""))
	if status := p.Follow("form[action$=prendi] button"); status != http.StatusConflict {
		t.Errorf("status %d", status)
	}
	if got := p.Text("[data-focus]"); !strings.Contains(got, "Operatore Due") {
		t.Errorf("the notice says %q", got)
	}
	if !browser.Eval[bool](p, `document.activeElement.matches("[data-focus]")`) {
		t.Error("the notice has not got the focus")
	}
	p.Check("ufficio-gia-presa")
}

// A clerk processes from the list: what has doubts asks first, what has none takes one press, and Enter goes on to the next one.
func TestProcessingLeadsOn(t *testing.T) {
	d := newDesk(t)
	o := renewaltest.Order()
	o.CIG, o.Acknowledged = renewaltest.OddCIG, []string{"cig.check:" + renewaltest.OddCIG}
	d.Confirm(t, d.A, o, renewaltest.StartTicks()...)
	calm := d.Join(t)
	calm.School.OfficeCode, calm.School.TaxCode = d.A.School.OfficeCode, d.A.School.TaxCode
	d.must(d.Schools.Update(t.Context(), calm.School))
	d.Confirm(t, calm, order(1), renewaltest.StartTicks()...)
	p := chromium.Open(t, d.URL)
	p.Go("/ufficio/richieste?ordine=school")
	p.Follow("a[href*='" + d.A.Request + "']")
	p.Follow("main a[href*='/elabora']")
	p.Check("ufficio-elabora-una")
	p.Follow("form[action*='/elabora'] button")
	p.Check("ufficio-elaborata-e-avanti")
	if got := browser.Eval[string](p, `document.activeElement.textContent`); !strings.HasPrefix(got, "Successiva: ") {
		t.Fatalf("the focus is on %q", got)
	}
	p.Press("\r")
	p.WaitText("h1", calm.School.ShortName)
	if p.Count("#non-si-annulla") != 1 || p.Count("main a[href*='/elabora']") != 0 {
		t.Error("a request without doubts does not say what one press does")
	}
	p.Follow("form[action*='/elabora'] button")
	p.WaitText(".rn-note.is-ok", "Era l’ultima di «Da prendere in carico».")
	if got := browser.Eval[string](p, `document.activeElement.textContent`); got != "Torna a «Da prendere in carico»" {
		t.Errorf("the focus is on %q", got)
	}
}

// At 1200 pixels the table of a request with two confirmations shows its last column, and the header has two lines.
func TestTheRequestAt1200(t *testing.T) {
	d := newDesk(t)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()...)
	d.Confirm(t, d.A, renewaltest.Order(), renewaltest.StartTicks()[1:]...)
	p := chromium.Open(t, d.URL)
	p.Go(contractweb.RequestPath(d.A.Request))
	p.Width(1200)
	if cut := browser.Eval[int](p, `Math.max(...[...document.querySelectorAll(".rn-scroll")].map(e => e.scrollWidth - e.clientWidth))`); cut > 0 {
		t.Errorf("%d pixels of a table are cut", cut)
	}
	if high := browser.Eval[float64](p, `document.querySelector(".rn-top").getBoundingClientRect().height`); high > 100 {
		t.Errorf("the header is %.0f pixels high", high)
	}
	p.WaitText("main", "Quota tetto: quanto toglie")
}

// The work list by keys alone: J and K move, X selects, the bar counts and sums, P takes in charge.
func TestKeys(t *testing.T) {
	d := newDesk(t)
	d.join(3)
	p := chromium.Open(t, d.URL)
	p.Go("/ufficio/richieste")
	p.Press("p") // nothing is selected: nothing happens
	if visible(p) {
		t.Error("the bar of the selected is there before anything is selected")
	}
	for _, key := range []string{"j", "x", "j", "x", "k"} {
		p.Press(key)
	}
	p.WaitText("[data-bulk-count]", "2 selezionate")
	if got := p.Text("[data-bulk-sum]"); got != "€\u00a05.140,00" || !visible(p) {
		t.Errorf("the bar sums %q", got)
	}
	p.Check("ufficio-selezionate")
	p.Press("p")
	p.WaitText("[data-toast]", "2 richieste prese in carico")
	p.Press("/")
	if !browser.Eval[bool](p, `document.activeElement.name === "cerca"`) {
		t.Error("/ does not lead to the search")
	}
}

func visible(p *browser.Page) bool {
	return browser.Eval[bool](p, `document.querySelector("[data-bulk]").checkVisibility()`)
}

// Without JavaScript: tick, choose what to do, see it before it is done, do it.
func TestWithoutJavaScript(t *testing.T) {
	d := newDesk(t)
	d.join(3)
	p := chromium.Open(t, d.URL)
	p.NoJavaScript()
	p.Go("/ufficio/richieste")
	if !visible(p) {
		t.Fatal("no bar to act with")
	}
	p.Click("tbody tr:nth-child(2) [data-pick]")
	p.Click("tbody tr:nth-child(3) [data-pick]")
	p.Screenshot("ufficio-senza-javascript")
	p.NoHorizontalScroll()
	p.Follow(`[formaction$="/elabora"]:not([name])`)
	if got := p.Text("h1"); got != "Elaborare 2 richieste?" {
		t.Fatalf("the page asks %q", got)
	}
	p.Follow("form[action='/ufficio/elabora'] button")
	d.must(d.Queue.Drain(t.Context()))
	p.Follow("noscript a")
	if got := p.Text("main"); !strings.Contains(got, "2 di 2 richieste") {
		t.Errorf("the run: %q", got)
	}
}

// The page of a run moves by itself, leaves the focus where it is, and comes to rest.
func TestARunMovesByItself(t *testing.T) {
	d := newDesk(t)
	parties := d.join(4)
	lacking := parties[0].School
	lacking.TaxCode = ""
	d.must(d.Schools.Update(t.Context(), lacking))
	p := chromium.Open(t, d.URL)
	p.Go(d.start(parties...))
	if got := p.Text("#quante"); got != "0 di 4 richieste" {
		t.Fatalf("at first: %q", got)
	}
	browser.Eval[bool](p, `(document.querySelector(".rn-crumb a").focus(), true)`)
	d.must(d.Queue.Drain(t.Context()))
	p.WaitText("#quante", "4 di 4 richieste")
	p.WaitText("#lavorazione [role=status]", "Lavorazione finita: 3 elaborate, 1 da sistemare.")
	browser.Eval[bool](p, `(document.querySelector("#lavorazione tbody a").focus(), true)`)
	for _, x := range parties[1:] {
		c, err := d.Lists.ByRequest(t.Context(), x.Request)
		d.must(err)
		d.must(d.Contracts.MailSent(t.Context(), c.ID))
	}
	p.WaitFor(`!document.querySelector("[hx-get]")`)
	if !browser.Eval[bool](p, `document.activeElement.matches("#lavorazione tbody a")`) {
		t.Error("the focus was lost when the page moved")
	}
	p.Check("ufficio-lavorazione-ferma")
}
