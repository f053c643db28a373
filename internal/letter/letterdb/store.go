// Package letterdb keeps the versions of the terms, the letters and their signed files in the database.
package letterdb

import (
	"context"
	"fmt"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdb/query"
)

// Store keeps terms and letters.
type Store struct {
	DB *db.DB
}

// Terms reads one version; NotFound where there is none.
func (s Store) Terms(ctx context.Context, id string) (letter.Terms, error) {
	r, err := query.New(s.DB.Reader(ctx)).Terms(ctx, id)
	if db.IsNone(err) {
		return letter.Terms{}, rinnova.Fail(rinnova.NotFound, "Questa versione delle condizioni non c’è.")
	}
	if err != nil {
		return letter.Terms{}, fmt.Errorf("terms: %w", err)
	}
	return termsOf(r)
}

func termsOf(r query.Term) (letter.Terms, error) {
	t := letter.Terms{ID: r.ID, Kind: r.Kind, Version: r.Version, Title: r.Title, Body: r.Body}
	if err := t.EffectiveFrom.UnmarshalText([]byte(r.EffectiveFrom)); err != nil {
		return letter.Terms{}, fmt.Errorf("terms %s: %w", r.ID, err)
	}
	return t, nil
}

// Add writes a version; one that exists cannot be written again.
func (s Store) Add(ctx context.Context, t letter.Terms) error {
	err := query.New(s.DB.Writer(ctx)).AddTerms(ctx, query.AddTermsParams{ID: t.ID, Kind: t.Kind, Version: t.Version, Title: t.Title, Body: t.Body,
		EffectiveFrom: t.EffectiveFrom.String()})
	if err != nil {
		return fmt.Errorf("terms %s: %w", t.Version, err)
	}
	return nil
}
