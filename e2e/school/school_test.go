package school_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rinnova/e2e/browser"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
)

// TestPages looks at each page of the schools in each of its states.
func TestPages(t *testing.T) {
	s := newSite(t)
	p := chromium.Open(t, s.URL)
	look := func(path, name string) {
		t.Helper()
		p.Go(path)
		p.Check("scuola-" + name)
	}
	look("/area", "area-proposta")
	look("/contratti", "contratti-vuoto")
	look("/dati", "dati")
	look("/condizioni/condizioni-2027", "condizioni")
	look(s.Path+"/fascia", "fascia")
	p.Click("#fascia")
	if status := p.Follow("form .btn-primary"); status != 422 {
		t.Fatalf("a band that looks too low: status %d", status)
	}
	p.Check("scuola-fascia-bassa")
	p.Click("#fascia-1")
	p.Follow("form .btn-primary")
	look(s.Path, "modulo")
	look("/area", "area-bozza")

	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	look(s.Path+"/conferma/1", "ricevuta-1")
	look("/area", "area-inviata")
	s.pending(t)
	look(s.Path, "modulo-modifiche")
	look("/area", "area-modifiche")
	look(s.Path+"/annulla", "annulla")
	s.Confirm(t, s.A, renewaltest.Order(), s.changedTicks()...)
	look(s.Path+"/conferma/2", "ricevuta-2")
	look(s.Path+"/conferma/1", "ricevuta-sostituita")
	look(s.Path+"/conferme", "conferme")

	if err := s.Renewals.Return(t.Context(), s.Clerk, s.A.Request, 2, "Il CIG è di un altro affidamento.\nControllate la determina."); err != nil {
		t.Fatal(err)
	}
	look("/area", "area-da-correggere")
	look(s.Path, "modulo-da-correggere")
	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	look("/contratti", "contratti-in-corso")
	s.Process(t, s.A)
	look("/area", "area-elaborata")
	look(s.Path, "elaborata")
	look("/contratti", "contratti")
}

// TestChoices looks at a proposal with products that can be renewed in several ways and others that can be added, and at the way to
// renew nothing; the ways are chosen by radio buttons, and the amounts follow.
func TestChoices(t *testing.T) {
	s := newSite(t)
	path := renewalweb.RenewalPath(s.OfferChoices(t, s.A).Request)
	p := chromium.Open(t, s.URL)
	p.Go(path)
	p.Check("scuola-scelte")
	p.Click("#" + renewaltest.SiteYears)
	p.WaitText("#somma-esclusi", "1.206,16")
	p.Click("#no-" + renewaltest.SiteYear)
	p.WaitText("#somma-esclusi", "135,00")
	p.WaitText("#motivo-"+renewaltest.SiteYear, "Perché non rinnovate Sito web premium?")
	p.Click("#" + renewaltest.MailPackage)
	p.WaitText("#motivo-"+renewaltest.MailPackage, "Perché non rinnovate Pacchetto e-mail, 50 caselle?")
	p.Click("#" + renewaltest.Extra)
	p.WaitText("#somma-esclusi", "124,00")
	p.Click("#spiega-" + renewaltest.SiteAligned)
	p.WaitText("#x-"+renewaltest.SiteAligned, "Periodo 01/10/2026 – 31/12/2027")
	p.Check("scuola-scelte-motivi")
	p.Click("#" + renewaltest.SiteAligned)
	p.WaitText("#somma-esclusi", "561,50")
	if browser.Eval[bool](p, `document.querySelector("#motivo-`+renewaltest.SiteYear+`") !== null`) {
		t.Error("it still asks why")
	}
	p.Go(path + "/non-rinnovate")
	p.Check("scuola-non-rinnovate")
	if status := p.Follow("form .btn-primary"); status != 422 {
		t.Errorf("without a reason: status %d", status)
	}
	p.Check("scuola-non-rinnovate-errori")
	browser.Eval[string](p, `document.querySelector("#perche").value = "price"`)
	p.Click("#sicuri")
	p.Follow("form .btn-primary")
	p.Check("scuola-non-rinnovata")
	p.Go("/area")
	p.Check("scuola-area-non-rinnovata")
	s.Now = s.Now.AddDate(0, 3, 0)
	p.Go(s.Path + "/non-rinnovate")
	p.Check("scuola-non-rinnovate-tardi")
}

// TestClosed looks at what is left when the campaign is over.
func TestClosed(t *testing.T) {
	s := newSite(t)
	s.Now = s.Now.AddDate(0, 1, 0)
	p := chromium.Open(t, s.URL)
	p.Go("/area")
	p.Check("scuola-area-chiusa")
	p.Go(s.Path)
	p.Check("scuola-chiusa")
}

