package renewalweb

import (
	"context"

	"github.com/a-h/templ"

	"rinnova/internal/renewal"
)

// asked is a request of a school with the name of its season.
type asked struct {
	renewal.Request
	Season string
}

// Card is the part of the office's page of a school that lists its requests, the newest first; no component where there are none.
func Card(requests interface {
	OfSchool(ctx context.Context, schoolID string) ([]renewal.Request, error)
}, seasons renewal.Seasons) func(ctx context.Context, schoolID string) (templ.Component, error) {
	return func(ctx context.Context, schoolID string) (templ.Component, error) {
		all, err := requests.OfSchool(ctx, schoolID)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		rows := make([]asked, len(all))
		for i, q := range all {
			season, err := seasons.Season(ctx, q.CampaignID)
			if err != nil {
				return nil, err
			}
			rows[i] = asked{q, season.Name}
		}
		return requestsCard(rows), nil
	}
}
