package renewalweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"rinnova"
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
		work, err := h.toWorkOn(r.Context(), all, kind)
		if err != nil {
			return err
		}
		if len(work) == 0 {
			return web.Redirect(w, r, AreaPath)
		}
		return web.Redirect(w, r, RenewalPath(work[0].ID))
	}
}

// toWorkOn are of a school's requests of a kind, the newest first, those that it works on: those whose campaigns are open, first
// the ones that wait for it and close first; where none is open, the newest alone.
func (h *School) toWorkOn(ctx context.Context, all []renewal.Request, kind renewal.Kind) ([]renewal.Request, error) {
	var open, newest []renewal.Request
	closes := map[string]rinnova.Date{}
	for _, q := range all {
		if q.Kind != kind {
			continue
		}
		season, err := h.Renewals.Seasons.Season(ctx, q.CampaignID)
		if err != nil {
			return nil, err
		}
		if closes[q.ID] = season.ClosesOn; season.Open(h.today()) {
			open = append(open, q)
		} else if newest == nil {
			newest = []renewal.Request{q}
		}
	}
	if len(open) == 0 {
		return newest, nil
	}
	slices.SortStableFunc(open, func(x, y renewal.Request) int {
		if a, b := x.State.Waits(), y.State.Waits(); a != b {
			if a {
				return -1
			}
			return 1
		}
		return strings.Compare(closes[x.ID].String(), closes[y.ID].String())
	})
	return open, nil
}

// isCode tells whether s is made of letters, digits, dashes and dots only, as numbers and ids are: nothing else need be
// looked for.
func isCode(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '-' && r != '.'
	})
}
