package accountdb

import (
	"context"
	"fmt"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountdb/query"
)

// Counts reads the counts of subjects.
func (s Store) Counts(ctx context.Context, of account.Subjects) (map[string]account.Count, error) {
	rows, err := query.New(s.DB.Reader(ctx)).Counts(ctx, query.CountsParams{Subject: of.Device, Subject_2: of.Pair, Subject_3: of.Address, Subject_4: of.Name, Subject_5: of.Again})
	if err != nil {
		return nil, fmt.Errorf("attempts: %w", err)
	}
	out := make(map[string]account.Count, len(rows))
	for _, r := range rows {
		out[r.Subject] = account.Count{Tries: int(r.Tries), Since: r.Since.UTC(), WaitUntil: r.WaitUntil.UTC(), Usual: r.Usual}
	}
	return out, nil
}

// CountAttempt adds one to a count; the row stays locked until the transaction ends, so tries at once count one by one.
func (s Store) CountAttempt(ctx context.Context, subject string, now time.Time, memory time.Duration) (account.Count, error) {
	r, err := query.New(s.DB.Writer(ctx)).CountAttempt(ctx, query.CountAttemptParams{
		Subject: subject, Since: now.UTC(), KeepUntil: now.Add(memory).UTC(), Since_2: now.Add(-memory).UTC(), Since_3: now.Add(memory).UTC(),
	})
	if err != nil {
		return account.Count{}, fmt.Errorf("attempt: %w", err)
	}
	return account.Count{Tries: int(r.Tries), Since: r.Since.UTC(), WaitUntil: r.WaitUntil.UTC(), Usual: r.Usual}, nil
}

// SetWait says until when a subject waits.
func (s Store) SetWait(ctx context.Context, subject string, now, until, keep time.Time) error {
	p := query.SetWaitParams{Subject: subject, Since: now.UTC(), WaitUntil: until.UTC(), KeepUntil: keep.UTC()}
	return attempted(query.New(s.DB.Writer(ctx)).SetWait(ctx, p))
}

// TakeBackAttempts takes some from a count.
func (s Store) TakeBackAttempts(ctx context.Context, subject string, n int) error {
	return attempted(query.New(s.DB.Writer(ctx)).TakeBackAttempts(ctx, int64(n), subject))
}

// ClearAttempts forgets a count.
func (s Store) ClearAttempts(ctx context.Context, subject string, now, keep time.Time) error {
	return attempted(query.New(s.DB.Writer(ctx)).ClearAttempts(ctx, subject, now.UTC(), keep.UTC()))
}

// MarkUsual remembers that a user came in from there.
func (s Store) MarkUsual(ctx context.Context, subject string, now, keep time.Time) error {
	return attempted(query.New(s.DB.Writer(ctx)).MarkUsual(ctx, subject, now.UTC(), keep.UTC()))
}

// DeleteAttempts clears away counts that are over, and those of after an instant.
func (s Store) DeleteAttempts(ctx context.Context, now, after time.Time) error {
	return attempted(query.New(s.DB.Writer(ctx)).DeleteOldAttempts(ctx, now.UTC(), after.UTC()))
}

func attempted(err error) error {
	if err != nil {
		return fmt.Errorf("attempts: %w", err)
	}
	return nil
}
