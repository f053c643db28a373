package contractweb

import (
	"context"

	"github.com/a-h/templ"

	"rinnova/internal/contract"
)

// Card is the part of the office's page of a school that lists its contracts, the newest first; no component where there are none.
func Card(lists interface {
	OfSchool(ctx context.Context, schoolID string) ([]contract.Row, error)
}) func(ctx context.Context, schoolID string) (templ.Component, error) {
	return func(ctx context.Context, schoolID string) (templ.Component, error) {
		all, err := lists.OfSchool(ctx, schoolID)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		return contractsCard(all), nil
	}
}
