package renewal

import (
	"context"
	"slices"

	"rinnova"
	"rinnova/internal/event"
)

// Together is a request and the other one of its school that the same order may cover: the vendor allows one order and one
// CIG for assistance and services. Contracts and amounts stay apart.
type Together struct {
	Mine, Other *View
	Order       OrderForm // of the other request: its draft's, which is what its last confirmation says where nothing changed
}

// Same tells whether both requests have the same order data.
func (t *Together) Same() bool { return t.Mine.Request.Draft.Order.equal(t.Order) }

// CanTake tells whether the other request has an order that this one can take.
func (t *Together) CanTake() bool { return t.Order.filled() && !t.Same() }

// Taxable is what both requests come to, as they are ticked now.
func (t *Together) Taxable() rinnova.Cents { return t.Mine.Totals().Taxable + t.Other.Totals().Taxable }

// Total is the same with VAT.
func (t *Together) Total() rinnova.Cents { return t.Mine.Totals().Total + t.Other.Totals().Total }

// filled tells whether anything of the order is typed: a way to pay may be chosen without asking.
func (f OrderForm) filled() bool {
	return slices.ContainsFunc(Fields, func(x Field) bool { return x.Name != FieldPayment && x.Typed(f) != "" })
}

// Together finds the other request of the school that the order of v may cover; nil where there is none: the campaigns of both
// must allow it, and the other request must be open or have been confirmed.
func (s *Service) Together(ctx context.Context, v *View) (*Together, error) {
	if !v.Season.Together {
		return nil, nil
	}
	all, err := s.Store.OfSchool(ctx, v.Request.SchoolID)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		if r.Kind == v.Request.Kind || !slices.Contains(shares, r.State) {
			continue
		}
		other, err := s.View(ctx, rinnova.System, r.ID)
		if err != nil {
			return nil, err
		}
		if other.Season.Together && other.Season.Open(s.Clock.Today()) {
			return &Together{Mine: v, Other: other, Order: other.Request.Draft.Order}, nil
		}
	}
	return nil, nil
}

// shares are the states of a request whose order another one may share.
var shares = []State{Offered, Drafted, Submitted, InReview, Returned, Processed}

// TakeOrder puts the order of the school's other request into the draft of this one. The doubts that the school has confirmed
// there count here too, it is the same order; but not where the office has sent this request back.
func (s *Service) TakeOrder(ctx context.Context, actor rinnova.Actor, id string) error {
	return s.change(ctx, actor, id, func(ctx context.Context, v *View) error {
		t, err := s.Together(ctx, v)
		if err != nil {
			return err
		}
		if t == nil || !t.Order.filled() {
			return rinnova.Fail(rinnova.Conflict, "L’altra richiesta non ha ancora dati d’ordine da usare anche qui.")
		}
		v.Request.Draft.Order = t.Order
		if v.Request.Corrects() {
			v.Request.Draft.Order.Acknowledged = nil
		}
		if err := s.saveDraft(ctx, actor, v); err != nil {
			return err
		}
		return s.record(ctx, actor, v.Request, event.OrderTaken, "richiesta", t.Other.Request.Number)
	})
}

// oneOrder tells whether a request of this school in another campaign may have the same CIG because both are one order.
func (s *Service) oneOrder(ctx context.Context, v *View, campaignID string) (bool, error) {
	if !v.Season.Together || campaignID == v.Season.ID {
		return false, nil
	}
	other, err := s.Seasons.Season(ctx, campaignID)
	return other.Together && other.Kind != v.Season.Kind && other.Open(s.Clock.Today()), err
}
