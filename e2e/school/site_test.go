// Package school_test uses the schools' pages in a real browser, with and without JavaScript.
package school_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"rinnova"
	"rinnova/e2e/browser"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/web"
	"rinnova/internal/web/webtest"
)

var chromium *browser.Browser

func TestMain(m *testing.M) { browser.Main(m, &chromium) }

// site is the schools' pages on a small installation, for its first school.
type site struct {
	*renewaltest.World
	URL  string
	Path string // of the school's request
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{World: renewaltest.New(t)}
	s.Path = renewalweb.RenewalPath(s.A.Request)
	sessions := web.NewSessions(new(webtest.Sessions), time.Hour, false)
	frame := func(r *http.Request) web.Shell {
		l := web.LangOf(r.Context())
		f := supplierweb.Frame(renewaltest.Vendor(), l)
		f.NavLabel = "Area riservata"
		f.Nav = []web.Link{{Text: "Inizio", Href: renewalweb.AreaPath}, {Text: "Rinnovo 2027", Href: renewalweb.CurrentPath},
			{Text: "Contratti", Href: contractweb.ArchivePath}, {Text: "Dati della scuola", Href: renewalweb.DataPath}}
		f.User = &web.User{Name: s.A.School.ShortName, Detail: s.A.Actor.Username, Logout: "/esci"}
		f.Toast = sessions.TakeFlash(r.Context())
		return f
	}
	app := &web.App{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Clock: s.Clock, Sessions: sessions, Shell: frame}
	m := web.NewMux(app)
	actor := func(context.Context) rinnova.Actor { return s.A.Actor }
	(&renewalweb.School{Renewals: s.Renewals, Contracts: s.Lists, Terms: s.Terms, Printer: renewaltest.Paper{}, Sessions: sessions, Shell: frame, Actor: actor}).Routes(m)
	vendor := func(context.Context) (supplier.Profile, error) { return renewaltest.Vendor(), nil }
	(&schoolweb.School{Corrections: s.Corrections, Profile: vendor, Shell: frame, Actor: actor, Renewal: renewalweb.CurrentPath}).Routes(m)
	(&contractweb.School{Contracts: s.Contracts, Lists: s.Lists, Requests: s.Requests, Seasons: s.Campaigns, Shell: frame, Actor: actor}).Routes(m)
	(&contractweb.Verify{Contracts: s.Contracts, Clock: s.Clock, Shell: frame}).Routes(m)
	server := httptest.NewServer(app.Handler(m))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}
