package renewal

import (
	"context"
	"strconv"

	"rinnova"
	"rinnova/internal/event"
)

// Undo puts the products of the proposal back; order data stays as typed, and what was confirmed still counts.
func (s *Service) Undo(ctx context.Context, actor rinnova.Actor, id string) error {
	return s.change(ctx, actor, id, func(ctx context.Context, v *View) error {
		v.Request.Draft.Ticks = v.Proposal.StartTicks().IDs()
		v.Request.Draft.Leavings = v.Proposal.leavings(v.Proposal.StartTicks(), v.Request.Draft.Leavings)
		if err := s.saveDraft(ctx, actor, v); err != nil {
			return err
		}
		return s.record(ctx, actor, v.Request, event.DraftUndone)
	})
}

// Restore makes the draft say again what the last confirmation said: nothing is pending any more. Revision is the
// confirmation that the school was shown: if a colleague has confirmed since, nothing is changed.
func (s *Service) Restore(ctx context.Context, actor rinnova.Actor, id string, revision int) error {
	return s.change(ctx, actor, id, func(ctx context.Context, v *View) error {
		last, err := s.last(ctx, v.Request)
		switch {
		case err != nil:
			return err
		case last == nil:
			return rinnova.Fail(rinnova.Conflict, "La richiesta non è ancora confermata: non c’è una conferma a cui tornare.")
		case last.Number != revision:
			return rinnova.Fail(rinnova.Conflict, "Nel frattempo un collega ha inviato la conferma n. %d: guardatela prima di tornare indietro.", last.Number)
		}
		if v.Request.Draft, err = s.draftOf(ctx, v, last); err != nil {
			return err
		}
		if err := s.saveDraft(ctx, actor, v); err != nil {
			return err
		}
		return s.record(ctx, actor, v.Request, event.DraftUndone, "conferma", strconv.Itoa(last.Number))
	})
}

// draftOf is the draft that says what a confirmation said, with the doubts that were confirmed with it.
func (s *Service) draftOf(ctx context.Context, v *View, last *Revision) (Draft, error) {
	again, request := *v, *v.Request
	request.Draft = Draft{Band: last.Band, Ticks: last.Ticks, Leavings: last.Leavings, Order: last.Order.Form(), Reply: request.Draft.Reply}
	if request.Corrects() { // the office has sent it back: its doubts are asked again
		return request.Draft, nil
	}
	again.Request = &request
	for _, p := range v.Proposal.BandDoubts(last.Band, last) {
		if last.Warned(p) {
			request.Draft.BandSeen = p.Code
		}
	}
	_, found, err := s.CheckOrder(ctx, &again)
	for _, p := range found.Warnings() {
		if last.Warned(p) {
			request.Draft.Order.Acknowledged = append(request.Draft.Order.Acknowledged, p.Code)
		}
	}
	return request.Draft, err
}
