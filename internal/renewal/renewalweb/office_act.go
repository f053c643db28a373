package renewalweb

import (
	"errors"
	"net/http"
	"strings"
	"unicode"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// Fields of the forms that act on a request: what the clerk saw, and the reason of a return.
const (
	fieldRevision = "conferma"
	fieldState    = "stato_visto"
	fieldClerk    = "carico_visto"
	fieldReturn   = "motivo"
)

// sight is what the clerk's page showed when the clerk acted.
type sight struct {
	Revision int
	State    renewal.State
	Clerk    string // account id
}

// refusal is an action that was not done, with both sides: what the clerk saw and what is.
type refusal struct {
	Title string
	Why   rinnova.Text
	Seen  sight
}

func readSight(r *http.Request) (sight, error) {
	if err := web.ParseForm(r); err != nil {
		return sight{}, err
	}
	f := r.PostForm
	return sight{Revision: number(f.Get(fieldRevision), 0, 1<<30), State: known(renewal.State(f.Get(fieldState)), renewal.States), Clerk: web.Searched(f.Get(fieldClerk))}, nil
}

// namedRequest is the id of the request that an address names.
func namedRequest(r *http.Request) (string, error) {
	if id := r.PathValue("id"); rinnova.IsID(id) {
		return id, nil
	}
	return "", rinnova.Fail(rinnova.NotFound, "Questa richiesta non c’è.")
}

// refusedFor is why an action was refused; ok is false for an error that is no refusal.
func refusedFor(err error) (why *rinnova.Error, ok bool) {
	why, ok = errors.AsType[*rinnova.Error](err)
	return why, ok && (why.Kind == rinnova.Conflict || why.Kind == rinnova.Invalid)
}

// take takes a request in charge.
func (o *Office) take(w http.ResponseWriter, r *http.Request) error {
	s, err := readSight(r)
	if err != nil {
		return err
	}
	l := web.LangOf(r.Context())
	return o.done(w, r, s, l.T("Non è stata presa in carico"), func(id string) (string, error) {
		return l.T("Presa in carico"), o.Clerks.TakeInCharge(r.Context(), o.Actor(r.Context()), id, s.Revision, s.Clerk)
	})
}

// reopen opens a request again whose school has taken its notice back.
func (o *Office) reopen(w http.ResponseWriter, r *http.Request) error {
	s, err := readSight(r)
	if err != nil {
		return err
	}
	l := web.LangOf(r.Context())
	return o.done(w, r, s, l.T("Non è stata riaperta"), func(id string) (string, error) {
		return l.T("Riaperta: la scuola la può compilare di nuovo"), o.Clerks.Reopen(r.Context(), o.Actor(r.Context()), id)
	})
}

// done runs an action and goes back to the page of the request; where the action is refused, the page says so, with what
// the clerk saw and what is now.
func (o *Office) done(w http.ResponseWriter, r *http.Request, s sight, failed string, act func(id string) (success string, err error)) error {
	id, err := namedRequest(r)
	if err != nil {
		return err
	}
	success, err := act(id)
	if err != nil {
		return o.refuse(w, r, s, failed, err)
	}
	o.Flash(r.Context(), success)
	return web.Redirect(w, r, pageOf(r, id))
}

// pageOf is the page of the request that a form was sent from, with its place in the list.
func pageOf(r *http.Request, id string) string {
	if r.URL.RawQuery == "" {
		return requestPath(id)
	}
	return requestPath(id) + "?" + r.URL.Query().Encode()
}

// refuse shows the request as it is now, with the refusal; errors that are not refusals stay errors.
func (o *Office) refuse(w http.ResponseWriter, r *http.Request, s sight, title string, err error) error {
	why, ok := refusedFor(err)
	if !ok {
		return err
	}
	p, broken := o.request(r)
	if broken != nil {
		return broken
	}
	p.Refused = &refusal{Title: title, Why: why.Message, Seen: s}
	p.hold(s.Revision)
	p.Compared = compare(p)
	return web.Render(w, r, web.Status(err), requestPage(o.shell(r, p.Campaign), p))
}

// overtaken tells whether the request is no longer what the clerk saw.
func (p *officeRequest) overtaken() bool {
	s := p.Refused.Seen
	return s.Revision != p.Request.Revision || s.State != p.Request.State || s.Clerk != p.Request.Taken.By
}

// seenWords says what the clerk's page showed, and nowWords what is.
func (p *officeRequest) seenWords(l locale.Lang) string {
	s := p.Refused.Seen
	return p.standing(l, s.State, s.Revision, "")
}

func (p *officeRequest) nowWords(l locale.Lang) string {
	return p.standing(l, p.Request.State, p.Request.Revision, p.Request.Taken.Name)
}

// standing says where a request stands: Inviata, conferma n. 1, € 2.570,00.
func (p *officeRequest) standing(l locale.Lang, state renewal.State, revision int, clerk string) string {
	s := l.T("%s, conferma n. %d", state.Label(), revision)
	for _, v := range p.Revisions {
		if v.Number == revision {
			s = l.T("%s, imponibile %s", s, v.Totals.Taxable)
		}
	}
	if clerk != "" {
		s = l.T("%s, in carico a %s", s, clerk)
	}
	if p.Contract != nil && state == renewal.Processed {
		s = l.T("%s, contratto n. %s", s, p.Contract.Number)
	}
	return s
}

// returnPage is what the page of a return shows.
type returnPage struct {
	*officeRequest
	Reason string
	Form   web.FormState
}

// returnForm asks for the reason of a return.
func (o *Office) returnForm(w http.ResponseWriter, r *http.Request) error {
	p, err := o.request(r)
	if err != nil {
		return err
	}
	if !p.Request.State.Allows(renewal.SendBack) {
		_, err := p.Request.State.Next(renewal.SendBack)
		return err
	}
	return web.Render(w, r, http.StatusOK, sendBackPage(o.shell(r, p.Campaign), &returnPage{officeRequest: p}))
}

// sendBack returns a request to the school. A refusal keeps what was typed.
func (o *Office) sendBack(w http.ResponseWriter, r *http.Request) error {
	s, err := readSight(r)
	if err != nil {
		return err
	}
	reason := paragraphs(r.PostForm.Get(fieldReturn))
	id, err := namedRequest(r)
	if err != nil {
		return err
	}
	err = o.Clerks.Return(r.Context(), o.Actor(r.Context()), id, s.Revision, reason)
	if err == nil {
		o.Flash(r.Context(), web.LangOf(r.Context()).T("Rimandata alla scuola con il motivo"))
		return web.Redirect(w, r, pageOf(r, id))
	}
	return o.notSentBack(w, r, s, reason, err)
}

// notSentBack shows the form of a return again, with what was typed and why it was refused.
func (o *Office) notSentBack(w http.ResponseWriter, r *http.Request, s sight, reason string, err error) error {
	why, ok := refusedFor(err)
	if !ok {
		return err
	}
	p, broken := o.request(r)
	if broken != nil {
		return broken
	}
	page := &returnPage{officeRequest: p, Reason: reason}
	if why.Kind == rinnova.Invalid {
		page.Form.Problems = rinnova.Problems{{Field: fieldReturn, Text: why.Message}}
	} else {
		p.Refused = &refusal{Title: web.LangOf(r.Context()).T("Non è stata rimandata"), Why: why.Message, Seen: s}
	}
	return web.Render(w, r, web.Status(err), sendBackPage(o.shell(r, p.Campaign), page))
}

// paragraphs makes valid text of what was sent, with its line breaks.
func paragraphs(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if c != '\n' && unicode.IsControl(c) {
			return ' '
		}
		return c
	}, s))
}
