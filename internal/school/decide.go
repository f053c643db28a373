package school

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"rinnova"
	"rinnova/internal/event"
)

// Decide accepts or rejects items of a correction, all that are named or none. Deciding again what was decided so changes
// nothing. It is refused where somebody else decided otherwise, where the school has meanwhile asked for something else, and
// where a value to be accepted is no longer the one that the clerk saw: then nothing is written. Problems say which reasons
// are missing.
func (c *Corrections) Decide(ctx context.Context, actor rinnova.Actor, id string, ds []Decision) (problems rinnova.Problems, err error) {
	if !actor.IsOffice() {
		return nil, rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	if ds, problems = checked(ds); len(problems) > 0 {
		return problems, nil
	}
	return nil, c.again(ctx, func(ctx context.Context) error { return c.decide(ctx, actor, id, ds) })
}

// checked puts decisions in order and looks for the reasons of rejections.
func checked(ds []Decision) ([]Decision, rinnova.Problems) {
	ds = slices.Clone(ds)
	slices.SortFunc(ds, func(a, b Decision) int { return byPlace(a.Field, b.Field) })
	var problems rinnova.Problems
	for i := range ds {
		d := &ds[i]
		d.Reason = strings.TrimSpace(d.Reason)
		switch n := utf8.RuneCountInString(d.Reason); {
		case d.Accept:
			d.Reason = ""
		case n == 0:
			problems.Refuse(ReasonField(d.Field), "Scrivete il motivo: la scuola lo legge nella mail e fra i suoi dati.")
		case n > MaxReason:
			problems.Refuse(ReasonField(d.Field), "Il motivo ha al massimo %d caratteri: qui sono %d.", MaxReason, n)
		}
	}
	return ds, problems
}

func (c *Corrections) decide(ctx context.Context, actor rinnova.Actor, id string, ds []Decision) error {
	x, err := c.Store.Correction(ctx, id)
	if err != nil {
		return err
	}
	moves, err := c.settleItems(ctx, actor, x, ds)
	if err != nil || len(moves) == 0 {
		return err
	}
	s, err := c.Store.School(ctx, x.SchoolID)
	if err != nil {
		return err
	}
	changed, err := c.write(ctx, x, s, moves, ds)
	if err != nil {
		return err
	}
	for _, i := range moves {
		kind := event.CorrectionRejected
		if i.State == Accepted {
			kind = event.CorrectionAccepted
		}
		if err := c.record(ctx, kind, actor, x.SchoolID, i); err != nil {
			return err
		}
	}
	if err := c.countDown(ctx, id, len(moves), changed); err != nil {
		return err
	}
	return c.readdress(ctx, changed, s.Email)
}

// settleItems moves what is open and leaves what was decided so already.
func (c *Corrections) settleItems(ctx context.Context, actor rinnova.Actor, x *Correction, ds []Decision) ([]Item, error) {
	var moves []Item
	for _, d := range ds {
		at := slices.IndexFunc(x.Items, func(i Item) bool { return i.Field == d.Field })
		if at < 0 {
			return nil, rinnova.Fail(rinnova.Invalid, "Questa correzione non riguarda quel dato. Ricaricate la pagina.")
		}
		i := x.Items[at]
		to := Rejected
		if d.Accept {
			to = Accepted
		}
		if i.State == to {
			continue
		}
		if i.State != Open {
			return nil, overtaken(i)
		}
		i = i.moved(to, actor, c.now(), d.Reason)
		mine, err := c.Store.Settle(ctx, i)
		if err != nil {
			return nil, err
		}
		if !mine {
			return nil, ErrStale // read again: whoever was faster may have decided the same
		}
		moves = append(moves, i)
	}
	return moves, nil
}

// overtaken says why an item can no longer be decided on.
func overtaken(i Item) error {
	switch i.State {
	case Accepted:
		return rinnova.Fail(rinnova.Conflict, "Nel frattempo %s ha accettato la correzione di «%s».", i.DecidedName, i.Field.Label())
	case Rejected:
		return rinnova.Fail(rinnova.Conflict, "Nel frattempo %s non ha accettato la correzione di «%s».", i.DecidedName, i.Field.Label())
	case Withdrawn:
		return rinnova.Fail(rinnova.Conflict, "Nel frattempo la scuola ha ritirato la correzione di «%s».", i.Field.Label())
	}
	return rinnova.Fail(rinnova.Conflict, "Nel frattempo per «%s» è arrivata una correzione più recente: guardate quella.", i.Field.Label())
}

// write puts the accepted values into the school, and notes whose they are from now on.
func (c *Corrections) write(ctx context.Context, x *Correction, s School, moves []Item, ds []Decision) (School, error) {
	changed := s
	for _, i := range moves {
		if i.State != Accepted {
			continue
		}
		d := ds[slices.IndexFunc(ds, func(d Decision) bool { return d.Field == i.Field })]
		if is := s.Shown(i.Field); is != d.Seen && is != i.New {
			return s, rinnova.Fail(rinnova.Conflict, "Nel frattempo «%s» è cambiato: era «%s», ora è «%s». Decidete di nuovo.", i.Field.Label(), d.Seen, is)
		}
		changed.Set(i.Field, i.New)
	}
	for _, i := range moves {
		if err := c.keep(ctx, x, s, i); err != nil {
			return s, err
		}
	}
	if changed == s {
		return s, nil
	}
	changed.UpdatedAt = c.now()
	return changed, c.Store.UpdateFrom(ctx, changed)
}

// keep says who owns the value from now on: what a school has corrected is ours; what the registry asked for and got is the
// registry's again; what it asked for in vain it will not ask again.
func (c *Corrections) keep(ctx context.Context, x *Correction, s School, i Item) error {
	switch {
	case !i.Field.FromRegistry():
		return nil
	case x.FromRegistry() && i.State == Accepted:
		return c.Store.Unkeep(ctx, x.SchoolID, i.Field)
	case x.FromRegistry():
		return c.Store.Keep(ctx, x.SchoolID, i.Field, i.New)
	case i.State == Accepted:
		return c.Store.KeepFirst(ctx, x.SchoolID, i.Field, s.fromRegistry(i.Field))
	}
	return nil
}

// readdress lets everybody know that the institutional address is another one.
func (c *Corrections) readdress(ctx context.Context, s School, old string) error {
	if s.Email == old {
		return nil
	}
	if c.AddressChanged != nil {
		if err := c.AddressChanged(ctx, s.ID); err != nil {
			return err
		}
	}
	return c.Post.AddressChanged(ctx, s, old)
}
