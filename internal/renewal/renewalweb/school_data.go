package renewalweb

import (
	"net/http"

	"rinnova/internal/web"
)

// data is the school's data as contracts and invoices say it.
func (h *School) data(w http.ResponseWriter, r *http.Request) error {
	s, err := h.Renewals.Schools.School(r.Context(), h.Actor(r.Context()).SchoolID)
	if err != nil {
		return err
	}
	p, err := h.profile(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, dataPage(h.Shell(r), s, p))
}
