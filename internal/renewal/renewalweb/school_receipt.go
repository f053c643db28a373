package renewalweb

import (
	"net/http"
	"strconv"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// receipt is one confirmation, as it was sent and what has become of it since.
type receipt struct {
	*renewal.View
	Revision *renewal.Revision
	Before   *renewal.Revision  // the confirmation that this one replaced; nil: none
	Changes  []renewal.Change   // against Before
	Contract *contract.Contract // nil: none yet
	Editable bool
}

func (h *School) receipt(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	p := receipt{View: v, Editable: v.Editable(h.today())}
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > v.Request.Revision {
		return rinnova.Fail(rinnova.NotFound, "Questa conferma non c’è.")
	}
	if p.Revision, err = h.Renewals.Store.Revision(r.Context(), v.Request.ID, n); err != nil {
		return err
	}
	if n > 1 {
		if p.Before, err = h.Renewals.Store.Revision(r.Context(), v.Request.ID, n-1); err != nil {
			return err
		}
		p.Changes = renewal.Changes(v.Proposal, p.Before, p.Revision)
	}
	if p.Contract, err = h.contract(r.Context(), v.Request); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, receiptPage(h.Shell(r), p))
}

// counts tells whether this is the confirmation that counts.
func (p receipt) counts() bool {
	return p.Revision.Number == p.Request.Revision && p.Request.State.Confirmed()
}

// orderSentence is the order in one sentence.
func orderSentence(l locale.Lang, o renewal.Order) string {
	said := l.T("CIG %s, ordine %s del %s. Pagamento: %s.", o.CIG, renewal.NumberWords(o.Number), o.Date, o.Payment.Name)
	switch {
	case o.CIG == "" && o.Reason != "":
		said = l.T("Senza CIG (%s: «%s»), ordine %s del %s. Pagamento: %s.", renewal.ExclusionName(o.Exclusion), o.Reason, renewal.NumberWords(o.Number), o.Date, o.Payment.Name)
	case o.CIG == "":
		said = l.T("Senza CIG (%s), ordine %s del %s. Pagamento: %s.", renewal.ExclusionName(o.Exclusion), renewal.NumberWords(o.Number), o.Date, o.Payment.Name)
	}
	if o.CUP != "" {
		said += " " + l.T("CUP: %s.", o.CUP)
	}
	return said
}

// step is a step of the way from the confirmation to the contract.
type step struct {
	Icon, Title, Text string
	Done, Now         bool
}

// class marks a step in the timeline.
func (s step) class() string {
	switch {
	case s.Done:
		return "done"
	case s.Now:
		return "now"
	}
	return ""
}

// way is the steps from the confirmation to the contract.
func (p receipt) way(l locale.Lang) []step {
	state := p.Request.State
	processed := state == renewal.Processed
	signed := p.Contract != nil && p.Contract.State != contract.Numbered
	sent := signed && p.Contract.State != contract.Signed
	out := []step{
		{Icon: "it-check-circle", Title: l.T("Conferma inviata"), Text: orderSentence(l, p.Revision.Order), Done: true},
		{Icon: "it-user", Title: l.T("L’ufficio controlla la richiesta"), Text: l.T("Se manca qualcosa vi scriviamo."), Done: processed, Now: !processed},
		{Icon: "it-sign", Title: l.T("Il contratto viene numerato e firmato digitalmente"), Text: l.T("Dopo l’elaborazione la richiesta non si può più cambiare."), Done: signed, Now: processed && !signed},
		{Icon: "it-mail", Title: l.T("Il contratto arriva all’e-mail della scuola"), Text: l.T("L’originale resta sempre nell’area riservata, in «Contratti»."), Done: sent, Now: signed && !sent},
	}
	if state == renewal.InReview {
		out[1].Text = l.T("L’ha presa in carico il %s. Se manca qualcosa vi scriviamo.", locale.When(p.Request.Taken.At))
	}
	for i := range out {
		if out[i].Done {
			out[i].Icon = "it-check-circle"
		}
	}
	return out
}
