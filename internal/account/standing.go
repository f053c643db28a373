package account

import (
	"context"
	"time"

	"rinnova"
)

// Subjects are what a login counts: the browser, where it has been in before, the name at the address, the address, the name,
// and the name for those who have failed at it before.
type Subjects struct{ Device, Pair, Address, Name, Again string }

func (k key) subjects(username string, v Visitor) Subjects {
	s := Subjects{Pair: k.sign("pair", username, v.Network), Address: k.sign("address", v.Network), Name: k.sign("name", username), Again: k.sign("again", username)}
	if id, ok := k.deviceOf(v.Device); ok {
		s.Device = k.sign("device of", username, id)
	}
	return s
}

// standing is what is known of a try before its password is looked at.
type standing struct {
	now                                time.Time
	of                                 Subjects
	device, pair, address, name, again Count
	known                              bool // the browser has been in, and need not wait: the try is its own
	paused                             bool // it has been in, and waits
}

// stand reads how things stand for a name and a visitor.
func (s *Service) stand(ctx context.Context, of Subjects) (standing, error) {
	all, err := s.Store.Counts(ctx, of)
	if err != nil {
		return standing{}, err
	}
	now := s.Clock().UTC()
	st := standing{
		now: now, of: of, device: all[of.Device].at(now, pairMemory, longestWait), pair: all[of.Pair].at(now, pairMemory, longestWait),
		address: all[of.Address].at(now, addressMemory, addressWait),
		name:    all[of.Name].at(now, besiegedMemory, besiegedWait), again: all[of.Again].at(now, besiegedMemory, besiegedWait),
	}
	if of.Device == "" {
		return st, nil
	}
	been, err := s.Store.KnownDevice(ctx, of.Device)
	st.paused = been && st.device.WaitUntil.After(now)
	st.known = been && !st.paused
	return st, err
}

// besieged tells whether strangers wait for each other at the name.
func (st standing) besieged() bool { return st.name.Tries > besiegedTries && !st.pair.Usual }

// wait is the refusal that a try meets now; nil where it is looked at. Of several reasons the longest counts; for a browser that
// waits by itself, whichever lets it try first.
func (st standing) wait() error {
	if st.known {
		return nil
	}
	until, why, tries := st.pair.WaitUntil, WaitHere, st.pair.Tries
	longer := func(t time.Time, r Reason) {
		if t.After(until) {
			until, why = t, r
		}
	}
	if !st.pair.Usual {
		longer(st.address.WaitUntil, WaitAddress)
	}
	if st.besieged() {
		if st.pair.Tries == 0 {
			longer(st.name.WaitUntil, WaitSiege)
		} else {
			longer(st.again.WaitUntil, WaitSiege)
		}
	}
	if st.paused && st.device.WaitUntil.Before(until) {
		until, why, tries = st.device.WaitUntil, WaitDevice, st.device.Tries
	}
	if !until.After(st.now) {
		return nil
	}
	return &Wait{Until: until, Left: until.Sub(st.now), Why: why, Tries: tries,
		says: rinnova.Fail(rinnova.TooMany, "La password non è stata controllata: prima bisogna aspettare.")}
}

// claim is the place that a try has in the queue.
func (st standing) claim() Claim {
	c := Claim{Subject: st.of.Name, Address: st.of.Address, Rank: RankStranger, FromThere: st.address.Tries, AtName: st.name.Tries}
	switch {
	case st.known:
		c.Subject, c.Rank = st.of.Device, RankDevice
	case st.pair.Usual:
		c.Rank = RankUsual
	}
	return c
}

// countFailure counts a wrong password, in the transaction of ctx; besieged tells that it made the name a besieged one.
func (s *Service) countFailure(ctx context.Context, st standing) (besieged bool, err error) {
	// Always in this order: two logins that share an address and a name wait for each other and never both.
	if st.known {
		if err := s.countOwn(ctx, st.of.Device, st.now, 0); err != nil {
			return false, err
		}
		return false, s.countAddress(ctx, st)
	}
	extra := 0
	if st.name.Tries >= besiegedTries && !st.pair.Usual { // with this one it is besieged
		extra = besiegedExtra
	}
	if err := s.countOwn(ctx, st.of.Pair, st.now, extra); err != nil {
		return false, err
	}
	if err := s.countAddress(ctx, st); err != nil {
		return false, err
	}
	return s.countName(ctx, st)
}

// countOwn counts for a browser, or for a name at an address.
func (s *Service) countOwn(ctx context.Context, subject string, now time.Time, extra int) error {
	c, err := s.count(ctx, subject, now, pairMemory)
	if err != nil {
		return err
	}
	return s.setWait(ctx, subject, now, waitAfter(c.Tries-freeTries+extra, longestWait), pairMemory)
}

func (s *Service) countAddress(ctx context.Context, st standing) error {
	c, err := s.count(ctx, st.of.Address, st.now, addressMemory)
	if err != nil {
		return err
	}
	return s.setWait(ctx, st.of.Address, st.now, waitAfter(c.Tries-addressTries, addressWait), addressMemory)
}

func (s *Service) countName(ctx context.Context, st standing) (besieged bool, err error) {
	c, err := s.count(ctx, st.of.Name, st.now, besiegedMemory)
	if err != nil {
		return false, err
	}
	again, gate := st.pair.Tries > 0, st.of.Name
	if again {
		gate = st.of.Again
	}
	if wait := strangersWait(c.Tries, again); wait > 0 && !st.pair.Usual {
		err = s.setWait(ctx, gate, st.now, wait, besiegedMemory)
	}
	return c.Tries == besiegedTries+1, err
}

func (s *Service) setWait(ctx context.Context, subject string, now time.Time, wait, memory time.Duration) error {
	return s.Store.SetWait(ctx, subject, now, now.Add(wait), now.Add(memory))
}

// clear takes back the tries of who has come in, in the transaction of ctx. An address keeps its wait.
func (s *Service) clear(ctx context.Context, st standing) error {
	failed := st.pair.Tries
	if st.known { // what others have failed at the address stays
		failed = st.device.Tries
		if err := s.Store.ClearAttempts(ctx, st.of.Device, st.now, st.now.Add(pairMemory)); err != nil {
			return err
		}
	} else if err := s.Store.ClearAttempts(ctx, st.of.Pair, st.now, st.now.Add(usualMemory)); err != nil {
		return err
	}
	if err := s.Store.MarkUsual(ctx, st.of.Pair, st.now, st.now.Add(usualMemory)); err != nil || failed == 0 {
		return err
	}
	if err := s.Store.TakeBackAttempts(ctx, st.of.Address, failed); err != nil || st.known { // a browser's are not the name's
		return err
	}
	return s.Store.TakeBackAttempts(ctx, st.of.Name, failed)
}
