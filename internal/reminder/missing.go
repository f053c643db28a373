package reminder

import (
	"rinnova"
	"rinnova/internal/renewal"
)

// Missing is something that a request lacks before it can be confirmed.
type Missing string

// What can be missing, in the order of the form.
const (
	MissingBand    Missing = "band"
	MissingCIG     Missing = "cig"
	MissingNumber  Missing = "number"
	MissingDate    Missing = "date"
	MissingPayment Missing = "payment"
	MissingTerms   Missing = "terms"
)

// Label is what is missing, in the middle of a sentence.
func (m Missing) Label() rinnova.Text {
	switch m {
	case MissingBand:
		return rinnova.Say("fascia degli alunni")
	case MissingCIG:
		return rinnova.Say("CIG")
	case MissingNumber:
		return rinnova.Say("numero dell’ordine")
	case MissingDate:
		return rinnova.Say("data dell’ordine")
	case MissingPayment:
		return rinnova.Say("modalità di pagamento")
	}
	return rinnova.Say("accettazione delle condizioni")
}

// missing is what a draft lacks. The terms are accepted with the confirmation, so they always are.
func missing(p *renewal.Proposal, d renewal.Draft) []Missing {
	var out []Missing
	for _, x := range []struct {
		what  Missing
		lacks bool
	}{
		{MissingBand, !p.Bands.Has(d.Band)},
		{MissingCIG, d.Order.CIG == "" && d.Order.Exclusion == ""},
		{MissingNumber, d.Order.Number == ""},
		{MissingDate, d.Order.Date == ""},
		{MissingPayment, d.Order.Payment == ""},
		{MissingTerms, true},
	} {
		if x.lacks {
			out = append(out, x.what)
		}
	}
	return out
}
