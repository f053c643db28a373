package renewalweb

import (
	"errors"
	"net/http"
	"strconv"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

func noticePath(id string) string { return RenewalPath(id) + "/non-rinnovate" }

// notice is the page on which a school says that it renews nothing.
type notice struct {
	*renewal.View
	Vendor supplier.Profile
	Last   *renewal.Revision // the confirmation that would count no more; nil: none
	Today  rinnova.Date
	Form   renewal.NoticeForm
	State  web.FormState
	Why    rinnova.Text // why what was just sent does not count
}

// askNotice is that page, or what to do where it cannot be said any more.
func (h *School) askNotice(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if v.Request.State.Closed() {
		return web.Redirect(w, r, RenewalPath(v.Request.ID))
	}
	return h.showNotice(w, r, http.StatusOK, notice{View: v})
}

func (h *School) showNotice(w http.ResponseWriter, r *http.Request, status int, p notice) error {
	var err error
	p.Today = h.today()
	if p.Vendor, err = h.profile(r.Context()); err != nil {
		return err
	}
	if p.Last, err = h.last(r.Context(), p.Request); err != nil {
		return err
	}
	return web.Render(w, r, status, noticePage(h.Shell(r), p))
}

// giveNotice takes what the page sends.
func (h *School) giveNotice(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if err := web.ParseForm(r); err != nil {
		return err
	}
	f := r.PostForm
	seen, err := strconv.Atoi(f.Get(fieldSeen))
	if err != nil {
		seen = -1 // no confirmation has this number
	}
	form := renewal.NoticeForm{Seen: seen, Sure: f.Get(renewal.FieldNoticeSure) != "",
		Leaving: renewal.Leaving{Why: renewal.Why(f.Get(renewal.FieldNoticeWhy)), Words: line(f.Get(renewal.FieldNoticeWords))}}
	problems, err := h.Renewals.GiveNotice(r.Context(), h.Actor(r.Context()), v.Request.ID, form)
	if known, refused := errors.AsType[*rinnova.Error](err); refused && known.Kind == rinnova.Conflict {
		if v, err = h.view(r); err != nil {
			return err
		}
		return h.showNotice(w, r, http.StatusConflict, notice{View: v, Form: form, Why: known.Message})
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return h.showNotice(w, r, http.StatusUnprocessableEntity, notice{View: v, Form: form, State: web.FormState{Problems: problems}})
	}
	h.Sessions.Flash(r.Context(), web.LangOf(r.Context()).T("Avete comunicato che non rinnovate"))
	return web.Redirect(w, r, RenewalPath(v.Request.ID))
}

// labels are how the fields are called in the summary of what is missing.
func (p notice) labels(l locale.Lang) map[string]string {
	return map[string]string{renewal.FieldNoticeWhy: l.T("Motivo"), renewal.FieldNoticeWords: l.T("Con parole vostre"), renewal.FieldNoticeSure: l.T("La vostra decisione")}
}

// noticeWhys are the reasons for renewing nothing; one has to be chosen.
func noticeWhys(l locale.Lang) []web.Option {
	out := whys(l)
	out[0].Text = l.T("Scegliete…")
	return out
}

// declinedWords say when a school gave notice, and why.
func declinedWords(l locale.Lang, n renewal.Notice) string {
	if n.IsZero() {
		return l.T("Avete comunicato il %s che questa volta non rinnovate.", locale.When(n.At))
	}
	return l.T("Avete comunicato il %s che questa volta non rinnovate. Motivo: %s.", locale.When(n.At), n.Text())
}
