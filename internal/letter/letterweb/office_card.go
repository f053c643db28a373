package letterweb

import (
	"context"

	"github.com/a-h/templ"
)

// Card is the part of the office's page of a school that says where it is with its letter.
func (o *Office) Card(ctx context.Context, schoolID string) (templ.Component, error) {
	h, err := o.Letters.History(ctx, o.Actor(ctx), schoolID)
	if err != nil {
		return nil, err
	}
	return letterCard(schoolID, h.Standing), nil
}
