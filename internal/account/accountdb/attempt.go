package accountdb

import (
	"context"
	"fmt"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountdb/query"
)

// CountAttempt adds one to a count; the row stays locked until the transaction ends, so tries at once count one by one.
func (s Store) CountAttempt(ctx context.Context, subject string, now, over, keep time.Time) (account.Count, error) {
	r, err := query.New(s.DB.Writer(ctx)).CountAttempt(ctx, query.CountAttemptParams{Subject: subject, Since: now.UTC(), KeepUntil: keep.UTC(), Since_2: over.UTC()})
	if err != nil {
		return account.Count{}, fmt.Errorf("attempt: %w", err)
	}
	return account.Count{Tries: int(r.Tries), Since: r.Since.UTC(), WaitUntil: r.WaitUntil.UTC(), Usual: r.Usual}, nil
}

// SetWait says until when a subject waits.
func (s Store) SetWait(ctx context.Context, subject string, until time.Time) error {
	if err := query.New(s.DB.Writer(ctx)).SetWait(ctx, until.UTC(), subject); err != nil {
		return fmt.Errorf("attempt: %w", err)
	}
	return nil
}

// TakeBackAttempt takes one from a count.
func (s Store) TakeBackAttempt(ctx context.Context, subject string) error {
	if err := query.New(s.DB.Writer(ctx)).TakeBackAttempt(ctx, subject); err != nil {
		return fmt.Errorf("attempt: %w", err)
	}
	return nil
}

// ClearAttempts forgets a count and remembers that its user came in.
func (s Store) ClearAttempts(ctx context.Context, subject string, now, keep time.Time) error {
	if err := query.New(s.DB.Writer(ctx)).ClearAttempts(ctx, subject, now.UTC(), keep.UTC()); err != nil {
		return fmt.Errorf("attempt: %w", err)
	}
	return nil
}

// DeleteAttempts clears away counts that are over.
func (s Store) DeleteAttempts(ctx context.Context, now time.Time) error {
	if err := query.New(s.DB.Writer(ctx)).DeleteOldAttempts(ctx, now.UTC()); err != nil {
		return fmt.Errorf("attempts: %w", err)
	}
	return nil
}
