package contractpdf

import (
	"fmt"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
)

// acceptanceTitle is the title of the sheet.
const acceptanceTitle = "Accettazione della lettera di nomina a responsabile esterno"

// Acceptance draws the sheet with which the vendor accepts a letter that it cannot sign itself: a scan, a .p7m. It names the
// file by its hash. It is ready to be signed.
func (p *Printer) Acceptance(a letter.AcceptanceSheet) ([]byte, error) {
	s := p.sheet(a.Vendor)
	d := a.Letter.Document
	s.runLeft, s.runRight = acceptanceTitle, d.School.MinistryCode
	s.footMiddle = joinDots(d.School.MinistryCode, fmt.Sprintf("invio n. %d", a.Received.Number))
	s.addHead()
	s.addTitle(acceptanceTitle, d.School.Name, "ai sensi dell’art. 28 del regolamento (UE) 2016/679 (GDPR)")
	s.add(s.paragraph(4, textStyle, textStyle.bold().span(a.Vendor.Name), textStyle.span(glue(" accetta la nomina a responsabile del trattamento dei dati "+
		"personali che la scuola le ha conferito con la lettera firmata contenuta nel file descritto qui sotto, e assume gli obblighi che la lettera prevede."))))
	for _, part := range []struct {
		title string
		pairs []pair
	}{
		{"La scuola", []pair{{label: "Istituto", value: d.School.Name}, {label: "Sede", value: d.School.Address}, {label: "Cod. meccanografico", value: d.School.MinistryCode},
			{label: "Codice fiscale", value: d.School.TaxCode}}},
		{"Il file ricevuto", receivedPairs(a)},
		{"L’accettazione", []pair{{label: "Accettata il", value: locale.DateAtSeconds(a.Received.Decided)}, {label: "Per il fornitore", value: a.Vendor.Name},
			{label: "Firmatario", value: signatoryOf(a.Vendor)}}},
	} {
		s.add(stack(part.title, s.heading(left, width, part.title), s.pairs(left, width, 36, part.pairs)))
	}
	s.add(s.paragraph(5, textStyle, textStyle.span(glue("Questo foglio è firmato digitalmente dal fornitore. L’impronta SHA-256 lo lega al file ricevuto: "+
		"chi ha i due file può calcolarla di nuovo e vedere che sono quelli. Conservateli insieme."))))
	at := a.Received.Decided.UTC()
	if !d.At.IsZero() { // a sheet of before stays as it was
		at = created(at, d.Date)
	}
	out, err := s.draw(pdf.Info{Title: acceptanceTitle, Author: a.Vendor.Name, Created: at})
	if err != nil {
		return nil, fmt.Errorf("contractpdf: acceptance for %s: %w", d.School.MinistryCode, err)
	}
	return out, nil
}

func receivedPairs(a letter.AcceptanceSheet) []pair {
	c, l := a.Received, a.Letter
	of := fmt.Sprintf("n. %d, preparata dal portale il %s, testo versione %s", l.Number, locale.Date(rinnova.DateOf(l.At)), l.Document.Text.Version)
	if c.Facts.Number == 0 {
		of = "quella contenuta nel file; l’ultima preparata dal portale prima dell’invio è la " + of
	}
	signature := "digitale, di " + orElse(c.Facts.Signers(), "nome non indicato")
	if c.Scan() {
		signature = "a mano, secondo la scuola: il file è la scansione del foglio e non ha firma digitale"
	}
	return []pair{
		{label: "Lettera", value: glue(of)}, {label: "Nome del file", value: c.Name}, {label: "Dimensione", value: locale.Count(int(c.File.Size)) + " byte"},
		{label: "Ricevuto il", value: locale.DateAtSeconds(c.At) + fmt.Sprintf(", invio n. %d", c.Number)}, {label: "Impronta SHA-256", value: c.File.SHA256, small: true},
		{label: "Firma della scuola", value: signature},
	}
}
