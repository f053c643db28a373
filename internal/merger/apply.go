package merger

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/locale"
	"rinnova/internal/school"
)

// Order is a merger that somebody has looked at and wants.
type Order struct {
	Proposal
	Hash     string            // of the preview that was shown
	Choices  map[string]string // by Duplicate.Key: whose periods go on
	Replaces string            // id of a planned or held one that it takes the place of; empty: none
}

// Merge carries out what was shown where its day has come, and plans it for its day otherwise. It is refused where it is no
// longer as it was shown. Problems say what is wrong with the proposal.
func (s *Service) Merge(ctx context.Context, actor rinnova.Actor, o Order) (m *Merger, problems rinnova.Problems, err error) {
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		var p *Preview
		if p, problems, err = s.Preview(ctx, actor, o.Proposal, o.Replaces); err != nil || len(problems) > 0 {
			return err
		}
		if err := same(p, o.Hash); err != nil {
			return err
		}
		if o.Replaces != "" {
			if err := s.cancel(ctx, actor, o.Replaces); err != nil {
				return err
			}
		}
		m = &Merger{ID: rinnova.NewID(s.now()), State: Planned, Preview: *p, Choices: o.Choices, Hash: o.Hash, Planned: s.stamp(actor)}
		if err := s.Store.Add(ctx, m); err != nil {
			return err
		}
		if p.Day.After(s.Clock.Today()) {
			return s.record(ctx, event.MergerPlanned, actor, m)
		}
		return s.apply(ctx, actor, m, p)
	})
	return m, problems, err
}

// same holds that a preview is the one that was shown.
func same(p *Preview, hash string) error {
	now, err := p.Hash()
	if err == nil && now != hash {
		err = rinnova.Fail(rinnova.Conflict, "Nel frattempo qualcosa è cambiato in queste scuole: guardate di nuovo l’anteprima.")
	}
	return err
}

// apply does what the preview shows.
func (s *Service) apply(ctx context.Context, actor rinnova.Actor, m *Merger, p *Preview) error {
	if p.Blocked() {
		return rinnova.Fail(rinnova.Conflict, "Ci sono richieste confermate di chi confluisce: elaboratele, o rimandatele alla scuola, poi riprovate.")
	}
	reason := "Accorpamento in " + p.Into.Name + " " + locale.Dal(p.Day)
	for _, r := range p.Requests {
		if err := s.Renewals.Withdraw(ctx, actor, r.ID, reason); err != nil {
			return err
		}
	}
	if err := s.Subscriptions.Transfer(ctx, p.Outcome(m.Choices)); err != nil {
		return err
	}
	if err := s.close(ctx, p); err != nil {
		return err
	}
	before := m.State
	m.State, m.Preview, m.Settled, m.Detail = Applied, *p, s.stamp(actor), ""
	mine, err := s.Store.Move(ctx, m, before)
	if err == nil && !mine {
		err = settled()
	}
	if err != nil {
		return err
	}
	return s.record(ctx, event.MergerApplied, actor, m)
}

func settled() error {
	return rinnova.Fail(rinnova.Conflict, "L’accorpamento è già stato eseguito o annullato.")
}

// close ends the schools that go on in another, with those that had gone on in them, and counts the pupils again.
func (s *Service) close(ctx context.Context, p *Preview) error {
	for _, f := range p.From {
		before, err := s.Schools.MergedInto(ctx, f.ID)
		if err != nil {
			return err
		}
		one, err := s.Schools.School(ctx, f.ID)
		if err != nil {
			return err
		}
		one.ClosedOn = p.Day
		for _, x := range append(before, one) {
			x.MergedInto, x.UpdatedAt = p.Into.ID, s.now()
			if err := s.Schools.UpdateFrom(ctx, x); err != nil {
				return err
			}
		}
	}
	into, err := s.Schools.School(ctx, p.Into.ID)
	if err != nil || !p.Pupils.Summed || p.Pupils.After == 0 {
		return err
	}
	into.Pupils, into.PupilsYear, into.UpdatedAt = p.Pupils.After, p.Pupils.Year, s.now()
	return s.Schools.UpdateFrom(ctx, into)
}

