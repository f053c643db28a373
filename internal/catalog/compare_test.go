package catalog_test

import (
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
)

func TestCompare(t *testing.T) {
	products := []catalog.Product{{ID: "a", Code: "A"}, {ID: "b", Code: "B"}, {ID: "c", Code: "C"}, {ID: "d", Code: "D"}}
	older := catalog.PriceList{Bands: catalog.Bands{500, 1000}, Caps: []*rinnova.Cents{new(rinnova.Cents(1000)), nil, nil},
		Fees: map[string][]rinnova.Cents{"a": {100, 200, 300}, "b": {10, 0, 20}}}
	newer := catalog.PriceList{Bands: catalog.Bands{500, 1500}, Caps: []*rinnova.Cents{new(rinnova.Cents(1100)), nil, nil},
		Fees: map[string][]rinnova.Cents{"a": {103, 210, 300}, "c": {1, 2, 3}}}
	c := catalog.Compare(older, newer, products)
	if c.SameBands || len(c.Rows) != 3 || !c.Rows[1].Dropped || c.Rows[1].Added || !c.Rows[2].Added {
		t.Fatalf("%+v", c.Rows)
	}
	a := c.Rows[0].Bands
	if d, both := a[0].Delta(); d != 3 || !both {
		t.Errorf("band 1: %d", d)
	}
	if p, ok := a[0].Percent(); p != 300 || !ok {
		t.Errorf("band 1: %d", p)
	}
	for i := 1; i < 3; i++ { // 501–1500 and over 1500 are in no band of the older list
		if _, both := a[i].Delta(); both || a[i].Old != nil {
			t.Errorf("band %d is compared with another band", i+1)
		}
	}
	if d, both := c.Caps[0].Delta(); d != 100 || !both {
		t.Errorf("cap: %d", d)
	}
	if _, ok := (catalog.Change{Old: new(rinnova.Cents(0)), New: new(rinnova.Cents(5))}).Percent(); ok {
		t.Error("a percentage of nothing")
	}
	if p, ok := (catalog.Change{Old: new(rinnova.Cents(300)), New: new(rinnova.Cents(299))}).Percent(); p != -33 || !ok {
		t.Errorf("%d", p)
	}
}

// Every fee of both lists is counted in one step of the distribution, whatever it is.
func TestDistributionCountsEveryFee(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		older, products := anyList(t)
		newer := older
		newer.Fees = map[string][]rinnova.Cents{}
		want, down, same := 0, 0, 0
		for id, fees := range older.Fees {
			for _, old := range fees {
				fee := rapid.OneOf(rapid.Just(old), rapid.Just(anyFee(t, "new"))).Draw(t, "fee")
				newer.Fees[id] = append(newer.Fees[id], fee)
				want++
				if fee < old {
					down++
				} else if fee == old {
					same++
				}
			}
		}
		got := 0
		steps := catalog.Compare(older, newer, products).Distribution()
		for _, s := range steps {
			got += s.Count
		}
		if got != want || steps[0].Count != down || steps[1].Count != same {
			t.Fatalf("%d of %d counted, %d down, %d the same: %+v", got, want, down, same, steps)
		}
	})
}
