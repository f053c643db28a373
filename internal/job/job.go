// Package job runs work that must happen after a commit: drawing, signing, mailing.
//
// A job is inserted in the transaction of the change that asks for it and is taken by any process. It may run twice; its
// handler makes sure that the effect happens once. A process that dies leaves its jobs leased, and when the lease is over
// another takes them. The rows of the trade stay the truth: a sweep finds what should have happened and has not.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"rinnova"
	"rinnova/internal/db"
)

// Job is one piece of work.
type Job struct {
	ID      string
	Kind    string
	Args    []byte // JSON
	Attempt int    // 1 on the first run
}

// Decode reads the arguments.
func (j Job) Decode(args any) error {
	if err := json.Unmarshal(j.Args, args); err != nil {
		return Discard(fmt.Errorf("arguments of job %s: %w", j.ID, err))
	}
	return nil
}

// Worker works on the jobs of one kind.
type Worker struct {
	Run func(context.Context, Job) error
	// Count is how many jobs of the kind run at once in this process; 1 where it is zero.
	Count int
	// NewestFirst takes the job whose time has come last, instead of first.
	NewestFirst bool
	// Timeout bounds one run; a minute where it is zero.
	Timeout time.Duration
	// Retry is the wait after a failed attempt (counted from 1), or false to give up. Nil is DefaultRetry.
	Retry func(attempt int) (time.Duration, bool)
}

// DefaultRetry waits 1 s, 4 s, 9 s… up to an hour, 50 attempts in all (about a day and a half).
func DefaultRetry(attempt int) (time.Duration, bool) {
	return min(time.Duration(attempt*attempt)*time.Second, time.Hour), attempt < 50
}

// longestPause bounds how long a job is put off; those of mail are the longest, four hours.
const longestPause = 6 * time.Hour

type discard struct{ error }

func (d discard) Unwrap() error { return d.error }

// Discard marks an error that trying again cannot mend.
func Discard(err error) error { return discard{err} }

type retryIn struct {
	error
	wait time.Duration
}

func (r retryIn) Unwrap() error { return r.error }

// RetryIn marks an error whose handler knows when the next attempt is due.
func RetryIn(wait time.Duration, err error) error { return retryIn{err, wait} }

// Queue inserts jobs and runs them.
type Queue struct {
	// Lease is how long a job stays taken after its process has died. While the job runs it is renewed. New sets DefaultLease.
	Lease time.Duration
	// Grace is how long the jobs that run may go on after Run has been asked to end; then they are cut off. New sets DefaultGrace.
	Grace time.Duration

	db      *db.DB
	clock   rinnova.Clock
	log     *slog.Logger
	workers map[string]Worker
	wake    map[string]chan struct{}

	mu   sync.Mutex
	mine map[string]bool // the jobs that this process works on, by id
}

// DefaultLease bounds how long the work of a process that died waits.
const DefaultLease = 30 * time.Second

// DefaultGrace is enough for what a job of our own does; what waits for others may take minutes, and is done again.
const DefaultGrace = 10 * time.Second

// New makes a queue on a database.
func New(d *db.DB, clock rinnova.Clock, log *slog.Logger) *Queue {
	return &Queue{Lease: DefaultLease, Grace: DefaultGrace, db: d, clock: clock, log: log, workers: map[string]Worker{}, wake: map[string]chan struct{}{}, mine: map[string]bool{}}
}

// Handle sets the worker of a kind; all are set before Run.
func (q *Queue) Handle(kind string, w Worker) {
	w.Count = max(1, w.Count)
	if w.Timeout == 0 {
		w.Timeout = time.Minute
	}
	if w.Retry == nil {
		w.Retry = DefaultRetry
	}
	q.workers[kind] = w
	q.wake[kind] = make(chan struct{}, 1)
}

// Insert adds a job in the transaction of ctx. A job with the same unique key that has not run yet makes it a no-op, and
// one that was given up begins anew; an empty key is none. A zero at is now.
func (q *Queue) Insert(ctx context.Context, kind string, args any, uniqueKey string, at time.Time) error {
	b, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	now := q.clock()
	if at.IsZero() {
		at = now
	}
	if err := q.insert(ctx, rinnova.NewID(now), kind, string(b), uniqueKey, at, now); err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	q.db.AfterCommit(ctx, func() { q.Wake(kind) })
	return nil
}

// Wake lets a waiting worker of the kind look at once instead of at its next poll.
func (q *Queue) Wake(kind string) {
	select {
	case q.wake[kind] <- struct{}{}:
	default:
	}
}

// poll is how often an idle worker looks for jobs that other processes inserted, or whose time has come.
const poll = time.Second

