package catalog

import (
	"fmt"
	"strings"

	"rinnova"
	"rinnova/internal/locale"
)

// Raise is how the fees of a list were made from another's: by a percentage, or by a share of the variation of a price index
// between two months.
//
// Everything is whole numbers. An index gives a percentage, rounded half up to the basis point (0,01 %), so that whoever reads
// it can compute every fee again from what is printed; a fee times the percentage is rounded half up to a multiple of Rounding.
type Raise struct {
	Percent  rinnova.BasisPoints // of every fee; computed from Index where there is one
	Index    *Indexation         `json:",omitempty"`
	Rounding rinnova.Cents       // fees are rounded half up to a multiple of it; 0 and 1 are the cent
	Caps     bool                // the caps are raised too
}

// Indexation is a share of the variation of a price index.
//
// Which share is due is the contract's to say. The 75 % that many contracts copy is what L. 392/1978, art. 32 allows at most for
// the rent of premises that are no dwellings; for software there is no such rule.
type Indexation struct {
	Series    string              // FOI
	Base      Month               // the earlier month
	To        Month               // the later month
	BaseMilli int64               // the index in that month, in thousandths
	ToMilli   int64               // the index in the later month
	Share     rinnova.BasisPoints // of the variation that enters: 7500 is 75 %
	Floor     rinnova.BasisPoints // the raise is never less: 0 keeps a fall of prices out
	Link      *IndexLink          `json:",omitempty"` // of the later month's base to the earlier one's, where they differ
}

// The bounds of a raise, in basis points. Fees never fall to nothing.
const (
	MinRaise rinnova.BasisPoints = -5000
	MaxRaise rinnova.BasisPoints = 20_000
)

// Roundings are what fees can be rounded to: a cent, 5, 10 and 50 cents, a euro, 5 euro.
var Roundings = []rinnova.Cents{1, 5, 10, 50, 100, 500}

// Of is a fee after the raise. A raise of nothing changes nothing, whatever the rounding; a fee that is not zero stays above
// zero.
func (r Raise) Of(fee rinnova.Cents) rinnova.Cents {
	if r.Percent == 0 || fee == 0 {
		return fee
	}
	unit := int64(max(1, r.Rounding))
	multiples := fee.MulDiv(10_000+int64(r.Percent), 10_000*unit)
	return max(1, multiples) * rinnova.Cents(unit)
}

// Variation is how much the index has moved, in basis points, half up.
func (x Indexation) Variation() rinnova.BasisPoints { return x.part(10_000) }

// Computed is the share of the variation in basis points, half up, before the floor.
func (x Indexation) Computed() rinnova.BasisPoints { return x.part(int64(x.Share)) }

// Percent is the raise that the index gives.
func (x Indexation) Percent() rinnova.BasisPoints { return max(x.Computed(), x.Floor) }

// part is share × (to − base) / base, half up; a later month in another base counts with its coefficient. With an index up to
// maxMilli, a share up to 100 % and a coefficient up to maxCoefficient nothing overflows.
func (x Indexation) part(share int64) rinnova.BasisPoints {
	base, to := x.BaseMilli, x.ToMilli
	if x.Link != nil {
		base, to = base*coefficientOne, to*int64(x.Link.Coefficient)
	}
	return rinnova.BasisPoints(halfUp(share*(to-base), base))
}

// halfUp is n / den rounded half up, also below zero: −0,5 becomes 0. den must be positive.
func halfUp(n, den int64) int64 {
	q, r := n/den, n%den
	if r < 0 {
		q, r = q-1, r+den
	}
	if r >= den-r {
		q++
	}
	return q
}

// Text says the raise in words, as it explains a fee: «adeguato dell’1,19%: 75% della variazione dell’indice FOI fra settembre
// 2025 (120,2) e settembre 2026 (122,1)».
func (r Raise) Text() rinnova.Text {
	if x := r.Index; x != nil {
		said := x.text(r.Percent)
		if x.Link != nil {
			said = rinnova.Say("%s; l’indice di %s è nella base %s e si moltiplica per %s, il coefficiente di raccordo con la base %s", said, x.To.Text(), x.Link.From, x.Link.Coefficient.String(), x.Link.To)
		}
		return said
	}
	switch {
	case r.Percent > 0:
		return rinnova.Say("aumentato %s", by(r.Percent))
	case r.Percent < 0:
		return rinnova.Say("ridotto %s", by(-r.Percent))
	}
	return rinnova.Say("copiato senza variazioni")
}

// text says what share of which variation makes a percentage.
func (x Indexation) text(percent rinnova.BasisPoints) rinnova.Text {
	from, to := milli(x.BaseMilli), milli(x.ToMilli)
	if computed := x.Computed(); computed < x.Floor {
		return rinnova.Say("adeguato %s, il minimo stabilito: il %s della variazione dell’indice %s fra %s (%s) e %s (%s) darebbe %s",
			by(percent), locale.Percent(x.Share), x.Series, x.Base.Text(), from, x.To.Text(), to, Signed(computed))
	}
	return rinnova.Say("adeguato %s: %s della variazione dell’indice %s fra %s (%s) e %s (%s)",
		by(percent), locale.Percent(x.Share), x.Series, x.Base.Text(), from, x.To.Text(), to)
}

// Whole is Text with what else makes the list: the rounding, and what became of the caps.
func (r Raise) Whole() rinnova.Text {
	out := r.Text()
	if r.Percent == 0 {
		return out
	}
	if r.Rounding > 1 {
		out = rinnova.Say("%s; importi arrotondati a %s", out, r.Rounding)
	}
	if r.Caps {
		return rinnova.Say("%s; anche i tetti massimi", out)
	}
	return rinnova.Say("%s; tetti massimi invariati", out)
}

// by is a percentage with the article that its number wants: dello 0,5%, dell’1,2%, dell’8%, dell’11%, del 3%.
func by(p rinnova.BasisPoints) rinnova.Text {
	written := Signed(p)
	whole, _, _ := strings.Cut(strings.TrimSuffix(written, "%"), ",")
	switch {
	case p < 0:
		return rinnova.Say("del %s", written)
	case whole == "0":
		return rinnova.Say("dello %s", written)
	case whole == "1", whole == "11", strings.HasPrefix(whole, "8") && len(whole) != 3:
		return rinnova.Say("dell’%s", written)
	}
	return rinnova.Say("del %s", written)
}

// Signed writes a percentage, with the true minus where it is below zero: 3,8%, −1,25%.
func Signed(p rinnova.BasisPoints) string {
	if p < 0 {
		return locale.Minus + locale.Percent(-p)
	}
	return locale.Percent(p)
}

// milli writes an index, of which thousandths are kept, with as many decimals as it has and at least one: 120,2.
func milli(n int64) string {
	return strings.TrimSuffix(strings.TrimSuffix(fmt.Sprintf("%d,%03d", n/1000, n%1000), "0"), "0")
}
