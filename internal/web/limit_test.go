package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	l := NewLimiter(func() time.Time { return now }, Rate{3, time.Minute}, Rate{100, time.Minute}, 1000)
	one, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i := range 3 {
		if _, ok := l.Take(one); !ok {
			t.Fatalf("refused at %d", i+1)
		}
	}
	if wait, ok := l.Take(one); ok || wait != 20*time.Second {
		t.Errorf("fourth: ok %v, wait %v: want refused, 20s", ok, wait)
	}
	if _, ok := l.Take(other); !ok {
		t.Error("another reader is refused")
	}
	now = now.Add(20 * time.Second)
	if _, ok := l.Take(one); !ok {
		t.Error("refused after the wait that was asked for")
	}
	now = now.Add(-time.Hour) // a clock that goes back gives nothing away
	if _, ok := l.Take(one); ok {
		t.Error("allowed after the clock went back")
	}
	now = now.Add(20 * time.Second)
	if _, ok := l.Take(one); !ok {
		t.Error("refused for as long as the clock was ahead")
	}
}

func TestLimiterOfAllTogether(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	l := NewLimiter(func() time.Time { return now }, Rate{5, time.Minute}, Rate{50, time.Minute}, 20)
	allowed := 0
	for i := range 500 {
		if _, ok := l.Take(netip.AddrFrom4([4]byte{198, 51, byte(i / 250), byte(i % 250)})); ok {
			allowed++
		}
		if n := len(l.buckets); n > 20 {
			t.Fatalf("remembers %d readers, may remember 20", n)
		}
	}
	if allowed != 50 {
		t.Errorf("%d allowed, want 50", allowed)
	}
}

func TestLimiterCountsANetworkOfIPv6AsOneReader(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	l := NewLimiter(func() time.Time { return now }, Rate{5, time.Minute}, Rate{1000, time.Minute}, 1000)
	allowed := 0
	for i := range 100 {
		if _, ok := l.Take(netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i))); ok {
			allowed++
		}
	}
	if allowed != 5 {
		t.Errorf("%d allowed, want 5", allowed)
	}
}

func TestLimiterGuard(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	app := &App{Log: slog.New(slog.DiscardHandler), Clock: clock, Shell: func(*http.Request) Shell { return Shell{} }}
	m := NewMux(app)
	limited := m.With(NewLimiter(clock, Rate{2, 90 * time.Second}, Rate{1000, time.Minute}, 10).Guard)
	limited.Handle("GET /v", func(w http.ResponseWriter, r *http.Request) error { return nil })
	var last *httptest.ResponseRecorder
	for range 3 {
		last = httptest.NewRecorder()
		app.Handler(m).ServeHTTP(last, httptest.NewRequestWithContext(t.Context(), "GET", "/v", nil))
	}
	if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") != "45" {
		t.Errorf("status %d, Retry-After %q: want 429, 45", last.Code, last.Header().Get("Retry-After"))
	}
}
