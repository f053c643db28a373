package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// HealthPath is where those who watch the program ask whether it is well; they call it by whatever name they know.
const HealthPath = "/healthz"

// hosts lets in who called the portal by its name: that of the base address, or another that was set. Whoever has a name of
// theirs lead here (DNS rebinding) gets nothing, and no cache learns a page under it.
//
// It answers 421 and does not lead on to the right address: behind a proxy that changes the name that would go round for ever.
func (a *App) hosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == HealthPath || a.called(r) {
			next.ServeHTTP(w, r)
			return
		}
		a.misdirected(w, r)
	})
}

// called tells whether the name by which the reader called is one of the portal's. Who sits at the machine itself may say
// localhost.
func (a *App) called(r *http.Request) bool {
	if a.BaseURL == nil {
		return true
	}
	host := HostName(r.Host)
	if host == HostName(a.BaseURL.Host) {
		return true
	}
	for _, h := range a.Hosts {
		if host == HostName(h) {
			return true
		}
	}
	addr, err := netip.ParseAddr(host)
	local := host == "localhost" || err == nil && addr.IsLoopback()
	return local && ClientAddr(r).IsLoopback()
}

// HostName is a host as it is compared: without port, brackets, the dot at the end, and in small letters.
func HostName(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		s = h
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	return strings.ToLower(strings.TrimSuffix(s, "."))
}

// misdirected says where the portal is, in a page that needs nothing else of it.
func (a *App) misdirected(w http.ResponseWriter, r *http.Request) {
	a.Log.Debug("called by another name", "id", RequestID(r.Context()), "host", shortened(r.Host))
	http.Error(w, LangOf(r.Context()).T("Il portale non è a questo indirizzo. Si trova a %s", a.BaseURL.String()), http.StatusMisdirectedRequest)
}
