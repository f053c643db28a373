// Package subscription is what schools have: the products under licence or support, each for a period, with the fee that was
// paid and the support contacts that were used. Proposals are made from it, and the contract of a renewal adds to it.
//
// It owns no price: what a period costs is the price list's, frozen in the proposal.
package subscription

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
)

// Subscription is a product that a school has for a period. The periods of one product never overlap for a school.
type Subscription struct {
	ID        string
	SchoolID  string
	ProductID string
	License   catalog.License
	Period    rinnova.Period
	Band      catalog.Band   // in which it was sold; 0: not known
	Fee       *rinnova.Cents // the yearly fee that was paid; nil: not known
	Used      *int           // support contacts used; nil: not known
	Contract  string         // number of the contract that sold it; empty: none of ours
	MovedFrom string         // id of the school that had it before a merger; empty: none
	Ended     string         // why it is not to be renewed, in words; empty: it is
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Store keeps subscriptions.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// OfSchool reads what a school has and had, by product and then by period, the oldest first.
	OfSchool(ctx context.Context, schoolID string) ([]Subscription, error)
	// Between reads those of all schools whose ids lie after one and up to another, by school, product and period.
	Between(ctx context.Context, afterSchool, upToSchool string) ([]Subscription, error)
	// Add writes one; Conflict where the school has the product from that day already.
	Add(ctx context.Context, s Subscription) error
	// Update writes all of one but its id and school.
	Update(ctx context.Context, s Subscription) error
	Delete(ctx context.Context, id string) error
}

// Service changes what schools have.
type Service struct {
	Store Store
	Clock rinnova.Clock
}

// Add gives a school a product for a period. A period that overlaps one that it has of the same product is a Conflict.
func (s *Service) Add(ctx context.Context, x Subscription) error {
	if !x.Period.Valid() {
		return rinnova.Fail(rinnova.Invalid, "Il periodo finisce prima di cominciare.")
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		has, err := s.Store.OfSchool(ctx, x.SchoolID)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(has, func(y Subscription) bool { return y.ProductID == x.ProductID && x.Period.Overlaps(y.Period) }); i >= 0 {
			return rinnova.Fail(rinnova.Conflict, "La scuola ha già questo prodotto dal %s al %s.", has[i].Period.From, has[i].Period.To)
		}
		now := s.Clock().UTC()
		x.ID, x.CreatedAt, x.UpdatedAt = rinnova.NewID(now), now, now
		return s.Store.Add(ctx, x)
	})
}

// HeldError says that a school has a product already for days that a contract sells. What it has, and may have paid for, is never
// shortened.
type HeldError struct {
	Sold Subscription // what the contract sells
	Has  Subscription // what the school has
}

// Error says it for the log.
func (e *HeldError) Error() string {
	return fmt.Sprintf("%s from %s: the school has it until %s", e.Sold.ProductID, e.Sold.Period.From, e.Has.Period.To)
}

// Sell writes what a contract sold; a HeldError where the school has a product already on one of its days: then nothing is written.
func (s *Service) Sell(ctx context.Context, sold []Subscription) error {
	if len(sold) == 0 {
		return nil
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Free(ctx, sold[0].SchoolID, sold); err != nil {
			return err
		}
		now := s.Clock().UTC()
		for _, x := range sold {
			x.ID, x.CreatedAt, x.UpdatedAt = rinnova.NewID(now), now, now
			if err := s.Store.Add(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
}

// Free tells whether a school has none of these on their days; a HeldError says what it has.
func (s *Service) Free(ctx context.Context, schoolID string, sold []Subscription) error {
	has, err := s.Store.OfSchool(ctx, schoolID)
	if err != nil {
		return err
	}
	for _, x := range sold {
		if i := slices.IndexFunc(has, func(y Subscription) bool { return y.ProductID == x.ProductID && x.Period.Overlaps(y.Period) }); i >= 0 {
			return &HeldError{x, has[i]}
		}
	}
	return nil
}

// Latest picks of what one school has the newest period of each product, in the order in which it came.
func Latest(all []Subscription) []Subscription {
	var out []Subscription
	for _, x := range all {
		i := slices.IndexFunc(out, func(y Subscription) bool { return y.ProductID == x.ProductID })
		switch {
		case i < 0:
			out = append(out, x)
		case out[i].Period.To.Before(x.Period.To):
			out[i] = x
		}
	}
	return out
}

// Transfer writes subscriptions that have changed hands, or end, as a merger of schools makes them: all at once, because two
// schools may change one for another. Their ids stay. Should periods of a product overlap afterwards, nothing is written.
func (s *Service) Transfer(ctx context.Context, changed []Subscription) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		now := s.Clock().UTC()
		for _, x := range changed {
			if err := s.Store.Delete(ctx, x.ID); err != nil {
				return err
			}
		}
		schools := map[string]bool{}
		for _, x := range changed {
			x.UpdatedAt = now
			if err := s.Store.Add(ctx, x); err != nil {
				return err
			}
			schools[x.SchoolID] = true
		}
		for id := range schools {
			has, err := s.Store.OfSchool(ctx, id)
			if err != nil {
				return err
			}
			if err := disjoint(has); err != nil {
				return err
			}
		}
		return nil
	})
}

// disjoint holds that no two periods of a product overlap; has is of one school, by product and first day.
func disjoint(has []Subscription) error {
	for i := 1; i < len(has); i++ {
		if a, b := has[i-1], has[i]; a.ProductID == b.ProductID && a.Period.Overlaps(b.Period) {
			return rinnova.Fail(rinnova.Conflict, "Due periodi dello stesso prodotto si sovrappongono: dal %s e dal %s.", a.Period.From, b.Period.From)
		}
	}
	return nil
}
