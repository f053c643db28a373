package app

import (
	"context"
	"net/http"

	"rinnova"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/locale"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
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
	pages := &web.App{Log: a.Log, Clock: a.Clock, BaseURL: a.Base, Login: accountweb.LoginPath, Sessions: a.sessions}
	f := &frames{app: a, gate: &accountweb.Gate{Accounts: a.Accounts, Sessions: a.sessions}}
	pages.Shell = f.plain
	m := web.NewMux(pages)
	m.Handle("GET /healthz", a.healthz)
	a.publicPages(m, f)
	a.schoolPages(m.With(f.gate.Schools), f)
	a.officePages(m.With(f.gate.Office), f)
	return pages.Handler(m), m
}

func (a *App) publicPages(m *web.Mux, f *frames) {
	(&supplierweb.Handlers{Profile: a.Vendors.Profile, Open: a.open, Actor: f.who, Shell: f.public}).Routes(m)
	(&accountweb.Handlers{Gate: f.gate, Profile: a.Vendors.Profile, Purpose: a.purpose, Shell: f.public}).Routes(m)
	(&contractweb.Verify{Lists: a.Lists, Clock: a.Clock, Shell: f.public}).Routes(m)
	if a.Mailbox != nil {
		(&mailweb.Handlers{Folder: a.Mailbox, Shell: f.public}).Routes(m)
	}
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

// open is what schools can do now.
func (a *App) open(ctx context.Context) (supplierweb.Open, error) {
	c, ok, err := a.season(ctx)
	if err != nil || !ok {
		return supplierweb.Open{}, err
	}
	return supplierweb.Open{Assistance: &supplierweb.Renewal{Title: c.Name, ClosesOn: c.ClosesOn, Period: c.Period, Path: supplierweb.AreaPath}}, nil
}

// season is the assistance campaign that is open today.
func (a *App) season(ctx context.Context) (c campaign.Campaign, ok bool, err error) {
	today := a.Clock.Today()
	c, ok, err = a.Campaigns.Current(ctx, renewal.Assistance, today)
	return c, ok && !today.Before(c.OpensOn) && !today.After(c.ClosesOn), err
}

func (a *App) purpose(ctx context.Context) (string, error) {
	c, ok, err := a.season(ctx)
	if !ok {
		return "", err
	}
	return c.Name, err
}

// frames make the frame of each kind of page.
type frames struct {
	app  *App
	gate *accountweb.Gate
}

// who is whoever has logged in; the zero Actor is nobody.
func (f *frames) who(ctx context.Context) rinnova.Actor {
	actor, err := f.gate.Who(ctx)
	if err != nil {
		f.app.Log.Warn("session", "error", err)
	}
	return actor
}

// plain is the frame of error pages. It must work whatever is broken.
func (f *frames) plain(r *http.Request) web.Shell {
	return f.public(r)
}

func (f *frames) public(r *http.Request) web.Shell {
	ctx := r.Context()
	l := web.LangOf(ctx)
	profile, err := f.app.Vendors.Profile(ctx)
	if err != nil {
		f.app.Log.Warn("settings", "error", err)
	}
	s := supplierweb.Frame(profile, l)
	if f.app.Mailbox != nil {
		s.Nav = append(s.Nav, web.Link{Text: l.T("Posta della dimostrazione"), Href: mailweb.Path})
	}
	if a := f.who(ctx); a.AccountID != "" {
		s.User = &web.User{Name: a.Name, Detail: a.Username, Logout: accountweb.LogoutPath}
	}
	return s
}

func (f *frames) school(r *http.Request) web.Shell {
	s := f.public(r)
	l := web.LangOf(r.Context())
	s.Brand.Sub = l.T("Rinnovo contratti")
	s.NavLabel = l.T("Area riservata")
	s.Nav = []web.Link{
		{Text: l.T("Inizio"), Href: supplierweb.AreaPath},
		{Text: f.renewalName(r.Context(), l), Href: renewalweb.CurrentPath},
		{Text: l.T("Contratti"), Href: contractweb.ArchivePath},
		{Text: l.T("Dati della scuola"), Href: renewalweb.DataPath},
	}
	s.Toast = f.app.sessions.TakeFlash(r.Context())
	return s
}

func (f *frames) renewalName(ctx context.Context, l locale.Lang) string {
	c, ok, err := f.app.Campaigns.Current(ctx, renewal.Assistance, f.app.Clock.Today())
	if err != nil || !ok {
		return l.T("Rinnovo")
	}
	return c.Name
}

func (f *frames) office(r *http.Request) web.Shell {
	s := f.public(r)
	l := web.LangOf(r.Context())
	s.Office = true
	s.Brand.Home, s.Brand.Sub = renewalweb.WorkListPath, ""
	s.NavLabel = l.T("Ufficio")
	s.Nav = []web.Link{
		{Text: l.T("Richieste"), Href: renewalweb.WorkListPath},
		{Text: l.T("Contratti"), Href: contractweb.OfficePath},
		{Text: l.T("Lavorazioni"), Href: contractweb.RunsPath},
	}
	if f.app.Mailbox != nil {
		s.Nav = append(s.Nav, web.Link{Text: l.T("Posta della dimostrazione"), Href: mailweb.Path})
	}
	s.Toast = f.app.sessions.TakeFlash(r.Context())
	return s
}
