package renewaltest

import (
	"context"
	"fmt"
	"testing"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/renewal"
	"rinnova/internal/subscription"
	"rinnova/internal/terms"
)

// ServicesID is the id of the campaign of services.
const ServicesID = "servizi-2026"

// Lines of the proposals of services: all but the last are ticked. The mail begins in the middle of November and is due
// for eleven months.
const (
	Web, PEC, Mail, Forms = "p1", "p2", "p3", "p4"
)

var offeredServices = []struct {
	name string
	fee  rinnova.Cents
}{
	{"Sito web premium", 350_00}, {"Casella PEC aggiuntiva", 25_00}, {"Pacchetto e-mail, 50 caselle", 120_00}, {"Modulistica in linea", 99_00},
}

// Offer makes the proposal of services to a school, with the campaign where there is none yet: from October 2026 to
// September 2027, open until 31 January, without bands. With all that is ticked it comes to € 485,00.
func (w *World) Offer(t testing.TB, p Party) Party {
	t.Helper()
	check(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
		c, err := w.servicesSeason(ctx)
		if err != nil {
			return err
		}
		for i, x := range offeredServices {
			has := subscription.Subscription{SchoolID: p.School.ID, ProductID: serviceID(i), License: catalog.FixedTerm,
				Period: rinnova.Period{From: rinnova.MustDate("2025-10-01"), To: rinnova.MustDate("2026-09-30")}}
			switch x.name {
			case suggestedService:
				continue
			case "Pacchetto e-mail, 50 caselle":
				has.Period.To = rinnova.MustDate("2026-11-14")
			}
			if err := w.Subscriptions.Add(ctx, has); err != nil {
				return err
			}
		}
		if err := w.Propose(ctx, c, p.School); err != nil {
			return err
		}
		requests, err := w.Requests.OfSchool(ctx, p.School.ID)
		for _, r := range requests {
			if r.CampaignID == ServicesID {
				p.Request = r.ID
			}
		}
		return err
	}))
	return p
}

// suggestedService is offered to schools that do not have it.
const suggestedService = "Modulistica in linea"

func serviceID(i int) string { return fmt.Sprintf("servizio-%02d", i+1) }

// servicesSeason reads the campaign of services, or makes it.
func (w *World) servicesSeason(ctx context.Context) (campaign.Campaign, error) {
	c, err := w.Campaigns.Store.Campaign(ctx, ServicesID)
	if rinnova.KindOf(err) != rinnova.NotFound {
		return c, err
	}
	store := catalogdb.Store{DB: w.DB}
	list := catalog.PriceList{ID: "listino-servizi", Name: "Listino servizi", ValidFrom: rinnova.MustDate("2026-06-01"), Fees: map[string][]rinnova.Cents{}}
	for i, x := range offeredServices {
		id := serviceID(i)
		p := catalog.Product{ID: id, Code: fmt.Sprintf("S%02d", i+1), Name: x.name, License: catalog.FixedTerm, VAT: 2200, Contacts: 2 * i, Position: 100 + i}
		if x.name == suggestedService {
			p.Offer = catalog.Everybody
		}
		if err := store.AddProduct(ctx, p); err != nil {
			return c, err
		}
		list.Fees[id] = []rinnova.Cents{x.fee}
	}
	if err := store.AddPriceList(ctx, list, w.Now); err != nil {
		return c, err
	}
	terms := terms.Terms{ID: "condizioni-servizi", Kind: terms.Services, Version: "S-2026-01", Title: "Condizioni generali dei servizi",
		Body: "# Condizioni generali dei servizi\n\n## 1. Oggetto\n\nIl fornitore presta i servizi.\n", EffectiveFrom: rinnova.MustDate("2026-06-01")}
	if err := w.Terms.Add(ctx, terms); err != nil {
		return c, err
	}
	c = campaign.Campaign{ID: ServicesID, Name: "Rinnovo servizi 2026/27", Kind: renewal.Services, Year: 2026, PriceList: list.ID, Terms: terms.ID,
		Period:  rinnova.Period{From: rinnova.MustDate("2026-10-01"), To: rinnova.MustDate("2027-09-30")},
		OpensOn: rinnova.MustDate("2026-11-02"), ClosesOn: rinnova.MustDate("2027-01-31"), Setup: campaign.Setup{Suggest: true}, CreatedAt: w.Now}
	return c, w.Campaigns.Store.Add(ctx, c)
}

// AllowTogether lets one order cover the requests of all campaigns.
func (w *World) AllowTogether() { w.Renewals.Seasons = together{w.Campaigns} }

type together struct{ renewal.Seasons }

func (t together) Season(ctx context.Context, id string) (renewal.Season, error) {
	s, err := t.Seasons.Season(ctx, id)
	s.Together = true
	return s, err
}