// pending leaves a draft that differs from what counts.
func (s *site) pending(t *testing.T) {
	t.Helper()
	order := renewaltest.Order()
	order.CIG = renewaltest.OddCIG
	if err := s.Renewals.Save(t.Context(), s.A.Actor, s.A.Request, renewal.Draft{Band: 2, Ticks: s.changedTicks(), Order: order}); err != nil {
		t.Fatal(err)
	}
}

// changedTicks are the proposal's, with one product added and one taken away.
func (s *site) changedTicks() []string {
	ticks := append(renewaltest.StartTicks(), renewaltest.Privacy)
	return slices.DeleteFunc(ticks, func(x string) bool { return x == renewaltest.Libri })
}

func (s *site) form(t *testing.T) *browser.Page {
	t.Helper()
	if err := s.Renewals.ChooseBand(t.Context(), s.A.Actor, s.A.Request, 2); err != nil {
		t.Fatal(err)
	}
	p := chromium.Open(t, s.URL)
	p.Go(s.Path)
	return p
}

func TestFormThatComesBack(t *testing.T) {
	s := newSite(t)
	p := s.form(t)
	p.Type("#cig", renewaltest.OddCIG)
	p.Type("#data", "31/11/2026")
	if status := p.Follow("button[value=conferma]"); status != 422 {
		t.Fatalf("status %d", status)
	}
	p.Check("scuola-modulo-errori")
	if got := browser.Eval[string](p, "document.activeElement.getAttribute('role')"); got != "alert" {
		t.Errorf("the focus is on %q, not on the summary of errors", got)
	}
	if v := browser.Eval[string](p, "document.querySelector('#data').value"); v != "31/11/2026" {
		t.Errorf("the date came back as %q", v)
	}
}

func TestSumsFollowTheTicks(t *testing.T) {
	s := newSite(t)
	p := s.form(t)
	browser.Eval[bool](p, `window.said = 0; new MutationObserver(() => window.said++).observe(document.querySelector("#somme"), {childList: true, subtree: true, characterData: true}); true`)
	p.Click("#" + renewaltest.Privacy)
	p.Click("#" + renewaltest.Libri)
	p.WaitText("#somme", "2.690,00")
	p.WaitText("#somme", "3.281,80")
	p.WaitText("#somma-inclusi", "2.698,75")
	if n := browser.Eval[int](p, "window.said"); n != 1 {
		t.Errorf("two ticks in a moment changed the sums %d times", n)
	}
	p.Type("#numero", "214/2026")
	p.Press("\t")
	p.WaitFor(`!document.querySelector("#da-fare").innerText.includes("Numero ordine")`)
	if n := browser.Eval[int](p, "window.said"); n != 1 {
		t.Errorf("the sums were announced again without a change")
	}
	if r := s.Request(t, s.A); r.Draft.Order.Number != "214/2026" || !slices.Contains(r.Draft.Ticks, renewaltest.Privacy) {
		t.Errorf("the draft was not kept: %+v", r.Draft)
	}
	if got := browser.Eval[string](p, "document.querySelector('#totale-barra').textContent"); !strings.Contains(got, "3.281,80") {
		t.Errorf("the bar at the foot was left behind: %s", got)
	}
}

func TestExplain(t *testing.T) {
	s := newSite(t)
	p := s.form(t)
	button := "#spiega-" + renewaltest.Registro
	p.Click(button)
	p.WaitText("#x-"+renewaltest.Registro, "Perché")
	p.Check("scuola-modulo-spiega")
	if got := browser.Eval[string](p, "document.activeElement.id"); "#"+got != button {
		t.Errorf("the focus went to %q", got)
	}
	p.Click("#" + renewaltest.Libri)
	p.WaitText("#segno-"+renewaltest.Libri, "")
	p.WaitText("#somme", "2.698,75")
	p.Click(button)
	p.WaitFor(`!document.querySelector("#x-` + renewaltest.Registro + `")`)
	p.Click("#annulla")
	p.WaitText("#chiedi", "Annullare le modifiche?")
	if status := p.Follow("#chiedi .btn-primary"); status != 200 {
		t.Fatalf("status %d", status)
	}
	if browser.Eval[bool](p, `!document.querySelector("#`+renewaltest.Libri+`").checked`) {
		t.Error("the products of the proposal did not come back")
	}
}

