package renewaldb_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// seasons are the campaigns of a world with both kinds.
var seasons = []string{renewaltest.CampaignID, renewaltest.ServicesID}

// bothKinds is a world in which five schools have a request of each kind and three more one of assistance. All have confirmed once,
// without a CIG: a CIG is one of a confirmation.
func bothKinds(t *testing.T, w *renewaltest.World) {
	t.Helper()
	order := renewaltest.Order()
	order.CIG, order.Exclusion, order.Reason = "", "ES07", "Affidamento a una società in house"
	parties := []renewaltest.Party{w.A, w.B}
	for range 6 {
		parties = append(parties, w.Join(t))
	}
	for _, p := range parties {
		w.Confirm(t, p, order, renewaltest.Alunni)
	}
	for _, p := range parties[3:] {
		w.Confirm(t, w.Offer(t, p), order, renewaltest.Web)
	}
}

// A state has its label, which no other has; and for every request, of whatever kind and campaign, the state that Go reads, which
// people see as that label, is the state by which SQL lists, sums, counts, finds others with its CIG, and lets it expire.
func TestEachStateLabelEqualsItsPredicate(t *testing.T) {
	labels := map[string]renewal.State{}
	for _, s := range renewal.States {
		label := s.Label().String()
		if other, taken := labels[label]; taken || label == "" {
			t.Errorf("the states %s and %s are both called %q", s, other, label)
		}
		labels[label] = s
	}
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		bothKinds(t, w)
		rapid.Check(t, func(r *rapid.T) {
			var everywhere []renewal.Row
			for _, id := range seasons {
				scrambleIn(t, r, w, id)
			}
			for _, id := range seasons {
				rows := listIn(t, w, id, renewal.Filter{})
				if len(rows) < 5 {
					t.Fatalf("%s has %d requests", id, len(rows))
				}
				holdStates(t, r, w, id, rows)
				holdClerks(t, r, w, id, rows)
				everywhere = append(everywhere, rows...)
			}
			holdUses(t, r, w, everywhere)
			holdExpiry(t, r, w)
		})
	})
}

