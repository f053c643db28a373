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
	ticks := renewal.NewTicks(rev.Ticks...)
	var sold []subscription.Subscription
	names := map[string]string{}
	for _, l := range v.Proposal.Lines {
		if !ticks[l.ID] {
			continue
		}
		id, err := s.productID(ctx, l)
		if err != nil {
			return err
		}
		if id == "" {
			continue // an old proposal of a product whose code has changed
		}
		fee := l.LastFee(rev.Band)
		sold = append(sold, subscription.Subscription{SchoolID: c.SchoolID, ProductID: id, License: l.License, Period: l.Period, Band: rev.Band,
			Fee: &fee, Contract: c.Number})
		names[id] = l.Name
	}
	err := s.app.Subscriptions.Sell(ctx, sold)
	e, twice := errors.AsType[*subscription.HeldError](err)
	switch {
	case !twice:
		return err
	case e.Has.Contract != "":
		return rinnova.Fail(rinnova.Conflict, "«%s» è già venduto a questa scuola dal %s al %s, con il contratto %s. Rimandate la richiesta alla scuola, perché lo tolga.",
			names[e.Sold.ProductID], e.Has.Period.From, e.Has.Period.To, e.Has.Contract)
	}
	return rinnova.Fail(rinnova.Conflict, "La scuola ha già «%s» dal %s al %s. Rimandate la richiesta alla scuola, perché lo tolga, o correggete nella pagina della scuola quello che ha.",
		names[e.Sold.ProductID], e.Has.Period.From, e.Has.Period.To)
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
