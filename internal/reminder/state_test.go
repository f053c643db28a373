package reminder_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rinnova/internal/reminder"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// A school is reminded in Go (when its turn comes) exactly where SQL plans it and counts it as waiting; and the reminders that SQL
// counts in a state are those that Go reads in it.
func TestReminderStatesEqualTheirPredicates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 4 {
			w.Join(t)
		}
		w.setup.PerMinute = 100
		rapid.Check(t, func(r *rapid.T) {
			w.at("2026-12-01", 10)
			w.forget(t)
			w.scramble(t, r)
			before := w.requests(t)
			waiting := of(before, renewal.Offered, renewal.Drafted, renewal.Returned)
			if n, err := w.store.CountWaiting(t.Context(), renewaltest.CampaignID); err != nil || n != len(waiting) {
				r.Errorf("waiting: SQL counts %d, Go %d of %v (%v)", n, len(waiting), states(before), err)
			}
			n, err := w.RemindNow(t.Context(), w.Manager, renewaltest.CampaignID)
			if n != len(waiting) || (err != nil) != (len(waiting) == 0) {
				r.Errorf("planned: SQL plans %d, Go waits for %d of %v (%v)", n, len(waiting), states(before), err)
			}
			w.scramble(t, r) // the world goes on before their turn comes
			now := w.requests(t)
			var due []string
			for _, id := range waiting {
				if slices.Contains(of(now, renewal.Offered, renewal.Drafted, renewal.Returned), id) {
					due = append(due, id)
				}
			}
			var sent []string
			for _, m := range w.sweep(t) {
				sent = append(sent, m.RequestID)
			}
			slices.Sort(sent)
			if !slices.Equal(sent, due) {
				r.Errorf("sent to %v, due to %v of %v", sent, due, states(now))
			}
			w.holdCounts(t, r)
		})
	})
}

// holdCounts holds the counts of each state against the reminders themselves.
func (w *world) holdCounts(t *testing.T, r *rapid.T) {
	t.Helper()
	counts, err := w.store.Counts(t.Context(), renewaltest.CampaignID)
	check(t, err)
	read := map[reminder.Rule]map[reminder.State]int{}
	for _, q := range w.requests(t) {
		all, err := w.store.OfSchool(t.Context(), q.SchoolID, 100)
		check(t, err)
		for _, x := range all {
			if read[x.Rule] == nil {
				read[x.Rule] = map[reminder.State]int{}
			}
			read[x.Rule][x.State]++
			if (x.Reason != "") != (x.State == reminder.Dropped) || (x.Token != "") != (x.State == reminder.Sent) || x.SettledAt.IsZero() != (x.State == reminder.Planned) {
				r.Errorf("%s is %s, for the reason %q, with the token %q, settled %s", x.RequestID, x.State, x.Reason, x.Token, x.SettledAt)
			}
		}
	}
	for rule, by := range read {
		for _, s := range []reminder.State{reminder.Planned, reminder.Sent, reminder.Dropped} {
			if counts[rule][s] != by[s] {
				r.Errorf("%s of %s: SQL counts %d, Go %d", s, rule, counts[rule][s], by[s])
			}
		}
	}
}

// forget takes all reminders away.
func (w *world) forget(t *testing.T) {
	t.Helper()
	for _, table := range []string{"reminder", "reminder_round"} {
		_, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), "DELETE FROM "+table)
		check(t, err)
	}
}

func (w *world) scramble(t *testing.T, r *rapid.T) {
	t.Helper()
	for _, q := range w.requests(t) {
		_, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE request SET state = $1 WHERE id = $2`, string(rapid.SampledFrom(renewal.States).Draw(r, "state")), q.ID)
		check(t, err)
	}
}

// requests are all of the campaign, by id.
func (w *world) requests(t *testing.T) []renewal.Request {
	t.Helper()
	rows, err := w.Requests.List(t.Context(), renewal.Filter{CampaignID: renewaltest.CampaignID, Limit: 100})
	check(t, err)
	var out []renewal.Request
	for _, x := range rows {
		q, err := w.Requests.Request(t.Context(), x.ID)
		check(t, err)
		out = append(out, *q)
	}
	slices.SortFunc(out, func(a, b renewal.Request) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}

// of are the ids of those in one of the states.
func of(all []renewal.Request, in ...renewal.State) []string {
	var out []string
	for _, q := range all {
		if slices.Contains(in, q.State) {
			out = append(out, q.ID)
		}
	}
	return out
}

func states(all []renewal.Request) (out []string) {
	for _, q := range all {
		out = append(out, q.State.Label().String())
	}
	return out
}
