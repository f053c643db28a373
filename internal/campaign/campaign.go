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
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/terms"
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
	Round     int   // 1 for the first campaign of its kind and year, 2 for the second…; Add gives it
	Published bool  // schools have been offered something; before, none knows of the campaign
	Version   int64 // grows with every write
}

// Number is the number of a school's request in the campaign: year, series of the kind, customer number. The second campaign
// of a kind in a year puts its round behind: 2027-004512, 2027-S004512, 2027-004512-2.
func (c Campaign) Number(s school.School) string {
	n := fmt.Sprintf("%d-%s%s", c.Year, c.Kind.Traits().Series, s.CustomerNumber)
	if c.Round > 1 {
		n += fmt.Sprintf("-%d", c.Round)
	}
	return n
}

// Open tells whether schools can answer on a day.
func (c Campaign) Open(d rinnova.Date) bool { return !d.Before(c.OpensOn) && !d.After(c.ClosesOn) }

// Current finds among campaigns, the newest first, the one of a kind that is open on a day, else the newest, of those that
// are published; ok is false where there is none.
func Current(all []Campaign, kind renewal.Kind, day rinnova.Date) (c Campaign, ok bool) {
	for _, x := range all {
		if x.Kind != kind || !x.Published {
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

// Worked are the campaigns that are worked on: of each kind, in the order of the kinds, all that are open on a day, else the current
// one.
func Worked(all []Campaign, day rinnova.Date) []Campaign {
	var out []Campaign
	for _, door := range Doors(all, day) {
		n := len(out)
		for _, c := range all {
			if c.Kind == door.Kind && c.Published && c.Open(day) {
				out = append(out, c)
			}
		}
		if len(out) == n {
			out = append(out, door)
		}
	}
	return out
}

// Store keeps campaigns.
type Store interface {
	Campaign(ctx context.Context, id string) (Campaign, error)
	Campaigns(ctx context.Context) ([]Campaign, error) // the newest first
	// Add writes a campaign, and gives it its round.
	Add(ctx context.Context, c Campaign) error
	// Update writes c where its Version is still the stored one, else ErrStale. Kind, round and creation never change.
	Update(ctx context.Context, c Campaign) error
	// Outdate says of what was rehearsed in a campaign, and is not published, that it must be made again.
	Outdate(ctx context.Context, id, why string) error
	// Lock keeps other transactions from starting runs in campaigns of a kind, or publishing them, until this one ends.
	Lock(ctx context.Context, kind renewal.Kind) error
	// Unknown are the codes of provinces, and of schools (ministry codes), of those named, that no school has.
	Unknown(ctx context.Context, provinces, schools []string) (noProvinces, noSchools []string, err error)
	InTx(ctx context.Context, fn func(context.Context) error) error
}

// ErrStale is a campaign that somebody else has written since it was read.
var ErrStale = rinnova.Fail(rinnova.Conflict, "La campagna è cambiata mentre ci lavoravate. Ricaricate la pagina e riprovate.")

// Catalog reads products and price lists.
type Catalog interface {
	Products(ctx context.Context) ([]catalog.Product, error)
	PriceList(ctx context.Context, id string) (catalog.PriceList, error)
}

// TermsStore reads versions of terms.
type TermsStore interface {
	Terms(ctx context.Context, id string) (terms.Terms, error)
	// Current is the newest version of a kind that is in force on a day; ok is false where there is none.
	Current(ctx context.Context, kind terms.Kind, day rinnova.Date) (t terms.Terms, ok bool, err error)
}

// Service runs campaigns.
type Service struct {
	Store     Store
	Catalog   Catalog
	Terms     TermsStore
	Proposals renewal.Store
	Vendors   renewal.Vendors
	Events    event.Recorder
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
func (s *Service) terms(ctx context.Context, c Campaign) (terms.Terms, error) {
	own, err := s.Terms.Terms(ctx, c.Terms)
	if err != nil {
		return terms.Terms{}, err
	}
	newest, ok, err := s.Terms.Current(ctx, own.Kind, s.Clock.Today())
	if err != nil {
		return terms.Terms{}, err
	}
	if ok && own.EffectiveFrom.Before(newest.EffectiveFrom) {
		return newest, nil
	}
	return own, nil
}

// Doors are the campaigns that schools meet on a day, one of each kind that has any.
func (s *Service) Doors(ctx context.Context, day rinnova.Date) ([]Campaign, error) {
	all, err := s.recent(ctx)
	return Doors(all, day), err
}

// Worked are the campaigns that are worked on, on a day.
func (s *Service) Worked(ctx context.Context, day rinnova.Date) ([]Campaign, error) {
	all, err := s.recent(ctx)
	return Worked(all, day), err
}

// recent are all campaigns, as they were a moment ago: every page asks for them.
func (s *Service) recent(ctx context.Context) ([]Campaign, error) {
	return s.all.Get(s.Clock(), func() ([]Campaign, error) { return s.Store.Campaigns(ctx) })
}
