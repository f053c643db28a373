package catalog_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
)

// Of a list that was copied with a raise, what was set by hand afterwards, or is new, stands apart, and nothing else: not the
// other bands of the product. Where the bands are others, nothing can be held against the list before.
func TestApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		products := []catalog.Product{{ID: "a"}, {ID: "b"}, {ID: "c"}}
		fee := rapid.Map(rapid.Int64Range(0, 100_000), func(n int64) rinnova.Cents { return rinnova.Cents(n) })
		from := catalog.PriceList{Bands: catalog.Bands{500},
			Fees: map[string][]rinnova.Cents{"a": rapid.SliceOfN(fee, 2, 2).Draw(t, "a"), "b": rapid.SliceOfN(fee, 2, 2).Draw(t, "b")}}
		l := catalog.PriceList{Bands: catalog.Bands{500},
			Origin: catalog.Origin{Raise: &catalog.Raise{Percent: rinnova.BasisPoints(rapid.IntRange(-500, 500).Draw(t, "percent")), Rounding: 50}}}
		l.Fees, _, _ = from.Raised(l.Origin.Raise, products)
		want := map[string][]catalog.Band{}
		if by := catalog.Band(rapid.IntRange(0, 2).Draw(t, "by hand")); by > 0 {
			l.Fees["b"][by-1]++
			want["b"] = []catalog.Band{by}
		}
		if rapid.Bool().Draw(t, "new") {
			l.Fees["c"] = []rinnova.Cents{100, 200}
			want["c"] = []catalog.Band{1, 2}
		}
		if rapid.Bool().Draw(t, "other bands") {
			l.Bands = catalog.Bands{600}
			want["a"], want["b"] = []catalog.Band{1, 2}, []catalog.Band{1, 2}
		}
		if got := l.Apart(from, products); !maps.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("apart: %v, want %v", got, want)
		}
	})
}