// Run works until ctx ends, then waits for the running jobs, no longer than Grace.
func (q *Queue) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for kind, w := range q.workers {
		for range w.Count {
			wg.Go(func() { q.loop(ctx, kind, w) })
		}
	}
	wg.Wait()
}

func (q *Queue) loop(ctx context.Context, kind string, w Worker) {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		ran, err := q.step(ctx, kind, w)
		if err != nil && ctx.Err() == nil && !db.IsBusy(err) { // nothing is lost: the next look takes it
			q.log.Error("jobs", "kind", kind, "error", err)
		}
		if ran {
			q.Wake(kind) // there may be more: let a second worker of the kind help
			continue
		}
		select {
		case <-ctx.Done():
		case <-q.wake[kind]:
		case <-tick.C:
		}
	}
}

// Drain runs every job that is ready, one after the other, and those that they insert, until none is left. It is for
// tests and commands; a failed job keeps its time for the next attempt.
func (q *Queue) Drain(ctx context.Context) error {
	for {
		any := false
		for kind, w := range q.workers {
			ran, err := q.step(ctx, kind, w)
			if err != nil {
				return err
			}
			any = any || ran
		}
		if !any {
			return nil
		}
	}
}

// step takes one job of the kind and runs it.
func (q *Queue) step(ctx context.Context, kind string, w Worker) (ran bool, err error) {
	j, ok, err := q.take(ctx, kind, w)
	if err != nil || !ok {
		return false, err
	}
	q.work(j, true)
	defer q.work(j, false)
	// A job that has begun goes on when the process is asked to end: its own timeout bounds it, and then the grace.
	run, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.Timeout)
	defer cancel()
	go q.bound(ctx, run, cancel, j)
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		q.keep(run, cancel, j)
	}()
	failed := q.patiently(run, func() error { return protect(run, w.Run, j) })
	cancel()
	<-kept
	settle, done := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer done()
	if failed == nil {
		return true, q.patiently(ctx, func() error { return q.finish(settle, j) })
	}
	wait, again := w.next(j.Attempt, failed)
	level := slog.LevelWarn
	if _, ok := errors.AsType[retryIn](failed); ok {
		level = slog.LevelDebug // its handler knows, and has told what there is to tell
	}
	q.log.Log(settle, level, "job failed", "kind", kind, "job", j.ID, "attempt", j.Attempt, "again", again, "error", failed)
	return true, q.patiently(ctx, func() error { return q.fail(settle, j, failed, wait, again) })
}

// settling is how long a job waits for a database in which others write without a pause: a large import takes a minute or more.
const settling = 5 * time.Minute

// patiently tries again for as long as another process keeps the database: that is no failure of the job's.
func (q *Queue) patiently(ctx context.Context, try func() error) error {
	for {
		err := try()
		if !db.IsBusy(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(poll):
		}
	}
}

// work notes which jobs this process works on: one whose lease has run out because nobody could write is not taken a second time.
func (q *Queue) work(j Job, begins bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if begins {
		q.mine[j.ID] = true
		return
	}
	delete(q.mine, j.ID)
}

// own are the ids of these jobs, one after the other.
func (q *Queue) own() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return strings.Join(slices.Collect(maps.Keys(q.mine)), " ")
}

// bound cancels the run of j when ctx has ended a grace ago.
func (q *Queue) bound(ctx, run context.Context, cancel context.CancelFunc, j Job) {
	select {
	case <-run.Done():
		return
	case <-ctx.Done():
	}
	grace := time.NewTimer(q.Grace)
	defer grace.Stop()
	select {
	case <-run.Done():
	case <-grace.C:
		q.log.Warn("the program ends: a job is cut off and will be done again", "kind", j.Kind, "job", j.ID)
		cancel()
	}
}

// keep renews the lease of j until ctx ends. Where another process has taken the job meanwhile, this run is cancelled.
func (q *Queue) keep(ctx context.Context, cancel context.CancelFunc, j Job) {
	tick := time.NewTicker(q.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		mine, err := q.renew(ctx, j)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			q.log.Error("jobs", "job", j.ID, "error", err)
		case !mine:
			q.log.Warn("a job was taken by another process", "kind", j.Kind, "job", j.ID)
			cancel()
		}
	}
}

// next says when a failed job runs again, if it does.
func (w Worker) next(attempt int, failed error) (wait time.Duration, again bool) {
	if r, ok := errors.AsType[retryIn](failed); ok {
		return r.wait, true
	}
	if _, ok := errors.AsType[discard](failed); ok {
		return 0, false
	}
	return w.Retry(attempt)
}

// protect turns a panic into an error: one bad job does not end the process.
func protect(ctx context.Context, run func(context.Context, Job) error, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return run(ctx, j)
}
