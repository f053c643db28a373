package schoolweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// SchoolsPath is the office's list of schools; each has its page below it, by its id.
const SchoolsPath = "/ufficio/scuole"

// SchoolPath is the office's page of a school.
func SchoolPath(id string) string { return SchoolsPath + "/" + id }

// SchoolLists reads schools for the office. The store does it.
type SchoolLists interface {
	List(ctx context.Context, f school.Filter) ([]school.School, error)
	Count(ctx context.Context, f school.Filter) (int, error)
	Places(ctx context.Context, region string) (regions, provinces []string, err error)
	MergedInto(ctx context.Context, id string) ([]school.School, error)
	School(ctx context.Context, id string) (school.School, error)
}

// Card is a part of a school's page that another feature contributes; no component where it has nothing to show.
type Card func(ctx context.Context, schoolID string) (templ.Component, error)

// Desk serves the office's pages of schools. Its routes belong behind the guard of the office.
type Desk struct {
	Corrections *school.Corrections
	Lists       SchoolLists
	Clock       rinnova.Clock
	Actor       func(context.Context) rinnova.Actor // who has logged in
	Shell       func(*http.Request) web.Shell
	Flash       func(ctx context.Context, sentence string) // a small success, for the next page
	Cards       []Card                                     // in the order of the page
	Merge       func(s school.School) string               // where a merger of the school is proposed
	Mergers     string                                     // where mergers are listed
}

// Routes are the office's pages of schools.
func (d *Desk) Routes(m *web.Mux) {
	m.Handle("GET "+SchoolsPath, d.list)
	m.Handle("GET "+SchoolsPath+".csv", d.export)
	m.Handle("GET "+SchoolsPath+"/{id}", d.show)
	m.Handle("GET "+SchoolsPath+"/{id}/dati", d.form)
	m.Handle("POST "+SchoolsPath+"/{id}/dati", d.change)
	m.Handle("GET "+SchoolsPath+"/{id}/chiusura", d.closing)
	m.Handle("POST "+SchoolsPath+"/{id}/chiusura", d.close)
}

const (
	schoolsPerPage = 50
	maxExport      = 20_000 // schools in a file: more than Italy has
)

// The names of what chooses schools in addresses, beside paramSearch and paramPage.
const (
	paramRegion    = "regione"
	paramProvince  = "provincia"
	paramCondition = "condizione"
)

// conditions are the values of paramCondition.
var conditions = map[string]school.Condition{
	"": school.AnyCondition, "aperte": school.IsOpen, "chiuse": school.IsClosed, "confluite": school.IsMerged,
	"sparite": school.IsVanished, "senza-codice-fiscale": school.NoTaxCode, "senza-email": school.NoEmail,
}

func keyOf(c school.Condition) string {
	for key, x := range conditions {
		if x == c {
			return key
		}
	}
	return ""
}

// schoolsPage is what the list shows.
type schoolsPage struct {
	Filter             school.Filter
	Page, Total        int
	Rows               []school.School
	Regions, Provinces []string
	Today              rinnova.Date
	Mergers            string // where they are listed
}

// chosen reads the filter of an address. What is no region, province or condition asks for all.
func (d *Desk) chosen(ctx context.Context, q url.Values) (*schoolsPage, error) {
	p := &schoolsPage{Page: 1, Today: d.Clock.Today(), Mergers: d.Mergers}
	p.Filter = school.Filter{Search: web.Searched(q.Get(paramSearch)), Condition: conditions[q.Get(paramCondition)]}
	region := q.Get(paramRegion)
	var err error
	if p.Regions, p.Provinces, err = d.Lists.Places(ctx, ""); err != nil {
		return nil, err
	}
	if slices.Contains(p.Regions, region) {
		p.Filter.Region = region
		if _, p.Provinces, err = d.Lists.Places(ctx, region); err != nil {
			return nil, err
		}
	}
	if province := q.Get(paramProvince); slices.Contains(p.Provinces, province) {
		p.Filter.Province = province
	}
	return p, nil
}

