package merger

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

// The names of a proposal's fields in forms.
const (
	FieldFrom = "da"
	FieldInto = "in"
	FieldDay  = "dal"
)

// Proposal is a merger as somebody types it: codes of schools (portal or ministry), and the day.
type Proposal struct {
	From []string
	Into string
	Day  rinnova.Date
}

// The furthest days: a vendor prepares a 1 September in the year before, and hears of one late.
const (
	monthsAhead = 24
	monthsBack  = 12
	mostSchools = 10
)

// Preview looks at what a merger would do, and writes nothing; replaces is a held or planned one that it would take the place of.
// Problems say what is wrong with the proposal.
func (s *Service) Preview(ctx context.Context, actor rinnova.Actor, x Proposal, replaces string) (*Preview, rinnova.Problems, error) {
	if !actor.IsManager() {
		return nil, nil, forbidden()
	}
	var problems rinnova.Problems
	into, err := s.byCode(ctx, &problems, FieldInto, x.Into)
	if err != nil {
		return nil, nil, err
	}
	var from []school.School
	for _, code := range x.From {
		f, err := s.byCode(ctx, &problems, FieldFrom, code)
		if err != nil {
			return nil, nil, err
		}
		from = append(from, f)
	}
	s.checkDay(&problems, x.Day)
	if n := len(x.From); n == 0 || n > mostSchools {
		problems.Refuse(FieldFrom, "Scrivete i codici delle scuole che confluiscono, da una a %d.", mostSchools)
	}
	if len(problems) > 0 {
		return nil, problems, nil
	}
	if problems, err = s.checkSchools(ctx, into, from, replaces); err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	p, err := s.look(ctx, into, from, x.Day)
	return p, nil, err
}

func forbidden() error {
	return rinnova.Fail(rinnova.Forbidden, "Possono farlo solo i responsabili e gli amministratori.")
}

func (s *Service) byCode(ctx context.Context, problems *rinnova.Problems, field, code string) (school.School, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if code == "" {
		problems.Refuse(field, "Scrivete il codice della scuola che continua: quello portale o quello meccanografico.")
		return school.School{}, nil
	}
	found, ok, err := s.Schools.ByCode(ctx, code)
	if err == nil && !ok {
		problems.Refuse(field, "Nessuna scuola ha il codice «%s». Scrivete il codice portale, come SG00001, o il codice meccanografico.", code)
	}
	return found, err
}

func (s *Service) checkDay(problems *rinnova.Problems, day rinnova.Date) {
	today := s.Clock.Today()
	switch {
	case day.IsZero():
		problems.Refuse(FieldDay, "Scrivete il giorno da cui vale, per esempio 01/09/%d.", today.Year)
	case day.After(today.AddMonths(monthsAhead)), day.Before(today.AddMonths(-monthsBack)):
		problems.Refuse(FieldDay, "Il giorno va da un anno fa a due anni da oggi: controllatelo.")
	}
}

