// Package renewalmail writes the mails about a request: the receipt of each confirmation, the request that is sent back, and
// the receipt of a notice. They are pure functions: the same data give the same mail.
package renewalmail

import (
	"fmt"
	"strconv"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/suppliermail"
)

// Received is the receipt of a confirmation, with what it says differently from the one before. baseURL is the portal's
// configured address.
func Received(c renewal.Confirmation, p supplier.Profile, baseURL string) mail.Content {
	r, v := c.Request, c.Revision
	m := suppliermail.Paper(p, schoolOf(v.School))
	m.Subject = fmt.Sprintf("Richiesta n. %s ricevuta, conferma n. %d", r.Number, v.Number)
	m.Preview = "È una ricevuta, non un contratto."
	m.Title = "Abbiamo ricevuto la conferma " + ordinal(v.Number)
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph(opening(c)),
		contents(c),
	}
	m.Blocks = append(m.Blocks, chosen(c)...)
	if v.Reply.Words != "" {
		m.Blocks = append(m.Blocks, mail.Notice{Label: "La vostra risposta all’ufficio", Text: v.Reply.Words})
	}
	m.Blocks = append(m.Blocks, changes(c)...)
	m.Blocks = append(m.Blocks,
		mail.Paragraph("Potete ancora modificare la richiesta finché non è elaborata. Ogni modifica conta soltanto dopo una nuova conferma."),
		mail.Button{Label: "Vedere la richiesta", URL: requestLink(baseURL, r)},
		mail.Paragraph("Questo messaggio è una ricevuta, non un contratto. Il contratto arriverà con un altro messaggio, dopo l’elaborazione."))
	return m
}

func opening(c renewal.Confirmation) string {
	v := c.Revision
	when := on(rinnova.DateOf(v.At)) + " alle" + locale.NBSP + v.At.In(rinnova.Rome).Format("15:04:05")
	s := fmt.Sprintf("la richiesta di %s %s è stata confermata da %s %s (ora italiana).",
		c.Request.Kind.Traits().Renewal, suppliermail.Number(c.Request.Number), v.By.Username, when)
	if c.Before != nil {
		s += fmt.Sprintf(" Questa conferma sostituisce la %s %s.", ordinal(c.Before.Number), locale.Del(rinnova.DateOf(c.Before.At)))
	}
	return s
}

// contents is what the confirmation says of the order.
func contents(c renewal.Confirmation) mail.Rows {
	v := c.Revision
	rows := append(OrderRows(v.Order), mail.Row{Label: "Pagamento", Value: v.Order.Payment.Name})
	if band := c.Proposal.Band(v.Band); !band.IsZero() {
		rows = append(rows, mail.Row{Label: "Fascia alunni", Value: locale.Italian.Text(band)})
	}
	return append(rows, mail.Row{Label: "Condizioni di contratto", Value: "versione " + v.Terms + ", accettate"})
}

// chosen are the products of the confirmation with their amounts, as it keeps them, down to the total; and what is left.
func chosen(c renewal.Confirmation) []mail.Block {
	p, v := c.Proposal, c.Revision
	ticks := renewal.NewTicks(v.Ticks...)
	n, of := p.Count(ticks)
	var rows mail.Rows
	for i, l := range p.Lines {
		if ticks[l.ID] {
			rows = append(rows, mail.Row{Label: l.Name, Value: locale.Euro(v.Totals.Lines[i].Amount) + detail(p, l, v.Band)})
		}
	}
	if v.Totals.Reduction > 0 {
		rows = append(rows, mail.Row{Label: "Riduzione per il tetto massimo", Value: locale.Euro(-v.Totals.Reduction)})
	}
	rows = append(rows, suppliermail.AmountRows(v.Totals)...)
	out := []mail.Block{mail.Heading(fmt.Sprintf("%s, %d su %d", c.Request.Kind.Traits().Chosen, n, of)), rows}
	var left []string
	for _, x := range p.Left(ticks) {
		text := x.Name
		if why := v.Leavings[x.ID]; !why.IsZero() {
			text += ": " + locale.Italian.Text(why.Text())
		}
		left = append(left, text)
	}
	if len(left) > 0 {
		out = append(out, mail.Heading("Non si rinnova"), mail.List{Items: left})
	}
	return out
}

// detail says after the amount of a line what it is for, where its period is not that of the others.
func detail(p *renewal.Proposal, l renewal.Line, b catalog.Band) string {
	switch said := p.Detail(l, b); {
	case !said.IsZero():
		return ", " + locale.Italian.Text(said)
	case l.Period != p.Period:
		return ", " + locale.Dal(l.Period.From) + " " + locale.Al(l.Period.To)
	}
	return ""
}

