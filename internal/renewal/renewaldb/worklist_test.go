package renewaldb_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// A queue of the work list is written twice: in SQL, to be fast, and in Go, to be read. Both say the same of every row
// that can be, and a filter's sums are the sums of its rows.
func TestQueuesAreTheSameInSQLAndInGo(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for range 6 {
			w.Join(t)
		}
		rapid.Check(t, func(r *rapid.T) {
			scramble(t, r, w)
			all := list(t, w, renewal.Filter{})
			for queue, in := range map[renewal.Queue]func(renewal.Row) bool{
				renewal.Waiting: renewal.Row.Waiting, renewal.Ready: renewal.Row.Ready, renewal.Unanswered: renewal.Row.Unanswered,
				renewal.Changed: func(x renewal.Row) bool { return x.Waiting() && x.ChangedSinceTaken() },
			} {
				got := list(t, w, renewal.Filter{Queue: queue})
				want := slices.DeleteFunc(slices.Clone(all), func(x renewal.Row) bool { return !in(x) })
				if !slices.EqualFunc(got, want, func(a, b renewal.Row) bool { return a.ID == b.ID }) {
					r.Errorf("%s: %d rows in SQL, %d in Go", queue, len(got), len(want))
				}
				holdSums(t, r, w, renewal.Filter{Queue: queue}, got)
			}
			holdCounts(t, r, w, all)
			holdShared(t, r, w, all)
		})
	})
}

// scramble gives the requests states, confirmations and warnings of all kinds.
func scramble(t *testing.T, r *rapid.T, w *renewaltest.World) {
	t.Helper()
	for _, row := range list(t, w, renewal.Filter{}) {
		revision := rapid.IntRange(0, 2).Draw(r, "revision")
		_, err := w.DB.Writer(t.Context()).ExecContext(t.Context(),
			`UPDATE request SET state = $1, revision = $2, taken_revision = $3, warnings = $4, taxable_cents = $5, cig = $6 WHERE id = $7`,
			string(rapid.SampledFrom(renewal.States).Draw(r, "state")), revision, rapid.IntRange(0, revision).Draw(r, "taken"),
			strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"cig.check", "date.old"}), 0, 2).Draw(r, "warnings"), " "),
			rapid.Int64Range(0, 9_999_99).Draw(r, "taxable"), rapid.SampledFrom([]string{"", "B4A27C154F", "B901EEFB35", "B4A27C145F"}).Draw(r, "cig"), row.ID)
		if err != nil {
			t.Fatal(err)
		}
		scrambleFacts(t, r, w, row.ID)
	}
}

// scrambleFacts gives a request and its school what a clerk may have to look at, each alone or with others.
func scrambleFacts(t *testing.T, r *rapid.T, w *renewaltest.World, id string) {
	t.Helper()
	set := func(statement string, args ...any) {
		t.Helper()
		if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), statement, append([]any{id}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	set(`UPDATE request SET pending = $2, party = $3, roof = $4 WHERE id = $1`, rapid.Bool().Draw(r, "editing"),
		rapid.SampledFrom([]string{"", "another school"}).Draw(r, "party"), rapid.SampledFrom([]int{0, 1, 9999}).Draw(r, "roof"))
	set(`UPDATE school SET pupils = $2, closed_on = $3, office_code = $4 WHERE id = (SELECT school_id FROM request WHERE id = $1)`,
		rapid.SampledFrom([]int{0, 700}).Draw(r, "pupils"), rapid.SampledFrom([]string{"", "2026-09-01"}).Draw(r, "closed"),
		rapid.SampledFrom([]string{"", "UFZ4QP"}).Draw(r, "office code"))
	set(`DELETE FROM correction WHERE school_id = (SELECT school_id FROM request WHERE id = $1)`)
	if n := rapid.IntRange(0, 2).Draw(r, "correction"); n > 0 { // decided, or waiting
		set(`INSERT INTO correction (id, school_id, by_id, by_name, by_role, sent_at, note, waiting)
			SELECT id, school_id, '', '', 'school', created_at, '', CAST($2 AS BIGINT) FROM request WHERE id = $1`, n-1)
	}
	set(`DELETE FROM request_sale WHERE request_id = $1`)
	if rapid.Bool().Draw(r, "held") {
		set(`INSERT INTO request_sale (request_id, product_id, period_from, period_to) VALUES ($1, 'prodotto-01', '2026-12-31', '2027-12-31')`)
	}
}

// Each kind of what SQL finds is one that Go names, and is found where it alone is true.
func TestEachLookIsFoundAlone(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.Alunni)
		if rows := list(t, w, renewal.Filter{Warned: renewal.WithWarnings}); len(rows) != 0 {
			t.Fatalf("there is something to look at already: %v", rows[0].Looks)
		}
		for code, statements := range renewaltest.LooksBySQL {
			for _, s := range statements {
				if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), s.Make, w.A.Request); err != nil {
					t.Fatal(code, err)
				}
			}
			rows := list(t, w, renewal.Filter{Warned: renewal.WithWarnings})
			if len(rows) != 1 || !slices.Equal(rows[0].Looks, []string{code}) {
				t.Errorf("%s: found %+v", code, rows)
			}
			for _, s := range slices.Backward(statements) {
				if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), s.Undo, w.A.Request); err != nil {
					t.Fatal(code, err)
				}
			}
		}
	})
}