// scrambleIn gives the requests of a campaign states, clerks, confirmations and CIGs of all kinds.
func scrambleIn(t *testing.T, r *rapid.T, w *renewaltest.World, campaign string) {
	t.Helper()
	for _, row := range listIn(t, w, campaign, renewal.Filter{}) {
		state := rapid.SampledFrom(renewal.States).Draw(r, "state")
		var clerk any
		if id := rapid.SampledFrom([]string{"", w.Clerk.AccountID, w.Other.AccountID}).Draw(r, "clerk"); id != "" {
			clerk = id
		}
		_, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE request SET state = $1, taken_by = $2, cig = $3, taxable_cents = $4 WHERE id = $5`,
			string(state), clerk, rapid.SampledFrom([]string{"", "B4A27C154F", "B901EEFB35"}).Draw(r, "cig"), rapid.Int64Range(0, 9_999_99).Draw(r, "taxable"), row.ID)
		if err != nil {
			t.Fatal(err)
		}
	}
}

func listIn(t *testing.T, w *renewaltest.World, campaign string, f renewal.Filter) []renewal.Row {
	t.Helper()
	f.CampaignID, f.Limit = campaign, 100
	rows, err := w.Requests.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// those are the numbers of the rows that a predicate of Go chooses, in order.
func those(rows []renewal.Row, in func(renewal.Row) bool) []string {
	var out []string
	for _, x := range rows {
		if in(x) {
			out = append(out, x.Number)
		}
	}
	slices.Sort(out)
	return out
}

func same(r *rapid.T, what string, sql, inGo []string) {
	r.Helper()
	if !slices.Equal(sql, inGo) {
		r.Errorf("%s: SQL says [%s], Go says [%s]", what, strings.Join(sql, " "), strings.Join(inGo, " "))
	}
}

func every(renewal.Row) bool { return true }

// holdStates holds what SQL lists, sums and counts of each state against the requests themselves.
func holdStates(t *testing.T, r *rapid.T, w *renewaltest.World, campaign string, rows []renewal.Row) {
	t.Helper()
	for _, x := range rows {
		if q, err := w.Requests.Request(t.Context(), x.ID); err != nil || q.State != x.State || q.CampaignID != campaign {
			r.Errorf("%s of %s is «%s» as a request and «%s» in the list (%v)", x.Number, campaign, q.State.Label(), x.State.Label(), err)
		}
	}
	counts, err := w.Requests.Counts(t.Context(), campaign)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range renewal.States {
		what := fmt.Sprintf("«%s» (%s) in %s", s.Label(), s, campaign)
		in := func(x renewal.Row) bool { return x.State == s }
		want := those(rows, in)
		same(r, "list of "+what, those(listIn(t, w, campaign, renewal.Filter{State: s}), every), want)
		sums, err := w.Requests.Sum(t.Context(), renewal.Filter{CampaignID: campaign, State: s})
		if err != nil || sums.Requests != len(want) {
			r.Errorf("sum of %s: SQL counts %d, Go %d (%v)", what, sums.Requests, len(want), err)
		}
		n := 0
		for _, c := range counts {
			if c.State == s {
				n = c.Requests
			}
		}
		if n != len(want) {
			r.Errorf("count of %s: SQL says %d, Go %d", what, n, len(want))
		}
	}
}

// holdClerks holds what waits, and for whom, against the requests.
func holdClerks(t *testing.T, r *rapid.T, w *renewaltest.World, campaign string, rows []renewal.Row) {
	t.Helper()
	n, err := w.Requests.Waiting(t.Context(), campaign)
	if want := len(those(rows, renewal.Row.Waiting)); err != nil || n != want {
		r.Errorf("waiting (%s) in %s: SQL counts %d, Go %d (%v)", allowed(renewal.Process), campaign, n, want, err)
	}
	for _, x := range rows {
		if x.Waiting() != x.State.Allows(renewal.Process) {
			r.Errorf("«%s» waits for the office: %v; can be processed: %v", x.State.Label(), x.Waiting(), x.State.Allows(renewal.Process))
		}
	}
	for _, clerk := range []rinnova.Actor{w.Clerk, w.Other} {
		mine := func(x renewal.Row) bool { return x.Taken.By == clerk.AccountID }
		n, err := w.Requests.TakenBy(t.Context(), campaign, clerk.AccountID)
		if want := len(those(rows, func(x renewal.Row) bool { return mine(x) && x.Waiting() })); err != nil || n != want {
			r.Errorf("in charge of %s in %s: SQL counts %d, Go %d (%v)", clerk.Name, campaign, n, want, err)
		}
		same(r, "list of "+clerk.Name, those(listIn(t, w, campaign, renewal.Filter{Clerk: clerk.AccountID}), every), those(rows, mine))
	}
	same(r, "list of nobody", those(listIn(t, w, campaign, renewal.Filter{Clerk: renewal.Nobody}), every), those(rows, func(x renewal.Row) bool { return x.Taken.By == "" }))
}

// allowed names the states that allow an action.
func allowed(a renewal.Action) string {
	var out []string
	for _, s := range renewal.States {
		if s.Allows(a) {
			out = append(out, s.Label().String())
		}
	}
	return strings.Join(out, ", ")
}

// holdUses holds who else has a CIG: of what was declined, expired or withdrawn nothing comes, so its CIG is nobody's.
func holdUses(t *testing.T, r *rapid.T, w *renewaltest.World, rows []renewal.Row) {
	t.Helper()
	counts := func(x renewal.Row) bool { return x.State == renewal.Processed || !x.State.Closed() }
	of := map[string]renewal.Row{}
	for _, x := range rows {
		of[x.ID] = x
	}
	for _, x := range rows {
		if x.CIG == "" {
			continue
		}
		uses, err := w.Requests.SameCIG(t.Context(), x.CIG, x.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range uses {
			got = append(got, of[u.RequestID].Number)
		}
		slices.Sort(got)
		want := those(rows, func(y renewal.Row) bool { return y.ID != x.ID && y.CIG == x.CIG && counts(x) && counts(y) })
		if len(want) <= 10 { // it names no more
			same(r, fmt.Sprintf("others with the CIG of %s, «%s»", x.Number, x.State.Label()), got, want)
		}
	}
}

var errUndone = errors.New("errUndone")

// holdExpiry lets requests expire on a day, looks at which, and undoes it: they are those of closed campaigns whose state allows it.
func holdExpiry(t *testing.T, r *rapid.T, w *renewaltest.World) {
	t.Helper()
	day := rapid.SampledFrom([]rinnova.Date{rinnova.MustDate("2026-12-15"), rinnova.MustDate("2026-12-16"), rinnova.MustDate("2027-02-01")}).Draw(r, "day")
	var want []string
	for _, id := range seasons {
		c, err := w.Campaigns.Store.Campaign(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range listIn(t, w, id, renewal.Filter{}) {
			if c.ClosesOn.Before(day) && x.State.Allows(renewal.Expire) {
				want = append(want, x.ID)
			}
		}
	}
	var got []string
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
		expired, err := w.Requests.Expire(ctx, day, w.Now, 1000)
		for _, q := range expired {
			got = append(got, q.ID)
		}
		return errors.Join(err, errUndone)
	})
	if !errors.Is(err, errUndone) {
		t.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(want)
	same(r, fmt.Sprintf("on %s expires what is «%s»", day, allowed(renewal.Expire)), got, want)
}
