package eventweb

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// OfficePath is the office's page of the record.
const OfficePath = "/ufficio/registro"

// OfSchoolPath is the record of one school, by its portal code.
func OfSchoolPath(portalCode string) string {
	return OfficePath + "?" + url.Values{paramSchool: {portalCode}}.Encode()
}

// ofUserPath is the record of one user.
func ofUserPath(username string) string {
	return OfficePath + "?" + url.Values{paramUser: {username}}.Encode()
}

// The names of what chooses events in addresses.
const (
	paramSchool = "scuola"
	paramGroup  = "tipo"
	paramUser   = "utente"
	paramFrom   = "dal"
	paramTo     = "al"
)

// maxExport bounds the file of the record.
const maxExport = 20_000

// Office serves the record to the vendor's office. Its routes belong behind the guard of the office.
type Office struct {
	Records event.Records
	Schools interface {
		School(ctx context.Context, id string) (school.School, error)
		ByCode(ctx context.Context, code string) (s school.School, ok bool, err error)
		List(ctx context.Context, f school.Filter) ([]school.School, error) // by name
	}
	Object   func(event.Event) string                // the page of what an event is about; "" where it has none
	Besieged func(context.Context) ([]string, error) // user names that are being guessed at
	Clock    rinnova.Clock
	Shell    func(*http.Request) web.Shell
}

// Routes are the office's pages of the record.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("GET "+OfficePath, o.show)
	m.Handle("GET "+OfficePath+".csv", o.export)
}

// record is what the office's page shows.
type record struct {
	Typed  url.Values // of the filter, as it came
	State  web.FormState
	Filter event.Filter
	School *school.School  // that the filter names
	Choice []school.School // where it names several: the reader chooses
	Rows   []row
	Older  string

	Besieged []string // user names that are being guessed at
}

// row is one event with the names of what it speaks of.
type row struct {
	event.Link
	School school.School // the zero School where it is about none
	Object string
}

func (o *Office) show(w http.ResponseWriter, r *http.Request) error {
	p, err := o.asked(r)
	if err != nil {
		return err
	}
	if p.Besieged, err = o.Besieged(r.Context()); err != nil {
		return err
	}
	status := http.StatusOK
	if len(p.State.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	} else if len(p.Choice) > 0 {
		return web.Render(w, r, status, recordPage(o.Shell(r).At(OfficePath), p))
	} else if p.Rows, p.Older, err = o.read(r.Context(), p.Filter, map[string]school.School{}); err != nil {
		return err
	}
	return web.Render(w, r, status, recordPage(o.Shell(r).At(OfficePath), p))
}

// asked reads the filter of an address, and says what is wrong with it.
func (o *Office) asked(r *http.Request) (*record, error) {
	v := r.URL.Query()
	p := &record{Typed: v, Filter: event.Filter{Username: strings.ToUpper(strings.TrimSpace(v.Get(paramUser))), Before: place(v.Get(paramBefore)), Limit: perPage}}
	if strings.EqualFold(p.Filter.Username, rinnova.System.Username) {
		p.Filter.Username = rinnova.System.Username
	}
	if g := event.Group(v.Get(paramGroup)); slices.Contains(event.Groups, g) {
		p.Filter.Group = g
	}
	if err := o.chooseSchool(r.Context(), p); err != nil {
		return nil, err
	}
	p.Filter.From, p.Filter.To = p.day(paramFrom), p.day(paramTo)
	if p.Filter.From.After(p.Filter.To) && !p.Filter.To.IsZero() {
		p.State.Problems.Refuse(paramTo, "La fine viene prima dell’inizio: scambiate le due date.")
	}
	return p, nil
}

// maxChoice is how many schools are offered where what was typed names several.
const maxChoice = 20

// chooseSchool finds the school that the filter names: by a code, or by what other lists look for (name, town, address for mail).
func (o *Office) chooseSchool(ctx context.Context, p *record) error {
	typed := web.Searched(p.Typed.Get(paramSchool))
	if typed == "" {
		return nil
	}
	s, ok, err := o.Schools.ByCode(ctx, strings.ToUpper(typed))
	if err != nil {
		return err
	}
	found := []school.School{s}
	if !ok {
		if found, err = o.Schools.List(ctx, school.Filter{Search: typed, Limit: maxChoice + 1}); err != nil {
			return err
		}
	}
	switch len(found) {
	case 0:
		p.State.Problems.Refuse(paramSchool, "Nessuna scuola si chiama così. Scrivete una parte del nome, il comune, il codice portale o il codice meccanografico.")
	case 1:
		p.School, p.Filter.SchoolID = &found[0], found[0].ID
	default:
		p.Choice = found
	}
	return nil
}

