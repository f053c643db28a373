package catalogdb

import (
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

// nobody is the id of no account.
const nobody = "-"

// AddPriceList writes a price list with its fees, as it is: a demonstration's or one that comes from elsewhere. A list without
// a state is approved.
func (s Store) AddPriceList(ctx context.Context, l catalog.PriceList, at time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.AddDraft(ctx, l, at); err != nil {
			return err
		}
		if l.State == catalog.Draft {
			return nil
		}
		l.Version = 1
		products, err := s.Products(ctx)
		if err != nil {
			return err
		}
		l.Freeze(products)
		return s.approve(ctx, l, l.Approved, nobody)
	})
}

// listJSON are the parts of a list that are kept as JSON.
func listJSON(l catalog.PriceList) (bands, caps, origin, authors string, err error) {
	var out [4]string
	if l.Authors == nil {
		l.Authors = []string{}
	}
	for i, x := range []any{l.Bands, l.Caps, l.Origin, l.Authors} {
		b, err := json.Marshal(x)
		if err != nil {
			return "", "", "", "", fmt.Errorf("price list %s: %w", l.Name, err)
		}
		out[i] = string(b)
	}
	return out[0], out[1], out[2], out[3], nil
}

// AddDraft writes a new draft with its fees; catalog.ErrTaken where its name is another's.
func (s Store) AddDraft(ctx context.Context, l catalog.PriceList, at time.Time) error {
	bands, caps, origin, authors, err := listJSON(l)
	if err != nil {
		return err
	}
	err = s.write(ctx).AddDraft(ctx, query.AddDraftParams{
		ID: l.ID, Name: l.Name, ValidFrom: l.ValidFrom.String(), Bands: bands, Caps: caps, CreatedAt: at.UTC(), Origin: origin,
		EditedBy: l.Edited.By, EditedName: l.Edited.Name, EditedAt: db.Instant(l.Edited.At), Authors: authors,
	})
	if err != nil {
		return taken(err, "price list "+l.Name)
	}
	return s.addFees(ctx, l)
}

// UpdateDraft writes a draft with its fees where its Version is still the stored one, else catalog.ErrStale.
func (s Store) UpdateDraft(ctx context.Context, l catalog.PriceList) error {
	bands, caps, _, authors, err := listJSON(l)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		n, err := s.write(ctx).UpdateDraft(ctx, query.UpdateDraftParams{
			Name: l.Name, ValidFrom: l.ValidFrom.String(), Bands: bands, Caps: caps, EditedBy: l.Edited.By, EditedName: l.Edited.Name,
			EditedAt: db.Instant(l.Edited.At), Authors: authors, ID: l.ID, Version: l.Version,
		})
		if err := written(n, err, "price list "+l.Name); err != nil {
			return err
		}
		if err := s.write(ctx).DeleteFees(ctx, l.ID); err != nil {
			return fmt.Errorf("price list %s: %w", l.Name, err)
		}
		return s.addFees(ctx, l)
	})
}

func (s Store) addFees(ctx context.Context, l catalog.PriceList) error {
	for _, product := range slices.Sorted(maps.Keys(l.Fees)) {
		fees, err := json.Marshal(l.Fees[product])
		if err != nil {
			return err
		}
		n, err := s.write(ctx).AddFee(ctx, string(fees), l.ID, product)
		if err != nil || n == 0 {
			return fmt.Errorf("price list %s, product %s: %d fees written: %w", l.Name, product, n, err)
		}
	}
	return nil
}

// Approve closes a draft, with the terms of its products, where its Version is still the stored one and by is none of its authors, else
// catalog.ErrStale.
func (s Store) Approve(ctx context.Context, l catalog.PriceList, by catalog.Signature) error {
	return s.approve(ctx, l, by, by.By)
}

