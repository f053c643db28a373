// Package contractmail writes the mail with which a signed contract reaches its school.
package contractmail

import (
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal/renewalmail"
	"rinnova/internal/supplier/suppliermail"
)

// Sent is the mail that carries the signed PDF. It says what the contract says, from the same snapshot; sha256 is the hash
// of the attached file in lower-case hex, baseURL the portal's configured address.
func Sent(d contract.Document, sha256, baseURL string) mail.Content {
	m := suppliermail.Paper(d.Vendor, suppliermail.School{Name: d.School.Name, Address: d.School.Address, MinistryCode: d.School.MinistryCode})
	m.Subject = "Contratto n. " + d.Number + " firmato"
	if d.Order.CIG != "" {
		m.Subject += " – CIG " + d.Order.CIG
	}
	m.Preview = "Il file PDF allegato è l’originale, firmato digitalmente."
	m.Title = "Il contratto " + suppliermail.Number(d.Number) + " è firmato"
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph("in allegato trovate il contratto di " + d.Kind.Traits().Object + ", firmato digitalmente."),
		contents(d),
		mail.Paragraph("Conservate il file PDF: la firma è nel file e una stampa è una copia. Lo stesso file resta sempre nella vostra area riservata."),
		mail.Button{Label: "Aprire l’area riservata", URL: suppliermail.Link(baseURL, "/area")},
		mail.Paragraph("Per un controllo: codice di verifica " + contract.ShowCode(d.VerifyCode) + " su " + d.VerifyURL + "."),
		mail.Literal{Label: "Impronta SHA-256 del file", Value: sha256},
		mail.Paragraph(invoice(d)),
	}
	return m
}

func contents(d contract.Document) mail.Rows {
	rows := mail.Rows{
		{Label: "Contratto", Value: suppliermail.Number(d.Number) + " " + locale.Del(d.Date)},
		{Label: "Periodo", Value: locale.Dal(d.Period.From) + " " + locale.Al(d.Period.To)},
	}
	for _, l := range d.Lines {
		if !l.Way.IsZero() { // its period may be another than the contract's
			rows = append(rows, mail.Row{Label: l.Name, Value: locale.Italian.Text(l.Way)})
		}
	}
	rows = append(rows, renewalmail.OrderRows(d.Order.Order)...)
	rows = append(rows, suppliermail.AmountRows(d.Totals)...)
	if d.Split != "" {
		rows = append(rows,
			mail.Row{Label: "Pagate al fornitore", Value: locale.Euro(d.Totals.ToVendor(true))},
			mail.Row{Label: "Versate allo Stato (IVA)", Value: locale.Euro(d.Totals.ToState(true))})
	}
	return rows
}

// invoice says where the invoice will go and what it will carry.
func invoice(d contract.Document) string {
	carries := "lo stesso ordine"
	if d.Order.CIG != "" {
		carries = "lo stesso CIG e lo stesso ordine"
	}
	arrives := "La fattura elettronica porterà " + carries + "."
	if d.School.OfficeCode != "" {
		arrives = "La fattura elettronica arriverà al codice univoco ufficio " + d.School.OfficeCode + ", con " + carries + "."
	}
	return arrives + " Se trovate un errore, scriveteci o telefonateci prima della fattura."
}
