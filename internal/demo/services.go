package demo

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/letter"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
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
	if err := s.prices(ctx, season.Year); err != nil {
		return err
	}
	today, end := rinnova.DateOf(s.now), season.Period.From.Year
	period := rinnova.Period{From: rinnova.Date{Year: end - 1, Month: time.October, Day: 1}, To: rinnova.Date{Year: end, Month: time.September, Day: 30}}
	name := fmt.Sprintf("%d/%02d", end-1, end%100)
	list := catalog.PriceList{ID: "demo-listino-servizi", Name: "Listino servizi " + name, ValidFrom: rinnova.Date{Year: end - 1, Month: time.June, Day: 1},
		Fees: map[string][]rinnova.Cents{}}
	for i, x := range services {
		p := catalog.Product{ID: "demo-" + x.code, Code: x.code, Name: x.name, License: catalog.FixedTerm, VAT: vat, Contacts: x.contacts, Position: 100 + i}
		if err := s.app.Catalog.AddProduct(ctx, p); err != nil {
			return err
		}
		list.Fees[p.ID] = []rinnova.Cents{x.fee}
	}
	if err := s.app.Catalog.AddPriceList(ctx, list, s.now); err != nil {
		return err
	}
	text := letter.Terms{ID: "demo-condizioni-servizi", Kind: string(renewal.Services), Version: "S-2026-01", Title: "Condizioni generali dei servizi",
		Body: serviceTerms, EffectiveFrom: rinnova.MustDate("2026-06-01")}
	if err := s.app.Terms.Add(ctx, text); err != nil {
		return err
	}
	c := campaign.Campaign{
		ID: ServicesID, Name: "Rinnovo servizi " + name, Kind: renewal.Services, Year: period.From.Year, Period: period, PriceList: list.ID, Terms: text.ID,
		OpensOn: today.AddDays(-21), ClosesOn: today.AddDays(75), CreatedAt: s.now,
	}
	if err := s.app.Campaigns.Store.Add(ctx, c); err != nil {
		return err
	}
	return s.propose(ctx, c, func(x school.School, _ catalog.Bands) []campaign.Holding { return servicesOf(x, c) })
}

// servicesOf invents which services a school has: some began after October and are renewed for what is left of the year,
// one is only offered.
func servicesOf(s school.School, c campaign.Campaign) []campaign.Holding {
	var out []campaign.Holding
	offered := false
	for _, x := range services {
		has := dice(s.MinistryCode, x.code, 100) < x.share
		if !has && (offered || dice(s.MinistryCode, x.code+"?", 3) > 0) {
			continue
		}
		offered = offered || !has
		h := campaign.Holding{Product: "demo-" + x.code, Ticked: has}
		if has {
			h.Known, h.Used = x.contacts > 0, dice(s.MinistryCode, x.code+"#", x.contacts+1)
			h.LastYear = &renewal.LastYear{Year: c.Year - 1, Band: 1, Fee: lastYearFee(x.fee)}
		}
		if n := dice(s.MinistryCode, x.code+"@", 18); has && n < 3 { // the old period ends on a day of November to January
			start := c.Period.From.AddMonths(n + 1)
			start.Day += 14 * dice(s.MinistryCode, x.code+"@d", 2)
			h.Period = rinnova.Period{From: start, To: c.Period.To}
		}
		out = append(out, h)
	}
	return out
}
