// Package outboxweb shows schools what was mailed to them.
package outboxweb

import (
	"context"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/outbox"
)

// Messages reads what was mailed.
type Messages interface {
	// OfSchool reads the last messages to a school, the newest first, without their bodies.
	OfSchool(ctx context.Context, schoolID string, limit int) ([]outbox.Message, error)
}

// shown is how many messages the home lists.
const shown = 5

// Card is the part of a school's home that lists the last messages to it; no component where there are none.
func Card(m Messages) func(context.Context, rinnova.Actor) (templ.Component, error) {
	return func(ctx context.Context, actor rinnova.Actor) (templ.Component, error) {
		all, err := m.OfSchool(ctx, actor.SchoolID, shown)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		return lastMessages(all), nil
	}
}

// shownToOffice is how many messages the office's page of a school lists.
const shownToOffice = 15

// OfficeCard is the part of the office's page of a school that lists the last messages to it; no component where there are none.
func OfficeCard(m Messages) func(ctx context.Context, schoolID string) (templ.Component, error) {
	return func(ctx context.Context, schoolID string) (templ.Component, error) {
		all, err := m.OfSchool(ctx, schoolID, shownToOffice)
		if err != nil || len(all) == 0 {
			return nil, err
		}
		return lastMessages(all), nil
	}
}
