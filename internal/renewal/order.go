package renewal

import (
	"slices"
	"strings"

	"rinnova"
	"rinnova/identifier"
	"rinnova/internal/latin"
	"rinnova/internal/locale"
	"rinnova/internal/supplier"
)

// OrderForm is the order data as typed, kept even when it is wrong: nothing typed is lost. What there is to know of each of its
// fields is one row of Fields.
type OrderForm struct {
	CIG       string
	Exclusion string // ES01 to ES27, instead of a CIG
	Reason    string // why there is no CIG
	CUP       string
	Number    string
	Date      string
	Payment   string // code of a payment term
	// Acknowledged are the codes of the warnings that the school has seen and confirmed.
	Acknowledged []string
}

// Order is order data that has passed the checks.
type Order struct {
	CIG       string // ten characters; empty with an exclusion
	Exclusion string
	Reason    string
	CUP       string
	Number    string
	Date      rinnova.Date
	Payment   supplier.PaymentTerm
}

// Form is the order as somebody would type it.
func (o Order) Form() OrderForm {
	return OrderForm{CIG: o.CIG, Exclusion: o.Exclusion, Reason: o.Reason, CUP: o.CUP, Number: o.Number, Date: locale.Date(o.Date), Payment: o.Payment.Code}
}

// Read is the order that was typed as far as it can be read, unchecked; terms are those that can be chosen.
func (f OrderForm) Read(terms []supplier.PaymentTerm) Order {
	f = f.counting()
	day, _ := locale.ParseDate(f.Date)
	return Order{CIG: f.CIG, Exclusion: f.Exclusion, Reason: f.Reason, CUP: f.CUP, Number: f.Number, Date: day, Payment: term(terms, f.Payment)}
}

// The fields of the order form, as their inputs are named.
const (
	FieldCIG       = "cig"
	FieldExclusion = "esclusione"
	FieldReason    = "motivo"
	FieldCUP       = "cup"
	FieldNumber    = "numero"
	FieldDate      = "data"
	FieldPayment   = "pagamento"
	FieldBand      = "fascia"
	FieldLines     = "riga"
	FieldAccept    = "accetta"
)

// MaxOrderNumber is the length that an e-invoice allows (FatturaPA 1.2.3, IdDocumento).
const MaxOrderNumber = 20

// OrderFacts is what the checks need to know besides the form.
type OrderFacts struct {
	Today    rinnova.Date
	Offered  []supplier.PaymentTerm
	LastCIG  string   // the CIG of another order of this school
	CIGUsers []string // other schools of the campaign that confirmed with the same CIG
}

// Check turns what was typed into an Order. Problems that are not warnings, and warnings that were not acknowledged,
// stop the confirmation; Blocking says which. They come in the order of the form's fields.
func (f OrderForm) Check(facts OrderFacts) (Order, rinnova.Problems) {
	o := f.Read(facts.Offered)
	var p, ofDate rinnova.Problems
	o.Date = f.checkDate(facts, &ofDate) // first, because the CIG is held against the order's year
	f.checkCIG(&o, facts, &p)
	o.CUP = f.checkCUP(&p)
	o.Number = f.checkNumber(&p)
	p = append(p, ofDate...)
	o.Payment = f.checkPayment(facts, &p)
	return o, p
}

// Blocking are the problems that stop a confirmation: refusals, and warnings not acknowledged.
func (f OrderForm) Blocking(all rinnova.Problems) rinnova.Problems {
	var out rinnova.Problems
	for _, x := range all {
		if !f.acknowledges(x) {
			out = append(out, x)
		}
	}
	return out
}

// acknowledges tells whether a problem is a doubt that the school has seen and confirmed.
func (f OrderForm) acknowledges(p rinnova.Problem) bool {
	return p.Warns && slices.Contains(f.Acknowledged, p.Code)
}

func (f OrderForm) checkCIG(o *Order, facts OrderFacts, p *rinnova.Problems) {
	typed := strings.TrimSpace(f.CIG)
	o.CIG = ""
	switch {
	case typed != "" && o.Exclusion != "":
		p.Refuse(FieldCIG, "Indicate il CIG oppure il motivo di esclusione: qui ci sono tutti e due.")
	case typed != "":
		o.CIG = f.checkCIGCode(typed, o.Date, facts, p)
	case o.Exclusion == "":
		p.Refuse(FieldCIG, "Manca il CIG: scrivete i 10 caratteri, oppure aprite «Non avete il CIG?» e scegliete il motivo.")
	case !slices.Contains(Exclusions, o.Exclusion):
		p.Refuse(FieldExclusion, "Il motivo di esclusione va da ES01 a ES27: scegliete un codice dall’elenco.")
	case o.Reason == "":
		p.Refuse(FieldReason, "Scrivete in breve perché l’affidamento non ha il CIG: serve alla fattura.")
	case len([]rune(o.Reason)) > 200:
		p.Refuse(FieldReason, "Al massimo 200 caratteri: qui sono %d.", len([]rune(o.Reason)))
	}
}

