package mail

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rinnova"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// sample is a message with everything.
func sample() Message {
	return Message{
		ID:      MessageID("0190a5c2-7d1e-7c3b-9f00-0123456789ab", "esempiosoftware.example"),
		From:    Address("Esempio Software, rinnovi", "rinnovi@esempiosoftware.example"),
		ReplyTo: "contratti@esempiosoftware.example",
		To:      "ragusa@scuola.example",
		Date:    time.Date(2027, 1, 18, 9, 30, 5, 0, time.UTC),
		Attachments: []Attachment{
			{Name: "contratto-2027-000123.pdf", ContentType: "application/pdf", Data: []byte("%PDF-1.7\r\n\x00\x01\xfe\xff bytes of every kind\n.\n")},
		},
	}.Fill(sampleContent())
}

func sampleContent() Content {
	return Content{
		Subject: "Contratto n.\u00a02027/000123 firmato – CIG B9A17C451B",
		Preview: "Il file PDF allegato è l’originale.",
		Sender:  "Esempio Software",
		Service: "portale rinnovi",
		Title:   "Il contratto è firmato",
		Blocks: []Block{
			Paragraph("Gentile segreteria,"),
			Paragraph("in allegato trovate il contratto di manutenzione, assistenza e rinnovo licenza, firmato digitalmente: <b>l’originale</b> & più."),
			Rows{{"Contratto", "n.\u00a02027/000123 del\u00a018/01/2027"}, {"Totale", "€\u00a02.906,31"},
				{"Sede", "una denominazione molto lunga che su una riga di settantadue colonne non può stare tutta"}},
			Heading("Che cosa fare"),
			List{Numbered: true, Items: []string{"Aprire la richiesta: i dati già inseriti ci sono ancora, e se ne possono aggiungere altri.", "Confermare."}},
			List{Items: []string{"Data ordine: 12/01/2027 (era 11/01/2027)."}},
			Notice{"Motivo", "La data è sbagliata.\nCorreggere, grazie."},
			Button{"Aprire l’area riservata", "https://rinnovi.esempiosoftware.example/area/contratti?anno=2027&vista=tutti"},
			Literal{"Impronta SHA-256 del file", strings.Repeat("a5d0c1f4", 8)},
		},
		Foot: []string{"Scuola: Istituto Comprensivo «Giovanni Verga», Ragusa", "Messaggio automatico. Rispondendo scrivete all’ufficio contratti, che vi risponde."},
	}
}

func TestMessageOnTheWire(t *testing.T) {
	raw, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.SplitSeq(raw, []byte("\r\n")) {
		if len(line) > 78 && !bytes.HasPrefix(line, []byte(" boundary=")) {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
		if bytes.ContainsAny(line, "\r\n") || bytes.ContainsFunc(line, func(r rune) bool { return r > '~' || r < ' ' && r != '\t' }) {
			t.Errorf("a line with raw bytes: %q", line)
		}
	}
	golden(t, "messaggio.eml", withFixedBoundaries(string(raw)))
}

// withFixedBoundaries puts names for the boundaries, which are random, and \n for the line ends, for a file that can be read.
func withFixedBoundaries(raw string) string {
	for i, m := range regexp.MustCompile(`boundary=([0-9a-f]{20,})`).FindAllStringSubmatch(raw, -1) {
		raw = strings.ReplaceAll(raw, m[1], "BOUNDARY-"+string(rune('A'+i)))
	}
	return strings.ReplaceAll(raw, "\r\n", "\n")
}

func TestWhatArrivesIsWhatLeft(t *testing.T) {
	want := sample()
	raw, err := want.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-left +arrived):\n%s", d)
	}
}

func TestSameMessageSameHeaders(t *testing.T) {
	first, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	again, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(withFixedBoundaries(string(first)), withFixedBoundaries(string(again))); d != "" {
		t.Errorf("a second attempt differs:\n%s", d)
	}
}

func TestNoListHeadersAndNoAnswersWanted(t *testing.T) {
	raw, err := sample().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut("\r\n"+string(raw), "\r\n\r\n")
	if !strings.Contains(head, "\r\nAuto-Submitted: auto-generated\r\n") {
		t.Error("no Auto-Submitted header")
	}
	for _, h := range []string{"\r\nList-", "\r\nPrecedence", "\r\nUser-Agent", "\r\nX-"} {
		if strings.Contains(head, h) {
			t.Errorf("a header %q in\n%s", h, head)
		}
	}
}

// A mail that can be stopped says so in the two headers that mail programs make a button of.
func TestUnsubscribe(t *testing.T) {
	m := sample()
	m.Unsubscribe = "https://rinnovi.esempio.example/solleciti/ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	raw, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []string{"\r\nList-Unsubscribe: <" + m.Unsubscribe + ">\r\n", "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"} {
		if !strings.Contains(strings.ReplaceAll(string(raw), "\r\n ", " "), h) { // folded or not
			t.Errorf("no %q in\n%s", h, raw[:900])
		}
	}
}