// changes says what differs from the confirmation before; nothing where this is the first.
func changes(c renewal.Confirmation) []mail.Block {
	if c.Before == nil {
		return nil
	}
	var items []string
	for _, x := range renewal.Changes(c.Proposal, c.Before, c.Revision) {
		items = append(items, sentence(x))
	}
	if len(items) == 0 {
		return []mail.Block{mail.Paragraph("Rispetto alla conferma " + ordinal(c.Before.Number) + " non è cambiato nulla.")}
	}
	return []mail.Block{
		mail.Heading("Che cosa è cambiato dalla conferma " + ordinal(c.Before.Number)),
		mail.List{Items: items},
	}
}

func sentence(c renewal.Change) string {
	text := locale.Italian.Text(c.Text) + "."
	switch c.Kind {
	case renewal.Added:
		return "Aggiunto " + text
	case renewal.Removed:
		return "Tolto " + text
	}
	return text
}

// ToCorrect tells why the confirmation v of a request was sent back, and until which day it can be confirmed again.
func ToCorrect(r *renewal.Request, v *renewal.Revision, until rinnova.Date, p supplier.Profile, baseURL string) mail.Content {
	m := suppliermail.Paper(p, schoolOf(v.School))
	m.Subject = fmt.Sprintf("Richiesta n. %s da correggere", r.Number)
	m.Preview = "Serve una correzione prima di elaborare il contratto."
	m.Title = "La richiesta " + suppliermail.Number(r.Number) + " è da correggere"
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph("il nostro ufficio ha controllato la conferma " + ordinal(v.Number) + " della richiesta e non può ancora elaborarla."),
		mail.Notice{Label: "Motivo", Text: r.Reason},
		mail.Heading("Che cosa fare"),
		mail.List{Numbered: true, Items: []string{
			"Aprire la richiesta: i dati già inseriti ci sono ancora.",
			"Correggere quanto indicato. Se invece va bene così, scriverlo in «Risposta all’ufficio».",
			"Premere «Conferma dati».",
		}},
		mail.Button{Label: "Correggere la richiesta", URL: requestLink(baseURL, r)},
		mail.Paragraph("Senza una nuova conferma la richiesta resta ferma. Si può confermare fino " + locale.Al(until) + "."),
	}
	if phone := suppliermail.Phone(p); phone != "" {
		m.Blocks = append(m.Blocks, mail.Paragraph("Per un dubbio sul motivo: "+phone+", citando il numero della richiesta."))
	}
	return m
}

// Declined is the receipt of the notice of a school that renews nothing.
func Declined(v *renewal.View, p supplier.Profile, baseURL string) mail.Content {
	r := v.Request
	m := suppliermail.Paper(p, schoolOf(v.School))
	m.Subject = fmt.Sprintf("Richiesta n. %s: la scuola non rinnova", r.Number)
	m.Preview = "È la ricevuta di quello che avete comunicato."
	m.Title = "Abbiamo ricevuto la comunicazione che non rinnovate"
	rows := mail.Rows{
		{Label: "Rinnovo", Value: v.Season.Name},
		{Label: "Comunicato il", Value: locale.Date(rinnova.DateOf(r.Notice.At)) + " alle" + locale.NBSP + locale.Clock(r.Notice.At)},
		{Label: "Da", Value: r.Notice.By}, {Label: "Motivo", Value: locale.Italian.Text(r.Notice.Text())},
	}
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile segreteria,"),
		mail.Paragraph("la scuola ha comunicato che questa volta non rinnova nulla di quello che le è stato proposto con la richiesta di " +
			r.Kind.Traits().Renewal + " " + suppliermail.Number(r.Number) + "."),
		rows,
	}
	if r.Revision > 0 {
		m.Blocks = append(m.Blocks, mail.Paragraph("La conferma "+ordinal(r.Revision)+" non vale più: non ci sarà un contratto."))
	}
	m.Blocks = append(m.Blocks, mail.Paragraph("I contratti in corso valgono fino alla loro scadenza."),
		mail.Button{Label: "Vedere la richiesta", URL: requestLink(baseURL, r)})
	if phone := suppliermail.Phone(p); phone != "" {
		m.Blocks = append(m.Blocks, mail.Paragraph("Se non siete stati voi, o se cambiate idea: "+phone+", citando il numero della richiesta."))
	}
	return m
}

// requestLink leads to the request by the number that people know; who has not logged in comes there after the login.
func requestLink(baseURL string, r *renewal.Request) string {
	return suppliermail.Link(baseURL, "/richieste/"+r.Number)
}

func schoolOf(s school.School) suppliermail.School {
	return suppliermail.School{Name: s.DisplayName, Address: s.PostalAddress(), MinistryCode: s.MinistryCode}
}

// ordinal writes n. 2, kept together.
func ordinal(n int) string { return suppliermail.Number(strconv.Itoa(n)) }

// on writes il 18/01/2027, and l’11/01/2027 before otto and undici.
func on(d rinnova.Date) string {
	if d.Day == 8 || d.Day == 11 {
		return "l’" + locale.Date(d)
	}
	return "il" + locale.NBSP + locale.Date(d)
}
