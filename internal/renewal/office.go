package renewal

import (
	"context"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/event"
)

// TakeInCharge gives a submitted request to a clerk, who looks at the confirmation with this number.
func (s *Service) TakeInCharge(ctx context.Context, actor rinnova.Actor, id string, revision int) error {
	return s.handle(ctx, actor, id, revision, Take, func(ctx context.Context, r *Request) error {
		s.take(actor, r)
		if err := s.Store.Update(ctx, r); err != nil {
			return err
		}
		return s.record(ctx, actor, r, event.TakenInCharge, "conferma", strconv.Itoa(revision))
	})
}

func (s *Service) take(actor rinnova.Actor, r *Request) {
	r.Taken = Taken{By: actor.AccountID, Name: actor.Name, At: s.now(), Revision: r.Revision}
	r.UpdatedAt = r.Taken.At
}

// MaxReason bounds the reason for which a request is returned, in characters.
const MaxReason = 600

// Return sends a request back to the school with a reason, which the school gets by mail and sees on its page.
func (s *Service) Return(ctx context.Context, actor rinnova.Actor, id string, revision int, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return rinnova.Fail(rinnova.Invalid, "Scrivete il motivo: la scuola lo legge nella mail e nella richiesta.")
	}
	if n := len([]rune(reason)); n > MaxReason {
		return rinnova.Fail(rinnova.Invalid, "Il motivo ha al massimo %d caratteri: qui sono %d.", MaxReason, n)
	}
	return s.handle(ctx, actor, id, revision, SendBack, func(ctx context.Context, r *Request) error {
		r.Reason = reason
		r.UpdatedAt = s.now()
		if err := s.Store.Update(ctx, r); err != nil {
			return err
		}
		if err := s.record(ctx, actor, r, event.SentBack, "conferma", strconv.Itoa(revision), "motivo", reason); err != nil {
			return err
		}
		rev, err := s.Store.Revision(ctx, r.ID, r.Revision)
		if err != nil {
			return err
		}
		return s.Post.SentBack(ctx, r, rev)
	})
}

// Freeze makes a request processed, in the transaction of ctx: the caller numbers its contract in the same one. The
// request must still stand at the revision that the clerk looked at.
func (s *Service) Freeze(ctx context.Context, actor rinnova.Actor, id string, revision int) (*View, *Revision, error) {
	var view *View
	var rev *Revision
	err := s.handle(ctx, actor, id, revision, Process, func(ctx context.Context, r *Request) error {
		if r.Taken.By == "" || r.ChangedSinceTaken() {
			s.take(actor, r)
		}
		r.Pending = false
		if err := s.Store.Update(ctx, r); err != nil {
			return err
		}
		if err := s.record(ctx, actor, r, event.Processed, "conferma", strconv.Itoa(revision)); err != nil {
			return err
		}
		var err error
		if view, err = s.View(ctx, actor, id); err != nil {
			return err
		}
		rev, err = s.Store.Revision(ctx, id, revision)
		return err
	})
	return view, rev, err
}

// handle runs fn for a clerk on a request that stands at revision, with its state already moved by action.
func (s *Service) handle(ctx context.Context, actor rinnova.Actor, id string, revision int, action Action, fn func(context.Context, *Request) error) error {
	if !actor.IsOffice() {
		return rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		r, err := s.Store.Request(ctx, id)
		if err != nil {
			return err
		}
		next, err := r.State.Next(action)
		if err != nil {
			return err
		}
		if r.Revision != revision {
			return rinnova.Fail(rinnova.Conflict, "Nel frattempo la scuola ha inviato la conferma n. %d: guardatela prima di procedere.", r.Revision)
		}
		r.State = next
		return fn(ctx, r)
	})
}
