package school_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"rinnova/e2e/browser"
	"rinnova/internal/renewal/renewaltest"
)

// focus is the id of the field that has the focus.
const focus = "document.activeElement.id"

// TestEnterStaysInTheField presses Enter in a field: what it holds is in the draft, its doubt is shown, and focus and caret stay. Without a
// script Enter sends the form, as everywhere.
func TestEnterStaysInTheField(t *testing.T) {
	s := newSite(t)
	p := s.form(t)
	browser.Eval[bool](p, "window.same = true")
	browser.Eval[bool](p, "document.querySelector('#cig').focus(); true")
	p.Press(renewaltest.OddCIG)
	browser.Eval[bool](p, "document.activeElement.setSelectionRange(3, 3); true")
	p.Press(kb.Enter)
	p.WaitText("#cig-msg", "È giusto così, l’ho controllato")
	if got := browser.Eval[string](p, focus); got != "cig" {
		t.Errorf("the focus is on %q", got)
	}
	if at := browser.Eval[int](p, "document.activeElement.selectionStart"); at != 3 {
		t.Errorf("the caret is at %d", at)
	}
	if !browser.Eval[bool](p, "window.same === true") {
		t.Error("the page came anew")
	}
	if got := s.Request(t, s.A).Draft.Order.CIG; got != renewaltest.OddCIG {
		t.Errorf("the draft has %q", got)
	}
	browser.Eval[bool](p, "document.querySelector('#numero').focus(); true")
	p.Press(kb.Enter) // nothing typed: what is missing is said, as when the field is left
	p.WaitText("#numero-msg", "Manca il numero dell’ordine")
	if got := browser.Eval[string](p, focus); got != "numero" {
		t.Errorf("the focus is on %q", got)
	}

	p.NoJavaScript()
	p.Go(s.Path)
	p.Type("#numero", "7/A"+kb.Enter)
	p.WaitFor("document.readyState === 'complete' && document.querySelector('#numero').defaultValue === '7/A'")
	if got := s.Request(t, s.A).Draft.Order.Number; got != "7/A" {
		t.Errorf("without a script the draft has %q", got)
	}
}

// TestAnsweringTheOffice looks at a request that was sent back: as it comes, when nothing is changed, answered; then at the confirmed one, which
// lacks nothing, and at what a change makes of it.
func TestAnsweringTheOffice(t *testing.T) {
	s := newSite(t)
	p := s.form(t)
	odd := renewaltest.Order()
	odd.CIG, odd.Acknowledged = renewaltest.OddCIG, []string{"cig.check:" + renewaltest.OddCIG}
	s.Confirm(t, s.A, odd, renewaltest.StartTicks()...)
	if err := s.Renewals.Return(t.Context(), s.Clerk, s.A.Request, 1, "Il CIG non passa il controllo.\nChiedetelo a chi ha fatto l’affidamento."); err != nil {
		t.Fatal(err)
	}
	p.Go("/area")
	p.Check("scuola-area-rimandata")
	p.Go(s.Path)
	p.Check("scuola-rimandata")
	p.Click("#accetta")
	if status := p.Follow("button[value=conferma]"); status != 422 {
		t.Fatalf("confirmed as it was, without a question: status %d", status)
	}
	p.Check("scuola-rimandata-uguale")
	p.Type("#numero", "9")
	p.Click("#data")
	p.WaitFor("document.querySelector('#come_prima') === null")
	p.WaitText("#che-cosa", "Sarà la conferma n. 2")
	p.Go(s.Path)
	browser.Eval[bool](p, "document.querySelector('#numero').value = '214/2026'; document.querySelector('#numero').dispatchEvent(new Event('change', {bubbles: true})); true")
	p.WaitFor("document.querySelector('#come_prima') !== null")
	p.Click("#risposta")
	p.Press("L’ha dato la piattaforma: è giusto.")
	p.Click("#come_prima")
	p.WaitFor("document.querySelector('#conferma-dati.btn-primary') !== null")
	p.Click(`[id^="ok-cig.check"]`)
	p.Click("#accetta")
	if status := p.Follow("button[value=conferma]"); status != 200 {
		t.Fatalf("status %d: %s", status, p.Text("main"))
	}
	p.Check("scuola-ricevuta-risposta")
	p.Go(s.Path + "/conferme")
	p.Check("scuola-conferme-risposta")
	p.Go("/area")
	p.Check("scuola-area-tutto-fatto")

	p.Go(s.Path)
	p.WaitText("#da-fare", "Vale la conferma n. 2")
	p.Check("scuola-confermata")
	p.Click("#" + renewaltest.Privacy)
	p.WaitText("#da-fare", "Prima di confermare")
	p.WaitFor("document.querySelector('#conferma-dati.btn-primary') !== null && document.querySelector('#accettate').innerText === ''")
	p.Click("button[value=annulla]")
	p.WaitText("#chiedi", "Annullare le modifiche?")
	p.Check("scuola-annullare")
	gap := browser.Eval[float64](p, `document.querySelector("#conferma-dati").getBoundingClientRect().top - document.querySelector("#chiedi .rn-note").getBoundingClientRect().bottom`)
	if gap < 12 {
		t.Errorf("the question stands %v pixels above the buttons", gap)
	}
}
