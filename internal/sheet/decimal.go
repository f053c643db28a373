package sheet

import (
	"strconv"
	"strings"
)

// The decimals that are looked at: what is less than a millionth away is what a computation with binary fractions leaves.
const (
	precision = 8
	noise     = 100 // in units of 10^-precision
)

// Rounded is a number, given by its digits before and after the comma, in units of so many decimals, half up. exact tells that it is one of
// these units but for noise; it is false too where the number is too large.
func Rounded(whole, decimals string, places int) (units int64, exact bool) {
	all, err := strconv.ParseInt(whole+(decimals + strings.Repeat("0", precision))[:precision], 10, 64)
	if err != nil {
		return 0, false
	}
	unit := int64(1)
	for range precision - places {
		unit *= 10
	}
	units = (all + unit/2) / unit
	off := all - units*unit
	return units, max(off, -off) < noise
}
