package e2e_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/e2e/browser"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/demo"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdocx"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/mail"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/sign"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/surf"
)

// headTeacher signs in the name of an invented school.
func headTeacher(t *testing.T) *sign.Signer {
	t.Helper()
	key, err := sign.DemoKey(func() time.Time { return start }, t.TempDir(), "Scuola inventata")
	check(t, err)
	return sign.NewSigner(key, nil)
}

// prepared makes the letter of a school through the service and gives its PDF.
func (p *program) prepared(t *testing.T, code string) (*letter.Letter, []byte) {
	t.Helper()
	l, problems, err := p.Letters.Prepare(t.Context(), p.actor(t, supervisor(code)), letter.Form{Head: "Nome di prova"})
	check(t, err)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", code, problems)
	}
	pdf, err := p.Files.Get(t.Context(), l.File.Key)
	check(t, err)
	return l, pdf
}

// sent makes a school prepare, sign and send its letter through the service.
func (p *program) sent(t *testing.T, code string) (*letter.Letter, *letter.Signed) {
	t.Helper()
	l, pdf := p.prepared(t, code)
	signed, err := headTeacher(t).SignPDF(t.Context(), pdf, sign.Options{Name: "Nome di prova", At: start})
	check(t, err)
	c, problems, err := p.Letters.Receive(t.Context(), p.actor(t, supervisor(code)), "nomina.pdf", signed)
	check(t, err)
	if len(problems) > 0 {
		t.Fatalf("%s: %v", code, problems)
	}
	return l, c
}

// fetch gets a file that must come as one to be kept.
func (v *person) fetch(path, contentType string) []byte {
	v.t.Helper()
	res := v.request(http.MethodGet, path, "", nil)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	check(v.t, err)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != contentType || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment; filename=") ||
		res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cache-Control") != "private, no-store" {
		v.t.Errorf("%s: status %d, headers %v", path, res.StatusCode, res.Header)
	}
	return b
}

// link is where the first link with these words leads.
func (v *person) link(words string) string {
	v.t.Helper()
	links := v.Page.Doc.Find("main a")
	for i := range links.Length() {
		if a := links.Eq(i); strings.Contains(surf.Words(a), words) {
			return a.AttrOr("href", "")
		}
	}
	v.t.Fatalf("%s has no link %q", v.Page.URL, words)
	return ""
}

