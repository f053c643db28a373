// Package mergerweb is the pages of mergers: the office proposes one, sees what it would do and carries it out; the schools read
// on their home that they go on in another, or that others go on in them.
package mergerweb

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/merger"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// Paths of the pages.
const (
	OfficePath  = "/ufficio/accorpamenti"
	PreviewPath = OfficePath + "/anteprima"
)

// ShowPath is the office's page of a merger.
func ShowPath(id string) string { return OfficePath + "/" + id }

// ProposePath is where a merger of a school into another is proposed.
func ProposePath(s school.School) string {
	return OfficePath + "?" + url.Values{merger.FieldFrom: {s.PortalCode}}.Encode()
}

// Office serves the office's pages. Its routes belong behind the guard of the office.
type Office struct {
	Mergers *merger.Service
	Clock   rinnova.Clock
	Actor   func(context.Context) rinnova.Actor
	Shell   func(*http.Request) web.Shell
	Flash   func(ctx context.Context, sentence string)
}

// Routes are the office's pages of mergers.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("GET "+OfficePath, o.list)
	m.Handle("POST "+OfficePath, o.merge)
	m.Handle("GET "+PreviewPath, o.preview)
	m.Handle("GET "+OfficePath+"/{id}", o.show)
	m.Handle("POST "+OfficePath+"/{id}/annulla", o.cancel)
}

// The names of hidden fields.
const (
	fieldHash     = "impronta"
	fieldReplaces = "al_posto_di"
)

// choiceField is the name of the choice of a duplicate.
func choiceField(d merger.Duplicate) string { return "resta-" + d.Key }

// shown is how many mergers the list has.
const shown = 200

// listPage is the list, with the form that proposes.
type listPage struct {
	All      []merger.Merger
	Manager  bool
	Today    rinnova.Date
	Values   map[string]string
	Replaces string
	State    web.FormState
}

func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p := &listPage{Values: map[string]string{merger.FieldFrom: typed(q.Get(merger.FieldFrom)), merger.FieldInto: typed(q.Get(merger.FieldInto)), merger.FieldDay: typed(q.Get(merger.FieldDay))}}
	return o.render(w, r, http.StatusOK, p)
}

// typed is what an address brings into the form: short, and valid text.
func typed(s string) string {
	s = strings.ToValidUTF8(s, "")
	return s[:min(len(s), 300)]
}

func (o *Office) render(w http.ResponseWriter, r *http.Request, status int, p *listPage) error {
	ctx := r.Context()
	p.Manager, p.Today = o.Actor(ctx).IsManager(), o.Clock.Today()
	if p.Values[merger.FieldDay] == "" {
		p.Values[merger.FieldDay] = locale.Date(nextSeptember(p.Today))
	}
	var err error
	if p.All, err = o.Mergers.Store.List(ctx, shown); err != nil {
		return err
	}
	return web.Render(w, r, status, listScreen(o.Shell(r).At(OfficePath), p))
}

// nextSeptember is the 1 September on which schools merge next.
func nextSeptember(today rinnova.Date) rinnova.Date {
	d := rinnova.Date{Year: today.Year, Month: 9, Day: 1}
	if d.Before(today) {
		d.Year++
	}
	return d
}

// proposal reads what is typed; codes stand on lines, or between commas or spaces.
func proposal(v url.Values) (merger.Proposal, rinnova.Problems) {
	var problems rinnova.Problems
	x := merger.Proposal{Into: v.Get(merger.FieldInto)}
	x.From = strings.FieldsFunc(strings.ToValidUTF8(v.Get(merger.FieldFrom), ""), func(c rune) bool { return strings.ContainsRune(" ,;\t\r\n", c) })
	day, wrong := locale.ParseDate(v.Get(merger.FieldDay))
	if !wrong.IsZero() {
		problems = append(problems, rinnova.Problem{Field: merger.FieldDay, Text: wrong})
	}
	x.Day = day
	return x, problems
}

// previewPage is what a merger would do, to be confirmed.
type previewPage struct {
	*merger.Preview
	Hash     string
	Choices  map[string]string
	Values   map[string]string
	Replaces string
	Refused  *rinnova.Error
	Now      bool // its day has come: it is carried out at once
}

func (o *Office) preview(w http.ResponseWriter, r *http.Request) error {
	return o.look(w, r, r.URL.Query(), nil)
}

