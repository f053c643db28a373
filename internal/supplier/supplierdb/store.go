// Package supplierdb keeps the vendor's settings in the database.
package supplierdb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/supplierdb/query"
)

// Store implements supplier.Store.
type Store struct {
	DB *db.DB
}

const profileName = "vendor"

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// Profile reads the settings.
func (s Store) Profile(ctx context.Context) (supplier.Profile, error) {
	var p supplier.Profile
	row, err := query.New(s.DB.Reader(ctx)).Setting(ctx, profileName)
	if db.IsNone(err) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("settings: %w", err)
	}
	if err := json.Unmarshal([]byte(row.Value), &p); err != nil {
		return p, fmt.Errorf("settings: %w", err)
	}
	return p, nil
}

// SaveProfile writes the settings.
func (s Store) SaveProfile(ctx context.Context, p supplier.Profile, at time.Time) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := query.New(s.DB.Writer(ctx)).SaveSetting(ctx, profileName, string(b), at.UTC()); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}