// TestLetter plays the whole way of a letter without JavaScript: from the public page to the signed file that the office
// accepts, by way of one that it sends back.
func TestLetter(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00007"
		pen := headTeacher(t)
		v := p.visitor(t)
		v.open(supplierweb.SupportPath)
		v.follow("Prepara la lettera")
		v.press("Accedi", surf.Values{accountweb.FieldUsername: {supervisor(code)}, accountweb.FieldPassword: {demo.Password}})
		v.at("Lettera di nomina a responsabile esterno")
		v.reads("Da preparare", p.school(t, code).DisplayName, p.school(t, code).MinistryCode)
		v.pressFor(http.StatusUnprocessableEntity, "Prepara la lettera", surf.Values{letter.FieldHead: {strings.Repeat("x", 90)}, letter.FieldDPOContact: {"rpd@scuola.example"}})
		v.reads("c’è posto per 80 caratteri")
		if got := v.Page.Values(letter.FieldDPOContact); len(got) != 1 || got[0] != "rpd@scuola.example" {
			t.Errorf("what was typed came back as %q", got)
		}
		v.pressFor(http.StatusUnprocessableEntity, "Prepara la lettera", surf.Values{letter.FieldHead: {"Nome di prova"}, letter.FieldDPOContact: {"non una mail"}})
		v.reads("Non è un’e-mail, una PEC o un numero di telefono")
		v.press("Prepara la lettera", surf.Values{letter.FieldHead: {"Nome di prova"}, letter.FieldDPOContact: {"rpd@scuola.example"}})
		v.reads("Da firmare", "Lettera n. 1", "Il numero è in fondo a ogni foglio", "Quando l’accetta, "+vendorName+" firma l’accettazione")

		pdf := v.fetch(v.link("Scarica il PDF"), "application/pdf")
		v.fetch(v.link("Scarica il file Word"), letterdocx.ContentType)
		text := p.textOf(t, pdf)
		for _, want := range []string{"dirigente scolastico Nome di prova, titolare", "Per il titolare il dirigente scolastico Nome di prova", "Lettera n. 1", "rpd@scuola.example", p.school(t, code).MinistryCode, "Fornitore inventato"} {
			if !strings.Contains(text, want) {
				t.Errorf("the letter does not say %q", want)
			}
		}
		if status, body := v.upload(letterweb.UploadPath, letter.FieldFile, "nomina.pdf", pdf); status != http.StatusUnprocessableEntity || !strings.Contains(body, "senza firma") {
			t.Errorf("the letter without a signature: %d", status)
		}
		signed, err := pen.SignPDF(t.Context(), pdf, sign.Options{Name: "Nome di prova", At: start})
		check(t, err)
		if status, _ := v.upload(letterweb.UploadPath, letter.FieldFile, `..\..\nomina <b>`+"\u202e"+`.pdf`, signed); status != http.StatusSeeOther {
			t.Errorf("the signed letter: %d", status)
		}
		v.open(letterweb.Path)
		v.reads("Inviata", "l’ufficio la controlla", "Non è ancora accettata", "Abbiamo trovato la firma di Firma dimostrativa", "È la vostra lettera n. 1", "«nomina <b>.pdf»")
		for _, never := range []string{"SHA-256", "ente certificatore", "va riletto"} {
			if strings.Contains(surf.Words(v.Page.Doc.Find("main")), never) {
				t.Errorf("the school reads %q", never)
			}
		}
		if done := v.Page.Doc.Find(".rn-steps .done").Length(); done != 3 || v.Page.Doc.Find(".rn-steps [aria-current]").Length() != 1 {
			t.Errorf("%d steps are done before the office has accepted", done)
		}
		if got := v.fetch(v.link("Scarica il file inviato"), "application/pdf"); !bytes.Equal(got, signed) {
			t.Error("the file came back with other bytes")
		}
		v.open(renewalweb.AreaPath)
		v.reads("Lettera di nomina a responsabile esterno Inviata", "l’ufficio la controlla: vi scriviamo")

		o := p.login(t, clerkOne)
		if nav := surf.Words(o.Page.Doc.Find("nav")); !strings.Contains(nav, "Lettere 1") {
			t.Errorf("no counter in %q", nav)
		}
		o.open(letterweb.OfficePath)
		o.reads("1 scuola", "firma digitale: Firma dimostrativa")
		o.follow(p.school(t, code).ShortName)
		o.reads("Il portale non chiede all’ente", "Il testo è quello della lettera n. 1", "Impronta SHA-256")
		stale := o.link("È da rifare")
		o.follow("È da rifare")
		o.pressFor(http.StatusUnprocessableEntity, "Chiedi di rifarla", nil)
		o.press("Chiedi di rifarla", surf.Values{letter.FieldReason: {"Manca il numero di protocollo.\nAggiungetelo."}})
		o.reads("Da rifare", "Manca il numero di protocollo.")
		if nav := surf.Words(o.Page.Doc.Find("nav")); strings.Contains(nav, "Lettere 1") {
			t.Errorf("still a counter in %q", nav)
		}
		p.work(t)
		box, err := p.Mailbox.List(t.Context(), mail.Query{Words: "nomina da rifare"})
		check(t, err)
		if len(box.Messages) != 1 {
			t.Fatalf("%d mails tell the school", len(box.Messages))
		}
		v.open(letterweb.Path)
		v.reads("Manca il numero di protocollo.", "Da rifare")
		if status, body := v.upload(letterweb.UploadPath, letter.FieldFile, "nomina.pdf", signed); status != http.StatusUnprocessableEntity || !strings.Contains(body, "stesso file") {
			t.Errorf("the same file once more: %d", status)
		}
		v.press("Prepara di nuovo la lettera", surf.Values{letter.FieldProtocol: {"12/2026"}})
		v.reads("Lettera n. 2", "Lettere preparate prima")
		wrapped, err := pen.SignFile(t.Context(), v.fetch(v.link("Scarica il PDF"), "application/pdf"), start)
		check(t, err)
		if status, _ := v.upload(letterweb.UploadPath, letter.FieldFile, "nomina.pdf.p7m", wrapped); status != http.StatusSeeOther {
			t.Errorf("the .p7m: %d", status)
		}
		v.open(letterweb.Path)
		if got := v.fetch(v.link("Scarica il file inviato"), "application/pkcs7-mime"); !bytes.Equal(got, wrapped) {
			t.Error("the .p7m came back with other bytes")
		}
		o.open(stale) // the page of before: the school has sent another file meanwhile
		o.press("Chiedi di rifarla", surf.Values{letter.FieldReason: {"Prova"}})
		o.reads("Invii precedenti")
		o.follow("Accetta la lettera")
		o.reads("Dopo non si può più ritirare")
		o.press("Accetta e firma", nil)
		o.reads("Accettata da Operatore Uno il", "sta firmando l’accettazione")
		v.open(letterweb.Path)
		v.reads("Lettera accettata il", "fra poco la trovate qui", "Invio n. 1", "Invio n. 2")
		p.work(t)
		v.open(letterweb.Path)
		v.reads("ha firmato un foglio con l’accettazione")
		sheet := v.fetch(v.link("Scarica l’accettazione firmata"), "application/pdf")
		p.acceptedWith(t, sheet, "Lettera di nomina accettata", "accettazione-lettera-di-nomina-")
		if got := p.textOf(t, sheet); !strings.Contains(got, fmt.Sprintf("%x", sha256.Sum256(wrapped))) {
			t.Errorf("the sheet does not name the file: %s", got)
		}

		csv := string(o.fetchAny(letterweb.OfficePath + ".csv?vista=accettate"))
		if !strings.HasPrefix(csv, "\uFEFFScuola;") || !strings.Contains(csv, code) || strings.Count(csv, "\r\n") != 2 {
			t.Errorf("the list as CSV: %q", csv)
		}
		o.open(eventweb.OfSchoolPath(code))
		o.reads("Lettera di nomina preparata", "Lettera di nomina firmata caricata", "Lettera di nomina da rifare", "Lettera di nomina accettata", "Accettazione della lettera di nomina firmata dal fornitore", "invio n. 2")
		v.open(eventweb.SchoolPath)
		v.reads("Lettera di nomina scaricata", "motivo: «Manca il numero di protocollo.", "Lettera di nomina accettata")
		v.open(letterweb.Path)
		other := p.login(t, supervisor("SG00002"))
		for _, path := range []string{v.link("Scarica il PDF"), v.link("Scarica il file inviato"), v.link("Scarica l’accettazione firmata")} {
			if res := other.request(http.MethodGet, path, "", nil); res.StatusCode != http.StatusNotFound {
				t.Errorf("another school gets %s: %d", path, res.StatusCode)
			}
		}
		p.holdLetters(t)
	})
}

