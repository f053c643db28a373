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
		{"2027-01-31", "2027-02-28", 1}, // the month ends where February does
		{"2027-01-31", "2027-03-01", 2},
		{"2028-01-31", "2028-02-28", 1},
		{"2028-01-31", "2028-02-29", 1},
		{"2028-01-31", "2029-01-30", 12},
		{"2028-02-29", "2029-02-27", 12},
		{"2028-02-29", "2029-02-28", 12},
		{"2028-02-29", "2029-03-01", 13},
		{"2026-11-30", "2027-02-28", 3},
		{"2027-03-31", "2027-04-30", 1},
		{"2027-03-31", "2028-03-30", 12},
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

// A straightforward count: a month starts on the first day and wherever, walking day by day, the day of the month comes round
// again, or the month ends without having it.
func startedMonths(p rinnova.Period) int {
	n := 1
	for d := p.From.AddDays(1); !p.To.Before(d); d = d.AddDays(1) {
		switch before := d.AddDays(-1); {
		case d.Day == p.From.Day, d.Day == 1 && before.Day < p.From.Day:
			n++
		}
	}
	return n
}

func TestMonthsAreTheStartedOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := anyDate(t, "from")
		p := rinnova.Period{From: from, To: from.AddDays(rapid.IntRange(0, 1500).Draw(t, "days"))}
		if got, want := p.Months(), startedMonths(p); got != want {
			t.Fatalf("%s to %s: %d months, want %d", p.From, p.To, got, want)
		}
	})
}

// Whole months are as many as they are said to be, and with a day more one more has begun.
func TestWholeMonths(t *testing.T) {
	for from := rinnova.MustDate("2024-01-01"); from.Year < 2040; from = from.AddDays(1) { // four leap years and their neighbours
		for _, n := range []int{1, 2, 3, 6, 11, 12, 13, 24, 36} {
			p := rinnova.PeriodOf(from, n)
			more := rinnova.Period{From: from, To: p.To.AddDays(1)}
			if p.Months() != n || more.Months() != n+1 {
				t.Fatalf("%d months from %s end on %s and count %d; with a day more %d", n, from, p.To, p.Months(), more.Months())
			}
		}
	}
}

// A year is 12 months from whatever day, however it is written: to the day before, or to the last day of February.
func TestAYearIsTwelveMonths(t *testing.T) {
	for from := rinnova.MustDate("2024-01-01"); from.Year < 2040; from = from.AddDays(1) {
		byTime := time.Date(from.Year+1, from.Month, from.Day-1, 0, 0, 0, 0, time.UTC) // 29 February: to 28 February
		p := rinnova.Period{From: from, To: rinnova.Date{Year: byTime.Year(), Month: byTime.Month(), Day: byTime.Day()}}
		if p.Months() != 12 || rinnova.PeriodOf(from, 12) != p {
			t.Errorf("the year from %s to %s has %d months; it is meant to end on %s", from, p.To, p.Months(), rinnova.PeriodOf(from, 12).To)
		}
	}
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
