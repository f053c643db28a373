// Package termsweb is the office's pages of the texts that bind: their versions, what changed from one to the next, and a new
// one. Everybody of the office reads; managers and administrators publish.
package termsweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/terms"
	"rinnova/internal/web"
)

// Path is the list of versions.
const Path = "/ufficio/condizioni"

// VersionPath is the page of a version.
func VersionPath(id string) string { return Path + "/" + url.PathEscape(id) }

// newPath is the form for a new version of a text.
func newPath(k terms.Kind) string {
	return Path + "/nuova?" + url.Values{terms.FieldKind: {string(k)}}.Encode()
}

// Office serves the pages. Its routes belong behind the guard of the office.
type Office struct {
	Texts *terms.Service
	Actor func(context.Context) rinnova.Actor
	Clock rinnova.Clock
	Shell func(*http.Request) web.Shell
	Flash func(ctx context.Context, sentence string)
}

// Routes are the pages.
func (o *Office) Routes(m *web.Mux) {
	publish := m.With(o.onlyManagers)
	m.Handle("GET "+Path, o.list)
	publish.Handle("GET "+Path+"/nuova", o.begin)
	publish.Limit(8*terms.MaxBody).Handle("POST "+Path+"/nuova", o.add)
	m.Handle("GET "+Path+"/{id}", o.version)
	publish.Handle("GET "+Path+"/{id}/togli", o.askTakeBack)
	publish.Handle("POST "+Path+"/{id}/togli", o.takeBack)
}

// onlyManagers keeps out who may only read.
func (o *Office) onlyManagers(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := terms.May(o.Actor(r.Context())); err != nil {
			return err
		}
		return next(w, r)
	}
}

func (o *Office) publishes(r *http.Request) bool { return terms.May(o.Actor(r.Context())) == nil }

// standing is where a version stands: the text in force, one to come, or an old one.
type standing int

const (
	old standing = iota
	inForce
	toCome
)

// versionRow is a version in the list.
type versionRow struct {
	terms.Terms
	Standing standing
}

// text is one of the texts with its versions.
type text struct {
	Kind     terms.Kind
	Versions []versionRow
}

// texts are the versions as the list shows them: by kind, the newest first.
func texts(all []terms.Terms, today rinnova.Date) []text {
	var out []text
	for _, k := range terms.Kinds {
		t, found := text{Kind: k}, false
		for _, v := range all {
			if v.Kind != k {
				continue
			}
			row := versionRow{Terms: v}
			switch {
			case today.Before(v.EffectiveFrom):
				row.Standing = toCome
			case !found:
				row.Standing, found = inForce, true
			}
			t.Versions = append(t.Versions, row)
		}
		out = append(out, t)
	}
	return out
}

func (o *Office) list(w http.ResponseWriter, r *http.Request) error {
	all, err := o.Texts.Versions(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, listScreen(o.Shell(r), texts(all, o.Clock.Today()), o.publishes(r)))
}

// versionPage is one version, beside the one before it.
type versionPage struct {
	terms.Terms
	Before    terms.Terms
	Changes   []terms.Change
	ToCome    bool
	Publishes bool
}

func (o *Office) page(r *http.Request) (*versionPage, error) {
	t, err := o.Texts.Terms(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p := &versionPage{Terms: t, ToCome: o.Clock.Today().Before(t.EffectiveFrom), Publishes: o.publishes(r)}
	if p.Before, err = o.Texts.Before(r.Context(), t); err != nil {
		return nil, err
	}
	p.Changes = t.Changes(p.Before)
	return p, nil
}

func (o *Office) version(w http.ResponseWriter, r *http.Request) error {
	p, err := o.page(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, versionScreen(o.Shell(r), p))
}

func (o *Office) askTakeBack(w http.ResponseWriter, r *http.Request) error {
	p, err := o.page(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, takeBackScreen(o.Shell(r), p.Terms))
}

func (o *Office) takeBack(w http.ResponseWriter, r *http.Request) error {
	if err := o.Texts.TakeBack(r.Context(), o.Actor(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Versione tolta"))
	return web.Redirect(w, r, Path)
}

// shown is a paragraph as people read it: what is filled in for each school stands in square brackets.
func shown(s string) string { return strings.NewReplacer("{{", "[", "}}", "]").Replace(s) }

func labels(l locale.Lang) map[string]string {
	return map[string]string{
		terms.FieldKind: l.T("Testo"), terms.FieldVersion: l.T("Versione"), terms.FieldTitle: l.T("Titolo"), terms.FieldFrom: l.T("Vale dal"), terms.FieldBody: l.T("Testo"),
	}
}
