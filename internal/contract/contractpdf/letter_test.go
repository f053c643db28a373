package contractpdf

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/terms"
)

// sampleLetter is the letter of the design's pictures: nothing filled in by the school.
func sampleLetter(t testing.TB) letter.Document {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "nomina-responsabile.md"))
	if err != nil {
		t.Fatal(err)
	}
	return letter.Document{
		Number: 1,
		Text:   terms.Terms{ID: "nomina", Kind: terms.Appointment, Version: "2027-01", Title: "Lettera di nomina", Body: string(body), EffectiveFrom: rinnova.MustDate("2026-12-01")},
		Date:   rinnova.MustDate("2027-01-13"),
		Vendor: letter.Vendor{Name: "Esempio Software S.r.l.", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903", PEC: "esempiosoftware@pec.example",
			Signatory: "Lucia Ferrante", DPO: "rpd@esempiosoftware.example"},
		School: letter.Party{Name: "Istituto Comprensivo Statale «Giovanni Verga»", ShortName: "IC «G. Verga», Ragusa", Address: "via Archimede 12, 97100 Ragusa (RG)",
			MinistryCode: "RGIC82700L", TaxCode: "80006890646", Email: "rgic82700l@istruzione.example", PEC: "rgic82700l@pec.istruzione.example"},
	}
}

// fullLetter has everything that a school can fill in, of an invented vendor, and lacks what a registry may lack.
func fullLetter(t testing.TB) letter.Document {
	d := sampleLetter(t)
	d.Form = letter.Form{Head: "Nome Inventato di Prova", DPOName: "Responsabile Inventato", DPOContact: "rpd@scuola.example", Protocol: "123/2027"}
	d.Vendor.Fictional = true
	d.School.TaxCode, d.School.PEC = "", ""
	d.School.ShortName = strings.Repeat("Istituto ", 20)
	d.Date, d.Number = rinnova.MustDate("2027-03-08"), 12
	return d
}

// longLetter has clauses and annexes that do not fit where they are.
func longLetter(t testing.TB) letter.Document {
	d := sampleLetter(t)
	row := "| Archivio Esempio S.r.l., Bologna | Conservazione a norma dei documenti | Italia |\n"
	d.Text.Body = strings.Replace(d.Text.Body, row, strings.Repeat(row, 60), 1)
	d.Text.Body = strings.Replace(d.Text.Body, "## 2. Durata\n\n", "## 2. Durata\n\n"+strings.Repeat("La nomina vale dalla firma per tutta la durata dei contratti. ", 60)+"\n\n", 1)
	return d
}

func drawLetter(t fataler, p *Printer, d letter.Document) []byte {
	b, err := p.Letter(d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}

func TestLetterTexts(t *testing.T) {
	p := newPrinter(t)
	blank := strings.Repeat("_", 25)
	checkText(t, flatText(t, drawLetter(t, p, sampleLetter(t))), []string{
		"in persona del dirigente scolastico " + blank, "Prot. n. ____", " del ____", "quello del titolare è " + blank, "Luogo e data: " + blank,
		"nomina Esempio Software S.r.l. responsabile del trattamento", "14. Disposizioni finali", "Allegato C. Misure di sicurezza", "Per il titolare",
		"firma digitale o autografa", "Modello N28, versione 2027-01", "Lettera n. 1 · RGIC82700L · preparata dal portale il 13/01/2027", "Lettera di nomina a responsabile esterno n. 1", "Pagina 3 di 3", "A Esempio Software S.r.l.",
		"IC «G. Verga», Ragusa · RGIC82700L",
	}, []string{"{{", "**", fictional, "P.IVA 12345678903 |"})
	checkText(t, flatText(t, drawLetter(t, p, fullLetter(t))), []string{
		"in persona del dirigente scolastico Nome Inventato di Prova, titolare", "Prot. n. 123/2027 del ____", "è Responsabile Inventato, rpd@scuola.example.",
		"codice fiscale " + blank[:10], fictional + " · Lettera n. 12 · RGIC82700L · 08/03/2027", "il dirigente scolastico Nome Inventato di Prova Esempio Software S.r.l., Lucia Ferrante", "Luogo e data: " + blank,
	}, []string{"{{", "C.F."})
}

func TestLetterHeadings(t *testing.T) {
	doc := structure(t, drawLetter(t, newPrinter(t), sampleLetter(t)))
	var got []string
	for _, n := range doc.kids[0].kids {
		if strings.HasPrefix(n.role, "H") {
			got = append(got, n.role+" "+n.text)
		}
	}
	if len(got) != 1+14+3 || got[0] != "H1 Lettera di nomina a responsabile esterno" || got[1] != "H2 1. Oggetto, natura e finalità" ||
		!slices.Equal(got[15:], []string{"H2 Allegato A. Trattamenti", "H2 Allegato B. Altri responsabili", "H2 Allegato C. Misure di sicurezza"}) {
		t.Errorf("headings %q", got)
	}
	if n := len(doc.all("LI")); n != 10 {
		t.Errorf("%d items in lists, want 10", n)
	}
	rows := doc.rows()
	if want := []string{"Posta Modello S.r.l., Torino", "Recapito di e-mail e PEC", "Italia"}; !slices.ContainsFunc(rows, func(r []string) bool { return slices.Equal(r, want) }) {
		t.Errorf("no row %q in %q", want, rows)
	}
}

// TestLetterPages: nothing stands outside the page or over something else, and the places to sign stay with the last clause.
func TestLetterPages(t *testing.T) {
	p := newPrinter(t)
	for name, d := range map[string]letter.Document{"sample": sampleLetter(t), "full": fullLetter(t), "long": longLetter(t)} {
		t.Run(name, func(t *testing.T) {
			file := drawLetter(t, p, d)
			pages := wordBoxes(t, file)
			for i, page := range pages {
				checkEdges(t, page, i+1, len(pages))
				checkOverprint(t, page)
				has := func(w string) bool { return slices.ContainsFunc(page, func(x word) bool { return x.text == w }) }
				if has("14.") != has("autografa") {
					t.Errorf("page %d: the places to sign are not with the last clause", i+1)
				}
			}
			if rows := structure(t, file).rows(); name == "long" && len(rows) != 69 {
				t.Errorf("%d rows in the tables", len(rows))
			}
		})
	}
}

func TestLetterRefusesATextThatIsNone(t *testing.T) {
	p := newPrinter(t)
	for name, change := range map[string]func(string) string{
		"a placeholder that nobody knows": func(s string) string { return strings.Replace(s, "{{vendor.name}}", "{{vendor.nome}}", 1) },
		"no clauses":                      func(s string) string { return "# Titolo\n\nModello\n" },
		"no places to sign":               func(s string) string { return strings.ReplaceAll(s, "_signature}}", "_name}}") },
		"cells":                           func(s string) string { return strings.Replace(s, "| Italia |", "|", 1) },
	} {
		d := sampleLetter(t)
		d.Text.Body = change(d.Text.Body)
		if _, err := p.Letter(d); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}
