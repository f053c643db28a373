package accountweb

import (
	"net/http"
	"net/url"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountmail"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// Paths of the pages for those who have forgotten their password. The mail knows the first and the last.
const (
	AskPath    = accountmail.AskPath
	LinkPath   = accountmail.LinkPath
	mailedPath = "/password/posta"
)

// FieldSecret carries the secret of a link.
const FieldSecret = accountmail.FieldSecret

const fieldTicket = "per" // of the page that says where the mail went

// askPage is what the page shows that asks for the user name.
type askPage struct {
	Username string
	State    web.FormState
	Wait     *account.Wait
	Help     supplier.Contact
	Guide    string // path; "" where there is none
}

func (h *Handlers) askForm(w http.ResponseWriter, r *http.Request) error {
	return h.showAsk(w, r, http.StatusOK, askPage{Username: r.URL.Query().Get(FieldUsername)})
}

func (h *Handlers) showAsk(w http.ResponseWriter, r *http.Request, status int, p askPage) error {
	profile, err := h.Profile(r.Context())
	if err != nil {
		return err
	}
	p.Help, p.Guide = profile.Renewals, h.PasswordGuide
	return web.Render(w, r, status, askForm(h.Shell(r), p))
}

// ask takes the request for a new password. Nothing that can be seen depends on whether the user exists.
func (h *Handlers) ask(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p := askPage{Username: r.PostForm.Get(FieldUsername)}
	to, err := h.Gate.Accounts.AskReset(r.Context(), p.Username, h.Gate.visitor(r))
	switch rinnova.KindOf(err) {
	case rinnova.Invalid:
		p.State.Problems = rinnova.Problems{{Field: FieldUsername, Text: message(err)}}
		return h.showAsk(w, r, http.StatusUnprocessableEntity, p)
	case rinnova.TooMany:
		p.Wait = waitOf(w, err)
		return h.showAsk(w, r, http.StatusTooManyRequests, p)
	}
	if err != nil {
		return err
	}
	ticket, err := h.Gate.Accounts.Ticket(r.Context(), to)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, mailedPath+"?"+fieldTicket+"="+url.QueryEscape(ticket))
}

func (h *Handlers) mailed(w http.ResponseWriter, r *http.Request) error {
	to, ok, err := h.Gate.Accounts.OfTicket(r.Context(), r.URL.Query().Get(fieldTicket))
	if err != nil {
		return err
	}
	if !ok {
		return web.Redirect(w, r, AskPath)
	}
	profile, err := h.Profile(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, mailedPage(h.Shell(r), to, profile.Renewals))
}

// linkPage is what the page of a link shows.
type linkPage struct {
	Secret  string
	Account account.Account
	State   web.FormState
}

// linkForm shows the form of a link, to whoever looks and however often: mail programs open links before people do.
func (h *Handlers) linkForm(w http.ResponseWriter, r *http.Request) error {
	secret := r.URL.Query().Get(FieldSecret)
	a, err := h.Gate.Accounts.OfLink(r.Context(), secret)
	return h.showLink(w, r, http.StatusOK, linkPage{Secret: secret, Account: a}, err)
}

func (h *Handlers) newPassword(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	p := linkPage{Secret: r.PostForm.Get(FieldSecret)}
	in, problems, err := h.Gate.Accounts.NewPassword(r.Context(), p.Secret, r.PostForm.Get(account.FieldNew), r.PostForm.Get(account.FieldAgain), h.Gate.visitor(r))
	p.Account, p.State.Problems = in.Account, problems
	if err != nil || len(p.State.Problems) > 0 {
		return h.showLink(w, r, http.StatusUnprocessableEntity, p, err)
	}
	if err := h.Gate.leave(r.Context()); err != nil { // whoever was here comes in anew
		return err
	}
	h.Gate.recognise(w, in.Device)
	return web.Redirect(w, r, LoginPath+"?"+FieldChanged+"=1&"+FieldUsername+"="+url.QueryEscape(p.Account.Username))
}

// showLink shows the form, or that the link is over. Where the page leads to, nobody learns from which address: it has the
// secret in it. (Not no-referrer: with it browsers hide where a form comes from, and on plain http nothing else tells.)
func (h *Handlers) showLink(w http.ResponseWriter, r *http.Request, status int, p linkPage, err error) error {
	w.Header().Set("Referrer-Policy", "strict-origin")
	switch {
	case rinnova.KindOf(err) == rinnova.Conflict:
		return web.Render(w, r, http.StatusGone, overPage(h.Shell(r)))
	case err != nil:
		return err
	}
	return web.Render(w, r, status, linkForm(h.Shell(r), p))
}
