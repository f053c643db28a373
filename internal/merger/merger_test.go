package merger_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/merger"
	"rinnova/internal/merger/mergerdb"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/subscription"
	"rinnova/internal/subscription/subscriptiondb"
)

var manager = rinnova.Actor{AccountID: "capo", Username: "RESPONSABILE", Name: "Responsabile", Role: rinnova.RoleManager}

// desk is a service on a database, with a few schools and two products.
type desk struct {
	*merger.Service
	t        testing.TB
	now      time.Time
	schools  schooldb.Store
	subs     subscriptiondb.Store
	requests map[string][]renewal.Request
	n        int
}

func newDesk(t testing.TB, d *db.DB) *desk {
	t.Helper()
	x := &desk{t: t, now: time.Date(2026, 6, 10, 9, 0, 0, 0, time.UTC), schools: schooldb.Store{DB: d}, subs: subscriptiondb.Store{DB: d}, requests: map[string][]renewal.Request{}}
	clock := func() time.Time { return x.now }
	products := catalogdb.Store{DB: d}
	for i := range 2 {
		check(t, products.AddProduct(t.Context(), catalog.Product{ID: fmt.Sprint("p", i), Code: fmt.Sprint("P", i), Name: fmt.Sprint("Prodotto ", i), License: catalog.FixedTerm}))
	}
	x.Service = &merger.Service{Store: mergerdb.Store{DB: d}, Schools: x.schools, Subscriptions: &subscription.Service{Store: x.subs, Clock: clock}, Requests: x, Renewals: x,
		Products: products.Products, Bands: func(context.Context) (catalog.Bands, error) { return catalog.Bands{500, 1000, 1500}, nil }, Events: eventdb.Store{DB: d}, Clock: clock}
	return x
}

// OfSchool and Withdraw play the renewals.
func (x *desk) OfSchool(_ context.Context, schoolID string) ([]renewal.Request, error) {
	return x.requests[schoolID], nil
}

func (x *desk) Withdraw(_ context.Context, _ rinnova.Actor, id, _ string) error {
	for _, all := range x.requests {
		for i := range all {
			if all[i].ID == id {
				all[i].State = renewal.Withdrawn
			}
		}
	}
	return nil
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// school adds one.
func (x *desk) school(pupils int, year string) school.School {
	x.t.Helper()
	x.n++
	s := school.School{ID: rinnova.NewID(x.now), PortalCode: fmt.Sprintf("SG%05d", x.n), CustomerNumber: fmt.Sprint(100_000 + x.n), MinistryCode: fmt.Sprintf("RGIC%05dX", x.n),
		Name: fmt.Sprint("I.C. N. ", x.n), Town: "RAGUSA", Pupils: pupils, PupilsYear: year, CreatedAt: x.now, UpdatedAt: x.now}
	s.Rename(s.Name)
	check(x.t, x.schools.Add(x.t.Context(), s))
	return s
}

// give gives a school a product for a period.
func (x *desk) give(s school.School, product, from, to string) {
	x.t.Helper()
	check(x.t, x.Subscriptions.Add(x.t.Context(), subscription.Subscription{SchoolID: s.ID, ProductID: product, License: catalog.FixedTerm,
		Period: rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}}))
}

func (x *desk) has(s school.School) string {
	x.t.Helper()
	all, err := x.subs.OfSchool(x.t.Context(), s.ID)
	check(x.t, err)
	var out []string
	for _, y := range all {
		text := y.ProductID + " " + y.Period.From.String()
		if y.Ended != "" {
			text += " ended"
		}
		if y.MovedFrom != "" {
			text += " moved"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func (x *desk) read(s school.School) school.School {
	x.t.Helper()
	s, err := x.schools.School(x.t.Context(), s.ID)
	check(x.t, err)
	return s
}

func proposal(into school.School, day string, from ...school.School) merger.Proposal {
	out := merger.Proposal{Into: into.PortalCode, Day: rinnova.MustDate(day)}
	for _, f := range from {
		out.From = append(out.From, f.PortalCode)
	}
	return out
}

// order looks at a merger and wants what it saw; choices are by product: whose periods go on.
func (x *desk) order(p merger.Proposal, choices map[string]school.School) merger.Order {
	x.t.Helper()
	preview, problems, err := x.Preview(x.t.Context(), manager, p, "")
	check(x.t, err)
	if len(problems) > 0 {
		x.t.Fatalf("problems: %v", problems)
	}
	hash, err := preview.Hash()
	check(x.t, err)
	o := merger.Order{Proposal: p, Hash: hash, Choices: map[string]string{}}
	for _, d := range preview.Duplicates {
		if s, chosen := choices[d.ProductID]; chosen {
			o.Choices[d.Key] = s.ID
		}
	}
	return o
}

func (x *desk) merge(o merger.Order) *merger.Merger {
	x.t.Helper()
	m, problems, err := x.Merge(x.t.Context(), manager, o)
	check(x.t, err)
	if len(problems) > 0 {
		x.t.Fatalf("problems: %v", problems)
	}
	return m
}

func each(t *testing.T, test func(t *testing.T, x *desk)) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newDesk(t, d)) })
}

