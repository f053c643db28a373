package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"rinnova/internal/db"
)

// The statements of the queue are written here and not generated: taking a job is the one place where the two engines
// need different words.

const insertSQL = `INSERT INTO job (id, kind, args, unique_key, state, run_at, leased_to, attempt, last_error, created_at)
VALUES ($1, $2, $3, $4, 'available', $5, 0, 0, '', $6)
ON CONFLICT (unique_key) DO UPDATE SET state = 'available', run_at = excluded.run_at, leased_to = 0, attempt = 0 WHERE job.state = 'discarded'`

func (q *Queue) insert(ctx context.Context, id, kind, args, key string, at, now time.Time) error {
	_, err := q.db.Writer(ctx).ExecContext(ctx, insertSQL, id, kind, args, sql.NullString{String: key, Valid: key != ""}, at.UnixMilli(), now.UnixMilli())
	return err
}

// What is ready: its time has come, nobody has it, and it is none of those that this process works on ($3, their ids).
const readySQL = `SELECT id FROM job WHERE state = 'available' AND kind = $1 AND run_at <= $2 AND leased_to < $2 AND $3 NOT LIKE '%' || id || '%' ORDER BY `

const takeSQL = `UPDATE job SET leased_to = $1, attempt = attempt + 1 WHERE id = (SELECT id FROM job WHERE state = 'available' AND kind = $2 AND run_at <= $3 AND leased_to < $3 AND $4 NOT LIKE '%' || id || '%' ORDER BY `

const taken = ` RETURNING id, args, attempt`

// order is which of the ready jobs is next.
func (w Worker) order() string {
	if w.NewestFirst {
		return "run_at DESC, id DESC LIMIT 1"
	}
	return "run_at, id LIMIT 1"
}

// takeSQL: on SQLite the writer's transaction is exclusive; on PostgreSQL a row that another process is taking is passed over.
func (q *Queue) takeSQL(w Worker) string {
	if q.db.Engine == db.PostgreSQL {
		return takeSQL + w.order() + " FOR UPDATE SKIP LOCKED)" + taken
	}
	return takeSQL + w.order() + ")" + taken
}

func (q *Queue) take(ctx context.Context, kind string, w Worker) (Job, bool, error) {
	now := q.clock()
	// Looking is cheap and disturbs no writer; taking is a write.
	var id string
	err := q.db.Reader(ctx).QueryRowContext(ctx, readySQL+w.order(), kind, now.UnixMilli(), q.own()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return Job{}, false, nil
	}
	if err != nil {
		return Job{}, false, fmt.Errorf("looking for jobs: %w", err)
	}
	j := Job{Kind: kind}
	var args string
	err = q.db.Writer(ctx).QueryRowContext(ctx, q.takeSQL(w), now.Add(q.Lease).UnixMilli(), kind, now.UnixMilli(), q.own()).Scan(&j.ID, &args, &j.Attempt)
	if errors.Is(err, sql.ErrNoRows) {
		return Job{}, false, nil
	}
	if err != nil {
		return Job{}, false, fmt.Errorf("taking a job: %w", err)
	}
	j.Args = []byte(args)
	return j, true, nil
}

// The attempt counts how often a job has been taken: who took it last has it, and only that one settles it.

func (q *Queue) renew(ctx context.Context, j Job) (mine bool, err error) {
	res, err := q.db.Writer(ctx).ExecContext(ctx, `UPDATE job SET leased_to = $1 WHERE id = $2 AND attempt = $3`, q.clock().Add(q.Lease).UnixMilli(), j.ID, j.Attempt)
	if err != nil {
		return false, fmt.Errorf("keeping job %s: %w", j.ID, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func (q *Queue) finish(ctx context.Context, j Job) error {
	if _, err := q.db.Writer(ctx).ExecContext(ctx, `DELETE FROM job WHERE id = $1 AND attempt = $2`, j.ID, j.Attempt); err != nil {
		return fmt.Errorf("finishing job %s: %w", j.ID, err)
	}
	return nil
}

const failSQL = `UPDATE job SET leased_to = 0, run_at = $1, last_error = $2, state = $3 WHERE id = $4 AND attempt = $5`

func (q *Queue) fail(ctx context.Context, j Job, failed error, wait time.Duration, again bool) error {
	state := "available"
	if !again {
		state = "discarded"
	}
	if _, err := q.db.Writer(ctx).ExecContext(ctx, failSQL, q.clock().Add(wait).UnixMilli(), failed.Error(), state, j.ID, j.Attempt); err != nil {
		return fmt.Errorf("failing job %s: %w", j.ID, err)
	}
	return nil
}

const sweepSQL = `UPDATE job SET run_at = CASE WHEN run_at > $1 OR created_at > $2 THEN $3 ELSE run_at END, created_at = CASE WHEN created_at > $2 THEN $3 ELSE created_at END,
leased_to = CASE WHEN leased_to > $2 THEN 0 ELSE leased_to END WHERE run_at > $1 OR created_at > $2 OR leased_to > $2`

// Sweep makes the jobs due that a clock which was ahead has put off: for longer than any pause is, or before they were made.
func (q *Queue) Sweep(ctx context.Context) error {
	now := q.clock()
	if _, err := q.db.Writer(ctx).ExecContext(ctx, sweepSQL, now.Add(longestPause).UnixMilli(), now.Add(max(q.Lease, DefaultLease)+time.Minute).UnixMilli(), now.UnixMilli()); err != nil {
		return fmt.Errorf("sweeping jobs: %w", err)
	}
	return nil
}

// Counts are the jobs waiting and those given up.
type Counts struct{ Available, Discarded int }

// Count counts the jobs of all kinds.
func (q *Queue) Count(ctx context.Context) (c Counts, err error) {
	err = q.db.Reader(ctx).QueryRowContext(ctx, `SELECT coalesce(sum(CASE WHEN state = 'available' THEN 1 ELSE 0 END), 0),
		coalesce(sum(CASE WHEN state = 'discarded' THEN 1 ELSE 0 END), 0) FROM job`).Scan(&c.Available, &c.Discarded)
	return c, err
}