// holdLetters verifies all letters.
func (p *program) holdLetters(t *testing.T) {
	t.Helper()
	all := 0
	check(t, p.Letters.ProveAll(t.Context(), func(f letter.Finding) {
		if all++; len(f.Faults) > 0 {
			t.Errorf("%s of %s: %v", f.Name, f.SchoolID, f.Faults)
		}
	}))
	if all == 0 {
		t.Error("no letter was verified")
	}
}

// acceptedWith holds that one mail with these words carries a file, under a name that begins so.
func (p *program) acceptedWith(t *testing.T, file []byte, words, name string) {
	t.Helper()
	box, err := p.Mailbox.List(t.Context(), mail.Query{Words: words})
	check(t, err)
	if len(box.Messages) != 1 {
		t.Fatalf("%d mails say %q", len(box.Messages), words)
	}
	m, err := p.Mailbox.Message(t.Context(), box.Messages[0].Key)
	check(t, err)
	if len(m.Attachments) != 1 || !strings.HasPrefix(m.Attachments[0].Name, name) || !bytes.Equal(m.Attachments[0].Data, file) {
		t.Errorf("the mail carries %d files, not %s…", len(m.Attachments), name)
	}
}

// vendorName is the vendor of the demonstration.
var vendorName = demo.Profile().Name