func (s Store) approve(ctx context.Context, l catalog.PriceList, by catalog.Signature, author string) error {
	terms, err := json.Marshal(l.Terms)
	if err != nil {
		return err
	}
	n, err := s.write(ctx).Approve(ctx, query.ApproveParams{ApprovedBy: by.By, ApprovedName: by.Name, ApprovedAt: db.Instant(by.At), Terms: string(terms),
		ID: l.ID, Version: l.Version, Author: author})
	return written(n, err, "price list")
}

// DeleteDraft deletes a draft of this version that no campaign uses, else catalog.ErrStale.
func (s Store) DeleteDraft(ctx context.Context, id string, version int64) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if err := s.write(ctx).DeleteFees(ctx, id); err != nil {
			return fmt.Errorf("price list: %w", err)
		}
		n, err := s.write(ctx).DeleteDraft(ctx, id, version)
		return written(n, err, "price list")
	})
}

// PriceLists reads all price lists with their fees, the newest first.
func (s Store) PriceLists(ctx context.Context) ([]catalog.PriceList, error) {
	rows, err := s.read(ctx).PriceLists(ctx)
	if err != nil {
		return nil, fmt.Errorf("price lists: %w", err)
	}
	fees, err := s.read(ctx).AllFees(ctx)
	if err != nil {
		return nil, fmt.Errorf("price lists: %w", err)
	}
	out := make([]catalog.PriceList, len(rows))
	place := map[string]int{}
	for i, r := range rows {
		if out[i], err = priceList(r); err != nil {
			return nil, err
		}
		place[r.ID] = i
	}
	for _, f := range fees {
		i, known := place[f.PriceListID]
		if !known {
			continue // written between the two queries
		}
		if err := addFee(&out[i], f.ProductID, f.Cents); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PriceList reads a price list with its fees; NotFound where there is none.
func (s Store) PriceList(ctx context.Context, id string) (catalog.PriceList, error) {
	r, err := s.read(ctx).PriceList(ctx, id)
	if db.IsNone(err) {
		return catalog.PriceList{}, rinnova.Fail(rinnova.NotFound, "Questo listino non c’è.")
	}
	if err != nil {
		return catalog.PriceList{}, fmt.Errorf("price list: %w", err)
	}
	l, err := priceList(r)
	if err != nil {
		return l, err
	}
	fees, err := s.read(ctx).Fees(ctx, id)
	if err != nil {
		return l, fmt.Errorf("price list %s: %w", l.Name, err)
	}
	for _, f := range fees {
		if err := addFee(&l, f.ProductID, f.Cents); err != nil {
			return l, err
		}
	}
	return l, nil
}

// priceList is a list without its fees.
func priceList(r query.PriceList) (catalog.PriceList, error) {
	l := catalog.PriceList{
		ID: r.ID, Name: r.Name, Fees: map[string][]rinnova.Cents{}, State: catalog.ListState(r.State), Version: r.Version,
		Edited:   catalog.Signature{By: r.EditedBy, Name: r.EditedName, At: r.EditedAt.Time},
		Approved: catalog.Signature{By: r.ApprovedBy, Name: r.ApprovedName, At: r.ApprovedAt.Time},
	}
	for _, read := range []error{
		l.ValidFrom.UnmarshalText([]byte(r.ValidFrom)), json.Unmarshal([]byte(r.Bands), &l.Bands), json.Unmarshal([]byte(r.Caps), &l.Caps), json.Unmarshal([]byte(r.Origin), &l.Origin),
		json.Unmarshal([]byte(r.Authors), &l.Authors), json.Unmarshal([]byte(r.Terms), &l.Terms),
	} {
		if read != nil {
			return l, fmt.Errorf("price list %s: %w", l.Name, read)
		}
	}
	return l, nil
}

func addFee(l *catalog.PriceList, product, cents string) error {
	var fees []rinnova.Cents
	if err := json.Unmarshal([]byte(cents), &fees); err != nil {
		return fmt.Errorf("price list %s: %w", l.Name, err)
	}
	l.Fees[product] = fees
	return nil
}
