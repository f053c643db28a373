// Package campaignweb is the office's pages of campaigns: a season is prepared, rehearsed, published in stages, and looked
// after until it closes. Managers do; clerks look.
package campaignweb

import (
	"context"
	"net/http"
	"net/url"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
	"rinnova/internal/web"
)

// Path is the list of campaigns.
const Path = "/ufficio/campagne"

// CampaignPath is the page of a campaign.
func CampaignPath(id string) string { return Path + "/" + url.PathEscape(id) }

// Lists reads what the pages choose from. The store does it.
type Lists interface {
	PriceLists(ctx context.Context) ([]catalog.PriceList, error)
	Places(ctx context.Context) (regions, provinces []string, err error)
}

// Office serves the pages. Its routes belong behind the guard of the office.
type Office struct {
	Runs     *campaign.Runs
	Lists    Lists
	Terms    func(context.Context) ([]terms.Terms, error) // all versions
	Profile  func(context.Context) (supplier.Profile, error)
	Actor    func(context.Context) rinnova.Actor
	Clock    rinnova.Clock
	Shell    func(*http.Request) web.Shell
	Flash    func(ctx context.Context, sentence string)
	Requests func(c campaign.Campaign) string // the work list of a campaign
	Request  func(id string) string           // the office's page of a request
}

// Routes are the pages of campaigns.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("GET "+Path, o.list)
	m.Handle("GET "+Path+"/nuova", o.blank)
	m.Handle("POST "+Path+"/nuova", o.create)
	m.Handle("GET "+Path+"/{id}", o.show)
	m.Handle("GET "+Path+"/{id}/modifica", o.edit)
	m.Handle("POST "+Path+"/{id}/modifica", o.change)
	m.Handle("GET "+Path+"/{id}/prova", o.rehearsal)
	m.Handle("GET "+Path+"/{id}/prova.csv", o.export)
	m.Handle("POST "+Path+"/{id}/prova", o.rehearse)
	m.Handle("GET "+Path+"/{id}/scuole/{school}", o.school)
	m.Handle("GET "+Path+"/{id}/pubblica", o.choosing(campaign.Publication))
	m.Handle("POST "+Path+"/{id}/pubblica", o.start(campaign.Publication))
	m.Handle("GET "+Path+"/{id}/ritira", o.choosing(campaign.Withdrawal))
	m.Handle("POST "+Path+"/{id}/ritira", o.start(campaign.Withdrawal))
	m.Handle("GET "+Path+"/{id}/lavori/{run}", o.run)
	m.Handle("POST "+Path+"/{id}/lavori/{run}/ferma", o.stop)
	m.Handle("POST "+Path+"/{id}/lavori/{run}/riprendi", o.resume)
}

// campaign reads the campaign that the address names.
func (o *Office) campaign(r *http.Request) (campaign.Campaign, error) {
	return o.Runs.Campaigns.Store.Campaign(r.Context(), r.PathValue("id"))
}

// manages tells whether who has logged in prepares campaigns.
func (o *Office) manages(r *http.Request) bool { return o.Actor(r.Context()).IsManager() }

func (o *Office) shell(r *http.Request) web.Shell { return o.Shell(r).At(Path) }

// crumbs is the way to a page of a campaign.
func crumbs(l locale.Lang, c campaign.Campaign, more ...web.Link) []web.Link {
	return append([]web.Link{{Text: l.T("Campagne"), Href: Path}, {Text: c.Name, Href: CampaignPath(c.ID)}}, more...)
}

// runWords are the words of a kind of run.
type runWords struct{ title, doing, done rinnova.Text }

func wordsOf(k campaign.RunKind) runWords {
	switch k {
	case campaign.Publication:
		return runWords{rinnova.Say("Pubblicazione"), rinnova.Say("Le proposte compaiono alle scuole man mano."), rinnova.Say("Pubblicate")}
	case campaign.Withdrawal:
		return runWords{rinnova.Say("Ritiro"), rinnova.Say("Si ritira solo quello che nessuna scuola ha aperto."), rinnova.Say("Ritirate")}
	}
	return runWords{rinnova.Say("Prova"), rinnova.Say("Nessuna scuola vede nulla."), rinnova.Say("Provate")}
}

// kindLabel is a kind of renewal in a list.
func kindLabel(l locale.Lang, k renewal.Kind) string { return l.Text(k.Traits().Label) }
