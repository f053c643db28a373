// Package schoolweb is the pages of the schools' data: the school sees what the vendor has and where it comes from and asks for
// corrections; the office decides on them.
package schoolweb

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"rinnova"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolmail"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// Paths of the pages.
const (
	DataPath    = schoolmail.DataPath
	CorrectPath = DataPath + "/correzione"
	OfficePath  = "/ufficio/correzioni"
)

// ShowPath is the office's page of a correction.
func ShowPath(id string) string { return OfficePath + "/" + id }

// School serves the school's pages. Its routes belong behind the guard of the schools.
type School struct {
	Corrections *school.Corrections
	Profile     func(context.Context) (supplier.Profile, error) // the vendor's settings
	Actor       func(context.Context) rinnova.Actor             // who has logged in
	Shell       func(*http.Request) web.Shell
	Renewal     string // where the renewal goes on
}

// Routes are the school's pages of its data.
func (h *School) Routes(m *web.Mux) {
	m.Handle("GET "+DataPath, h.show)
	m.Handle("GET "+CorrectPath, h.form)
	m.Handle("POST "+CorrectPath, h.send)
}

// dataPage is what the page of the data shows.
type dataPage struct {
	school.Standing
	Vendor  supplier.Profile
	Renewal string
}

func (h *School) page(r *http.Request) (dataPage, error) {
	standing, err := h.Corrections.Mine(r.Context(), h.Actor(r.Context()))
	if err != nil {
		return dataPage{}, err
	}
	vendor, err := h.Profile(r.Context())
	return dataPage{standing, vendor, h.Renewal}, err
}

func (h *School) show(w http.ResponseWriter, r *http.Request) error {
	p, err := h.page(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, showPage(h.Shell(r), p))
}

// formPage is what the form of a correction shows.
type formPage struct {
	dataPage
	Values, Seen map[school.Field]string // what is in the fields, and what was there at first
	Note         string
	State        web.FormState
	Nothing      bool // the form was sent as it was
}

func (h *School) form(w http.ResponseWriter, r *http.Request) error {
	p, err := h.page(r)
	if err != nil {
		return err
	}
	f := formPage{dataPage: p, Values: map[school.Field]string{}}
	for _, x := range school.Correctable {
		f.Values[x] = p.Offered(x)
	}
	f.Seen = f.Values
	return web.Render(w, r, http.StatusOK, correctPage(h.Shell(r), f))
}

// seen is the name of the hidden field that says what a field showed at first.
func seen(f school.Field) string { return "shown-" + string(f) }

func (h *School) send(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	a := school.Asked{Values: map[school.Field]string{}, Shown: map[school.Field]string{}, Note: paragraphs(r.PostForm.Get(school.FieldNote)), Acknowledged: r.PostForm[web.AckField]}
	for _, f := range school.Correctable {
		if r.PostForm.Has(string(f)) {
			a.Values[f] = r.PostForm.Get(string(f))
			a.Shown[f] = r.PostForm.Get(seen(f))
		}
	}
	out, problems, err := h.Corrections.Propose(r.Context(), h.Actor(r.Context()), a)
	if err != nil {
		return err
	}
	if out.Asked+out.Withdrawn > 0 {
		return web.Redirect(w, r, DataPath)
	}
	p, err := h.page(r)
	if err != nil {
		return err
	}
	f := formPage{dataPage: p, Values: a.Values, Seen: a.Shown, Note: a.Note, Nothing: len(problems) == 0,
		State: web.FormState{Problems: problems, Acknowledged: a.Acknowledged}}
	return web.Render(w, r, http.StatusUnprocessableEntity, correctPage(h.Shell(r), f))
}

// paragraphs is text of several lines as it is kept.
func paragraphs(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		switch {
		case c != '\n' && unicode.IsControl(c):
			return ' '
		case unicode.In(c, unicode.Cf):
			return -1
		}
		return c
	}, s))
}
