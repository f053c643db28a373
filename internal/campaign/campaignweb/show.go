package campaignweb

import (
	"net/http"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/terms"
	"rinnova/internal/web"
)

// page is what the page of a campaign shows.
type page struct {
	row
	Prices  catalog.PriceList
	Terms   terms.Terms
	Runs    []campaign.Run
	Today   rinnova.Date
	Manages bool
	Work    string // address of the requests
}

// runsShown is how many runs the page goes back.
const runsShown = 8

func (o *Office) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := o.campaign(r)
	if err != nil {
		return err
	}
	p := &page{row: row{Campaign: c}, Today: o.Clock.Today(), Manages: o.manages(r), Work: o.Requests(c)}
	if p.Counts, err = o.Runs.Items.Counts(ctx, c.ID); err != nil {
		return err
	}
	p.Stage = stageOf(c, p.Counts, p.Today)
	if p.Prices, err = o.Runs.Campaigns.Catalog.PriceList(ctx, c.PriceList); err != nil {
		return err
	}
	if p.Terms, err = o.Runs.Campaigns.Terms.Terms(ctx, c.Terms); err != nil {
		return err
	}
	if p.Runs, err = o.Runs.Store.Runs(ctx, c.ID, runsShown); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, showPage(o.shell(r), p))
}

// unfinished is the run that is going on, or was stopped.
func (p *page) unfinished() *campaign.Run {
	if len(p.Runs) > 0 && p.Runs[0].State != campaign.Finished {
		return &p.Runs[0]
	}
	return nil
}

func (p *page) published() int { return count(p.Counts, campaign.Published) }
func (p *page) ready() int     { return ready(p.Counts) }

// draft tells whether the campaign's price list waits for its approval.
func (p *page) draft() bool { return p.Prices.State != catalog.Approved }

// facts are what the campaign is set to.
func (p *page) facts(l locale.Lang) []web.Datum {
	c, s := p.Campaign, p.Campaign.Setup
	list := p.Prices.Name
	if p.draft() {
		list = l.T("%s (bozza)", list)
	}
	rhythm := l.T("fino alla fine del periodo")
	if s.Rhythm == campaign.OwnRhythm {
		rhythm = l.T("dodici mesi da ogni scadenza")
	}
	out := []web.Datum{
		{Label: l.T("Tipo"), Value: kindLabel(l, c.Kind)}, {Label: l.T("Periodo"), Value: between(c.Period)},
		{Label: l.T("Listino"), Value: list}, {Label: l.T("Condizioni"), Value: p.Terms.Version},
		{Label: l.T("Apre"), Value: locale.Date(c.OpensOn)}, {Label: l.T("Chiude"), Value: locale.Date(c.ClosesOn)},
		{Label: l.T("Disdetta entro"), Value: day(s.NoticeBy, l.T("la chiusura"))}, {Label: l.T("Ogni prodotto si rinnova"), Value: rhythm},
		{Label: l.T("Soglia dell’aumento"), Value: locale.Percent(s.OddAbove())}, {Label: l.T("Proponi anche"), Value: yes(l, s.Suggest)},
		{Label: l.T("Più anni"), Value: orNone(l, years(s.Years))}, {Label: l.T("Con l’altro tipo di rinnovo"), Value: yes(l, s.Together)},
		{Label: l.T("Pagamenti"), Value: orAll(l, strings.Join(s.Payments, ", "))}, {Label: l.T("Partecipano"), Value: who(l, s.Filter)},
		{Label: l.T("Solleciti prima della chiusura"), Value: orNone(l, days(s.Reminders.Before))},
	}
	if n := s.Reminders.NoCIGDays; n > 0 {
		out = append(out, web.Datum{Label: l.T("Sollecito senza CIG"), Value: l.T("dopo %d giorni", n)})
	}
	return out
}

func between(p rinnova.Period) string { return locale.Date(p.From) + " – " + locale.Date(p.To) }

func day(d rinnova.Date, none string) string {
	if d.IsZero() {
		return none
	}
	return locale.Date(d)
}

func yes(l locale.Lang, b bool) string {
	if b {
		return l.T("sì")
	}
	return l.T("no")
}

func orNone(l locale.Lang, s string) string {
	if s == "" {
		return l.T("nessuno")
	}
	return s
}

func orAll(l locale.Lang, s string) string {
	if s == "" {
		return l.T("tutti")
	}
	return s
}

// who says which schools take part.
func who(l locale.Lang, f campaign.Filter) string {
	var out []string
	out = append(out, f.Regions...)
	out = append(out, f.Provinces...)
	for _, a := range f.Cycles {
		out = append(out, cycle(l, a))
	}
	if n := len(f.Products); n > 0 {
		out = append(out, l.T("prodotti scelti: %d", n))
	}
	if n := len(f.Except); n > 0 {
		out = append(out, l.T("scuole escluse: %d", n))
	}
	if len(out) == 0 {
		return l.T("tutte le scuole")
	}
	return strings.Join(out, ", ")
}

func cycle(l locale.Lang, a catalog.Audience) string {
	switch a {
	case catalog.FirstCycle:
		return l.T("primo ciclo")
	case catalog.SecondCycle:
		return l.T("scuole superiori")
	}
	return l.T("tutte")
}

// years and days write what a form reads: 2, 3 +2%; 15, 7, 2.
func years(offers []campaign.YearsOffer) string {
	var out []string
	for _, y := range offers {
		s := strconv.Itoa(y.Years)
		if y.Step > 0 {
			s += " +" + locale.Percent(y.Step)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func days(list []int) string {
	var out []string
	for _, d := range list {
		out = append(out, strconv.Itoa(d))
	}
	return strings.Join(out, ", ")
}
