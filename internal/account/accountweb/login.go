package accountweb

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/locale"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// LogoutPath is what the form «Disconnetti» posts to.
const LogoutPath = "/disconnetti"

// Where people land after the login when no page asked for it.
const (
	schoolHome = "/area"
	officeHome = "/ufficio"
)

// Handlers serve the way in and the way out.
type Handlers struct {
	Gate    *Gate
	Profile func(context.Context) (supplier.Profile, error)
	Purpose func(context.Context) (string, error) // what people come for now; "" is nothing in particular
	Shell   func(*http.Request) web.Shell
	Guides  func(locale.Lang) []web.Link

	Idle          time.Duration // how long sessions last that nobody uses
	PasswordGuide string        // path of the guide for those who have forgotten theirs; "" where there is none
}

// Routes are the pages of this package.
func (h *Handlers) Routes(m *web.Mux) {
	m.Handle("GET "+LoginPath, h.form)
	m.Handle("POST "+LoginPath, h.login)
	m.Handle("POST "+LogoutPath, h.logout)
	m.Handle("GET "+AskPath, h.askForm)
	m.Handle("POST "+AskPath, h.ask)
	m.Handle("GET "+mailedPath, h.mailed)
	m.Handle("GET "+LinkPath, h.linkForm)
	m.Handle("POST "+LinkPath, h.newPassword)
}

func (h *Handlers) form(w http.ResponseWriter, r *http.Request) error {
	actor, err := h.Gate.Who(r.Context())
	if err != nil {
		return err
	}
	if actor.AccountID != "" {
		return web.Redirect(w, r, home(actor, r.URL.Query().Get(FieldReturn)))
	}
	q := r.URL.Query()
	return h.show(w, r, http.StatusOK, LoginForm{Username: q.Get(FieldUsername), Return: q.Get(FieldReturn), Changed: q.Get(FieldChanged) == "1", Ended: q.Get(FieldEnded) == "1", Over: q.Get(FieldOver) == "1"})
}

func (h *Handlers) show(w http.ResponseWriter, r *http.Request, status int, f LoginForm) error {
	p, err := h.Profile(r.Context())
	if err != nil {
		return err
	}
	if f.Purpose, err = h.Purpose(r.Context()); err != nil {
		return err
	}
	f.Help, f.Back, f.Guides, f.Idle = p.Renewals, supplierHome, h.Guides(web.LangOf(r.Context())), h.Idle
	return web.Render(w, r, status, LoginPage(h.Shell(r), f))
}

const supplierHome = "/assistenza"

func (h *Handlers) login(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(r); err != nil {
		return err
	}
	f := LoginForm{Username: r.PostForm.Get(FieldUsername), Return: r.PostForm.Get(FieldReturn)}
	in, err := h.Gate.Accounts.Login(r.Context(), f.Username, r.PostForm.Get(FieldPassword), h.Gate.visitor(r))
	switch rinnova.KindOf(err) {
	case rinnova.Unauthenticated, rinnova.Invalid:
		f.Failed = message(err)
		return h.show(w, r, http.StatusUnprocessableEntity, f)
	case rinnova.TooMany:
		f.Wait = waitOf(w, err)
		return h.show(w, r, http.StatusTooManyRequests, f)
	case rinnova.Unavailable:
		f.Failed = message(err)
		w.Header().Set("Retry-After", "60")
		return h.show(w, r, http.StatusServiceUnavailable, f)
	}
	if err != nil {
		return err
	}
	if err := h.Gate.enter(r.Context(), in.Account); err != nil {
		return err
	}
	h.Gate.recognise(w, in.Device)
	return web.Redirect(w, r, home(in.Account.Actor(), f.Return))
}

// waitOf is until when somebody has to wait, with the header that says it to programs (RFC 9110, 10.2.3).
func waitOf(w http.ResponseWriter, err error) *account.Wait {
	wait, ok := errors.AsType[*account.Wait](err)
	if !ok {
		return nil
	}
	w.Header().Set("Retry-After", strconv.Itoa(wait.Seconds()))
	return wait
}

func message(err error) rinnova.Text {
	if e, ok := errors.AsType[*rinnova.Error](err); ok {
		return e.Message
	}
	return rinnova.Text{}
}

// home is the page that asked for the login where it is for this actor, else the actor's first page: the way in is the
// same for schools and the office.
func home(a rinnova.Actor, back string) string {
	first := schoolHome
	if a.IsOffice() {
		first = officeHome
	}
	p := web.LocalPath(back)
	if back == "" || p == "/" || a.IsOffice() != isOfficePage(p) {
		return first
	}
	return p
}

func isOfficePage(path string) bool {
	return path == officeHome || strings.HasPrefix(path, officeHome+"/")
}

func (h *Handlers) logout(w http.ResponseWriter, r *http.Request) error {
	actor, err := h.Gate.Who(r.Context())
	if err != nil {
		return err
	}
	if err := h.Gate.leave(r.Context()); err != nil { // before anything that may fail
		return err
	}
	if actor.AccountID != "" {
		if err := h.Gate.Accounts.LoggedOut(r.Context(), actor, h.Gate.visitor(r)); err != nil {
			return err
		}
	}
	return web.Redirect(w, r, supplierHome)
}
