package e2e_test

import (
	"bytes"
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
		v.press("Prepara la lettera", surf.Values{letter.FieldHead: {"Nome di prova"}, letter.FieldDPOContact: {"rpd@scuola.example"}})
		v.reads("Da firmare", "Lettera n. 1", "testo 2027-01")

		pdf := v.fetch(v.link("Scarica il PDF"), "application/pdf")
		v.fetch(v.link("Scarica il file Word"), letterdocx.ContentType)
		text := p.textOf(t, pdf)
		for _, want := range []string{"dirigente scolastico Nome di prova, titolare", "rpd@scuola.example", p.school(t, code).MinistryCode, "Fornitore inventato"} {
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
		v.reads("Inviata", "Firma digitale: Firma dimostrativa", "non verificata presso l’ente certificatore", "nasce dalla lettera n. 1", "«nomina <b>.pdf»")
		if got := v.fetch(v.link("Scarica il file inviato"), "application/pdf"); !bytes.Equal(got, signed) {
			t.Error("the file came back with other bytes")
		}
		v.open(renewalweb.AreaPath)
		v.reads("Nomina a responsabile esterno Inviata")

		o := p.login(t, clerkOne)
		o.open(letterweb.OfficePath)
		o.reads("1 scuola", "firma digitale: Firma dimostrativa")
		o.follow(p.school(t, code).ShortName)
		stale := o.link("È da rifare")
		o.pressFor(http.StatusOK, "Accetta la lettera", nil)
		o.reads("Accettata da Operatore Uno il")
		o.follow("È da rifare")
		o.pressFor(http.StatusUnprocessableEntity, "Chiedi di rifarla", nil)
		o.press("Chiedi di rifarla", surf.Values{letter.FieldReason: {"Manca il numero di protocollo.\nAggiungetelo."}})
		o.reads("Da rifare", "Manca il numero di protocollo.")
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
		o.press("Accetta la lettera", nil)
		v.open(letterweb.Path)
		v.reads("Lettera accettata il", "Invio n. 1", "Invio n. 2")

		csv := string(o.fetchAny(letterweb.OfficePath + ".csv?vista=accettate"))
		if !strings.HasPrefix(csv, "\uFEFFScuola;") || !strings.Contains(csv, code) || strings.Count(csv, "\r\n") != 2 {
			t.Errorf("the list as CSV: %q", csv)
		}
		o.open(eventweb.OfSchoolPath(code))
		o.reads("Lettera di nomina preparata", "Lettera di nomina firmata caricata", "Lettera di nomina da rifare", "Lettera di nomina accettata", "invio n. 2")
		v.open(eventweb.SchoolPath)
		v.reads("Lettera di nomina scaricata", "motivo: «Manca il numero di protocollo.", "Lettera di nomina accettata")
		v.open(letterweb.Path)
		other := p.login(t, supervisor("SG00002"))
		for _, path := range []string{v.link("Scarica il PDF"), v.link("Scarica il file inviato")} {
			if res := other.request(http.MethodGet, path, "", nil); res.StatusCode != http.StatusNotFound {
				t.Errorf("another school gets %s: %d", path, res.StatusCode)
			}
		}
	})
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
		"due in uno.pdf": {append(bytes.Clone(pdf), "PK\x03\x04"...), 422, "non si legge"},
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
	b.reads("Inviata", "Il file è quello firmato", "Invio n. 2")
	b.Check("app-lettera-inviata")
	b.Go(renewalweb.AreaPath)
	b.reads("Nomina a responsabile esterno", "L’avete inviata")
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
	b.reads("La firma non è del dirigente.", "Invio n. 3")
	b.Check("app-lettera-da-rifare")
	b.Go(renewalweb.AreaPath)
	b.Check("app-area-lettera-da-rifare")
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
