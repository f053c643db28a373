package account

import (
	"context"
	"time"

	"rinnova"
)

// Guessing meets waiting. Wrong passwords are counted, in the database, so that all processes know and a restart forgets nothing:
//
//   - of a browser that the user has come in with: five are free, then the wait doubles from a second to a quarter of an
//     hour. Nobody else's tries count there, and while it waits the browser is one like any other;
//   - of a user name from one address: the same, for everybody else there;
//   - of an address: a hundred in an hour are free (a whole province may sit behind it), then whoever there has never come in
//     from it waits, up to a minute;
//   - of a user name from anywhere: thirty in a day are free. Then the name is besieged: the person and the office are told,
//     and strangers wait for each other: those who have not tried yet for a second, more as the count grows, a minute at the
//     most; those who have, for a minute, and each place for longer with each try. Who is known waits for none of them, nor
//     does a new password by mail: strangers slow strangers down, and lock nobody out.
//
// A try that is being looked at has not failed: tries at one name are looked at one after the other (queue.go), and only a
// wrong password is counted. Who comes in takes back what the same name has failed at the same place: typing errors of people
// use nothing up, and one good password buys no tries at other names. Whether the name exists plays no part in any of this.

// Attempts keeps counts. Subjects are keyed hashes: neither names nor addresses are stored.
type Attempts interface {
	// Counts reads the counts of subjects; one that has none is not among them.
	Counts(ctx context.Context, of Subjects) (map[string]Count, error)
	// CountAttempt adds one to a subject's count, which begins anew where it did not begin within memory of now, and gives it with this one.
	CountAttempt(ctx context.Context, subject string, now time.Time, memory time.Duration) (Count, error)
	// SetWait says until when a subject waits.
	SetWait(ctx context.Context, subject string, now, until, keep time.Time) error
	// TakeBackAttempts takes some from a count.
	TakeBackAttempts(ctx context.Context, subject string, n int) error
	// ClearAttempts forgets a count.
	ClearAttempts(ctx context.Context, subject string, now, keep time.Time) error
	// MarkUsual remembers that the user came in from there, and leaves the count as it is.
	MarkUsual(ctx context.Context, subject string, now, keep time.Time) error
	// DeleteAttempts clears away the counts that are over, and those of after an instant, which no clock but a wrong one has written.
	DeleteAttempts(ctx context.Context, now, after time.Time) error
}

// Count is what is known of a subject.
type Count struct {
	Tries     int // that failed, with this one
	Since     time.Time
	WaitUntil time.Time
	Usual     bool // this user has come in from this address
}

// at is the count as it stands at an instant: it is forgotten some time after it began. Clocks are wrong now and then, as of a machine
// that boots before it has asked for the time: what began further ahead than it is remembered, or waits for longer than anybody has
// to, was written by one and is not believed.
func (c Count) at(now time.Time, memory, longest time.Duration) Count {
	if !c.Since.After(now.Add(-memory)) || c.Since.After(now.Add(memory)) {
		c.Tries = 0
	}
	if c.WaitUntil.After(now.Add(longest)) {
		c.WaitUntil = now
	}
	return c
}

// Rules of waiting.
const (
	freeTries      = 5                // of a browser, or of a name at an address
	longestWait    = 15 * time.Minute // of the same
	pairMemory     = 24 * time.Hour
	addressTries   = 100
	addressWait    = time.Minute
	addressMemory  = time.Hour
	besiegedTries  = 30 // of a name from anywhere, in a day
	besiegedMemory = 24 * time.Hour
	besiegedExtra  = 9           // so many tries more are counted for each place that is not usual: 16 s after the first
	besiegedWait   = time.Minute // the longest, of strangers for each other
	usualMemory    = 90 * 24 * time.Hour
	resetsOfName   = 3 // in an hour
	resetsOfClient = 20
	resetsOfSite   = 200 // of a customer's many networks, or of the many phones of one provider
	resetMemory    = time.Hour
	ahead          = 24 * time.Hour // what is noted for later than in so long was noted by a clock that was ahead
	apart          = time.Minute    // how far the clocks of processes may lie apart
)

