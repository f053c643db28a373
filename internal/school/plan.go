package school

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rinnova"
)

// planner compares a registry with the schools that are known.
type planner struct {
	options        ImportOptions
	now            time.Time
	kept           map[string]map[Field]string // by school: the corrected values, with what the registry last said of them
	report         *Report
	added, changed []School
	differ         []disagreement
}

// plan fills the report and the lists of what is to be written; rows come in the order of their codes.
func (p *planner) plan(rows []Row, known []School) error {
	byCode := make(map[string]School, len(known))
	for _, s := range known {
		byCode[s.MinistryCode] = s
	}
	numbers := numbersAfter(known, p.options.PortalPrefix)
	regions := map[string]bool{}
	for _, row := range rows {
		regions[row.Region] = true
		old, found := byCode[row.Code]
		if !found {
			if err := p.add(row, &numbers); err != nil {
				return err
			}
			continue
		}
		delete(byCode, row.Code)
		p.change(old, row)
	}
	if p.report.Summary.Complete {
		p.vanished(byCode, regions)
	}
	return nil
}

func (p *planner) add(row Row, numbers *numbering) error {
	s := School{ID: rinnova.NewID(p.now), MinistryCode: row.Code, CreatedAt: p.now, UpdatedAt: p.now}
	var err error
	if s.PortalCode, s.CustomerNumber, err = numbers.next(); err != nil {
		return err
	}
	s = p.options.merge(s, row, nil)
	p.added = append(p.added, s)
	p.report.Added = append(p.report.Added, entry(s))
	return nil
}

func (p *planner) change(old School, row Row) {
	kept := p.kept[old.ID]
	p.compare(old, row, kept)
	s := p.options.merge(old, row, kept)
	s.VanishedOn = rinnova.Date{}
	if !old.VanishedOn.IsZero() {
		p.report.Returned = append(p.report.Returned, entry(s))
	}
	fields := differences(old, s)
	switch {
	case len(fields) > 0:
		p.report.Changed = append(p.report.Changed, Change{Entry: entry(s), Fields: fields})
	case old.VanishedOn.IsZero():
		p.report.Unchanged++
		return
	}
	s.UpdatedAt = p.now
	p.changed = append(p.changed, s)
}

// vanished lists the schools that a complete registry lacks, within the regions that it covers: a part of the registry
// says nothing about the rest of Italy. Those that the registry before still had are marked with the day.
func (p *planner) vanished(left map[string]School, regions map[string]bool) {
	for _, s := range left {
		if !regions[s.Region] {
			continue
		}
		p.report.Vanished = append(p.report.Vanished, entry(s))
		if s.VanishedOn.IsZero() {
			s.VanishedOn, s.UpdatedAt = rinnova.DateOf(p.now), p.now
			p.changed = append(p.changed, s)
		}
	}
	slices.SortFunc(p.changed, func(a, b School) int { return strings.Compare(a.MinistryCode, b.MinistryCode) })
	slices.SortFunc(p.report.Vanished, func(a, b Entry) int { return strings.Compare(a.MinistryCode, b.MinistryCode) })
}

func entry(s School) Entry { return Entry{s.MinistryCode, s.PortalCode, s.DisplayName, s.TownName()} }

// merge is s with what the registry says of it. What the registry leaves empty stays, and what is kept.
func (o ImportOptions) merge(s School, row Row, kept map[Field]string) School {
	old := s
	take := func(f Field, to *string, v string) {
		if _, ours := kept[f]; v != "" && !ours {
			*to = v
		}
	}
	take(FieldName, &s.Name, row.Name)
	take(FieldType, &s.Type, row.Type)
	take(FieldAddress, &s.Address, row.Address)
	take(FieldPostcode, &s.Postcode, row.Postcode)
	take(FieldTown, &s.Town, row.Town)
	take(FieldRegion, &s.Region, row.Region)
	take(FieldWebsite, &s.Website, row.Website)
	if _, ours := kept[FieldProvinceCode]; !ours {
		take(FieldProvince, &s.Province, row.Province)
		s.ProvinceCode = provinceOf(s.MinistryCode, s.Province)
	}
	if s.Name != old.Name || s.Type != old.Type || s.Town != old.Town {
		s.renameFrom(old)
		if _, ours := kept[FieldDisplayName]; ours {
			s.DisplayName = old.DisplayName
			s.shortenFrom(old)
		}
	}
	if row.Pupils > 0 && row.PupilsYear >= s.PupilsYear {
		s.Pupils, s.PupilsYear = row.Pupils, row.PupilsYear
	}
	email, pec := o.mail(s, row)
	take(FieldEmail, &s.Email, email)
	take(FieldPEC, &s.PEC, pec)
	return s
}

