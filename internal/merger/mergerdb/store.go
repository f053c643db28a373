// Package mergerdb keeps mergers of schools in the database.
package mergerdb

import (
	"context"
	"encoding/json"
	"fmt"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/merger"
	"rinnova/internal/merger/mergerdb/query"
)

// Store implements merger.Store.
type Store struct {
	DB *db.DB
}

var _ merger.Store = Store{}

// InTx implements merger.Store.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("merger: %w", err)
	}
	return nil
}

// Add implements merger.Store.
func (s Store) Add(ctx context.Context, m *merger.Merger) error {
	body, err := json.Marshal(m.Preview)
	if err != nil {
		return wrap(err)
	}
	choices, err := json.Marshal(m.Choices)
	if err != nil {
		return wrap(err)
	}
	err = s.write(ctx).Add(ctx, query.AddParams{ID: m.ID, IntoID: m.Preview.Into.ID, Day: m.Preview.Day.String(), State: string(m.State), Body: string(body),
		Choices: string(choices), Hash: m.Hash, PlannedBy: m.Planned.By, PlannedName: m.Planned.Name, PlannedAt: m.Planned.At.UTC()})
	for _, id := range append(m.Preview.IDs(), m.Preview.Into.ID) {
		if err == nil {
			err = s.write(ctx).AddSchool(ctx, m.ID, id)
		}
	}
	return wrap(err)
}

// Move implements merger.Store.
func (s Store) Move(ctx context.Context, m *merger.Merger, before merger.State) (bool, error) {
	body, err := json.Marshal(m.Preview)
	if err != nil {
		return false, wrap(err)
	}
	n, err := s.write(ctx).Move(ctx, query.MoveParams{State: string(m.State), Body: string(body), SettledBy: m.Settled.By, SettledName: m.Settled.Name,
		SettledAt: db.Instant(m.Settled.At), Detail: m.Detail, ID: m.ID, Before: string(before)})
	return n == 1, wrap(err)
}

// Merger implements merger.Store.
func (s Store) Merger(ctx context.Context, id string) (*merger.Merger, error) {
	r, err := s.read(ctx).Merger(ctx, id)
	if db.IsNone(err) {
		return nil, rinnova.Fail(rinnova.NotFound, "Questo accorpamento non c’è.")
	}
	if err != nil {
		return nil, wrap(err)
	}
	m, err := full(r)
	return &m, err
}

func full(r query.Merger) (merger.Merger, error) {
	m := merger.Merger{ID: r.ID, State: merger.State(r.State), Hash: r.Hash, Detail: r.Detail,
		Planned: merger.Stamp{By: r.PlannedBy, Name: r.PlannedName, At: r.PlannedAt.UTC()}, Settled: merger.Stamp{By: r.SettledBy, Name: r.SettledName}}
	if r.SettledAt.Valid {
		m.Settled.At = r.SettledAt.Time.UTC()
	}
	if err := json.Unmarshal([]byte(r.Body), &m.Preview); err != nil {
		return m, wrap(err)
	}
	return m, wrap(json.Unmarshal([]byte(r.Choices), &m.Choices))
}

func all(rows []query.Merger, err error) ([]merger.Merger, error) {
	if err != nil {
		return nil, wrap(err)
	}
	out := make([]merger.Merger, len(rows))
	for i, r := range rows {
		if out[i], err = full(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// List implements merger.Store.
func (s Store) List(ctx context.Context, limit int) ([]merger.Merger, error) {
	return all(s.read(ctx).List(ctx, int32(limit)))
}

// OfSchool implements merger.Store.
func (s Store) OfSchool(ctx context.Context, schoolID string) ([]merger.Merger, error) {
	return all(s.read(ctx).OfSchool(ctx, schoolID))
}

// Due implements merger.Store.
func (s Store) Due(ctx context.Context, today rinnova.Date) ([]merger.Merger, error) {
	return all(s.read(ctx).Due(ctx, today.String()))
}

// CountHeld implements merger.Store.
func (s Store) CountHeld(ctx context.Context) (int, error) {
	n, err := s.read(ctx).CountHeld(ctx)
	return int(n), wrap(err)
}
