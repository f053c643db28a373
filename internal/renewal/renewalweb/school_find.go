package renewalweb

import (
	"net/http"
	"strings"

	"rinnova/internal/web"
)

// find leads from a request's number, which mails carry, to its page.
func (h *School) find(w http.ResponseWriter, r *http.Request) error {
	if !isCode(r.PathValue("number")) {
		return noRequest()
	}
	q, err := h.Renewals.Store.RequestByNumber(r.Context(), r.PathValue("number"))
	if err != nil {
		return err
	}
	if !h.Actor(r.Context()).IsSchool(q.SchoolID) {
		return noRequest()
	}
	return web.Redirect(w, r, RenewalPath(q.ID))
}

// currentRequest leads to the newest request, or where there is none to the reserved area, which says so.
func (h *School) currentRequest(w http.ResponseWriter, r *http.Request) error {
	all, err := h.Renewals.Store.OfSchool(r.Context(), h.Actor(r.Context()).SchoolID)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return web.Redirect(w, r, AreaPath)
	}
	return web.Redirect(w, r, RenewalPath(all[0].ID))
}

// isCode tells whether s is made of letters, digits, dashes and dots only, as numbers and ids are: nothing else need be
// looked for.
func isCode(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '.'
	})
}
