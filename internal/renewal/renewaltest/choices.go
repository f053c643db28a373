package renewaltest

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
)

// Lines of a proposal with choices: a site in three ways (twelve months; fifteen, up to the end of 2027; three years whose fee
// grows), a mailbox, a package of mail for eleven months, a service that is only suggested, and one that is suggested in two ways.
const (
	SiteYear, SiteAligned, SiteYears = "w1", "w2", "w3"
	Mailbox, MailPackage             = "c1", "m1"
	Extra, BackupYear, BackupYears   = "f1", "b1", "b2"
)

// OfferChoices makes a school a proposal of services by hand, with all that a proposal can have. As it starts it comes to
// € 485,00.
func (w *World) OfferChoices(t testing.TB, p Party) Party {
	t.Helper()
	check(t, w.DB.InTx(t.Context(), func(ctx context.Context) error {
		c, err := w.servicesSeason(ctx)
		if err != nil {
			return err
		}
		proposal := choices(w, c, p)
		r := &renewal.Request{ID: rinnova.NewID(w.Now), Number: "2026-S" + p.School.CustomerNumber, CampaignID: c.ID, SchoolID: p.School.ID,
			ProposalID: proposal.ID, Kind: c.Kind, State: renewal.Offered, Offered: proposal.Totals(1, proposal.StartTicks()).Taxable, CreatedAt: w.Now,
			Draft: renewal.Draft{Band: 1, Ticks: proposal.StartTicks().IDs()}}
		p.Request = r.ID
		_, err = w.Requests.Add(ctx, proposal, r)
		return err
	}))
	return p
}

func choices(w *World, c campaign.Campaign, p Party) *renewal.Proposal {
	line := func(id, name string, fee rinnova.Cents, from, to string) renewal.Line {
		period := rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}
		return renewal.Line{ID: id, Product: "X" + id, Name: name, License: catalog.FixedTerm, VAT: 2200, Period: period, Months: period.Months(), Fees: []rinnova.Cents{fee}}
	}
	held := func(l renewal.Line, before rinnova.Cents) renewal.Line {
		l.Ticked, l.LastYear = true, &renewal.LastYear{Year: 2025, Band: 1, Fee: before}
		return l
	}
	way := func(l renewal.Line, choice string, v renewal.Variant) renewal.Line {
		l.Choice, l.Variant = choice, v
		return l
	}
	years := way(line(SiteYears, "Sito web premium", 350_00, "2026-10-01", "2029-09-30"), "sito", renewal.Years)
	for i, fee := range []rinnova.Cents{350_00, 357_01, 364_15} {
		from := years.Period.From.AddMonths(12 * i)
		years.Parts = append(years.Parts, renewal.Part{Period: rinnova.Period{From: from, To: from.AddMonths(12).AddDays(-1)}, Months: 12, Fees: []rinnova.Cents{fee}})
	}
	extra := line(Extra, "Modulistica in linea", 99_00, "2026-10-01", "2027-09-30")
	extra.Suggested = true
	backup := way(line(BackupYear, "Copia di sicurezza", 60_00, "2026-10-01", "2027-09-30"), "copia", renewal.Usual)
	fixed := way(line(BackupYears, "Copia di sicurezza", 60_00, "2026-10-01", "2028-09-30"), "copia", renewal.Years)
	backup.Suggested, fixed.Suggested = true, true
	return &renewal.Proposal{
		ID: rinnova.NewID(w.Now), CampaignID: c.ID, SchoolID: p.School.ID, Kind: c.Kind, Title: c.Name,
		Period:    rinnova.Period{From: rinnova.MustDate("2027-01-01"), To: rinnova.MustDate("2027-12-31")},
		PriceList: "Listino servizi", PricesFrom: rinnova.MustDate("2026-06-01"), Raise: &catalog.Raise{Percent: 210, Rounding: 50}, Split: true, Suggested: 1, MadeAt: w.Now,
		Lines: []renewal.Line{
			held(way(line(SiteYear, "Sito web premium", 350_00, "2026-10-01", "2027-09-30"), "sito", renewal.Usual), 343_00),
			way(line(SiteAligned, "Sito web premium", 350_00, "2026-10-01", "2027-12-31"), "sito", renewal.Aligned),
			years,
			held(line(Mailbox, "Casella PEC aggiuntiva", 25_00, "2026-10-01", "2027-09-30"), 25_00),
			held(line(MailPackage, "Pacchetto e-mail, 50 caselle", 120_00, "2026-11-15", "2027-09-30"), 117_50),
			extra, backup, fixed,
		},
	}
}

// Set gives a campaign what its vendor chooses beside its dates.
func (w *World) Set(t testing.TB, campaignID string, s campaign.Setup) {
	t.Helper()
	body, err := json.Marshal(s)
	check(t, err)
	_, err = w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE campaign SET setup = $1 WHERE id = $2`, string(body), campaignID)
	check(t, err)
	w.Now = w.Now.Add(time.Minute) // what is remembered of the season for a moment is forgotten
}
