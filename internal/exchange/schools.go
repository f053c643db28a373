package exchange

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/identifier"
	"rinnova/internal/school"
)

// directory finds schools by their codes.
type directory struct {
	all                             []school.School
	ministry, portal, customer, tax map[string]int
}

func newDirectory(all []school.School) *directory {
	d := &directory{all: all, ministry: map[string]int{}, portal: map[string]int{}, customer: map[string]int{}, tax: map[string]int{}}
	for i, s := range all {
		d.ministry[s.MinistryCode], d.portal[s.PortalCode], d.customer[s.CustomerNumber] = i, i, i
		if s.TaxCode != "" {
			d.tax[s.TaxCode] = i
		}
	}
	return d
}

// of finds the school of a row by its ministry code or portal code; -1 where none has them, or the row is refused.
func (d *directory) of(l *line) (at int, ministry, portal string) {
	ministry, portal = strings.ToUpper(l.text("mecc")), strings.ToUpper(l.text("portale"))
	if ministry != "" {
		ministry = identifier.Meccanografico(ministry).Normalised
	}
	byMinistry, hasMinistry := d.ministry[ministry]
	byPortal, hasPortal := d.portal[portal]
	switch {
	case l.Verdict == Refused:
	case ministry == "" && portal == "":
		l.Refuse("", "Manca la scuola: serve il codice meccanografico o il codice portale.")
	case hasMinistry && portal != "" && (!hasPortal || byPortal != byMinistry):
		l.Refuse(l.name("portale"), "Il codice portale %s non è di questa scuola: il suo è %s, e non cambia.", rinnova.Quoted(portal), d.all[byMinistry].PortalCode)
	case !hasMinistry && hasPortal && ministry != "":
		l.Refuse(l.name("mecc"), "Il codice portale %s è della scuola %s, non di %s.", portal, d.all[byPortal].MinistryCode, rinnova.Quoted(ministry))
	case hasMinistry:
		return byMinistry, ministry, portal
	case hasPortal:
		return byPortal, ministry, portal
	}
	return -1, ministry, portal
}

func titled(s school.School) string { return s.PortalCode + " · " + s.ShortName }

// schoolPlanner plans schools, and codes of schools that are there.
type schoolPlanner struct {
	service *Service
	dir     *directory
	by      rinnova.Actor
	adds    bool // schools that are not there are new ones
	seen    map[string]int
	lines   []*line
	schools []*school.School // of each line; nil: none
	isNew   []bool
	ignored int
}

func newSchoolPlanner(s *Service, by rinnova.Actor, dir *directory, adds bool) *schoolPlanner {
	return &schoolPlanner{service: s, by: by, dir: dir, adds: adds, seen: map[string]int{}}
}

func (p *schoolPlanner) row(l *line) {
	var s *school.School
	isNew := false
	if l.Verdict != Refused {
		at, ministry, portal := p.dir.of(l)
		switch {
		case at >= 0:
			was := p.dir.all[at]
			s = &was
			l.Name = titled(was)
			p.compare(l, s)
		case l.Verdict == Refused:
		case p.adds:
			isNew = true
			s = p.fresh(l, ministry, portal)
		default:
			l.Refuse("", "Nessuna scuola ha il codice %s.", rinnova.Quoted(ministry+portal))
		}
	}
	if s != nil {
		p.once(l, s.MinistryCode)
	}
	l.cells = nil
	p.lines, p.schools, p.isNew = append(p.lines, l), append(p.schools, s), append(p.isNew, isNew)
}

// once refuses a school that stands twice in a file.
func (p *schoolPlanner) once(l *line, key string) {
	if first, twice := p.seen[key]; twice {
		l.Refuse("", "La scuola è già alla riga %d: lasciatene una.", first)
		return
	}
	p.seen[key] = l.Line
}

// compare puts what a row says differently into the school.
func (p *schoolPlanner) compare(l *line, s *school.School) {
	if v := l.text("cliente"); v != "" && v != s.CustomerNumber {
		l.Refuse(l.name("cliente"), "Il codice cliente è %s e non cambia.", s.CustomerNumber)
	}
	for _, f := range school.Correctable {
		p.value(l, s, f)
	}
	l.plain("type", &s.Type)
	l.plain("region", &s.Region)
	p.pupils(l, s)
	p.shared(l, s)
}

// shared warns of a new tax code that another school has.
func (p *schoolPlanner) shared(l *line, s *school.School) {
	other, known := p.dir.tax[s.TaxCode]
	mine := slices.ContainsFunc(l.Changes, func(c Change) bool { return c.Column == l.name("tax_code") })
	if known && mine && p.dir.all[other].MinistryCode != s.MinistryCode {
		l.add(Problem{l.name("tax_code"), false, rinnova.Say("Lo stesso codice fiscale ha anche %s.", titled(p.dir.all[other]))})
	}
}

// value takes one value over, checked as a school's own correction is. What is written as it is shown is no change, whatever
// the checks say of it.
func (p *schoolPlanner) value(l *line, s *school.School, f school.Field) {
	key, was := string(f), s.Shown(f)
	v := l.text(key)
	if v == "" || v == was {
		return
	}
	if v == nothing {
		if !f.Optional() {
			l.Refuse(l.name(key), "Questo dato non si può togliere: scrivete quello giusto.")
		} else if was != "" {
			l.change(l.name(key), was, "")
			s.Set(f, "")
		}
		return
	}
	v, problems := school.Check(f, v)
	for _, x := range problems {
		l.add(Problem{l.name(key), !x.Warns, x.Text})
	}
	if v != was && len(problems.Refused()) == 0 {
		l.change(l.name(key), was, v)
		s.Set(f, v)
	}
}

