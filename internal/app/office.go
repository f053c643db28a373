package app

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/catalog/catalogweb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event"
	"rinnova/internal/exchange/exchangeweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/merger/mergerweb"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/terms/termsweb"
	"rinnova/internal/web"
)

// officePages are the pages of the vendor's office; m lets only the office in.
func (a *App) officePages(m *web.Mux, f *frames) {
	(&renewalweb.Office{
		Clerks: a.Renewals, Lists: a.Requests, Confirmations: a.Requests, Contracts: a.Lists, Vendors: a.Vendors, Actor: accountweb.ActorOf,
		Clock: a.Clock, Shell: f.office, Flash: a.sessions.Flash, Campaigns: published{campaigndb.Store{DB: a.DB}}, Prices: a.Catalog,
		Processor: a.Contracts, Held: (&sales{app: a}).Held, Events: a.Events, Mails: a.Messages, Printer: a.Printer, Corrections: a.SchoolStore,
	}).Routes(m)
	items := campaigndb.Store{DB: a.DB}
	(&campaignweb.Office{
		Runs: a.Seasons, Lists: items, Terms: a.Terms.Versions, Profile: a.Vendors.Profile, Actor: accountweb.ActorOf, Clock: a.Clock, Shell: f.office, Flash: a.sessions.Flash,
		Requests: func(c campaign.Campaign) string {
			return renewalweb.WorkListPath + "?campagna=" + url.QueryEscape(c.ID)
		},
		Request: contractweb.RequestPath,
	}).Routes(m)
	(&schoolweb.Office{Corrections: a.Corrections, Lists: a.SchoolStore, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash}).Routes(m)
	a.schoolDesk(m, f)
	(&contractweb.Office{
		Runs: a.Runs, Progress: a.Lists, Contracts: a.Contracts, Lists: a.Lists, Actor: accountweb.ActorOf, Clock: a.Clock, Shell: f.office,
	}).Routes(m)
	(&exchangeweb.Handlers{Exchange: a.Exchange, Actor: accountweb.ActorOf, Shell: f.office}).Routes(m)
	(&termsweb.Office{Texts: a.Texts, Actor: accountweb.ActorOf, Clock: a.Clock, Flash: a.sessions.Flash,
		Shell: func(r *http.Request) web.Shell { return f.office(r).At(campaignweb.Path) }}).Routes(m)
	(&catalogweb.Office{Catalog: a.Prices, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash}).Routes(m)
}

// published are the campaigns that have requests: those of which a work list can be made.
type published struct{ campaigndb.Store }

// Campaigns are the published ones, the newest first.
func (p published) Campaigns(ctx context.Context) ([]campaign.Campaign, error) {
	all, err := p.Store.Campaigns(ctx)
	return slices.DeleteFunc(all, func(c campaign.Campaign) bool { return !c.Published }), err
}

// officeObject is the office's page of what an event is about.
func officeObject(e event.Event) string {
	switch request, isRequest := aboutRequest(e); {
	case isRequest:
		return contractweb.RequestPath(request)
	case e.Kind.Group() == event.Runs:
		return contractweb.RunsPath + "/" + e.AboutID
	case e.Kind.Group() == event.Letters:
		return letterweb.SchoolPath(e.SchoolID)
	case e.Kind == event.DataImported && e.AboutID != "":
		return exchangeweb.ImportPath(e.AboutID)
	case aboutCorrection(e):
		return schoolweb.ShowPath(e.AboutID)
	case e.Kind.Group() == event.Campaigns:
		return campaignweb.CampaignPath(e.AboutID)
	case aboutMerger(e):
		return mergerweb.ShowPath(e.AboutID)
	case e.Kind.Group() == event.Schools && e.SchoolID != "":
		return schoolweb.SchoolPath(e.SchoolID)
	}
	return catalogObject(e)
}

// catalogObject is the page of the product, price list or version of a text that an event is about.
func catalogObject(e event.Event) string {
	switch e.Kind {
	case event.ProductAdded, event.ProductChanged:
		return catalogweb.ProductPath(e.AboutID)
	case event.ListCreated, event.ListCopied, event.ListChanged, event.ListApproved:
		return catalogweb.ListPath(e.AboutID)
	case event.IndexImported:
		return catalogweb.IndexPath
	case event.TermsPublished:
		return termsweb.VersionPath(e.AboutID)
	}
	return ""
}

// schoolObject is the school's page of what an event is about.
func schoolObject(e event.Event) string {
	if id, ok := aboutRequest(e); ok {
		return renewalweb.RenewalPath(id)
	}
	if e.Kind.Group() == event.Letters {
		return letterweb.Path
	}
	if aboutCorrection(e) {
		return schoolweb.DataPath
	}
	return ""
}

// aboutCorrection tells whether an event is about a correction of a school's data.
func aboutCorrection(e event.Event) bool {
	switch e.Kind {
	case event.CorrectionAsked, event.CorrectionWithdrawn, event.CorrectionAccepted, event.CorrectionRejected:
		return true
	}
	return false
}

// aboutMerger tells whether an event is about a merger of schools.
func aboutMerger(e event.Event) bool {
	switch e.Kind {
	case event.MergerPlanned, event.MergerHeld, event.MergerApplied, event.MergerCancelled:
		return true
	}
	return false
}

// aboutRequest tells whether an event is about a request that is there, and which: an offer may have been taken back.
func aboutRequest(e event.Event) (id string, ok bool) {
	if e.Kind == event.Published || e.Kind == event.OfferWithdrawn {
		return "", false
	}
	if e.Kind == event.ContractNumbered {
		id, ok = e.Data[contract.DataRequest]
		return id, ok
	}
	g := e.Kind.Group()
	return e.AboutID, e.AboutID != "" && (g == event.Requests || g == event.Contracts)
}
