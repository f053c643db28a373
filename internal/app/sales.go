package app

import (
	"context"
	"errors"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/subscription"
)

// sales give a school what its contract sold: next year's proposal is made from it.
type sales struct {
	app      *App
	products rinnova.Recent[map[string]string] // code → id
}

// Sold implements contract.Sales.
func (s *sales) Sold(ctx context.Context, c *contract.Contract, v *renewal.View, rev *renewal.Revision) error {
	sold, names, err := s.lines(ctx, v, rev)
	if err != nil {
		return err
	}
	for i := range sold {
		sold[i].Contract = c.Number
	}
	err = s.app.Subscriptions.Sell(ctx, sold)
	if e, twice := errors.AsType[*subscription.HeldError](err); twice {
		return &rinnova.Error{Kind: rinnova.Conflict, Message: heldWords(e, names)}
	}
	return err
}

// Held says what of a confirmation the school has already, before anybody processes it; zero where there is nothing.
func (s *sales) Held(ctx context.Context, v *renewal.View, rev *renewal.Revision) (rinnova.Text, error) {
	sold, names, err := s.lines(ctx, v, rev)
	if err != nil {
		return rinnova.Text{}, err
	}
	err = s.app.Subscriptions.Free(ctx, v.School.ID, sold)
	e, twice := errors.AsType[*subscription.HeldError](err)
	if !twice {
		return rinnova.Text{}, err
	}
	// What the school has may be of this very request, which somebody has processed since it was read.
	now, err := s.app.Requests.Request(ctx, v.Request.ID)
	if err != nil || now.State.Final() {
		return rinnova.Text{}, err
	}
	return heldWords(e, names), nil
}

func heldWords(e *subscription.HeldError, names map[string]string) rinnova.Text {
	name := names[e.Sold.ProductID]
	if e.Has.Contract != "" {
		return rinnova.Say("«%s» è già venduto a questa scuola dal %s al %s, con il contratto %s. Rimandate la richiesta alla scuola, perché lo tolga.",
			name, e.Has.Period.From, e.Has.Period.To, e.Has.Contract)
	}
	return rinnova.Say("La scuola ha già «%s» dal %s al %s. Rimandate la richiesta alla scuola, perché lo tolga, o correggete nella pagina della scuola quello che ha.",
		name, e.Has.Period.From, e.Has.Period.To)
}

// lines are what a confirmation sells, with the names of the products by id.
func (s *sales) lines(ctx context.Context, v *renewal.View, rev *renewal.Revision) (sold []subscription.Subscription, names map[string]string, err error) {
	ticks := renewal.NewTicks(rev.Ticks...)
	names = map[string]string{}
	for _, l := range v.Proposal.Lines {
		if !ticks[l.ID] {
			continue
		}
		id, err := s.productID(ctx, l)
		if err != nil {
			return nil, nil, err
		}
		if id == "" {
			continue // an old proposal of a product whose code has changed
		}
		fee := l.LastFee(rev.Band)
		sold = append(sold, subscription.Subscription{SchoolID: v.School.ID, ProductID: id, License: l.License, Period: l.Period, Band: v.Proposal.PricedIn(rev.Band), Fee: &fee})
		names[id] = l.Name
	}
	return sold, names, nil
}

// productID is the product of a line; "" where nothing tells it. Only proposals that are older than subscriptions have to look.
func (s *sales) productID(ctx context.Context, l renewal.Line) (string, error) {
	if l.ProductID != "" {
		return l.ProductID, nil
	}
	byCode, err := s.products.Get(s.app.Clock(), func() (map[string]string, error) { return productIDs(s.app.Catalog.Products(ctx)) })
	return byCode[l.Product], err
}

func productIDs(all []catalog.Product, err error) (map[string]string, error) {
	out := make(map[string]string, len(all))
	for _, p := range all {
		out[p.Code] = p.ID
	}
	return out, err
}
