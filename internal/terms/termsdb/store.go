// Package termsdb keeps the versions of the texts in the database.
package termsdb

import (
	"context"
	"fmt"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/terms"
	"rinnova/internal/terms/termsdb/query"
)

// Store keeps the versions.
type Store struct {
	DB *db.DB
}

var _ terms.Store = Store{}

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// Terms reads one version; NotFound where there is none.
func (s Store) Terms(ctx context.Context, id string) (terms.Terms, error) {
	r, err := query.New(s.DB.Reader(ctx)).Terms(ctx, id)
	if db.IsNone(err) {
		return terms.Terms{}, rinnova.Fail(rinnova.NotFound, "Questa versione delle condizioni non c’è.")
	}
	if err != nil {
		return terms.Terms{}, fmt.Errorf("terms: %w", err)
	}
	return termsOf(r)
}

// Current is the version of a text that is in force on a day; ok is false where there is none.
func (s Store) Current(ctx context.Context, kind terms.Kind, day rinnova.Date) (t terms.Terms, ok bool, err error) {
	r, err := query.New(s.DB.Reader(ctx)).CurrentTerms(ctx, string(kind), day.String())
	if db.IsNone(err) {
		return terms.Terms{}, false, nil
	}
	if err != nil {
		return terms.Terms{}, false, fmt.Errorf("terms: %w", err)
	}
	t, err = termsOf(r)
	return t, err == nil, err
}

// Versions are all of them: the newest of each kind first.
func (s Store) Versions(ctx context.Context) ([]terms.Terms, error) {
	rows, err := query.New(s.DB.Reader(ctx)).Versions(ctx)
	if err != nil {
		return nil, fmt.Errorf("terms: %w", err)
	}
	out := make([]terms.Terms, len(rows))
	for i, r := range rows {
		if out[i], err = termsOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func termsOf(r query.Term) (terms.Terms, error) {
	t := terms.Terms{ID: r.ID, Kind: terms.Kind(r.Kind), Version: r.Version, Title: r.Title, Body: r.Body}
	if err := t.EffectiveFrom.UnmarshalText([]byte(r.EffectiveFrom)); err != nil {
		return terms.Terms{}, fmt.Errorf("terms %s: %w", r.ID, err)
	}
	return t, nil
}

// Add writes a version; terms.ErrTaken where its kind has a version of that name.
func (s Store) Add(ctx context.Context, t terms.Terms) error {
	err := query.New(s.DB.Writer(ctx)).AddTerms(ctx, query.AddTermsParams{ID: t.ID, Kind: string(t.Kind), Version: t.Version, Title: t.Title, Body: t.Body,
		EffectiveFrom: t.EffectiveFrom.String()})
	if err == nil {
		return nil
	}
	if db.IsTaken(err) {
		return terms.ErrTaken
	}
	return fmt.Errorf("terms %s: %w", t.Version, err)
}

// Remove takes a version away that holds only after a day and that no campaign uses; false for any other.
func (s Store) Remove(ctx context.Context, id string, after rinnova.Date) (bool, error) {
	n, err := query.New(s.DB.Writer(ctx)).RemoveTerms(ctx, id, after.String())
	if err != nil {
		return false, fmt.Errorf("terms %s: %w", id, err)
	}
	return n > 0, nil
}