// TestLetterIsNotSomethingElse sends as the signed letter what is none: papers of the portal are refused with words that say what
// they are, a scan and an older letter are sent only after the school has said that it means them.
func TestLetterIsNotSomethingElse(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00007"
		first, pdf := p.prepared(t, code)
		_, theirs := p.prepared(t, "SG00002")
		p.confirm(t, code, 1)
		p.process(t, code)
		v := p.login(t, supervisor(code))
		request := renewalweb.RenewalPath(p.request(t, code).ID)
		c, err := p.Lists.ByRequest(t.Context(), p.request(t, code).ID)
		check(t, err)
		_, contract, err := p.Contracts.Open(t.Context(), p.actor(t, clerkOne), c.ID, c.FileName())
		check(t, err)
		for name, x := range map[string]struct {
			file []byte
			says string
		}{
			"the reminder":            {v.fetchAny(request + "/promemoria.pdf"), "È «Promemoria della richiesta», non la lettera di nomina"},
			"the contract, signed":    {contract, "«Contratto di "},
			"the terms":               {v.fetchAny("/condizioni/" + p.view(t, code).Season.Terms.ID + "/condizioni.pdf"), "non la lettera di nomina"},
			"another school's letter": {theirs, "non della vostra scuola"},
		} {
			if status, body := v.upload(letterweb.UploadPath, letter.FieldFile, "nomina.pdf", x.file); status != http.StatusUnprocessableEntity || !strings.Contains(body, x.says) {
				t.Errorf("%s: status %d", name, status)
			}
		}
		scan := p.scanned(t, first)
		if status, _ := v.upload(letterweb.UploadPath, letter.FieldFile, "scansione.pdf", scan); status != http.StatusSeeOther {
			t.Errorf("a scan: %d", status)
		}
		v.open(renewalweb.AreaPath)
		v.reads("aspetta una vostra risposta")
		v.follow("Rispondete")
		v.reads("È la scansione del foglio firmato a mano?", "Nel file «scansione.pdf»", "(qui sono 3)", "non è ancora inviato", "Da firmare")
		stale := v.Page
		v.press("No, è un altro file", nil)
		v.reads("Da firmare")
		v.Page = stale
		v.pressFor(http.StatusConflict, "Sì, è la scansione: invia", nil)
		v.reads("Nel frattempo la lettera è cambiata")
		v.upload(letterweb.UploadPath, letter.FieldFile, "scansione.pdf", scan)
		v.open(letterweb.Path)
		v.press("Sì, è la scansione: invia", nil)
		v.reads("Inviata", "Senza firma digitale: l’avete inviata come scansione", "Non è ancora accettata")

		l, problems, err := p.Letters.Prepare(t.Context(), p.actor(t, supervisor(code)), letter.Form{Protocol: "7/2026"})
		if err != nil || len(problems) > 0 || !strings.Contains(l.FileName(letter.ExtensionPDF), "-2-") {
			t.Fatal(err, problems, l.FileName(letter.ExtensionPDF))
		}
		signed, err := headTeacher(t).SignPDF(t.Context(), pdf, sign.Options{Name: "Nome di prova", At: start})
		check(t, err)
		v.upload(letterweb.UploadPath, letter.FieldFile, first.FileName(letter.ExtensionPDF), signed)
		v.open(letterweb.Path)
		v.reads("Volete inviare la lettera n. 1?", "Dopo avete preparato la n. 2")
		v.press("Sì, invia la lettera n. 1", nil)
		o := p.login(t, clerkOne)
		o.open(letterweb.SchoolPath(p.school(t, code).ID))
		o.reads("È la lettera n. 1. La scuola ha preparato poi la n. 2", "la scuola ha risposto che è la scansione")
		o.follow("Accetta la lettera")
		o.press("Accetta e firma", nil)
		p.work(t)
		v.open(letterweb.Path)
		v.reads("È il vostro file con aggiunta la firma digitale di " + vendorName)
		both := v.fetch(v.link("Scarica la lettera controfirmata"), "application/pdf")
		p.acceptedWith(t, both, "Lettera di nomina accettata", "lettera-di-nomina-controfirmata-")
		if found, err := sign.InspectPDF(t.Context(), both); err != nil || len(found) != 2 || found[0].Integrity != sign.Intact || found[1].Integrity != sign.Intact || !bytes.HasPrefix(both, signed) {
			t.Errorf("countersigned: %+v %v", found, err)
		}
		if status, body := v.upload(letterweb.UploadPath, letter.FieldFile, "x.pdf", both); status != http.StatusUnprocessableEntity || !strings.Contains(body, "è già qui") {
			t.Errorf("the countersigned letter once more: %d", status)
		}
	})
}

// scanned plays a paper that was signed by hand and scanned: a file that was not prepared here, without a signature.
func (p *program) scanned(t *testing.T, l *letter.Letter) []byte {
	t.Helper()
	d := l.Document
	d.Form.Protocol = "scansione di prova"
	b, err := p.Printer.Letter(d)
	check(t, err)
	return b
}

// fetchAny gets a file of any type.
func (v *person) fetchAny(path string) []byte {
	v.t.Helper()
	res := v.request(http.MethodGet, path, "", nil)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	check(v.t, err)
	return b
}

// textOf is the text of a PDF with single spaces.
func (p *program) textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	c := exec.Command("pdftotext", "-nopgbrk", "-", "-")
	c.Stdin = bytes.NewReader(pdf)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian package poppler-utils): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// TestHostileLetters sends what is no letter: each is refused beside the field, and nothing is kept of it.
