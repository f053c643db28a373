// Package demodb keeps the mark by which a database is known for that of a demonstration, and finds one that has none.
package demodb

import (
	"context"
	"fmt"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/demo/demodb/query"
)

// Store reads and writes the mark.
type Store struct {
	DB *db.DB
}

// Mark is what the database says of itself; "" where it says nothing.
func (s Store) Mark(ctx context.Context) (string, error) {
	mark, err := query.New(s.DB.Reader(ctx)).Mark(ctx)
	if db.IsNone(err) {
		return "", nil
	}
	return mark, wrap(err)
}

// SetMark writes it.
func (s Store) SetMark(ctx context.Context, mark string, at time.Time) error {
	return wrap(query.New(s.DB.Writer(ctx)).SetMark(ctx, mark, at.UTC()))
}

// HasCampaign tells whether there is a campaign with an id.
func (s Store) HasCampaign(ctx context.Context, id string) (bool, error) {
	n, err := query.New(s.DB.Reader(ctx)).HasCampaign(ctx, id)
	return n > 0, wrap(err)
}

// PasswordHash is that of a user; "" where there is none.
func (s Store) PasswordHash(ctx context.Context, username string) (string, error) {
	hash, err := query.New(s.DB.Reader(ctx)).PasswordHash(ctx, username)
	if db.IsNone(err) {
		return "", nil
	}
	return hash, wrap(err)
}

// Filled tells whether anybody has put anything in.
func (s Store) Filled(ctx context.Context) (bool, error) {
	n, err := query.New(s.DB.Reader(ctx)).Filled(ctx)
	return n > 0, wrap(err)
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	return nil
}
