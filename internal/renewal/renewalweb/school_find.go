package renewalweb

import (
	"context"
	"net/http"
	"strings"

	"rinnova/internal/renewal"
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

// door leads to the request of a kind to work on, or where there is none to the reserved area, which says so.
func (h *School) door(kind renewal.Kind) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		all, err := h.Renewals.Store.OfSchool(r.Context(), h.Actor(r.Context()).SchoolID)
		if err != nil {
			return err
		}
		q, err := h.toWorkOn(r.Context(), all, kind)
		if err != nil {
			return err
		}
		if q == nil {
			return web.Redirect(w, r, AreaPath)
		}
		return web.Redirect(w, r, RenewalPath(q.ID))
	}
}

// toWorkOn finds among a school's requests, the newest first, the one of a kind that it works on: the newest whose
// campaign is open, else the newest; nil where there is none.
func (h *School) toWorkOn(ctx context.Context, all []renewal.Request, kind renewal.Kind) (*renewal.Request, error) {
	var newest *renewal.Request
	for i := range all {
		q := &all[i]
		if q.Kind != kind {
			continue
		}
		season, err := h.Renewals.Seasons.Season(ctx, q.CampaignID)
		if err != nil {
			return nil, err
		}
		if season.Open(h.today()) {
			return q, nil
		}
		if newest == nil {
			newest = q
		}
	}
	return newest, nil
}

// isCode tells whether s is made of letters, digits, dashes and dots only, as numbers and ids are: nothing else need be
// looked for.
func isCode(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '.'
	})
}