func want(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// What runs on the day or later moves, what ended before stays; of duplicates the longer goes on unless the other is chosen.
func TestMerge(t *testing.T) {
	for _, chosen := range []string{"default", "of A"} {
		t.Run(chosen, func(t *testing.T) {
			each(t, func(t *testing.T, x *desk) {
				a, c := x.school(400, "2025/26"), x.school(700, "2025/26")
				x.give(a, "p0", "2025-01-01", "2025-12-31")
				x.give(a, "p0", "2026-01-01", "2026-12-31")
				x.give(a, "p1", "2026-01-01", "2026-12-31")
				x.give(c, "p1", "2026-01-01", "2027-12-31")
				x.now = time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
				choices := map[string]school.School{}
				if chosen == "of A" {
					choices["p1"] = a
				}
				m := x.merge(x.order(proposal(c, "2026-09-01", a), choices))
				if m.State != merger.Applied {
					t.Errorf("state %s", m.State)
				}
				if chosen == "default" {
					want(t, "A has", x.has(a), "p0 2025-01-01, p1 2026-01-01 ended")
					want(t, "C has", x.has(c), "p0 2026-01-01 moved, p1 2026-01-01")
				} else {
					want(t, "A has", x.has(a), "p0 2025-01-01, p1 2026-01-01 ended moved")
					want(t, "C has", x.has(c), "p0 2026-01-01 moved, p1 2026-01-01 moved")
				}
				a, c = x.read(a), x.read(c)
				if a.MergedInto != c.ID || a.ClosedOn.String() != "2026-09-01" || a.Open(x.Clock.Today()) || !a.Open(rinnova.MustDate("2026-08-31")) {
					t.Errorf("A: merged into %q, closed on %s", a.MergedInto, a.ClosedOn)
				}
				if c.Pupils != 1100 || c.PupilsYear != "2026/27" || m.Preview.Pupils.BandBefore != 2 || m.Preview.Pupils.Band != 3 {
					t.Errorf("C has %d pupils of %s: %+v", c.Pupils, c.PupilsYear, m.Preview.Pupils)
				}
				for _, s := range []school.School{a, c} {
					page, err := x.Events.(eventdb.Store).Page(t.Context(), event.Filter{SchoolID: s.ID, Limit: 10})
					check(t, err)
					if len(page.Links) != 1 || page.Links[0].Kind != event.MergerApplied || page.Links[0].AboutID != m.ID {
						t.Errorf("the record of %s: %v", s.PortalCode, page.Links)
					}
				}
			})
		})
	}
}

// Where A had the product in the days of what C would give it in exchange, A's cannot be chosen.
func TestNoRoomAtHome(t *testing.T) {
	each(t, func(t *testing.T, x *desk) {
		a, c := x.school(0, ""), x.school(0, "")
		x.give(a, "p0", "2026-01-01", "2026-06-30")
		x.give(a, "p0", "2026-07-01", "2027-12-31")
		x.give(c, "p0", "2026-01-01", "2026-12-31")
		p, _, err := x.Preview(t.Context(), manager, proposal(c, "2026-09-01", a), "")
		check(t, err)
		if len(p.Duplicates) != 1 || !slices.Equal(p.Duplicates[0].Owners, []string{c.ID}) || p.Duplicates[0].Default != c.ID {
			t.Errorf("duplicates %+v", p.Duplicates)
		}
	})
}

// A merger that is planned is carried out on its day, once; one that is no longer as it was shown is held.
func TestPlanned(t *testing.T) {
	each(t, func(t *testing.T, x *desk) {
		a, b, c, d := x.school(100, "2025/26"), x.school(100, "2025/26"), x.school(100, "2025/26"), x.school(100, "2025/26")
		x.give(a, "p0", "2026-01-01", "2026-12-31")
		x.give(b, "p0", "2026-01-01", "2026-12-31")
		first, second := x.merge(x.order(proposal(c, "2026-09-01", a), nil)), x.merge(x.order(proposal(d, "2026-09-01", b), nil))
		if first.State != merger.Planned || second.State != merger.Planned {
			t.Fatalf("states %s and %s", first.State, second.State)
		}
		check(t, x.Sweep(t.Context()))
		want(t, "C before the day", x.has(c), "")
		x.give(b, "p1", "2026-01-01", "2026-12-31")
		x.now = time.Date(2026, 8, 31, 22, 1, 0, 0, time.UTC) // 1 September in Rome
		check(t, x.Sweep(t.Context()))
		check(t, x.Sweep(t.Context()))
		want(t, "C on the day", x.has(c), "p0 2026-01-01 moved")
		want(t, "D on the day", x.has(d), "")
		m, err := x.Store.Merger(t.Context(), first.ID)
		check(t, err)
		if m.State != merger.Applied || m.Settled.Name != rinnova.System.Name || m.Planned.Name != manager.Name {
			t.Errorf("%+v", m)
		}
		held, err := x.Store.Merger(t.Context(), second.ID)
		check(t, err)
		if n, _ := x.Store.CountHeld(t.Context()); held.State != merger.Held || held.Detail == "" || n != 1 {
			t.Errorf("%s: %s; %d held", held.State, held.Detail, n)
		}
		p, problems, err := x.Preview(t.Context(), manager, proposal(d, "2026-09-01", b), held.ID)
		check(t, err)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		hash, err := p.Hash()
		check(t, err)
		x.merge(merger.Order{Proposal: proposal(d, "2026-09-01", b), Hash: hash, Replaces: held.ID})
		want(t, "D afterwards", x.has(d), "p0 2026-01-01 moved, p1 2026-01-01 moved")
		if held, _ = x.Store.Merger(t.Context(), held.ID); held.State != merger.Cancelled {
			t.Errorf("the held one is %s", held.State)
		}
	})
}

// What was not shown is not done; what counts stops a merger; what does not is withdrawn.
func TestExactlyAsShown(t *testing.T) {
	each(t, func(t *testing.T, x *desk) {
		a, c := x.school(0, ""), x.school(0, "")
		p := proposal(c, "2026-06-01", a)
		o := x.order(p, nil)
		x.give(a, "p0", "2026-01-01", "2026-12-31")
		if _, _, err := x.Merge(t.Context(), manager, o); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a preview from before: %v", err)
		}
		x.requests[a.ID] = []renewal.Request{{ID: "r1", SchoolID: a.ID, State: renewal.Submitted}, {ID: "r2", SchoolID: a.ID, State: renewal.Offered}, {ID: "r3", SchoolID: a.ID, State: renewal.Processed}}
		if _, _, err := x.Merge(t.Context(), manager, x.order(p, nil)); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("with a confirmed request: %v", err)
		}
		want(t, "C", x.has(c), "")
		if x.requests[a.ID][1].State = renewal.Offered; x.read(a).MergedInto != "" {
			t.Error("A has merged")
		}
		x.requests[a.ID][0].State = renewal.Returned
		x.merge(x.order(p, nil))
		for i, s := range []renewal.State{renewal.Withdrawn, renewal.Withdrawn, renewal.Processed} {
			if got := x.requests[a.ID][i].State; got != s {
				t.Errorf("request %d is %s, want %s", i, got, s)
			}
		}
	})
}

