package campaignweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/locale"
	"rinnova/internal/web"
)

// The names of what chooses schools in addresses.
const (
	paramOddity   = "anomalia"
	paramState    = "stato"
	paramSearch   = "cerca"
	paramProvince = "provincia"
	paramRegion   = "regione"
	paramSort     = "ordine"
	paramPage     = "pagina"
	fieldSchool   = "scuola" // ids
)

// clean is the value of paramOddity that chooses schools without any.
const clean = "nessuna"

const perPage = 50

func rehearsalPath(c campaign.Campaign) string { return CampaignPath(c.ID) + "/prova" }

func schoolPath(c campaign.Campaign, schoolID string) string {
	return CampaignPath(c.ID) + "/scuole/" + url.PathEscape(schoolID)
}

// result is what the page of a rehearsal shows.
type result struct {
	row
	Filter    campaign.ItemFilter
	Page      int
	Sum       campaign.Sums // of what the filter chooses
	Clean     int           // without oddities
	Rows      []campaign.Row
	Oddities  map[campaign.Oddity]int
	Bins      []bin
	Provinces []string
	Manages   bool
}

// parse reads a filter; what is not known chooses nothing.
func parse(q url.Values) campaign.ItemFilter {
	f := campaign.ItemFilter{Search: web.Searched(q.Get(paramSearch)), Province: web.Searched(q.Get(paramProvince)), Region: web.Searched(q.Get(paramRegion))}
	if o := campaign.Oddity(q.Get(paramOddity)); slices.Contains(campaign.Oddities, o) {
		f.Oddity = o
	}
	f.Clean = q.Get(paramOddity) == clean
	if s := campaign.ItemState(q.Get(paramState)); slices.Contains(campaign.ItemStates, s) {
		f.State = s
	}
	if s := campaign.ItemSort(q.Get(paramSort)); s == campaign.ByRise || s == campaign.ByAmount {
		f.Sort = s
	}
	return f
}

func (o *Office) rehearsal(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := o.campaign(r)
	if err != nil {
		return err
	}
	p := &result{row: row{Campaign: c}, Filter: parse(r.URL.Query()), Page: 1, Manages: o.manages(r)}
	if err := o.fill(ctx, p, r.URL.Query().Get(paramPage)); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, resultPage(o.shell(r), p))
}

func (o *Office) fill(ctx context.Context, p *result, number string) (err error) {
	items := o.Runs.Items
	if p.Counts, err = items.Counts(ctx, p.ID); err != nil {
		return err
	}
	p.Stage = stageOf(p.Campaign, p.Counts, o.Clock.Today())
	if p.Sum, err = items.Sum(ctx, p.ID, p.Filter); err != nil {
		return err
	}
	if n, err := strconv.Atoi(number); err == nil {
		p.Page = max(1, min(n, p.pages()))
	}
	good, err := items.Sum(ctx, p.ID, campaign.ItemFilter{Clean: true})
	if err != nil {
		return err
	}
	p.Clean = good.Items
	p.Filter.Limit, p.Filter.Offset = perPage, (p.Page-1)*perPage
	if p.Rows, err = items.Rows(ctx, p.ID, p.Filter); err != nil {
		return err
	}
	if p.Oddities, err = items.OddityCounts(ctx, p.ID); err != nil {
		return err
	}
	shares, err := items.Shares(ctx, p.ID)
	if err != nil {
		return err
	}
	p.Bins = bins(shares)
	_, p.Provinces, err = o.Lists.Places(ctx)
	return err
}

func (p *result) pages() int { return (p.Sum.Items + perPage - 1) / perPage }

// address is the page with another choice.
func (p *result) address(change func(*campaign.ItemFilter), page int, suffix string) string {
	f := p.Filter
	if change != nil {
		change(&f)
	}
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set(paramOddity, string(f.Oddity))
	if f.Clean {
		set(paramOddity, clean)
	}
	set(paramState, string(f.State))
	set(paramSearch, f.Search)
	set(paramProvince, f.Province)
	set(paramRegion, f.Region)
	set(paramSort, string(f.Sort))
	if page > 1 {
		set(paramPage, strconv.Itoa(page))
	}
	if len(v) == 0 {
		return rehearsalPath(p.Campaign) + suffix
	}
	return rehearsalPath(p.Campaign) + suffix + "?" + v.Encode()
}

