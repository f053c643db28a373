package job_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/job"
)

// A process that is asked to end finishes what is short, cuts off what is long and says so; the job is done by who comes next.
func TestTheEndCutsOffWhatTakesTooLong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := newClock()
		var log bytes.Buffer
		q := job.New(d, c.now, slog.New(slog.NewTextHandler(&log, nil)))
		q.Grace = 200 * time.Millisecond
		began, finished := make(chan struct{}, 2), make(chan error, 2)
		q.Handle("short", job.Worker{Run: func(ctx context.Context, _ job.Job) error {
			began <- struct{}{}
			time.Sleep(50 * time.Millisecond)
			finished <- ctx.Err()
			return ctx.Err()
		}})
		q.Handle("long", job.Worker{Run: func(ctx context.Context, _ job.Job) error {
			began <- struct{}{}
			select {
			case <-ctx.Done():
			case <-time.After(20 * time.Second):
			}
			return ctx.Err()
		}})
		for _, kind := range []string{"short", "long"} {
			if err := q.Insert(t.Context(), kind, nil, "", time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { q.Run(ctx); close(ended) }()
		<-began
		<-began
		stop()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			t.Fatal("it waits for the long job")
		}
		if err := <-finished; err != nil {
			t.Errorf("the short job: %v", err)
		}
		if n, err := q.Count(t.Context()); err != nil || n.Available != 1 || n.Discarded != 0 {
			t.Errorf("%+v, %v: want the long job to wait", n, err)
		}
		if !strings.Contains(log.String(), "cut off") || !strings.Contains(log.String(), "kind=long") {
			t.Error(log.String())
		}
	})
}