// Nobody merges into itself, into what has closed, or twice; a clerk merges nobody.
func TestRefused(t *testing.T) {
	each(t, func(t *testing.T, x *desk) {
		a, b, c := x.school(0, ""), x.school(0, ""), x.school(0, "")
		x.merge(x.order(proposal(b, "2026-06-01", a), nil))
		planned := x.merge(x.order(proposal(c, "2026-09-01", b), nil))
		closed := x.school(0, "")
		closed.ClosedOn = rinnova.MustDate("2026-01-01")
		check(t, x.schools.Update(t.Context(), closed))
		unknown := school.School{PortalCode: "SG99999"}
		for name, c := range map[string]struct {
			p     merger.Proposal
			field string
		}{
			"itself":          {proposal(c, "2026-06-01", c), merger.FieldFrom},
			"twice":           {proposal(c, "2026-06-01", closed, closed), merger.FieldFrom},
			"merged already":  {proposal(closed, "2026-06-01", a), merger.FieldFrom},
			"cycle":           {proposal(a, "2026-06-01", closed), merger.FieldInto},
			"into closed":     {proposal(closed, "2026-06-01", x.school(0, "")), merger.FieldInto},
			"planned":         {proposal(closed, "2026-10-01", b), merger.FieldFrom},
			"planned as heir": {proposal(b, "2026-10-01", c), merger.FieldInto},
			"unknown":         {proposal(c, "2026-06-01", unknown), merger.FieldFrom},
			"nobody":          {proposal(c, "2026-06-01"), merger.FieldFrom},
			"no day":          {merger.Proposal{From: []string{a.PortalCode}, Into: c.PortalCode}, merger.FieldDay},
			"far day":         {proposal(c, "2036-09-01", b), merger.FieldDay},
		} {
			_, problems, err := x.Preview(t.Context(), manager, c.p, "")
			check(t, err)
			if len(problems.Of(c.field).Refused()) == 0 {
				t.Errorf("%s: %v", name, problems)
			}
		}
		clerk := rinnova.Actor{AccountID: "uno", Role: rinnova.RoleClerk}
		_, _, look := x.Preview(t.Context(), clerk, proposal(c, "2026-06-01", b), "")
		_, _, do := x.Merge(t.Context(), clerk, merger.Order{Proposal: proposal(c, "2026-06-01", b)})
		for _, err := range []error{look, do, x.Cancel(t.Context(), clerk, planned.ID)} {
			if rinnova.KindOf(err) != rinnova.Forbidden {
				t.Errorf("a clerk: %v", err)
			}
		}
		check(t, x.Cancel(t.Context(), manager, planned.ID))
		if err := x.Cancel(t.Context(), manager, planned.ID); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("cancelled again: %v", err)
		}
	})
}

