package app

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"rinnova/internal/web"
)

// Serve answers on the listener and works on the jobs until ctx ends; then it finishes what it has begun, for as long as finishing allows.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	if err := web.CheckAssets(); err != nil {
		return err
	}
	server := &http.Server{
		Handler: a.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: a.serverLog(),
	}
	if err := a.watched(ctx); err != nil {
		a.Log.Error("witness", "error", err)
	}
	var background sync.WaitGroup
	background.Go(func() { a.Queue.Run(ctx) })
	background.Go(func() { a.sweep(ctx) })
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(l) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("server: %w", err)
	case <-ctx.Done():
	}
	return a.end(context.WithoutCancel(ctx), server, &background)
}

// How long the end may take: readers and jobs (job.DefaultGrace) finish what they have begun, then the last mark is written. In all it is
// less than those who supervise programs wait before they kill them.
const (
	finishing = 14 * time.Second
	marking   = 5 * time.Second
)

// end finishes what has begun, within its time, and marks how far the database has come.
func (a *App) end(ctx context.Context, server *http.Server, background *sync.WaitGroup) error {
	a.Log.Info("ending: what has begun may finish", "within", finishing+marking)
	limit, cancel := context.WithTimeout(ctx, finishing)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		a.Log.Warn("ending: readers are cut off", "error", errors.Join(err, server.Close()))
	}
	if !waited(limit, background) {
		a.Log.Warn("ending: jobs do not end, and are left as if the process had been killed")
	}
	a.departures.Tell()
	mark, done := context.WithTimeout(ctx, marking) // its own: it matters most when the rest took too long
	defer done()
	if err := a.watched(mark); err != nil {
		a.Log.Warn("witness", "error", err)
	}
	a.Log.Info("ended")
	return nil
}

// waited waits until all is done; false where ctx ends first.
func waited(ctx context.Context, all *sync.WaitGroup) bool {
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// serverLog is what net/http says for itself: readers that broke off are counted there too.
func (a *App) serverLog() *log.Logger {
	out := slog.NewLogLogger(a.Log.Handler(), slog.LevelWarn)
	return log.New(a.departures.ServerLog(out.Writer()), "", 0)
}

// sweep runs the sweeps every minute. They may run in several processes at once: each is a no-op where there is nothing to
// mend.
func (a *App) sweep(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		for _, s := range a.sweeps {
			if err := s(ctx); err != nil && ctx.Err() == nil {
				a.Log.Error("sweep", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
