package subscriptionweb

import (
	"fmt"
	"slices"
	"strconv"

	"rinnova"
)

// The measures of the picture, in its own units.
const (
	chartWidth = 680
	chartTop   = 30 // above the first product: the years
	rowHeight  = 46
	barTop     = 20 // below the product's name
	barHeight  = 20
	yearsShown = 6
)

// timeline is what a school has over the years, as a picture: a row for each product, a bar for each period.
type timeline struct {
	Height int
	Years  []tick
	Rows   []track
	Today  int // where it is; -1: outside
	Cut    int // periods before the first year that is shown
}

type tick struct {
	X    int
	Text string
}

type track struct {
	Y    int
	Name string
	Bars []bar
}

type bar struct {
	X, Y, Width int
	Text        string // its months; empty where there is no room
	Sold, Ended bool   // by a contract of ours; not to be renewed
}

// draw makes the picture of the years around today, up to the last period.
func draw(all []entry, today rinnova.Date) timeline {
	first, last := today.Year-1, today.Year+1
	for _, x := range all {
		first, last = min(first, x.Period.From.Year), max(last, x.Period.To.Year)
	}
	last = min(last, today.Year+yearsShown-1)
	first = max(first, last-yearsShown+1)
	t := timeline{Today: -1}
	from, to := rinnova.Date{Year: first, Month: 1, Day: 1}, rinnova.Date{Year: last, Month: 12, Day: 31}
	x := func(d rinnova.Date) int { return from.DaysUntil(d) * chartWidth / (from.DaysUntil(to) + 1) }
	for y := first; y <= last; y++ {
		t.Years = append(t.Years, tick{x(rinnova.Date{Year: y, Month: 1, Day: 1}), strconv.Itoa(y)})
	}
	if !today.Before(from) && !today.After(to) {
		t.Today = x(today)
	}
	for _, e := range all {
		if e.Period.To.Before(from) || e.Period.From.After(to) {
			t.Cut++
			continue
		}
		i := slices.IndexFunc(t.Rows, func(r track) bool { return r.Name == e.Product })
		if i < 0 {
			i = len(t.Rows)
			t.Rows = append(t.Rows, track{Y: chartTop + i*rowHeight, Name: e.Product})
		}
		begin, end := max(0, x(e.Period.From)), min(chartWidth, x(e.Period.To.AddDays(1)))
		b := bar{X: begin, Y: t.Rows[i].Y + barTop, Width: max(3, end-begin-2), Sold: e.Contract != "", Ended: e.Ended != ""}
		if b.Width >= 90 {
			b.Text = fmt.Sprintf("%02d/%02d – %02d/%02d", e.Period.From.Month, e.Period.From.Year%100, e.Period.To.Month, e.Period.To.Year%100)
		}
		t.Rows[i].Bars = append(t.Rows[i].Bars, b)
	}
	t.Height = chartTop + len(t.Rows)*rowHeight + 4
	return t
}
