package rinnova

import (
	"fmt"
	"math/bits"
)

// Cents is an amount of money in whole euro cents. There is no other representation of money in the program.
type Cents int64

// BasisPoints is a rate in hundredths of a percent: 2200 is 22 %.
type BasisPoints int64

// String writes the rate for logs and errors, as 22.00%. People see locale.Percent.
func (r BasisPoints) String() string { return Cents(r).String() + "%" }

// MaxCents bounds every single amount that enters the program from outside (a fee, a cap): one billion cents,
// ten million euro. With it no sum or product below can overflow.
const MaxCents Cents = 1_000_000_000

// String writes the amount for logs and errors, as 1234.56. People see locale.Euro.
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// MulDiv returns c × num / den rounded half up to the cent. c and num must not be negative, den must be
// positive; the product is computed in 128 bits.
func (c Cents) MulDiv(num, den int64) Cents {
	q, r := mulDiv(int64(c), num, den)
	if r >= den-r {
		q++
	}
	return Cents(q)
}

// MulDivFloor returns c × num / den rounded down, and the remainder of the division, for sharing an amount by
// the largest remainder. The same bounds as MulDiv apply.
func (c Cents) MulDivFloor(num, den int64) (quotient Cents, remainder int64) {
	q, r := mulDiv(int64(c), num, den)
	return Cents(q), r
}

// VAT returns the tax on c at rate r, half up to the cent.
func (r BasisPoints) VAT(c Cents) Cents { return c.MulDiv(int64(r), 10_000) }

func mulDiv(a, b, den int64) (quotient, remainder int64) {
	if a < 0 || b < 0 || den <= 0 {
		panic(fmt.Sprintf("rinnova: mulDiv(%d, %d, %d): out of range", a, b, den))
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, r := bits.Div64(hi, lo, uint64(den))
	return int64(q), int64(r)
}
