package catalog

import (
	"cmp"
	"fmt"
	"slices"

	"rinnova"
)

// MaxMonths bounds the length of one line's period.
const MaxMonths = 1200

// QuoteLine is what Quote needs to know of one line of a proposal, for one band.
type QuoteLine struct {
	Fee    rinnova.Cents // yearly fee in the band
	Months int           // started months of the line's period; 12 is a full year
	InCap  bool          // counts towards the yearly cap
	Ticked bool          // the school renews it
	VAT    rinnova.BasisPoints
	Parts  []QuotePart // the pieces of the period that have a yearly fee of their own; none: Fee and Months are of all of it
}

// QuotePart is a piece of a line's period with its own yearly fee: a year of several, or the months up to a new rhythm.
type QuotePart struct {
	Fee    rinnova.Cents // yearly fee in the band
	Months int           // started months of the piece
}

// Amount is fee × months / 12, half up to the cent.
func (p QuotePart) Amount() rinnova.Cents { return p.Fee.MulDiv(int64(p.Months), 12) }

// Amount is fee × months / 12, half up to the cent; of a line with parts the sum of theirs, each half up.
func (l QuoteLine) Amount() rinnova.Cents {
	if len(l.Parts) == 0 {
		return l.Fee.MulDiv(int64(l.Months), 12)
	}
	var sum rinnova.Cents
	for _, p := range l.Parts {
		sum += p.Amount()
	}
	return sum
}

// LineTotal is the money of one line: Net = Amount − Reduction for a ticked line; a line that is not ticked shows its
// Amount, its Reduction and Net are zero.
type LineTotal struct {
	Amount, Reduction, Net rinnova.Cents
}

// VATTotal is the tax at one rate on the sum of the net lines of that rate.
type VATTotal struct {
	Rate         rinnova.BasisPoints
	Taxable, VAT rinnova.Cents
}

// Totals are all the sums of a request. Screen, mail, reminder, contract and invoice print these; they add up nothing.
type Totals struct {
	Lines     []LineTotal // in the order of the input
	Included  rinnova.Cents
	Reduction rinnova.Cents
	Excluded  rinnova.Cents
	Taxable   rinnova.Cents // Included − Reduction + Excluded
	VATByRate []VATTotal    // one for each rate of a ticked line, rising, also when its sum is zero
	VAT       rinnova.Cents
	Total     rinnova.Cents // Taxable + VAT
}

// IncludedNet is the sum of the net lines inside the cap.
func (t Totals) IncludedNet() rinnova.Cents { return t.Included - t.Reduction }

// ToVendor is what the school pays to the vendor: the taxable amount under split payment, else everything.
func (t Totals) ToVendor(split bool) rinnova.Cents {
	if split {
		return t.Taxable
	}
	return t.Total
}

// ToState is the VAT that the school pays to the State under split payment.
func (t Totals) ToState(split bool) rinnova.Cents {
	if split {
		return t.VAT
	}
	return 0
}

// CheckQuote refuses what Quote cannot compute: negative or absurdly large fees, caps, months and rates, and parts inside the
// cap, which is a figure of one year.
func CheckQuote(yearlyCap *rinnova.Cents, lines []QuoteLine) error {
	if yearlyCap != nil && (*yearlyCap < 0 || *yearlyCap > rinnova.MaxCents) {
		return fmt.Errorf("cap %d: want 0 to %d cents", int64(*yearlyCap), int64(rinnova.MaxCents))
	}
	for i, l := range lines {
		if err := l.check(); err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return nil
}

func (l QuoteLine) check() error {
	switch {
	case l.VAT < 0 || l.VAT > 10_000:
		return fmt.Errorf("VAT of %d basis points: want 0 to 10000", int64(l.VAT))
	case l.InCap && len(l.Parts) > 0:
		return fmt.Errorf("parts inside the cap: the cap is of one year")
	}
	if err := (QuotePart{l.Fee, l.Months}).check(); err != nil {
		return err
	}
	months := 0
	for i, p := range l.Parts {
		if err := p.check(); err != nil {
			return fmt.Errorf("part %d: %w", i+1, err)
		}
		if months += p.Months; months > MaxMonths {
			return fmt.Errorf("%d months in its parts: want 0 to %d", months, MaxMonths)
		}
	}
	return nil
}

func (p QuotePart) check() error {
	switch {
	case p.Fee < 0 || p.Fee > rinnova.MaxCents:
		return fmt.Errorf("fee %d: want 0 to %d cents", int64(p.Fee), int64(rinnova.MaxCents))
	case p.Months < 0 || p.Months > MaxMonths:
		return fmt.Errorf("%d months: want 0 to %d", p.Months, MaxMonths)
	}
	return nil
}

// Quote is the one function of money. It depends on nothing but its arguments: the cap of the band (nil is no cap; the
// cap is a yearly figure and is never multiplied by months) and the lines with their ticks, which CheckQuote must have
// passed.
func Quote(yearlyCap *rinnova.Cents, lines []QuoteLine) Totals {
	t := Totals{Lines: make([]LineTotal, len(lines))}
	for i, l := range lines {
		t.Lines[i].Amount = l.Amount()
		switch {
		case !l.Ticked:
		case l.InCap:
			t.Included += t.Lines[i].Amount
		default:
			t.Excluded += t.Lines[i].Amount
		}
	}
	if yearlyCap != nil {
		t.Reduction = max(0, t.Included-*yearlyCap)
	}
	shareReduction(&t, lines)
	t.Taxable = t.Included - t.Reduction + t.Excluded
	addVAT(&t, lines)
	t.Total = t.Taxable + t.VAT
	return t
}

// shareReduction gives each ticked line inside the cap its part of the reduction, in proportion to its amount, by the
// largest remainder; among equal remainders the earlier line. A line's part never exceeds its amount: the floor of
// amount × reduction / included is at most amount, and where there is a remainder it is less.
func shareReduction(t *Totals, lines []QuoteLine) {
	type part struct {
		line int
		rest int64
	}
	var parts []part
	left := t.Reduction
	for i, l := range lines {
		line := &t.Lines[i]
		if !l.Ticked {
			continue
		}
		line.Net = line.Amount
		if l.InCap && t.Reduction > 0 && line.Amount > 0 {
			share, rest := line.Amount.MulDivFloor(int64(t.Reduction), int64(t.Included))
			line.Reduction = share
			left -= share
			parts = append(parts, part{i, rest})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(b.rest, a.rest) })
	for _, p := range parts[:left] {
		t.Lines[p.line].Reduction++
	}
	for _, p := range parts {
		line := &t.Lines[p.line]
		line.Net = line.Amount - line.Reduction
	}
}

func addVAT(t *Totals, lines []QuoteLine) {
	for i, l := range lines {
		if !l.Ticked {
			continue
		}
		at, found := slices.BinarySearchFunc(t.VATByRate, l.VAT, func(v VATTotal, r rinnova.BasisPoints) int { return cmp.Compare(v.Rate, r) })
		if !found {
			t.VATByRate = slices.Insert(t.VATByRate, at, VATTotal{Rate: l.VAT})
		}
		t.VATByRate[at].Taxable += t.Lines[i].Net
	}
	for i := range t.VATByRate {
		v := &t.VATByRate[i]
		v.VAT = v.Rate.VAT(v.Taxable)
		t.VAT += v.VAT
	}
}
