package renewalweb

import (
	"context"
	"errors"
	"net/http"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// answer takes the renewal form, whatever button was pressed. Everything typed is kept as a draft first.
func (h *School) answer(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if v.Request.State == renewal.Offered && !v.Proposal.BandChosen(v.Request) && v.Editable(h.today()) {
		return web.Redirect(w, r, bandPath(v.Request.ID)) // no form was shown yet: the school says its band first
	}
	a, err := parseAnswer(r)
	if err != nil {
		return err
	}
	if !v.Proposal.Bands.Has(v.Request.Draft.Band) {
		a.Draft.Band = 0 // another page asks for it first
	}
	if outdated(v, a) && !alreadySent(v, a) && v.Editable(h.today()) {
		return h.overtaken(w, r, v, a)
	}
	if a.Action == actionConfirm {
		return h.confirm(w, r, v, a)
	}
	actor := h.Actor(r.Context())
	if err := h.Renewals.Save(r.Context(), actor, v.Request.ID, a.Draft); err != nil {
		return h.refused(w, r, a, err)
	}
	switch a.Action {
	case actionTakeOrder:
		if err := h.Renewals.TakeOrder(r.Context(), actor, v.Request.ID); err != nil {
			return h.refused(w, r, a, err)
		}
		return web.Redirect(w, r, RenewalPath(v.Request.ID)+"#ordine")
	case actionLeave:
		l := web.LangOf(r.Context())
		h.Sessions.Flash(r.Context(), l.T("Bozza salvata alle %s", locale.Clock(h.Renewals.Clock())))
		return web.Redirect(w, r, AreaPath)
	case actionPrint:
		return web.Redirect(w, r, reminderPath(v.Request.ID))
	case actionBand:
		return web.Redirect(w, r, bandPath(v.Request.ID))
	case actionUndo:
		if !web.IsPartial(r) {
			return web.Redirect(w, r, undoPath(v.Request.ID))
		}
	}
	return h.again(w, r, a)
}

// alreadySent tells whether the form repeats a confirmation that counts: the button was pressed twice, or the page was
// sent again. Confirm then gives the same confirmation.
func alreadySent(v *renewal.View, a answer) bool {
	return a.Action == actionConfirm && a.Seen == v.Request.Revision-1 && v.Request.State.Confirmed()
}

// outdated tells whether something has happened since the form was shown that its reader should see first.
func outdated(v *renewal.View, a answer) bool {
	return a.Seen != v.Request.Revision || a.SentBack < v.Request.SentBack || otherBand(v, a)
}

// otherBand tells whether the form showed the amounts of another band than the one that has been chosen since, in another window or by
// a colleague. What is confirmed is always what the form showed: the proposal never changes, and its amounts come from band and ticks.
func otherBand(v *renewal.View, a answer) bool {
	return v.Proposal.Bands.Several() && v.Proposal.Bands.Has(v.Request.Draft.Band) && a.Draft.Band != v.Request.Draft.Band
}

// again shows the form, or its parts that change, after the draft was kept.
func (h *School) again(w http.ResponseWriter, r *http.Request, a answer) error {
	f, err := h.reread(r.Context(), r, a)
	if err != nil {
		return err
	}
	f.AskUndo = a.Action == actionUndo
	switch {
	case !web.IsPartial(r):
		return web.Render(w, r, http.StatusOK, formPage(h.Shell(r), f))
	case a.Explain != "":
		return web.Render(w, r, http.StatusOK, explainPatch(f, a.Explain))
	}
	return web.Render(w, r, http.StatusOK, recalculated(f))
}

// reread is the form with the draft as it is kept now and what a draft does not hold.
func (h *School) reread(ctx context.Context, r *http.Request, a answer) (*form, error) {
	v, err := h.view(r)
	if err != nil {
		return nil, err
	}
	f, err := h.form(ctx, v)
	if err != nil {
		return nil, err
	}
	f.Accepted, f.Unchanged, f.Explained, f.Asked = a.Accept && a.Terms == v.Season.Terms.Version, a.Unchanged, a.Explained, a.Asked
	a.Stopped = a.Stopped && web.IsPartial(r) // a page that comes whole begins anew
	f.judge(a)
	return f, nil
}

func (h *School) confirm(w http.ResponseWriter, r *http.Request, v *renewal.View, a answer) error {
	rev, problems, err := h.Renewals.Confirm(r.Context(), h.Actor(r.Context()), v.Request.ID, a.Answer)
	if err != nil {
		return h.refused(w, r, a, err)
	}
	if len(problems) == 0 {
		return web.Redirect(w, r, receiptPath(v.Request.ID, rev.Number))
	}
	f, err := h.reread(r.Context(), r, a)
	if err != nil {
		return err
	}
	f.refuse(problems)
	return web.Render(w, r, http.StatusUnprocessableEntity, formPage(h.Shell(r), f))
}

// refused answers where the state of things does not allow what was asked: another confirmation came in between, or the
// request can no longer be changed. Other errors pass.
func (h *School) refused(w http.ResponseWriter, r *http.Request, a answer, why error) error {
	if rinnova.KindOf(why) != rinnova.Conflict || web.IsPartial(r) {
		return why
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if v.Editable(h.today()) {
		if !outdated(v, a) {
			return why
		}
		return h.overtaken(w, r, v, a)
	}
	known, _ := errors.AsType[*rinnova.Error](why)
	return h.showFrozen(w, r, v, a, known.Message)
}

// overtaken shows the form with what was typed, beside what has happened meanwhile: a colleague has confirmed, the office has sent
// the request back, or another band was chosen. Nothing is kept yet: the reader decides.
func (h *School) overtaken(w http.ResponseWriter, r *http.Request, v *renewal.View, a answer) error {
	if a.Seen < 0 || a.Seen > v.Request.Revision {
		return rinnova.Fail(rinnova.Invalid, "I dati non sono arrivati interi. Tornate alla pagina e inviateli di nuovo.")
	}
	confirmed := a.Seen != v.Request.Revision
	returned := !confirmed && a.SentBack < v.Request.SentBack
	switch {
	case web.IsPartial(r) && returned:
		return rinnova.Fail(rinnova.Conflict, "Nel frattempo l’ufficio ha rimandato la richiesta: quello che scrivete qui non viene più salvato. Premete «Conferma dati» per leggere il motivo.")
	case web.IsPartial(r) && !confirmed:
		return rinnova.Fail(rinnova.Conflict, "Nel frattempo è stata scelta un’altra fascia di alunni, con altri importi: quello che scrivete qui non viene più salvato. Premete «Conferma dati» per vederli.")
	case web.IsPartial(r):
		return rinnova.Fail(rinnova.Conflict, "Nel frattempo un collega ha inviato la conferma n. %d: quello che scrivete qui non viene più salvato. Premete «Conferma dati» per vedere le differenze.", v.Request.Revision)
	}
	typed(v, a)
	f, err := h.form(r.Context(), v)
	if err != nil {
		return err
	}
	f.Overtaken, f.Meanwhile, f.Accepted, f.Explained = confirmed, returned, a.Accept, a.Explained
	if otherBand(v, a) {
		f.WasBand = &a.Draft.Band
	}
	if f.Last != nil {
		f.Changes = f.changes()
	}
	return web.Render(w, r, http.StatusConflict, formPage(h.Shell(r), f))
}

// typed puts what was sent in place of the draft, for showing it; lines that the proposal does not have are left out.
func typed(v *renewal.View, a answer) {
	draft := a.Draft
	draft.Band, draft.BandSeen, draft.Ticks = v.Request.Draft.Band, v.Request.Draft.BandSeen, nil
	ticks := renewal.NewTicks(a.Draft.Ticks...)
	for _, x := range v.Proposal.Lines {
		if ticks[x.ID] {
			draft.Ticks = append(draft.Ticks, x.ID)
		}
	}
	if a.SentBack < v.Request.SentBack {
		draft.Order.Acknowledged = nil // what the office has sent back is asked again
	}
	v.Request.Draft, v.Request.Pending = draft, true
}
