// Package remindermail writes the reminders. They are pure functions: the same data give the same mail.
package remindermail

import (
	"fmt"
	"strings"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/reminder"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/suppliermail"
)

// StopPath is the public page where whoever gets a reminder stops them; its token follows.
const StopPath = "/solleciti/"

// Remind is the mail of a reminder: where the request stands, what is missing, until when it can be confirmed, and how to get
// no more of them. baseURL is the portal's configured address.
func Remind(r reminder.Reminder, v *renewal.View, missing []rinnova.Text, p supplier.Profile, baseURL string) mail.Content {
	m := suppliermail.Paper(p, schoolOf(v.School))
	until := v.Season.ClosesOn
	m.Subject = fmt.Sprintf("%s: si chiude %s", v.Season.Name, dayName(until))
	m.Preview = "La richiesta non è ancora confermata."
	m.Title = m.Subject
	if r.Rule == reminder.NoCIG {
		m.Subject = fmt.Sprintf("%s: manca il CIG", v.Season.Name)
		m.Title = "Per confermare la richiesta manca il CIG"
	}
	m.Blocks = append([]mail.Block{mail.Paragraph("Gentile segreteria,")}, body(r, v, missing)...)
	m.Blocks = append(m.Blocks,
		mail.Button{Label: button(v.Request.State), URL: suppliermail.Link(baseURL, "/richieste/"+v.Request.Number)},
		mail.Paragraph("Nulla si rinnova da solo: senza la conferma della scuola i "+v.Request.Kind.Traits().Goods.String()+" non sono rinnovati."),
		mail.Paragraph("Se avete già deciso di non rinnovare, ditelo nella stessa pagina: non riceverete altri solleciti."))
	if phone := suppliermail.Phone(p); phone != "" {
		m.Blocks = append(m.Blocks, mail.Paragraph("Per un dubbio: "+phone+", citando il codice portale "+v.School.PortalCode+"."))
	}
	m.Unsubscribe = suppliermail.Link(baseURL, StopPath+r.Token)
	m.Blocks = append(m.Blocks, mail.Link{Sentence: "Ricevute e contratti arrivano comunque. Se a questo indirizzo non volete più i solleciti", Words: "fermateli qui", URL: m.Unsubscribe})
	return m
}

func body(r reminder.Reminder, v *renewal.View, missing []rinnova.Text) []mail.Block {
	until := fmt.Sprintf("Si può confermare fino alle 23:59 di %s.", dayName(v.Season.ClosesOn))
	what := fmt.Sprintf("la richiesta di %s %s", v.Request.Kind.Traits().Renewal, suppliermail.Number(v.Request.Number))
	switch {
	case v.Request.State == renewal.Offered:
		return []mail.Block{
			mail.Paragraph(fmt.Sprintf("la proposta di %s %s vi aspetta nel portale e non l’avete ancora aperta. %s", v.Request.Kind.Traits().Renewal, suppliermail.Number(v.Request.Number), until)),
			rows(v, nil),
		}
	case v.Request.State == renewal.Returned:
		return []mail.Block{
			mail.Paragraph(what + " è da correggere e non è stata confermata di nuovo. " + until),
			mail.Notice{Label: "Motivo", Text: v.Request.Reason},
		}
	case r.Rule == reminder.NoCIG:
		return []mail.Block{
			mail.Paragraph(what + " è in compilazione, ma non ha ancora il CIG. Se l’avete chiesto, inseritelo appena lo ricevete; se per questo acquisto non è previsto, scegliete nella pagina il motivo di esclusione. " + until),
			rows(v, missing),
		}
	}
	return []mail.Block{mail.Paragraph(what + " è in compilazione ma non è ancora stata inviata. " + until), rows(v, missing)}
}

func rows(v *renewal.View, missing []rinnova.Text) mail.Rows {
	ticked, of := v.Proposal.Count(v.Request.Ticks())
	out := mail.Rows{}
	if !v.Request.DraftAt.IsZero() {
		out = append(out, mail.Row{Label: "Ultima modifica", Value: locale.Date(rinnova.DateOf(v.Request.DraftAt))})
	}
	out = append(out, mail.Row{Label: v.Request.Kind.Traits().Chosen, Value: fmt.Sprintf("%d su %d", ticked, of)})
	if v.Proposal.Bands.Has(v.Request.Draft.Band) { // without the band there is no amount yet
		out = append(out, mail.Row{Label: "Importo da fatturare", Value: locale.Euro(v.Totals().Taxable) + " + IVA"})
	}
	if len(missing) > 0 {
		var names []string
		for _, x := range missing {
			names = append(names, locale.Italian.Text(x))
		}
		out = append(out, mail.Row{Label: "Manca", Value: strings.Join(names, ", ")})
	}
	return out
}

func button(s renewal.State) string {
	switch s {
	case renewal.Offered:
		return "Vedere la proposta"
	case renewal.Returned:
		return "Correggere la richiesta"
	}
	return "Completare la richiesta"
}

var weekdays = [...]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"}

// dayName is a day with its weekday: venerdì 29 gennaio 2027.
func dayName(d rinnova.Date) string {
	return weekdays[d.Weekday()] + locale.NBSP + locale.LongDate(d)
}

func schoolOf(s school.School) suppliermail.School {
	return suppliermail.School{Name: s.DisplayName, Address: s.PostalAddress(), MinistryCode: s.MinistryCode}
}
