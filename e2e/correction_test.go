package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"rinnova/e2e/browser"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/mail"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/surf"
)

// mailsTo are the subjects of the mails to an address, sorted.
func (p *program) mailsTo(t *testing.T, address string) []string {
	t.Helper()
	page, err := p.Mailbox.List(t.Context(), mail.Query{})
	check(t, err)
	var out []string
	for _, m := range page.Messages {
		if strings.Contains(m.To, address) {
			out = append(out, m.Subject)
		}
	}
	slices.Sort(out)
	return out
}

// correction is the newest correction of a school.
func (p *program) correction(t *testing.T, code string) *school.Correction {
	t.Helper()
	items, err := p.SchoolStore.ItemsOfSchool(t.Context(), p.school(t, code).ID, 1)
	check(t, err)
	if len(items) == 0 {
		t.Fatalf("%s has asked for nothing", code)
	}
	c, err := p.SchoolStore.Correction(t.Context(), items[0].CorrectionID)
	check(t, err)
	return c
}

// TestACorrectionByItsPages goes from the page of the band to the contract: the school asks, goes on with its renewal, the
// office sees that something waits, decides, the school hears of it, the contract has what was accepted.
func TestACorrectionByItsPages(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00007"
		old := p.school(t, code)
		v := p.enters(t, code)
		v.reads("Qualcosa non è giusto?")
		v.follow("Proponi una correzione")
		v.pressFor(http.StatusUnprocessableEntity, "Invia la correzione", surf.Values{"tax_code": {"80006890647"}, "email": {"due@indirizzi.example, tre@indirizzi.example"}})
		v.reads("La correzione non è partita", "Non è un indirizzo di posta", "L’ultima cifra non corrisponde", "È giusto così, l’ho controllato")
		v.pressFor(http.StatusUnprocessableEntity, "Invia la correzione", surf.Values{"email": {"Nuova@Scuola.example"}})
		v.reads("Controllate i dati segnati")
		v.press("Invia la correzione", surf.Values{"controllato": {"cf.check:80006890647"}, "website": {"www.scuola.example"}, "note": {"Vale dal\n1° settembre."}})
		v.at("Dati della scuola")
		v.reads("3 correzioni in attesa del nostro ufficio", "Chiesto: nuova@scuola.example", old.Email, "Vai al rinnovo")
		if now := p.school(t, code); now != old {
			t.Errorf("asking has changed the school: %+v", now)
		}
		p.confirms(t, code, orderOf(1))

		clerk := p.login(t, clerkOne)
		clerk.open(renewalweb.WorkListPath + "/" + p.request(t, code).ID)
		clerk.reads("C’è una correzione da decidere")
		if nav := clerk.Page.Text("header nav"); !strings.Contains(nav, "Correzioni 5") {
			t.Errorf("the navigation does not count the corrections: %s", nav)
		}
		clerk.follow("Guardatela prima di elaborare")
		clerk.reads("Chiesta da "+supervisor(code), "Vale dal 1° settembre.", "La scuola l’ha visto e confermato.", "nuova@scuola.example")
		clerk.pressFor(http.StatusUnprocessableEntity, "Registra le decisioni", nil)
		clerk.reads("Scegliete per almeno un dato")
		choice := surf.Values{"decision-email": {"accetta"}, "decision-tax_code": {"rifiuta"}, "decision-website": {"accetta"}}
		clerk.pressFor(http.StatusUnprocessableEntity, "Registra le decisioni", choice)
		clerk.reads("Scrivete il motivo")
		clerk.press("Registra le decisioni", surf.Values{"reason-tax_code": {"Non è quello del certificato."}})
		clerk.reads("Decisa", "Operatore Uno", "Non è quello del certificato.")
		p.work(t)

		now := p.school(t, code)
		if now.Email != "nuova@scuola.example" || now.Website != "www.scuola.example" || now.TaxCode != old.TaxCode {
			t.Errorf("the school is %+v", now)
		}
		const changed, decided = "L’indirizzo e-mail della scuola nel portale è cambiato", "Correzione dei dati della scuola: 2 su 3 accettate"
		if got := p.mailsTo(t, old.Email); !slices.Equal(got, []string{changed, "Richiesta n. " + p.request(t, code).Number + " ricevuta, conferma n. 1"}) {
			t.Errorf("mails to the old address: %q", got)
		}
		if got := p.mailsTo(t, now.Email); !slices.Equal(got, []string{decided, changed}) {
			t.Errorf("mails to the new address: %q", got)
		}
		v.open(schoolweb.DataPath)
		v.reads("Accettata", "Corretto da voi", "Non accettata", "Motivo: Non è quello del certificato.")

		v.open(eventweb.SchoolPath)
		v.reads("Correzione dei dati accettata", "E-mail istituzionale", "prima: «"+old.Email+"»", "dopo: «nuova@scuola.example»", "motivo: «Non è quello del certificato.»")

		c := p.process(t, code)
		if c.Document.School.Email != now.Email || c.Document.School.TaxCode != old.TaxCode {
			t.Errorf("the contract is with %+v", c.Document.School)
		}
	})
}

