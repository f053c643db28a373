package catalog_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
)

func anyRaise(t *rapid.T) catalog.Raise {
	return catalog.Raise{
		Percent:  rinnova.BasisPoints(rapid.Int64Range(int64(catalog.MinRaise), int64(catalog.MaxRaise)).Draw(t, "percent")),
		Rounding: rapid.SampledFrom(catalog.Roundings).Draw(t, "rounding"),
	}
}

func anyFee(t *rapid.T, name string) rinnova.Cents {
	return rinnova.Cents(rapid.OneOf(rapid.Int64Range(0, 2000), rapid.Int64Range(0, 500_000), rapid.Int64Range(0, int64(rinnova.MaxCents))).Draw(t, name))
}

// A raised fee is a multiple of the rounding and lies within half of it of the exact amount; exactly half goes up. A fee never
// falls to nothing, and nothing stays nothing.
func TestRaiseIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, fee := anyRaise(t), anyFee(t, "fee")
		got := r.Of(fee)
		if r.Percent == 0 || fee == 0 {
			if got != fee {
				t.Fatalf("%s became %s", fee, got)
			}
			return
		}
		if got%r.Rounding != 0 || got <= 0 {
			t.Fatalf("%s is no multiple of %s", got, r.Rounding)
		}
		exact := new(big.Rat).SetFrac64(int64(fee)*(10_000+int64(r.Percent)), 10_000)
		off := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(got)), exact)
		half := big.NewRat(int64(r.Rounding), 2)
		low := new(big.Rat).Neg(half)
		if got > r.Rounding && off.Cmp(half) > 0 || off.Cmp(low) <= 0 {
			t.Fatalf("%s raised by %d is exactly %s, not %s", fee, r.Percent, exact.FloatString(4), got)
		}
	})
}

// A higher fee stays at least as high, and a higher raise gives no less, to the cent.
func TestRaiseIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, a, b := anyRaise(t), anyFee(t, "a"), anyFee(t, "b")
		if r.Of(min(a, b)) > r.Of(max(a, b)) {
			t.Fatalf("%+v turns the order of %s and %s", r, a, b)
		}
		more := r
		more.Percent = rinnova.BasisPoints(rapid.Int64Range(int64(r.Percent), int64(catalog.MaxRaise)).Draw(t, "more"))
		r.Rounding, more.Rounding = 1, 1
		if r.Of(a) > more.Of(a) {
			t.Fatalf("%d gives %s, %d gives %s", r.Percent, r.Of(a), more.Percent, more.Of(a))
		}
	})
}

// A raise of nothing is a copy, whatever its rounding and caps.
func TestRaiseOfNothingIsACopy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, products := anyList(t)
		for _, r := range []*catalog.Raise{nil, {Rounding: rapid.SampledFrom(catalog.Roundings).Draw(t, "rounding"), Caps: true}} {
			fees, caps, left := l.Raised(r, products)
			copied := catalog.PriceList{Bands: l.Bands, Fees: fees, Caps: caps}
			if n := copied.Touched(l.Fees, l.Caps); n != 0 || len(left) != 0 {
				t.Fatalf("%d amounts differ, %d products left out", n, len(left))
			}
		}
	})
}

// anyList is a list of products that are all sold.
func anyList(t *rapid.T) (catalog.PriceList, []catalog.Product) {
	l := catalog.PriceList{ID: "l", Name: "Listino", Fees: map[string][]rinnova.Cents{}}
	for i := range rapid.IntRange(0, 4).Draw(t, "bounds") {
		l.Bands = append(l.Bands, 500*(i+1))
	}
	for range l.Bands.Count() {
		var c *rinnova.Cents
		if rapid.Bool().Draw(t, "cap") {
			c = new(anyFee(t, "cap"))
		}
		l.Caps = append(l.Caps, c)
	}
	var products []catalog.Product
	for i := range rapid.IntRange(0, 6).Draw(t, "products") {
		p := catalog.Product{ID: string(rune('a' + i)), Code: string(rune('A' + i))}
		products = append(products, p)
		for range l.Bands.Count() {
			l.Fees[p.ID] = append(l.Fees[p.ID], anyFee(t, "fee"))
		}
	}
	return l, products
}

