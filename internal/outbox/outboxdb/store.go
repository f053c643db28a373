// Package outboxdb keeps the outgoing mail in the database.
package outboxdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/outbox"
	"rinnova/internal/outbox/outboxdb/query"
)

// Store implements outbox.Store.
type Store struct {
	DB *db.DB
}

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// Add writes a message that waits to be sent.
func (s Store) Add(ctx context.Context, m *outbox.Message) error {
	body, err := json.Marshal(m.Body)
	if err != nil {
		return err
	}
	err = query.New(s.DB.Writer(ctx)).AddMessage(ctx, query.AddMessageParams{
		ID: m.ID, Kind: string(m.Kind), SchoolID: sql.NullString{String: m.SchoolID, Valid: m.SchoolID != ""}, AboutID: m.AboutID,
		Recipient: m.To, Subject: m.Subject, Body: string(body), CreatedAt: m.CreatedAt.UTC(),
	})
	if err != nil {
		return fmt.Errorf("message: %w", err)
	}
	return nil
}

// Message reads one message.
func (s Store) Message(ctx context.Context, id string) (*outbox.Message, error) {
	r, err := query.New(s.DB.Reader(ctx)).Message(ctx, id)
	if db.IsNone(err) {
		return nil, rinnova.Fail(rinnova.NotFound, "Questo messaggio non c’è.")
	}
	if err != nil {
		return nil, fmt.Errorf("message: %w", err)
	}
	m := &outbox.Message{ID: r.ID, Kind: outbox.Kind(r.Kind), SchoolID: r.SchoolID.String, AboutID: r.AboutID, To: r.Recipient,
		Subject: r.Subject, State: outbox.State(r.State), Attempts: int(r.Attempts), Uncertain: int(r.Uncertain), Before: int(r.AttemptsBefore), LastError: r.LastError,
		CreatedAt: r.CreatedAt.UTC(), SentAt: r.SentAt.Time.UTC()}
	if err := json.Unmarshal([]byte(r.Body), &m.Body); err != nil {
		return nil, fmt.Errorf("message %s: %w", id, err)
	}
	return m, nil
}

// About reads the messages that speak of one thing, oldest first, without their bodies.
func (s Store) About(ctx context.Context, id string) ([]outbox.Message, error) {
	rows, err := query.New(s.DB.Reader(ctx)).MessagesAbout(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	out := make([]outbox.Message, len(rows))
	for i, r := range rows {
		out[i] = outbox.Message{ID: r.ID, Kind: outbox.Kind(r.Kind), AboutID: id, To: r.Recipient, Subject: r.Subject, State: outbox.State(r.State),
			Attempts: int(r.Attempts), LastError: r.LastError, CreatedAt: r.CreatedAt.UTC(), SentAt: r.SentAt.Time.UTC()}
	}
	return out, nil
}

// OfSchool reads the last messages to a school, the newest first, without their bodies.
func (s Store) OfSchool(ctx context.Context, schoolID string, limit int) ([]outbox.Message, error) {
	rows, err := query.New(s.DB.Reader(ctx)).MessagesOfSchool(ctx, sql.NullString{String: schoolID, Valid: true}, int32(limit))
	if err != nil {
		return nil, fmt.Errorf("messages: %w", err)
	}
	out := make([]outbox.Message, len(rows))
	for i, r := range rows {
		out[i] = outbox.Message{ID: r.ID, Kind: outbox.Kind(r.Kind), SchoolID: schoolID, AboutID: r.AboutID, To: r.Recipient, Subject: r.Subject,
			State: outbox.State(r.State), Attempts: int(r.Attempts), LastError: r.LastError, CreatedAt: r.CreatedAt.UTC(), SentAt: r.SentAt.Time.UTC()}
	}
	return out, nil
}

// Settle records an attempt: the row is the attempt's only while nobody else has counted one.
func (s Store) Settle(ctx context.Context, m *outbox.Message, a outbox.Attempt) (bool, error) {
	q := query.New(s.DB.Writer(ctx))
	var uncertain int64
	if a.Uncertain {
		uncertain = 1
	}
	n, err := q.SettleMessage(ctx, query.SettleMessageParams{ID: m.ID, State: string(a.State), Uncertain: uncertain, LastError: a.Detail,
		SentAt: sql.NullTime{Time: a.At.UTC(), Valid: a.State == outbox.Sent}, Attempts: int64(m.Attempts)})
	if err != nil {
		return false, fmt.Errorf("message %s: %w", m.ID, err)
	}
	if n == 0 {
		return false, nil
	}
	err = q.AddAttempt(ctx, query.AddAttemptParams{MessageID: m.ID, Number: int64(m.Attempts + 1), At: a.At.UTC(), Outcome: outcome(a.State), Detail: a.Detail})
	if err != nil {
		return false, fmt.Errorf("attempt: %w", err)
	}
	return true, nil
}

// Wait implements outbox.Store.
func (s Store) Wait(ctx context.Context, id, why string) error {
	if err := query.New(s.DB.Writer(ctx)).WaitMessage(ctx, why, id); err != nil {
		return fmt.Errorf("message %s: %w", id, err)
	}
	return nil
}

// Requeue implements outbox.Store.
func (s Store) Requeue(ctx context.Context, id, to string) (bool, error) {
	n, err := query.New(s.DB.Writer(ctx)).RequeueMessage(ctx, to, id)
	if err != nil {
		return false, fmt.Errorf("message %s: %w", id, err)
	}
	return n == 1, nil
}

func outcome(s outbox.State) string {
	if s == outbox.Queued {
		return "retry"
	}
	return string(s)
}

var _ outbox.Store = Store{}
