package e2e_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/demo"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/surf"
)

// TestMainJob goes from the home page to the signed contract in the school's archive, as a school and a clerk do it, with
// the detours that they take.
func TestMainJob(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		j := &job{program: p, t: t, code: "SG00007"} // Convitto Annesso al «Turi» Matera
		j.entersAndChoosesBand()
		j.recalculates()
		j.leavesAndComesBack()
		j.undoes()
		j.printsReminder()
		j.confirms()
		j.changesAndConfirmsAgain()
		j.isReturnedAndCorrected()
		j.isProcessed()
		j.isFrozen()
		j.othersAreProcessedInBulk()
		j.numbersHaveNoGap()
		pdf := j.downloadsTheContract()
		j.contractSaysItAll(pdf)
		j.contractIsSigned(pdf)
		j.contractCameByMail(pdf)
		j.anybodyCanCheckIt(pdf)
	})
}

// job is the renewal of one school.
type job struct {
	*program
	t      *testing.T
	code   string
	school *person
	clerk  *person
	first  *surf.Page // the form as it was first sent
}

func (j *job) entersAndChoosesBand() {
	j.school = j.enters(j.t, j.code)
	j.school.reads("Convitto Annesso al «Turi» Matera", "Via Castello 19, 75100 Matera (MT)")
	j.school.choosesBand("2")
	j.school.at("Rinnovo 2027")
	j.school.reads("In compilazione", "Convitto Annesso al «Turi» Matera")
	j.sumsAre(j.view(j.t, j.code).Proposal.StartTicks())
}

// sumsAre holds that the page shows the sums of these ticks in the band 2.
func (j *job) sumsAre(ticks renewal.Ticks) {
	j.t.Helper()
	x := j.view(j.t, j.code).Proposal.Totals(2, ticks)
	got := j.school.sums()
	for label, want := range map[string]string{
		"Inclusi nel tetto": locale.Euro(x.Included), "Riduzione per il tetto": locale.Euro(-x.Reduction), "Esclusi dal tetto": locale.Euro(x.Excluded),
		"Importo da fatturare": locale.Euro(x.Taxable), "IVA 22%": locale.Euro(x.VAT), "Totale": locale.Euro(x.Total),
	} {
		if tight(got[label]) != tight(want) {
			j.t.Errorf("%s: %s is %q, want %q", j.school.Page.URL, label, got[label], want)
		}
	}
}

func (j *job) recalculates() {
	before := j.school.ticked()
	left := without(before, before[0])
	j.school.press("Ricalcola", surf.Values{renewal.FieldLines: left})
	j.sumsAre(renewal.NewTicks(left...))
	j.school.press("Spiega", nil) // of the first line, which is not ticked
	j.school.reads("Perché €", "Listino 2027", "Se lo rinnovate")
	j.sumsAre(renewal.NewTicks(left...))
}

// leavesAndComesBack holds that everything typed is kept, also what is wrong; but for what nobody sees at its edges.
func (j *job) leavesAndComesBack() {
	left := j.school.ticked()
	typed := surf.Values{renewal.FieldCIG: {"B90 forse"}, renewal.FieldNumber: {"  7/2026"}, renewal.FieldDate: {"31/02/2026"}, renewal.FieldPayment: {"60"}}
	j.school.press("Esci", typed)
	j.school.at("Convitto Annesso al «Turi» Matera")
	j.school.reads("In compilazione", "la bozza è del 20/11/2026, ore 10:51")
	j.school.follow("Continua il rinnovo")
	j.sumsAre(renewal.NewTicks(left...))
	for name, want := range map[string]string{renewal.FieldCIG: "B90 forse", renewal.FieldNumber: "7/2026", renewal.FieldDate: "31/02/2026"} {
		if got := j.school.Page.Values(name); len(got) != 1 || got[0] != want {
			j.t.Errorf("%s was kept as %q, want %q", name, got, want)
		}
	}
	if got := j.school.Page.Doc.Find("select[name=pagamento] option[selected]").AttrOr("value", ""); got != "60" {
		j.t.Errorf("the payment was kept as %q", got)
	}
	j.school.reads("Il CIG ha 10 caratteri", "Febbraio 2026 ha 28 giorni")
}