// checkSchools holds that nobody goes on in itself, in a school that has closed, or in two places: chains then end where the last
// merger leads, and there are no cycles.
func (s *Service) checkSchools(ctx context.Context, into school.School, from []school.School, replaces string) (problems rinnova.Problems, err error) {
	seen := map[string]bool{}
	for _, f := range from {
		switch {
		case f.ID == into.ID:
			problems.Refuse(FieldFrom, "%s non può confluire in sé stessa.", f.PortalCode)
		case seen[f.ID]:
			problems.Refuse(FieldFrom, "%s è scritta due volte.", f.PortalCode)
		}
		seen[f.ID] = true
	}
	for _, f := range append([]school.School{into}, from...) {
		field := FieldFrom
		if f.ID == into.ID {
			field = FieldInto
		}
		if f.MergedInto != "" {
			heir, err := s.Schools.School(ctx, f.MergedInto)
			if err != nil {
				return nil, err
			}
			problems.Refuse(field, "%s è già confluita in %s (%s).", f.PortalCode, heir.ShortName, heir.PortalCode)
			continue
		}
		if f.ID == into.ID && !f.ClosedOn.IsZero() {
			problems.Refuse(field, "%s è chiusa dal %s: nessuno può confluirvi.", f.PortalCode, f.ClosedOn)
		}
		others, err := s.Store.OfSchool(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(others, func(m Merger) bool { return m.State.Open() && m.ID != replaces }) {
			problems.Refuse(field, "%s è già in un accorpamento programmato: annullatelo, o aspettate che sia eseguito.", f.PortalCode)
		}
	}
	return problems, nil
}

// look reads everything that a merger touches.
func (s *Service) look(ctx context.Context, into school.School, from []school.School, day rinnova.Date) (*Preview, error) {
	p := &Preview{Into: party(into), Day: day, Products: map[string]string{}}
	slices.SortFunc(from, func(a, b school.School) int { return strings.Compare(a.PortalCode, b.PortalCode) })
	var has []subscription.Subscription
	for _, x := range append([]school.School{into}, from...) {
		if x.ID != into.ID {
			p.From = append(p.From, party(x))
		}
		all, err := s.Subscriptions.Store.OfSchool(ctx, x.ID)
		if err != nil {
			return nil, err
		}
		has = append(has, all...)
	}
	p.Moves, p.Duplicates = Compare(into.ID, p.IDs(), day, has)
	if err := s.names(ctx, p); err != nil {
		return nil, err
	}
	bands, err := s.Bands(ctx)
	if err != nil {
		return nil, err
	}
	p.Pupils = Count(p.Into, p.From, day)
	p.Pupils.Bands, p.Pupils.BandBefore, p.Pupils.Band = bands, bands.Of(p.Pupils.Before), bands.Of(p.Pupils.After)
	return p, s.pending(ctx, p)
}

// names notes what the products are called.
func (s *Service) names(ctx context.Context, p *Preview) error {
	products, err := s.Products(ctx)
	if err != nil {
		return err
	}
	name := func(id string) {
		if i := slices.IndexFunc(products, func(x catalog.Product) bool { return x.ID == id }); i >= 0 {
			p.Products[id] = products[i].Name
		}
	}
	for _, x := range p.Moves {
		name(x.ProductID)
	}
	for _, d := range p.Duplicates {
		name(d.ProductID)
	}
	return nil
}

// pending finds the requests of those who close that are not closed.
func (s *Service) pending(ctx context.Context, p *Preview) error {
	for _, f := range p.From {
		all, err := s.Requests.OfSchool(ctx, f.ID)
		if err != nil {
			return err
		}
		for _, r := range all {
			if !r.State.Final() {
				p.Requests = append(p.Requests, Pending{r.ID, r.Number, r.SchoolID, r.State})
			}
		}
	}
	own, err := s.Requests.OfSchool(ctx, p.Into.ID)
	for _, r := range own {
		if !r.State.Closed() {
			p.Heirs = append(p.Heirs, Pending{r.ID, r.Number, r.SchoolID, r.State})
		}
	}
	return err
}

// Count is how many pupils the school has from a day on. The registry's number stands where it is of the school year of that day
// or of a later one: it counts the new school. Else it is the sum of what is known of all.
func Count(into Party, from []Party, day rinnova.Date) Pupils {
	year := schoolYear(day)
	out := Pupils{Before: into.Pupils, After: into.Pupils, Year: into.PupilsYear}
	if into.Pupils > 0 && into.PupilsYear >= year {
		return out
	}
	for _, x := range append([]Party{into}, from...) {
		if x.Pupils == 0 {
			out.Unknown = append(out.Unknown, x.Name)
		}
	}
	for _, x := range from {
		out.After += x.Pupils
	}
	out.Summed, out.Year = true, cmp.Or(year, out.Year)
	return out
}

// schoolYear is the school year of a day, which begins on 1 September: "2026/27".
func schoolYear(day rinnova.Date) string {
	y := day.Year
	if day.Month < 9 {
		y--
	}
	return fmt.Sprintf("%04d/%02d", y, (y+1)%100)
}
