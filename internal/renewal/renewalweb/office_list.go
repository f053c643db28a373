package renewalweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// workList is what the page of the work list shows.
type workList struct {
	Query     listQuery
	View      view
	Campaign  campaign.Campaign
	Campaigns []campaign.Campaign
	Switch    []web.Link // to the campaigns that are worked on, with what waits in each
	Others    bool       // there are campaigns besides those
	Bands     catalog.Bands
	Rows      []renewal.Row
	Sums      renewal.Sums
	Counters  map[string]int // by view
	Provinces []string
	Clerks    []renewal.Clerk
	Me        string
	Now       time.Time
}

func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := parseList(r.URL.Query())
	p := &workList{View: viewOf(q.View), Me: o.Actor(ctx).AccountID, Now: o.Clock()}
	var err error
	if p.Campaigns, err = o.Campaigns.Campaigns(ctx); err != nil {
		return err
	}
	p.Campaign, q.Campaign = choose(p.Campaigns, q.Campaign, o.Clock.Today())
	p.Query = q
	if p.Campaign.ID == "" {
		return web.Render(w, r, http.StatusOK, noCampaignPage(o.Shell(r).At(WorkListPath)))
	}
	if err := o.fill(ctx, p); err != nil {
		return err
	}
	if err := o.switches(ctx, p); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, workListPage(o.shell(r, p.Campaign), p))
}

// shell is the frame of the office's pages, which says which campaign they speak of.
func (o *Office) shell(r *http.Request, c campaign.Campaign) web.Shell {
	s := o.Shell(r).At(WorkListPath)
	if c.ID != "" {
		s.Status = campaignStatus(c, o.Clock.Today())
	}
	return s
}

// closing says until when a campaign is open, or since when it is not.
func closing(l locale.Lang, c campaign.Campaign, today rinnova.Date) string {
	switch {
	case today.Before(c.OpensOn):
		return l.T("apre il %s", c.OpensOn)
	case today.After(c.ClosesOn):
		return l.T("chiusa dal %s", c.ClosesOn.AddDays(1))
	}
	return l.T("chiude il %s", c.ClosesOn)
}

// choose finds the campaign that is asked for, else the current one: of the kinds' current campaigns the first that is
// open today, or else the first. The second result is what addresses must say: nothing for the current one.
func choose(all []campaign.Campaign, id string, today rinnova.Date) (campaign.Campaign, string) {
	doors := campaign.Doors(all, today)
	if len(doors) == 0 {
		return campaign.Campaign{}, ""
	}
	current := doors[0]
	if i := slices.IndexFunc(doors, func(c campaign.Campaign) bool { return c.Open(today) }); i >= 0 {
		current = doors[i]
	}
	for _, c := range all {
		if c.ID == id && id != current.ID {
			return c, id
		}
	}
	return current, ""
}

func (o *Office) fill(ctx context.Context, p *workList) error {
	f := p.Query.filter(p.Campaign.ID, p.Me)
	var err error
	if p.Sums, err = o.Lists.Sum(ctx, f); err != nil {
		return err
	}
	p.Query.Page = min(p.Query.Page, max(1, p.pages()))
	f.Limit, f.Offset = pageSize, (p.Query.Page-1)*pageSize
	if p.Rows, err = o.Lists.List(ctx, f); err != nil {
		return err
	}
	if p.Counters, err = o.counters(ctx, p.Campaign.ID, p.Me); err != nil {
		return err
	}
	if p.Provinces, err = o.Lists.Provinces(ctx); err != nil {
		return err
	}
	if p.Clerks, err = o.Lists.Clerks(ctx, p.Campaign.ID); err != nil {
		return err
	}
	prices, err := o.Prices.PriceList(ctx, p.Campaign.PriceList)
	p.Bands = prices.Bands
	return err
}

