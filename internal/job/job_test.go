package job_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/job"
)

type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

var quiet = slog.New(slog.DiscardHandler)

func TestAJobIsInsertedWithItsTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		q := job.New(d, newClock().now, quiet)
		var got []string
		q.Handle("greet", job.Worker{Run: func(_ context.Context, j job.Job) error {
			var name string
			if err := j.Decode(&name); err != nil {
				return err
			}
			got = append(got, name)
			return nil
		}})
		stop := errors.New("stop")
		err := d.InTx(ctx, func(ctx context.Context) error {
			if err := q.Insert(ctx, "greet", "rolled back", "", time.Time{}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		for _, key := range []string{"same", "same", "other"} {
			if err := q.Insert(ctx, "greet", key, key, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := q.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if slices.Sort(got); fmt.Sprint(got) != "[other same]" {
			t.Errorf("ran %v", got)
		}
		if err := q.Insert(ctx, "greet", "again", "same", time.Time{}); err != nil { // the key is free once the job has run
			t.Fatal(err)
		}
		if err := q.Drain(ctx); err != nil || len(got) != 3 {
			t.Errorf("ran %v, %v", got, err)
		}
	})
}

func TestFailedJobsComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		c := newClock()
		q := job.New(d, c.now, quiet)
		runs := map[string]int{}
		q.Handle("fail", job.Worker{
			Retry: func(n int) (time.Duration, bool) { return time.Duration(n) * time.Minute, n < 3 },
			Run: func(_ context.Context, j job.Job) error {
				var how string
				if err := j.Decode(&how); err != nil {
					return err
				}
				runs[how]++
				switch how {
				case "discard":
					return job.Discard(errors.New("useless"))
				case "later":
					return job.RetryIn(time.Hour, errors.New("later"))
				case "panic":
					panic("fault")
				}
				return errors.New("no")
			},
		})
		for _, how := range []string{"always", "discard", "later", "panic"} {
			if err := q.Insert(ctx, "fail", how, "", time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		drain := func() {
			t.Helper()
			if err := q.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		drain()
		c.add(59 * time.Second)
		drain()
		if fmt.Sprint(runs) != "map[always:1 discard:1 later:1 panic:1]" {
			t.Fatalf("too early: %v", runs)
		}
		c.add(time.Second)
		drain()
		c.add(2 * time.Minute)
		drain()
		c.add(24 * time.Hour)
		drain()
		if fmt.Sprint(runs) != "map[always:3 discard:1 later:2 panic:3]" {
			t.Errorf("runs %v", runs)
		}
		n, err := q.Count(ctx)
		if err != nil || n.Discarded != 3 || n.Available != 1 {
			t.Errorf("%+v, %v: want three given up, one waiting", n, err)
		}
	})
}

// A process that dies leaves its job leased; another takes it when the lease is over, and not before.
func TestALeaseEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		c := newClock()
		q := job.New(d, c.now, quiet)
		ran := 0
		q.Handle("work", job.Worker{Timeout: time.Minute, Run: func(context.Context, job.Job) error { ran++; return nil }})
		if err := q.Insert(ctx, "work", nil, "", time.Time{}); err != nil {
			t.Fatal(err)
		}
		// as a process that took it and was killed would leave it
		if _, err := d.Writer(ctx).ExecContext(ctx, `UPDATE job SET leased_to = $1, attempt = 1`, c.now().Add(90*time.Second).UnixMilli()); err != nil {
			t.Fatal(err)
		}
		c.add(89 * time.Second)
		if err := q.Drain(ctx); err != nil || ran != 0 {
			t.Fatalf("ran %d times under another's lease (%v)", ran, err)
		}
		c.add(2 * time.Second)
		if err := q.Drain(ctx); err != nil || ran != 1 {
			t.Fatalf("ran %d times after it (%v)", ran, err)
		}
	})
}

func TestManyTakersNoDuplicates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		const jobs = 300
		var done, twice atomic.Int64
		var seen sync.Map
		insert := job.New(d, time.Now, quiet)
		insert.Handle("count", job.Worker{})
		err := d.InTx(ctx, func(ctx context.Context) error {
			for i := range jobs {
				if err := insert.Insert(ctx, "count", i, "", time.Time{}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 3 { // as three processes
			q := job.New(d, time.Now, quiet)
			q.Handle("count", job.Worker{Count: 3, Run: func(_ context.Context, j job.Job) error {
				if _, again := seen.LoadOrStore(string(j.Args), true); again {
					twice.Add(1)
				}
				if done.Add(1) == jobs {
					cancel()
				}
				return nil
			}})
			wg.Go(func() { q.Run(ctx) })
		}
		deadline := time.AfterFunc(60*time.Second, cancel)
		defer deadline.Stop()
		wg.Wait()
		if done.Load() != jobs || twice.Load() != 0 {
			t.Errorf("%d of %d jobs done, %d twice", done.Load(), jobs, twice.Load())
		}
	})
}

// A clock that was ahead for a while puts nothing off: neither what was made then, nor what failed then, nor what was taken then by a
// process that has died.
func TestAClockThatWasAheadPutsNothingOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, c := t.Context(), newClock()
		q := job.New(d, c.now, quiet)
		var ran []string
		q.Handle("work", job.Worker{Run: func(_ context.Context, j job.Job) error {
			var name string
			err := j.Decode(&name)
			if name == "failed" && j.Attempt == 1 {
				return job.RetryIn(4*time.Hour, errors.New("not now"))
			}
			ran = append(ran, name)
			return err
		}})
		insert := func(name string) {
			t.Helper()
			if err := q.Insert(ctx, "work", name, name, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		for _, ahead := range []time.Duration{2 * time.Hour, 365 * 24 * time.Hour} {
			ran = nil
			insert("taken")
			insert("failed")
			c.add(ahead)
			if _, err := d.Writer(ctx).ExecContext(ctx, `UPDATE job SET leased_to = $1, attempt = 1 WHERE unique_key = 'taken'`, c.now().Add(job.DefaultLease).UnixMilli()); err != nil {
				t.Fatal(err)
			}
			if err := q.Drain(ctx); err != nil || len(ran) > 0 {
				t.Fatal(ran, err)
			}
			insert("made")
			c.add(-ahead)
			if err := q.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			if ahead < 6*time.Hour { // that may have been meant so
				c.add(6 * time.Hour)
			}
			if err := q.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			if slices.Sort(ran); fmt.Sprint(ran) != "[failed made taken]" {
				t.Errorf("after a clock that was %s ahead: ran %v", ahead, ran)
			}
		}
	})
}