func TestCount(t *testing.T) {
	day := rinnova.MustDate("2026-09-01")
	for name, c := range map[string]struct {
		into, from merger.Party
		want       int
		year       string
		summed     bool
		unknown    int
	}{
		"sum":               {merger.Party{Pupils: 500, PupilsYear: "2025/26"}, merger.Party{Pupils: 300, PupilsYear: "2024/25"}, 800, "2026/27", true, 0},
		"registry is newer": {merger.Party{Pupils: 790, PupilsYear: "2026/27"}, merger.Party{Pupils: 300, PupilsYear: "2025/26"}, 790, "2026/27", false, 0},
		"one not known":     {merger.Party{Pupils: 500, PupilsYear: "2025/26"}, merger.Party{}, 500, "2026/27", true, 1},
		"none known":        {merger.Party{}, merger.Party{}, 0, "2026/27", true, 2},
	} {
		got := merger.Count(c.into, []merger.Party{c.from}, day)
		if got.After != c.want || got.Year != c.year || got.Summed != c.summed || len(got.Unknown) != c.unknown {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Whatever merges into whatever in whatever order, with whatever choices: no periods of a product overlap for a school, no
// subscription is lost, none that runs on the day stays with who has closed unless it is ended as a duplicate, and chains end
// where the last merger leads.
func TestWhateverMerges(t *testing.T) {
	each(t, func(t *testing.T, x *desk) {
		rapid.Check(t, func(rt *rapid.T) {
			var schools []school.School
			for range rapid.IntRange(2, 5).Draw(rt, "schools") {
				schools = append(schools, x.school(rapid.SampledFrom([]int{0, 300, 900}).Draw(rt, "pupils"), "2025/26"))
			}
			fill(rt, x, schools)
			before := ids(rt, x, schools)
			for range rapid.IntRange(1, 4).Draw(rt, "mergers") {
				into := rapid.SampledFrom(schools).Draw(rt, "into")
				var from []school.School
				for _, s := range schools {
					if rapid.IntRange(0, 2).Draw(rt, "from") == 0 {
						from = append(from, s)
					}
				}
				step(rt, x, into, from)
				holds(rt, x, schools, before)
			}
		})
	})
}

func fill(rt *rapid.T, x *desk, schools []school.School) {
	for range rapid.IntRange(1, 12).Draw(rt, "subscriptions") {
		from := rinnova.MustDate("2025-06-01").AddDays(rapid.IntRange(0, 700).Draw(rt, "from"))
		s := subscription.Subscription{SchoolID: rapid.SampledFrom(schools).Draw(rt, "school").ID, ProductID: rapid.SampledFrom([]string{"p0", "p1"}).Draw(rt, "product"),
			License: catalog.FixedTerm, Period: rinnova.Period{From: from, To: from.AddDays(rapid.IntRange(0, 500).Draw(rt, "days"))}}
		if err := x.Subscriptions.Add(rt.Context(), s); err != nil && rinnova.KindOf(err) != rinnova.Conflict {
			rt.Fatal(err)
		}
	}
}

// step merges, unless it is refused.
func step(rt *rapid.T, x *desk, into school.School, from []school.School) {
	p := proposal(into, "2026-0"+rapid.SampledFrom([]string{"1", "3", "6"}).Draw(rt, "month")+"-01", from...)
	preview, problems, err := x.Preview(rt.Context(), manager, p, "")
	if err != nil {
		rt.Fatal(err)
	}
	if len(problems) > 0 {
		return
	}
	o := merger.Order{Proposal: p, Choices: map[string]string{}}
	if o.Hash, err = preview.Hash(); err != nil {
		rt.Fatal(err)
	}
	for _, d := range preview.Duplicates {
		o.Choices[d.Key] = rapid.SampledFrom(d.Owners).Draw(rt, "owner")
	}
	if _, problems, err := x.Merge(rt.Context(), manager, o); err != nil || len(problems) > 0 {
		rt.Fatalf("%v: %v, %v", p, problems, err)
	}
	for _, f := range from {
		all, err := x.subs.OfSchool(rt.Context(), f.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for _, y := range all {
			if !y.Period.To.Before(p.Day) && y.Ended == "" {
				rt.Fatalf("%s still has %s %v", f.PortalCode, y.ProductID, y.Period)
			}
		}
	}
}

func ids(rt *rapid.T, x *desk, schools []school.School) []string {
	var out []string
	for _, s := range schools {
		all, err := x.subs.OfSchool(rt.Context(), s.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for _, y := range all {
			out = append(out, y.ID+" "+y.ProductID+" "+y.Period.From.String()+" "+y.Period.To.String())
		}
	}
	slices.Sort(out)
	return out
}

func holds(rt *rapid.T, x *desk, schools []school.School, before []string) {
	if now := ids(rt, x, schools); !slices.Equal(now, before) {
		rt.Fatalf("subscriptions %v, were %v", now, before)
	}
	for _, s := range schools {
		all, err := x.subs.OfSchool(rt.Context(), s.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for i, a := range all {
			for _, b := range all[:i] {
				if a.ProductID == b.ProductID && a.Period.Overlaps(b.Period) {
					rt.Fatalf("%s: %v and %v of %s overlap", s.PortalCode, a.Period, b.Period, a.ProductID)
				}
			}
		}
		s, err := x.schools.School(rt.Context(), s.ID)
		if err != nil {
			rt.Fatal(err)
		}
		if s.MergedInto == "" {
			continue
		}
		heir, err := x.schools.School(rt.Context(), s.MergedInto)
		if err != nil || heir.MergedInto != "" || !heir.ClosedOn.IsZero() || s.ClosedOn.IsZero() {
			rt.Fatalf("%s goes on in %s, which goes on in %q, closed on %s: %v", s.PortalCode, heir.PortalCode, heir.MergedInto, heir.ClosedOn, err)
		}
	}
}
