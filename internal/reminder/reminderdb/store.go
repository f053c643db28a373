// Package reminderdb keeps reminders in the database.
package reminderdb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/reminder"
	"rinnova/internal/reminder/reminderdb/query"
)

// Store implements reminder.Store, and reads lists for pages.
type Store struct {
	DB *db.DB
}

var _ reminder.Store = Store{}

func (s Store) read(ctx context.Context) *query.Queries  { return query.New(s.DB.Reader(ctx)) }
func (s Store) write(ctx context.Context) *query.Queries { return query.New(s.DB.Writer(ctx)) }

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("reminders: %w", err)
	}
	return nil
}

// InTx implements reminder.Store.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// AddRound implements reminder.Store.
func (s Store) AddRound(ctx context.Context, campaignID string, r reminder.Round) (bool, error) {
	n, err := s.write(ctx).AddRound(ctx, query.AddRoundParams{CampaignID: campaignID, Rule: string(r.Rule), Day: r.Day.String(), PlannedAt: r.At.UTC()})
	return n == 1, wrap(err)
}

// CountPlanned implements reminder.Store.
func (s Store) CountPlanned(ctx context.Context, campaignID string, r reminder.Round) error {
	return wrap(s.write(ctx).CountPlanned(ctx, query.CountPlannedParams{Planned: int64(r.Planned), CampaignID: campaignID, Rule: string(r.Rule), Day: r.Day.String()}))
}

// Plan implements reminder.Store.
func (s Store) Plan(ctx context.Context, campaignID string, rule reminder.Rule, search reminder.Search, at time.Time) (int, error) {
	var states [3]string
	for i := range states {
		states[i] = string(search.States[min(i, len(search.States)-1)])
	}
	touched := search.Touched
	if touched.IsZero() {
		touched = at
	}
	n, err := s.write(ctx).Plan(ctx, query.PlanParams{Rule: string(rule), PlannedAt: at.UTC(), CampaignID: campaignID, State: states[0], State_2: states[1], State_3: states[2],
		DraftAt: db.Instant(touched)})
	return int(n), wrap(err)
}

// Next implements reminder.Store.
func (s Store) Next(ctx context.Context, campaignID string, limit int) ([]reminder.Reminder, error) {
	rows, err := s.read(ctx).Next(ctx, campaignID, int32(limit))
	return all(rows), wrap(err)
}

// SentSince implements reminder.Store.
func (s Store) SentSince(ctx context.Context, campaignID string, since time.Time) (int, error) {
	n, err := s.read(ctx).SentSince(ctx, db.Instant(since), campaignID)
	return int(n), wrap(err)
}

// Settle implements reminder.Store.
func (s Store) Settle(ctx context.Context, r reminder.Reminder) (bool, error) {
	n, err := s.write(ctx).Settle(ctx, query.SettleParams{State: string(r.State), Reason: string(r.Reason), Address: r.Address,
		Token: sql.NullString{String: r.Token, Valid: r.Token != ""}, SettledAt: db.Instant(r.SettledAt), RequestID: r.RequestID, Rule: string(r.Rule)})
	return n == 1, wrap(err)
}

// ByToken implements reminder.Store.
func (s Store) ByToken(ctx context.Context, token string) (r reminder.Reminder, ok bool, err error) {
	if token == "" {
		return r, false, nil
	}
	row, err := s.read(ctx).ByToken(ctx, sql.NullString{String: token, Valid: true})
	if db.IsNone(err) {
		return r, false, nil
	}
	return full(row), err == nil, wrap(err)
}

// OfSchool reads the last reminders about a school's requests, the newest first.
func (s Store) OfSchool(ctx context.Context, schoolID string, limit int) ([]reminder.Reminder, error) {
	rows, err := s.read(ctx).OfSchool(ctx, schoolID, int32(limit))
	return all(rows), wrap(err)
}

// Rounds reads the last rounds of a campaign that found somebody, the newest first.
func (s Store) Rounds(ctx context.Context, campaignID string) ([]reminder.Round, error) {
	rows, err := s.read(ctx).Rounds(ctx, campaignID)
	if err != nil {
		return nil, wrap(err)
	}
	out := make([]reminder.Round, len(rows))
	for i, r := range rows {
		out[i] = reminder.Round{Rule: reminder.Rule(r.Rule), Planned: int(r.Planned), At: r.PlannedAt.UTC()}
		if err := out[i].Day.UnmarshalText([]byte(r.Day)); err != nil {
			return nil, wrap(err)
		}
	}
	return out, nil
}

// Counts counts the reminders of a campaign by rule and state.
func (s Store) Counts(ctx context.Context, campaignID string) (map[reminder.Rule]reminder.Counts, error) {
	rows, err := s.read(ctx).Counts(ctx, campaignID)
	out := map[reminder.Rule]reminder.Counts{}
	for _, r := range rows {
		rule := reminder.Rule(r.Rule)
		if out[rule] == nil {
			out[rule] = reminder.Counts{}
		}
		out[rule][reminder.State(r.State)] = int(r.Reminders)
	}
	return out, wrap(err)
}

// CountWaiting counts the requests of a campaign that schools have still to confirm.
func (s Store) CountWaiting(ctx context.Context, campaignID string) (int, error) {
	n, err := s.read(ctx).CountWaiting(ctx, campaignID)
	return int(n), wrap(err)
}

// Stop implements reminder.Store.
func (s Store) Stop(ctx context.Context, schoolID, address string, at time.Time) (bool, error) {
	n, err := s.write(ctx).Stop(ctx, schoolID, address, at.UTC())
	return n == 1, wrap(err)
}

// Resume implements reminder.Store.
func (s Store) Resume(ctx context.Context, schoolID, address string) (bool, error) {
	n, err := s.write(ctx).Resume(ctx, schoolID, address)
	return n == 1, wrap(err)
}

// StoppedSince implements reminder.Store.
func (s Store) StoppedSince(ctx context.Context, schoolID, address string) (time.Time, error) {
	at, err := s.read(ctx).StoppedSince(ctx, schoolID, address)
	if db.IsNone(err) {
		return time.Time{}, nil
	}
	return at.UTC(), wrap(err)
}

func all(rows []query.Reminder) []reminder.Reminder {
	out := make([]reminder.Reminder, len(rows))
	for i, r := range rows {
		out[i] = full(r)
	}
	return out
}

func full(r query.Reminder) reminder.Reminder {
	x := reminder.Reminder{RequestID: r.RequestID, CampaignID: r.CampaignID, SchoolID: r.SchoolID, Rule: reminder.Rule(r.Rule), State: reminder.State(r.State),
		Reason: reminder.Reason(r.Reason), Address: r.Address, Token: r.Token.String, PlannedAt: r.PlannedAt.UTC()}
	if r.SettledAt.Valid {
		x.SettledAt = r.SettledAt.Time.UTC()
	}
	return x
}