// look shows what a merger would do, or the form again with what is wrong; why is why it was refused, where it was.
func (o *Office) look(w http.ResponseWriter, r *http.Request, v url.Values, why *rinnova.Error) error {
	values := map[string]string{}
	for _, name := range []string{merger.FieldFrom, merger.FieldInto, merger.FieldDay} {
		values[name] = typed(v.Get(name))
	}
	x, problems := proposal(v)
	p, found, err := o.Mergers.Preview(r.Context(), o.Actor(r.Context()), x, v.Get(fieldReplaces))
	if err != nil {
		return err
	}
	if problems = append(problems, found...); len(problems) > 0 {
		return o.render(w, r, http.StatusUnprocessableEntity, &listPage{Values: values, Replaces: v.Get(fieldReplaces), State: web.FormState{Problems: once(problems)}})
	}
	page := &previewPage{Preview: p, Values: values, Replaces: v.Get(fieldReplaces), Refused: why, Now: !p.Day.After(o.Clock.Today()), Choices: map[string]string{}}
	for _, d := range p.Duplicates {
		page.Choices[d.Key] = v.Get(choiceField(d))
	}
	if page.Hash, err = p.Hash(); err != nil {
		return err
	}
	status := http.StatusOK
	if why != nil {
		status = http.StatusConflict
	}
	return web.Render(w, r, status, previewScreen(o.Shell(r).At(OfficePath), page))
}

// once keeps the first problem of the day: one that cannot be read is missing too.
func once(all rinnova.Problems) rinnova.Problems {
	var out rinnova.Problems
	for _, p := range all {
		if p.Field != merger.FieldDay || len(out.Of(p.Field)) == 0 {
			out = append(out, p)
		}
	}
	return out
}

func (o *Office) merge(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	ctx, v := r.Context(), r.PostForm
	x, problems := proposal(v)
	if len(problems) > 0 {
		return o.look(w, r, v, nil)
	}
	order := merger.Order{Proposal: x, Hash: v.Get(fieldHash), Replaces: v.Get(fieldReplaces), Choices: map[string]string{}}
	for name := range v {
		if key, isChoice := strings.CutPrefix(name, "resta-"); isChoice {
			order.Choices[key] = v.Get(name)
		}
	}
	m, found, err := o.Mergers.Merge(ctx, o.Actor(ctx), order)
	if why, known := errors.AsType[*rinnova.Error](err); known && why.Kind == rinnova.Conflict {
		return o.look(w, r, v, why)
	}
	if err != nil {
		return err
	}
	if len(found) > 0 {
		return o.look(w, r, v, nil)
	}
	l := web.LangOf(ctx)
	if m.State == merger.Applied {
		o.Flash(ctx, l.T("Accorpamento eseguito"))
	} else {
		o.Flash(ctx, l.T("Accorpamento programmato per il %s", m.Preview.Day))
	}
	return web.Redirect(w, r, ShowPath(m.ID))
}

// showPage is a merger on the record.
type showPage struct {
	*merger.Merger
	Manager bool
}

func (o *Office) show(w http.ResponseWriter, r *http.Request) error {
	m, err := o.Mergers.Store.Merger(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, showScreen(o.Shell(r).At(OfficePath), &showPage{m, o.Actor(r.Context()).IsManager()}))
}

// again is the way back to the preview of a merger that is still to be carried out.
func (p *showPage) again() string {
	v := url.Values{merger.FieldInto: {p.Preview.Into.PortalCode}, merger.FieldDay: {locale.Date(p.Preview.Day)}, fieldReplaces: {p.ID}}
	var codes []string
	for _, f := range p.Preview.From {
		codes = append(codes, f.PortalCode)
	}
	v.Set(merger.FieldFrom, strings.Join(codes, " "))
	for key, owner := range p.Choices {
		v.Set("resta-"+key, owner)
	}
	return PreviewPath + "?" + v.Encode()
}

func (o *Office) cancel(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	if err := o.Mergers.Cancel(ctx, o.Actor(ctx), id); err != nil {
		return err
	}
	o.Flash(ctx, web.LangOf(ctx).T("Accorpamento annullato"))
	return web.Redirect(w, r, ShowPath(id))
}

// Card is the part of the office's page of a school that lists its mergers; no component where it is in none.
func (o *Office) Card(ctx context.Context, schoolID string) (templ.Component, error) {
	all, err := o.Mergers.Store.OfSchool(ctx, schoolID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return mergersCard(all), nil
}

// Home is the part of a school's home that says that it goes on in another, or that others go on in it; no component where
// neither is so.
func Home(schools merger.Schools) func(context.Context, rinnova.Actor) (templ.Component, error) {
	return func(ctx context.Context, actor rinnova.Actor) (templ.Component, error) {
		s, err := schools.School(ctx, actor.SchoolID)
		if err != nil {
			return nil, err
		}
		if s.MergedInto != "" {
			heir, err := schools.School(ctx, s.MergedInto)
			return goneOn(s, heir), err
		}
		merged, err := schools.MergedInto(ctx, s.ID)
		if err != nil || len(merged) == 0 {
			return nil, err
		}
		return joined(merged), nil
	}
}

// names are the schools that go on in another, in one line.
func names(p *merger.Preview) string {
	var out []string
	for _, f := range p.From {
		out = append(out, f.Name)
	}
	return strings.Join(out, ", ")
}
