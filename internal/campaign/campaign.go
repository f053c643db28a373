// Package campaign is the seasons: for which period, price list and terms the vendor makes its proposals, until when
// schools can answer, and the making of the proposals, one for each school.
package campaign

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/letter"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
)

// Campaign is one season.
type Campaign struct {
	ID        string
	Name      string // Rinnovo 2027
	Kind      renewal.Kind
	Year      int
	Period    rinnova.Period
	PriceList string // id
	Terms     string // id
	OpensOn   rinnova.Date
	ClosesOn  rinnova.Date
	Setup     Setup
	CreatedAt time.Time
	Version   int64 // grows with every write
}

// Open tells whether schools can answer on a day.
func (c Campaign) Open(d rinnova.Date) bool { return !d.Before(c.OpensOn) && !d.After(c.ClosesOn) }

// Current finds among campaigns, the newest first, the one of a kind that is open on a day, else the newest; ok is false
// where there is none.
func Current(all []Campaign, kind renewal.Kind, day rinnova.Date) (c Campaign, ok bool) {
	for _, x := range all {
		if x.Kind != kind {
			continue
		}
		if x.Open(day) {
			return x, true
		}
		if !ok {
			c, ok = x, true
		}
	}
	return c, ok
}

// Doors are the current campaigns of all kinds that have one, in the order of the kinds.
func Doors(all []Campaign, day rinnova.Date) []Campaign {
	var out []Campaign
	for _, kind := range renewal.Kinds {
		if c, ok := Current(all, kind, day); ok {
			out = append(out, c)
		}
	}
	return out
}

// Store keeps campaigns.
type Store interface {
	Campaign(ctx context.Context, id string) (Campaign, error)
	Campaigns(ctx context.Context) ([]Campaign, error) // the newest first
	Add(ctx context.Context, c Campaign) error
}

// Catalog reads products and price lists.
type Catalog interface {
	Products(ctx context.Context) ([]catalog.Product, error)
	PriceList(ctx context.Context, id string) (catalog.PriceList, error)
}

// TermsStore reads versions of terms.
type TermsStore interface {
	Terms(ctx context.Context, id string) (letter.Terms, error)
	// Current is the newest version of a kind that is in force on a day; ok is false where there is none.
	Current(ctx context.Context, kind string, day rinnova.Date) (t letter.Terms, ok bool, err error)
}

// Service runs campaigns.
type Service struct {
	Store     Store
	Catalog   Catalog
	Terms     TermsStore
	Proposals renewal.Store
	Vendors   renewal.Vendors
	Clock     rinnova.Clock

	seasons sync.Map // id → *rinnova.Recent[renewal.Season]
	all     rinnova.Recent[[]Campaign]
}

// Season implements renewal.Seasons. Its terms are those that a confirmation accepts today.
func (s *Service) Season(ctx context.Context, id string) (renewal.Season, error) {
	recent, ok := s.seasons.Load(id)
	if !ok {
		recent, _ = s.seasons.LoadOrStore(id, &rinnova.Recent[renewal.Season]{})
	}
	return recent.(*rinnova.Recent[renewal.Season]).Get(s.Clock(), func() (renewal.Season, error) { return s.season(ctx, id) })
}

func (s *Service) season(ctx context.Context, id string) (renewal.Season, error) {
	c, err := s.Store.Campaign(ctx, id)
	if err != nil {
		return renewal.Season{}, err
	}
	terms, err := s.terms(ctx, c)
	if err != nil {
		return renewal.Season{}, err
	}
	return renewal.Season{ID: c.ID, Name: c.Name, Kind: c.Kind, Year: c.Year, OpensOn: c.OpensOn, ClosesOn: c.ClosesOn,
		NoticeBy: c.Setup.NoticeBy, Payments: c.Setup.Payments, Terms: terms, Together: c.Setup.Together}, nil
}

// terms are the campaign's, or a newer version that has come into force since: what was accepted before stays as it was.
func (s *Service) terms(ctx context.Context, c Campaign) (letter.Terms, error) {
	own, err := s.Terms.Terms(ctx, c.Terms)
	if err != nil {
		return letter.Terms{}, err
	}
	newest, ok, err := s.Terms.Current(ctx, own.Kind, s.Clock.Today())
	if err != nil {
		return letter.Terms{}, err
	}
	if ok && own.EffectiveFrom.Before(newest.EffectiveFrom) {
		return newest, nil
	}
	return own, nil
}

