// Package catalogdb keeps products, price lists and price indices in the database.
package catalogdb

import (
	"context"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb/query"
	"rinnova/internal/db"
)

// Store keeps the catalog.
type Store struct {
	DB *db.DB
}

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

// InTx runs fn in a transaction that travels in fn's context.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// taken makes catalog.ErrTaken of what both engines say of a code or name that is there already.
func taken(err error, what string) error {
	if err == nil {
		return nil
	}
	if db.IsTaken(err) {
		return catalog.ErrTaken
	}
	return fmt.Errorf("%s: %w", what, err)
}

// written makes catalog.ErrStale of a statement that found nothing to write.
func written(rows int64, err error, what string) error {
	if err := taken(err, what); err != nil {
		return err
	}
	if rows == 0 {
		return catalog.ErrStale
	}
	return nil
}

// AddProduct writes a product; catalog.ErrTaken where its code is another's.
func (s Store) AddProduct(ctx context.Context, p catalog.Product) error {
	err := s.write(ctx).AddProduct(ctx, query.AddProductParams{ID: p.ID, Code: p.Code, Name: p.Name, License: string(p.License),
		InCap: p.InCap, VatBp: int64(p.VAT), Contacts: int64(p.Contacts), Position: int64(p.Position), Retired: p.Retired, Offer: string(p.Offer)})
	return taken(err, "product "+p.Code)
}

// UpdateProduct writes a product where its Version is still the stored one, else catalog.ErrStale.
func (s Store) UpdateProduct(ctx context.Context, p catalog.Product) error {
	n, err := s.write(ctx).UpdateProduct(ctx, query.UpdateProductParams{Code: p.Code, Name: p.Name, License: string(p.License), InCap: p.InCap, VatBp: int64(p.VAT),
		Contacts: int64(p.Contacts), Position: int64(p.Position), Retired: p.Retired, Offer: string(p.Offer), ID: p.ID, Version: p.Version})
	return written(n, err, "product "+p.Code)
}

// Products reads all products in order.
func (s Store) Products(ctx context.Context) ([]catalog.Product, error) {
	rows, err := s.read(ctx).Products(ctx)
	if err != nil {
		return nil, fmt.Errorf("products: %w", err)
	}
	out := make([]catalog.Product, len(rows))
	for i, r := range rows {
		out[i] = catalog.Product{ID: r.ID, Code: r.Code, Name: r.Name, License: catalog.License(r.License), InCap: r.InCap,
			VAT: rinnova.BasisPoints(r.VatBp), Contacts: int(r.Contacts), Position: int(r.Position), Retired: r.Retired, Offer: catalog.Audience(r.Offer), Version: r.Version}
	}
	return out, nil
}

// Index reads a price index, the oldest month first.
func (s Store) Index(ctx context.Context, series string) ([]catalog.IndexPoint, error) {
	rows, err := s.read(ctx).Index(ctx, series)
	if err != nil {
		return nil, fmt.Errorf("price index: %w", err)
	}
	out := make([]catalog.IndexPoint, len(rows))
	for i, r := range rows {
		out[i] = catalog.IndexPoint{Month: catalog.Month(r.Month), Milli: r.Milli, Base: r.Base, Source: r.Source}
	}
	return out, nil
}

// SetIndex writes a price index in a month, over what was there.
func (s Store) SetIndex(ctx context.Context, series string, p catalog.IndexPoint, at time.Time) error {
	err := s.write(ctx).SetIndex(ctx, query.SetIndexParams{Series: series, Month: string(p.Month), Milli: p.Milli, Base: p.Base, Source: p.Source, WrittenAt: at.UTC()})
	if err != nil {
		return fmt.Errorf("price index: %w", err)
	}
	return nil
}

// IndexLinks reads the coefficients between the bases of a series, the newest base first.
func (s Store) IndexLinks(ctx context.Context, series string) ([]catalog.IndexLink, error) {
	rows, err := s.read(ctx).IndexLinks(ctx, series)
	if err != nil {
		return nil, fmt.Errorf("links of a price index: %w", err)
	}
	out := make([]catalog.IndexLink, len(rows))
	for i, r := range rows {
		out[i] = catalog.IndexLink{From: r.NewBase, To: r.OldBase, Coefficient: catalog.Coefficient(r.Micro), Source: r.Source}
	}
	return out, nil
}

// SetIndexLink writes a coefficient, over what was there.
func (s Store) SetIndexLink(ctx context.Context, series string, l catalog.IndexLink, at time.Time) error {
	err := s.write(ctx).SetIndexLink(ctx, query.SetIndexLinkParams{Series: series, NewBase: l.From, OldBase: l.To, Micro: int64(l.Coefficient), Source: l.Source, WrittenAt: at.UTC()})
	if err != nil {
		return fmt.Errorf("link of a price index: %w", err)
	}
	return nil
}

// WaitingDrafts counts the drafts that an account can approve: those with fees none of which it has set.
func (s Store) WaitingDrafts(ctx context.Context, account string) (int, error) {
	n, err := s.read(ctx).WaitingDrafts(ctx, account)
	if err != nil {
		return 0, fmt.Errorf("waiting drafts: %w", err)
	}
	return int(n), nil
}