// TestCorrectionsOfOthers holds that a form that names another school's things changes nothing of the other school.
func TestCorrectionsOfOthers(t *testing.T) {
	p := onSQLite(t)
	v := p.login(t, supervisor(stranger))
	other := p.school(t, editable)
	status, _ := v.post(schoolweb.CorrectPath, map[string]string{"website": "www.rubato.example", "school_id": other.ID, "id": other.ID, "SchoolID": other.ID})
	if status != http.StatusSeeOther {
		t.Fatalf("status %d", status)
	}
	if c := p.correction(t, stranger); c.SchoolID != p.school(t, stranger).ID || len(c.Items) != 1 {
		t.Errorf("%+v", c)
	}
	if items, err := p.SchoolStore.ItemsOfSchool(t.Context(), other.ID, 1); err != nil || len(items) > 0 {
		t.Errorf("the other school has %v, %v", items, err)
	}
}

// TestClerksDecideAtOnce lets two clerks send the same page: one wins, the other sees what the first did and keeps what was
// chosen.
func TestClerksDecideAtOnce(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		c := p.correction(t, "SG00010")
		was := p.school(t, "SG00010").Email
		yes := act{p.login(t, clerkOne), schoolweb.ShowPath(c.ID), map[string]string{"decision-email": "accetta", "today-email": was}}
		no := act{p.login(t, clerkTwo), schoolweb.ShowPath(c.ID), map[string]string{"decision-email": "rifiuta", "reason-email": "no", "today-email": was}}
		answers := atOnce(t, yes, no)
		won := 0
		for _, a := range answers {
			switch {
			case a.status == http.StatusSeeOther:
				won++
			case a.status != http.StatusConflict:
				t.Errorf("status %d", a.status)
			}
		}
		accepted := p.school(t, "SG00010").Email == "segreteria@scuola.example"
		if won != 1 || accepted != (answers[0].status == http.StatusSeeOther) {
			t.Errorf("%d win, accepted is %v: %+v", won, accepted, answers)
		}
	})
}

// A school and a clerk in a real browser, by keyboard where it matters.
func TestACorrectionInABrowser(t *testing.T) {
	p := onSQLite(t)
	for _, script := range []bool{true, false} {
		b := p.tab(t)
		if !script {
			b.NoJavaScript()
		}
		b.Go(schoolweb.CorrectPath)
		b.enter(supervisor("SG00007"))
		b.Type("#office_code", "UFK3Z")
		b.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
		b.reads("Il codice univoco ha 6 caratteri, lettere e cifre. Qui sono 5.")
		if got := browser.Eval[string](b.Page, "document.querySelector('#office_code').value"); got != "UFK3Z" {
			t.Errorf("what was typed came back as %q", got)
		}
		if script && !browser.Eval[bool](b.Page, `document.activeElement.matches("[data-focus]")`) {
			t.Error("the summary of errors has not got the focus")
		}
		value := map[bool]string{true: "UFK3ZR", false: "UFK3ZS"}[script]
		b.Type("#office_code", value)
		b.follow("main form .btn-primary")
		b.reads("Una correzione in attesa", "Chiesto: "+value)
		b.leave()

		b.Go(schoolweb.ShowPath(p.correction(t, "SG00007").ID))
		b.enter(clerkOne)
		if script {
			browser.Eval[bool](b.Page, `(document.querySelector("[name=decision-office_code]:checked").focus(), true)`)
			b.Press(kb.ArrowRight) // past the last answer: the first, «Accetta»
			b.Press(kb.Enter)
			b.WaitText("main", "Operatore Uno")
		} else {
			b.Click("input[value=accetta]")
			b.follow("main form button.btn-primary")
		}
		b.reads("Accettata", "Decisa")
		if got := p.school(t, "SG00007").OfficeCode; got != value {
			t.Errorf("the school has %q", got)
		}
		b.leave()
	}
}

