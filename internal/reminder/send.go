package reminder

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
)

// send settles the next reminders of a campaign, as many as its pace leaves for this minute. Several processes share the
// pace: each counts what has left.
func (s *Service) send(ctx context.Context, c campaign.Campaign) error {
	sent, err := s.Store.SentSince(ctx, c.ID, s.Clock().UTC().Add(-time.Minute))
	if err != nil {
		return err
	}
	for left := cmp.Or(c.Setup.Reminders.PerMinute, campaign.DefaultPace) - sent; left > 0; {
		next, err := s.Store.Next(ctx, c.ID, left)
		if err != nil || len(next) == 0 {
			return err
		}
		for _, r := range next {
			went, err := s.settle(ctx, c, r)
			if err != nil {
				return err
			}
			if went {
				left--
			}
		}
	}
	return nil
}

// settle sends one reminder or drops it. went is false where it was dropped, or another process has settled it.
func (s *Service) settle(ctx context.Context, c campaign.Campaign, r Reminder) (went bool, err error) {
	return went, s.Store.InTx(ctx, func(ctx context.Context) error {
		v, reason, err := s.look(ctx, c, r)
		if err != nil {
			return err
		}
		r.State, r.Reason, r.SettledAt = Sent, reason, s.Clock().UTC()
		if reason != "" {
			r.State = Dropped
		} else {
			r.Address, r.Token = v.School.Email, rand.Text()
		}
		mine, err := s.Store.Settle(ctx, r)
		if err != nil || !mine || reason != "" {
			return err
		}
		went = true
		return s.Post.Remind(ctx, r, v, missing(v.Proposal, v.Request.Draft))
	})
}

// look reads what a reminder is about, and the reason why it is not to be sent any more.
func (s *Service) look(ctx context.Context, c campaign.Campaign, r Reminder) (*renewal.View, Reason, error) {
	v, err := s.Renewals.View(ctx, rinnova.System, r.RequestID)
	if rinnova.KindOf(err) == rinnova.NotFound {
		return nil, Gone, nil
	}
	if err != nil {
		return nil, "", err
	}
	order := v.Request.Draft.Order
	switch state := v.Request.State; {
	case !slices.Contains(waiting, state):
		return v, Answered, nil
	case !c.Open(s.Clock.Today()):
		return v, Closed, nil
	case !v.School.Open(s.Clock.Today()):
		return v, SchoolClosed, nil
	case v.School.Email == "":
		return v, NoAddress, nil
	case r.Rule == NoCIG && (order.CIG != "" || order.Exclusion != ""):
		return v, HasCIG, nil
	}
	since, err := s.Store.StoppedSince(ctx, v.School.ID, address(v.School.Email))
	if err != nil || since.IsZero() {
		return v, "", err
	}
	return v, Stopped, nil
}

func address(s string) string { return strings.ToLower(s) }

// Asked is whoever follows the link of a reminder.
type Asked struct {
	Reminder
	School string    // its name
	Since  time.Time // when the address was stopped; zero: it is not
}

// ByToken finds the reminder of a link; NotFound where there is none.
func (s *Service) ByToken(ctx context.Context, token string) (Asked, error) {
	r, ok, err := s.Store.ByToken(ctx, rinnova.Copied(token))
	if err != nil {
		return Asked{}, err
	}
	if !ok {
		return Asked{}, rinnova.Fail(rinnova.NotFound, "Questo collegamento non è di un sollecito. Copiatelo intero dal messaggio.")
	}
	school, err := s.Schools.School(ctx, r.SchoolID)
	if err != nil {
		return Asked{}, err
	}
	since, err := s.Store.StoppedSince(ctx, r.SchoolID, address(r.Address))
	return Asked{Reminder: r, School: school.DisplayName, Since: since}, err
}

// Stop stops reminders to the address that got the one with this token. Doing it twice is once.
func (s *Service) Stop(ctx context.Context, token string) error {
	asked, err := s.ByToken(ctx, token)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		now := s.Clock().UTC()
		first, err := s.Store.Stop(ctx, asked.SchoolID, address(asked.Address), now)
		if err != nil || !first {
			return err
		}
		return s.Events.Record(ctx, event.Event{At: now, Kind: event.RemindersStopped, SchoolID: asked.SchoolID, AboutID: asked.RequestID,
			Actor: rinnova.Actor{Name: asked.Address}, Data: map[string]string{"indirizzo": asked.Address}})
	})
}

// Resume lets reminders reach the school's address again, at the school's own wish.
func (s *Service) Resume(ctx context.Context, actor rinnova.Actor) error {
	school, err := s.Schools.School(ctx, actor.SchoolID)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		was, err := s.Store.Resume(ctx, school.ID, address(school.Email))
		if err != nil || !was {
			return err
		}
		return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: event.RemindersResumed, Actor: actor, SchoolID: school.ID,
			Data: map[string]string{"indirizzo": school.Email}})
	})
}

// StoppedSince is when a school's present address was stopped; zero where it was not.
func (s *Service) StoppedSince(ctx context.Context, schoolID string) (at time.Time, email string, err error) {
	school, err := s.Schools.School(ctx, schoolID)
	if err != nil {
		return at, "", err
	}
	at, err = s.Store.StoppedSince(ctx, schoolID, address(school.Email))
	return at, school.Email, err
}
