package renewalweb_test

import (
	"net/url"
	"strings"
	"testing"

	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// oddAck is the doubt about an odd CIG, as a school confirms it.
const oddAck = "cig.check:" + renewaltest.OddCIG

// sentBack is a site whose first school has confirmed an odd CIG, and has got it back.
func sentBack(t *testing.T) *site {
	t.Helper()
	s := began(t)
	s.post(s.path(), with(filled(), "cig", renewaltest.OddCIG, "controllato", oddAck)).wantRedirect(t, s.path()+"/conferma/1")
	if err := s.Renewals.Return(t.Context(), s.Clerk, s.A.Request, 1, "Il CIG è di un’altra scuola.\nControllate."); err != nil {
		t.Fatal(err)
	}
	return s
}

// done are the steps that a list shows as done.
func (a answer) done(list string) string { return a.text(list + " li.ok") }

// What the office has sent back is not shown as done, and its doubts are asked again; confirming it as it was is asked for.
func TestConfirmingWhatWasSentBack(t *testing.T) {
	s := sentBack(t)
	if got := s.get("/area").done("#adesso .rn-next"); got != "" {
		t.Errorf("the home shows as done: %s", got)
	}
	form := s.get(s.path())
	form.want(t, 200, "Il CIG è di un’altra scuola. Controllate.", "Se invece va bene così", "È quello che l’ufficio ha rimandato, la conferma n. 1.")
	if got := form.done("#da-fare"); got != "" {
		t.Errorf("the form shows as done: %s", got)
	}
	if form.Find("input[name=controllato]").Length() != 1 || form.Find("input[name=controllato][checked]").Length() != 0 {
		t.Error("the doubt is not asked again")
	}
	if form.Find("#conferma-dati.btn-primary").Length() != 0 {
		t.Error("confirming what was sent back is what the page puts first")
	}

	again := with(form.values(), "azione", "conferma", "accetta", "1", "controllato", oddAck, "risposta", "L’abbiamo chiesto noi:\nè giusto.")
	back := s.post(s.path(), again)
	back.want(t, 422, "È tutto come nella conferma n. 1, che l’ufficio ha rimandato.")
	if got := back.Find("textarea[name=risposta]").Text(); strings.ReplaceAll(got, "\r", "") != "L’abbiamo chiesto noi:\nè giusto." {
		t.Errorf("the answer came back as %q", got)
	}
	if back.Find(`[role=alert] a[href="#come_prima"]`).Length() != 1 || back.Find("#come_prima").Length() != 1 {
		t.Error("no way to the question")
	}
	long := s.post(s.path(), with(again, "risposta", strings.Repeat("è", renewal.MaxReply+1), "come_prima", "1"))
	long.want(t, 422, "La risposta ha al massimo 600 caratteri: qui sono 601.")
	if got := long.message("risposta"); got == "" {
		t.Error("nothing beside the field")
	}

	s.post(s.path(), with(again, "risposta", "È giusto.", "come_prima", "1")).wantRedirect(t, s.path()+"/conferma/2")
	for _, page := range []string{s.path() + "/conferma/2", s.path() + "/conferme"} {
		s.get(page).want(t, 200, "L’ufficio aveva scritto Il CIG è di un’altra scuola. Controllate.", "La scuola risponde È giusto.")
	}
	after := s.get(s.path())
	if after.Find("#risposta, #come_prima").Length() != 0 || after.Find("input[name=controllato]:not([checked])").Length() != 0 {
		t.Error("the form still asks what was answered")
	}
}

// Who corrects is asked nothing more, with a script or without.
func TestCorrectingWhatWasSentBack(t *testing.T) {
	s := sentBack(t)
	fixed := with(s.get(s.path()).values(), "cig", renewaltest.GoodCIG, "azione", "")
	part := s.post(s.path(), fixed, "HX-Request", "true")
	part.want(t, 200, "Sarà la conferma n. 2 e sostituirà la n. 1.")
	if part.Find("#come_prima").Length() != 0 || part.Find(`hx-partial[hx-target="#conferma-dati"] .btn-primary`).Length() != 1 {
		t.Errorf("the parts still ask: %s", part.Body)
	}
	s.post(s.path(), with(fixed, "azione", "conferma", "accetta", "1")).wantRedirect(t, s.path()+"/conferma/2")
	s.get(s.path()+"/conferma/2").want(t, 200, "La scuola risponde –")
}

// A page that was open before the request was sent back does not confirm: first the reason is read. Nothing typed is lost.
func TestSentBackMeanwhile(t *testing.T) {
	s := sentBack(t)
	stale := with(filled(), "visto", "1", "cig", renewaltest.OddCIG, "controllato", oddAck, "numero", "99/2026")
	a := s.post(s.path(), stale)
	a.want(t, 409, "Nel frattempo l’ufficio ha rimandato la richiesta", "Il CIG è di un’altra scuola.")
	if a.value("numero") != "99/2026" || a.value("rimandata") != "1" || a.Find("input[name=controllato][checked]").Length() != 0 {
		t.Errorf("number %q, sent back %q, or the doubt is still confirmed", a.value("numero"), a.value("rimandata"))
	}
	part := s.post(s.path(), with(stale, "azione", ""), "HX-Request", "true")
	part.want(t, 409, "Nel frattempo l’ufficio ha rimandato la richiesta: quello che scrivete qui non viene più salvato.")
	if r := s.Request(t, s.A); r.Revision != 1 || r.Draft.Order.Number != "214/2026" || len(r.Draft.Order.Acknowledged) != 0 {
		t.Errorf("confirmation %d, draft %+v", r.Revision, r.Draft)
	}
	s.post(s.path(), with(a.values(), "azione", "conferma", "accetta", "1", "controllato", oddAck)).wantRedirect(t, s.path()+"/conferma/2")
	for _, odd := range []string{"", "x", "-1", "99999999999999999999"} {
		s.post(s.path(), with(filled(), "visto", "2", "rimandata", odd, "azione", "esci")).want(t, 409)
	}
}

// Who has taken a notice back confirms what stood before, without a question: the office has opened the request as it was asked to.
func TestReopenedIsNotSentBack(t *testing.T) {
	s := sentBack(t)
	sure := url.Values{"perche": {string(renewal.TooDear)}, "sicuri": {"1"}, "visto": {"1"}}
	s.post(s.path()+"/non-rinnovate", sure)
	if err := s.Renewals.Reopen(t.Context(), s.Clerk, s.A.Request); err != nil {
		t.Fatal(err)
	}
	form := s.get(s.path())
	if form.Find("#risposta, #come_prima").Length() != 0 {
		t.Error("the form asks for an answer to nobody")
	}
	s.post(s.path(), with(form.values(), "azione", "conferma", "accetta", "1", "controllato", oddAck)).wantRedirect(t, s.path()+"/conferma/2")
}

// What is confirmed is complete, whatever others confirm afterwards: the form says so, and puts nothing first until something changes.
func TestNothingIsMissingAfterAConfirmation(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled()).wantRedirect(t, s.path()+"/conferma/1")
	other := s.Join(t)
	same := renewaltest.Order()
	same.Acknowledged = []string{renewal.SharedCIG + ":" + renewaltest.GoodCIG}
	s.Confirm(t, other, same, renewaltest.Alunni)
	s.Now = s.Now.AddDate(0, 0, 1)

	if got := s.get("/area"); got.Find(".rn-todo .no").Length() != 0 {
		t.Errorf("the home shows something as missing: %s", got.text(".rn-todo"))
	}
	form := s.get(s.path())
	form.want(t, 200, "Tutto confermato", "Vale la conferma n. 1 del 20/11/2026", "Le avete accettate con la conferma n. 1, versione 2027-01.")
	if strings.Contains(form.text("main"), "Prima di confermare") || form.Find(".rn-todo, .rn-msg, .btn-primary").Length() != 0 {
		t.Errorf("something is missing, doubted or put first: %s", form.text("#riepilogo"))
	}
	changed := with(filled(), "visto", "1", "numero", "99/2026", "azione", "")
	part := s.post(s.path(), changed, "HX-Request", "true")
	part.want(t, 200, "Prima di confermare", "CIG: da controllare", "Accettare le condizioni")
	if got := part.text(`hx-partial[hx-target="#cig-msg"]`); !strings.Contains(got, "È giusto così") {
		t.Errorf("the doubt does not come beside its field: %q", got)
	}
	if part.Find(`hx-partial[hx-target="#conferma-dati"] .btn-primary`).Length() != 1 {
		t.Error("with a change the confirmation is what comes next")
	}
	undone := s.post(s.path(), with(filled(), "visto", "1", "azione", ""), "HX-Request", "true")
	undone.want(t, 200, "Tutto confermato")
	if undone.Find(`hx-partial[hx-target="#cig-msg"]`).Length() != 1 || undone.text(`hx-partial[hx-target="#cig-msg"]`) != "" {
		t.Error("the doubt stays although nothing is changed any more")
	}
}