func TestHostileLetters(t *testing.T) {
	p := onSQLite(t)
	const code = "SG00007"
	_, pdf := p.prepared(t, code)
	v := p.login(t, supervisor(code))
	before := p.dump(t)
	for name, x := range map[string]struct {
		file   []byte
		status int
		says   string
	}{
		"nomina.pdf":     {[]byte("<html><script>alert(1)</script>"), 422, "pagina web"},
		"vuoto.pdf":      {nil, 422, "vuoto"},
		"programma.pdf":  {[]byte("MZ\x90"), 422, "programma"},
		"archivio.p7m":   {[]byte("PK\x03\x04"), 422, "archivio"},
		"tagliato.pdf":   {pdf[:9000], 422, "non si legge"},
		"undici.pdf":     {append(bytes.Clone(pdf), make([]byte, 11<<20)...), 422, "supera 10 MB"},
		"quaranta.pdf":   {make([]byte, 40<<20), 413, "Troppi dati"},
		"due in uno.pdf": {append(bytes.Clone(pdf), "PK\x03\x04"...), 422, "insieme un archivio"},
		"../../x.pdf":    {[]byte("ciao"), 422, "non è un PDF"},
		"nullo\x00.pdf":  {[]byte("ciao"), 422, "non è arrivato intero"},
	} {
		status, body := v.upload(letterweb.UploadPath, letter.FieldFile, name, x.file)
		if status != x.status || !strings.Contains(body, x.says) {
			t.Errorf("%q: status %d, want %d with %q", name, status, x.status, x.says)
		}
	}
	if status, body := v.upload(letterweb.UploadPath, "altro", "x.pdf", pdf); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Scegliete il file") {
		t.Errorf("no file: %d", status)
	}
	if after := p.dump(t); after != before {
		t.Errorf("something was kept:\n%s", firstDifference(before, after))
	}
}

