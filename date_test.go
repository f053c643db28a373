package rinnova_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
)

func period(from, to string) rinnova.Period {
	return rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}
}

func TestMonths(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2027-01-01", "2027-12-31", 12},
		{"2026-10-01", "2027-09-30", 12},
		{"2027-01-15", "2028-01-14", 12},
		{"2027-04-01", "2027-12-31", 9},
		{"2027-02-01", "2027-12-31", 11},
		{"2027-01-01", "2027-01-01", 1},
		{"2027-01-01", "2027-02-01", 2},
		{"2027-01-31", "2027-02-27", 1},
		{"2027-01-31", "2027-02-28", 2}, // the month ends where February does
		{"2028-01-31", "2028-02-28", 1},
		{"2028-01-31", "2028-02-29", 2},
		{"2028-02-29", "2029-02-27", 12},
		{"2028-02-29", "2029-02-28", 13},
		{"2027-01-01", "2028-06-30", 18},
		{"2027-12-31", "2027-01-01", 0}, // no period
	} {
		if got := period(c.from, c.to).Months(); got != c.want {
			t.Errorf("%s to %s: %d months, want %d", c.from, c.to, got, c.want)
		}
	}
}

func anyDate(t *rapid.T, label string) rinnova.Date {
	return rinnova.MustDate("2020-01-01").AddDays(rapid.IntRange(0, 20_000).Draw(t, label))
}

// The period that starts on a day and ends the day before the same day n months later has n months.
func TestMonthsCountAnniversaries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := anyDate(t, "from")
		n := rapid.IntRange(1, 60).Draw(t, "months")
		p := rinnova.Period{From: from, To: from.AddMonths(n).AddDays(-1)}
		if got := p.Months(); got != n {
			t.Fatalf("%s to %s: %d months, want %d", p.From, p.To, got, n)
		}
		p.To = p.To.AddDays(1)
		if got := p.Months(); got != n+1 {
			t.Fatalf("a day more (%s to %s): %d months, want %d", p.From, p.To, got, n+1)
		}
	})
}

func TestDatesGoThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t, "day")
		n := rapid.IntRange(-5000, 5000).Draw(t, "days")
		e := d.AddDays(n)
		if d.DaysUntil(e) != n || e.AddDays(-n) != d || d.Before(e) != (n > 0) || d.After(e) != (n < 0) {
			t.Fatalf("%s and %s are not %d days apart", d, e, n)
		}
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back rinnova.Date
		if err := json.Unmarshal(b, &back); err != nil || back != d {
			t.Fatalf("%s became %s (%v)", d, back, err)
		}
		if rinnova.DateOf(d.EndOfDay()) != d.AddDays(1) || rinnova.DateOf(d.EndOfDay().Add(-time.Nanosecond)) != d {
			t.Fatalf("%s ends at %s", d, d.EndOfDay())
		}
	})
}

func TestDatesAreOfRome(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-12-31T22:59:59Z": "2026-12-31",
		"2026-12-31T23:00:00Z": "2027-01-01", // midnight in Rome
		"2026-07-31T21:59:59Z": "2026-07-31",
		"2026-07-31T22:00:00Z": "2026-08-01", // summer time
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := rinnova.DateOf(at).String(); got != want {
			t.Errorf("%s is %s, want %s", instant, got, want)
		}
	}
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{"", "2027-02-29", "2027-13-01", "01/01/2027", "2027-1-1", "x"} {
		if _, err := rinnova.ParseDate(s); err == nil {
			t.Errorf("%q: taken", s)
		}
	}
}

func TestPeriodsOverlap(t *testing.T) {
	p := func(from, to string) rinnova.Period {
		return rinnova.Period{From: rinnova.MustDate(from), To: rinnova.MustDate(to)}
	}
	year := p("2027-01-01", "2027-12-31")
	for _, c := range []struct {
		other rinnova.Period
		want  bool
	}{
		{year, true}, {p("2026-01-01", "2026-12-31"), false}, {p("2026-01-01", "2027-01-01"), true},
		{p("2027-12-31", "2028-06-30"), true}, {p("2028-01-01", "2028-06-30"), false}, {p("2027-05-01", "2027-05-01"), true}, {p("2026-01-01", "2029-01-01"), true},
	} {
		if year.Overlaps(c.other) != c.want || c.other.Overlaps(year) != c.want {
			t.Errorf("%v overlaps 2027: want %v", c.other, c.want)
		}
	}
}
