package renewal

import (
	"slices"

	"rinnova"
)

// Why is why a school does not renew something that it has.
type Why string

// The reasons; the zero Why is that the school has not said.
const (
	NotNeeded   Why = "unused"
	OtherVendor Why = "vendor"
	TooDear     Why = "price"
	OtherWhy    Why = "other" // in its own words
)

// Whys are all reasons, in the order in which they are offered.
var Whys = []Why{NotNeeded, OtherVendor, TooDear, OtherWhy}

// Label is the reason as people read it.
func (w Why) Label() rinnova.Text {
	switch w {
	case NotNeeded:
		return rinnova.Say("non serve più")
	case OtherVendor:
		return rinnova.Say("usiamo un altro fornitore")
	case TooDear:
		return rinnova.Say("costa troppo")
	case OtherWhy:
		return rinnova.Say("altro motivo")
	}
	return rinnova.Text{}
}

// Leaving is a reason with the school's own words; both may be empty.
type Leaving struct {
	Why   Why    `json:",omitempty"`
	Words string `json:",omitempty"`
}

// MaxWords bounds the words of a reason, in characters.
const MaxWords = 200

// IsZero tells whether nothing was said.
func (l Leaving) IsZero() bool { return l == Leaving{} }

// Text is all that was said.
func (l Leaving) Text() rinnova.Text {
	switch {
	case l.Words == "":
		return l.Why.Label()
	case l.Why == "" || l.Why == OtherWhy:
		return rinnova.Say("%s", l.Words)
	}
	return rinnova.Say("%s (%s)", l.Why.Label(), l.Words)
}

// normal is what was sent, in the form in which it is kept: a reason that is not offered is none.
func (l Leaving) normal() Leaving {
	l.Words = normalSpaces(l.Words)
	if !slices.Contains(Whys, l.Why) {
		l.Why = ""
	}
	return l
}

// Leavings are the reasons for products that are not renewed, by the ids of the products.
type Leavings map[string]Leaving

// leavings keeps of in what speaks of products that the school has and does not renew.
func (p *Proposal) leavings(ticks Ticks, in Leavings) Leavings {
	if len(in) == 0 {
		return nil
	}
	var out Leavings
	for _, x := range p.Left(ticks) {
		if said := in[x.ID].normal(); !said.IsZero() {
			if out == nil {
				out = Leavings{}
			}
			out[x.ID] = said
		}
	}
	return out
}

// FieldWords is the field of the words about a product that is not renewed, FieldWhy that of the reason.
func FieldWords(id string) string { return "parole-" + id }

// FieldWhy is the field of the reason for which a product is not renewed.
func FieldWhy(id string) string { return "perche-" + id }

// checkWords stops words that are too long.
func (l Leaving) checkWords(field string, out *rinnova.Problems) {
	if n := len([]rune(l.Words)); n > MaxWords {
		out.Refuse(field, "Al massimo %d caratteri: qui sono %d.", MaxWords, n)
	}
}

// checkLeavings stops reasons that are too long.
func (p *Proposal) checkLeavings(d Draft) rinnova.Problems {
	var out rinnova.Problems
	for _, x := range p.Left(NewTicks(d.Ticks...)) {
		d.Leavings[x.ID].checkWords(FieldWords(x.ID), &out)
	}
	return out
}
