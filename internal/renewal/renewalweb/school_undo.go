package renewalweb

import (
	"net/http"
	"strconv"

	"rinnova"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// fieldBackTo says what the draft goes back to: the number of the confirmation that counts, or nothing for the proposal.
const fieldBackTo = "torna"

// askUndo asks before the draft goes back, and to what.
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
	if err := web.ParseForm(r); err != nil {
		return err
	}
	ctx, l, actor, id := r.Context(), web.LangOf(r.Context()), h.Actor(r.Context()), r.PathValue("id")
	to := r.PostForm.Get(fieldBackTo)
	if to == "" {
		if err := h.Renewals.Undo(ctx, actor, id); err != nil {
			return err
		}
		h.Sessions.Flash(ctx, l.T("Modifiche annullate: le scelte sono di nuovo quelle della proposta"))
		return web.Redirect(w, r, RenewalPath(id))
	}
	n, err := strconv.Atoi(to)
	if err != nil {
		return rinnova.Fail(rinnova.Invalid, "I dati non sono arrivati interi. Tornate alla pagina e inviateli di nuovo.")
	}
	if err := h.Renewals.Restore(ctx, actor, id, n); err != nil {
		return err
	}
	h.Sessions.Flash(ctx, l.T("Modifiche annullate: la bozza dice di nuovo quello che avete confermato con la n. %d", n))
	return web.Redirect(w, r, RenewalPath(id))
}

// confirmationComesBack says what going back to the confirmation does.
func confirmationComesBack(l locale.Lang, v *renewal.View, last *renewal.Revision) string {
	day, amount, goods := rinnova.DateOf(last.At), last.Totals.Taxable, v.Proposal.Kind.Traits().Goods
	if !v.Proposal.Bands.Several() {
		return l.T("Alla conferma del %s (%s + IVA): %s e dati dell’ordine tornano come li avete confermati, e non resta nessuna modifica in sospeso.", day, amount, goods)
	}
	return l.T("Alla conferma del %s (%s + IVA): fascia, %s e dati dell’ordine tornano come li avete confermati, e non resta nessuna modifica in sospeso.", day, amount, goods)
}

// proposalComesBack says what going back to the proposal does.
func proposalComesBack(l locale.Lang, v *renewal.View) string {
	day, amount := rinnova.DateOf(v.Proposal.MadeAt), v.Proposal.Totals(v.Request.Draft.Band, v.Proposal.StartTicks()).Taxable
	if !v.Proposal.Bands.Several() {
		return l.T("Tornano i %s della proposta del %s (%s + IVA). I dati dell’ordine restano come li avete scritti.", v.Proposal.Kind.Traits().Goods, day, amount)
	}
	return l.T("Tornano i %s della proposta del %s (%s + IVA). La fascia e i dati dell’ordine restano come li avete scritti.", v.Proposal.Kind.Traits().Goods, day, amount)
}

// stillCounts says what counts whichever way the draft goes back.
func stillCounts(l locale.Lang, v *renewal.View, last *renewal.Revision) string {
	if v.Request.State.Confirmed() {
		return l.T("In ogni caso vale la conferma n. %d, finché non ne inviate un’altra.", last.Number)
	}
	return l.T("In ogni caso la richiesta è ferma finché non confermate di nuovo.")
}
