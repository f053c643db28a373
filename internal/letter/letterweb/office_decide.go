package letterweb

import (
	"errors"
	"net/http"
	"slices"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/web"
)

func (o *Office) askAccept(w http.ResponseWriter, r *http.Request) error {
	p, err := o.read(r)
	if err != nil {
		return err
	}
	if !p.mayAccept() {
		return web.Redirect(w, r, SchoolPath(p.School.ID))
	}
	return web.Render(w, r, http.StatusOK, acceptPage(o.Shell(r).At(OfficePath), p))
}

func (o *Office) accept(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	id := r.PathValue("id")
	err := o.Letters.Accept(r.Context(), o.Actor(r.Context()), id, r.PostForm.Get(fieldSeen))
	if why, refused := conflict(err); refused {
		return o.again(w, r, http.StatusConflict, "", nil, why, officeLetterPage)
	}
	if err != nil {
		return err
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Lettera accettata: l’accettazione parte per e-mail"))
	return web.Redirect(w, r, SchoolPath(id))
}

func (o *Office) askRedo(w http.ResponseWriter, r *http.Request) error {
	p, err := o.read(r)
	if err != nil {
		return err
	}
	if !p.mayRedo() {
		return web.Redirect(w, r, SchoolPath(p.School.ID))
	}
	return web.Render(w, r, http.StatusOK, redoPage(o.Shell(r).At(OfficePath), p))
}

func (o *Office) redo(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	id, reason := r.PathValue("id"), r.PostForm.Get(letter.FieldReason)
	problems, err := o.Letters.Redo(r.Context(), o.Actor(r.Context()), id, r.PostForm.Get(fieldSeen), reason)
	if why, refused := conflict(err); refused {
		return o.again(w, r, http.StatusConflict, reason, nil, why, redoPage)
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return o.again(w, r, http.StatusUnprocessableEntity, reason, problems, rinnova.Text{}, redoPage)
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("La scuola è avvisata per e-mail"))
	return web.Redirect(w, r, SchoolPath(id))
}

// again shows a page with what was typed and why it was not done.
func (o *Office) again(w http.ResponseWriter, r *http.Request, status int, reason string, problems rinnova.Problems, why rinnova.Text, draw pageOf) error {
	p, err := o.read(r)
	if err != nil {
		return err
	}
	p.Reason, p.State.Problems, p.Refused = reason, problems, why
	return web.Render(w, r, status, draw(o.Shell(r).At(OfficePath), p))
}

func conflict(err error) (rinnova.Text, bool) {
	e, ok := errors.AsType[*rinnova.Error](err)
	if !ok || e.Kind != rinnova.Conflict {
		return rinnova.Text{}, false
	}
	return e.Message, true
}

// mayAccept and mayRedo tell what the office can say of the last signed file now.
func (p *officeLetter) mayAccept() bool {
	return slices.Contains([]letter.State{letter.Sent, letter.ToRedo}, p.Standing.State) && !p.LastSigned().Facts.Unfit()
}

func (p *officeLetter) mayRedo() bool {
	return slices.Contains([]letter.State{letter.Sent, letter.Accepted}, p.Standing.State)
}
