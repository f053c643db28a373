package app

import (
	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/web"
)

// officePages are the pages of the vendor's office; m lets only the office in.
func (a *App) officePages(m *web.Mux, f *frames) {
	(&renewalweb.Office{
		Clerks: a.Renewals, Lists: a.Requests, Confirmations: a.Requests, Contracts: a.Lists, Vendors: a.Vendors, Actor: accountweb.ActorOf,
		Clock: a.Clock, Shell: f.office, Flash: a.sessions.Flash, Campaigns: campaigndb.Store{DB: a.DB}, Prices: a.Catalog,
		Processor: a.Contracts, Events: a.Events, Mails: a.Messages, Printer: a.Printer,
	}).Routes(m)
	(&contractweb.Office{
		Runs: a.Runs, Progress: a.Lists, Contracts: a.Contracts, Lists: a.Lists, Actor: accountweb.ActorOf, Clock: a.Clock, Shell: f.office,
	}).Routes(m)
}
