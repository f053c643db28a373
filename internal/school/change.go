package school

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"rinnova"
	"rinnova/internal/event"
)

// Edit is what the office’s form of a school's data sends.
type Edit struct {
	Version      int64            // of the school that the form showed
	Values       map[Field]string // as typed
	Acknowledged []string         // codes of the warnings that the manager has seen and confirmed
}

// Change puts the values that a manager types in place of those that a school has. What was left as it was is not looked at.
// A value of the registry is ours from then on, and both addresses hear of another institutional e-mail, as with corrections.
// Problems say what is wrong: then nothing was written. It counts the values that changed.
func (c *Corrections) Change(ctx context.Context, actor rinnova.Actor, id string, x Edit) (n int, problems rinnova.Problems, err error) {
	if !actor.IsManager() {
		return 0, nil, forbidden()
	}
	err = c.Store.InTx(ctx, func(ctx context.Context) error {
		s, err := c.seen(ctx, id, x.Version)
		if err != nil {
			return err
		}
		changed, fields, found := s.changed(x)
		if problems = found; len(problems) > 0 || len(fields) == 0 {
			return nil
		}
		n = len(fields)
		return c.writeChange(ctx, actor, s, changed, fields)
	})
	return n, problems, err
}

func forbidden() error {
	return rinnova.Fail(rinnova.Forbidden, "Possono farlo solo i responsabili e gli amministratori.")
}

// seen reads a school that a form showed; ErrStale where somebody has written it since.
func (c *Corrections) seen(ctx context.Context, id string, version int64) (School, error) {
	s, err := c.Store.School(ctx, id)
	if err == nil && s.Version != version {
		err = ErrStale
	}
	return s, err
}

// changed is the school with what a form says differently. Doubts that were all confirmed are no problems any more.
func (s School) changed(x Edit) (School, []Field, rinnova.Problems) {
	out := s
	var fields []Field
	var problems rinnova.Problems
	for _, f := range Correctable {
		typed, sent := x.Values[f]
		if !sent || rinnova.Clean(typed) == s.Shown(f) {
			continue
		}
		value, found := Check(f, typed)
		problems = append(problems, found...)
		if value != s.Shown(f) {
			out.Set(f, value)
			fields = append(fields, f)
		}
	}
	if slices.ContainsFunc(problems, func(p rinnova.Problem) bool { return !p.Warns || !slices.Contains(x.Acknowledged, p.Code) }) {
		return s, nil, problems
	}
	return out, fields, nil
}

// Write puts a school as an import has it in the place of what it was, with all that a change by hand brings with it: the record, what
// is kept of the registry, and mails to both addresses.
func (c *Corrections) Write(ctx context.Context, actor rinnova.Actor, was, now School) error {
	var fields []Field
	for _, f := range Correctable {
		if now.Shown(f) != was.Shown(f) {
			fields = append(fields, f)
		}
	}
	return c.Store.InTx(ctx, func(ctx context.Context) error { return c.writeChange(ctx, actor, was, now, fields) })
}

func (c *Corrections) writeChange(ctx context.Context, actor rinnova.Actor, s, changed School, fields []Field) error {
	for _, f := range fields {
		if f.FromRegistry() {
			if err := c.Store.KeepFirst(ctx, s.ID, f, s.fromRegistry(f)); err != nil {
				return err
			}
		}
		data := map[string]string{"campo": f.Label().String(), "prima": s.Shown(f), "dopo": changed.Shown(f)}
		if err := c.recordChange(ctx, event.SchoolChanged, actor, s.ID, data); err != nil {
			return err
		}
	}
	changed.UpdatedAt = c.now()
	if err := c.Store.UpdateFrom(ctx, changed); err != nil {
		return err
	}
	return c.readdress(ctx, changed, s.Email)
}

func (c *Corrections) recordChange(ctx context.Context, kind event.Kind, actor rinnova.Actor, schoolID string, data map[string]string) error {
	return c.Events.Record(ctx, event.Event{At: c.now(), Kind: kind, Actor: actor, SchoolID: schoolID, AboutID: schoolID, Data: data})
}

// Closing is what the office says of a school's end.
type Closing struct {
	Version int64        // of the school that the form showed
	Day     rinnova.Date // first day without the school; zero: it goes on after all
	Reason  string
}

// The names of a closing's fields in forms.
const (
	FieldClosedOn = "closed_on"
	FieldReason   = "reason"
)

// Close notes that a school ends on a day, or that it goes on after all. Who has merged into another stays closed.
func (c *Corrections) Close(ctx context.Context, actor rinnova.Actor, id string, x Closing) (problems rinnova.Problems, err error) {
	if !actor.IsManager() {
		return nil, forbidden()
	}
	x.Reason = strings.TrimSpace(x.Reason)
	switch n := utf8.RuneCountInString(x.Reason); {
	case n == 0:
		problems.Refuse(FieldReason, "Scrivete il motivo: resta nel registro.")
	case n > MaxReason:
		problems.Refuse(FieldReason, "Il motivo ha al massimo %d caratteri: qui sono %d.", MaxReason, n)
	}
	if len(problems) > 0 {
		return problems, nil
	}
	return nil, c.Store.InTx(ctx, func(ctx context.Context) error {
		s, err := c.seen(ctx, id, x.Version)
		switch {
		case err != nil:
			return err
		case s.MergedInto != "":
			return rinnova.Fail(rinnova.Conflict, "La scuola è confluita in un’altra e resta chiusa.")
		case s.ClosedOn == x.Day:
			return nil
		}
		kind, data := event.SchoolClosed, map[string]string{"giorno": x.Day.String(), "motivo": x.Reason}
		if x.Day.IsZero() {
			kind, data = event.SchoolReopened, map[string]string{"motivo": x.Reason}
		}
		s.ClosedOn, s.UpdatedAt = x.Day, c.now()
		if err := c.Store.UpdateFrom(ctx, s); err != nil {
			return err
		}
		return c.recordChange(ctx, kind, actor, id, data)
	})
}

// Look reads a school for the office, with the newest word on each of its values.
func (c *Corrections) Look(ctx context.Context, actor rinnova.Actor, id string) (Standing, error) {
	if !actor.IsOffice() {
		return Standing{}, rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	return c.standing(ctx, id)
}
