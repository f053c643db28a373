// Package schoolmail writes the mails about a school's data: what became of a correction, and that the institutional address
// is another one. They are pure functions: the same data give the same mail.
package schoolmail

import (
	"fmt"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/suppliermail"
)

// DataPath is the school's page of its data.
const DataPath = "/dati"

// Decided tells a school what became of its correction, value by value. baseURL is the portal's configured address.
func Decided(c *school.Correction, s school.School, p supplier.Profile, baseURL string) mail.Content {
	accepted, rejected := decided(c.Items, school.Accepted), decided(c.Items, school.Rejected)
	m := suppliermail.Paper(p, schoolOf(s))
	m.Subject = subject(len(accepted), len(rejected))
	m.Preview = "Che cosa ha deciso il nostro ufficio, dato per dato."
	m.Title = "La correzione dei dati della scuola"
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph(fmt.Sprintf("il nostro ufficio ha guardato la correzione dei dati %s, inviata da %s.", locale.Del(rinnova.DateOf(c.At)), c.By.Username)),
	}
	if len(accepted) > 0 {
		m.Blocks = append(m.Blocks, mail.Heading("Dati corretti"), rows(accepted),
			mail.Paragraph("Valgono da subito, anche per le richieste già inviate e non ancora elaborate. I contratti già elaborati non cambiano."))
	}
	if len(rejected) > 0 {
		m.Blocks = append(m.Blocks, mail.Heading("Dati rimasti com’erano"))
		for _, i := range rejected {
			m.Blocks = append(m.Blocks,
				mail.Paragraph(fmt.Sprintf("%s: resta «%s», non «%s».", label(i), some(s.Shown(i.Field)), some(i.New))),
				mail.Notice{Label: "Motivo", Text: i.Reason})
		}
	}
	m.Blocks = append(m.Blocks, mail.Button{Label: "Vedere i dati della scuola", URL: suppliermail.Link(baseURL, DataPath)})
	if phone := suppliermail.Phone(p); phone != "" && len(rejected) > 0 {
		m.Blocks = append(m.Blocks, mail.Paragraph("Per un dubbio: "+phone+", citando il codice portale "+s.PortalCode+"."))
	}
	return m
}

func decided(all []school.Item, state school.ItemState) []school.Item {
	var out []school.Item
	for _, i := range all {
		if i.State == state {
			out = append(out, i)
		}
	}
	return out
}

func subject(accepted, rejected int) string {
	switch {
	case rejected == 0 && accepted == 1:
		return "Correzione dei dati della scuola: accettata"
	case rejected == 0:
		return fmt.Sprintf("Correzione dei dati della scuola: tutte e %d accettate", accepted)
	case accepted == 0 && rejected == 1:
		return "Correzione dei dati della scuola: non accettata"
	case accepted == 0:
		return fmt.Sprintf("Correzione dei dati della scuola: nessuna delle %d accettata", rejected)
	}
	return fmt.Sprintf("Correzione dei dati della scuola: %d su %d accettate", accepted, accepted+rejected)
}

func rows(items []school.Item) mail.Rows {
	var out mail.Rows
	for _, i := range items {
		out = append(out, mail.Row{Label: label(i), Value: fmt.Sprintf("%s (prima: %s)", some(i.New), some(i.Old))})
	}
	return out
}

func label(i school.Item) string { return locale.Italian.Text(i.Field.Label()) }

// some is a value, or that there is none.
func some(v string) string {
	if v == "" {
		return "nessun valore"
	}
	return v
}

// AddressChanged tells the old and the new institutional address that the one took the other's place: who did not ask for it
// must be able to object.
func AddressChanged(s school.School, old string, p supplier.Profile) mail.Content {
	m := suppliermail.Paper(p, schoolOf(s))
	m.Subject = "L’indirizzo e-mail della scuola nel portale è cambiato"
	m.Preview = "Se non l’avete chiesto voi, avvisateci subito."
	m.Title = "L’indirizzo e-mail della scuola è cambiato"
	before := old
	if before == "" {
		before = "nessuno"
	}
	warning := "rispondete subito a questo messaggio."
	if phone := suppliermail.Phone(p); phone != "" {
		warning = "telefonate subito: " + phone + "."
	}
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph("il nostro ufficio ha cambiato l’indirizzo e-mail istituzionale della scuola nel portale rinnovi."),
		mail.Rows{{Label: "Prima", Value: before}, {Label: "Adesso", Value: s.Email}},
		mail.Paragraph("Da adesso ricevute, contratti firmati e messaggi per la password arrivano al nuovo indirizzo. I link per una nuova password già inviati all’indirizzo di prima non valgono più."),
		mail.Notice{Label: "Se la scuola non l’ha chiesto", Text: warning},
		mail.Paragraph("Questo messaggio va a tutti e due gli indirizzi."),
	}
	return m
}

func schoolOf(s school.School) suppliermail.School {
	return suppliermail.School{Name: s.DisplayName, Address: s.PostalAddress(), MinistryCode: s.MinistryCode}
}