// breaks are ways to end a line, real or mistaken for one, with a header after it.
var breaks = []string{"\r\nBcc: x@evil.example", "\nBcc: x@evil.example", "\rBcc: x@evil.example", "\r\n\r\nbody", "\x00", "\u0085Bcc: x", "\u2028Bcc: x", "\u2029", "\x0b", "\x0c", "\x1f", "\x7f"}

func TestNoValueBreaksOutOfItsHeader(t *testing.T) {
	fields := map[string]func(*Message, string){
		"ID before":       func(m *Message, s string) { m.ID = "row" + s + "@esempio.example" },
		"ID after":        func(m *Message, s string) { m.ID = "row@esempio.example" + s },
		"From":            func(m *Message, s string) { m.From = "a@esempio.example" + s },
		"From's name":     func(m *Message, s string) { m.From = "Esempio" + s + " <a@esempio.example>" },
		"From, quoted":    func(m *Message, s string) { m.From = `"Esempio` + s + `" <a@esempio.example>` },
		"From by Address": func(m *Message, s string) { m.From = Address("Esempio"+s, "a@esempio.example") },
		"Reply-To":        func(m *Message, s string) { m.ReplyTo = "a" + s + "@esempio.example" },
		"To":              func(m *Message, s string) { m.To = "a@esempio.example" + s },
		"To in brackets":  func(m *Message, s string) { m.To = "<a@esempio.example" + s + ">" },
		"To, quoted":      func(m *Message, s string) { m.To = `"a` + s + `"@esempio.example` },
		"Subject":         func(m *Message, s string) { m.Subject = "Contratto" + s },
		"unsubscribe":     func(m *Message, s string) { m.Unsubscribe = "https://esempio.example/" + s },
		"attachment":      func(m *Message, s string) { m.Attachments[0].Name = "a" + s + ".pdf" },
		"content type":    func(m *Message, s string) { m.Attachments[0].ContentType = "application/pdf" + s },
	}
	for field, set := range fields {
		for _, b := range breaks {
			m := sample()
			set(&m, b)
			raw, err := m.Bytes()
			if err == nil {
				t.Errorf("%s with %q was taken:\n%s", field, b, raw[:400])
			}
		}
	}
}

