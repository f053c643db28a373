package contractpdf

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rinnova/internal/letter"
)

// sampleAcceptance is of a .p7m that is the prepared letter.
func sampleAcceptance(t testing.TB) letter.AcceptanceSheet {
	t.Helper()
	at := time.Date(2027, 1, 14, 8, 30, 5, 0, time.UTC)
	return letter.AcceptanceSheet{
		Vendor: sampleVendor(),
		Letter: letter.Letter{Number: 1, Document: sampleLetter(t), At: at.Add(-24 * time.Hour)},
		Received: letter.Signed{
			Number: 2, Name: "nomina firmata.pdf.p7m", At: at, Decided: at.Add(3 * time.Hour),
			File:  letter.File{SHA256: strings.Repeat("0123456789abcdef", 4), Size: 123_456},
			Facts: letter.Facts{Format: letter.P7M, Ours: 1, Number: 1, Signatures: []letter.Stamp{{Signer: "Nome Inventato"}}},
		},
	}
}

// scanAcceptance is of a scan with a name as long as they come, of a school with a long name, for a vendor without much data.
func scanAcceptance(t testing.TB) letter.AcceptanceSheet {
	a := sampleAcceptance(t)
	a.Letter.Document = fullLetter(t)
	a.Letter.Document.School.Name = strings.TrimSpace(strings.Repeat("Istituto ", 30))
	a.Received.Facts = letter.Facts{Format: letter.PDF, Pages: 3, Asked: true}
	a.Received.Name = strings.Repeat("w", 80)
	a.Vendor.Fictional, a.Vendor.SignatoryAs = true, ""
	return a
}

func drawAcceptance(t fataler, p *Printer, a letter.AcceptanceSheet) []byte {
	b, err := p.Acceptance(a)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}

func TestAcceptance(t *testing.T) {
	p := newPrinter(t)
	for name, x := range map[string]struct {
		sheet       letter.AcceptanceSheet
		want, never []string
	}{
		"a .p7m": {sampleAcceptance(t), []string{
			"Accettazione della lettera di nomina a responsabile esterno", "Esempio Software S.r.l. accetta la nomina", "nomina firmata.pdf.p7m", "123.456 byte",
			strings.Repeat("0123456789abcdef", 4), "14/01/2027 alle 09:30:05, invio n. 2", "14/01/2027 alle 12:30:05", "Lettera n. 1, preparata dal portale il 13/01/2027, testo versione 2027-01",
			"digitale, di Nome Inventato", "Lucia Ferrante",
		}, []string{"scansione", "quella contenuta"}},
		"a scan": {scanAcceptance(t), []string{
			"quella contenuta nel file; l’ultima preparata dal portale prima dell’invio è la n. 1", "è la scansione del foglio e non ha firma digitale", fictional, "Codice fiscale non presente",
		}, []string{"digitale, di"}},
	} {
		file := drawAcceptance(t, p, x.sheet)
		checkText(t, flatText(t, file), x.want, x.never)
		pages := wordBoxes(t, file)
		if len(pages) != 1 {
			t.Errorf("%s: %d pages", name, len(pages))
		}
		for i, page := range pages {
			checkEdges(t, page, i+1, len(pages))
			checkOverprint(t, page)
		}
		rows := structure(t, file).rows()
		if !slices.ContainsFunc(rows, func(r []string) bool { return len(r) == 2 && r[0] == "Impronta SHA-256" && len(r[1]) == 64 }) {
			t.Errorf("%s: the hash is not in the table: %q", name, rows)
		}
	}
}
