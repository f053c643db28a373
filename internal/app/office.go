package app

import (
	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/exchange/exchangeweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/reminder/reminderdb"
	"rinnova/internal/reminder/reminderweb"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/web"
)

// officePages are the pages of the vendor's office; m lets only the office in.
func (a *App) officePages(m *web.Mux, f *frames) {
	(&renewalweb.Office{
		Clerks: a.Renewals, Lists: a.Requests, Confirmations: a.Requests, Contracts: a.Lists, Vendors: a.Vendors, Actor: accountweb.ActorOf,
		Clock: a.Clock, Shell: f.office, Flash: a.sessions.Flash, Campaigns: campaigndb.Store{DB: a.DB}, Prices: a.Catalog,
		Processor: a.Contracts, Events: a.Events, Mails: a.Messages, Printer: a.Printer, Corrections: a.SchoolStore,
	}).Routes(m)
	(&schoolweb.Office{Corrections: a.Corrections, Lists: a.SchoolStore, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash}).Routes(m)
	(&contractweb.Office{
		Runs: a.Runs, Progress: a.Lists, Contracts: a.Contracts, Lists: a.Lists, Actor: accountweb.ActorOf, Clock: a.Clock, Shell: f.office,
	}).Routes(m)
	(&exchangeweb.Handlers{Exchange: a.Exchange, Actor: accountweb.ActorOf, Shell: f.office}).Routes(m)
	(&eventweb.Office{Records: a.Events, Schools: a.SchoolStore, Object: officeObject, Clock: a.Clock, Shell: f.office}).Routes(m)
	(&reminderweb.Office{
		Reminders: a.Reminders, Lists: reminderdb.Store{DB: a.DB}, Clock: a.Clock, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash,
	}).Routes(m)
	(&letterweb.Office{
		Letters: a.Letters, Lists: a.Terms, Schools: a.SchoolStore, Clock: a.Clock, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash,
	}).Routes(m)
}

// officeObject is the office's page of what an event is about.
func officeObject(e event.Event) string {
	switch _, isRequest := aboutRequest(e); {
	case isRequest:
		return contractweb.RequestPath(e.AboutID)
	case e.Kind.Group() == event.Runs:
		return contractweb.RunsPath + "/" + e.AboutID
	case e.Kind.Group() == event.Letters:
		return letterweb.SchoolPath(e.SchoolID)
	case e.Kind == event.DataImported && e.AboutID != "":
		return exchangeweb.ImportPath(e.AboutID)
	case aboutCorrection(e):
		return schoolweb.ShowPath(e.AboutID)
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

// aboutRequest tells whether an event is about a request, and which.
func aboutRequest(e event.Event) (id string, ok bool) {
	g := e.Kind.Group()
	return e.AboutID, e.AboutID != "" && (g == event.Requests || g == event.Contracts)
}
