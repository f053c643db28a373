package schooldb_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/school"
)

// A correction waits, in SQL's lists and counts, exactly while one of its values is open in Go, whatever schools ask and clerks decide.
func TestACorrectionWaitsWhileAValueIsOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			values := map[school.Field]string{}
			for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom([]school.Field{school.FieldAddress, school.FieldTown, school.FieldPostcode}), 1, 3, rapid.ID).Draw(r, "fields") {
				n++
				values[f] = map[school.Field]string{school.FieldAddress: fmt.Sprintf("Via Prova %d", n), school.FieldTown: "Comune " + letters(n), school.FieldPostcode: fmt.Sprintf("%05d", 10000+n)}[f]
			}
			c := x.ask(values)
			for _, i := range c.Items {
				switch rapid.SampledFrom([]string{"leave", "accept", "reject"}).Draw(r, "decision") {
				case "accept":
					s := x.today()
					x.decide(x.one, c, accept(i.Field, s.Shown(i.Field)))
				case "reject":
					x.decide(x.one, c, reject(i.Field, "non è così"))
				}
			}
			x.holdWaiting(r)
		})
	})
}

// letters writes a number in letters, as towns have no digits.
func letters(n int) string {
	s := ""
	for ; n > 0; n /= 26 {
		s += string(rune('a' + n%26))
	}
	return s
}

func (x *desk) holdWaiting(r *rapid.T) {
	x.t.Helper()
	ctx := context.Background()
	all, err := x.store.CorrectionList(ctx, school.AllCorrections, "", 1000, 0)
	x.must(err)
	var want []string
	for _, row := range all {
		c, err := x.store.Correction(ctx, row.ID)
		x.must(err)
		open := 0
		for _, i := range c.Items {
			if i.State == school.Open {
				open++
			}
		}
		if open > 0 {
			want = append(want, c.ID)
		}
		if c.Waiting != open {
			r.Errorf("%s: SQL counts %d values that wait, Go finds %d open", c.ID, c.Waiting, open)
		}
	}
	rows, err := x.store.CorrectionList(ctx, school.WaitingCorrections, "", 1000, 0)
	x.must(err)
	var got []string
	for _, row := range rows {
		got = append(got, row.ID)
	}
	slices.Sort(got)
	slices.Sort(want)
	mine, err := x.store.WaitingOfSchool(ctx, x.school.ID)
	x.must(err)
	n, err := x.store.WaitingCorrections(ctx)
	x.must(err)
	counts, err := x.store.CorrectionCounts(ctx, "")
	x.must(err)
	done, err := x.store.CorrectionList(ctx, school.DecidedCorrections, "", 1000, 0)
	x.must(err)
	if len(done) != len(all)-len(want) {
		r.Errorf("decided: SQL lists %d of %d, of which %d wait", len(done), len(all), len(want))
	}
	if !slices.Equal(got, want) || !slices.Equal(mine, want) || n != len(want) || counts.Waiting != len(want) {
		r.Errorf("waiting: SQL lists %v, of the school %v, counts %d and %d; Go finds %v", got, mine, n, counts.Waiting, want)
	}
}
