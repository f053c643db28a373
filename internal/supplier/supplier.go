// Package supplier is the vendor: the company that runs this installation: who it is, how schools reach it, how it is paid, and the
// fixed sentences of its documents. All of it is settings; an installation starts with none and works, and Missing says
// what a step still needs.
package supplier

import (
	"strings"

	"rinnova"
)

// Profile is everything that the vendor says about itself.
type Profile struct {
	Name        string // full legal name: Esempio Software S.r.l.
	ShortName   string // in mails: Esempio Software
	Address     string // via delle Querce 15, 20100 Milano (MI)
	VATNumber   string
	TaxCode     string
	REA         string // MI-0000000
	Capital     string // € 100.000,00 i.v.
	Phone       string
	Email       string
	PEC         string
	IBAN        string
	Signatory   string // Lucia Ferrante
	SignatoryAs string // procuratrice
	DPO         string // where the data protection officer is reached: rpd@esempiosoftware.example
	LogoPNG     []byte // at most 40 × 10 mm on paper; none: the initial in a square

	Renewals Contact // the line for renewals only
	Support  Contact // technical support
	Links    Links

	PaymentTerms []PaymentTerm
	Sentences    Sentences
	SplitPayment []SplitPayment

	Fictional bool // demo: every page and document says that the vendor is invented
}

// Contact is one way in for schools.
type Contact struct {
	Phone, Fax, Email, Hours string
}

// Links are pages of the vendor outside the portal; an empty one is not shown.
type Links struct {
	SupportArea, Manual, CustomerArea, Privacy, Accessibility string
}

// Sentences are the fixed sentences of documents.
type Sentences struct {
	Signature   string // firma
	Verify      string // verifica
	StampDuty   string // bollo, only under 40.000 €
	LicenseKeys string // tipi
	Reminder    string // promemoria
	NotSent     string // promemoria.bozza
}

// SplitPayment is the time in which public bodies pay the VAT to the State themselves (art. 17-ter DPR 633/72), with the
// sentence that documents print. To is zero for no known end.
type SplitPayment struct {
	From, To rinnova.Date
	Sentence string
}

// SplitOn tells whether split payment holds on a day, and with which sentence.
func (p Profile) SplitOn(d rinnova.Date) (sentence string, split bool) {
	for _, s := range p.SplitPayment {
		if !d.Before(s.From) && (s.To.IsZero() || !d.After(s.To)) {
			return s.Sentence, true
		}
	}
	return "", false
}

// Offered are the payment terms that a school can choose today.
func (p Profile) Offered() []PaymentTerm {
	var out []PaymentTerm
	for _, t := range p.PaymentTerms {
		if !t.Disabled {
			out = append(out, t)
		}
	}
	return out
}

// Term finds a payment term by its code, also one that is no longer offered.
func (p Profile) Term(code string) (PaymentTerm, bool) {
	for _, t := range p.PaymentTerms {
		if t.Code == code {
			return t, true
		}
	}
	return PaymentTerm{}, false
}

// Fill puts values for {{placeholders}} into a sentence: the vendor's own, and those in extra (key, value, key, value…).
func (p Profile) Fill(sentence string, extra ...string) string {
	pairs := []string{
		"{{vendor.name}}", p.Name, "{{vendor.iban}}", p.IBAN, "{{signatory.name}}", p.Signatory,
	}
	for i := 0; i+1 < len(extra); i += 2 {
		pairs = append(pairs, "{{"+extra[i]+"}}", extra[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// Missing lists what a contract needs and the profile lacks, in words for the office.
func (p Profile) Missing() []rinnova.Text {
	var out []rinnova.Text
	for _, f := range []struct {
		value string
		text  rinnova.Text
	}{
		{p.Name, rinnova.Say("Manca la ragione sociale del fornitore.")},
		{p.Address, rinnova.Say("Manca l’indirizzo del fornitore.")},
		{p.VATNumber, rinnova.Say("Manca la partita IVA del fornitore.")},
		{p.IBAN, rinnova.Say("Manca l’IBAN del conto dedicato.")},
		{p.Signatory, rinnova.Say("Manca il nome del firmatario.")},
	} {
		if strings.TrimSpace(f.value) == "" {
			out = append(out, f.text)
		}
	}
	if len(p.Offered()) == 0 {
		out = append(out, rinnova.Say("Manca almeno una modalità di pagamento."))
	}
	return out
}