func (j *job) undoes() {
	j.school.press("Annulla modifiche", nil)
	j.school.reads("Annullare le modifiche?", "Tornano i prodotti della proposta")
	j.school.press("Annulla e torna alla proposta", nil)
	j.sumsAre(j.view(j.t, j.code).Proposal.StartTicks())
	if got := j.school.Page.Values(renewal.FieldNumber); got[0] != "7/2026" {
		j.t.Errorf("the order's number did not stay: %q", got)
	}
}

func (j *job) printsReminder() {
	form := j.school.Page
	j.school.press("Stampa promemoria", orderOf(1))
	page := j.school.Page
	if got := page.Header.Get("Content-Type"); got != "application/pdf" {
		j.t.Fatalf("the reminder is %s", got)
	}
	v := j.view(j.t, j.code)
	text := paperText(j.t, page.Body)
	written(j.t, "the reminder", text)
	says(j.t, text, "Promemoria della richiesta", "Non è un contratto", "In compilazione: non ancora inviata", "Convitto Annesso al «Turi» Matera", demo.CIG(1), "da 501 a 1000 alunni")
	says(j.t, text, amountsOf(v.Totals())...)
	j.school.Page = form
}

func (j *job) confirms() {
	j.school.pressFor(http.StatusUnprocessableEntity, "Conferma dati", with(orderOf(1), surf.Values{renewal.FieldAccept: nil, renewal.FieldNumber: nil}))
	j.school.reads("La richiesta non è ancora inviata", "Manca il numero dell’ordine", "Per confermare occorre accettare le condizioni")
	if r := j.request(j.t, j.code); r.Revision != 0 || r.State != renewal.Drafted {
		j.t.Fatalf("a refused confirmation left %s, n. %d", r.State, r.Revision)
	}
	j.first = j.school.Page
	j.school.press("Conferma dati", orderOf(1))
	j.receiptIs(1)
	j.school.Page = j.first
	j.school.press("Conferma dati", orderOf(1)) // pressed twice
	j.receiptIs(1)
	if n := len(j.mails("ricevuta, conferma n. 1")); n != 1 {
		j.t.Errorf("%d receipts of confirmation n. 1, want 1", n)
	}
}

// receiptIs holds that the page is the receipt of a confirmation, with its sums.
func (j *job) receiptIs(n int) {
	j.t.Helper()
	j.school.reads(fmt.Sprintf("Conferma n. %d ricevuta", n), "Per la scuola è tutto fatto")
	v := j.view(j.t, j.code)
	if v.Request.Revision != n || v.Request.State != renewal.Submitted {
		j.t.Fatalf("the request is %s, n. %d; want submitted, n. %d", v.Request.State, v.Request.Revision, n)
	}
	j.sumsAre(v.Request.Ticks())
}

// mails are those to the school whose subject contains words, once all due mail has left.
func (j *job) mails(words string) []mail.Stored {
	j.t.Helper()
	j.work(j.t)
	to := j.program.school(j.t, j.code).Email
	page, err := j.Mailbox.List(j.t.Context(), mail.Query{Words: to, Limit: 100})
	check(j.t, err)
	var out []mail.Stored
	for _, m := range page.Messages {
		if strings.Contains(m.Subject, words) {
			whole, err := j.Mailbox.Message(j.t.Context(), m.Key)
			check(j.t, err)
			written(j.t, "a mail", whole.Subject+whole.Text)
			out = append(out, whole)
		}
	}
	return out
}

