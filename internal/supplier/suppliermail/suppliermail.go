// Package suppliermail is the vendor's letter paper: what all mails of the installation have in common. The head names the
// vendor; the foot names the school that the mail is for, the vendor and the way to answer; amounts are written
// alike in all of them. Mails are Italian.
package suppliermail

import (
	"strings"

	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/supplier"
)

// School is whom a mail is for.
type School struct {
	Name         string // Istituto Comprensivo Statale «Giovanni Verga»
	Address      string // via Archimede 12, 97100 Ragusa (RG)
	MinistryCode string
}

// Paper begins a mail: everything but its subject, title and blocks.
func Paper(p supplier.Profile, s School) mail.Content {
	var foot []string
	if school := joined(", ", s.Name, s.MinistryCode, s.Address); school != "" { // the office has none
		foot = append(foot, "Scuola: "+school)
	}
	if vendor := joined(", ", p.Name, p.Address, labelled("P.IVA", p.VATNumber)); vendor != "" {
		foot = append(foot, vendor)
	}
	if contact := Contact(p); contact != "" {
		foot = append(foot, "Rinnovi: "+contact)
	}
	foot = append(foot, "Messaggio automatico del portale rinnovi. Rispondendo scrivete all’ufficio contratti.")
	if p.Fictional {
		foot = append(foot, "Dimostrazione: il fornitore, i prodotti e i dati di questo messaggio sono inventati. Il messaggio non ha alcun valore.")
	}
	sender := p.ShortName
	if sender == "" {
		sender = p.Name
	}
	return mail.Content{Sender: sender, Service: "portale rinnovi", Foot: foot}
}

// Contact is how the vendor's office for renewals is reached: tel. 02 0000000, contratti@…; empty where nothing is set.
func Contact(p supplier.Profile) string {
	phone, email := p.Renewals.Phone, p.Renewals.Email
	if phone == "" && email == "" {
		phone, email = p.Phone, p.Email
	}
	return joined(", ", labelled("tel.", phone), email)
}

// Phone is the number for renewals: tel. 02 0000000; empty where none is set.
func Phone(p supplier.Profile) string {
	if p.Renewals.Phone != "" {
		return labelled("tel.", p.Renewals.Phone)
	}
	return labelled("tel.", p.Phone)
}

// AmountRows are the taxable amount, the VAT by rate, and the total.
func AmountRows(t catalog.Totals) mail.Rows {
	rows := mail.Rows{{Label: "Imponibile", Value: locale.Euro(t.Taxable)}}
	for _, v := range t.VATByRate {
		// On paper a no-break space stands before the sign.
		label := "IVA" + locale.NBSP + strings.TrimSuffix(locale.Percent(v.Rate), "%") + locale.NBSP + "%"
		if len(t.VATByRate) > 1 {
			label += " su " + locale.Euro(v.Taxable)
		}
		rows = append(rows, mail.Row{Label: label, Value: locale.Euro(v.VAT)})
	}
	return append(rows, mail.Row{Label: "Totale", Value: locale.Euro(t.Total)})
}

// Number writes n. 45/2027, kept together.
func Number(n string) string { return "n." + locale.NBSP + n }

// Link is the address of a page of the portal. The base comes from the configuration, never from a request.
func Link(baseURL, path string) string { return strings.TrimRight(baseURL, "/") + path }

// labelled puts a label before a value that is kept on one line; nothing where the value is empty.
func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + locale.NBSP + strings.ReplaceAll(value, " ", locale.NBSP)
}

// joined joins what is not empty.
func joined(separator string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, separator)
}
