// Package subscriptiondb keeps what schools have in the database.
package subscriptiondb

import (
	"context"
	"database/sql"
	"fmt"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/db"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptiondb/query"
)

// Store implements subscription.Store.
type Store struct {
	DB *db.DB
}

var _ subscription.Store = Store{}

// InTx implements subscription.Store.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// OfSchool implements subscription.Store.
func (s Store) OfSchool(ctx context.Context, schoolID string) ([]subscription.Subscription, error) {
	rows, err := query.New(s.DB.Reader(ctx)).OfSchool(ctx, schoolID)
	return all(rows, err)
}

// Between implements subscription.Store.
func (s Store) Between(ctx context.Context, afterSchool, upToSchool string) ([]subscription.Subscription, error) {
	rows, err := query.New(s.DB.Reader(ctx)).Between(ctx, afterSchool, upToSchool)
	return all(rows, err)
}

func all(rows []query.Subscription, err error) ([]subscription.Subscription, error) {
	if err != nil {
		return nil, fmt.Errorf("subscriptions: %w", err)
	}
	out := make([]subscription.Subscription, len(rows))
	for i, r := range rows {
		if out[i], err = full(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func full(r query.Subscription) (subscription.Subscription, error) {
	x := subscription.Subscription{
		ID: r.ID, SchoolID: r.SchoolID, ProductID: r.ProductID, License: catalog.License(r.License), Band: catalog.Band(r.Band), Contract: r.Contract,
		MovedFrom: r.MovedFrom, Ended: r.Ended, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
	if r.FeeCents.Valid {
		fee := rinnova.Cents(r.FeeCents.Int64)
		x.Fee = &fee
	}
	if r.Used.Valid {
		used := int(r.Used.Int64)
		x.Used = &used
	}
	if err := x.Period.From.UnmarshalText([]byte(r.PeriodFrom)); err != nil {
		return x, fmt.Errorf("subscription %s: %w", r.ID, err)
	}
	if err := x.Period.To.UnmarshalText([]byte(r.PeriodTo)); err != nil {
		return x, fmt.Errorf("subscription %s: %w", r.ID, err)
	}
	return x, nil
}

func fee(x subscription.Subscription) (n sql.NullInt64) {
	if x.Fee != nil {
		n = sql.NullInt64{Int64: int64(*x.Fee), Valid: true}
	}
	return n
}

func used(x subscription.Subscription) (n sql.NullInt64) {
	if x.Used != nil {
		n = sql.NullInt64{Int64: int64(*x.Used), Valid: true}
	}
	return n
}

// Add implements subscription.Store.
func (s Store) Add(ctx context.Context, x subscription.Subscription) error {
	n, err := query.New(s.DB.Writer(ctx)).Add(ctx, query.AddParams{
		ID: x.ID, SchoolID: x.SchoolID, ProductID: x.ProductID, License: string(x.License), PeriodFrom: x.Period.From.String(), PeriodTo: x.Period.To.String(),
		Band: int64(x.Band), FeeCents: fee(x), Used: used(x), Contract: x.Contract, MovedFrom: x.MovedFrom, Ended: x.Ended, CreatedAt: x.CreatedAt.UTC(), UpdatedAt: x.UpdatedAt.UTC(),
	})
	if err != nil {
		return fmt.Errorf("subscription: %w", err)
	}
	if n == 0 {
		return rinnova.Fail(rinnova.Conflict, "La scuola ha già questo prodotto dal %s.", x.Period.From)
	}
	return nil
}

// Update implements subscription.Store.
func (s Store) Update(ctx context.Context, x subscription.Subscription) error {
	n, err := query.New(s.DB.Writer(ctx)).Update(ctx, query.UpdateParams{
		ProductID: x.ProductID, License: string(x.License), PeriodFrom: x.Period.From.String(), PeriodTo: x.Period.To.String(), Band: int64(x.Band),
		FeeCents: fee(x), Used: used(x), Contract: x.Contract, MovedFrom: x.MovedFrom, Ended: x.Ended, UpdatedAt: x.UpdatedAt.UTC(), ID: x.ID,
	})
	if err != nil {
		return fmt.Errorf("subscription: %w", err)
	}
	if n == 0 {
		return rinnova.Fail(rinnova.NotFound, "Questo prodotto della scuola non c’è più.")
	}
	return nil
}

// Delete implements subscription.Store.
func (s Store) Delete(ctx context.Context, id string) error {
	if err := query.New(s.DB.Writer(ctx)).Delete(ctx, id); err != nil {
		return fmt.Errorf("subscription: %w", err)
	}
	return nil
}
