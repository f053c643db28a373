package rinnova

import (
	"fmt"
	"time"
	_ "time/tzdata" // the server may run where the system has no zone files
)

// Rome is the zone of every deadline, document and screen; what is stored is UTC.
var Rome = mustZone("Europe/Rome")

func mustZone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return l
}

// Clock tells the time. Tests hand in one that they move; nothing else in the program calls time.Now.
type Clock func() time.Time

// Today is the date in Rome at the clock's instant.
func (c Clock) Today() Date { return DateOf(c()) }

// Date is a calendar day, without time or zone. The zero value is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day on which t falls in Rome.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Rome).Date()
	return Date{y, m, d}
}

// ParseDate reads an ISO date, 2027-01-31.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// MustDate is ParseDate for constants; it panics on a bad one.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// String writes the ISO form; the zero date is "".
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// IsZero tells whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Before tells whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.utc().Before(e.utc()) }

// After tells whether d is later than e.
func (d Date) After(e Date) bool { return e.Before(d) }

// AddDays moves n days on, or back where n is negative.
func (d Date) AddDays(n int) Date { return fromUTC(d.utc().AddDate(0, 0, n)) }

// AddMonths moves n months on; a day that the target month lacks becomes its last day (31 Jan + 1 = 28 or 29 Feb).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// DaysUntil counts the days from d to e; it is negative where e is earlier.
func (d Date) DaysUntil(e Date) int { return int(e.utc().Sub(d.utc()).Hours() / 24) }

// EndOfDay is the first instant after d in Rome: a deadline "until d" has passed from then on.
func (d Date) EndOfDay() time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, Rome)
}

// MarshalText writes the ISO form, in JSON too.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; empty text is the zero date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	v, err := ParseDate(string(b))
	*d = v
	return err
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func fromUTC(t time.Time) Date { return Date{t.Year(), t.Month(), t.Day()} }

// Period is two days, both included; the next period starts the day after To.
type Period struct {
	From, To Date
}

// Valid tells whether the period has at least one day.
func (p Period) Valid() bool { return !p.From.IsZero() && !p.To.IsZero() && !p.To.Before(p.From) }

// Overlaps tells whether two periods have a day in common.
func (p Period) Overlaps(q Period) bool { return !p.To.Before(q.From) && !q.To.Before(p.From) }

// Months counts the started months: a month starts on the period's first day and on the same day of each month
// after it, or the day after the end of a month that is too short to have that day. A full year is 12, from whatever
// day it runs, 29 February too; one day is 1.
func (p Period) Months() int {
	if !p.Valid() {
		return 0
	}
	n := (p.To.Year-p.From.Year)*12 + int(p.To.Month) - int(p.From.Month)
	if p.To.Day < p.From.Day { // the month that is begun in that of To is begun after it
		return n
	}
	return n + 1
}

// PeriodOf is the period of so many whole months that starts on a day: from 29 February 2028 a year runs to 28 February
// 2029, from 31 January a month to the end of February.
func PeriodOf(from Date, months int) Period {
	to := from.AddMonths(months)
	if to.Day == from.Day {
		to = to.AddDays(-1)
	}
	return Period{From: from, To: to}
}