// plain takes over a value that nothing checks but its length.
func (l *line) plain(key string, to *string) {
	switch v := l.text(key); {
	case v == "" || v == *to:
	case len(v) > 200:
		l.Refuse(l.name(key), "Al massimo %d caratteri.", 200)
	default:
		l.change(l.name(key), *to, v)
		*to = v
	}
}

// maxPupils is more than any institute has.
const maxPupils = 20_000

var yearShape = regexp.MustCompile(`^20[0-9]{2}/[0-9]{2}$`)

func (p *schoolPlanner) pupils(l *line, s *school.School) {
	n, ok := l.whole("pupils", maxPupils)
	if !ok {
		return
	}
	year := l.text("pupils_year")
	if year == "" {
		year = s.PupilsYear
		if n != s.Pupils {
			year = schoolYear(p.service.Clock.Today())
		}
	}
	if !yearShape.MatchString(year) && n > 0 {
		l.Refuse(l.name("pupils_year"), "L’anno scolastico si scrive come 2026/27.")
		return
	}
	if n != s.Pupils || n > 0 && year != s.PupilsYear {
		l.change(l.name("pupils"), shownPupils(*s), strconv.Itoa(n)+" ("+year+")")
		s.Pupils, s.PupilsYear = n, year
	}
}

func shownPupils(s school.School) string {
	if s.Pupils == 0 {
		return ""
	}
	return strconv.Itoa(s.Pupils) + " (" + s.PupilsYear + ")"
}

// schoolYear is the one that a day lies in; it begins in September.
func schoolYear(d rinnova.Date) string {
	y := d.Year
	if d.Month < 9 {
		y--
	}
	return strconv.Itoa(y) + "/" + strconv.Itoa(y + 1)[2:]
}

var (
	portalShape   = regexp.MustCompile(`^[A-Z]{2}[0-9]{5}$`)
	customerShape = regexp.MustCompile(`^[0-9]{6}$`)
)

// fresh makes a school of a row. Codes that it does not bring are given out in finish.
func (p *schoolPlanner) fresh(l *line, ministry, portal string) *school.School {
	if ministry == "" {
		l.Refuse(l.name("mecc"), "Nessuna scuola ha il codice portale %s. Per una nuova serve il codice meccanografico.", rinnova.Quoted(portal))
		return nil
	}
	if c := identifier.Meccanografico(ministry); c.Verdict != identifier.OK {
		l.add(Problem{l.name("mecc"), c.Verdict == identifier.Refused, rinnova.Text{Format: c.Why.Italian, English: c.Why.English}})
	}
	s := &school.School{MinistryCode: ministry, PortalCode: portal, CustomerNumber: l.text("cliente")}
	if portal != "" && !portalShape.MatchString(portal) {
		l.Refuse(l.name("portale"), "Il codice portale ha due lettere e cinque cifre, come SG00001.")
	}
	if _, used := p.dir.customer[s.CustomerNumber]; used {
		l.Refuse(l.name("cliente"), "Il codice cliente %s è di un’altra scuola.", rinnova.Quoted(s.CustomerNumber))
	} else if s.CustomerNumber != "" && !customerShape.MatchString(s.CustomerNumber) {
		l.Refuse(l.name("cliente"), "Il codice cliente ha sei cifre.")
	}
	for _, key := range []string{string(school.FieldDisplayName), string(school.FieldTown)} {
		if l.text(key) == "" {
			l.Refuse(l.name(key), "Manca: per una scuola nuova è obbligatorio.")
		}
	}
	l.plain("type", &s.Type)
	l.plain("region", &s.Region)
	for _, f := range school.Correctable {
		p.value(l, s, f)
	}
	s.Name = s.DisplayName
	s.ShortName = school.ShortName(s.DisplayName, s.TownName())
	p.pupils(l, s)
	l.Name = strings.TrimSpace(ministry + " · " + s.ShortName)
	for _, code := range []string{s.PortalCode, s.CustomerNumber} {
		if code != "" {
			p.once(l, code)
		}
	}
	return s
}

func (p *schoolPlanner) finish(plan *Plan) {
	plan.Counts.Ignored += p.ignored
	taken := p.dir.all[:len(p.dir.all):len(p.dir.all)]
	for i, l := range p.lines {
		if l.settle(p.isNew[i]); l.Verdict == Added {
			taken = append(taken, *p.schools[i])
		}
	}
	next := school.Numbers(taken, school.DefaultPortalPrefix)
	for i, l := range p.lines {
		s := p.schools[i]
		if l.Verdict == Added && (s.PortalCode == "" || s.CustomerNumber == "") {
			portal, customer, err := next()
			if err != nil {
				l.Refuse("", "Non ci sono più codici portale o codici cliente da dare.")
				l.settle(true)
			}
			if s.PortalCode == "" {
				s.PortalCode = portal
			}
			if s.CustomerNumber == "" {
				s.CustomerNumber = customer
			}
		}
		plan.take(l.Row)
		switch l.Verdict {
		case Added:
			plan.then(func(ctx context.Context) error { return p.add(ctx, *s) })
		case Changed:
			plan.then(func(ctx context.Context) error { return p.update(ctx, *s) })
		}
	}
}

func (p *schoolPlanner) add(ctx context.Context, s school.School) error {
	now := p.service.Clock().UTC()
	s.ID, s.CreatedAt, s.UpdatedAt = rinnova.NewID(now), now, now
	if err := p.service.Schools.Add(ctx, s); err != nil || p.service.SchoolAdded == nil {
		return err
	}
	return p.service.SchoolAdded(ctx, s)
}

// update writes a school: whoever is on the record for a change by hand is for this one too.
func (p *schoolPlanner) update(ctx context.Context, s school.School) error {
	return p.service.Desk.Write(ctx, p.by, p.dir.all[p.dir.ministry[s.MinistryCode]], s)
}
