package accountdb

import (
	"context"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/account/accountdb/query"
	"rinnova/internal/db"
)

// Sessions implements web.SessionStore on the database of the program: the same for both engines and all processes. Tokens
// arrive hashed.
type Sessions struct {
	DB    *db.DB
	Clock rinnova.Clock
	Idle  time.Duration // a session that nobody uses for so long is over
	Whole time.Duration // no session lasts longer
}

// apart is how far the clocks of processes may lie apart. A session that ends later than any can, or was used later than now, has met a
// clock that was ahead, and is over: nobody knows how old it is.
const apart = time.Minute

// step is how coarsely it is noted that a session is used: a request writes only where the last note is older. A session so
// lives for Idle at the least, and for one step more at the most.
func (s Sessions) step() time.Duration { return s.Idle / 24 }

// FindCtx reads a session that has not ended, and notes that it is used.
func (s Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	now := s.Clock().UTC()
	r, err := query.New(s.DB.Reader(ctx)).Session(ctx, query.SessionParams{
		Token: token, ExpiresAt: now, ExpiresAt_2: now.Add(s.Whole + apart), SeenAt: instant(now.Add(-s.Idle - s.step())), SeenAt_2: instant(now.Add(apart)),
	})
	if db.IsNone(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("session: %w", err)
	}
	if r.SeenAt.Valid && now.Sub(r.SeenAt.Time) < s.step() {
		return r.Data, true, nil
	}
	// A database that takes nothing any more lets people read on: their session then ends earlier than it should.
	_ = query.New(s.DB.Writer(ctx)).SeeSession(ctx, instant(now), token)
	return r.Data, true, nil
}

// CommitCtx begins a session.
func (s Sessions) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if err := query.New(s.DB.Writer(ctx)).BeginSession(ctx, query.BeginSessionParams{Token: token, Data: b, ExpiresAt: expiry.UTC(), SeenAt: instant(s.Clock())}); err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return nil
}

// ChangeCtx writes a session that is there, and leaves alone when it ends; false where it has ended.
func (s Sessions) ChangeCtx(ctx context.Context, token string, b []byte) (bool, error) {
	n, err := query.New(s.DB.Writer(ctx)).ChangeSession(ctx, b, token)
	if err != nil {
		return false, fmt.Errorf("session: %w", err)
	}
	return n == 1, nil
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

// Commit begins a session.
func (s Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete ends a session.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// DeleteExpired clears away sessions that have ended.
func (s Sessions) DeleteExpired(ctx context.Context) error {
	now := s.Clock().UTC()
	if err := query.New(s.DB.Writer(ctx)).DeleteExpiredSessions(ctx, now, now.Add(s.Whole+apart)); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	return nil
}