func (j *job) changesAndConfirmsAgain() {
	j.clock.Advance(24 * time.Hour)
	j.school = j.login(j.t, supervisor(j.code)) // the session ended during the night
	j.school.open(renewalweb.CurrentPath)
	left := without(j.school.ticked(), j.line("ORA")) // the rest is still above the cap
	change := surf.Values{renewal.FieldNumber: {"201/2026 bis"}, renewal.FieldLines: left}
	j.school.press("Ricalcola", change)
	j.school.reads("Modifiche non confermate", "Vale ancora la conferma n. 1", "tolto ora")
	j.school.open(renewalweb.AreaPath)
	j.school.reads("modifiche non confermate", "Vale ancora la conferma n. 1", "201/2026 bis (era 201/2026)")
	j.school.follow("Continuate e confermate")
	j.school.press("Conferma dati", surf.Values{renewal.FieldAccept: {"1"}})
	j.receiptIs(2)
	j.school.reads("Questa conferma sostituisce la n. 1")
	got := j.mails("ricevuta, conferma n. 2")
	if len(got) != 1 || !strings.Contains(got[0].Text, "201/2026 bis (era 201/2026)") || !strings.Contains(got[0].Text, "Tolto") {
		j.t.Errorf("the receipt of n. 2: %+v", got)
	}
}

// line is the id of the line of a product in the school's proposal.
func (j *job) line(product string) string {
	j.t.Helper()
	for _, l := range j.view(j.t, j.code).Proposal.Lines {
		if l.Product == product {
			return l.ID
		}
	}
	j.t.Fatalf("%s is not offered %s", j.code, product)
	return ""
}

// finds opens the request of the school from the office's work list.
func (j *job) finds() {
	j.t.Helper()
	j.clerk.open(renewalweb.WorkListPath + "?vista=tutte&cerca=" + j.code)
	row := j.clerk.Page.Doc.Find("tbody th a")
	if row.Length() != 1 {
		j.t.Fatalf("the work list finds %d requests of %s", row.Length(), j.code)
	}
	j.clerk.open(row.AttrOr("href", ""))
	j.clerk.at("«Turi»")
}

func (j *job) isReturnedAndCorrected() {
	j.clerk = j.login(j.t, "operatore.uno")
	j.clerk.at("Richieste")
	j.finds()
	j.clerk.reads("Conferma n. 2", "201/2026 bis")
	j.clerk.press("Prendi in carico", nil)
	j.clerk.reads("Presa in carico", "in carico a Operatore Uno per la conferma n. 2")
	j.clerk.follow("Rimanda con motivo")
	j.clerk.pressFor(http.StatusUnprocessableEntity, "Rimanda la conferma n. 2", surf.Values{"motivo": {" \n "}})
	j.clerk.reads("Scrivete il motivo")
	const reason = "Il numero dell’ordine non è quello della determina: è «214/2026», non «201».\nCorreggetelo e confermate."
	j.clerk.press("Rimanda la conferma n. 2", surf.Values{"motivo": {reason}})
	j.clerk.reads("Rimandata alla scuola", "«214/2026»")
	if got := j.mails("da correggere"); len(got) != 1 || !strings.Contains(tight(got[0].Text), tight("è «214/2026», non «201».")) {
		j.t.Errorf("the mail with the reason: %+v", got)
	}
	j.school.open(renewalweb.AreaPath)
	j.school.reads("l’ufficio chiede una correzione", "«214/2026»")
	j.school.follow("Correggete la richiesta")
	j.school.reads("Correggetelo e confermate.")
	j.school.press("Conferma dati", surf.Values{renewal.FieldNumber: {"214/2026"}, renewal.FieldAccept: {"1"}})
	j.receiptIs(3)
}

func (j *job) isProcessed() {
	stale := j.clerk.Page
	j.finds()
	j.clerk.reads("Inviata", "È cambiata dopo la presa in carico", "214/2026 (era 201/2026 bis)")
	now := j.clerk.Page
	j.clerk.Page = stale // the page before the correction cannot process
	if err := j.clerk.Press("Elabora", nil); err == nil {
		j.t.Errorf("a returned request has a button that processes it: status %d", j.clerk.Page.Status)
	}
	j.clerk.Page = now
	j.clerk.follow("Elabora la conferma n. 3…") // it has changed since somebody took it in charge: asked about first
	j.clerk.press("Elabora lo stesso la conferma n. 3", nil)
	j.clerk.reads("Elaborata", "Contratto n. 2026/000001", "Il PDF è in preparazione")
	j.work(j.t)
	j.finds()
	j.clerk.reads("Scarica il PDF firmato", "Inviato a "+j.program.school(j.t, j.code).Email)
}

