// Package office_test uses the office's pages in a real browser, with and without JavaScript.
package office_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"rinnova"
	"rinnova/e2e/browser"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/outbox/outboxdb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/web"
	"rinnova/internal/web/webtest"
)

var chromium *browser.Browser

func TestMain(m *testing.M) { browser.Main(m, &chromium) }

// desk is the office's pages on a small installation, for its first clerk.
type desk struct {
	*renewaltest.World
	t   *testing.T
	URL string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{World: renewaltest.New(t), t: t}
	sessions := web.NewSessions(new(webtest.Sessions), time.Hour, false)
	frame := func(r *http.Request) web.Shell {
		f := supplierweb.Frame(renewaltest.Vendor(), web.LangOf(r.Context()))
		f.Office, f.Brand.Sub, f.NavLabel = true, "", "Ufficio"
		f.Nav = []web.Link{{Text: "Richieste", Href: renewalweb.WorkListPath}, {Text: "Contratti", Href: contractweb.OfficePath}, {Text: "Lavorazioni", Href: contractweb.RunsPath}}
		f.User = &web.User{Name: d.Clerk.Name, Logout: "/esci"}
		f.Toast = sessions.TakeFlash(r.Context())
		return f
	}
	app := &web.App{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Clock: d.Clock, Sessions: sessions, Shell: frame}
	m := web.NewMux(app)
	actor := func(context.Context) rinnova.Actor { return d.Clerk }
	(&renewalweb.Office{
		Clerks: d.Renewals, Lists: d.Requests, Confirmations: d.Requests, Contracts: d.Lists, Vendors: d.Vendors, Actor: actor, Clock: d.Clock,
		Shell: frame, Flash: sessions.Flash, Campaigns: campaigndb.Store{DB: d.DB}, Prices: catalogdb.Store{DB: d.DB}, Processor: d.Contracts,
		Events: d.Events, Mails: outboxdb.Store{DB: d.DB}, Printer: renewaltest.Paper{}, Corrections: d.Schools,
	}).Routes(m)
	(&schoolweb.Office{Corrections: d.Corrections, Lists: d.Schools, Actor: actor, Shell: frame, Flash: sessions.Flash}).Routes(m)
	(&contractweb.Office{Runs: d.Runs, Progress: d.Lists, Contracts: d.Contracts, Lists: d.Lists, Actor: actor, Clock: d.Clock, Shell: frame}).Routes(m)
	server := httptest.NewServer(app.Handler(m))
	t.Cleanup(server.Close)
	d.URL = server.URL
	return d
}

// order is order data that passes every check, with a CIG of its own for each n.
func order(n int) renewal.OrderForm {
	o := renewaltest.Order()
	body := 0x930000 + n*7919
	o.CIG = fmt.Sprintf("B%06X%03X", body, (body+2)*211%4091)
	return o
}

// join adds n schools that have confirmed.
func (d *desk) join(n int) []renewaltest.Party {
	d.t.Helper()
	var out []renewaltest.Party
	for i := range n {
		p := d.Join(d.t)
		d.Confirm(d.t, p, order(i+1), renewaltest.StartTicks()...)
		out = append(out, p)
	}
	return out
}

// answers sends the first confirmation of a request back, and lets the school confirm it as it was, with words.
func (d *desk) answers(p renewaltest.Party, words string) {
	d.t.Helper()
	ctx := d.t.Context()
	d.must(d.Renewals.Return(ctx, d.Clerk, p.Request, 1, "Il CIG è di un’altra scuola: controllate."))
	v, err := d.Renewals.View(ctx, p.Actor, p.Request)
	d.must(err)
	draft := v.Request.Draft
	draft.Reply = words
	_, problems, err := d.Renewals.Confirm(ctx, p.Actor, p.Request, renewal.Answer{Draft: draft, Accept: true, Seen: 1, SentBack: 1, Unchanged: true, Terms: v.Season.Terms.Version})
	d.must(err)
	if len(problems) > 0 {
		d.t.Fatal(problems)
	}
}

// start begins a run of requests at their first confirmation and gives its page.
func (d *desk) start(parties ...renewaltest.Party) string {
	d.t.Helper()
	var chosen []contract.Chosen
	for _, p := range parties {
		rows, err := d.Requests.Rows(d.t.Context(), []string{p.Request})
		d.must(err)
		chosen = append(chosen, contract.Chosen{RequestID: p.Request, Revision: 1, Looks: rows[0].Looks})
	}
	run, err := d.Runs.Start(d.t.Context(), d.Clerk, chosen)
	d.must(err)
	return contractweb.RunsPath + "/" + run.ID
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}
