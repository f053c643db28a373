// Package accountmail writes the mails about passwords: the one with the link to a new password, and the one that tells that
// the password was changed. They are pure functions: the same data give the same mail.
package accountmail

import (
	"net/url"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/suppliermail"
)

// Paths of the pages that the mails lead to.
const (
	AskPath  = "/password"
	LinkPath = "/password/nuova"
	// FieldSecret carries the secret of the link.
	FieldSecret = "codice"
)

// Reset is the mail with the link. baseURL is the portal's configured address. A link without a secret, as it is when the
// mail is written and not yet sent, gives the same mail without the way to the page.
func Reset(l account.Link, p supplier.Profile, baseURL string) mail.Content {
	m := paper(p, l.To)
	user := l.Account.Username
	m.Subject = "Nuova password per " + user + ": link valido un’ora"
	m.Title = "Scegliere una nuova password"
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile utente,"),
		mail.Paragraph(at(l.At) + " è stata chiesta una nuova password per l’utente " + user + " del portale rinnovi di " + m.Sender + "."),
	}
	m.Blocks = append(m.Blocks, way(l, baseURL, &m)...)
	m.Blocks = append(m.Blocks,
		mail.Paragraph("Avvisate i colleghi che usano lo stesso utente: chi è collegato deve rientrare con la nuova password."),
		mail.Heading("Se non l’avete chiesta voi"),
		mail.Paragraph("Non fate nulla: la password resta quella di prima. Non date il link a nessuno; noi non lo chiediamo mai."),
		mail.Paragraph(whomToAsk(l.To, p, m.Sender)))
	return m
}

// whomToAsk says who helps a reader who did not ask for a new password. A school's mail is read in the school's own office,
// by all who use its user: the answer is a colleague, or the vendor's office.
func whomToAsk(to account.Recipient, p supplier.Profile, sender string) string {
	if to.School == "" {
		return "Avvisate il responsabile del vostro ufficio, che risponde anche a ogni domanda sulle credenziali."
	}
	return "Forse l’ha chiesta un collega che usa lo stesso utente. Se nessuno ne sa nulla, o se il messaggio si ripete, " + callUs(p, sender) + "."
}

// callUs is how the vendor's office is reached, as the end of a sentence; who answers the mail reaches it too.
func callUs(p supplier.Profile, sender string) string {
	office := "l’ufficio contratti di " + sender
	if phone := suppliermail.Phone(p); phone != "" {
		return "chiamate " + office + ", " + phone
	}
	return "rispondete a questo messaggio: lo legge " + office
}

// way is the link, until when it holds, and how to use it by hand.
func way(l account.Link, baseURL string, m *mail.Content) []mail.Block {
	if l.Secret == "" {
		return []mail.Block{mail.Paragraph("Il link si crea al momento dell’invio, vale un’ora e funziona una volta sola. Non è conservato da nessuna parte.")}
	}
	address := suppliermail.Link(baseURL, LinkPath) + "?" + FieldSecret + "=" + url.QueryEscape(l.Secret)
	until := "alle" + locale.NBSP + locale.Clock(l.Until)
	m.Preview = "Il link vale fino " + until + " e funziona una volta sola."
	return []mail.Block{
		mail.Button{Label: "Scegliere la nuova password", URL: address},
		mail.Paragraph("Il link vale un’ora, fino " + until + " (ora italiana), e funziona una volta sola. Se ne chiedete un altro, questo non vale più."),
		mail.Literal{Label: "Se il link non si apre, copiate per intero questo indirizzo e incollatelo nella barra degli indirizzi del browser", Value: address},
	}
}

// Changed tells that the password was changed. It carries no secret.
func Changed(c account.Change, p supplier.Profile, baseURL string) mail.Content {
	m := paper(p, c.To)
	m.Subject = "Password cambiata per " + c.Account.Username
	m.Preview = "Chi era collegato deve rientrare con quella nuova."
	m.Title = "La password è stata cambiata"
	colleagues := "Date la nuova password ai colleghi che lo usano: per sicurezza qui non è scritta."
	if c.To.School == "" {
		colleagues = "Per sicurezza la nuova password qui non è scritta."
	}
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile utente,"),
		mail.Paragraph("la password dell’utente " + c.Account.Username + " è stata cambiata " + at(c.At) + " (ora italiana), con il link inviato a " + account.Mask(c.To.Email).String() + "."),
		mail.Paragraph("Chi era collegato con questo utente deve rientrare con la nuova password. " + colleagues),
		mail.Heading("Se non siete stati voi"),
		mail.Paragraph("Chiedete subito una nuova password, poi " + callUs(p, m.Sender) + ". Le richieste confermate e i contratti restano registrati."),
		mail.Button{Label: "Chiedere una nuova password", URL: suppliermail.Link(baseURL, AskPath)},
	}
	return m
}

// Besieged tells that many have guessed at a user name, without coming in.
func Besieged(b account.Siege, p supplier.Profile, baseURL string) mail.Content {
	m := paper(p, b.To)
	m.Subject = "Qualcuno prova a indovinare la password di " + b.Account.Username
	m.Preview = "Nessuno è entrato. Se la password non è facile da indovinare, non serve fare nulla."
	m.Title = "Qualcuno prova a indovinare la password"
	use := "Chi entra dal computer o dalla rete che usa di solito continua a entrare subito. Da un posto nuovo può capitare di aspettare un minuto."
	m.Blocks = []mail.Block{
		mail.Paragraph("Gentile utente,"),
		mail.Paragraph("in un giorno, fino alle" + locale.NBSP + locale.Clock(b.At) + " del" + locale.NBSP + day(b.At) + " (ora italiana), sono arrivate più di " + locale.Count(b.Tries-1) + " password sbagliate per l’utente " + b.Account.Username + ". Nessuna era quella giusta: con queste non è entrato nessuno."),
		mail.Paragraph(use),
		mail.Heading("Che cosa fare"),
		mail.Paragraph("Se la password è lunga e non c’entra con la scuola, nulla. Se è facile da indovinare, se è scritta su un foglio o se la usate anche altrove, cambiatela adesso."),
		mail.Button{Label: "Chiedere una nuova password", URL: suppliermail.Link(baseURL, AskPath)},
		mail.Paragraph("Se siete stati voi, perché la password non è più quella che ricordate, chiedetene una nuova nello stesso modo. Per ogni domanda " + callUs(p, m.Sender) + "."),
	}
	return m
}

func paper(p supplier.Profile, to account.Recipient) mail.Content {
	return suppliermail.Paper(p, suppliermail.School{Name: to.School, Address: to.Address, MinistryCode: to.MinistryCode})
}

// day writes 13/01/2027.
func day(t time.Time) string { return locale.Date(rinnova.DateOf(t)) }

// at writes il 13/01/2027 alle 09:58, and l’11/01/2027 before otto and undici.
func at(t time.Time) string {
	d := rinnova.DateOf(t)
	article := "il" + locale.NBSP
	if d.Day == 8 || d.Day == 11 {
		article = "l’"
	}
	return article + locale.Date(d) + " alle" + locale.NBSP + locale.Clock(t)
}