func TestRetiredProductsAreLeftOut(t *testing.T) {
	l := catalog.PriceList{Fees: map[string][]rinnova.Cents{"a": {100}, "b": {200}}, Caps: []*rinnova.Cents{new(rinnova.Cents(1000))}}
	products := []catalog.Product{{ID: "a", Code: "A"}, {ID: "b", Code: "B", Retired: true}, {ID: "c", Code: "C", Retired: true}}
	for raiseCaps, want := range map[bool]rinnova.Cents{true: 1100, false: 1000} {
		fees, caps, left := l.Raised(&catalog.Raise{Percent: 1000, Caps: raiseCaps}, products)
		if len(fees) != 1 || fees["a"][0] != 110 || len(left) != 1 || left[0].Code != "B" || *caps[0] != want {
			t.Errorf("caps %v: %v, %v, left out %v", raiseCaps, fees, *caps[0], left)
		}
	}
	if *l.Caps[0] != 1000 {
		t.Error("the old list has changed")
	}
}

// The percentage of an index is the exact share half up, never below the floor; without a variation it is the floor or nothing.
func TestIndexation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := catalog.Indexation{
			BaseMilli: rapid.Int64Range(1, 1_000_000).Draw(t, "base"), ToMilli: rapid.Int64Range(1, 1_000_000).Draw(t, "to"),
			Share: rinnova.BasisPoints(rapid.Int64Range(1, 10_000).Draw(t, "share")), Floor: rinnova.BasisPoints(rapid.Int64Range(-5000, 5000).Draw(t, "floor")),
		}
		exact := new(big.Rat).SetFrac64(int64(x.Share)*(x.ToMilli-x.BaseMilli), x.BaseMilli)
		off := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(x.Computed())), exact)
		if off.Cmp(big.NewRat(1, 2)) > 0 || off.Cmp(big.NewRat(-1, 2)) <= 0 {
			t.Fatalf("%+v: %d, exactly %s", x, x.Computed(), exact.FloatString(4))
		}
		if x.Percent() < x.Floor || x.Percent() != x.Floor && x.Percent() != x.Computed() {
			t.Fatalf("%+v: %d", x, x.Percent())
		}
		x.ToMilli = x.BaseMilli
		if x.Percent() != max(0, x.Floor) {
			t.Fatalf("equal indices, floor %d: %d", x.Floor, x.Percent())
		}
	})
}

func TestRaiseInWords(t *testing.T) {
	foi := func(to int64, floor rinnova.BasisPoints) catalog.Raise {
		x := catalog.Indexation{Series: "FOI", Base: "2025-09", To: "2026-09", BaseMilli: 120_200, ToMilli: to, Share: 7500, Floor: floor}
		return catalog.Raise{Index: &x, Percent: x.Percent(), Rounding: 50, Caps: true}
	}
	for _, c := range []struct {
		raise catalog.Raise
		want  string
	}{
		{foi(122_100, 0), "adeguato dell’1,19%: 75% della variazione dell’indice FOI fra settembre 2025 (120,2) e settembre 2026 (122,1); importi arrotondati a €\u00a00,50; anche i tetti massimi"},
		{foi(119_000, 0), "adeguato dello 0%, il minimo stabilito: il 75% della variazione dell’indice FOI fra settembre 2025 (120,2) e settembre 2026 (119,0) darebbe −0,75%"},
		{foi(119_000, -5000), "adeguato del −0,75%: 75% della variazione dell’indice FOI fra settembre 2025 (120,2) e settembre 2026 (119,0); importi arrotondati a €\u00a00,50; anche i tetti massimi"},
		{catalog.Raise{Percent: 300}, "aumentato del 3%; tetti massimi invariati"},
		{catalog.Raise{Percent: 800, Rounding: 1}, "aumentato dell’8%; tetti massimi invariati"},
		{catalog.Raise{Percent: 1150, Caps: true}, "aumentato dell’11,5%; anche i tetti massimi"},
		{catalog.Raise{Percent: 50}, "aumentato dello 0,5%; tetti massimi invariati"},
		{catalog.Raise{Percent: -1000}, "ridotto del 10%; tetti massimi invariati"},
		{catalog.Raise{Rounding: 100, Caps: true}, "copiato senza variazioni"},
	} {
		if got := locale.Italian.Text(c.raise.Whole()); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
		if short := locale.Italian.Text(c.raise.Text()); !strings.HasPrefix(c.want, short) || strings.Contains(short, "tetti") {
			t.Errorf("of a fee it says %q", short)
		}
		b, err := json.Marshal(c.raise.Whole())
		if err != nil {
			t.Fatal(err)
		}
		var back rinnova.Text
		if err := json.Unmarshal(b, &back); err != nil || locale.English.Text(back) != locale.English.Text(c.raise.Whole()) {
			t.Errorf("%v; kept as %s", err, b)
		}
	}
}
