package main

import (
	"fmt"
	"io"
	"time"

	"rinnova/internal/locale"
	"rinnova/internal/school"
)

// printReport writes what an import did, in full: what was not taken and why, what is new, what changed.
func printReport(w io.Writer, r school.Report, took time.Duration) {
	s := r.Summary
	for _, i := range s.Issues {
		what := "row not taken"
		if i.Column != "" {
			what = "value of " + i.Column + " not taken"
		}
		fmt.Fprintf(w, "line %d\t%s\t%s: %s\n", i.Line, or(i.Code, "-"), what, locale.Italian.Text(i.Reason))
	}
	if more := s.IssueCount - len(s.Issues); more > 0 {
		fmt.Fprintf(w, "… and %d more rows or values not taken\n", more)
	}
	for _, c := range r.Changed {
		for _, f := range c.Fields {
			fmt.Fprintf(w, "changed\t%s\t%s: %q → %q\n", c.MinistryCode, f.Field, f.Old, f.New)
		}
	}
	for _, c := range r.Kept {
		for _, f := range c.Fields {
			fmt.Fprintf(w, "corrected by the school, kept\t%s\t%s: %q, the registry now says %q (the office is asked)\n", c.MinistryCode, f.Field, f.Old, f.New)
		}
	}
	for _, e := range r.Vanished {
		fmt.Fprintf(w, "not in the registry any more\t%s\t%s, %s\n", e.MinistryCode, e.Name, e.Town)
	}
	verb := ""
	if r.DryRun {
		verb = " (dry run: nothing was written)"
	}
	fmt.Fprintf(w, "%s rows, school year %s, %.1f s%s\n", locale.Count(s.Rows), or(s.SchoolYear, "not stated"), took.Seconds(), verb)
	fmt.Fprintf(w, "  %7s institutes: %s added, %s changed, %s unchanged\n", locale.Count(s.Taken), locale.Count(len(r.Added)), locale.Count(len(r.Changed)), locale.Count(r.Unchanged))
	for reason, n := range s.Skipped {
		fmt.Fprintf(w, "  %7s rows passed over: %s\n", locale.Count(n), skipWords[reason])
	}
	fmt.Fprintf(w, "  %7s rows not taken, %s values not taken\n", locale.Count(s.BadRows), locale.Count(s.IssueCount-s.BadRows))
	if len(r.Kept) > 0 {
		fmt.Fprintf(w, "  %7s institutes of which the registry contradicts a correction (ours stay)\n", locale.Count(len(r.Kept)))
	}
	fmt.Fprintf(w, "  %7s schools no longer in the registry (they stay)\n", locale.Count(len(r.Vanished)))
}

var skipWords = map[school.SkipReason]string{
	school.SiteOfInstitute: "sites of an institute that has its own row",
}