func (d *Desk) list(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	p, err := d.chosen(ctx, q)
	if err != nil {
		return err
	}
	if p.Total, err = d.Lists.Count(ctx, p.Filter); err != nil {
		return err
	}
	if n, err := strconv.Atoi(q.Get(paramPage)); err == nil {
		p.Page = max(1, min(n, p.pages()))
	}
	p.Filter.Limit, p.Filter.Offset = schoolsPerPage, (p.Page-1)*schoolsPerPage
	if p.Rows, err = d.Lists.List(ctx, p.Filter); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, schoolsList(d.Shell(r).At(SchoolsPath), p))
}

func (p *schoolsPage) pages() int { return (p.Total + schoolsPerPage - 1) / schoolsPerPage }

func (p *schoolsPage) filtered() bool { return p.address("", 1) != "" }

func (p *schoolsPage) address(path string, page int) string {
	v := url.Values{}
	for name, value := range map[string]string{
		paramSearch: p.Filter.Search, paramRegion: p.Filter.Region, paramProvince: p.Filter.Province, paramCondition: keyOf(p.Filter.Condition),
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if page > 1 {
		v.Set(paramPage, strconv.Itoa(page))
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (p *schoolsPage) pager() web.Pager {
	first := (p.Page-1)*schoolsPerPage + 1
	out := web.Pager{From: first, To: first + len(p.Rows) - 1, Total: p.Total}
	if p.Page > 1 {
		out.Previous = p.address(SchoolsPath, p.Page-1)
	}
	if p.Page < p.pages() {
		out.Next = p.address(SchoolsPath, p.Page+1)
	}
	return out
}

func (p *schoolsPage) count(l locale.Lang) string {
	if p.Total == 1 {
		return l.T("una scuola")
	}
	return l.T("%s scuole", locale.Count(p.Total))
}

func (p *schoolsPage) regions(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Tutte")}}
	for _, x := range p.Regions {
		out = append(out, web.Option{Value: x, Text: school.DisplayPlace(x)})
	}
	return out
}

func (p *schoolsPage) provinces(l locale.Lang) []web.Option {
	out := []web.Option{{Text: l.T("Tutte")}}
	for _, x := range p.Provinces {
		out = append(out, web.Option{Value: x, Text: x})
	}
	return out
}

func conditionOptions(l locale.Lang) []web.Option {
	var out []web.Option
	for _, c := range school.Conditions {
		out = append(out, web.Option{Value: keyOf(c), Text: l.Text(c.Label())})
	}
	return out
}

// export writes the schools that the filter chooses.
func (d *Desk) export(w http.ResponseWriter, r *http.Request) error {
	p, err := d.chosen(r.Context(), r.URL.Query())
	if err != nil {
		return err
	}
	p.Filter.Limit = maxExport
	l := web.LangOf(r.Context())
	return web.ExportCSV(w, r, "scuole-"+p.Today.String()+".csv", func(ctx context.Context, table *web.Sheet) error {
		rows, err := d.Lists.List(ctx, p.Filter)
		if err != nil {
			return err
		}
		table.Add(exportHead(l)...)
		for _, s := range rows {
			table.Add(exportRow(s)...)
		}
		return nil
	})
}

func exportHead(l locale.Lang) []string {
	head := []string{l.T("Codice portale"), l.T("Codice cliente"), l.T("Codice meccanografico")}
	for _, f := range school.Correctable {
		head = append(head, l.Text(f.Label()))
	}
	return append(head, l.T("Regione"), l.T("Alunni"), l.T("Anno scolastico"), l.T("Chiusa dal"), l.T("Non più nell’anagrafe dal"))
}

func exportRow(s school.School) []string {
	row := []string{s.PortalCode, s.CustomerNumber, s.MinistryCode}
	for _, f := range school.Correctable {
		row = append(row, s.Shown(f))
	}
	pupils := ""
	if s.Pupils > 0 {
		pupils = strconv.Itoa(s.Pupils)
	}
	return append(row, school.DisplayPlace(s.Region), pupils, s.PupilsYear, locale.Date(s.ClosedOn), locale.Date(s.VanishedOn))
}