func TestWithoutJavaScript(t *testing.T) {
	s := newSite(t)
	if err := s.Renewals.ChooseBand(t.Context(), s.A.Actor, s.A.Request, 2); err != nil {
		t.Fatal(err)
	}
	p := chromium.Open(t, s.URL)
	p.NoJavaScript()
	p.Go(s.Path)
	p.Type("#cig", renewaltest.GoodCIG)
	p.Click("#" + renewaltest.Libri)
	if status := p.Follow("noscript button"); status != 200 {
		t.Fatalf("status %d", status)
	}
	if got := p.Text("#somme"); !strings.Contains(got, "2.698,75") {
		t.Errorf("not recalculated: %s", got)
	}
	p.Follow("#spiega-" + renewaltest.Registro)
	if got := p.Text("#x-" + renewaltest.Registro); !strings.Contains(got, "Perché") {
		t.Errorf("no explanation: %s", got)
	}
	p.Screenshot("scuola-modulo-senza-javascript")
	if got := browser.Eval[string](p, "location.hash"); got != "#riga-"+renewaltest.Registro {
		t.Errorf("the page came back at %q, not at the line", got)
	}
	p.Type("#numero", "214/2026")
	p.Type("#data", "16/11/2026")
	p.Choose("#pagamento", "30")
	p.Click("#accetta")
	if status := p.Follow("button[value=conferma]"); status != 200 {
		t.Fatalf("status %d", status)
	}
	if got := p.Text("h2"); !strings.Contains(got, "Conferma n. 1 ricevuta") {
		t.Errorf("after the confirmation: %s", got)
	}
}

// The page moves from «in preparazione» to the signed contract by itself, and the focus stays where it is.
func TestTheContractComesByItself(t *testing.T) {
	s := newSite(t)
	s.Confirm(t, s.A, renewaltest.Order(), renewaltest.StartTicks()...)
	if _, err := s.Contracts.Process(t.Context(), s.Clerk, s.A.Request, 1); err != nil {
		t.Fatal(err)
	}
	tabs := map[string]*browser.Page{}
	for path, name := range map[string]string{s.Path: "in-preparazione", "/contratti": "contratti-in-preparazione", "/area": "area-in-preparazione"} {
		p := chromium.Open(t, s.URL)
		p.Go(path)
		p.Check("scuola-" + name)
		browser.Eval[bool](p, `(document.querySelector("nav a").focus(), true)`)
		tabs[path] = p
	}
	if err := s.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, p := range tabs {
		p.WaitFor(`!document.querySelector("main [hx-get]")`)
		if got := p.Text("main"); strings.Contains(got, "in preparazione") || !strings.Contains(got, "firmato") {
			t.Errorf("%s came to rest with %s", path, got)
		}
		if got := p.Text("main [role=status]"); !strings.Contains(got, "firmato") {
			t.Errorf("%s says %q", path, got)
		}
		if !browser.Eval[bool](p, `document.activeElement.matches("nav a")`) {
			t.Errorf("%s moved the focus", path)
		}
	}
}

// Messages go as their fields are mended, appear where a field was left wrong, and leave the focus where it is.
func TestMessagesComeAndGo(t *testing.T) {
	s := newSite(t)
	p := s.form(t)
	p.Type("#cig", "B4")
	p.Press("\t")
	p.WaitText("#cig-msg", "10 caratteri")
	if !browser.Eval[bool](p, `document.querySelector("#cig").getAttribute("aria-invalid") === "true" && document.querySelector("#cig").closest(".rn-field").matches(".has-bad")`) {
		t.Error("the field is not marked")
	}
	if n := p.Count(".rn-msg"); n != 1 {
		t.Errorf("%d messages, want that of the field that was left", n)
	}
	if status := p.Follow("button[value=conferma]"); status != 422 {
		t.Fatalf("status %d", status)
	}
	before := p.Count("#errori li")
	p.Type("#numero", "214/2026")
	p.Press("\t")
	p.WaitFor(`!document.querySelector("#numero-msg .rn-msg")`)
	p.WaitFor(fmt.Sprintf(`document.querySelectorAll("#errori li").length === %d`, before-1))
	if got := browser.Eval[string](p, "document.activeElement.hash"); got != "#numero-ordine" { // the help below the field
		t.Errorf("the focus went to %q", got)
	}
	if browser.Eval[bool](p, `document.querySelector("#numero").hasAttribute("aria-invalid") || document.querySelector("#numero").closest(".rn-field").matches(".has-bad")`) {
		t.Error("the field is still marked")
	}
	p.Check("scuola-modulo-si-corregge")
	browser.Eval[bool](p, `(document.querySelector("#cig").value = "", true)`)
	p.Type("#cig", renewaltest.OddCIG)
	p.Press("\t")
	p.WaitText("#cig-msg", "errore di battitura")
	p.Click("#cig-msg input")
	p.WaitFor(`!document.querySelector("#errori").innerText.includes("CIG")`)
	if !browser.Eval[bool](p, `document.querySelector("#cig-msg input").checked`) {
		t.Error("the tick was undone")
	}
	p.Type("#data", "16/11/2026")
	p.Choose("#pagamento", "30")
	p.Click("#accetta")
	p.WaitFor(`!document.querySelector("#errori").innerText.trim() && !document.querySelector(".rn-msg.is-bad")`)
	if status := p.Follow("button[value=conferma]"); status != 200 {
		t.Fatalf("status %d", status)
	}
}
