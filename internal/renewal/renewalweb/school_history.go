package renewalweb

import (
	"net/http"
	"slices"

	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// confirmation is one line of the history, with what it changed.
type confirmation struct {
	renewal.Revision
	Changes []renewal.Change
}

// history lists all confirmations of a request, the newest first.
func (h *School) history(w http.ResponseWriter, r *http.Request) error {
	v, err := h.view(r)
	if err != nil {
		return err
	}
	revisions, err := h.Renewals.Store.Revisions(r.Context(), v.Request.ID)
	if err != nil {
		return err
	}
	out := make([]confirmation, len(revisions))
	for i := range revisions {
		out[i].Revision = revisions[i]
		if i > 0 {
			out[i].Changes = renewal.Changes(v.Proposal, &revisions[i-1], &revisions[i])
		}
	}
	slices.Reverse(out)
	return web.Render(w, r, http.StatusOK, historyPage(h.Shell(r), v, out))
}
