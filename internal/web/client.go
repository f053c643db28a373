package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// ClientAddr is the reader's address, as far as it can be known: that of the connection or, where that is one of the
// App's Proxies, the last one that they report and that is none of them. It is good for rate limits and not for rights. The
// zero Addr is an unknown one.
func ClientAddr(r *http.Request) netip.Addr {
	if q := requestOf(r.Context()); q.client.IsValid() {
		return q.client
	}
	return connected(r)
}

// ClientNetwork is what one reader can easily have many addresses of, as text: the address and, of IPv6, the /64.
func ClientNetwork(r *http.Request) string { return network(ClientAddr(r)).String() }

// ClientSite is what one customer of a provider can have, as text: of IPv6 the /48. Of IPv4 it is empty: nothing wider than an address is
// one customer's.
func ClientSite(r *http.Request) string {
	a := ClientAddr(r)
	if !a.Is6() {
		return ""
	}
	return netip.PrefixFrom(a.WithZone(""), 48).Masked().String()
}

// connected is the address of the connection.
func connected(r *http.Request) netip.Addr {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return from.Addr().Unmap()
}

// clientOf reads X-Forwarded-For from its end, where proxies write, for as long as proxies of ours have written it: what
// stands before the first stranger is the stranger's own tale.
//
// The header Forwarded (RFC 7239) is not read: a proxy that writes the one lets the other through as the reader sent it, and
// nothing tells which of the two is the proxy's word.
func (a *App) clientOf(r *http.Request) netip.Addr {
	addr := connected(r)
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(said) - 1; i >= 0 && a.isProxy(addr); i-- {
		if strings.TrimSpace(said[i]) == "" {
			continue
		}
		next, ok := hop(said[i])
		if !ok {
			break
		}
		addr = next
	}
	return addr
}

// hop reads one entry in the shapes that proxies write: an address, with a port or without, of IPv6 with brackets or without,
// in quotes or without.
func hop(s string) (netip.Addr, bool) {
	s = strings.Trim(strings.TrimSpace(s), `"`)
	if p, err := netip.ParseAddrPort(s); err == nil {
		return p.Addr().Unmap().WithZone(""), true
	}
	if strings.HasPrefix(s, "[") {
		s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	}
	addr, err := netip.ParseAddr(s)
	return addr.Unmap().WithZone(""), err == nil
}

func (a *App) isProxy(addr netip.Addr) bool {
	for _, p := range a.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