// switches lead to the same view of the other campaigns that are worked on: the open ones of each kind, or its current one, and the
// one that is shown. They count the requests that wait for the office.
func (o *Office) switches(ctx context.Context, p *workList) error {
	today := o.Clock.Today()
	shown := campaign.Worked(p.Campaigns, today)
	p.Others = len(p.Campaigns) > len(shown)
	if !slices.ContainsFunc(shown, func(c campaign.Campaign) bool { return c.ID == p.Campaign.ID }) {
		shown = append(shown, p.Campaign)
	}
	if len(shown) == 1 {
		return nil
	}
	for _, c := range shown {
		n, err := o.Lists.Waiting(ctx, c.ID)
		if err != nil {
			return err
		}
		q := listQuery{View: p.Query.View, Search: p.Query.Search}
		_, q.Campaign = choose(p.Campaigns, c.ID, today)
		p.Switch = append(p.Switch, web.Link{Text: c.Name, Href: q.address(WorkListPath), Count: locale.Count(n), Current: c.ID == p.Campaign.ID})
	}
	return nil
}

// counters are how many requests each view holds.
func (o *Office) counters(ctx context.Context, campaignID, me string) (map[string]int, error) {
	counts, err := o.Lists.Counts(ctx, campaignID)
	if err != nil {
		return nil, err
	}
	mine, err := o.Lists.TakenBy(ctx, campaignID, me)
	if err != nil {
		return nil, err
	}
	out := map[string]int{"mie": mine}
	for _, c := range counts {
		out[everything] += c.Requests
		switch c.State {
		case renewal.Submitted:
			out["nuove"] = c.Requests
		case renewal.Returned:
			out["correggere"] = c.Requests
		case renewal.Processed:
			out["elaborate"] = c.Requests
		case renewal.Declined:
			out["non-rinnovate"] = c.Requests
		case renewal.Offered, renewal.Drafted:
			out["senza-risposta"] += c.Requests
		}
		if c.State == renewal.Submitted || c.State == renewal.InReview {
			out["avvisi"] += c.Warned
			out["riconfermate"] += c.Changed
			out["pronte"] += c.Ready
		}
	}
	return out, nil
}

// pages is how many pages the list has.
func (p *workList) pages() int { return (p.Sums.Requests + pageSize - 1) / pageSize }

func (p *workList) place(i int) int { return (p.Query.Page-1)*pageSize + i }

// unanswered tells whether the list shows proposals that nobody has confirmed: then the columns are others.
func (p *workList) unanswered() bool { return p.View.Key == "senza-risposta" }

// declined tells whether the list shows what schools do not renew: then the columns are others.
func (p *workList) declined() bool { return p.View.Key == "non-rinnovate" }

// showsState tells whether the rows can have different states.
func (p *workList) showsState() bool { return len(p.View.States) > 1 && p.Query.State == "" }

// choosesWarned tells whether the requests can be with and without warnings.
func (p *workList) choosesWarned() bool {
	return p.View.Key != "avvisi" && !p.unanswered() && !p.declined()
}

// choosesClerk tells whether the requests can be in charge of different clerks.
func (p *workList) choosesClerk() bool {
	return p.View.Key != "mie" && !p.unanswered() && !p.declined()
}

// showsClerk tells whether the rows say who has them in charge.
func (p *workList) showsClerk() bool { return p.choosesClerk() && p.Query.Clerk == "" }

// selectable tells whether anything in the list can be taken in charge or processed.
func (p *workList) selectable() bool { return slices.ContainsFunc(p.Rows, renewal.Row.Waiting) }

func (p *workList) filtered() bool {
	q := p.Query
	return q.Search != "" || q.State != "" || q.Warned != "" || q.Band != 0 || q.Province != "" || q.Clerk != ""
}

func (p *workList) tabs(l locale.Lang) []web.Link {
	var out []web.Link
	for _, v := range views() {
		tab := web.Link{Text: l.Text(v.Label), Href: p.Query.inView(v.Key), Current: v.Key == p.View.Key}
		if v.Key != everything { // its number is the campaign's: the list says it
			tab.Count = locale.Count(p.Counters[v.Key])
		}
		out = append(out, tab)
	}
	return out
}