func list(t *testing.T, w *renewaltest.World, f renewal.Filter) []renewal.Row {
	t.Helper()
	f.CampaignID, f.Limit = renewaltest.CampaignID, 100
	rows, err := w.Requests.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func holdSums(t *testing.T, r *rapid.T, w *renewaltest.World, f renewal.Filter, rows []renewal.Row) {
	t.Helper()
	f.CampaignID = renewaltest.CampaignID
	got, err := w.Requests.Sum(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	if want := sum(rows); got != want {
		r.Errorf("%s: sums %+v, the rows give %+v", f.Queue, got, want)
	}
}

func sum(rows []renewal.Row) (s renewal.Sums) {
	for _, x := range rows {
		s.Requests++
		s.Taxable += x.Taxable
		s.Offered += x.Offered
		if len(x.Looks) > 0 {
			s.Warned++
		}
	}
	return s
}

// holdCounts holds the counts of the states against the rows.
func holdCounts(t *testing.T, r *rapid.T, w *renewaltest.World, rows []renewal.Row) {
	t.Helper()
	counts, err := w.Requests.Counts(t.Context(), renewaltest.CampaignID)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range counts {
		of := slices.DeleteFunc(slices.Clone(rows), func(x renewal.Row) bool { return x.State != got.State })
		want := renewal.Count{State: got.State, Sums: sum(of)}
		for _, x := range of {
			if x.ChangedSinceTaken() {
				want.Changed++
			}
			if x.Ready() {
				want.Ready++
			}
		}
		if got != want {
			r.Errorf("counts %+v, the rows give %+v", got, want)
		}
	}
}

// holdShared holds the doubt about a shared CIG, and the filter by warnings, against what the rows say of each other.
func holdShared(t *testing.T, r *rapid.T, w *renewaltest.World, rows []renewal.Row) {
	t.Helper()
	alive := func(x renewal.Row) bool {
		return x.CIG != "" && x.State != renewal.Declined && x.State != renewal.Expired && x.State != renewal.Withdrawn
	}
	for _, x := range rows {
		shared := slices.ContainsFunc(rows, func(y renewal.Row) bool { return x.ID != y.ID && x.CIG == y.CIG && alive(x) && alive(y) })
		if got := slices.Contains(x.Looks, renewal.SharedCIG); got != shared {
			r.Errorf("%s, CIG %q, %s: shared %v, want %v", x.Number, x.CIG, x.State, got, shared)
		}
	}
	for warned, in := range map[renewal.Warned]bool{renewal.WithWarnings: true, renewal.WithoutWarnings: false} {
		got := list(t, w, renewal.Filter{Warned: warned})
		want := slices.DeleteFunc(slices.Clone(rows), func(x renewal.Row) bool { return (len(x.Looks) > 0) != in })
		if !slices.EqualFunc(got, want, func(a, b renewal.Row) bool { return a.ID == b.ID }) {
			r.Errorf("%s warnings: %d rows, want %d", warned, len(got), len(want))
		}
	}
}