// ofSchool is the same filter for one of the schools to choose from.
func (p *record) ofSchool(s school.School) string {
	q := *p
	q.Typed = maps.Clone(p.Typed)
	q.Typed.Set(paramSchool, s.PortalCode)
	return q.address(OfficePath, "")
}

// day reads a date of the filter; the zero date where there is none.
func (p *record) day(name string) rinnova.Date {
	s := strings.TrimSpace(p.Typed.Get(name))
	if s == "" {
		return rinnova.Date{}
	}
	d, wrong := locale.ParseDate(s)
	if d.IsZero() {
		p.State.Problems = append(p.State.Problems, rinnova.Problem{Field: name, Text: wrong})
	}
	return d
}

// read takes a page of the record with the names of its schools; known remembers those that were read.
func (o *Office) read(ctx context.Context, f event.Filter, known map[string]school.School) (rows []row, older string, err error) {
	page, err := o.Records.Page(ctx, f)
	if err != nil {
		return nil, "", err
	}
	for _, l := range page.Links {
		x := row{Link: l, Object: o.Object(l.Event)}
		if id := l.SchoolID; id != "" {
			s, ok := known[id]
			if !ok {
				if s, err = o.Schools.School(ctx, id); err != nil && rinnova.KindOf(err) != rinnova.NotFound {
					return nil, "", err
				}
				known[id] = s
			}
			x.School = s
		}
		rows = append(rows, x)
	}
	return rows, page.Older, nil
}

// address is a page of the record with the same filter.
func (p *record) address(path, before string) string {
	v := url.Values{}
	for _, name := range []string{paramSchool, paramGroup, paramUser, paramFrom, paramTo} {
		if s := p.Typed.Get(name); s != "" {
			v.Set(name, s)
		}
	}
	if before != "" {
		v.Set(paramBefore, before)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// filtered tells whether anything is chosen.
func (p *record) filtered() bool { return p.address("", "") != "" }

// export writes what the filter chooses, from the newest on.
func (o *Office) export(w http.ResponseWriter, r *http.Request) error {
	p, err := o.asked(r)
	if err != nil {
		return err
	}
	if len(p.State.Problems) > 0 || len(p.Choice) > 0 {
		return rinnova.Fail(rinnova.Invalid, "Il filtro non è giusto. Tornate al registro e correggetelo.")
	}
	l := web.LangOf(r.Context())
	return web.ExportCSV(w, r, "registro-"+o.Clock.Today().String()+".csv", func(ctx context.Context, table *web.Sheet) error {
		table.Add(l.T("N."), l.T("Quando"), l.T("Chi"), l.T("Ruolo"), l.T("Che cosa"), l.T("Dettagli"), l.T("Codice portale"), l.T("Scuola"), l.T("Tipo di evento"), l.T("Impronta"))
		return o.each(ctx, p.Filter, func(x row) { table.Add(cells(l, x)...) })
	})
}

// each hands over the events that a filter chooses, from the newest on, a page at a time.
func (o *Office) each(ctx context.Context, f event.Filter, do func(row)) error {
	known := map[string]school.School{}
	f.Limit = 1000
	for n := 0; n < maxExport; n += f.Limit {
		rows, older, err := o.read(ctx, f, known)
		if err != nil {
			return err
		}
		for _, x := range rows {
			do(x)
		}
		if older == "" {
			break
		}
		f.Before = older
	}
	return nil
}

func cells(l locale.Lang, x row) []string {
	return []string{
		strconv.FormatInt(x.Seq, 10), x.At.In(rinnova.Rome).Format("02/01/2006 15:04:05"), x.Who(), role(l, x.Actor.Role), l.Text(x.Kind.Label()),
		strings.Join(words(l, x.Event, true), "; "), x.School.PortalCode, x.School.DisplayName, string(x.Kind), x.Hash,
	}
}
