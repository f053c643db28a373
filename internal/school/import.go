package school

import (
	"cmp"
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"rinnova"
)

// ImportOptions say how a registry is taken over. The zero value is what an installation wants.
type ImportOptions struct {
	PortalPrefix     string // two letters of the portal codes of new schools; empty: DefaultPortalPrefix
	RegistryOwnsMail bool   // e-mail and PEC follow the registry; else it gives them only to a school that has none
	MailDomain       string // for demonstrations: every address for mail becomes <code>@MailDomain, PEC <code>@pec.MailDomain
	DryRun           bool   // report what would change and write nothing
}

// DefaultPortalPrefix begins the portal codes: SG00001.
const DefaultPortalPrefix = "SG"

// Progress tells how far an import is.
type Progress struct {
	Rows, Taken      int // of the file, while it is read
	ToWrite, Written int // of the schools, afterwards
}

// Report is what an import did, or would do.
type Report struct {
	Summary   Summary
	DryRun    bool
	Added     []Entry  // by ministry code
	Changed   []Change // by ministry code
	Unchanged int
	Vanished  []Entry  // schools that a complete registry no longer has; they stay, marked with the day since when
	Returned  []Entry  // schools that an earlier registry lacked, and this one has again
	Kept      []Change // corrected values of which the registry now says something else: ours stay, and the office is asked
}

// Entry names a school in a Report.
type Entry struct {
	MinistryCode, PortalCode, Name, Town string
}

// Change is what the registry says differently of a school.
type Change struct {
	Entry
	Fields []FieldChange
}

// FieldChange is one value, before and after.
type FieldChange struct {
	Field    Field
	Old, New string
}

// Field names a value of a school.
type Field string

// The fields that the registry gives, and those that only corrections name.
const (
	FieldName         Field = "name" // as the registry writes it
	FieldDisplayName  Field = "display_name"
	FieldType         Field = "type"
	FieldAddress      Field = "address"
	FieldPostcode     Field = "postcode"
	FieldTown         Field = "town"
	FieldProvince     Field = "province"
	FieldProvinceCode Field = "province_code"
	FieldRegion       Field = "region"
	FieldWebsite      Field = "website"
	FieldEmail        Field = "email"
	FieldPEC          Field = "pec"
	FieldPupils       Field = "pupils"
	FieldTaxCode      Field = "tax_code"
	FieldVATNumber    Field = "vat_number"
	FieldOfficeCode   Field = "office_code"
)

var (
	prefixShape = regexp.MustCompile(`^[A-Z]{2}$`)
	domainShape = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
)

func (o ImportOptions) checked() (ImportOptions, error) {
	o.PortalPrefix = cmp.Or(strings.ToUpper(o.PortalPrefix), DefaultPortalPrefix)
	if !prefixShape.MatchString(o.PortalPrefix) {
		return o, rinnova.Fail(rinnova.Invalid, "Il prefisso dei codici portale ha due lettere, come SG.")
	}
	if o.MailDomain = strings.ToLower(o.MailDomain); o.MailDomain != "" && !domainShape.MatchString(o.MailDomain) {
		return o, rinnova.Fail(rinnova.Invalid, "Il dominio degli indirizzi di posta non è scritto bene: serve qualcosa come istruzione.example.")
	}
	return o, nil
}

// ImportRegistry takes over a registry of schools, as ReadRegistry reads it. It reads the whole file first and then, in
// one transaction, adds the institutes that are new, with the next portal codes and customer numbers in the order of
// their ministry codes, and writes those that the registry says something different of. What the registry leaves empty,
// or does not own, and what was corrected, stays as it is; nothing is deleted. Importing the same file again changes nothing.
//
// progress is called now and then, and may be nil. On an error nothing was written; the Report then holds what was read.
func (s *Service) ImportRegistry(ctx context.Context, r io.Reader, o ImportOptions, progress func(Progress)) (Report, error) {
	report := Report{DryRun: o.DryRun}
	if progress == nil {
		progress = func(Progress) {}
	}
	o, err := o.checked()
	if err != nil {
		return report, err
	}
	rows, summary, err := readAll(ctx, r, progress)
	report.Summary = summary
	if err != nil {
		return report, err
	}
	if len(rows) == 0 {
		return report, rinnova.Fail(rinnova.Invalid, "Nel file non c’è nessun istituto che si possa prendere.")
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		known, err := s.store.All(ctx)
		if err != nil {
			return err
		}
		kept, err := s.store.KeptValues(ctx)
		if err != nil {
			return err
		}
		p := planner{options: o, now: s.clock().UTC(), kept: kept, report: &report}
		if err := p.plan(rows, known); err != nil {
			return err
		}
		if o.DryRun {
			return nil
		}
		return s.write(ctx, p, progress)
	})
	if errors.Is(err, ErrStale) {
		err = rinnova.Fail(rinnova.Conflict, "Durante l’importazione qualcuno ha cambiato i dati di una scuola, e non è stato scritto nulla. Ripetete l’importazione.")
	}
	return report, err
}

// every is how many rows or schools go by between two reports of progress.
const every = 1000

func readAll(ctx context.Context, r io.Reader, progress func(Progress)) ([]Row, Summary, error) {
	var rows []Row
	summary, err := ReadRegistry(r, func(row Row) error {
		rows = append(rows, row)
		if len(rows)%every == 0 {
			progress(Progress{Rows: row.Line - 1, Taken: len(rows)})
		}
		return ctx.Err()
	})
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Code, b.Code) })
	progress(Progress{Rows: summary.Rows, Taken: summary.Taken})
	return rows, summary, err
}

// write asks about what is kept before it writes the schools: whoever decides on corrections locks them in this order.
func (s *Service) write(ctx context.Context, p planner, progress func(Progress)) error {
	for _, d := range p.differ {
		if err := s.ask(ctx, d, p.now); err != nil {
			return err
		}
	}
	state := Progress{Rows: p.report.Summary.Rows, Taken: p.report.Summary.Taken, ToWrite: len(p.added) + len(p.changed)}
	written := func() {
		if state.Written++; state.Written%every == 0 || state.Written == state.ToWrite {
			progress(state)
		}
	}
	for _, school := range p.added {
		if err := s.store.Add(ctx, school); err != nil {
			return err
		}
		if s.Added != nil {
			if err := s.Added(ctx, school); err != nil {
				return err
			}
		}
		written()
	}
	for _, school := range p.changed {
		if err := s.store.UpdateFrom(ctx, school); err != nil {
			return err
		}
		written()
	}
	return nil
}
