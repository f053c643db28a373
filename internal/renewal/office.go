package renewal

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/event"
)

// TakeInCharge gives a submitted request to a clerk, who looks at the confirmation with this number. From is who had it in
// charge when the clerk looked (an account id, empty for nobody): of two clerks who take it at once the second is told of
// the first. Taking it again changes nothing.
func (s *Service) TakeInCharge(ctx context.Context, actor rinnova.Actor, id string, revision int, from string) error {
	return s.handle(ctx, actor, id, revision, Take, func(ctx context.Context, before State, r *Request) error {
		if before == InReview && r.Taken.By == actor.AccountID {
			return nil
		}
		if r.Taken.By != from {
			return rinnova.Fail(rinnova.Conflict, "Nel frattempo l’ha presa in carico %s.", r.Taken.Name)
		}
		s.take(actor, r)
		if err := s.Store.Update(ctx, r); err != nil {
			return err
		}
		return s.record(ctx, actor, r, event.TakenInCharge, "conferma", strconv.Itoa(revision))
	})
}

// Seen is a request at the confirmation that a clerk looked at.
type Seen struct {
	RequestID string
	Revision  int
}

// Refusal is a request that was left as it was, and why.
type Refusal struct {
	RequestID string
	Why       rinnova.Text
}

// takeBatch is how many requests one transaction of TakeAll takes.
const takeBatch = 100

// TakeAll takes in charge what it can of many requests. Those that another clerk looks at stay with that clerk, and one
// that cannot be taken stops no other.
func (s *Service) TakeAll(ctx context.Context, actor rinnova.Actor, seen []Seen) (taken int, refused []Refusal, err error) {
	for batch := range slices.Chunk(seen, takeBatch) {
		done, left := 0, len(refused)
		err := s.Store.InTx(ctx, func(ctx context.Context) error {
			done, refused = 0, refused[:left]
			for _, x := range batch {
				err := s.takeOne(ctx, actor, x)
				known, refusal := errors.AsType[*rinnova.Error](err)
				switch {
				case err == nil:
					done++
				case refusal:
					refused = append(refused, Refusal{x.RequestID, known.Message})
				default:
					return err
				}
			}
			return nil
		})
		if err != nil {
			return taken, refused, err
		}
		taken += done
	}
	return taken, refused, nil
}

func (s *Service) takeOne(ctx context.Context, actor rinnova.Actor, x Seen) error {
	r, err := s.Store.Request(ctx, x.RequestID)
	if err != nil {
		return err
	}
	if r.State == InReview && r.Taken.By != actor.AccountID {
		return rinnova.Fail(rinnova.Conflict, "È già in carico a %s.", r.Taken.Name)
	}
	return s.TakeInCharge(ctx, actor, x.RequestID, x.Revision, r.Taken.By)
}

func (s *Service) take(actor rinnova.Actor, r *Request) {
	r.Taken = Taken{By: actor.AccountID, Name: actor.Name, At: s.now(), Revision: r.Revision}
	r.UpdatedAt = r.Taken.At
}

// MaxReason bounds the reason for which a request is returned, in characters.
const MaxReason = 600

// Return sends a request back to the school with a reason, which the school gets by mail and sees on its page. The doubts that the
// school had confirmed are asked again.
func (s *Service) Return(ctx context.Context, actor rinnova.Actor, id string, revision int, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return rinnova.Fail(rinnova.Invalid, "Scrivete il motivo: la scuola lo legge nella mail e nella richiesta.")
	}
	if n := len([]rune(reason)); n > MaxReason {
		return rinnova.Fail(rinnova.Invalid, "Il motivo ha al massimo %d caratteri: qui sono %d.", MaxReason, n)
	}
	return s.handle(ctx, actor, id, revision, SendBack, func(ctx context.Context, _ State, r *Request) error {
		r.Reason, r.SentBack = reason, r.Revision
		r.Draft.Order.Acknowledged, r.Draft.BandSeen = nil, ""
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
	err := s.handle(ctx, actor, id, revision, Process, func(ctx context.Context, _ State, r *Request) error {
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

// handle runs fn for a clerk on a request that stands at revision, with its state already moved by action; fn is told the
// state before.
func (s *Service) handle(ctx context.Context, actor rinnova.Actor, id string, revision int, action Action, fn func(context.Context, State, *Request) error) error {
	if !actor.IsOffice() {
		return rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	return s.upToDate(ctx, func(ctx context.Context) error {
		r, err := s.Store.Request(ctx, id)
		if err != nil {
			return err
		}
		if r.State == Processed {
			return rinnova.Fail(rinnova.Conflict, "La richiesta è già elaborata e non si può più cambiare.")
		}
		next, err := r.State.Next(action)
		if err != nil {
			return err
		}
		if r.Revision != revision {
			return rinnova.Fail(rinnova.Conflict, "Nel frattempo la scuola ha inviato la conferma n. %d: guardatela prima di procedere.", r.Revision)
		}
		before := r.State
		r.State = next
		return fn(ctx, before, r)
	})
}
