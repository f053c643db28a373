package letter_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova/internal/letter"
	"rinnova/internal/school"
)

// Each state of a letter has a label of its own, and SQL lists and counts under it exactly the schools that Go finds standing there,
// those that have not begun among them.
func TestEachLetterStateLabelEqualsItsPredicate(t *testing.T) {
	labels := map[string]letter.State{}
	for _, s := range letter.States {
		if other, taken := labels[s.Label().String()]; taken {
			t.Errorf("the states %q and %q are both called «%s»", s, other, s.Label())
		}
		labels[s.Label().String()] = s
	}
	eachDesk(t, func(d *desk) {
		ids := []string{"scuola-a", "scuola-b"}
		for i := range 5 {
			id := fmt.Sprint("scuola-", i)
			ids = append(ids, id)
			d.must(d.schools.Add(d.t.Context(), school.School{ID: id, PortalCode: fmt.Sprintf("SG001%02d", i), CustomerNumber: fmt.Sprint(900 + i), MinistryCode: fmt.Sprintf("RGIC%06d", i),
				Name: id, DisplayName: id, ShortName: id, CreatedAt: d.now, UpdatedAt: d.now}))
		}
		rapid.Check(d.t, func(r *rapid.T) {
			_, err := d.store.DB.Writer(d.t.Context()).ExecContext(d.t.Context(), `DELETE FROM letter_standing`) // all of them begin anew
			d.must(err)
			for _, id := range ids {
				d.stand(id, rapid.SampledFrom(letter.States).Draw(r, "state"))
			}
			d.holdStates(r, ids)
		})
	})
}

// stand moves a school that has not begun to a state.
func (d *desk) stand(id string, to letter.State) {
	d.t.Helper()
	was, err := d.store.Standing(d.t.Context(), id)
	d.must(err)
	if to == letter.Missing {
		return
	}
	moved, err := d.store.Move(d.t.Context(), id, was, letter.Standing{State: to, Prepared: 1, At: d.now.Add(time.Minute)})
	d.must(err)
	if !moved {
		d.t.Fatalf("%s did not move from %q to %q", id, was.State, to)
	}
}

func (d *desk) holdStates(r *rapid.T, ids []string) {
	d.t.Helper()
	ctx := d.t.Context()
	counts, err := d.store.Counts(ctx)
	d.must(err)
	for _, s := range letter.States {
		var want []string
		for _, id := range ids {
			standing, err := d.store.Standing(ctx, id)
			d.must(err)
			if standing.State == s {
				want = append(want, id)
			}
		}
		rows, err := d.store.List(ctx, letter.Filter{State: s, Limit: 100})
		d.must(err)
		var got []string
		for _, x := range rows {
			if got = append(got, x.SchoolID); x.State != s {
				r.Errorf("«%s» lists %s, which is «%s»", s.Label(), x.SchoolID, x.State.Label())
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		n, err := d.store.Count(ctx, letter.Filter{State: s})
		d.must(err)
		if !slices.Equal(got, want) || n != len(want) || counts[s] != len(want) {
			r.Errorf("«%s» (%q): SQL lists %v and counts %d and %d, Go finds %v", s.Label(), s, got, n, counts[s], want)
		}
	}
}
