package campaign_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rinnova/internal/campaign"
	"rinnova/internal/renewal/renewaltest"
)

// Each state of a school in a campaign has a label of its own, and SQL lists, sums and counts under it the items that Go reads in it; a
// publication works on what Go calls publishable, a withdrawal on what is published.
func TestEachItemStateLabelEqualsItsPredicate(t *testing.T) {
	labels := map[string]campaign.ItemState{}
	for _, s := range campaign.ItemStates {
		if other, taken := labels[s.Label().String()]; taken {
			t.Errorf("the states %s and %s are both called «%s»", s, other, s.Label())
		}
		labels[s.Label().String()] = s
	}
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for range 5 {
			w.Join(t)
		}
		c := next(t, w, nil)
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		rapid.Check(t, func(r *rapid.T) {
			scrambleItems(t, r, w, c)
			items := w.Seasons.Items
			all, err := items.Rows(t.Context(), c.ID, campaign.ItemFilter{Limit: 100})
			if err != nil || len(all) < 5 {
				t.Fatalf("%d items, %v", len(all), err)
			}
			holdItems(t, r, w, c, all)
			for kind, in := range map[campaign.RunKind]func(campaign.Row) bool{
				campaign.Publication: func(x campaign.Row) bool { return x.Publishable() },
				campaign.Withdrawal:  func(x campaign.Row) bool { return x.State == campaign.Published },
			} {
				for _, clean := range []bool{false, true} {
					choice := campaign.Choice{Clean: clean}
					todo, err := items.ToDo(t.Context(), c.ID, kind, choice, "", 100)
					if err != nil {
						t.Fatal(err)
					}
					var got []string
					for _, i := range todo {
						got = append(got, i.SchoolID)
					}
					want := schoolsOf(all, func(x campaign.Row) bool { return in(x) && (!clean || len(x.Oddities) == 0) })
					if n, err := items.CountToDo(t.Context(), c.ID, kind, choice); err != nil || n != len(want) || !slices.Equal(got, want) {
						r.Errorf("%s, clean %v: SQL works on %v and counts %d, Go on %v (%v)", kind, clean, got, n, want, err)
					}
				}
			}
		})
	})
}

func scrambleItems(t *testing.T, r *rapid.T, w *renewaltest.World, c campaign.Campaign) {
	t.Helper()
	all, err := w.Seasons.Items.Rows(t.Context(), c.ID, campaign.ItemFilter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all {
		odd := rapid.SampledFrom([]string{"", " " + string(campaign.NoEmail) + " "}).Draw(r, "oddities")
		_, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE campaign_item SET state = $1, lines = $2, oddities = $3, detail = $4 WHERE campaign_id = $5 AND school_id = $6`,
			string(rapid.SampledFrom(campaign.ItemStates).Draw(r, "state")), rapid.IntRange(0, 2).Draw(r, "lines"), odd, rapid.SampledFrom([]string{"", "perché"}).Draw(r, "detail"),
			c.ID, x.SchoolID)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// schoolsOf are the schools of the items that a predicate of Go chooses, in order.
func schoolsOf(all []campaign.Row, in func(campaign.Row) bool) []string {
	var out []string
	for _, x := range all {
		if in(x) {
			out = append(out, x.SchoolID)
		}
	}
	slices.Sort(out)
	return out
}

// holdItems holds what SQL lists, sums and counts against the items themselves.
func holdItems(t *testing.T, r *rapid.T, w *renewaltest.World, c campaign.Campaign, all []campaign.Row) {
	t.Helper()
	counts, err := w.Seasons.Items.Counts(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	hold := func(what string, f campaign.ItemFilter, in func(campaign.Row) bool) int {
		f.Limit = 100
		rows, err := w.Seasons.Items.Rows(t.Context(), c.ID, f)
		if err != nil {
			t.Fatal(err)
		}
		sums, err := w.Seasons.Items.Sum(t.Context(), c.ID, f)
		want := schoolsOf(all, in)
		if got := schoolsOf(rows, func(campaign.Row) bool { return true }); err != nil || !slices.Equal(got, want) || sums.Items != len(want) {
			r.Errorf("%s: SQL lists %v and sums %d, Go finds %v (%v)", what, got, sums.Items, want, err)
		}
		return len(want)
	}
	for _, s := range campaign.ItemStates {
		want := hold("«"+s.Label().String()+"» ("+string(s)+")", campaign.ItemFilter{State: s}, func(x campaign.Row) bool { return x.State == s })
		n := 0
		for _, x := range counts {
			if x.State == s {
				n = x.Items
			}
		}
		if n != want {
			r.Errorf("«%s» (%s): SQL counts %d, Go %d", s.Label(), s, n, want)
		}
	}
	hold("stopped", campaign.ItemFilter{Stopped: true}, func(x campaign.Row) bool {
		return x.State == campaign.Failed || x.State == campaign.Changed || x.State == campaign.Published && x.Detail != ""
	})
	hold("clean", campaign.ItemFilter{Clean: true}, func(x campaign.Row) bool { return len(x.Oddities) == 0 && x.State != campaign.Failed && x.Lines > 0 })
}
