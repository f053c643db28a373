package app

import (
	"context"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/guide/guideweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/merger/mergerweb"
	"rinnova/internal/outbox/outboxweb"
	"rinnova/internal/reminder/reminderweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/web"
)

// Handler is the web server of the program.
func (a *App) Handler() http.Handler {
	h, _ := a.Routes()
	return h
}

// Routes is the web server with the table of its routes, which a test of rights goes through.
func (a *App) Routes() (http.Handler, *web.Mux) {
	pages := &web.App{Log: a.Log, Clock: a.Clock, BaseURL: a.Base, Login: accountweb.LoginPath, Sessions: a.sessions, Proxies: a.proxies,
		Hosts: a.Config.OtherHost, Access: a.Config.AccessLog, Departures: a.departures}
	f := &frames{app: a, gate: &accountweb.Gate{Accounts: a.Accounts, Sessions: a.sessions}}
	pages.Shell = f.public
	m := web.NewMux(pages)
	m.Handle("GET "+web.HealthPath, a.healthz)
	a.publicPages(m, f)
	a.schoolPages(m.With(f.gate.Schools), f)
	a.officePages(m.With(f.gate.Office), f)
	return pages.Handler(m), m
}

func (a *App) publicPages(m *web.Mux, f *frames) {
	(&supplierweb.Handlers{Profile: a.Vendors.Profile, Open: a.open, Actor: f.who, Shell: f.public}).Routes(m)
	(&accountweb.Handlers{
		Gate: f.gate, Profile: a.Vendors.Profile, Purpose: a.purpose, Shell: f.public,
		Guides: guideweb.Guides, PasswordGuide: guideweb.PasswordPath, Idle: a.Config.idle(),
	}).Routes(m)
	(&guideweb.Handlers{Profile: a.Vendors.Profile, Shell: f.own}).Routes(m)
	(&reminderweb.Public{Reminders: a.Reminders, Clock: a.Clock, Shell: f.public}).Routes(m)
	(&contractweb.Verify{Contracts: a.Contracts, Clock: a.Clock, Shell: f.public}).Routes(m)
	if a.Mailbox != nil {
		(&mailweb.Handlers{Folder: a.Mailbox, Shell: f.own}).Routes(m)
	}
}

// schoolPages are the pages of the schools; m lets only schools in.
func (a *App) schoolPages(m *web.Mux, f *frames) {
	letters := &letterweb.School{Letters: a.Letters, Shell: f.school, Actor: accountweb.ActorOf, Flash: a.sessions.Flash}
	letters.Routes(m)
	reminders := &reminderweb.School{Reminders: a.Reminders, Actor: accountweb.ActorOf, Flash: a.sessions.Flash}
	reminders.Routes(m)
	(&renewalweb.School{
		Renewals: a.Renewals, Contracts: a.Lists, Terms: a.Terms, Printer: a.Printer, Sessions: a.sessions, Shell: f.school, Actor: accountweb.ActorOf,
		Cards: []func(context.Context, rinnova.Actor) (templ.Component, error){letters.Card, outboxweb.Card(a.Messages), reminders.Card},
		Note:  mergerweb.Home(a.SchoolStore),
	}).Routes(m)
	(&schoolweb.School{Corrections: a.Corrections, Profile: a.Vendors.Profile, Actor: accountweb.ActorOf, Shell: f.school, Renewal: renewalweb.CurrentPath}).Routes(m)
	(&contractweb.School{
		Contracts: a.Contracts, Lists: a.Lists, Requests: a.Requests, Seasons: a.Campaigns, Merged: a.SchoolStore.MergedInto, Shell: f.school, Actor: accountweb.ActorOf,
	}).Routes(m)
	(&eventweb.School{Records: a.Events, Object: schoolObject, Shell: f.school, Actor: accountweb.ActorOf}).Routes(m)
}

// healthz answers when the site is ready.
func (a *App) healthz(w http.ResponseWriter, r *http.Request) error {
	if err := a.DB.Ping(r.Context()); err != nil {
		return rinnova.Fail(rinnova.Unavailable, "Il servizio non è pronto.").Because(err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("ok\n"))
	return err
}

// open is what schools can do now, and when they can do the rest.
func (a *App) open(ctx context.Context) (supplierweb.Open, error) {
	today := a.Clock.Today()
	out := supplierweb.Open{Guides: supplierweb.Guides{
		Assistance: guideweb.ContractsPath, Services: guideweb.ServicesPath, Letter: guideweb.LetterPath, All: guideweb.Guides(web.LangOf(ctx)),
	}}
	if letters, err := a.Letters.Ready(ctx); err != nil {
		return out, err
	} else if letters {
		out.LetterPath = letterweb.Path
	}
	all, err := a.Campaigns.Doors(ctx, today)
	for _, c := range all {
		r := &supplierweb.Renewal{Title: c.Name, OpensOn: c.OpensOn, ClosesOn: c.ClosesOn, Period: c.Period, Path: renewalweb.DoorPath(c.Kind)}
		switch {
		case today.Before(c.OpensOn):
			r.Phase = supplierweb.Coming
		case today.After(c.ClosesOn):
			r.Phase = supplierweb.Past
		}
		switch c.Kind {
		case renewal.Assistance:
			out.Assistance = r
		case renewal.Services:
			out.Services = r
		}
	}
	return out, err
}

// purpose names the renewals that are open.
func (a *App) purpose(ctx context.Context) (string, error) {
	today := a.Clock.Today()
	all, err := a.Campaigns.Worked(ctx, today)
	var names []string
	for _, c := range all {
		if c.Open(today) {
			names = append(names, c.Name)
		}
	}
	return strings.Join(names, " · "), err
}
