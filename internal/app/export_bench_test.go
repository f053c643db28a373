package app_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/app"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
	"rinnova/internal/renewal"
)

// BenchmarkPagesWhileFourExport is how long a school's page takes while the office asks for four whole tables at once, beside the same
// page when nobody does, and how much memory the process takes meanwhile. All schools of the registry, a quarter of them confirmed.
func BenchmarkPagesWhileFourExport(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		benchmarkExports(b, app.Config{Addr: "127.0.0.1:8080", Data: b.TempDir()})
	})
	b.Run("postgresql", func(b *testing.B) {
		benchmarkExports(b, app.Config{Addr: "127.0.0.1:8080", Data: b.TempDir(), DatabaseURL: dbtest.PostgreSQLURL(b)})
	})
}

// exported are the tables that are asked for at once.
var exported = []string{"/ufficio/richieste/prodotti.csv?vista=tutte", "/ufficio/scambio/prodotti-delle-scuole/dati.xlsx", "/ufficio/registro.csv",
	"/ufficio/scambio/scuole/dati.xlsx"}

func benchmarkExports(b *testing.B, config app.Config) {
	full := account.Params
	account.Params.Memory, account.Params.Iterations = 64, 1
	defer func() { account.Params = full }()
	var tick atomic.Int64
	clock := func() time.Time { return start.Add(time.Duration(tick.Add(1)) * time.Millisecond) }
	a, err := app.New(b.Context(), config, clock, slog.New(slog.DiscardHandler), demo.Install(config.Data))
	check(b, err)
	b.Cleanup(func() { a.Close() })
	check(b, demo.Seed(b.Context(), a, demo.Options{}, func(string) {}))
	s := &site{App: a, Handler: a.Handler(), b: b}
	school, office := s.party(1), s.login("RESPONSABILE")
	s.confirmEvery(4)
	server := httptest.NewServer(s.Handler)
	defer server.Close()
	var quiet, busy []time.Duration
	before, peak := resident(b), 0
	for b.Loop() {
		for range 300 {
			quiet = append(quiet, s.ask(server.URL+school.path(), school.cookie))
			time.Sleep(5 * time.Millisecond)
		}
		debug.FreeOSMemory()
		before = resident(b)
		exporting := make(chan struct{})
		go func() { defer close(exporting); s.exportAtOnce(server.URL, office) }()
		for done := false; !done; {
			busy = append(busy, s.ask(server.URL+school.path(), school.cookie))
			peak = max(peak, resident(b))
			select {
			case <-exporting:
				done = true
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	for name, d := range map[string][]time.Duration{"quiet": quiet, "busy": busy} {
		slices.Sort(d)
		b.ReportMetric(float64(d[len(d)/2].Microseconds())/1000, name+"-p50-ms")
		b.ReportMetric(float64(p99(d).Microseconds())/1000, name+"-p99-ms")
		b.ReportMetric(float64(d[len(d)-1].Microseconds())/1000, name+"-max-ms")
	}
	b.ReportMetric(float64(before), "MiB-before")
	b.ReportMetric(float64(peak), "MiB-peak")
	b.ReportMetric(float64(len(busy)), "pages")
}

// exportAtOnce asks for all tables, and throws away what it gets.
func (s *site) exportAtOnce(base, cookie string) {
	var all sync.WaitGroup
	for _, path := range exported {
		all.Go(func() {
			begun := time.Now()
			for s.askOnce(base+path, cookie) == http.StatusServiceUnavailable {
				time.Sleep(time.Second) // another's turn
			}
			s.b.Logf("%s: %.1f s", path, time.Since(begun).Seconds())
		})
	}
	all.Wait()
}

// direct goes nowhere else: a login page is no table.
var direct = http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// askOnce asks for a file and throws away what it gets.
func (s *site) askOnce(address, cookie string) (status int) {
	r, err := http.NewRequestWithContext(s.b.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.b.Error(err)
		return 0
	}
	r.Header.Set("Cookie", cookie)
	r.Host = s.Base.Host
	res, err := direct.Do(r)
	if err != nil {
		s.b.Error(err)
		return 0
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err != nil || res.StatusCode != http.StatusServiceUnavailable && (res.StatusCode != http.StatusOK || n < 100_000) {
		s.b.Errorf("%s: %s, %d bytes, %v", res.Request.URL, res.Status, n, err)
	}
	return res.StatusCode
}

// ask gets a page over HTTP and tells how long it took.
func (s *site) ask(address, cookie string) time.Duration {
	begun := time.Now()
	r, err := http.NewRequestWithContext(s.b.Context(), http.MethodGet, address, nil)
	if err != nil {
		s.b.Error(err)
		return 0
	}
	r.Header.Set("Cookie", cookie)
	r.Host = s.Base.Host
	res, err := direct.Do(r)
	if err != nil {
		s.b.Error(err)
		return 0
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err != nil || res.StatusCode != http.StatusOK || n < 1000 {
		s.b.Errorf("%s: %s, %d bytes, %v", address, res.Status, n, err)
	}
	return time.Since(begun)
}

// confirmEvery lets each n-th school confirm what is proposed to it.
func (s *site) confirmEvery(n int) {
	ctx := s.b.Context()
	ids, err := s.Requests.List(ctx, renewal.Filter{CampaignID: demo.CampaignID, Limit: 10_000})
	check(s.b, err)
	for i, row := range ids {
		if i%n != 0 {
			continue
		}
		a, _, err := s.Accounts.Store.ByUsername(ctx, account.Supervisor(row.PortalCode))
		check(s.b, err)
		v, err := s.Renewals.View(ctx, a.Actor(), row.ID)
		check(s.b, err)
		d := renewal.Draft{Band: max(1, v.Proposal.Suggested), Ticks: v.Proposal.StartTicks().IDs(), Order: renewal.OrderForm{CIG: demo.CIG(i), Number: fmt.Sprint(i) + "/2026", Date: "16/11/2026", Payment: "30"}}
		_, problems, err := s.Renewals.Confirm(ctx, a.Actor(), row.ID, renewal.Answer{Draft: d, Accept: true, Terms: v.Season.Terms.Version})
		check(s.b, err)
		if len(problems) > 0 {
			s.b.Fatal(problems)
		}
	}
}

// resident is the memory of this process that is not swapped out, in MiB.
func resident(b *testing.B) int {
	status, err := os.ReadFile("/proc/self/status")
	check(b, err)
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	var kib int
	if _, err := fmt.Sscan(rest, &kib); err != nil {
		b.Fatal(err)
	}
	return kib >> 10
}
