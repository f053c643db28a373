package renewalweb

import (
	"net/http"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// askUndo asks before the products of the proposal come back.
func (h *School) askUndo(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	if !v.Editable(h.today()) {
		return web.Redirect(w, r, RenewalPath(v.Request.ID))
	}
	last, err := h.last(r.Context(), v.Request)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, undoPage(h.Shell(r), v, last))
}

func (h *School) undo(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := h.Renewals.Undo(r.Context(), h.Actor(r.Context()), id); err != nil {
		return err
	}
	h.Sessions.Flash(r.Context(), web.LangOf(r.Context()).T("Sono tornati i prodotti della proposta"))
	return web.Redirect(w, r, RenewalPath(id))
}

// undoConsequence says what giving up the changes does, and what it does not touch.
func undoConsequence(l locale.Lang, v *renewal.View, last *renewal.Revision) string {
	t := v.Proposal.Totals(v.Request.Draft.Band, v.Proposal.StartTicks())
	if last != nil && v.Request.State.Confirmed() {
		return l.T("Tornano i prodotti della proposta del %s (%s + IVA); i dati dell’ordine restano come li avete scritti. La conferma n. %d già inviata resta valida.",
			rinnova.DateOf(v.Proposal.MadeAt), t.Taxable, last.Number)
	}
	return l.T("Tornano i prodotti della proposta del %s (%s + IVA); i dati dell’ordine restano come li avete scritti.", rinnova.DateOf(v.Proposal.MadeAt), t.Taxable)
}
