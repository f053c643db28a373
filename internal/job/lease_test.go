package job_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/job"
)

// leased reads until when the only job is taken, and how often it has been.
func leased(t *testing.T, d *db.DB) (to time.Time, attempt int) {
	t.Helper()
	var ms int64
	if err := d.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT leased_to, attempt FROM job`).Scan(&ms, &attempt); err != nil {
		t.Fatal(err)
	}
	return time.UnixMilli(ms), attempt
}

// A job that takes longer than a lease stays with the process that runs it.
func TestALeaseIsRenewedWhileTheJobRuns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock()
		began, end := make(chan struct{}), make(chan struct{})
		runs := 0
		work := job.Worker{Run: func(context.Context, job.Job) error { runs++; close(began); <-end; return nil }}
		one, other := job.New(d, c.now, quiet), job.New(d, c.now, quiet)
		one.Lease = 300 * time.Millisecond // of the clock; it is renewed every 100 ms of real time
		one.Handle("work", work)
		other.Handle("work", work)
		if err := one.Insert(t.Context(), "work", nil, "", time.Time{}); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- one.Drain(context.WithoutCancel(t.Context())) }()
		<-began
		for range 4 {
			c.add(250 * time.Millisecond)
			for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
				if to, _ := leased(t, d); to.After(c.now().Add(200 * time.Millisecond)) {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("the lease was not renewed")
				}
			}
			if err := other.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		close(end)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if runs != 1 {
			t.Errorf("ran %d times", runs)
		}
		if n, err := one.Count(t.Context()); err != nil || n != (job.Counts{}) {
			t.Errorf("%+v, %v: want no job left", n, err)
		}
	})
}

// A process that slept through its lease is stopped when it wakes, and neither finishes nor fails what another does now.
func TestALostJobIsLeftToTheOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, result := range map[string]error{"finished": nil, "failed": errors.New("no")} {
			c := newClock()
			q := job.New(d, c.now, quiet)
			q.Lease = 30 * time.Millisecond
			q.Handle("work", job.Worker{Timeout: 20 * time.Second, Run: func(ctx context.Context, j job.Job) error {
				_, err := d.Writer(ctx).ExecContext(ctx, `UPDATE job SET attempt = attempt + 1, leased_to = $1`, c.now().Add(time.Hour).UnixMilli())
				if err != nil {
					t.Error(err)
				}
				<-ctx.Done() // the next renewal finds that the job is another's
				if !errors.Is(ctx.Err(), context.Canceled) {
					t.Errorf("%s: stopped by %v", name, ctx.Err())
				}
				return result
			}})
			if err := q.Insert(t.Context(), "work", nil, "", time.Time{}); err != nil {
				t.Fatal(err)
			}
			if err := q.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if to, attempt := leased(t, d); !to.Equal(c.now().Add(time.Hour).Truncate(time.Millisecond)) || attempt != 2 {
				t.Errorf("%s: the other's job is leased to %v, attempt %d", name, to, attempt)
			}
			if _, err := d.Writer(t.Context()).ExecContext(t.Context(), `DELETE FROM job`); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// What asks again for a job that was given up gets it.
func TestAJobThatWasGivenUpBeginsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock()
		q := job.New(d, c.now, quiet)
		var attempts []int
		broken := true
		q.Handle("work", job.Worker{Run: func(_ context.Context, j job.Job) error {
			attempts = append(attempts, j.Attempt)
			if broken {
				return job.Discard(errors.New("no"))
			}
			return nil
		}})
		for range 2 { // the second finds it waiting
			if err := q.Insert(t.Context(), "work", nil, "key", time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := q.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := q.Count(t.Context()); err != nil || n.Discarded != 1 {
			t.Fatalf("%+v, %v", n, err)
		}
		broken = false
		if err := q.Insert(t.Context(), "work", nil, "key", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := q.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := q.Count(t.Context()); err != nil || n != (job.Counts{}) || len(attempts) != 2 || attempts[1] != 1 {
			t.Errorf("%+v, %v, attempts %v: want the job done on a first attempt", n, err, attempts)
		}
	})
}

// A job that finds the database locked by another process waits and goes on: no attempt has failed.
func TestAJobWaitsForALockedDatabase(t *testing.T) {
	d := dbtest.SQLite(t)
	q := job.New(d, newClock().now, quiet)
	runs, attempt := 0, 0
	q.Handle("work", job.Worker{Run: func(ctx context.Context, j job.Job) error {
		runs, attempt = runs+1, j.Attempt
		dbtest.Lock(t, d, 300*time.Millisecond) // for its own statement, then for the one that finishes it
		if runs == 2 {
			return nil
		}
		_, err := d.Writer(ctx).ExecContext(ctx, `UPDATE job SET last_error = last_error`)
		return err
	}})
	if err := q.Insert(t.Context(), "work", nil, "", time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := q.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := q.Count(t.Context()); err != nil || n != (job.Counts{}) || runs != 2 || attempt != 1 {
		t.Errorf("%+v, %v; %d runs, attempt %d: want it done on its first attempt", n, err, runs, attempt)
	}
}

// A job whose lease has run out, because nobody could renew it, is not taken a second time by the process that works on it.
func TestAProcessTakesNoJobTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock()
		q := job.New(d, c.now, quiet)
		q.Lease = time.Hour // renewed never
		runs := 0
		q.Handle("work", job.Worker{Run: func(ctx context.Context, _ job.Job) error {
			if runs++; runs > 1 {
				return nil
			}
			c.add(2 * time.Hour)
			return q.Drain(ctx) // another worker looks
		}})
		if err := q.Insert(t.Context(), "work", nil, "", time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := q.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := q.Count(t.Context()); err != nil || n != (job.Counts{}) || runs != 1 {
			t.Errorf("%+v, %v; ran %d times", n, err, runs)
		}
	})
}