// Cancel gives up a merger that is still to be carried out.
func (s *Service) Cancel(ctx context.Context, actor rinnova.Actor, id string) error {
	if !actor.IsManager() {
		return forbidden()
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error { return s.cancel(ctx, actor, id) })
}

func (s *Service) cancel(ctx context.Context, actor rinnova.Actor, id string) error {
	m, err := s.Store.Merger(ctx, id)
	if err != nil {
		return err
	}
	before := m.State
	if !before.Open() {
		return settled()
	}
	m.State, m.Settled = Cancelled, s.stamp(actor)
	mine, err := s.Store.Move(ctx, m, before)
	if err == nil && !mine {
		err = settled()
	}
	if err != nil {
		return err
	}
	return s.record(ctx, event.MergerCancelled, actor, m)
}

// Sweep carries out the planned mergers whose day has come. One that is no longer as it was shown is held, and stops no other.
// Several processes may sweep at once: each merger is carried out once.
func (s *Service) Sweep(ctx context.Context) error {
	due, err := s.Store.Due(ctx, s.Clock.Today())
	if err != nil {
		return err
	}
	for _, m := range due {
		err := s.Store.InTx(ctx, func(ctx context.Context) error { return s.carryOut(ctx, m) })
		if errors.Is(err, school.ErrStale) { // somebody writes one of the schools right now: the next sweep
			continue
		}
		if why, known := errors.AsType[*rinnova.Error](err); known {
			err = s.hold(ctx, m, why)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) carryOut(ctx context.Context, m Merger) error {
	now, err := s.Store.Merger(ctx, m.ID)
	if err != nil || now.State != Planned {
		return err
	}
	into, err := s.Schools.School(ctx, m.Preview.Into.ID)
	if err != nil {
		return err
	}
	var from []school.School
	for _, id := range m.Preview.IDs() {
		f, err := s.Schools.School(ctx, id)
		if err != nil {
			return err
		}
		from = append(from, f)
	}
	problems, err := s.checkSchools(ctx, into, from, m.ID)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return &rinnova.Error{Kind: rinnova.Conflict, Message: problems[0].Text}
	}
	p, err := s.look(ctx, into, from, m.Preview.Day)
	if err != nil {
		return err
	}
	if err := same(p, m.Hash); err != nil {
		return err
	}
	return s.apply(ctx, rinnova.System, now, p)
}

// hold leaves a merger to somebody who looks at it.
func (s *Service) hold(ctx context.Context, m Merger, why *rinnova.Error) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		m.State, m.Detail = Held, why.Message.String()
		mine, err := s.Store.Move(ctx, &m, Planned)
		if err != nil || !mine {
			return err
		}
		return s.record(ctx, event.MergerHeld, rinnova.System, &m)
	})
}

// record tells of a merger in the record of each of its schools.
func (s *Service) record(ctx context.Context, kind event.Kind, actor rinnova.Actor, m *Merger) error {
	p := &m.Preview
	var names []string
	for _, f := range p.From {
		names = append(names, f.Name)
	}
	data := map[string]string{"scuola": strings.Join(names, ", ") + " → " + p.Into.Name, "giorno": p.Day.String(),
		"prodotti_passati": strconv.Itoa(len(p.Moves)), "duplicati": strconv.Itoa(len(p.Duplicates))}
	if p.Pupils.After > 0 {
		data["alunni"] = strconv.Itoa(p.Pupils.After)
	}
	if m.Detail != "" && kind == event.MergerHeld {
		data["motivo"] = m.Detail
	}
	for _, id := range append([]string{p.Into.ID}, p.IDs()...) {
		if err := s.Events.Record(ctx, event.Event{At: s.now(), Kind: kind, Actor: actor, SchoolID: id, AboutID: m.ID, Data: data}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) now() time.Time { return s.Clock().UTC() }

func (s *Service) stamp(actor rinnova.Actor) Stamp {
	return Stamp{By: actor.AccountID, Name: actor.Name, At: s.now()}
}
