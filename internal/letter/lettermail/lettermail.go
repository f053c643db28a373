// Package lettermail writes the mails that tell a school what has become of its letter of appointment: it is to be done again, or
// accepted. They are pure functions: the same data give the same mail.
package lettermail

import (
	"rinnova/internal/letter"
	"rinnova/internal/locale"
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

// MaxAttached is the largest acceptance that goes along with its mail, in bytes: many mail servers refuse more than 10 MB, and
// on its way a file grows by a third.
const MaxAttached = 6 << 20

// Accepted tells that the vendor has accepted the signed letter c of a school. Where the acceptance is no larger than MaxAttached,
// its file goes along. path is the letter's page, below baseURL, the portal's configured address.
func Accepted(s school.School, c *letter.Signed, p supplier.Profile, baseURL, path string) mail.Content {
	m := suppliermail.Paper(p, suppliermail.School{Name: s.DisplayName, Address: s.PostalAddress(), MinistryCode: s.MinistryCode})
	m.Subject = "Lettera di nomina accettata"
	m.Preview = "La lettera di nomina che avete caricato è accettata. Non dovete fare altro."
	m.Title = "La lettera di nomina è accettata"
	where := "In allegato trovate "
	if c.Acceptance.File.Size > MaxAttached {
		where = "Nella pagina della lettera trovate "
	}
	what := "un foglio firmato digitalmente con la nostra accettazione, che indica il vostro file con la sua impronta. Conservatelo insieme al file che avete caricato."
	if c.Acceptance.Kind == letter.Countersigned {
		what = "il vostro file con aggiunta la nostra firma digitale: la vostra firma resta valida. Conservate questo."
	}
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph("il nostro ufficio ha controllato la lettera di nomina a responsabile esterno (art. 28 GDPR) che avete caricato e l’ha accettata. Non dovete fare altro."),
		mail.Rows{
			{Label: "File caricato", Value: c.Name + ", il " + locale.Italian.Text(locale.When(c.At))},
			{Label: "Accettata il", Value: locale.Italian.Text(locale.When(c.Decided))},
		},
		mail.Paragraph(where + what),
		mail.Button{Label: "Aprire la pagina della lettera", URL: suppliermail.Link(baseURL, path)},
		mail.Literal{Label: "Impronta SHA-256 dell’accettazione", Value: c.Acceptance.File.SHA256},
	}
	return m
}
