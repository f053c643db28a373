package rinnova_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
)

func TestMulDivRoundsHalfUp(t *testing.T) {
	for _, c := range []struct {
		cents    rinnova.Cents
		num, den int64
		want     rinnova.Cents
	}{
		{0, 5, 12, 0},
		{10_000, 1, 12, 833},
		{6, 1, 12, 1},           // half a cent
		{5, 1, 12, 0},           // less
		{6, 11, 12, 6},          // 5.5
		{25, 2200, 10_000, 6},   // 5.5
		{12_345, 12, 12, 12345}, // a full year
		{rinnova.MaxCents, 1200, 12, 100 * rinnova.MaxCents},
	} {
		if got := c.cents.MulDiv(c.num, c.den); got != c.want {
			t.Errorf("%d × %d / %d = %d, want %d", c.cents, c.num, c.den, got, c.want)
		}
	}
}

func TestMulDivIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.Int64Range(0, 1e15).Draw(t, "cents")
		num := rapid.Int64Range(0, 1e12).Draw(t, "num")
		den := rapid.Int64Range(max(1, num/1000), 1e12+1).Draw(t, "den")
		exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(c), big.NewInt(num)), big.NewInt(den))
		got := new(big.Rat).SetInt64(int64(rinnova.Cents(c).MulDiv(num, den)))
		diff := got.Sub(got, exact)
		if diff.Cmp(big.NewRat(1, 2)) > 0 || diff.Cmp(big.NewRat(-1, 2)) <= 0 {
			t.Fatalf("%d × %d / %d is off by %s", c, num, den, diff.FloatString(4))
		}
		floor, rest := rinnova.Cents(c).MulDivFloor(num, den)
		back := new(big.Int).Add(new(big.Int).Mul(big.NewInt(int64(floor)), big.NewInt(den)), big.NewInt(rest))
		if back.Cmp(new(big.Int).Mul(big.NewInt(c), big.NewInt(num))) != 0 || rest < 0 || rest >= den {
			t.Fatalf("floor %d, remainder %d", floor, rest)
		}
	})
}

func TestMulDivRefusesWhatItCannotCompute(t *testing.T) {
	for _, f := range []func(){
		func() { rinnova.Cents(-1).MulDiv(1, 12) },
		func() { rinnova.Cents(1).MulDiv(-1, 12) },
		func() { rinnova.Cents(1).MulDiv(1, 0) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		}()
	}
}

func TestCentsInLogs(t *testing.T) {
	for c, want := range map[rinnova.Cents]string{0: "0.00", 5: "0.05", 123456: "1234.56", -49875: "-498.75"} {
		if c.String() != want {
			t.Errorf("%d: %s, want %s", int64(c), c, want)
		}
	}
}
