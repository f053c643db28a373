package app

import (
	"context"

	"rinnova"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/catalog"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/merger/mergerweb"
	"rinnova/internal/outbox/outboxweb"
	"rinnova/internal/reminder/reminderdb"
	"rinnova/internal/reminder/reminderweb"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptionweb"
	"rinnova/internal/web"
)

// schoolDesk are the office's pages of schools, and those of the features that have a part on a school's page.
func (a *App) schoolDesk(m *web.Mux, f *frames) {
	products := &subscriptionweb.Office{
		Desk: &subscription.Desk{Service: a.Subscriptions, Events: a.Events, Products: a.Catalog.Products}, Schools: a.SchoolStore, Bands: a.bands, Flat: a.flat,
		Clock: a.Clock, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash,
	}
	events := &eventweb.Office{Records: a.Events, Schools: a.SchoolStore, Object: officeObject, Besieged: a.Accounts.Besieged, Clock: a.Clock, Shell: f.office}
	mergers := &mergerweb.Office{Mergers: a.Mergers, Clock: a.Clock, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash}
	reminders := &reminderweb.Office{
		Reminders: a.Reminders, Lists: reminderdb.Store{DB: a.DB}, Clock: a.Clock, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash,
		Settings: func(c campaign.Campaign) string { return campaignweb.CampaignPath(c.ID) + "/modifica" },
	}
	letters := &letterweb.Office{
		Letters: a.Letters, Lists: a.LetterStore, Schools: a.SchoolStore, Clock: a.Clock, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash,
	}
	messages := &outboxweb.Office{Outbox: a.Outbox, Messages: a.Messages, Actor: accountweb.ActorOf, Flash: a.sessions.Flash, School: schoolweb.SchoolPath}
	desk := &schoolweb.Desk{
		Corrections: a.Corrections, Lists: a.SchoolStore, Clock: a.Clock, Actor: accountweb.ActorOf, Shell: f.office, Flash: a.sessions.Flash,
		Merge: mergerweb.ProposePath, Mergers: mergerweb.OfficePath,
		Cards: []schoolweb.Card{
			products.Card, mergers.Card, renewalweb.Card(a.Requests, a.Campaigns), contractweb.Card(a.Lists), letters.Card, reminders.Card, messages.Card, events.Card,
		},
	}
	for _, part := range []interface{ Routes(*web.Mux) }{products, mergers, events, reminders, letters, messages, desk} {
		part.Routes(m)
	}
}

// bands are those of the newest season whose prices depend on pupils; none where there has been no such season.
func (a *App) bands(ctx context.Context) (catalog.Bands, error) {
	all, err := a.Campaigns.Store.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if list, err := a.Catalog.PriceList(ctx, c.PriceList); err != nil || list.Bands.Several() {
			return list.Bands, err
		}
	}
	return nil, nil
}

// flat are the products that seasons sell at one price for all schools, and none by bands.
func (a *App) flat(ctx context.Context) (map[string]bool, error) {
	all, err := a.Campaigns.Store.Campaigns(ctx)
	if err != nil {
		return nil, err
	}
	out, banded := map[string]bool{}, map[string]bool{}
	for _, c := range all {
		list, err := a.Catalog.PriceList(ctx, c.PriceList)
		if err != nil {
			return nil, err
		}
		for id := range list.Fees {
			if banded[id] = banded[id] || list.Bands.Several(); banded[id] {
				delete(out, id)
			} else {
				out[id] = true
			}
		}
	}
	return out, nil
}

// heir is the school in which one goes on; "" where it goes on by itself.
func (a *App) heir(ctx context.Context, schoolID string) (string, error) {
	s, err := a.SchoolStore.School(ctx, schoolID)
	return s.MergedInto, err
}

// admit gives a new school its user.
func (a *App) admit(ctx context.Context, s school.School) error {
	return a.Accounts.Admit(ctx, s.ID, s.PortalCode, s.ShortName)
}

// withdrawals withdraw a request, also from what its campaign says of it.
type withdrawals struct{ app *App }

// Withdraw implements merger.Withdrawer.
func (w withdrawals) Withdraw(ctx context.Context, actor rinnova.Actor, id, reason string) error {
	return w.app.DB.InTx(ctx, func(ctx context.Context) error {
		if err := w.app.Renewals.Withdraw(ctx, actor, id, reason); err != nil {
			return err
		}
		return campaigndb.Store{DB: w.app.DB}.Cease(ctx, id)
	})
}