// A doubt that was confirmed stays confirmed while other things are changed.
func TestConfirmedDoubtsStay(t *testing.T) {
	s := began(t)
	s.post(s.path(), with(filled(), "cig", renewaltest.OddCIG, "controllato", oddAck)).wantRedirect(t, s.path()+"/conferma/1")
	form := s.get(s.path())
	if form.Find("input[name=controllato][checked]").Length() != 1 || strings.Contains(form.text("main"), "Prima di confermare") {
		t.Fatalf("the doubt that was confirmed is gone, or open: %s", form.text("#ordine"))
	}
	part := s.post(s.path(), with(form.values(), "numero", "99/2026", "azione", ""), "HX-Request", "true")
	if got := part.done(`hx-partial[hx-target="#da-fare"]`); got != "Dati dell’ordine" {
		t.Errorf("done is %q", got)
	}
}

// The reasons for having no CIG begin with what an order of software can have; each says what it means.
func TestExclusionsInOrder(t *testing.T) {
	s := began(t)
	a := s.get(s.path())
	groups := a.Find("select[name=esclusione] optgroup")
	if groups.Length() != 2 || groups.First().Find("option").Length() != 1 || a.Find("select[name=esclusione] option").Length() != 28 {
		t.Fatalf("%d groups, %d options", groups.Length(), a.Find("select[name=esclusione] option").Length())
	}
	if got := groups.First().Find("option").Text(); got != "ES24 – spese economali: minute spese, con il fondo economale" {
		t.Errorf("first comes %q", got)
	}
	for _, o := range a.Find("select[name=esclusione] option").EachIter() {
		if code, _ := o.Attr("value"); code != "" && len(o.Text()) < len(code)+10 {
			t.Errorf("%q does not say what it means", o.Text())
		}
	}
	s.post(s.path(), with(filled(), "cig", "", "esclusione", "ES24", "motivo", "minuta spesa")).wantRedirect(t, s.path()+"/conferma/1")
}
