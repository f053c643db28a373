// Package lettermail writes the mail that tells a school to do its letter of appointment again. It is a pure function: the same
// data give the same mail.
package lettermail

import (
	"rinnova/internal/mail"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/suppliermail"
)

// ToRedo tells why the signed letter of a school was not accepted, and what to do. path is the letter's page, below baseURL, the
// portal's configured address.
func ToRedo(s school.School, why string, p supplier.Profile, baseURL, path string) mail.Content {
	m := suppliermail.Paper(p, suppliermail.School{Name: s.DisplayName, Address: s.PostalAddress(), MinistryCode: s.MinistryCode})
	m.Subject = "Lettera di nomina da rifare"
	m.Preview = "La lettera che avete caricato non può essere accettata così."
	m.Title = "La lettera di nomina è da rifare"
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph("il nostro ufficio ha controllato la lettera di nomina a responsabile esterno (art. 28 GDPR) che avete caricato, e non può accettarla così com’è."),
		mail.Notice{Label: "Motivo", Text: why},
		mail.Heading("Che cosa fare"),
		mail.List{Numbered: true, Items: []string{
			"Aprire la pagina della lettera: i dati già inseriti ci sono ancora.",
			"Preparare di nuovo la lettera, se deve cambiare, e scaricarla.",
			"Farla firmare e caricarla nella stessa pagina.",
		}},
		mail.Button{Label: "Aprire la lettera", URL: suppliermail.Link(baseURL, path)},
	}
	if phone := suppliermail.Phone(p); phone != "" {
		m.Blocks = append(m.Blocks, mail.Paragraph("Per un dubbio sul motivo: "+phone+"."))
	}
	return m
}
