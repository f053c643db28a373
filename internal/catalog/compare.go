package catalog

import (
	"slices"

	"rinnova"
)

// Change is an amount in an older and in a newer list; nil where it is in one of them only.
type Change struct {
	Old, New *rinnova.Cents
}

// Delta is the difference; false where there is none to speak of, because one of the two is missing.
func (c Change) Delta() (rinnova.Cents, bool) {
	if c.Old == nil || c.New == nil {
		return 0, false
	}
	return *c.New - *c.Old, true
}

// Percent is the difference in basis points of the old amount, half up; false where there is none, or the old amount is zero
// and the new one is not.
func (c Change) Percent() (rinnova.BasisPoints, bool) {
	d, both := c.Delta()
	switch {
	case !both || *c.Old == 0 && d != 0:
		return 0, false
	case d == 0:
		return 0, true
	}
	return rinnova.BasisPoints(halfUp(int64(d)*10_000, int64(*c.Old))), true
}

// ComparedRow is a product in both lists, with a Change for each band of the newer.
type ComparedRow struct {
	Product Product
	Added   bool // on the newer list only
	Dropped bool // on the older list only
	Bands   []Change
}

// Comparison is two lists side by side.
type Comparison struct {
	Old, New  PriceList
	Rows      []ComparedRow // products of either list, in order
	Caps      []Change      // by band of the newer list
	SameBands bool
}

// Compare puts an older and a newer list side by side, band by band of the newer one. A band that the older list cuts
// differently has no old amounts.
func Compare(older, newer PriceList, products []Product) Comparison {
	out := Comparison{Old: older, New: newer, SameBands: slices.Equal(older.Bands, newer.Bands)}
	for _, p := range products {
		_, was := older.Fees[p.ID]
		_, is := newer.Fees[p.ID]
		if !was && !is {
			continue
		}
		row := ComparedRow{Product: p, Added: !was, Dropped: !is}
		for b := Band(1); int(b) <= newer.Bands.Count(); b++ {
			var c Change
			if fee, ok := newer.Fee(p.ID, b); ok {
				c.New = &fee
			}
			if fee, ok := older.Fee(p.ID, older.Bands.same(newer.Bands, b)); ok {
				c.Old = &fee
			}
			row.Bands = append(row.Bands, c)
		}
		out.Rows = append(out.Rows, row)
	}
	for b := Band(1); int(b) <= newer.Bands.Count(); b++ {
		out.Caps = append(out.Caps, Change{older.Cap(older.Bands.same(newer.Bands, b)), newer.Cap(b)})
	}
	return out
}

// same is the band of b that holds exactly the pupils of band x of other; 0 where none does.
func (b Bands) same(other Bands, x Band) Band {
	low, high := other.bounds(x)
	for y := Band(1); int(y) <= b.Count(); y++ {
		if l, h := b.bounds(y); l == low && h == high {
			return y
		}
	}
	return 0
}

// bounds are the last number of pupils before a band, and its last one; the last band has none, which is 0.
func (b Bands) bounds(x Band) (before, last int) {
	if x > 1 {
		before = b[x-2]
	}
	if int(x) <= len(b) {
		last = b[x-1]
	}
	return before, last
}

// Step is a range of percentages in which changes are counted: above From, up to To, in basis points.
type Step struct {
	From, To rinnova.BasisPoints
	Count    int
}

// The outermost bounds of steps: beyond any change.
const (
	lowest  rinnova.BasisPoints = -1 << 60
	highest rinnova.BasisPoints = 1 << 60
)

// First tells whether a step is the one of all that goes down.
func (s Step) First() bool { return s.From == lowest }

// Last tells whether a step is open to above.
func (s Step) Last() bool { return s.To == highest }

// Equal tells whether a step is the one of what has not changed.
func (s Step) Equal() bool { return s.From == 0 && s.To == 0 }

// Distribution counts the fees of both lists by how much they change: less, the same, more by up to 1, 2, 3, 5, 10 % (included)
// and above.
func (c Comparison) Distribution() []Step {
	out := []Step{{From: lowest}, {}, {0, 100, 0}, {100, 200, 0}, {200, 300, 0}, {300, 500, 0}, {500, 1000, 0}, {1000, highest, 0}}
	for _, row := range c.Rows {
		for _, change := range row.Bands {
			d, both := change.Delta()
			if !both {
				continue
			}
			p, ok := change.Percent()
			switch {
			case !ok:
				p = highest // from nothing
			case d > 0 && p == 0:
				p = 1 // a cent on a very large fee is still more
			}
			out[stepOf(out, d, p)].Count++
		}
	}
	return out
}

func stepOf(steps []Step, d rinnova.Cents, p rinnova.BasisPoints) int {
	switch {
	case d < 0:
		return 0
	case d == 0:
		return 1
	}
	return 2 + slices.IndexFunc(steps[2:], func(s Step) bool { return p > s.From && p <= s.To })
}
