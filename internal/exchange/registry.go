package exchange

import (
	"bytes"
	"context"
	"strings"

	"rinnova"
	"rinnova/internal/school"
)

// planRegistry makes a plan of an import of the ministry's registry, which package school does.
func (s *Service) planRegistry(ctx context.Context, data []byte) (*Plan, error) {
	r, err := s.Import.ImportRegistry(ctx, bytes.NewReader(data), school.ImportOptions{DryRun: true}, nil)
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	for _, i := range r.Summary.Issues {
		name := strings.TrimSpace(i.Code)
		p.take(Row{Line: i.Line, Verdict: verdictOf(i), Name: name, Problems: []Problem{{i.Column, i.Column == "", i.Reason}}})
	}
	for _, e := range r.Added {
		p.take(Row{Verdict: Added, Name: entryName(e)})
	}
	for _, c := range r.Changed {
		row := Row{Verdict: Changed, Name: entryName(c.Entry)}
		for _, f := range c.Fields {
			row.change(fieldName(f.Field), f.Old, f.New)
		}
		p.take(row)
	}
	for _, c := range r.Kept {
		row := Row{Verdict: Unchanged, Name: entryName(c.Entry)}
		for _, f := range c.Fields {
			row.add(Problem{Column: fieldName(f.Field), Text: rinnova.Say("Il vostro dato «%s» resta; l’anagrafe dice «%s»: lo trovate fra le correzioni da decidere.", f.Old, f.New)})
		}
		p.take(row)
	}
	for _, e := range r.Vanished {
		p.take(Row{Verdict: Unchanged, Name: entryName(e), Problems: []Problem{{Text: rinnova.Say("Non è più nell’anagrafe: da noi resta.")}}})
	}
	p.Counts.Unchanged, p.Counts.Refused = r.Unchanged, r.Summary.BadRows
	for _, n := range r.Summary.Skipped {
		p.Counts.Ignored += n
	}
	p.then(func(ctx context.Context) error {
		_, err := s.Import.ImportRegistry(ctx, bytes.NewReader(data), school.ImportOptions{}, nil)
		return err
	})
	return p, p.seal(data)
}

// verdictOf a row of which only a value was not taken is that of a row that has something to look at.
func verdictOf(i school.Issue) Verdict {
	if i.Column == "" {
		return Refused
	}
	return Unchanged
}

func entryName(e school.Entry) string {
	return strings.TrimSpace(e.MinistryCode + " · " + e.Name + ", " + e.Town)
}

// fieldName is the column of our layout that a field has.
func fieldName(f school.Field) string {
	l, _ := LayoutOf(Schools)
	key := string(f)
	if f == school.FieldName {
		key = string(school.FieldDisplayName)
	}
	return l.column(key).Name
}
