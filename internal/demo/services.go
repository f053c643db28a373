package demo

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
	"rinnova/internal/terms"
)

//go:embed texts/condizioni-servizi.md
var serviceTerms string

// ServicesID is the season of services of the demonstration.
const ServicesID = "demo-servizi"

// service is a fictional service with its yearly fee, which is the same for all schools.
type service struct {
	code, name string
	contacts   int
	fee        rinnova.Cents
	share      int // how many schools of 100 have it
}

// services are in the order of papers and screens.
var services = []service{
	{"WEB", "Sito web premium", 8, 350_00, 71},
	{"ALB", "Albo pretorio e amministrazione trasparente", 6, 180_00, 58},
	{"PEC", "Casella PEC aggiuntiva (2 GB)", 2, 25_00, 100},
	{"PEC10", "Casella PEC aggiuntiva (10 GB)", 2, 49_00, 17},
	{"EM50", "Pacchetto e-mail, 50 caselle", 4, 120_00, 46},
	{"EM200", "Pacchetto e-mail, 200 caselle", 4, 390_00, 12},
	{"MOD", "Modulistica in linea", 5, 99_00, 39},
	{"CERT", "Certificato del dominio", 0, 18_33, 64},
}

// services makes the season of services beside that of assistance: from October to September, with a price list of its
// own that has neither bands nor a cap.
func (s *seeder) services(ctx context.Context) error {
	season, err := s.app.Campaigns.Store.Campaign(ctx, CampaignID)
	if err != nil {
		return err
	}
	today, end := rinnova.DateOf(s.now), season.Period.From.Year
	period := rinnova.Period{From: rinnova.Date{Year: end - 1, Month: time.October, Day: 1}, To: rinnova.Date{Year: end, Month: time.September, Day: 30}}
	name := fmt.Sprintf("%d/%02d", end-1, end%100)
	list := catalog.PriceList{ID: "demo-listino-servizi", Name: "Listino servizi " + name, ValidFrom: rinnova.Date{Year: end - 1, Month: time.June, Day: 1},
		Fees: map[string][]rinnova.Cents{}}
	for i, x := range services {
		p := catalog.Product{ID: "demo-" + x.code, Code: x.code, Name: x.name, License: catalog.FixedTerm, VAT: vat, Contacts: x.contacts, Position: 100 + i}
		if x.code == "MOD" {
			p.Offer = catalog.Everybody
		}
		if err := s.app.Catalog.AddProduct(ctx, p); err != nil {
			return err
		}
		list.Fees[p.ID] = []rinnova.Cents{x.fee}
	}
	if err := s.app.Catalog.AddPriceList(ctx, list, s.now); err != nil {
		return err
	}
	text := terms.Terms{ID: "demo-condizioni-servizi", Kind: terms.Services, Version: "S-2026-01", Title: "Condizioni generali dei servizi",
		Body: serviceTerms, EffectiveFrom: rinnova.MustDate("2026-06-01")}
	if err := s.app.Terms.Add(ctx, text); err != nil {
		return err
	}
	c := campaign.Campaign{
		ID: ServicesID, Name: "Rinnovo servizi " + name, Kind: renewal.Services, Year: period.From.Year, Period: period, PriceList: list.ID, Terms: text.ID,
		OpensOn: today.AddDays(-21), ClosesOn: today.AddDays(75), Setup: campaign.Setup{Suggest: true}, CreatedAt: s.now,
	}
	if err := s.app.Campaigns.Store.Add(ctx, c); err != nil {
		return err
	}
	return s.seedSubscriptions(ctx, func(x school.School) []subscription.Subscription { return hadServices(x, c) })
}

// hadServices invents which services a school had the year before a season; some until a day of November to January.
func hadServices(s school.School, c campaign.Campaign) []subscription.Subscription {
	var out []subscription.Subscription
	for _, x := range services {
		if dice(s.MinistryCode, x.code, 100) >= x.share {
			continue
		}
		h, fee := lastYear(s, "demo-"+x.code, catalog.FixedTerm, c), lastYearFee(x.fee)
		h.Fee = &fee
		if x.contacts > 0 {
			used := dice(s.MinistryCode, x.code+"#", x.contacts+1)
			h.Used = &used
		}
		if n := dice(s.MinistryCode, x.code+"@", 18); n < 3 {
			start := c.Period.From.AddMonths(n + 1)
			start.Day += 14 * dice(s.MinistryCode, x.code+"@d", 2)
			h.Period.To = start.AddDays(-1)
		}
		out = append(out, h)
	}
	return out
}

// NextID is a season of services of the demonstration that is being prepared: no school knows of it.
const NextID = "demo-servizi-prossimi"

// next prepares the season of services after the one that is open, with a price list that is still a draft: its fees are
// those of the list before and a fortieth more, but for two that somebody wrote by hand.
func (s *seeder) next(ctx context.Context) error {
	before, err := s.app.Campaigns.Store.Campaign(ctx, ServicesID)
	if err != nil {
		return err
	}
	list, err := s.app.Catalog.PriceList(ctx, before.PriceList)
	if err != nil {
		return err
	}
	c := before
	c.Period = rinnova.Period{From: before.Period.To.AddDays(1), To: before.Period.To.AddMonths(12)}
	name := fmt.Sprintf("%d/%02d", c.Period.From.Year, (c.Period.From.Year+1)%100)
	raise := catalog.Raise{Percent: 250}
	next := catalog.PriceList{ID: "demo-listino-servizi-prossimo", Name: "Listino servizi " + name, ValidFrom: list.ValidFrom.AddMonths(12), State: catalog.Draft,
		Origin: catalog.Origin{List: list.ID, Name: list.Name, Raise: &raise}, Fees: map[string][]rinnova.Cents{}}
	for id, fees := range list.Fees {
		for _, f := range fees {
			next.Fees[id] = append(next.Fees[id], f+raise.Percent.VAT(f))
		}
	}
	next.Fees["demo-ALB"], next.Fees["demo-EM50"] = []rinnova.Cents{229_00}, []rinnova.Cents{120_00} // by hand, and not all schools will like it
	if err := s.app.Catalog.AddPriceList(ctx, next, s.now); err != nil {
		return err
	}
	c.ID, c.Name, c.Year, c.PriceList, c.CreatedAt = NextID, "Rinnovo servizi "+name, c.Period.From.Year, next.ID, s.now
	c.OpensOn, c.ClosesOn = c.Period.From.AddMonths(-3), c.Period.From.AddMonths(2)
	c.Setup.Years = []campaign.YearsOffer{{Years: 3, Step: 200}}
	return s.app.Campaigns.Store.Add(ctx, c)
}