// corrections looks at the pages of corrections in their states, as the school and as the office.
func (w *walk) corrections() {
	const code = "SG00012"
	w.Go(schoolweb.DataPath)
	w.enter(supervisor(code))
	w.check("dati")
	w.look(schoolweb.CorrectPath, "correzione")
	w.Type("#tax_code", "80006890647")
	w.Type("#email", "senza chiocciola")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("correzione-errori")
	w.Type("#email", "segreteria.didattica@istituto-comprensivo-esempio.example")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("correzione-avvisi")
	w.Click("input[name=controllato]")
	w.Type("#address", "Via Giovanni Paolo II 88/A")
	w.Type("#website", "www.istituto-comprensivo-esempio.example/segreteria")
	w.write("#note", "L’indirizzo vale dal 1° settembre.\nIl codice fiscale è sul certificato.")
	w.follow("main form .btn-primary")
	w.check("dati-in-attesa")
	w.followFor(http.StatusOK, "main .rn-title .btn-primary")
	w.check("correzione-in-attesa")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("correzione-niente")
	w.leave()
	w.correctionsOfTheOffice(code)
	w.Go(schoolweb.DataPath)
	w.enter(supervisor(code))
	w.check("dati-decisi")
	w.leave()
}

// write puts text of several lines into an empty field.
func (w *walk) write(css, text string) {
	w.t.Helper()
	browser.Eval[bool](w.Page, fmt.Sprintf(`(document.querySelector(%q).value = %q, true)`, css, text))
}

func (w *walk) correctionsOfTheOffice(code string) {
	w.Go(schoolweb.OfficePath)
	w.enter(clerkOne)
	w.check("ufficio-correzioni")
	w.look(schoolweb.OfficePath+"?vista=decise", "ufficio-correzioni-nessuna")
	w.look(schoolweb.OfficePath+"?cerca=nessuno", "ufficio-correzioni-cerca")
	c := w.p.correction(w.t, code)
	w.look(schoolweb.ShowPath(c.ID), "ufficio-correzione")
	w.Click("[name=decision-tax_code][value=rifiuta]")
	w.followFor(http.StatusUnprocessableEntity, "main form button.btn-primary")
	w.check("ufficio-correzione-motivo")
	other := w.p.school(w.t, code)
	other.Website = "www.altro.example"
	check(w.t, w.p.SchoolStore.Update(w.t.Context(), other))
	w.Click("[name=decision-website][value=accetta]")
	w.Click("[name=decision-tax_code][value='']")
	w.followFor(http.StatusConflict, "main form button.btn-primary")
	w.check("ufficio-correzione-cambiata")
	w.Click("[name=decision-tax_code][value=rifiuta]")
	w.write("#reason-tax_code", "La cifra di controllo non torna.\nMandateci il certificato dell’Agenzia delle Entrate.")
	w.Click("[name=decision-email][value=accetta]")
	w.Click("[name=decision-address][value=accetta]")
	w.follow("main form button.btn-primary")
	w.check("ufficio-correzione-decisa")
	w.look(renewalweb.WorkListPath+"/"+w.p.request(w.t, "SG00008").ID, "ufficio-richiesta-correzione")
	w.leave()
}
