// Package catalogdb keeps products and price lists in the database.
package catalogdb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
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

// AddProduct writes a product.
func (s Store) AddProduct(ctx context.Context, p catalog.Product) error {
	err := query.New(s.DB.Writer(ctx)).AddProduct(ctx, query.AddProductParams{ID: p.ID, Code: p.Code, Name: p.Name, License: string(p.License),
		InCap: p.InCap, VatBp: int64(p.VAT), Contacts: int64(p.Contacts), Position: int64(p.Position), Retired: p.Retired, Offer: string(p.Offer)})
	if err != nil {
		return fmt.Errorf("product %s: %w", p.Code, err)
	}
	return nil
}

// Products reads all products in order.
func (s Store) Products(ctx context.Context) ([]catalog.Product, error) {
	rows, err := query.New(s.DB.Reader(ctx)).Products(ctx)
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

// AddPriceList writes a price list with its fees. A list without a state is approved.
func (s Store) AddPriceList(ctx context.Context, l catalog.PriceList, at time.Time) error {
	bands, err := json.Marshal(l.Bands)
	if err != nil {
		return err
	}
	caps, err := json.Marshal(l.Caps)
	if err != nil {
		return err
	}
	origin, err := json.Marshal(l.Origin)
	if err != nil {
		return err
	}
	q := query.New(s.DB.Writer(ctx))
	err = q.AddPriceList(ctx, query.AddPriceListParams{
		ID: l.ID, Name: l.Name, ValidFrom: l.ValidFrom.String(), Bands: string(bands), Caps: string(caps), CreatedAt: at.UTC(),
		State: string(cmp.Or(l.State, catalog.Approved)), Origin: string(origin), EditedBy: l.Edited.By, EditedName: l.Edited.Name, EditedAt: db.Instant(l.Edited.At),
		ApprovedBy: l.Approved.By, ApprovedName: l.Approved.Name, ApprovedAt: db.Instant(l.Approved.At),
	})
	if err != nil {
		return fmt.Errorf("price list %s: %w", l.Name, err)
	}
	for _, product := range slices.Sorted(maps.Keys(l.Fees)) {
		fees, err := json.Marshal(l.Fees[product])
		if err != nil {
			return err
		}
		if err := q.AddFee(ctx, l.ID, product, string(fees)); err != nil {
			return fmt.Errorf("price list %s: %w", l.Name, err)
		}
	}
	return nil
}

// PriceList reads a price list with its fees; NotFound where there is none.
func (s Store) PriceList(ctx context.Context, id string) (catalog.PriceList, error) {
	q := query.New(s.DB.Reader(ctx))
	r, err := q.PriceList(ctx, id)
	if db.IsNone(err) {
		return catalog.PriceList{}, rinnova.Fail(rinnova.NotFound, "Questo listino non c’è.")
	}
	if err != nil {
		return catalog.PriceList{}, fmt.Errorf("price list: %w", err)
	}
	l := catalog.PriceList{
		ID: r.ID, Name: r.Name, Fees: map[string][]rinnova.Cents{}, State: catalog.ListState(r.State), Version: r.Version,
		Edited:   catalog.Signature{By: r.EditedBy, Name: r.EditedName, At: r.EditedAt.Time},
		Approved: catalog.Signature{By: r.ApprovedBy, Name: r.ApprovedName, At: r.ApprovedAt.Time},
	}
	fees, err := q.Fees(ctx, id)
	if err != nil {
		return l, fmt.Errorf("price list %s: %w", l.Name, err)
	}
	for _, f := range fees {
		var cents []rinnova.Cents
		if err := json.Unmarshal([]byte(f.Cents), &cents); err != nil {
			return l, fmt.Errorf("price list %s: %w", l.Name, err)
		}
		l.Fees[f.ProductID] = cents
	}
	for _, read := range []error{
		l.ValidFrom.UnmarshalText([]byte(r.ValidFrom)), json.Unmarshal([]byte(r.Bands), &l.Bands), json.Unmarshal([]byte(r.Caps), &l.Caps), json.Unmarshal([]byte(r.Origin), &l.Origin),
	} {
		if read != nil {
			return l, fmt.Errorf("price list %s: %w", l.Name, read)
		}
	}
	return l, nil
}