// Doors are the campaigns that schools meet on a day, one of each kind that has any.
func (s *Service) Doors(ctx context.Context, day rinnova.Date) ([]Campaign, error) {
	all, err := s.all.Get(s.Clock(), func() ([]Campaign, error) { return s.Store.Campaigns(ctx) })
	return Doors(all, day), err
}

// Holding is a product that a school has, or that it is offered.
type Holding struct {
	Product  string         // id
	Period   rinnova.Period // zero: the campaign's
	Ticked   bool           // the proposal starts with it ticked
	Used     int            // contacts used, where Known
	Known    bool
	LastYear *renewal.LastYear
}

// Proposer makes the proposals of one campaign.
type Proposer struct {
	service  *Service
	campaign Campaign
	prices   catalog.PriceList
	products map[string]catalog.Product
	order    []string // product ids in order
	split    bool
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
		p.products[x.ID] = x
		p.order = append(p.order, x.ID)
	}
	_, p.split = profile.SplitOn(c.Period.From)
	return p, nil
}

// Bands are the bands of the campaign’s price list.
func (p *Proposer) Bands() catalog.Bands { return p.prices.Bands }

// Propose freezes the offer to one school and publishes it as a request; false where the school has one for the period
// already.
func (p *Proposer) Propose(ctx context.Context, s school.School, holdings []Holding) (bool, error) {
	proposal, err := p.freeze(s, holdings)
	if err != nil {
		return false, err
	}
	totals := proposal.Totals(proposal.Suggested, proposal.StartTicks())
	number := fmt.Sprintf("%d-%s%s", p.campaign.Year, p.campaign.Kind.Traits().Series, s.CustomerNumber)
	r := &renewal.Request{
		ID: rinnova.NewID(proposal.MadeAt), Number: number, CampaignID: p.campaign.ID, SchoolID: s.ID, ProposalID: proposal.ID,
		Kind: p.campaign.Kind, State: renewal.Offered, Offered: totals.Taxable, CreatedAt: proposal.MadeAt,
		Draft: renewal.Draft{Band: proposal.Suggested, Ticks: proposal.StartTicks().IDs()},
	}
	return p.service.Proposals.Add(ctx, proposal, r)
}

func (p *Proposer) freeze(s school.School, holdings []Holding) (*renewal.Proposal, error) {
	now := p.service.Clock().UTC()
	out := &renewal.Proposal{
		ID: rinnova.NewID(now), CampaignID: p.campaign.ID, SchoolID: s.ID, Kind: p.campaign.Kind, Title: p.campaign.Name, Period: p.campaign.Period,
		Bands: p.prices.Bands, PriceList: p.prices.Name, PricesFrom: p.prices.ValidFrom, Split: p.split,
		Suggested: p.prices.Bands.Of(s.Pupils), Pupils: s.Pupils, PupilsYear: s.PupilsYear, MadeAt: now,
	}
	if p.campaign.Kind.Capped() {
		out.Caps = p.prices.Caps
	}
	held := map[string]Holding{}
	for _, h := range holdings {
		held[h.Product] = h
	}
	for _, id := range p.order {
		h, ok := held[id]
		if !ok {
			continue
		}
		line, err := p.line(h, len(out.Lines)+1)
		if err != nil {
			return nil, fmt.Errorf("school %s: %w", s.MinistryCode, err)
		}
		out.Lines = append(out.Lines, line)
	}
	return out, nil
}

func (p *Proposer) line(h Holding, n int) (renewal.Line, error) {
	product := p.products[h.Product]
	fees, ok := p.prices.Fees[h.Product]
	if !ok || len(fees) != p.prices.Bands.Count() {
		return renewal.Line{}, fmt.Errorf("product %s has no fees in %s", product.Code, p.prices.Name)
	}
	period := h.Period
	if !period.Valid() {
		period = p.campaign.Period
	}
	return renewal.Line{
		ID: fmt.Sprintf("p%d", n), Product: product.Code, ProductID: product.ID, Name: product.Name, License: product.License,
		InCap: product.InCap && p.campaign.Kind.Capped(), VAT: product.VAT, Period: period, Months: period.Months(), Fees: fees,
		Contacts: product.Contacts, Used: h.Used, Known: h.Known, Ticked: h.Ticked, LastYear: h.LastYear,
	}, nil
}
