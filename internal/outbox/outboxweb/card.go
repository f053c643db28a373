// Package outboxweb shows schools what was mailed to them.
package outboxweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/outbox"
	"rinnova/internal/web"
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
		return lastMessages(all, ""), nil
	}
}

// shownToOffice is how many messages the office's page of a school lists.
const shownToOffice = 15

// Office is what the office does with the messages to a school.
type Office struct {
	Outbox   *outbox.Service
	Messages Messages
	Actor    func(context.Context) rinnova.Actor
	Flash    func(ctx context.Context, sentence string)
	School   func(id string) string // the office's page of a school
}

// Path is where the office's buttons of messages lead.
const Path = "/ufficio/posta"

// Routes is the button.
func (o *Office) Routes(m *web.Mux) {
	m.Handle("POST "+Path+"/{id}/rinvia", o.resend)
}

// Card is the part of the office's page of a school that lists the last messages to it; no component where there are none.
func (o *Office) Card(ctx context.Context, schoolID string) (templ.Component, error) {
	all, err := o.Messages.OfSchool(ctx, schoolID, shownToOffice)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return lastMessages(all, Path), nil
}

// resend sends a message again that was given up.
func (o *Office) resend(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if !rinnova.IsID(id) {
		return rinnova.Fail(rinnova.NotFound, "Questo messaggio non c’è.")
	}
	m, err := o.Outbox.Resend(r.Context(), o.Actor(r.Context()), id)
	if err != nil {
		return err
	}
	o.Flash(r.Context(), web.LangOf(r.Context()).T("Messaggio rimesso in partenza, a %s.", m.To))
	return web.Redirect(w, r, o.School(m.SchoolID))
}
