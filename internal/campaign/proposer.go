package campaign

import (
	"context"
	"fmt"
	"slices"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

// Proposer makes the proposals of one campaign from what schools have.
type Proposer struct {
	service   *Service
	campaign  Campaign
	prices    catalog.PriceList
	products  map[string]catalog.Product
	order     []string                  // product ids in order
	raise     *catalog.Raise            // how the fees of the list came about; nil where nobody can tell
	apart     map[string][]catalog.Band // by product the bands whose fees the raise says nothing about
	elsewhere map[string]bool           // products that campaigns of another kind renew
	shared    map[string]bool           // tax codes of more than one school; only in a run
	split     bool
}

// Proposer reads once what all proposals of a campaign share.
func (s *Service) Proposer(ctx context.Context, c Campaign) (*Proposer, error) {
	prices, err := s.Catalog.PriceList(ctx, c.PriceList)
	if err != nil {
		return nil, err
	}
	products, err := s.Catalog.Products(ctx)
	if err != nil {
		return nil, err
	}
	profile, err := s.Vendors.Profile(ctx)
	if err != nil {
		return nil, err
	}
	p := &Proposer{service: s, campaign: c, prices: prices, products: map[string]catalog.Product{}}
	for _, x := range products {
		p.products[x.ID] = prices.Sold(x)
		p.order = append(p.order, x.ID)
	}
	_, p.split = profile.SplitOn(c.Period.From)
	if err := p.origin(ctx, products); err != nil {
		return nil, err
	}
	p.elsewhere, err = s.renewedElsewhere(ctx, c.Kind)
	return p, err
}

// origin learns how the fees of the list came about. Where the list before is gone nobody can tell which of them were set by hand:
// then nothing is said of any.
func (p *Proposer) origin(ctx context.Context, products []catalog.Product) error {
	raise := p.prices.Origin.Raise
	if raise == nil {
		return nil
	}
	from, err := p.service.Catalog.PriceList(ctx, p.prices.Origin.List)
	switch {
	case rinnova.KindOf(err) == rinnova.NotFound:
		return nil
	case err != nil:
		return err
	}
	p.raise, p.apart = raise, p.prices.Apart(from, products)
	return nil
}

// renewedElsewhere are the products on the price lists of campaigns of other kinds. A school that has one misses nothing in
// a campaign of this kind that leaves it out.
func (s *Service) renewedElsewhere(ctx context.Context, kind renewal.Kind) (map[string]bool, error) {
	all, err := s.Store.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	out, read := map[string]bool{}, map[string]bool{}
	for _, c := range all {
		if c.Kind == kind || read[c.PriceList] {
			continue
		}
		read[c.PriceList] = true
		prices, err := s.Catalog.PriceList(ctx, c.PriceList)
		if err != nil {
			return nil, err
		}
		for id := range prices.Fees {
			out[id] = true
		}
	}
	return out, nil
}

// Prices is the campaign's price list.
func (p *Proposer) Prices() catalog.PriceList { return p.prices }

// Made is what the campaign offers a school.
type Made struct {
	Proposal  *renewal.Proposal
	Uncovered []string // products whose last day and the proposed first day have days between them, in words
	Dropped   []string // names of products that the school has and the price list has not
}

// Make freezes the offer to a school that has, and had, these subscriptions. It has a line for each product to be renewed,
// with its alternatives, and one for each that is only suggested; the ticks of the start are those to be renewed.
func (p *Proposer) Make(s school.School, has []subscription.Subscription) (Made, error) {
	now := p.service.Clock().UTC()
	c := p.campaign
	out := &renewal.Proposal{
		ID: rinnova.NewID(now), CampaignID: c.ID, SchoolID: s.ID, Kind: c.Kind, Title: c.Name, Period: c.Period,
		Bands: p.prices.Bands, PriceList: p.prices.Name, PricesFrom: p.prices.ValidFrom, Raise: p.raise, Split: p.split,
		Suggested: p.prices.Bands.Of(s.Pupils), Pupils: s.Pupils, PupilsYear: s.PupilsYear, MadeAt: now,
	}
	if c.Kind.Capped() {
		out.Caps = p.prices.Caps
	}
	made := Made{Proposal: out}
	held := map[string]subscription.Subscription{}
	for _, x := range subscription.Latest(has) {
		held[x.ProductID] = x
	}
	for _, id := range p.order {
		x, ok := held[id]
		if !ok || x.Ended != "" {
			continue
		}
		if product := p.products[id]; product.Retired || p.prices.Fees[id] == nil {
			if !p.elsewhere[id] {
				made.Dropped = append(made.Dropped, product.Name)
			}
			continue
		}
		before := len(out.Lines)
		if err := p.renew(out, x); err != nil {
			return Made{}, err
		}
		if next := x.Period.To.AddDays(1); len(out.Lines) > before && next.Before(out.Lines[before].Period.From) {
			gap := rinnova.Period{From: next, To: out.Lines[before].Period.From.AddDays(-1)}
			made.Uncovered = append(made.Uncovered, rinnova.Say("%s dal %s al %s", out.Lines[before].Name, locale.Date(gap.From), locale.Date(gap.To)).String())
		}
	}
	if c.Setup.Suggest && len(out.Lines) > 0 {
		if err := p.suggest(out, s, held); err != nil {
			return Made{}, err
		}
	}
	return made, p.check(out)
}

// renew adds the line of a product that the school has, with its alternatives; none where the period is covered already.
func (p *Proposer) renew(out *renewal.Proposal, x subscription.Subscription) error {
	if !x.Period.Valid() {
		return rinnova.Fail(rinnova.Invalid, "%s: il periodo finisce prima di cominciare", p.products[x.ProductID].Name)
	}
	period, ok := p.next(x.Period)
	if !ok {
		return nil
	}
	line, err := p.line(x.ProductID, fmt.Sprintf("p%d", rank(out)+1), period)
	if err != nil {
		return err
	}
	line.Ticked = true
	if x.Used != nil {
		line.Known, line.Used = true, *x.Used
	}
	if x.Fee != nil {
		line.LastYear = &renewal.LastYear{Year: x.Period.From.Year, Band: x.Band, Fee: *x.Fee}
	}
	out.Lines = append(out.Lines, p.withAlternatives(line)...)
	return nil
}

// rank counts the products of a proposal: alternatives of one are one.
func rank(p *renewal.Proposal) int {
	n := 0
	for _, l := range p.Lines {
		if l.Variant == renewal.Usual {
			n++
		}
	}
	return n
}

// next is the period after one that ends: false where that reaches beyond the campaign's already.
func (p *Proposer) next(last rinnova.Period) (rinnova.Period, bool) {
	c := p.campaign
	from := last.To.AddDays(1)
	if from.After(c.Period.To) {
		return rinnova.Period{}, false
	}
	if c.Setup.Rhythm == OwnRhythm && !years(from, 1).Before(c.Period.From) { // what ended longer ago begins anew with the campaign
		return rinnova.Period{From: from, To: years(from, 1)}, true
	}
	if from.Before(c.Period.From) {
		from = c.Period.From
	}
	if c.Setup.Rhythm == OwnRhythm {
		return rinnova.Period{From: from, To: years(from, 1)}, true
	}
	return rinnova.Period{From: from, To: c.Period.To}, true
}

// years is the last day of n years from a day.
func years(from rinnova.Date, n int) rinnova.Date { return rinnova.PeriodOf(from, 12*n).To }

// withAlternatives puts behind a line what the campaign offers in its place: a period that ends with the campaign's, and
// several years.
func (p *Proposer) withAlternatives(usual renewal.Line) []renewal.Line {
	c := p.campaign
	out := []renewal.Line{usual}
	if to := c.Period.To; c.Setup.Rhythm == OwnRhythm && usual.Period.To != to {
		aligned := p.instead(usual, "a", renewal.Aligned, rinnova.Period{From: usual.Period.From, To: to})
		if !usual.InCap || aligned.Months <= 12 { // the cap is of a year: docs/adr/0009-the-cap-is-of-a-year.md
			out = append(out, aligned)
		}
	}
	costs := func(f rinnova.Cents) bool { return f > 0 }
	if !usual.InCap && slices.ContainsFunc(usual.Fees, costs) {
		for _, offer := range c.Setup.Years {
			out = append(out, p.severalYears(usual, offer))
		}
	}
	if len(out) > 1 {
		for i := range out {
			out[i].Choice = usual.ID
		}
	}
	return out
}

// instead is an alternative to a line, not ticked.
func (p *Proposer) instead(usual renewal.Line, suffix string, v renewal.Variant, period rinnova.Period) renewal.Line {
	l := usual
	l.ID, l.Variant, l.Ticked, l.Period, l.Months = usual.ID+suffix, v, false, period, period.Months()
	return l
}

// severalYears is a line that goes on for more years than the usual one. Where the fees grow each year is a part.
func (p *Proposer) severalYears(usual renewal.Line, offer YearsOffer) renewal.Line {
	whole := rinnova.Period{From: usual.Period.From, To: years(usual.Period.To.AddDays(1), offer.Years-1)}
	l := p.instead(usual, fmt.Sprintf("y%d", offer.Years), renewal.Years, whole)
	l.Contacts = usual.Contacts * offer.Years // those of a product are of a year
	if offer.Step == 0 {
		return l
	}
	fees, from := slices.Clone(usual.Fees), usual.Period.From
	for i := range offer.Years {
		part := rinnova.Period{From: from, To: years(usual.Period.To.AddDays(1), i)}
		l.Parts = append(l.Parts, renewal.Part{Period: part, Months: part.Months(), Fees: slices.Clone(fees)})
		for b := range fees {
			fees[b] = fees[b].MulDiv(int64(10_000+offer.Step), 10_000)
		}
		from = part.To.AddDays(1)
	}
	return l
}

// suggest adds what the vendor offers the school that it does not have; what it has given up is not offered again.
func (p *Proposer) suggest(out *renewal.Proposal, s school.School, held map[string]subscription.Subscription) error {
	for _, id := range p.order {
		product := p.products[id]
		if _, has := held[id]; has || product.Retired || p.prices.Fees[id] == nil || !Reaches(product.Offer, s) {
			continue
		}
		line, err := p.line(id, fmt.Sprintf("p%d", rank(out)+1), p.campaign.Period)
		if err != nil {
			return err
		}
		line.Suggested = true
		out.Lines = append(out.Lines, line)
	}
	return nil
}

func (p *Proposer) line(productID, id string, period rinnova.Period) (renewal.Line, error) {
	product, fees := p.products[productID], p.prices.Fees[productID]
	if len(fees) != p.prices.Bands.Count() {
		return renewal.Line{}, rinnova.Fail(rinnova.Invalid, "%s: %s non ha un canone per ogni fascia", product.Name, p.prices.Name)
	}
	return renewal.Line{
		ID: id, Product: product.Code, ProductID: product.ID, Name: product.Name, License: product.License,
		InCap: product.InCap && p.campaign.Kind.Capped(), VAT: product.VAT, Period: period, Months: period.Months(), Fees: fees,
		Contacts: product.Contacts, Apart: p.apart[product.ID],
	}, nil
}

// check refuses a proposal whose amounts cannot be computed, in some band.
func (p *Proposer) check(out *renewal.Proposal) error {
	for b := catalog.Band(1); out.Bands.Has(b); b++ {
		if err := out.Check(b); err != nil {
			return rinnova.Fail(rinnova.Invalid, "Gli importi non si possono calcolare: %s", err.Error())
		}
	}
	return nil
}

// Offer publishes a proposal as a request; false where the school has one for the kind and period already.
func (p *Proposer) Offer(ctx context.Context, s school.School, proposal *renewal.Proposal) (*renewal.Request, bool, error) {
	ticks := proposal.StartTicks()
	now := p.service.Clock().UTC()
	r := &renewal.Request{
		ID: rinnova.NewID(now), Number: p.campaign.Number(s), CampaignID: p.campaign.ID, SchoolID: s.ID, ProposalID: proposal.ID,
		Kind: p.campaign.Kind, State: renewal.Offered, Offered: proposal.Totals(proposal.Suggested, ticks).Taxable, CreatedAt: now,
		Draft: renewal.Draft{Band: proposal.Suggested, Ticks: ticks.IDs()},
	}
	ok, err := p.service.Proposals.Add(ctx, proposal, r)
	return r, ok, err
}