// Reason is why somebody waits.
type Reason int

// The reasons.
const (
	WaitDevice     Reason = iota // wrong passwords typed in this browser
	WaitHere                     // wrong passwords for this name from this address
	WaitAddress                  // wrong passwords from this address
	WaitSiege                    // the name is besieged
	WaitResets                   // new passwords asked for too often, for this name
	WaitResetsHere               // the same from this address, for whatever names
)

// Wait is the refusal of somebody whose password has not been looked at: TooMany, until an instant.
type Wait struct {
	Until time.Time
	Left  time.Duration
	Why   Reason
	Tries int // wrong passwords, of WaitDevice and WaitHere
	says  *rinnova.Error
}

// Error is the text for the log.
func (w *Wait) Error() string { return w.says.Error() }

// Unwrap gives the sentence for people.
func (w *Wait) Unwrap() error { return w.says }

// Seconds is how many whole seconds are left, at least one.
func (w *Wait) Seconds() int { return max(1, int((w.Left+time.Second-1)/time.Second)) }

// From is the first whole second at which the next try is taken.
func (w *Wait) From() time.Time { return w.Until.Add(time.Second - 1).Truncate(time.Second) }

// Tomorrow tells whether that is on another day than today; no wait is so long that it could be a later one.
func (w *Wait) Tomorrow() bool {
	return rinnova.DateOf(w.From()) != rinnova.DateOf(w.Until.Add(-w.Left))
}

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

// strangersWait is how long strangers wait for one who has failed at a name that has met so many wrong passwords; again is for
// those who had failed before.
func strangersWait(tries int, again bool) time.Duration {
	switch {
	case tries <= besiegedTries:
		return 0
	case again:
		return besiegedWait
	}
	return min(time.Duration(tries)*time.Second/besiegedTries, besiegedWait)
}

// countReset counts a request for a new password, in the transaction of ctx, or refuses it. The link that was mailed last
// stays good, so strangers who ask for a school keep it from nothing; nor do those at its own address who ask for others.
func (s *Service) countReset(ctx context.Context, k key, username string, v Visitor) error {
	now := s.Clock().UTC()
	name, err := s.count(ctx, k.sign("reset name", username), now, resetMemory)
	if err != nil {
		return err
	}
	if name.Tries > resetsOfName {
		return resetLater(name, now, WaitResets)
	}
	of := k.subjects(username, v)
	known, err := s.Store.Counts(ctx, of)
	if err != nil || known[of.Pair].Usual {
		return err
	}
	if err := s.countResetOf(ctx, k.sign("reset address", v.Network), now, resetsOfClient); err != nil || v.Site == "" {
		return err
	}
	return s.countResetOf(ctx, k.sign("reset site", v.Site), now, resetsOfSite)
}

// countResetOf counts a request for whatever name, and refuses it where it is one too many.
func (s *Service) countResetOf(ctx context.Context, subject string, now time.Time, most int) error {
	c, err := s.count(ctx, subject, now, resetMemory)
	if err != nil || c.Tries <= most {
		return err
	}
	return resetLater(c, now, WaitResetsHere)
}

// resetLater is the refusal until a count is forgotten.
func resetLater(c Count, now time.Time, why Reason) error {
	until := c.Since.Add(resetMemory)
	if c.Since.After(now) { // counted by a clock that was ahead
		until = now.Add(resetMemory)
	}
	return &Wait{Until: until, Left: until.Sub(now), Why: why, says: rinnova.Fail(rinnova.TooMany, "Troppe richieste di una nuova password.")}
}

func (s *Service) count(ctx context.Context, subject string, now time.Time, memory time.Duration) (Count, error) {
	return s.Store.CountAttempt(ctx, subject, now, memory)
}

// Sweep clears away the counts that are over, and the browsers that have not come for long.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Clock().UTC()
	if err := s.Store.DeleteDevices(ctx, now.Add(-deviceMemory), now.Add(ahead)); err != nil {
		return err
	}
	return s.Store.DeleteAttempts(ctx, now, now.Add(ahead))
}
