package eventdb_test

import (
	"context"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
)

// Whatever is asked for, the pages together are what a plain search finds, in order and once each.
func TestPagesAreWhatTheFilterChooses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, random := eventdb.Store{DB: d}, rand.New(rand.NewPCG(2027, 2))
		pick := func(all ...string) string { return all[random.IntN(len(all))] }
		var all []event.Event
		for range 400 {
			e := event.Event{At: start.Add(time.Duration(random.Int64N(int64(20 * 24 * time.Hour)))), Kind: event.Kinds[random.IntN(len(event.Kinds))], SchoolID: pick("", "s1", "s2", "s3"),
				Actor: rinnova.Actor{Username: pick("OPERATORE.UNO", "SUPERVISOR.SG00001", "rinnova")}, Data: map[string]string{"conferma": "1"}}
			if err := s.Record(t.Context(), e); err != nil {
				t.Fatal(err)
			}
			all = append(all, e)
		}
		day := func() rinnova.Date {
			if random.IntN(2) == 0 {
				return rinnova.Date{}
			}
			return rinnova.DateOf(start).AddDays(random.IntN(22) - 1)
		}
		for range 150 {
			f := event.Filter{SchoolID: pick("", "", "s1", "s9"), Group: event.Group(pick("", "", "account", "request", "contract", "nothing")), Username: pick("", "", "OPERATORE.UNO", "X"),
				From: day(), To: day(), Limit: 1 + random.IntN(60)}
			want := 0
			for _, e := range all {
				on := rinnova.DateOf(e.At)
				if f.Holds(e) && (f.From.IsZero() || !on.Before(f.From)) && (f.To.IsZero() || !on.After(f.To)) {
					want++
				}
			}
			var got []string
			for page, first := (event.Page{}), true; first || page.Older != ""; first = false {
				f.Before = page.Older
				var err error
				if page, err = s.Page(t.Context(), f); err != nil {
					t.Fatal(err)
				}
				if len(page.Links) > f.Limit || (page.Older != "" && len(page.Links) < f.Limit) {
					t.Fatalf("%d of %d, then %q", len(page.Links), f.Limit, page.Older)
				}
				for _, l := range page.Links {
					if !f.Holds(l.Event) || l.Data["conferma"] != "1" || l.Seq < 1 {
						t.Fatalf("%+v does not belong to %+v", l, f)
					}
					got = append(got, l.ID)
				}
			}
			if len(got) != want || !slices.IsSortedFunc(got, func(a, b string) int { return strings.Compare(b, a) }) || len(slices.Compact(got)) != want {
				t.Fatalf("%+v: %d events, want %d", f, len(got), want)
			}
		}
	})
}

// What was done in one second stands in the order of the chain, whenever in that second it began.
func TestWithinASecondTheChainOrders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, random := eventdb.Store{DB: d}, rand.New(rand.NewPCG(2027, 39))
		for range 60 {
			at := start.Truncate(time.Second).Add(time.Duration(random.Int64N(int64(3 * time.Second))))
			if err := s.Record(t.Context(), event.Event{At: at, Kind: event.LoggedIn, SchoolID: "s1", Actor: rinnova.Actor{Username: "X"}}); err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range []event.Filter{{Limit: 100}, {SchoolID: "s1", Limit: 100}, {Username: "X", Limit: 100}, {Group: event.LoggedIn.Group(), Limit: 100}} {
			page, err := s.Page(t.Context(), f)
			if err != nil || len(page.Links) != 60 {
				t.Fatalf("%+v: %d events, %v", f, len(page.Links), err)
			}
			for i, l := range page.Links[1:] {
				newer := page.Links[i]
				if a, b := newer.At.Truncate(time.Second), l.At.Truncate(time.Second); a.Before(b) || a.Equal(b) && newer.Seq < l.Seq {
					t.Fatalf("%+v: n. %d of %s stands above n. %d of %s", f, newer.Seq, newer.At, l.Seq, l.At)
				}
				if !rinnova.IsID(l.ID) {
					t.Fatalf("id %q", l.ID)
				}
			}
		}
	})
}

// A page looks at a bounded number of events and says where it stopped.
func TestAPageIsBounded(t *testing.T) {
	d := dbtest.SQLite(t)
	s := eventdb.Store{DB: d}
	who := rinnova.Actor{Username: "OPERATORE.UNO"}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(s.Record(t.Context(), event.Event{At: start, Kind: event.SettingsChanged, Actor: who}))
	check(d.InTx(t.Context(), func(ctx context.Context) error {
		for i := range 6000 {
			check(s.Record(ctx, event.Event{At: start.Add(time.Duration(i+1) * time.Millisecond), Kind: event.LoggedIn, Actor: who}))
		}
		return nil
	}))
	f := event.Filter{Username: who.Username, Group: event.Settings, Limit: 50}
	p, err := s.Page(t.Context(), f)
	check(err)
	if len(p.Links) != 0 || p.Older == "" {
		t.Errorf("%d events, then %q", len(p.Links), p.Older)
	}
	f.Before = p.Older
	p, err = s.Page(t.Context(), f)
	check(err)
	if len(p.Links) != 1 || p.Older != "" {
		t.Errorf("%d events, then %q", len(p.Links), p.Older)
	}
}

// Every list is read in the order of an index, without sorting.
func TestListsAreReadInTheOrderOfAnIndex(t *testing.T) {
	source, err := os.ReadFile("query/query.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	d := dbtest.SQLite(t)
	n := 0
	for _, m := range regexp.MustCompile("(?s)const (events\\w*|chainAfter|lastInChain) = `(.*?)`").FindAllStringSubmatch(string(source), -1) {
		n++
		plan := dbtest.Plan(t, d, m[2])
		if !strings.Contains(plan, "INDEX") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s:\n%s", m[1], plan)
		}
	}
	if n != 8 {
		t.Errorf("looked at %d queries", n)
	}
}
