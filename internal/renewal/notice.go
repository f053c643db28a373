package renewal

import (
	"context"
	"slices"
	"strconv"
	"time"

	"rinnova"
	"rinnova/internal/event"
)

// Notice is a school's word that it renews nothing of a proposal (disdetta), and why.
type Notice struct {
	At time.Time // zero: it has not said so
	By string    // the user name
	Leaving
}

// NoticeForm is what a school sends to give notice.
type NoticeForm struct {
	Leaving
	Sure bool // it has confirmed that it means everything
	Seen int  // the number of the last confirmation that the page showed
}

// The fields of a notice.
const (
	FieldNoticeWhy   = "perche"
	FieldNoticeWords = "parole"
	FieldNoticeSure  = "sicuri"
)

// check says what is missing.
func (f NoticeForm) check() rinnova.Problems {
	var out rinnova.Problems
	if !slices.Contains(Whys, f.Why) {
		out.Refuse(FieldNoticeWhy, "Scegliete il motivo: all’ufficio serve per capire che cosa non va.")
	}
	if f.Why == OtherWhy && f.Words == "" {
		out.Refuse(FieldNoticeWords, "Scrivete il motivo con parole vostre.")
	}
	f.checkWords(FieldNoticeWords, &out)
	if !f.Sure {
		out.Refuse(FieldNoticeSure, "Segnate la casella: così è certo che la scuola non rinnova nulla.")
	}
	return out
}

// Notable tells whether the school can give notice on a day.
func (v *View) Notable(today rinnova.Date) bool {
	return v.Request.State.Allows(Decline) && !today.Before(v.Season.OpensOn) && !today.After(v.Season.Notice())
}

// GiveNotice says for a school that it renews nothing, also over a confirmation that has not been processed. It is possible until
// the season's notice date; only the office opens the request again. Problems say what is missing: then nothing counts. Giving it twice changes nothing.
func (s *Service) GiveNotice(ctx context.Context, actor rinnova.Actor, id string, f NoticeForm) (problems rinnova.Problems, err error) {
	f.Leaving = f.normal()
	problems = f.check()
	err = s.upToDate(ctx, func(ctx context.Context) error {
		v, err := s.View(ctx, actor, id)
		switch {
		case err != nil:
			return err
		case !actor.IsSchool(v.Request.SchoolID):
			return rinnova.Fail(rinnova.Forbidden, "Solo la scuola può cambiare la propria richiesta.")
		case v.Request.State == Declined:
			problems = nil
			return nil
		}
		next, err := v.Request.State.Next(Decline)
		if err != nil {
			return err
		}
		if err := s.inNotice(v, f.Seen); err != nil || len(problems) > 0 {
			return err
		}
		return s.decline(ctx, actor, v, next, f.Leaving)
	})
	return problems, err
}

// inNotice holds a notice against the season's dates and against what the school saw.
func (s *Service) inNotice(v *View, seen int) error {
	today := s.Clock.Today()
	switch {
	case today.Before(v.Season.OpensOn):
		return rinnova.Fail(rinnova.Conflict, "%s si apre il %s.", v.Season.Name, v.Season.OpensOn)
	case today.After(v.Season.Notice()):
		return rinnova.Fail(rinnova.Conflict, "Il termine per comunicare che non si rinnova era il %s. Telefonate all’ufficio.", v.Season.Notice())
	case seen != v.Request.Revision:
		return rinnova.Fail(rinnova.Conflict, "Nel frattempo un collega ha inviato la conferma n. %d: guardatela prima di comunicare che non rinnovate.", v.Request.Revision)
	}
	return nil
}

// decline makes the notice count: state, event and receipt in one transaction.
func (s *Service) decline(ctx context.Context, actor rinnova.Actor, v *View, next State, why Leaving) error {
	r := v.Request
	r.State, r.Pending, r.Reason = next, false, ""
	r.Notice = Notice{At: s.now(), By: actor.Username, Leaving: why}
	r.UpdatedAt = r.Notice.At
	if err := s.Store.Update(ctx, r); err != nil {
		return err
	}
	if err := s.record(ctx, actor, r, event.Declined, "conferma", strconv.Itoa(r.Revision), "motivo", why.Text().String()); err != nil {
		return err
	}
	return s.Post.Declined(ctx, v)
}

// Reopen opens a declined request again, for a school that has changed its mind: what it had confirmed must be confirmed again.
func (s *Service) Reopen(ctx context.Context, actor rinnova.Actor, id string) error {
	if !actor.IsOffice() {
		return rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	return s.upToDate(ctx, func(ctx context.Context) error {
		v, err := s.View(ctx, actor, id)
		if err != nil {
			return err
		}
		if err := s.open(v); err != nil {
			return err
		}
		return s.reopen(ctx, actor, v.Request)
	})
}

func (s *Service) reopen(ctx context.Context, actor rinnova.Actor, r *Request) error {
	action := Reopen
	if r.Revision > 0 {
		action = Resume
	}
	next, err := r.State.Next(action)
	if err != nil {
		return err
	}
	r.State, r.Notice, r.UpdatedAt = next, Notice{}, s.now()
	if next == Returned {
		r.Reason, r.SentBack = reopened, 0 // it was opened for the school’s sake: there is nothing to answer
	}
	if r.DraftAt.IsZero() {
		r.DraftAt = r.UpdatedAt
	}
	if r.Pending, err = s.pending(ctx, r); err != nil {
		return err
	}
	if err := s.Store.Update(ctx, r); err != nil {
		return err
	}
	return s.record(ctx, actor, r, event.Reopened, "conferma", strconv.Itoa(r.Revision))
}

// reopened is what a school reads on its request after it has taken its notice back. Like every reason it is kept in Italian.
const reopened = "L’ufficio ha riaperto la richiesta, come avete chiesto. Quello che avevate confermato non vale finché non lo confermate di nuovo."