func (f OrderForm) checkCIGCode(typed string, date rinnova.Date, facts OrderFacts, p *rinnova.Problems) string {
	year := date.Year
	if date.IsZero() {
		year = facts.Today.Year
	}
	r := identifier.CIGForOrder(typed, year)
	text := rinnova.Text{Format: r.Why.Italian, English: r.Why.English}
	switch r.Verdict {
	case identifier.Refused:
		if r.Code == "cig.zero" {
			text = rinnova.Say("%s Se l’affidamento non ha un CIG, lasciate vuoto il campo e aprite «Non avete il CIG?».", text)
		}
		*p = append(*p, rinnova.Problem{Field: FieldCIG, Text: text})
		return ""
	case identifier.Warn:
		*p = append(*p, rinnova.Problem{Field: FieldCIG, Warns: true, Code: r.Code + ":" + r.Normalised, Text: text})
	}
	if facts.LastCIG == r.Normalised {
		p.Warn(FieldCIG, OldCIG+":"+r.Normalised, "È lo stesso CIG di un altro ordine della vostra scuola. Di solito ogni affidamento ha il suo: controllatelo.")
	}
	if len(facts.CIGUsers) > 0 {
		p.Warn(FieldCIG, SharedCIG+":"+r.Normalised, "Lo stesso CIG è già su una richiesta di un’altra scuola. Controllate che sia quello del vostro affidamento.")
	}
	return r.Normalised
}

func (f OrderForm) checkCUP(p *rinnova.Problems) string {
	if strings.TrimSpace(f.CUP) == "" {
		return ""
	}
	r := identifier.CUP(f.CUP)
	if r.Verdict == identifier.Refused {
		*p = append(*p, rinnova.Problem{Field: FieldCUP, Text: rinnova.Text{Format: r.Why.Italian, English: r.Why.English}})
		return ""
	}
	return r.Normalised
}

func (f OrderForm) checkNumber(p *rinnova.Problems) string {
	n := normalSpaces(f.Number)
	invoiced, lost := latin.Basic(n)
	for _, bracket := range []string{"<", ">"} { // of a page, not of a number
		if strings.Contains(n, bracket) {
			lost += bracket
		}
	}
	switch {
	case n == "":
		p.Refuse(FieldNumber, "Manca il numero dell’ordine: è quello del buono d’ordine o della determina.")
	case lost != "":
		p.Refuse(FieldNumber, "La fattura elettronica non può portare «%s». Scrivete il numero senza, con lettere, cifre e segni.", rinnova.Quoted(lost))
	case invoiced == "":
		p.Refuse(FieldNumber, "La fattura elettronica non può portare niente di quello che c’è qui: scrivete il numero con lettere, cifre e segni.")
	case len(invoiced) > MaxOrderNumber && invoiced != n:
		p.Refuse(FieldNumber, "Al massimo %d caratteri, perché il numero va nella fattura elettronica. Lì si scrive «%s», e sono %d.", MaxOrderNumber, invoiced, len(invoiced))
	case len(invoiced) > MaxOrderNumber:
		p.Refuse(FieldNumber, "Al massimo %d caratteri, perché il numero va nella fattura elettronica. Qui sono %d.", MaxOrderNumber, len(invoiced))
	case !strings.ContainsAny(n, "0123456789"):
		p.Warn(FieldNumber, "number.letters:"+n, "Nel numero dell’ordine non c’è nessuna cifra. Controllate che sia quello del buono d’ordine o della determina.")
		return n
	default:
		return n
	}
	return ""
}

// NumberWords is an order number as people read it, with what the e-invoice makes of it where that is something else.
func NumberWords(number string) rinnova.Text {
	switch invoiced := InInvoice(number); {
	case number == "":
		return rinnova.Text{}
	case invoiced != "":
		return rinnova.Say("%s (nella fattura elettronica: %s)", number, invoiced)
	}
	return rinnova.Say("%s", number)
}

// InInvoice is an order number as the e-invoice writes it, which knows Basic Latin alone (FatturaPA 1.2.3, IdDocumento): n° 12 is
// n. 12. It is "" where that is nothing else.
func InInvoice(number string) string {
	if invoiced, lost := latin.Basic(number); lost == "" && invoiced != rinnova.Clean(number) {
		return invoiced
	}
	return ""
}

func (f OrderForm) checkDate(facts OrderFacts, p *rinnova.Problems) rinnova.Date {
	if strings.TrimSpace(f.Date) == "" {
		p.Refuse(FieldDate, "Manca la data dell’ordine: scrivetela come giorno/mese/anno, per esempio 16/11/2026.")
		return rinnova.Date{}
	}
	d, wrong := locale.ParseDate(f.Date)
	switch {
	case !wrong.IsZero():
		*p = append(*p, rinnova.Problem{Field: FieldDate, Text: wrong})
		return rinnova.Date{}
	case d.Before(facts.Today.AddMonths(-36)) || d.After(facts.Today.AddMonths(12)):
		p.Refuse(FieldDate, "Il %s è troppo lontano da oggi: controllate l’anno.", d)
		return rinnova.Date{}
	case d.After(facts.Today):
		p.Warn(FieldDate, "date.future:"+d.String(), "La data è nel futuro: oggi è il %s. Controllate che l’ordine abbia già questa data.", facts.Today)
	case d.Before(facts.Today.AddMonths(-12)):
		p.Warn(FieldDate, "date.old:"+d.String(), "L’ordine ha più di un anno. Controllate la data.")
	}
	return d
}

func (f OrderForm) checkPayment(facts OrderFacts, p *rinnova.Problems) supplier.PaymentTerm {
	chosen := term(facts.Offered, normalSpaces(f.Payment))
	if chosen.Code == "" {
		p.Refuse(FieldPayment, "Scegliete come pagate fra le modalità dell’elenco.")
	}
	return chosen
}
