package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/app"
	"rinnova/internal/demo"
)

// BenchmarkPagesWhileLoginsFlood is how long the renewal page takes while 64 people guess passwords without a pause, each
// from another address, beside the same page when nobody does. The hashes cost what they cost.
func BenchmarkPagesWhileLoginsFlood(b *testing.B) {
	s := newSite(b, 100)
	p := s.party(1)
	var tick atomic.Int64
	clock := func() time.Time { return start.Add(time.Duration(tick.Add(1)) * time.Millisecond) }
	a, err := app.New(b.Context(), app.Config{Addr: "127.0.0.1:8080", Data: s.Config.Data}, clock, slog.New(slog.DiscardHandler), demo.Install(s.Config.Data))
	check(b, err)
	b.Cleanup(func() { a.Close() })
	flooded := &site{App: a, Handler: a.Handler(), b: b}
	page := func() time.Duration {
		begun := time.Now()
		flooded.do(http.StatusOK, http.MethodGet, p.path(), p.cookie, nil)
		return time.Since(begun)
	}
	var quiet, flood []time.Duration
	for b.Loop() {
		for range 300 {
			quiet = append(quiet, page())
			time.Sleep(2 * time.Millisecond)
		}
		stop := flooded.flood(64)
		for range 300 {
			flood = append(flood, page())
			time.Sleep(2 * time.Millisecond)
		}
		turnedAway, taken := stop()
		b.ReportMetric(float64(turnedAway), "sent-away")
		b.ReportMetric(float64(taken), "logins")
	}
	b.ReportMetric(float64(p99(quiet).Microseconds())/1000, "quiet-p99-ms")
	b.ReportMetric(float64(p99(flood).Microseconds())/1000, "flood-p99-ms")
}

func p99(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)*99/100]
}

// flood lets n people guess until stop is called, which tells how many were sent away and how many tries were taken.
func (s *site) flood(n int) (stop func() (turnedAway, taken int64)) {
	var turnedAway, taken atomic.Int64
	var all sync.WaitGroup
	done := make(chan struct{})
	for i := range n {
		all.Go(func() {
			for try := 0; ; try++ {
				select {
				case <-done:
					return
				default:
				}
				form := url.Values{accountweb.FieldUsername: {fmt.Sprintf("NESSUNO.%d.%d", i, try)}, accountweb.FieldPassword: {"sbagliata"}}
				r := httptest.NewRequestWithContext(s.b.Context(), http.MethodPost, accountweb.LoginPath, strings.NewReader(form.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.RemoteAddr = fmt.Sprintf("198.51.%d.%d:1", i, try%250)
				r.Host = s.Base.Host
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				if w.Code == http.StatusServiceUnavailable {
					turnedAway.Add(1)
					time.Sleep(20 * time.Millisecond) // as far away as a network is
				} else {
					taken.Add(1)
				}
			}
		})
	}
	return func() (int64, int64) { close(done); all.Wait(); return turnedAway.Load(), taken.Load() }
}