// renameFrom makes the names for people anew, but for those that somebody has bettered by hand.
func (s *School) renameFrom(old School) {
	if old.DisplayName == "" || old.DisplayName == FullName(old.Name, old.Type) {
		s.DisplayName = FullName(s.Name, s.Type)
	}
	s.shortenFrom(old)
}

// shortenFrom makes the short name anew, unless somebody has bettered it by hand.
func (s *School) shortenFrom(old School) {
	if old.ShortName == "" || old.ShortName == ShortName(old.DisplayName, old.TownName()) {
		s.ShortName = ShortName(s.DisplayName, s.TownName())
	}
}

// mail is what the registry has to say of a school's addresses: nothing where the school has one and the registry does not
// own them.
func (o ImportOptions) mail(s School, row Row) (email, pec string) {
	if o.MailDomain != "" {
		code := strings.ToLower(s.MinistryCode)
		return code + "@" + o.MailDomain, code + "@pec." + o.MailDomain
	}
	if s.Email == "" || o.RegistryOwnsMail {
		email = row.Email
	}
	if s.PEC == "" || o.RegistryOwnsMail {
		pec = row.PEC
	}
	return email, pec
}

// differences lists what the registry changes.
func differences(old, s School) []FieldChange {
	var out []FieldChange
	for _, f := range []FieldChange{
		{FieldName, old.Name, s.Name},
		{FieldType, old.Type, s.Type},
		{FieldAddress, old.Address, s.Address},
		{FieldPostcode, old.Postcode, s.Postcode},
		{FieldTown, old.Town, s.Town},
		{FieldProvince, old.Province, s.Province},
		{FieldProvinceCode, old.ProvinceCode, s.ProvinceCode},
		{FieldRegion, old.Region, s.Region},
		{FieldWebsite, old.Website, s.Website},
		{FieldEmail, old.Email, s.Email},
		{FieldPEC, old.PEC, s.PEC},
		{FieldPupils, pupils(old), pupils(s)},
	} {
		if f.Old != f.New {
			out = append(out, f)
		}
	}
	return out
}

// pupils writes the number with its school year: 887 (2024/25).
func pupils(s School) string {
	if s.Pupils == 0 {
		return ""
	}
	return fmt.Sprintf("%d (%s)", s.Pupils, s.PupilsYear)
}

// numbering gives out portal codes and customer numbers, each after the greatest in use.
type numbering struct {
	prefix           string
	portal, customer int
}

// The numbers before the first and the last ones: five digits after the prefix, six digits.
const (
	lastPortal        = 99_999
	beforeCustomers   = 100_000
	lastCustomer      = 999_999
	portalCodeLength  = 7
	customerNumLength = 6
)

func numbersAfter(known []School, prefix string) numbering {
	n := numbering{prefix: prefix, customer: beforeCustomers}
	for _, s := range known {
		if digits, found := strings.CutPrefix(s.PortalCode, prefix); found && len(s.PortalCode) == portalCodeLength {
			n.portal = max(n.portal, atoi(digits))
		}
		if len(s.CustomerNumber) == customerNumLength {
			n.customer = max(n.customer, atoi(s.CustomerNumber))
		}
	}
	return n
}

// atoi is the number in s, or 0 where s is none.
func atoi(s string) int {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

func (n *numbering) next() (portalCode, customerNumber string, err error) {
	n.portal++
	n.customer++
	if n.portal > lastPortal {
		return "", "", rinnova.Fail(rinnova.Conflict, "I codici portale che cominciano con %s sono finiti. Scegliete un altro prefisso.", n.prefix)
	}
	if n.customer > lastCustomer {
		return "", "", rinnova.Fail(rinnova.Conflict, "I codici cliente di sei cifre sono finiti.")
	}
	return fmt.Sprintf("%s%05d", n.prefix, n.portal), fmt.Sprintf("%06d", n.customer), nil
}

// Numbers gives out portal codes and customer numbers, each after the greatest that known schools have.
func Numbers(known []School, prefix string) (next func() (portalCode, customerNumber string, err error)) {
	n := numbersAfter(known, prefix)
	return n.next
}
