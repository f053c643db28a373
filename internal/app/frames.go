package app

import (
	"context"
	"io"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/catalog/catalogweb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/exchange/exchangeweb"
	"rinnova/internal/guide/guideweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/locale"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/reminder/reminderweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/web"
)

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

// public is the frame of the public pages, and of error pages: it works whatever is broken.
func (f *frames) public(r *http.Request) web.Shell {
	ctx := r.Context()
	profile, err := f.app.Vendors.Profile(ctx)
	if err != nil {
		f.app.Log.Warn("settings", "error", err)
	}
	l := web.LangOf(ctx)
	s := supplierweb.Frame(profile, l, web.Link{Text: l.T("Guide"), Href: guideweb.Path}, web.Link{Text: l.T("Verifica di un contratto"), Href: contractweb.VerifyPath})
	s.Nav = append(s.Nav, web.Link{Text: l.T("Guide"), Href: guideweb.Path})
	s.Nav = f.withMailbox(ctx, s.Nav)
	if a := f.who(ctx); a.AccountID != "" {
		s.User = &web.User{Name: a.Name, Detail: a.Username, Logout: accountweb.LogoutPath}
		if a.IsOffice() {
			replaceLink(s.Nav, supplierweb.AreaPath, web.Link{Text: l.T("Ufficio"), Href: renewalweb.OfficeHome})
		}
	}
	return s
}

func replaceLink(nav []web.Link, href string, with web.Link) {
	for i := range nav {
		if nav[i].Href == href {
			nav[i] = with
		}
	}
}

// own is the frame of whoever has logged in, for pages that belong to nobody in particular.
func (f *frames) own(r *http.Request) web.Shell {
	switch a := f.who(r.Context()); {
	case a.IsOffice():
		return f.office(r)
	case a.Role == rinnova.RoleSchool:
		return f.school(r)
	}
	return f.public(r)
}

func (f *frames) school(r *http.Request) web.Shell {
	s := f.public(r)
	l := web.LangOf(r.Context())
	s.NavLabel = l.T("Area riservata")
	s.Nav = f.withMailbox(r.Context(), slices.Concat([]web.Link{
		{Text: l.T("Inizio"), Href: renewalweb.AreaPath},
	}, f.doors(r.Context()), []web.Link{
		{Text: l.T("Contratti"), Href: contractweb.ArchivePath},
		{Text: l.T("Lettere"), Href: letterweb.Path},
		{Text: l.T("Dati della scuola"), Href: renewalweb.DataPath},
		{Text: l.T("Attività"), Href: eventweb.SchoolPath},
		{Text: l.T("Guide"), Href: guideweb.Path},
	}))
	s.Toast = f.app.sessions.TakeFlash(r.Context())
	return s
}

// doors lead to what a school renews: by kind, and where several campaigns of a kind are open, to its own request of each.
func (f *frames) doors(ctx context.Context) []web.Link {
	all, err := f.app.Campaigns.Worked(ctx, f.app.Clock.Today())
	if err != nil {
		f.app.Log.Warn("campaigns", "error", err)
	}
	var own []renewal.Request
	var out []web.Link
	for _, c := range all {
		if slices.IndexFunc(all, func(x campaign.Campaign) bool { return x.Kind == c.Kind && x.ID != c.ID }) < 0 {
			out = append(out, web.Link{Text: c.Name, Href: renewalweb.DoorPath(c.Kind)})
			continue
		}
		if own == nil {
			if own, err = f.app.Requests.OfSchool(ctx, f.who(ctx).SchoolID); err != nil {
				f.app.Log.Warn("requests", "error", err)
			}
		}
		if i := slices.IndexFunc(own, func(q renewal.Request) bool { return q.CampaignID == c.ID }); i >= 0 {
			out = append(out, web.Link{Text: c.Name, Href: renewalweb.RenewalPath(own[i].ID)})
		}
	}
	return out
}

func (f *frames) office(r *http.Request) web.Shell {
	ctx := r.Context()
	s, l := f.public(r), web.LangOf(ctx)
	s.Office = true
	s.Brand.Home, s.Brand.Sub = renewalweb.WorkListPath, ""
	s.NavLabel = l.T("Ufficio")
	s.Banner = f.apart(ctx)
	s.Nav = f.withMailbox(ctx, []web.Link{
		{Text: l.T("Richieste"), Href: renewalweb.WorkListPath},
		{Text: l.T("Contratti"), Href: contractweb.OfficePath},
		{Text: l.T("Lavorazioni"), Href: contractweb.RunsPath},
		{Text: l.T("Lettere"), Href: letterweb.OfficePath, Count: f.waiting(ctx, f.app.LetterStore.Waiting)},
		{Text: l.T("Correzioni"), Href: schoolweb.OfficePath, Count: f.waiting(ctx, f.app.SchoolStore.WaitingCorrections)},
		{Text: l.T("Solleciti"), Href: reminderweb.OfficePath},
		{Text: l.T("Campagne"), Href: campaignweb.Path},
		{Text: l.T("Listini"), Href: catalogweb.ListsPath, Count: f.waiting(ctx, f.listsToApprove)},
		{Text: l.T("Scuole"), Href: schoolweb.SchoolsPath, Count: f.waiting(ctx, f.app.Mergers.Store.CountHeld)},
		{Text: l.T("Scambio dati"), Href: exchangeweb.Path},
		{Text: l.T("Registro"), Href: eventweb.OfficePath, Count: f.waiting(ctx, f.besieged)},
	})
	if trouble, is := f.app.keyTrouble(); is {
		s.Banner = keyBanner(s.Banner, trouble)
	}
	s.Toast = f.app.sessions.TakeFlash(r.Context())
	return s
}

// keyBanner puts what is wrong with the signing key above every page of the office.
func keyBanner(before templ.Component, trouble rinnova.Text) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if before != nil {
			if err := before.Render(ctx, w); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, " <strong>"+templ.EscapeString(web.LangOf(ctx).Text(trouble))+"</strong>")
		return err
	})
}

// waiting is how much waits behind a link for the office; "" where nothing does, or nobody can tell.
func (f *frames) waiting(ctx context.Context, count func(context.Context) (int, error)) string {
	n, err := count(ctx)
	if err != nil {
		f.app.Log.Warn("what waits for the office", "error", err)
	}
	if n == 0 {
		return ""
	}
	return locale.Count(n)
}

// besieged is how many user names are being guessed at.
func (f *frames) besieged(ctx context.Context) (int, error) {
	names, err := f.app.Accounts.Besieged(ctx)
	return len(names), err
}

// listsToApprove is how many price lists wait for the approval of whoever reads the page.
func (f *frames) listsToApprove(ctx context.Context) (int, error) {
	a := f.who(ctx)
	if !a.IsManager() {
		return 0, nil
	}
	return f.app.Catalog.WaitingDrafts(ctx, a.AccountID)
}

// withMailbox adds the mailbox of the demonstration, where there is one.
func (f *frames) withMailbox(ctx context.Context, nav []web.Link) []web.Link {
	if f.app.Mailbox == nil {
		return nav
	}
	return append(nav, web.Link{Text: web.LangOf(ctx).T("Posta della dimostrazione"), Href: mailweb.Path})
}