func TestRefusesWhatCannotBeSent(t *testing.T) {
	for name, spoil := range map[string]func(*Message){
		"no id":                  func(m *Message) { m.ID = "" },
		"id without domain":      func(m *Message) { m.ID = "row" },
		"id in brackets":         func(m *Message) { m.ID = "<row@esempio.example>" },
		"no date":                func(m *Message) { m.Date = time.Time{} },
		"no subject":             func(m *Message) { m.Subject = "  " },
		"endless subject":        func(m *Message) { m.Subject = strings.Repeat("a", 501) },
		"subject not UTF-8":      func(m *Message) { m.Subject = "a\xff" },
		"text not UTF-8":         func(m *Message) { m.Text = "a\xff" },
		"text with NUL":          func(m *Message) { m.Text = "a\x00" },
		"HTML not UTF-8":         func(m *Message) { m.HTML = "a\xff" },
		"no sender":              func(m *Message) { m.From = "" },
		"no recipient":           func(m *Message) { m.To = "" },
		"unsubscribe at a mail":  func(m *Message) { m.Unsubscribe = "mailto:a@esempio.example" },
		"two addresses to leave": func(m *Message) { m.Unsubscribe = "https://esempio.example/>, <https://altrove.example/" },
		"attachment no name":     func(m *Message) { m.Attachments[0].Name = "" },
		"attachment path":        func(m *Message) { m.Attachments[0].Name = "../a.pdf" },
		"attachment backslash":   func(m *Message) { m.Attachments[0].Name = `..\a.pdf` },
		"attachment quote":       func(m *Message) { m.Attachments[0].Name = `a".pdf` },
		"attachment hidden":      func(m *Message) { m.Attachments[0].Name = ".a" },
		"attachment not ASCII":   func(m *Message) { m.Attachments[0].Name = "àa.pdf" },
		"attachment direction":   func(m *Message) { m.Attachments[0].Name = "a\u202efdp.exe" },
		"attachment type":        func(m *Message) { m.Attachments[0].ContentType = "pdf/" },
		"attachment no type":     func(m *Message) { m.Attachments[0].ContentType = "" },
		"attachment type params": func(m *Message) { m.Attachments[0].ContentType = `application/pdf; name="a.exe"` },
		"attachment multipart":   func(m *Message) { m.Attachments[0].ContentType = "multipart/mixed" },
	} {
		m := sample()
		spoil(&m)
		if _, err := m.Bytes(); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestParseAddress(t *testing.T) {
	good := map[string]string{
		"rgxx00000x@istruzione.example":                      "rgxx00000x@istruzione.example",
		"Esempio <a.b+c@x-y.example>":                        "a.b+c@x-y.example",
		`"Esempio Software, rinnovi" <r@e.example>`:          "r@e.example",
		"=?utf-8?q?Universit=C3=A0?= <u@e.example>":          "u@e.example",
		strings.Repeat("a", 64) + "@e.example":               strings.Repeat("a", 64) + "@e.example",
		Address("Istituto «G. Verga» (RG)", "ic@rg.example"): "ic@rg.example",
	}
	for in, want := range good {
		a, err := ParseAddress(in)
		if err != nil || a.Address != want {
			t.Errorf("ParseAddress(%q) = %v, %v; want %s", in, a, err, want)
		}
	}
	for _, bad := range []string{
		"", "a", "a@", "@e.example", "a@b", "a@@e.example", "a b@e.example", "a@e.example, b@e.example", "a@e.example b@e.example",
		"a@e.example;b@e.example", "a@[127.0.0.1]", `"a b"@e.example`, "a..b@e.example", ".a@e.example", "a@-e.example", "a@e..example",
		"à@e.example", "a@è.example", "Esempio a@e.example", "<a@e.example", strings.Repeat("a", 65) + "@e.example",
		"a@" + strings.Repeat("e", 64) + ".example", "a@" + strings.Repeat("e.", 125) + "example",
		"=?utf-8?q?Esempio=0D=0ABcc:_x@evil.example?= <a@e.example>",
	} {
		a, err := ParseAddress(bad)
		if err == nil {
			t.Errorf("ParseAddress(%q) = %v", bad, a)
			continue
		}
		var e *rinnova.Error
		if !errors.As(err, &e) || e.Kind != rinnova.Invalid || e.Message.IsZero() {
			t.Errorf("ParseAddress(%q): %v is no error for people", bad, err)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add("row@e.example", "Esempio", "a@e.example", "Oggetto", "testo\n.\n-- \n", "<p>testo", "a.pdf", "application/pdf", []byte("x"))
	f.Add("r@e.example", "Esempio, «S.r.l.»", "a@e.example", strings.Repeat("è lungo  ", 30), "a\r\nb\rc", "", "b.pdf", "text/plain", []byte("\r\n.\r\n"))
	for _, b := range breaks {
		f.Add("r@e.example"+b, "E"+b, "a@e.example"+b, "O"+b, "t"+b, "h"+b, "a"+b, "application/pdf"+b, []byte(b))
	}
	f.Fuzz(func(t *testing.T, id, name, to, subject, text, html, file, kind string, data []byte) {
		m := Message{ID: id, From: Address(name, "r@e.example"), To: to, Subject: subject, Text: text, HTML: html,
			Attachments: []Attachment{{file, kind, data}}, Date: time.Date(2027, 1, 18, 9, 30, 0, 0, time.UTC)}
		raw, err := m.Bytes()
		if err != nil {
			return
		}
		got, err := Parse(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		sent, _ := ParseAddress(m.To)
		arrived, _ := ParseAddress(got.To)
		if arrived == nil || sent.Address != arrived.Address {
			t.Errorf("to %q arrived as %q", m.To, got.To)
		}
		if got.ID != m.ID || got.Subject != oneSpace(m.Subject) || got.ReplyTo != "" || len(got.Attachments) != 1 {
			t.Errorf("arrived as %+v\n%s", got, raw)
		}
		if got.Text != lineEnds(m.Text) || got.HTML != lineEnds(m.HTML) {
			t.Errorf("bodies arrived as %q, %q\n%s", got.Text, got.HTML, raw)
		}
		if a := got.Attachments[0]; a.Name != file || !bytes.Equal(a.Data, data) {
			t.Errorf("the file arrived as %q, %q", a.Name, a.Data)
		}
		head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
		for line := range strings.SplitSeq(head, "\r\n") {
			if !regexp.MustCompile(`^((Auto-Submitted|Date|MIME-Version|Message-ID|Subject|From|To|Content-Type):|[ ]\S)`).MatchString(line) {
				t.Errorf("a header line of its own: %q", line)
			}
		}
	})
}

// lineEnds is what mail makes of the ends of lines.
func lineEnds(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func FuzzParse(f *testing.F) {
	raw, err := sample().Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("Subject: =?x?q?a?=\r\nDate: Mon, 18 Jan 2027 10:30:05 +0100\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n--a--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(bytes.NewReader(raw))
		if err != nil && m.ID != "" {
			t.Errorf("an error and a message: %v, %+v", err, m)
		}
	})
}