// attach puts a file into the page's field, as choosing it does.
func (b *tab) attach(name string, data []byte) {
	b.t.Helper()
	browser.Eval[bool](b.Page, fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%q), c => c.charCodeAt(0)), files = new DataTransfer();
		files.items.add(new File([bytes], %q));
		document.querySelector("#file").files = files.files;
		return true;
	})()`, base64.StdEncoding.EncodeToString(data), name))
}

// TestLetterInABrowser is the same way in a real browser, with a look at each page: prepare, download, upload, the office sees,
// the school sees.
func TestLetterInABrowser(t *testing.T) {
	const code = "SG00007"
	p := onSQLite(t)
	pen := headTeacher(t)
	b := p.tab(t)
	b.Go(letterweb.Path)
	b.enter(supervisor(code))
	b.Check("app-lettera-da-preparare")
	b.Type("#"+letter.FieldHead, "Nome di prova")
	b.follow("form[action='/lettera'] button")
	b.reads("Da firmare", "Lettera n. 1")
	b.Check("app-lettera-da-firmare")
	size := browser.Eval[int](b.Page, `fetch(document.querySelector("#scarica a").href).then(r => r.arrayBuffer()).then(x => x.byteLength)`)
	h, err := p.Letters.History(t.Context(), p.actor(t, clerkOne), p.school(t, code).ID)
	check(t, err)
	pdf, err := p.Files.Get(t.Context(), h.Last().File.Key)
	check(t, err)
	if size != len(pdf) {
		t.Errorf("the browser got %d bytes of %d", size, len(pdf))
	}
	b.attach("pagina.pdf", []byte("<html>"))
	b.followFor(http.StatusUnprocessableEntity, "#carica button")
	b.reads("È una pagina web")
	b.Check("app-lettera-rifiutata")
	signed, err := pen.SignPDF(t.Context(), pdf, sign.Options{Name: "Nome di prova", At: start})
	check(t, err)
	altered := bytes.Replace(signed, []byte("<pdf:Producer>Rinnova<"), []byte("<pdf:Producer>Rinnovi<"), 1)
	b.attach("nomina.pdf", altered)
	b.follow("#carica button")
	b.reads("Inviata", "la firma del file non è valida")
	b.Check("app-lettera-alterata")
	b.attach("nomina.pdf", signed)
	b.follow("#carica button")
	b.reads("Inviata", "Abbiamo trovato la firma", "Invio n. 2", "l’ufficio la controlla")
	b.Check("app-lettera-inviata")
	b.Go(renewalweb.AreaPath)
	b.reads("Lettera di nomina a responsabile esterno", "L’avete inviata")
	b.Go(letterweb.Path)
	b.Click("main details summary")
	b.attach("scansione.pdf", p.scanned(t, h.Last()))
	b.follow("#carica button")
	b.reads("È la scansione del foglio firmato a mano?", "non è ancora inviato")
	b.Check("app-lettera-domanda")
	b.Go(renewalweb.AreaPath)
	b.Check("app-area-lettera-domanda")
	b.Go(letterweb.Path)
	b.follow("form[action='" + letterweb.SendPath + "'] button")
	b.reads("inviata come scansione", "Invio n. 3")
	b.Check("app-lettera-scansione")
	b.leave()

	b.Go(letterweb.OfficePath)
	b.enter(clerkOne)
	b.Check("app-ufficio-lettere")
	b.Go(letterweb.OfficePath + "?vista=accettate&cerca=xyzzy")
	b.Check("app-ufficio-lettere-nessuna")
	b.Go(letterweb.OfficePath + "?vista=tutte")
	b.Check("app-ufficio-lettere-tutte")
	b.Go(letterweb.OfficePath + "?vista=controllare")
	b.follow("main tbody a")
	b.reads("Ultima lettera firmata", "Invii precedenti")
	b.Check("app-ufficio-lettera")
	b.follow("main a[href$='/accetta']")
	b.Check("app-ufficio-lettera-accetta")
	b.follow("main a[href$='" + p.school(t, code).ID + "'].btn")
	b.follow("main a[href$='/rifare']")
	b.followFor(http.StatusUnprocessableEntity, "main form button")
	b.Check("app-ufficio-lettera-rifare-errore")
	check(t, p.Letters.Accept(t.Context(), rinnova.Actor{AccountID: "x", Name: "Operatore Due", Role: rinnova.RoleClerk}, p.school(t, code).ID, lastSigned(t, p, code)))
	b.Click("#" + letter.FieldReason)
	b.Press("La firma non è del dirigente.")
	third := *p.sentAgain(t, code, pen)
	b.followFor(http.StatusConflict, "main form button")
	b.reads("Nel frattempo la lettera è cambiata", "La firma non è del dirigente.")
	b.Check("app-ufficio-lettera-superata")
	if problems, err := p.Letters.Redo(t.Context(), p.actor(t, clerkOne), p.school(t, code).ID, third.ID, "La firma non è del dirigente."); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	b.leave()
	b.Go(letterweb.Path)
	b.enter(supervisor(code))
	b.reads("La firma non è del dirigente.", "Invio n. 4")
	b.Check("app-lettera-da-rifare")
	b.Go(renewalweb.AreaPath)
	b.Check("app-area-lettera-da-rifare")
	b.leave()

	check(t, p.Letters.Accept(t.Context(), p.actor(t, clerkOne), p.school(t, code).ID, third.ID))
	b.Go(letterweb.SchoolPath(p.school(t, code).ID))
	b.enter(clerkOne)
	b.reads("sta firmando l’accettazione")
	p.work(t)
	b.Go(letterweb.SchoolPath(p.school(t, code).ID))
	b.reads("Scarica l’accettazione firmata")
	b.Check("app-ufficio-lettera-accettata")
	b.Go(letterweb.SchoolPath(p.school(t, code).ID) + "/rifare")
	b.reads("L’avete già accettata")
	b.Check("app-ufficio-lettera-rifare-accettata")
	b.leave()
	b.Go(letterweb.Path)
	b.enter(supervisor(code))
	b.reads("Scarica l’accettazione firmata")
	b.Check("app-lettera-accettata")
}

func lastSigned(t *testing.T, p *program, code string) string {
	t.Helper()
	h, err := p.Letters.History(t.Context(), p.actor(t, clerkOne), p.school(t, code).ID)
	check(t, err)
	return h.SignedID
}

// sentAgain sends the last letter of a school as .p7m.
func (p *program) sentAgain(t *testing.T, code string, pen *sign.Signer) *letter.Signed {
	t.Helper()
	h, err := p.Letters.History(t.Context(), p.actor(t, clerkOne), p.school(t, code).ID)
	check(t, err)
	pdf, err := p.Files.Get(t.Context(), h.Last().File.Key)
	check(t, err)
	wrapped, err := pen.SignFile(t.Context(), pdf, start)
	check(t, err)
	c, problems, err := p.Letters.Receive(t.Context(), p.actor(t, supervisor(code)), "nomina.pdf.p7m", wrapped)
	check(t, err)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}
