package schoolweb

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/school"
	"rinnova/internal/web"
)

// schoolPage is what the office's page of a school shows.
type schoolPage struct {
	school.Standing
	Merged  []school.School // that go on in it
	Heir    school.School   // in which it goes on; zero: none
	Cards   []templ.Component
	Manager bool
	Merge   string // where a merger is proposed; empty: nowhere
	Today   rinnova.Date
}

func (d *Desk) show(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	actor := d.Actor(ctx)
	p := &schoolPage{Manager: actor.IsManager(), Today: d.Clock.Today()}
	var err error
	if p.Standing, err = d.Corrections.Look(ctx, actor, id); err != nil {
		return err
	}
	if p.Merged, err = d.Lists.MergedInto(ctx, id); err != nil {
		return err
	}
	if p.School.MergedInto != "" {
		if p.Heir, err = d.Lists.School(ctx, p.School.MergedInto); err != nil {
			return err
		}
	} else if p.Manager {
		p.Merge = d.Merge(p.School)
	}
	for _, card := range d.Cards {
		c, err := card(ctx, id)
		if err != nil {
			return err
		}
		if c != nil {
			p.Cards = append(p.Cards, c)
		}
	}
	return web.Render(w, r, http.StatusOK, schoolScreen(d.Shell(r).At(SchoolsPath), p))
}

// source says for the office where today's value of a field comes from.
func (p *schoolPage) source(l locale.Lang, f school.Field) string {
	switch p.Source(f) {
	case school.FromSchool:
		return l.T("Corretto dalla scuola")
	case school.FromMinistry:
		return l.T("Anagrafe del Ministero")
	case school.FromOffice:
		return l.T("Nostro ufficio")
	}
	return ""
}

// facts are what nobody corrects.
func (p *schoolPage) facts(l locale.Lang) []web.Datum {
	s := p.School
	out := []web.Datum{{Label: l.T("Codice meccanografico"), Value: s.MinistryCode}, {Label: l.T("Codice portale"), Value: s.PortalCode},
		{Label: l.T("Codice cliente"), Value: s.CustomerNumber}, {Label: l.T("Tipo"), Value: school.DisplayPlace(s.Type)}, {Label: l.T("Regione"), Value: school.DisplayPlace(s.Region)}}
	if s.Pupils > 0 {
		out = append(out, web.Datum{Label: l.T("Alunni, a.s. %s", s.PupilsYear), Value: locale.Count(s.Pupils)})
	} else {
		out = append(out, web.Datum{Label: l.T("Alunni"), Value: l.T("non noti")})
	}
	return out
}

// fieldVersion is the name of the hidden field that says which version of the school a form showed.
const fieldVersion = "versione"

// editPage is what the forms of a school's data and of its closing show.
type editPage struct {
	School  school.School // as it is today
	Values  map[string]string
	State   web.FormState
	Refused *rinnova.Error // nothing was written, and why
	Nothing bool           // the form was sent as it was
}

func (d *Desk) edited(r *http.Request) (*editPage, error) {
	actor := d.Actor(r.Context())
	if !actor.IsManager() {
		return nil, rinnova.Fail(rinnova.Forbidden, "Possono farlo solo i responsabili e gli amministratori.")
	}
	standing, err := d.Corrections.Look(r.Context(), actor, r.PathValue("id"))
	return &editPage{School: standing.School, Values: map[string]string{}}, err
}

func (d *Desk) form(w http.ResponseWriter, r *http.Request) error {
	p, err := d.edited(r)
	if err != nil {
		return err
	}
	for _, f := range school.Correctable {
		p.Values[string(f)] = p.School.Shown(f)
	}
	return web.Render(w, r, http.StatusOK, changePage(d.Shell(r).At(SchoolsPath), p))
}

func (d *Desk) change(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	ctx, id := r.Context(), r.PathValue("id")
	x := school.Edit{Version: version(r), Values: map[school.Field]string{}, Acknowledged: r.PostForm[web.AckField]}
	for _, f := range school.Correctable {
		if r.PostForm.Has(string(f)) {
			x.Values[f] = r.PostForm.Get(string(f))
		}
	}
	n, problems, err := d.Corrections.Change(ctx, d.Actor(ctx), id, x)
	if err == nil && n > 0 {
		d.Flash(ctx, web.LangOf(ctx).T("Dati della scuola cambiati"))
		return web.Redirect(w, r, SchoolPath(id))
	}
	return d.again(w, r, problems, err, changePage)
}

// again shows a form as it was sent, with what is wrong; an error that is no conflict is the answer itself.
func (d *Desk) again(w http.ResponseWriter, r *http.Request, problems rinnova.Problems, err error, page func(web.Shell, *editPage) templ.Component) error {
	why, known := errors.AsType[*rinnova.Error](err)
	if err != nil && (!known || why.Kind != rinnova.Conflict) {
		return err
	}
	p, err := d.edited(r)
	if err != nil {
		return err
	}
	for name := range r.PostForm {
		p.Values[name] = r.PostForm.Get(name)
	}
	p.State = web.FormState{Problems: problems, Acknowledged: r.PostForm[web.AckField]}
	p.Refused, p.Nothing = why, why == nil && len(problems) == 0
	status := http.StatusUnprocessableEntity
	if why != nil {
		status = http.StatusConflict
	}
	return web.Render(w, r, status, page(d.Shell(r).At(SchoolsPath), p))
}

func version(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PostForm.Get(fieldVersion), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// input is the field of the office's form for a value, with today's where the form holds another.
func (p *editPage) input(l locale.Lang, f school.Field) web.Input {
	in := inputOf(l, f, p.Values[string(f)], p.State)
	in.Required = in.Required && p.School.Shown(f) != ""
	if is := p.School.Shown(f); is != in.Value {
		in.Help = l.T("Oggi: %s", none(l, is))
	}
	return in
}

func (d *Desk) closing(w http.ResponseWriter, r *http.Request) error {
	p, err := d.edited(r)
	if err != nil {
		return err
	}
	p.Values[school.FieldClosedOn] = locale.Date(p.School.ClosedOn)
	return web.Render(w, r, http.StatusOK, closingPage(d.Shell(r).At(SchoolsPath), p))
}

func (d *Desk) close(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	ctx, id := r.Context(), r.PathValue("id")
	x := school.Closing{Version: version(r), Reason: paragraphs(r.PostForm.Get(school.FieldReason))}
	var problems rinnova.Problems
	if typed := strings.TrimSpace(r.PostForm.Get(school.FieldClosedOn)); typed != "" {
		day, wrong := locale.ParseDate(typed)
		if !wrong.IsZero() {
			problems = append(problems, rinnova.Problem{Field: school.FieldClosedOn, Text: wrong})
		}
		x.Day = day
	}
	var err error
	if len(problems) == 0 {
		problems, err = d.Corrections.Close(ctx, d.Actor(ctx), id, x)
	}
	if err != nil || len(problems) > 0 {
		return d.again(w, r, problems, err, closingPage)
	}
	d.Flash(ctx, web.LangOf(ctx).T("Chiusura registrata"))
	return web.Redirect(w, r, SchoolPath(id))
}
