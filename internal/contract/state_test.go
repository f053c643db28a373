package contract_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/renewal/renewaltest"
)

// Each state of a contract has a label of its own. For contracts of both kinds the state that Go reads is the one by which SQL lists,
// sums and counts them, in the list of all and in the progress of a run; and a run's outcomes are those of its requests.
func TestEachContractStateLabelEqualsItsPredicate(t *testing.T) {
	labels := map[string]contract.State{}
	for _, s := range contract.States {
		label := s.Label().String()
		if other, taken := labels[label]; taken || label == "" {
			t.Errorf("the states %s and %s are both called %q", s, other, label)
		}
		labels[label] = s
	}
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		var parties []renewaltest.Party
		for range 4 {
			parties = append(parties, confirmed(t, w))
		}
		services := w.Offer(t, parties[0])
		other := order()
		other.CIG = renewaltest.OtherCIG
		w.Confirm(t, services, other, renewaltest.Web)
		w.Process(t, services)
		run := start(t, w, parties...)
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(r *rapid.T) {
			all, err := w.Lists.List(t.Context(), "", "", 100, 0)
			if err != nil || len(all) != 5 {
				t.Fatalf("%d contracts, %v", len(all), err)
			}
			for i, c := range all {
				state := rapid.SampledFrom(contract.States).Draw(r, "state")
				if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE contract SET state = $1 WHERE id = $2`, string(state), c.ID); err != nil {
					t.Fatal(err)
				}
				all[i].State = state
			}
			holdStates(t, r, w, all)
			holdProgress(t, r, w, run, all)
		})
	})
}

// holdStates holds list, sum and count of each state against the contracts.
func holdStates(t *testing.T, r *rapid.T, w *renewaltest.World, all []contract.Row) {
	t.Helper()
	counts, err := w.Lists.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range contract.States {
		want, got := contract.Count{State: s}, []string{}
		var numbers []string
		for _, c := range all {
			if c.State == s {
				numbers = append(numbers, c.Number)
				want.Contracts++
				want.Taxable += c.Taxable
			}
			if full, err := w.Lists.Contract(t.Context(), c.ID); err != nil || full.State != c.State {
				r.Errorf("%s is «%s», and was written «%s» (%v)", c.Number, full.State.Label(), c.State.Label(), err)
			}
		}
		rows, err := w.Lists.List(t.Context(), s, "", 100, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range rows {
			got = append(got, c.Number)
		}
		slices.Sort(got)
		slices.Sort(numbers)
		if sum, err := w.Lists.Sum(t.Context(), s, ""); err != nil || sum != want || !slices.Equal(got, numbers) {
			r.Errorf("«%s» (%s): SQL lists %v and sums %+v, Go finds %v and %+v (%v)", s.Label(), s, got, sum, numbers, want, err)
		}
		at := slices.IndexFunc(counts, func(c contract.Count) bool { return c.State == s })
		if at < 0 && want.Contracts > 0 || at >= 0 && counts[at] != want {
			r.Errorf("«%s» (%s): SQL counts %+v, Go %+v", s.Label(), s, counts, want)
		}
	}
}

// holdProgress holds the progress of a run, whose outcomes are drawn anew, against its contracts.
func holdProgress(t *testing.T, r *rapid.T, w *renewaltest.World, run *contract.Run, all []contract.Row) {
	t.Helper()
	outcomes := map[contract.Outcome]int{}
	signed, sent, undelivered, taxable := 0, 0, 0, rinnova.Cents(0)
	troubles := 0
	for _, c := range all {
		if c.Kind != "assistance" {
			continue
		}
		o := rapid.SampledFrom([]contract.Outcome{contract.Queued, contract.Done, contract.Stopped, contract.Skipped}).Draw(r, "outcome")
		if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE bulk_item SET outcome = $1 WHERE run_id = $2 AND request_id = $3`, string(o), run.ID, c.RequestID); err != nil {
			t.Fatal(err)
		}
		outcomes[o]++
		if o == contract.Stopped || o == contract.Skipped {
			troubles++
		}
		if o != contract.Done {
			continue
		}
		taxable += c.Taxable
		if c.State != contract.Numbered {
			signed++
		}
		switch c.State {
		case contract.Sent, contract.Delivered:
			sent++
		case contract.Undelivered:
			undelivered++
		}
	}
	p, err := w.Lists.Progress(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if p.Signed != signed || p.Sent != sent || p.Undelivered != undelivered || p.Taxable != taxable || len(p.Troubles) != troubles || p.Settled() != p.Total-outcomes[contract.Queued] {
		r.Errorf("progress: SQL says signed %d, sent %d, undelivered %d, %s, %d in trouble; Go %d, %d, %d, %s, %d", p.Signed, p.Sent, p.Undelivered, p.Taxable, len(p.Troubles),
			signed, sent, undelivered, taxable, troubles)
	}
	for o, n := range outcomes {
		if p.Counts[o] != n {
			r.Errorf("outcome %s: SQL counts %d, Go %d", o, p.Counts[o], n)
		}
	}
	queued, err := w.Lists.Waiting(t.Context(), run.ID, 100)
	if err != nil || len(queued) != outcomes[contract.Queued] {
		r.Errorf("queued: SQL reads %d, Go %d (%v)", len(queued), outcomes[contract.Queued], err)
	}
}
