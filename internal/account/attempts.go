package account

import (
	"context"
	"time"

	"rinnova"
)

// Guessing meets waiting. Three things are counted, in the database, so that all processes know and a restart forgets nothing:
//
//   - a user name from one address: five tries are free, then the wait doubles from a second to a quarter of an hour;
//   - an address: a hundred failures in an hour are free (a whole school may sit behind it), then everybody there who has
//     never come in from it waits, up to a minute;
//   - a user name from anywhere: it never makes anybody wait by itself, or strangers could lock a school out. While it is
//     under attack each place has its first try free, and waits longer after it.
//
// A try is counted before the password is looked at, so that many at once are as many tries; a login takes it back. Whether
// the name exists plays no part in any of this.

// Attempts keeps counts. Subjects are keyed hashes: neither names nor addresses are stored.
type Attempts interface {
	// CountAttempt adds one to a subject's count, which begins anew where it began before over, and gives it with this one.
	CountAttempt(ctx context.Context, subject string, now, over, keep time.Time) (Count, error)
	// SetWait says until when a subject waits.
	SetWait(ctx context.Context, subject string, until time.Time) error
	// TakeBackAttempt takes one from a count.
	TakeBackAttempt(ctx context.Context, subject string) error
	// ClearAttempts forgets the count of a user at an address, and remembers that the user came in from there.
	ClearAttempts(ctx context.Context, subject string, now, keep time.Time) error
	// DeleteAttempts clears away the counts that are over.
	DeleteAttempts(ctx context.Context, now time.Time) error
}

// Count is what is known of a subject.
type Count struct {
	Tries     int // with this one
	Since     time.Time
	WaitUntil time.Time
	Usual     bool // this user has come in from this address
}

// Rules of waiting.
const (
	freeTries      = 5                // of a name at an address
	longestWait    = 15 * time.Minute // of a name at an address
	pairMemory     = 24 * time.Hour
	addressTries   = 100
	addressWait    = time.Minute
	addressMemory  = time.Hour
	besiegedTries  = 30 // of a name from anywhere, in an hour
	besiegedExtra  = 9  // so many tries more are counted for each of its places: 16 s after the first
	usualMemory    = 90 * 24 * time.Hour
	resetsOfName   = 3 // in an hour
	resetsOfClient = 20
	resetMemory    = time.Hour
)

// Wait is the refusal of somebody who has tried too often: TooMany, until an instant.
type Wait struct {
	Until time.Time
	Left  time.Duration
	why   *rinnova.Error
}

// Error is the text for the log.
func (w *Wait) Error() string { return w.why.Error() }

// Unwrap gives the sentence for people.
func (w *Wait) Unwrap() error { return w.why }

// Seconds is how many whole seconds are left, at least one.
func (w *Wait) Seconds() int { return max(1, int((w.Left+time.Second-1)/time.Second)) }

// From is the first whole second at which the next try is taken.
func (w *Wait) From() time.Time { return w.Until.Add(time.Second - 1).Truncate(time.Second) }

// waitAfter is the wait after so many tries beyond the free ones: 1 s, 2 s, 4 s… up to most.
func waitAfter(over int, most time.Duration) time.Duration {
	switch {
	case over <= 0:
		return 0
	case over > 20: // more would not fit
		return most
	}
	return min(time.Second<<(over-1), most)
}

// subjects are what a login counts.
type subjects struct{ pair, address, name string }

func (k key) subjects(username, client string) subjects {
	return subjects{k.sign("pair", username, client), k.sign("address", client), k.sign("name", username)}
}

// countLogin counts a try, or refuses it and counts nothing.
func (s *Service) countLogin(ctx context.Context, of subjects) error {
	now := s.Clock().UTC()
	// Always in this order: two logins that share an address and a name wait for each other and never both.
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		pair, err := s.count(ctx, of.pair, now, pairMemory)
		if err != nil {
			return err
		}
		address, err := s.count(ctx, of.address, now, addressMemory)
		if err != nil {
			return err
		}
		name, err := s.count(ctx, of.name, now, addressMemory)
		if err != nil {
			return err
		}
		until := pair.WaitUntil
		if !pair.Usual && address.WaitUntil.After(until) {
			until = address.WaitUntil
		}
		if until.After(now) {
			return refuseLogin(now, until)
		}
		over := pair.Tries - freeTries
		if name.Tries > besiegedTries {
			over = pair.Tries - freeTries + besiegedExtra
		}
		if err := s.Store.SetWait(ctx, of.pair, now.Add(waitAfter(over, longestWait))); err != nil {
			return err
		}
		return s.Store.SetWait(ctx, of.address, now.Add(waitAfter(address.Tries-addressTries, addressWait)))
	})
}

func (s *Service) count(ctx context.Context, subject string, now time.Time, memory time.Duration) (Count, error) {
	return s.Store.CountAttempt(ctx, subject, now, now.Add(-memory), now.Add(memory))
}

func refuseLogin(now, until time.Time) error {
	return &Wait{Until: until, Left: until.Sub(now), why: rinnova.Fail(rinnova.TooMany, "Troppi tentativi con password sbagliate.")}
}

// clearLogin takes back the tries of who has come in. An address keeps its wait: whoever has one good password must not buy
// tries for other names with it.
func (s *Service) clearLogin(ctx context.Context, of subjects) error {
	now := s.Clock().UTC()
	if err := s.Store.ClearAttempts(ctx, of.pair, now, now.Add(usualMemory)); err != nil {
		return err
	}
	if err := s.Store.TakeBackAttempt(ctx, of.address); err != nil {
		return err
	}
	return s.Store.TakeBackAttempt(ctx, of.name)
}

// countReset counts a request for a new password, in the transaction of ctx, or refuses it. The link that was mailed last
// stays good, so strangers who ask for a school keep it from nothing.
func (s *Service) countReset(ctx context.Context, k key, username, client string) error {
	now := s.Clock().UTC()
	name, err := s.count(ctx, k.sign("reset name", username), now, resetMemory)
	if err != nil {
		return err
	}
	address, err := s.count(ctx, k.sign("reset address", client), now, resetMemory)
	if err != nil {
		return err
	}
	var until time.Time
	if name.Tries > resetsOfName {
		until = name.Since.Add(resetMemory)
	}
	if address.Tries > resetsOfClient && address.Since.Add(resetMemory).After(until) {
		until = address.Since.Add(resetMemory)
	}
	if until.After(now) {
		return &Wait{Until: until, Left: until.Sub(now), why: rinnova.Fail(rinnova.TooMany, "Troppe richieste di una nuova password.")}
	}
	return nil
}

// Sweep clears away the counts that are over.
func (s *Service) Sweep(ctx context.Context) error { return s.Store.DeleteAttempts(ctx, s.Clock()) }