// views lead to the schools with each oddity, and to those without any.
func (p *result) views(l locale.Lang) []web.Link {
	all := whole(p.Counts)
	to := func(o campaign.Oddity, only bool) string {
		return p.address(func(f *campaign.ItemFilter) { f.Oddity, f.Clean, f.State = o, only, "" }, 1, "")
	}
	out := []web.Link{{Text: l.T("Tutte"), Count: locale.Count(all.Items), Href: to("", false), Current: p.Filter.Oddity == "" && !p.Filter.Clean}}
	for _, o := range campaign.Oddities {
		if n := p.Oddities[o]; n > 0 || p.Filter.Oddity == o {
			out = append(out, web.Link{Text: l.Text(o.Label()), Count: locale.Count(n), Href: to(o, false), Current: p.Filter.Oddity == o})
		}
	}
	return append(out, web.Link{Text: l.T("Senza anomalie"), Count: locale.Count(p.Clean), Href: to("", true), Current: p.Filter.Clean})
}

func (p *result) pager() web.Pager {
	first := (p.Page-1)*perPage + 1
	out := web.Pager{From: first, To: first + len(p.Rows) - 1, Total: p.Sum.Items}
	if p.Page > 1 {
		out.Previous = p.address(nil, p.Page-1, "")
	}
	if p.Page < p.pages() {
		out.Next = p.address(nil, p.Page+1, "")
	}
	return out
}

// head says how a column that sorts stands, and where a press on it leads: to its order, and back to that by school.
func (p *result) head(by campaign.ItemSort) (href, sorted string) {
	order := map[campaign.ItemSort]string{campaign.BySchool: "ascending"}[by]
	if order == "" {
		order = "descending"
	}
	if p.Filter.Sort == by {
		sorted = order
	}
	return p.address(func(f *campaign.ItemFilter) { f.Sort = by }, 1, ""), sorted
}

func (p *result) stateOptions(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Tutti gli stati")}}
	for _, s := range campaign.ItemStates {
		out = append(out, web.Option{Value: string(s), Text: l.Text(s.Label())})
	}
	return out
}

func options(first string, values []string) []web.Option {
	out := []web.Option{{Text: first}}
	for _, v := range values {
		out = append(out, web.Option{Value: v, Text: v})
	}
	return out
}

// schoolCount counts schools in words.
func schoolCount(l locale.Lang, n int) string {
	if n == 1 {
		return l.T("1 scuola")
	}
	return l.T("%s scuole", locale.Count(n))
}

// share is a difference from last year: +3,8%.
func share(c campaign.Comparison) string {
	if c.Before == 0 {
		return "–"
	}
	s := c.Share()
	switch {
	case s > 0:
		return "+" + locale.Percent(s)
	case s < 0:
		return "−" + locale.Percent(-s)
	}
	return locale.Percent(0)
}

func (p *result) selectable() bool {
	return p.Manages && slices.ContainsFunc(p.Rows, func(r campaign.Row) bool { return r.Publishable() })
}

// export writes all schools that the filter chooses.
func (o *Office) export(w http.ResponseWriter, r *http.Request) error {
	c, err := o.campaign(r)
	if err != nil {
		return err
	}
	f := parse(r.URL.Query())
	f.Limit = 100_000
	l := web.LangOf(r.Context())
	return web.ExportCSV(w, r, "prova-"+o.Clock.Today().String()+".csv", func(ctx context.Context, table *web.Sheet) error {
		rows, err := o.Runs.Items.Rows(ctx, c.ID, f)
		if err != nil {
			return err
		}
		table.Add(l.T("Scuola"), l.T("Codice portale"), l.T("Meccanografico"), l.T("Provincia"), l.T("Regione"), l.T("Stato"), l.T("Righe"),
			l.T("Imponibile"), l.T("A parità, quest’anno"), l.T("A parità, l’anno scorso"), l.T("Differenza %"), l.T("Anomalie"), l.T("Note"))
		for _, x := range rows {
			difference := ""
			if x.Before > 0 {
				difference = plain(rinnova.Cents(x.Share()))
			}
			table.Add(x.School, x.PortalCode, x.Ministry, x.Province, x.Region, l.Text(x.State.Label()), strconv.Itoa(x.Lines),
				plain(x.Taxable), plain(x.Now), plain(x.Before), difference, strings.Join(labels(l, x.Oddities), ", "), l.T(x.Detail))
		}
		return nil
	})
}

// plain writes an amount as spreadsheets read numbers: 1234,56.
func plain(c rinnova.Cents) string { return strings.Replace(c.String(), ".", ",", 1) }

func labels(l locale.Lang, all []campaign.Oddity) []string {
	var out []string
	for _, o := range all {
		out = append(out, l.Text(o.Label()))
	}
	return out
}
