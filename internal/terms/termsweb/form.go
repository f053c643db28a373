package termsweb

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/terms"
	"rinnova/internal/web"
)

// The buttons of the form, and what was looked at before publishing.
const (
	fieldAction = "azione"
	fieldSeen   = "visto"
	actLook     = "guarda"
	actPublish  = "pubblica"
)

// formPage is the form for a new version, with everything as it was typed. Once it has been looked at, it shows what would
// change.
type formPage struct {
	Kind                       terms.Kind
	Version, Title, From, Body string
	Before                     terms.Terms
	Looked                     *terms.Terms // as it would be published; nil: not looked at yet
	Changes                    []terms.Change
	State                      web.FormState
}

// seen tells what was looked at from anything else.
func (p *formPage) seen() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(p.Kind), p.Version, p.Title, p.From, p.Body}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// begin offers the newest text to go on from.
func (o *Office) begin(w http.ResponseWriter, r *http.Request) error {
	p := &formPage{Kind: terms.Kind(cmp.Or(r.FormValue(terms.FieldKind), string(terms.Assistance)))}
	if p.Kind.Label().IsZero() {
		return rinnova.Fail(rinnova.NotFound, "Questo testo non c’è. Scegliete dall’elenco.")
	}
	var err error
	if p.Before, err = o.Texts.Newest(r.Context(), p.Kind); err != nil {
		return err
	}
	p.Title, p.Body = p.Before.Title, p.Before.Next()
	return o.form(w, r, http.StatusOK, p)
}

func (o *Office) form(w http.ResponseWriter, r *http.Request, status int, p *formPage) error {
	return web.Render(w, r, status, formScreen(o.Shell(r), p))
}

// add shows what a version would change; once that was looked at, it publishes it.
func (o *Office) add(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p := &formPage{}
	t := p.read(r.PostForm)
	t, problems, err := o.Texts.Check(r.Context(), t)
	if err != nil {
		return err
	}
	p.State.Problems = append(p.State.Problems, without(problems, p.State.Problems)...)
	if len(p.State.Problems) == 0 && r.PostForm.Get(fieldAction) == actPublish && r.PostForm.Get(fieldSeen) == p.seen() {
		if t, p.State.Problems, err = o.Texts.Publish(r.Context(), o.Actor(r.Context()), t); err != nil {
			return err
		}
		if len(p.State.Problems) == 0 {
			o.Flash(r.Context(), web.LangOf(r.Context()).T("Versione %s pubblicata", t.Version))
			return web.Redirect(w, r, VersionPath(t.ID))
		}
	}
	if p.Before, err = o.Texts.Newest(r.Context(), p.Kind); err != nil {
		return err
	}
	if len(p.State.Problems) > 0 {
		return o.form(w, r, http.StatusUnprocessableEntity, p)
	}
	p.Looked, p.Changes = &t, t.Changes(p.Before)
	return o.form(w, r, http.StatusOK, p)
}

// read takes the version from a form. What is no date becomes a problem.
func (p *formPage) read(form url.Values) terms.Terms {
	p.Kind = terms.Kind(form.Get(terms.FieldKind))
	p.Version, p.Title, p.From, p.Body = form.Get(terms.FieldVersion), form.Get(terms.FieldTitle), form.Get(terms.FieldFrom), form.Get(terms.FieldBody)
	t := terms.Terms{Kind: p.Kind, Version: p.Version, Title: p.Title, Body: p.Body}
	if strings.TrimSpace(p.From) != "" {
		var wrong rinnova.Text
		if t.EffectiveFrom, wrong = locale.ParseDate(p.From); !wrong.IsZero() {
			p.State.Problems = append(p.State.Problems, rinnova.Problem{Field: terms.FieldFrom, Text: wrong})
		}
	}
	return t
}

// without are the problems of fields that have none yet.
func without(problems, of rinnova.Problems) rinnova.Problems {
	var out rinnova.Problems
	for _, x := range problems {
		if len(of.Of(x.Field)) == 0 {
			out = append(out, x)
		}
	}
	return out
}
