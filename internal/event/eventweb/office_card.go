package eventweb

import (
	"context"

	"github.com/a-h/templ"

	"rinnova/internal/event"
	"rinnova/internal/school"
)

// shownOfSchool is how many events the office's page of a school lists.
const shownOfSchool = 15

// Card is the part of the office's page of a school that lists the last events about it, with the way to all of them.
func (o *Office) Card(ctx context.Context, schoolID string) (templ.Component, error) {
	known := map[string]school.School{}
	rows, _, err := o.read(ctx, event.Filter{SchoolID: schoolID, Limit: shownOfSchool}, known)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return eventsCard(rows, OfSchoolPath(known[schoolID].PortalCode)), nil
}