// isFrozen holds that nothing changes a processed request, from whatever page it is tried.
func (j *job) isFrozen() {
	before := j.request(j.t, j.code)
	id := before.ID
	j.school.open(renewalweb.RenewalPath(id))
	j.school.reads("Elaborata", "214/2026")
	if n := j.school.Page.Doc.Find("main form").Length(); n != 0 {
		j.t.Errorf("the page of a processed request has %d forms", n)
	}
	for _, button := range []string{"Conferma dati", "Ricalcola", "Esci", "Stampa promemoria"} {
		j.school.Page = j.first // a tab that was left open
		j.school.pressFor(http.StatusConflict, button, with(orderOf(9), surf.Values{renewal.FieldNumber: {"999"}}))
		j.school.reads("non è stato salvato", "già elaborata")
	}
	for _, path := range []string{"/fascia", "/annulla"} {
		status, _ := j.school.post(renewalweb.RenewalPath(id)+path, map[string]string{renewal.FieldBand: "4"})
		if status != http.StatusConflict {
			j.t.Errorf("POST %s: %d, want 409", path, status)
		}
	}
	for _, path := range []string{"/elabora", "/prendi", "/rimanda"} {
		status, body := j.clerk.post(renewalweb.WorkListPath+"/"+id+path, map[string]string{"conferma": "3", "motivo": "Ripensamento"})
		if status != http.StatusConflict || !strings.Contains(body, "già elaborata") {
			j.t.Errorf("POST %s: %d, want 409", path, status)
		}
	}
	if after := j.request(j.t, j.code); after.Version != before.Version {
		j.t.Errorf("a processed request was written: version %d became %d", before.Version, after.Version)
	}
}

// othersAreProcessedInBulk processes five requests at once. One loses its tax code after it was chosen and is stopped, one is confirmed again
// after it was chosen and is skipped, the others are not held up; the stopped one is tried again.
func (j *job) othersAreProcessedInBulk() {
	t := j.t
	for i, code := range []string{"SG00001", "SG00004", "SG00009", "SG00011", "SG00012"} {
		j.confirm(t, code, 10+i)
	}
	j.clerk.open(renewalweb.WorkListPath + "?vista=pronte")
	j.clerk.press("Elabora…", surf.Values{contractweb.FieldChosen: j.clerk.Page.Values(contractweb.FieldChosen)})
	j.clerk.at("Elaborare 5 richieste?")
	poor := j.program.school(t, "SG00004")
	code := poor.TaxCode
	poor.TaxCode = ""
	check(t, j.SchoolStore.Update(t.Context(), poor))
	again := orderOf(20)
	again[renewal.FieldNumber] = []string{"12/26 BIS"}
	j.program.confirms(t, "SG00012", again)
	j.clerk.press("Elabora le 5 richieste", nil)
	j.clerk.at("Elaborazione in blocco n. 1")
	j.clerk.reads("Potete chiudere questa pagina")
	j.work(t)
	j.clerk.open(j.clerk.Page.URL.Path)
	j.clerk.reads("5 di 5 richieste", "Da sistemare: 2", "Manca il codice fiscale nell’anagrafe della scuola.", "Nel frattempo la scuola ha inviato la conferma n. 2",
		"dal 2026/000002 al 2026/000004")

	poor.TaxCode = code
	check(t, j.SchoolStore.Update(t.Context(), poor))
	j.clerk.press("Riprova le fermate", nil)
	j.clerk.press("Elabora la richiesta", nil)
	j.work(t)
	j.clerk.open(j.clerk.Page.URL.Path)
	j.clerk.reads("1 di 1 richieste", "Nessuna richiesta si è fermata", "il 2026/000005")
	if r := j.request(t, "SG00012"); r.State != renewal.Submitted || r.Revision != 2 {
		t.Errorf("the skipped request is %s, n. %d; want submitted, n. 2", r.State, r.Revision)
	}
}

