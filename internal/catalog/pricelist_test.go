package catalog_test

import (
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
)

// Of a list that was copied with a raise, what was set by hand afterwards, or is new, stands apart, and nothing else.
func TestApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		products := []catalog.Product{{ID: "a"}, {ID: "b"}, {ID: "c"}}
		fee := rapid.Map(rapid.Int64Range(0, 100_000), func(n int64) rinnova.Cents { return rinnova.Cents(n) })
		from := catalog.PriceList{Fees: map[string][]rinnova.Cents{"a": rapid.SliceOfN(fee, 2, 2).Draw(t, "a"), "b": rapid.SliceOfN(fee, 2, 2).Draw(t, "b")}}
		l := catalog.PriceList{Origin: catalog.Origin{Raise: &catalog.Raise{Percent: rinnova.BasisPoints(rapid.IntRange(-500, 500).Draw(t, "percent")), Rounding: 50}}}
		l.Fees, _, _ = from.Raised(l.Origin.Raise, products)
		want := map[string]bool{}
		if rapid.Bool().Draw(t, "by hand") {
			l.Fees["b"][1]++
			want["b"] = true
		}
		if rapid.Bool().Draw(t, "new") {
			l.Fees["c"] = []rinnova.Cents{100, 200}
			want["c"] = true
		}
		got := l.Apart(from, products)
		if len(got) != len(want) || got["b"] != want["b"] || got["c"] != want["c"] {
			t.Fatalf("apart: %v, want %v", got, want)
		}
	})
}
