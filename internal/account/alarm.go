package account

import (
	"context"
	"strconv"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/job"
)

// AlarmJob is the kind of the jobs that tell of a besieged name.
const AlarmJob = "account.alarm"

// alarmEvery is how often a person is told at the most.
const alarmEvery = 24 * time.Hour

// alarmArgs is an alarm, in its job.
type alarmArgs struct {
	Account string // its id; "" is a name that nobody has
	At      time.Time
}

// Siege is a user name that many have guessed at.
type Siege struct {
	Account Account
	To      Recipient
	At      time.Time
	Tries   int
}

// Alarms remembers who was told of a siege.
type Alarms interface {
	// BeginAlarm notes that an account was besieged at an instant; false where it was noted within every of it.
	BeginAlarm(ctx context.Context, accountID string, at time.Time, every time.Duration) (bool, error)
	// Besieged are the user names that were besieged within so long of now, the last one first.
	Besieged(ctx context.Context, now time.Time, within time.Duration) ([]string, error)
}

// WorkAlarm is the worker of the jobs that tell of a besieged name.
func (s *Service) WorkAlarm() job.Worker { return job.Worker{Run: s.alarm} }

// alarm puts a siege on the record, where the office sees it, and tells the person; once a day.
func (s *Service) alarm(ctx context.Context, j job.Job) error {
	var q alarmArgs
	if err := j.Decode(&q); err != nil || q.Account == "" {
		return err
	}
	a, err := s.Store.Account(ctx, q.Account)
	if rinnova.KindOf(err) == rinnova.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := s.recipient(ctx, a)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		first, err := s.Store.BeginAlarm(ctx, a.ID, q.At, alarmEvery)
		if err != nil || !first {
			return err
		}
		if err := s.about(ctx, event.NameBesieged, a, map[string]string{"tentativi": strconv.Itoa(besiegedTries + 1)}); err != nil || to.Email == "" {
			return err
		}
		return s.Post.Besieged(ctx, Siege{Account: a, To: to, At: q.At, Tries: besiegedTries + 1})
	})
}

// Besieged are the user names that were besieged in the last day, for the office.
func (s *Service) Besieged(ctx context.Context) ([]string, error) {
	return s.Store.Besieged(ctx, s.Clock().UTC(), alarmEvery)
}
