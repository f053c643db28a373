package web

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestClientAddr(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("::1/128")}
	for _, x := range []struct {
		proxies           []netip.Prefix
		remote, forwarded string
		want              string
	}{
		{nil, "203.0.113.7:4000", "", "203.0.113.7"},
		{nil, "203.0.113.7:4000", "198.51.100.1", "203.0.113.7"},
		{nil, "127.0.0.1:4000", "198.51.100.1", "127.0.0.1"}, // nobody is trusted unless the configuration says so
		{nil, "10.0.0.3:4000", "198.51.100.1", "10.0.0.3"},
		{proxies, "203.0.113.7:4000", "198.51.100.1", "203.0.113.7"}, // who connects from outside cannot say who he is
		{proxies, "127.0.0.1:4000", "198.51.100.1", "198.51.100.1"},
		{proxies, "10.0.0.3:4000", "1.2.3.4, 198.51.100.1", "198.51.100.1"}, // the last one is the proxy's own word
		{proxies, "127.0.0.1:4000", "1.2.3.4, 198.51.100.1, 10.0.0.3", "198.51.100.1"},
		{proxies, "127.0.0.1:4000", "10.0.0.9, 10.0.0.3", "10.0.0.9"},
		{proxies, "127.0.0.1:4000", "nonsense", "127.0.0.1"},
		{proxies, "127.0.0.1:4000", "198.51.100.1, nonsense", "127.0.0.1"},
		{proxies, "127.0.0.1:4000", "", "127.0.0.1"},
		{proxies, "127.0.0.1:4000", "198.51.100.1:5678", "198.51.100.1"}, // some write the port too
		{proxies, "127.0.0.1:4000", "1.2.3.4:80, 198.51.100.1:5678, 10.0.0.3:443", "198.51.100.1"},
		{proxies, "127.0.0.1:4000", "[2001:db8::1]:443", "2001:db8::1"},
		{proxies, "127.0.0.1:4000", "[2001:db8::1]", "2001:db8::1"},
		{proxies, "127.0.0.1:4000", `"[2001:db8::1]:443"`, "2001:db8::1"},
		{proxies, "127.0.0.1:4000", "[::ffff:198.51.100.1]:443", "198.51.100.1"},
		{proxies, "127.0.0.1:4000", "fe80::1%eth0", "fe80::1"},
		{proxies, "127.0.0.1:4000", "198.51.100.1, ,", "198.51.100.1"},
		{proxies, "127.0.0.1:4000", "1.2.3.4, unknown", "127.0.0.1"},
		{proxies, "127.0.0.1:4000", "1.2.3.4, _hidden:80", "127.0.0.1"},
		{proxies, "127.0.0.1:4000", "198.51.100.1:99999", "127.0.0.1"},
		{proxies, "127.0.0.1:4000", "[198.51.100.1", "198.51.100.1"},
		{proxies, "[::1]:4000", "2001:db8::1", "2001:db8::1"},
		{proxies, "[::ffff:127.0.0.1]:4000", "::ffff:198.51.100.1", "198.51.100.1"},
		{proxies, "@", "198.51.100.1", "invalid IP"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = x.remote
		if x.forwarded != "" {
			r.Header.Set("X-Forwarded-For", x.forwarded)
		}
		a := &App{Log: slog.New(slog.DiscardHandler), Clock: time.Now, Proxies: x.proxies}
		var got string
		a.identify(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = ClientAddr(r).String() })).ServeHTTP(httptest.NewRecorder(), r)
		if got != x.want {
			t.Errorf("%s, %q: %s, want %s", x.remote, x.forwarded, got, x.want)
		}
	}
}

func TestClientNetwork(t *testing.T) {
	for remote, want := range map[string]string{"203.0.113.7:1": "203.0.113.7", "[2001:db8::7:1]:1": "2001:db8::", "[2001:db8:0:1::7]:1": "2001:db8:0:1::"} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = remote
		if got := ClientNetwork(r); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}

func TestClientSite(t *testing.T) {
	for remote, want := range map[string]string{"203.0.113.7:1": "", "[::ffff:203.0.113.7]:1": "", "[2001:db8:5:1::7]:1": "2001:db8:5::/48", "[2001:db8:5:ffff::7]:1": "2001:db8:5::/48"} {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		r.RemoteAddr = remote
		if got := ClientSite(r); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}
