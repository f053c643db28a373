package renewal

import (
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
)

// Proposal is the frozen offer to one school in one campaign. It carries, for every band, all that an amount needs:
// nothing is looked up again, and later price lists change nothing.
type Proposal struct {
	ID         string
	CampaignID string
	SchoolID   string
	Kind       Kind
	Title      string // Rinnovo 2027
	Period     rinnova.Period
	Bands      catalog.Bands
	Caps       []*rinnova.Cents // by band; nil is no cap
	PriceList  string
	PricesFrom rinnova.Date
	Raise      *catalog.Raise `json:",omitempty"` // how the list's fees were made from the list before; nil: not by a rule
	Split      bool           // the school pays the VAT to the State
	Suggested  catalog.Band   // from the registry's pupils; none where they are not known
	Pupils     int
	PupilsYear string
	Lines      []Line
	MadeAt     time.Time
}

// Line is one product offered. Fees has one entry for each band.
type Line struct {
	ID        string // short, stable within the proposal: a1, b2
	Product   string // the product's code
	ProductID string `json:",omitempty"` // empty in proposals that are older than subscriptions
	Name      string
	License   catalog.License
	InCap     bool
	VAT       rinnova.BasisPoints
	Period    rinnova.Period
	Months    int
	Fees      []rinnova.Cents
	Contacts  int       // included; 0 is none
	Used      int       // of last year's contacts, where Known
	Known     bool      // Used is known
	Ticked    bool      // the proposal starts with it ticked
	LastYear  *LastYear // what the school paid for it last year
	Suggested bool      `json:",omitempty"` // the school does not have it: it is offered beside what it has (proponi anche)
	Choice    string    `json:",omitempty"` // lines with the same are alternatives, of which one at most is ticked; empty: there is none
	Variant   Variant   `json:",omitempty"` // which of the alternatives it is
	Parts     []Part    `json:",omitempty"` // a period of several years whose fees grow; none: Fees hold for all of it

	// Apart are the bands whose fee was set by hand: the raise of the price list says nothing about it. Proposals that are older knew
	// only that there is one.
	Apart     []catalog.Band `json:"ApartIn,omitempty"`
	SomeApart bool           `json:"Apart,omitempty"`
}

// Variant tells the alternatives of a choice apart.
type Variant string

// The variants.
const (
	Usual   Variant = ""        // the period that the campaign proposes: twelve months, or to its end
	Aligned Variant = "aligned" // a period that ends with the campaign's: what is missing to it, and a year
	Years   Variant = "years"   // several years at once
)

// Part is a part of a line's period with fees of its own, by band.
type Part struct {
	Period rinnova.Period
	Months int
	Fees   []rinnova.Cents
}

// Fee is the yearly fee of the part in a band.
func (x Part) Fee(b catalog.Band) rinnova.Cents { return feeOf(x.Fees, b) }

// LastYear is what a product cost the school in the contract before.
type LastYear struct {
	Year int
	Band catalog.Band
	Fee  rinnova.Cents
}

// Fee is the yearly fee in a band; of several years whose fees grow, the first's.
func (l Line) Fee(b catalog.Band) rinnova.Cents { return feeOf(l.Fees, b) }

// LastFee is the yearly fee in a band at the end of the line's period: with what the next one is compared.
func (l Line) LastFee(b catalog.Band) rinnova.Cents {
	if n := len(l.Parts); n > 0 {
		return feeOf(l.Parts[n-1].Fees, b)
	}
	return l.Fee(b)
}

func feeOf(fees []rinnova.Cents, b catalog.Band) rinnova.Cents {
	if b < 1 || int(b) > len(fees) {
		return 0
	}
	return fees[b-1]
}

// Cap is the yearly cap of a band; nil is no cap.
func (p *Proposal) Cap(b catalog.Band) *rinnova.Cents {
	if b < 1 || int(b) > len(p.Caps) {
		return nil
	}
	return p.Caps[b-1]
}

// Band is a band in words; zero where the proposal has no bands to choose from: its prices are the same for all schools.
func (p *Proposal) Band(b catalog.Band) rinnova.Text {
	if !p.Bands.Several() {
		return rinnova.Text{}
	}
	return p.Bands.Name(b)
}

// PricedIn is a band where prices depend on it; zero where they are the same for all schools.
func (p *Proposal) PricedIn(b catalog.Band) catalog.Band {
	if !p.Bands.Several() {
		return 0
	}
	return b
}

// BandChosen tells whether the school has said in which band it is: until then a draft has the one that was proposed.
func (p *Proposal) BandChosen(r *Request) bool {
	return !p.Bands.Several() || r.State != Offered && p.Bands.Has(r.Draft.Band)
}

// Line finds a line by its id.
func (p *Proposal) Line(id string) (Line, bool) {
	for _, l := range p.Lines {
		if l.ID == id {
			return l, true
		}
	}
	return Line{}, false
}

// StartTicks are the ticks of the proposal as it was made.
func (p *Proposal) StartTicks() Ticks {
	t := Ticks{}
	for _, l := range p.Lines {
		if l.Ticked {
			t[l.ID] = true
		}
	}
	return t
}

// Totals computes every amount for a band and a set of ticks. Nothing else enters.
func (p *Proposal) Totals(b catalog.Band, ticks Ticks) catalog.Totals {
	return catalog.Quote(p.Cap(b), p.quoteLines(b, ticks))
}

// Agrees tells whether a confirmation has the amounts that the proposal gives for it: neither of them changes.
func (p *Proposal) Agrees(v *Revision) bool {
	now, was := p.Totals(v.Band, NewTicks(v.Ticks...)), v.Totals
	return slices.Equal(now.Lines, was.Lines) && slices.Equal(now.VATByRate, was.VATByRate) && now.Included == was.Included && now.Reduction == was.Reduction &&
		now.Excluded == was.Excluded && now.Taxable == was.Taxable && now.VAT == was.VAT && now.Total == was.Total
}

// Check tells why the amounts of a band cannot be computed: catalog.CheckQuote.
func (p *Proposal) Check(b catalog.Band) error {
	return catalog.CheckQuote(p.Cap(b), p.quoteLines(b, nil))
}

func (p *Proposal) quoteLines(b catalog.Band, ticks Ticks) []catalog.QuoteLine {
	lines := make([]catalog.QuoteLine, len(p.Lines))
	for i, l := range p.Lines {
		lines[i] = catalog.QuoteLine{Fee: l.Fee(b), Months: l.Months, InCap: l.InCap, Ticked: ticks[l.ID], VAT: l.VAT}
		for _, x := range l.Parts {
			lines[i].Parts = append(lines[i].Parts, catalog.QuotePart{Fee: x.Fee(b), Months: x.Months})
		}
	}
	return lines
}
