package campaignweb

import (
	"fmt"
	"strings"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/locale"
)

// bin is how many schools change by so many percent against last year: from, included, to, excluded.
type bin struct {
	From, To int
	Schools  int
}

// The outermost bins have no end.
const (
	noFloor = -1 << 30
	noTop   = 1 << 30
)

// edges of the bins, in percent.
var edges = []int{noFloor, -10, -5, 0, 2, 4, 6, 8, 10, 15, 20, noTop}

// bins sorts schools by their whole percents.
func bins(shares map[int]int) []bin {
	out := make([]bin, len(edges)-1)
	for i := range out {
		out[i] = bin{From: edges[i], To: edges[i+1]}
	}
	for percent, n := range shares {
		for i := range out {
			if percent >= out[i].From && percent < out[i].To {
				out[i].Schools += n
			}
		}
	}
	return out
}

// label is the bin in words: da 2 a 4 %.
func (b bin) label(l locale.Lang) string {
	switch {
	case b.From == noFloor:
		return l.T("meno di %s", signed(b.To))
	case b.To == noTop:
		return l.T("%s e più", signed(b.From))
	}
	return l.T("da %s a %s", signed(b.From), signed(b.To))
}

// tick is the bin below its column.
func (b bin) tick() string {
	switch {
	case b.From == noFloor:
		return "<" + signed(b.To)
	case b.To == noTop:
		return "≥" + signed(b.From)
	}
	return signed(b.From)
}

func signed(percent int) string {
	switch {
	case percent > 0:
		return "+" + locale.Percent(rinnova.BasisPoints(percent)*100)
	case percent < 0:
		return "−" + locale.Percent(rinnova.BasisPoints(-percent)*100)
	}
	return locale.Percent(0)
}

// odd tells whether all of the bin is above a campaign's threshold.
func (b bin) odd(s campaign.Setup) bool { return rinnova.BasisPoints(b.From)*100 >= s.OddAbove() }

// column is a bin in the picture, in its coordinates.
type column struct {
	X, Y, Width, Height, Middle string
	Schools                     string
	Tick                        string
	Odd                         bool
}

// The picture: width and height, and where columns stand.
const (
	chartWidth, chartHeight = 620, 250
	chartTop, chartBottom   = 28, 215
)

func columns(all []bin, s campaign.Setup) []column {
	highest := 1
	for _, b := range all {
		highest = max(highest, b.Schools)
	}
	step := float64(chartWidth) / float64(len(all))
	var out []column
	for i, b := range all {
		height := float64(b.Schools) / float64(highest) * (chartBottom - chartTop)
		if b.Schools > 0 {
			height = max(height, 2)
		}
		at := func(x float64) string { return fmt.Sprintf("%.1f", x) }
		out = append(out, column{X: at(float64(i)*step + 5), Y: at(chartBottom - height), Width: at(step - 10), Height: at(height), Middle: at((float64(i) + 0.5) * step),
			Schools: locale.Count(b.Schools), Tick: b.tick(), Odd: b.odd(s)})
	}
	return out
}

// described says the picture in words.
func described(l locale.Lang, all []bin) string {
	var out []string
	for _, b := range all {
		if b.Schools > 0 {
			out = append(out, l.T("%s: %s", b.label(l), locale.Count(b.Schools)))
		}
	}
	return strings.Join(out, "; ") + "."
}
