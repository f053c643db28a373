// Package e2e_test tests the whole program: put together as the command does, with the demonstration's data for a few
// schools, over real HTTP and on both databases, under a clock that the tests move. People without JavaScript are played by
// package surf, people with it by package browser. An answer with a status of 500 or more fails the test it came in.
package e2e_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/app"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// schools is how many schools the tests' demonstration has: SG00001 to SG00012.
const schools = 12

// start is when the tests begin, in the middle of a season: Friday 20 November 2026, 10:51:07 in Rome.
var start = time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)

// clock tells the tests' time. It goes on by a millisecond with each look, so that nothing happens at the same instant.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: start} }

// Now is a rinnova.Clock.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

// Advance lets time pass.
func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// program is one process of the program, answering on URL.
type program struct {
	*app.App
	URL   string
	Mux   *web.Mux
	clock *clock
	log   *watch
}

// each runs a test on SQLite and on PostgreSQL; the quick subset (go test -short) is content with SQLite.
func each(t *testing.T, test func(t *testing.T, p *program)) {
	t.Run("sqlite", func(t *testing.T) { test(t, onSQLite(t)) })
	if testing.Short() {
		return
	}
	t.Run("postgresql", func(t *testing.T) { test(t, onPostgreSQL(t)) })
}

func onSQLite(t *testing.T, options ...app.Option) *program {
	t.Helper()
	return seeded(t, launch(t, app.Config{Data: t.TempDir()}, newClock(), options...))
}

func onPostgreSQL(t *testing.T, options ...app.Option) *program {
	t.Helper()
	return seeded(t, launch(t, app.Config{Data: t.TempDir(), DatabaseURL: dbtest.PostgreSQLURL(t)}, newClock(), options...))
}

// launch starts a process on a database and a data folder, which it may share with others.
func launch(t *testing.T, c app.Config, clock *clock, options ...app.Option) *program {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	c.Addr = l.Addr().String()
	c.AccessLog = true
	p := &program{URL: "http://" + c.Addr, clock: clock, log: &watch{t: t}}
	p.App, err = app.New(t.Context(), c, clock.Now, slog.New(p.log), append([]app.Option{demo.Install(c.Data)}, options...)...)
	check(t, err)
	t.Cleanup(func() { p.Close() })
	var h http.Handler
	h, p.Mux = p.Routes()
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h}}
	s.Start()
	t.Cleanup(s.Close)
	return p
}

func seeded(t *testing.T, p *program) *program {
	t.Helper()
	check(t, demo.Seed(t.Context(), p.App, demo.Options{Schools: schools}, func(string) {}))
	t.Cleanup(func() { p.chainIsWhole(t) })
	return p
}

// chainIsWhole holds that whatever a test did was recorded in one chain.
func (p *program) chainIsWhole(t *testing.T) {
	t.Helper()
	r, err := p.Events.Verify(context.WithoutCancel(t.Context()), nil, func(int64, int64) {})
	check(t, err)
	if r.Damage != nil {
		t.Errorf("the chain of events: %+v", *r.Damage)
	}
}

// work does all jobs that are due.
func (p *program) work(t *testing.T) {
	t.Helper()
	check(t, p.Queue.Drain(t.Context()))
}

// school reads a school by its portal code.
func (p *program) school(t *testing.T, code string) school.School {
	t.Helper()
	all, err := p.SchoolStore.All(t.Context())
	check(t, err)
	for _, s := range all {
		if s.PortalCode == code {
			return s
		}
	}
	t.Fatalf("there is no school %s", code)
	return school.School{}
}

// actor is a user who has logged in, for the services.
func (p *program) actor(t *testing.T, username string) rinnova.Actor {
	t.Helper()
	a, ok, err := p.Accounts.Store.ByUsername(t.Context(), username)
	check(t, err)
	if !ok {
		t.Fatalf("there is no user %s", username)
	}
	return a.Actor()
}

func supervisor(code string) string { return account.Supervisor(code) }

// People of the demonstration's office.
const (
	clerkOne = "OPERATORE.UNO"
	clerkTwo = "OPERATORE.DUE"
	admin    = "AMMINISTRATORE"
)

// request reads the request of assistance of a school.
func (p *program) request(t *testing.T, code string) *renewal.Request {
	t.Helper()
	return p.requestOf(t, renewal.Assistance, code)
}

// requestOf reads the request of a kind of a school.
func (p *program) requestOf(t *testing.T, kind renewal.Kind, code string) *renewal.Request {
	t.Helper()
	all, err := p.Requests.OfSchool(t.Context(), p.school(t, code).ID)
	check(t, err)
	all = slices.DeleteFunc(all, func(r renewal.Request) bool { return r.Kind != kind })
	if len(all) != 1 {
		t.Fatalf("%s has %d requests of %s, want 1", code, len(all), kind)
	}
	return &all[0]
}

// view reads the request of assistance of a school with its proposal.
func (p *program) view(t *testing.T, code string) *renewal.View {
	t.Helper()
	return p.viewOf(t, renewal.Assistance, code)
}

// viewOf reads the request of a kind of a school with its proposal.
func (p *program) viewOf(t *testing.T, kind renewal.Kind, code string) *renewal.View {
	t.Helper()
	v, err := p.Renewals.View(t.Context(), rinnova.System, p.requestOf(t, kind, code).ID)
	check(t, err)
	return v
}

// watch is the log of a process. An error in it fails the test.
type watch struct {
	t    testing.TB
	kept *bytes.Buffer // everything that is logged; nil: nothing is kept
	mu   sync.Mutex
}

// keep keeps everything that is logged from now on.
func (w *watch) keep() { w.kept = &bytes.Buffer{} }

// text is what was kept.
func (w *watch) text() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.kept.Bytes())
}

func (w *watch) Enabled(_ context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn || w.kept != nil
}
func (w *watch) WithAttrs([]slog.Attr) slog.Handler { return w }
func (w *watch) WithGroup(string) slog.Handler      { return w }

func (w *watch) Handle(ctx context.Context, r slog.Record) error {
	if w.kept != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		if err := slog.NewJSONHandler(w.kept, &slog.HandlerOptions{Level: slog.LevelDebug}).Handle(ctx, r); err != nil {
			return err
		}
	}
	if r.Level < slog.LevelError {
		return nil
	}
	words := r.Message
	r.Attrs(func(a slog.Attr) bool { words += " " + a.String(); return true })
	w.t.Errorf("the program logged an error: %s", words)
	return nil
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
