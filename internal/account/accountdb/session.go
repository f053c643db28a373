package accountdb

import (
	"context"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/account/accountdb/query"
	"rinnova/internal/db"
)

// Sessions implements scs.CtxStore on the database of the program: the same for both engines and all processes. Tokens
// arrive hashed.
type Sessions struct {
	DB    *db.DB
	Clock rinnova.Clock
}

// FindCtx reads a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	b, err := query.New(s.DB.Reader(ctx)).Session(ctx, token, s.Clock().UTC())
	if db.IsNone(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("session: %w", err)
	}
	return b, true, nil
}

// CommitCtx writes a session.
func (s Sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if err := query.New(s.DB.Writer(ctx)).SaveSession(ctx, token, b, expiry.UTC()); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	if err := query.New(s.DB.Writer(ctx)).DeleteSession(ctx, token); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// Find, Commit and Delete are the same without a context, which scs.Store asks for.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit writes a session.
func (s Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete ends a session.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// DeleteExpired clears away sessions that have ended.
func (s Sessions) DeleteExpired(ctx context.Context) error {
	if err := query.New(s.DB.Writer(ctx)).DeleteExpiredSessions(ctx, s.Clock().UTC()); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}
