package renewalweb

import (
	"net/http"

	"rinnova"
	"rinnova/internal/web"
)

// find leads from a request's number, which mails carry, to its page.
func (h *School) find(w http.ResponseWriter, r *http.Request) error {
	q, err := h.Renewals.Store.RequestByNumber(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	if !h.Actor(r.Context()).IsSchool(q.SchoolID) {
		return rinnova.Fail(rinnova.NotFound, "Questa richiesta non c’è, o non è della vostra scuola.")
	}
	return web.Redirect(w, r, RenewalPath(q.ID))
}
