package app_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"rinnova/internal/app"
)

// A proxy that is no address is told at the start, not when somebody is made to wait for somebody else's tries.
func TestTrustedProxies(t *testing.T) {
	for _, list := range [][]string{nil, {"127.0.0.1"}, {"10.0.0.0/8", "fd00::/8", "::1"}} {
		a, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), TrustedProxy: list}, time.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Errorf("%v: %v", list, err)
			continue
		}
		a.Close()
	}
	for _, list := range [][]string{{"proxy"}, {"10.0.0.0/33"}, {"127.0.0.1", ""}} {
		if _, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), TrustedProxy: list}, time.Now, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "RINNOVA_TRUSTED_PROXY") {
			t.Errorf("%v: %v", list, err)
		}
	}
}
