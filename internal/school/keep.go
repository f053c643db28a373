package school

import (
	"context"
	"slices"
	"time"

	"rinnova"
)

// disagreement is what the registry says differently of the corrected values of a school, and not as it did when they were
// corrected or when the office last decided.
type disagreement struct {
	school School
	fields []FieldChange // ours, and the registry's
}

// compare holds what the registry says against the values of a school that are kept. What it said before is no news.
func (p *planner) compare(s School, row Row, kept map[Field]string) {
	d := disagreement{school: s}
	for _, f := range Correctable {
		before, ours := kept[f]
		if !ours {
			continue
		}
		if said := p.options.said(s, row, f); said != "" && said != before && said != s.Shown(f) {
			d.fields = append(d.fields, FieldChange{Field: f, Old: s.Shown(f), New: said})
		}
	}
	if len(d.fields) > 0 {
		p.differ = append(p.differ, d)
		p.report.Kept = append(p.report.Kept, Change{Entry: entry(s), Fields: d.fields})
	}
}

// ask puts the disagreement before the office, as a correction that the program asks for. A value that waits for a decision
// already is left to whoever asked; the next import asks again.
func (s *Service) ask(ctx context.Context, d disagreement, now time.Time) error {
	open, err := s.store.OpenItems(ctx, d.school.ID)
	if err != nil {
		return err
	}
	c := &Correction{ID: rinnova.NewID(now), SchoolID: d.school.ID, By: rinnova.System, At: now}
	for _, x := range d.fields {
		if i := slices.IndexFunc(open, func(i Item) bool { return i.Field == x.Field }); i >= 0 {
			if !open[i].Registry {
				continue
			}
			if err := settle(ctx, s.store, open[i].moved(Replaced, rinnova.System, now, "")); err != nil {
				return err
			}
		}
		c.Items = append(c.Items, Item{CorrectionID: c.ID, Field: x.Field, Old: x.Old, New: x.New, State: Open, AskedAt: now, Registry: true})
		if err := s.store.Keep(ctx, d.school.ID, x.Field, x.New); err != nil {
			return err
		}
	}
	if len(c.Items) == 0 {
		return nil
	}
	return s.store.AddCorrection(ctx, c)
}

// settle moves an open item on and counts its correction down; ErrStale where somebody else has moved it.
func settle(ctx context.Context, store Asker, i Item) error {
	mine, err := store.Settle(ctx, i)
	if err != nil {
		return err
	}
	if !mine {
		return ErrStale
	}
	_, err = store.CountDown(ctx, i.CorrectionID, 1)
	return err
}