// numbersHaveNoGap holds that the contracts are 1 to 5, each once, signed and sent.
func (j *job) numbersHaveNoGap() {
	j.t.Helper()
	rows, err := j.Lists.List(j.t.Context(), "", "", 100, 0)
	check(j.t, err)
	got := map[string]contract.State{}
	for _, r := range rows {
		got[r.Number] = r.State
	}
	for n := 1; n <= 5; n++ {
		if s := got[fmt.Sprintf("2026/%06d", n)]; s != contract.Sent {
			j.t.Errorf("contract %d is %q, want sent", n, s)
		}
	}
	if len(rows) != 5 || len(got) != 5 {
		j.t.Errorf("%d contracts with %d numbers, want 5", len(rows), len(got))
	}
}

// downloadsTheContract takes the original from the archive, and the office's copy, which must be the same.
func (j *job) downloadsTheContract() []byte {
	j.school.open(renewalweb.AreaPath)
	j.school.reads("Rinnovo 2027: il contratto n. 2026/000001 è firmato", "Ultimi messaggi", "Contratto n. 2026/000001 firmato", "da correggere")
	j.school.follow("Tutti i contratti")
	j.school.reads("Periodi che cominciano nel 2027", "2026/000001")
	link := j.school.Page.Doc.Find(`a[href$=".pdf"]`).First().AttrOr("href", "")
	file, err := j.school.Fetch(link)
	check(j.t, err)
	if file.Status != http.StatusOK || file.Header.Get("Content-Type") != "application/pdf" || path.Base(link) != "contratto-2026-000001.pdf" {
		j.t.Fatalf("%s: %d %s", link, file.Status, file.Header.Get("Content-Type"))
	}
	j.finds()
	j.clerk.follow("Scarica il PDF firmato")
	if !bytes.Equal(j.clerk.Page.Body, file.Body) {
		j.t.Error("office and school get different files")
	}
	if c := j.contract(); c.File.SHA256 != sum(file.Body) || c.File.Size != int64(len(file.Body)) {
		j.t.Errorf("the file is %s, %d bytes; the row says %s, %d", sum(file.Body), len(file.Body), c.File.SHA256, c.File.Size)
	}
	return file.Body
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func (j *job) contract() *contract.Contract {
	j.t.Helper()
	c, err := j.Lists.ByRequest(j.t.Context(), j.request(j.t, j.code).ID)
	check(j.t, err)
	return c
}

func (j *job) contractSaysItAll(pdf []byte) {
	c := j.contract()
	d := c.Document
	text := paperText(j.t, pdf)
	written(j.t, "the contract", text)
	if len(d.Lines) < 8 {
		j.t.Fatalf("the contract has %d lines only", len(d.Lines))
	}
	for i, l := range d.Lines {
		says(j.t, text, contractRow(d.Kind, l, d.Totals.Lines[i]))
	}
	says(j.t, text, amountsOf(d.Totals)...)
	says(j.t, text, "n. 2026/000001 del 21 novembre 2026", "dal 1° gennaio al 31 dicembre 2027", "fascia da 501 a 1000 alunni",
		"Convitto Annesso al «Turi» Matera", "Via Castello 19, 75100 Matera (MT)", d.School.TaxCode, demo.CIG(1)+"non previsto214/202616/11/2026",
		"Richiesta n. 2027-100007, conferma n. 3 del 21/11/2026", "€ "+locale.Amount(d.Totals.Total), "il testo è parte del contratto", contract.ShowCode(d.VerifyCode), d.VerifyURL)
}

func (j *job) contractIsSigned(pdf []byte) {
	if report := signature(j.t, pdf); !valid(report) {
		j.t.Errorf("the signature of the contract: %s", report)
	}
	for i := range 8 {
		broken := bytes.Clone(pdf)
		at := (2*i + 1) * len(pdf) / 20 // over the first four fifths, which the signature comes after
		broken[at] ^= 1
		if report := signature(j.t, broken); valid(report) {
			j.t.Errorf("byte %d was changed and the signature still holds: %s", at, report)
		}
		if _, err := j.Contracts.Checker.Check(broken); err == nil {
			j.t.Errorf("byte %d was changed and our own check passes it", at)
		}
	}
}

func (j *job) contractCameByMail(pdf []byte) {
	got := j.mails("Contratto n. 2026/000001 firmato")
	if len(got) != 1 {
		j.t.Fatalf("%d mails with the contract, want 1", len(got))
	}
	m, d := got[0], j.contract().Document
	if m.To != j.program.school(j.t, j.code).Email || !strings.HasSuffix(m.To, "@"+demo.MailDomain) {
		j.t.Errorf("the contract went to %s", m.To)
	}
	if len(m.Attachments) != 1 || !bytes.Equal(m.Attachments[0].Data, pdf) || m.Attachments[0].Name != "contratto-2026-000001.pdf" {
		j.t.Errorf("the mail carries %d files, or not the original", len(m.Attachments))
	}
	says(j.t, tight(m.Text), locale.Euro(d.Totals.Taxable), locale.Euro(d.Totals.VAT), locale.Euro(d.Totals.Total), demo.CIG(1), sum(pdf), contract.ShowCode(d.VerifyCode))
}

// anybodyCanCheckIt uses the public page, which tells nothing to those who have no contract in hand.
func (j *job) anybodyCanCheckIt(pdf []byte) {
	c := j.contract()
	code := contract.ShowCode(c.Document.VerifyCode)
	v := j.visitor(j.t)
	v.open(contractweb.VerifyPath)
	v.press("Verifica", surf.Values{"codice": {" " + strings.ToLower(strings.ReplaceAll(code, "-", " "))}})
	v.reads("Contratto n. 2026/000001", "n. 2026/000001 del 21/11/2026", "Convitto Annesso al «Turi» Matera", demo.CIG(1), c.File.SHA256)
	known := v.Page
	for what, file := range map[string][]byte{"È l’originale": pdf, "Non è l’originale": append(bytes.Clone(pdf), '\n')} {
		status, body := v.upload(contractweb.VerifyPath+"/"+code+"/confronta", "file", "contratto.pdf", file)
		shown := pageText(j.t, body)
		if status != http.StatusOK || !strings.Contains(shown, what+"Il file è") {
			j.t.Errorf("comparing: %d, want %q: %s", status, what, shown)
		}
	}
	v.open(contractweb.VerifyPath + "/7KQX-M4TD-92RF")
	v.reads("Nessun contratto ha questo codice")
	if a, b := headerNames(known.Header), headerNames(v.Page.Header); a != b || known.Title() != v.Page.Title() {
		j.t.Errorf("known and unknown codes answer differently: %s (%s) and %s (%s)", known.Title(), a, v.Page.Title(), b)
	}
	j.looksAreLimited(v, code)
}

func (j *job) looksAreLimited(v *person, code string) {
	looks := 4 // so far
	for ; looks <= 40; looks++ {
		check(j.t, v.Open(contractweb.VerifyPath+"/"+code))
		if v.Page.Status != http.StatusOK {
			break
		}
	}
	if v.Page.Status != http.StatusTooManyRequests || v.Page.Header.Get("Retry-After") == "" || looks != 30 {
		j.t.Errorf("after %d looks: status %d, Retry-After %q; want 429 after 30", looks, v.Page.Status, v.Page.Header.Get("Retry-After"))
	}
	v.reads("Troppe richieste in poco tempo")
	j.clock.Advance(time.Minute)
	v.open(contractweb.VerifyPath + "/" + code)
}