func (p *workList) pager() web.Pager {
	first := (p.Query.Page-1)*pageSize + 1
	out := web.Pager{From: first, To: first + len(p.Rows) - 1, Total: p.Sums.Requests}
	if p.Query.Page > 1 {
		out.Previous = p.Query.onPage(p.Query.Page - 1)
	}
	if p.Query.Page < p.pages() {
		out.Next = p.Query.onPage(p.Query.Page + 1)
	}
	return out
}

// head says how a column that sorts stands, and where a press on it leads: to the first of both orders, then back and
// forth.
func (p *workList) head(first, second renewal.Sort, firstOrder string) (href, sorted string) {
	other := map[string]string{"ascending": "descending", "descending": "ascending"}[firstOrder]
	switch p.Query.Sort {
	case first:
		return p.Query.sorted(second), firstOrder
	case second:
		return p.Query.sorted(first), other
	}
	return p.Query.sorted(first), ""
}

// The choices of the filters.

func (p *workList) stateOptions(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Tutti gli stati")}}
	for _, s := range renewal.States {
		out = append(out, web.Option{Value: string(s), Text: l.Text(s.Label())})
	}
	return out
}

// stateValue is the state that the filter shows: the view's own where it has only one.
func (p *workList) stateValue() string {
	if p.Query.State == "" && len(p.View.States) == 1 {
		return string(p.View.States[0])
	}
	return string(p.Query.State)
}

func warnedOptions(l locale.Lang) []web.Option {
	return []web.Option{{Text: l.T("Tutti")}, {Value: string(renewal.WithWarnings), Text: l.T("Con avvisi")}, {Value: string(renewal.WithoutWarnings), Text: l.T("Senza avvisi")}}
}

func (p *workList) bandOptions(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Tutte")}}
	for b := catalog.Band(1); p.Bands.Has(b); b++ {
		out = append(out, web.Option{Value: strconv.Itoa(int(b)), Text: l.Text(p.Bands.Name(b))})
	}
	return out
}

func (p *workList) provinceOptions(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Tutte")}}
	for _, x := range p.Provinces {
		out = append(out, web.Option{Value: x, Text: x})
	}
	return out
}

func (p *workList) clerkOptions(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Tutti")}, {Value: renewal.Nobody, Text: l.T("Nessuno")}}
	for _, c := range p.Clerks {
		out = append(out, web.Option{Value: c.ID, Text: c.Name})
	}
	return out
}

func (p *workList) campaignOptions() []web.Option {
	var out []web.Option
	for _, c := range p.Campaigns {
		out = append(out, web.Option{Value: c.ID, Text: c.Name})
	}
	return out
}

// bandValue is the band that the filter shows.
func (p *workList) bandValue() string {
	if p.Query.Band == 0 {
		return ""
	}
	return strconv.Itoa(int(p.Query.Band))
}

// The parts of a row.

// nameAndTown splits the short name of a school into the name, for the link, and the town with its province.
func nameAndTown(row renewal.Row) (name, town string) {
	town = school.DisplayPlace(row.Town)
	name = school.Bare(row.School, town)
	if row.Province != "" {
		town += " (" + row.Province + ")"
	}
	return name, town
}

// picked is how one request travels in forms: at the confirmation that was seen.
func picked(row renewal.Row) string { return chosen([]renewal.Row{row}) }

// sumLine says what the requests of the list are worth.
func (p *workList) sumLine(l locale.Lang) string {
	if p.unanswered() || p.declined() {
		return l.T("imponibile proposto %s", p.Sums.Offered)
	}
	switch p.Sums.Warned {
	case 0:
		return l.T("imponibile %s · nessun avviso", p.Sums.Taxable)
	case 1:
		return l.T("imponibile %s · 1 con avvisi", p.Sums.Taxable)
	}
	return l.T("imponibile %s · %s con avvisi", p.Sums.Taxable, locale.Count(p.Sums.Warned))
}

// requests counts requests in words.
func requests(l locale.Lang, n int) string {
	if n == 1 {
		return l.T("1 richiesta")
	}
	return l.T("%s richieste", locale.Count(n))
}
