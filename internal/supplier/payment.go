package supplier

import (
	"fmt"
	"strings"

	"rinnova"
)

// PaymentTerm is a way to pay that the school can choose. Name and Clause say its deadline in the same words, so that what
// the school chooses and what the contract says are one and the same.
type PaymentTerm struct {
	Code     string // 30, 60, rate: chooses the clause
	Deadline Deadline
	Name     string // Unica soluzione, 30 giorni dal ricevimento della fattura
	Clause   string // the sentence of the contract, with {{vendor.iban}} and the like
	Reason   string // a longer term is void without a written reason (D.Lgs. 231/2002, art. 4 c. 4)
	Disabled bool   // no longer offered; old requests keep it
}

// Deadline is until when an invoice is paid. The days run from the day on which the school receives it, as the law counts them
// (D.Lgs. 231/2002, art. 4 c. 2 lett. a), never from the date that the invoice bears.
type Deadline struct {
	Days       int
	EndOfMonth bool // until the end of the month in which the days end
}

// The days of the law (D.Lgs. 231/2002, art. 4): what holds where nothing else is agreed, and what a public body can agree to at most.
const (
	usualDays = 30
	mostDays  = 60
)

// String is the deadline as names and clauses say it.
func (d Deadline) String() string {
	return fmt.Sprintf("%d giorni dal ricevimento della fattura", d.Days)
}

// long tells whether the deadline holds only if it is agreed expressly, with its reason.
func (d Deadline) long() bool { return d.Days > usualDays || d.EndOfMonth }

// account is where the money goes, in every clause.
const account = "sul conto corrente dedicato {{vendor.iban}} intestato a {{vendor.name}}, " + referring + "."

// referring is what the payer writes beside the money (L. 136/2010, art. 3), and what instead where there is no CIG.
const (
	referring  = "indicando il CIG"
	withoutCIG = "indicando il numero della fattura"
)

// ClauseFor is a clause as the contract of an order with this CIG says it: without one ("") nobody can be asked to write it.
func ClauseFor(clause, cig string) string {
	if cig == "" {
		return strings.ReplaceAll(clause, referring, withoutCIG)
	}
	return clause
}

// atOnce is the term that pays everything at once; reason is why it is longer than usual.
func atOnce(code string, d Deadline, reason string) PaymentTerm {
	t := PaymentTerm{Code: code, Deadline: d, Reason: reason, Name: "Unica soluzione, " + d.String()}
	const express = "art. 4, comma 4, del decreto legislativo 9 ottobre 2002, n. 231"
	const justified = "giustificato dalla natura del contratto: {{payment.reason}}."
	switch {
	case d.EndOfMonth:
		t.Name += ", fine mese"
		t.Clause = fmt.Sprintf("La scuola paga in unica soluzione, con bonifico, entro la fine del mese in cui scadono %s elettronica, e comunque entro %d giorni, %s"+
			" Il termine oltre i %d giorni è pattuito espressamente (%s) ed è %s", d, mostDays, account, usualDays, express, justified)
	case d.long():
		t.Clause = fmt.Sprintf("Termine espresso di %d giorni. Le parti pattuiscono espressamente, ai sensi dell’%s, che la scuola paghi in unica soluzione,"+
			" con bonifico, entro %s elettronica, %s Il termine è %s", d.Days, express, d, account, justified)
	default:
		t.Clause = fmt.Sprintf("La scuola paga in unica soluzione, con bonifico, entro %s elettronica (art. 4 del decreto legislativo 9 ottobre 2002, n. 231), %s", d, account)
	}
	return t
}

const advanceReason = "il canone di tutto il periodo è fatturato in anticipo, in un’unica soluzione, per servizi resi nell’intero periodo"

// DefaultPaymentTerms are the usual ways to pay of schools.
func DefaultPaymentTerms() []PaymentTerm {
	return []PaymentTerm{
		atOnce("30", Deadline{Days: usualDays}, ""),
		atOnce("30fm", Deadline{Days: usualDays, EndOfMonth: true}, advanceReason),
		atOnce("60", Deadline{Days: mostDays}, advanceReason),
	}
}

// check tells why a term cannot be offered.
func (t PaymentTerm) check() error {
	d := t.Deadline
	switch {
	case d.Days < 1 || d.Days > mostDays:
		return rinnova.Fail(rinnova.Invalid, "Il termine di pagamento «%s» deve essere fra 1 e %d giorni (D.Lgs. 231/2002, art. 4).", t.Name, mostDays)
	case d.long() && strings.TrimSpace(t.Reason) == "":
		return rinnova.Fail(rinnova.Invalid, "Un termine oltre i %d giorni vale solo con il suo motivo scritto (D.Lgs. 231/2002, art. 4): indicatelo.", usualDays)
	case !strings.Contains(t.Name, d.String()) || !strings.Contains(t.Clause, d.String()):
		return rinnova.Fail(rinnova.Invalid, "Nome e clausola del pagamento «%s» devono dire lo stesso termine: «%s».", t.Name, d.String())
	}
	return nil
}
