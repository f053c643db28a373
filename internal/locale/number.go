package locale

import (
	"strconv"
	"strings"

	"rinnova"
)

// ParseAmount reads an amount as people type it in Italy: 1.234,56, also without dots, without cents, and with €. An amount
// above rinnova.MaxCents is refused. The second result says what is wrong, and what is expected.
func ParseAmount(s string) (rinnova.Cents, rinnova.Text) {
	s = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' || r == '€' {
			return -1
		}
		return r
	}, s)
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, Minus) {
		return 0, rinnova.Say("Un importo non può essere negativo.")
	}
	n, ok := decimal(s, 2)
	switch {
	case !ok && dotted(s):
		return 0, rinnova.Say("Per i centesimi usate la virgola, per esempio 1.234,56.")
	case !ok:
		return 0, rinnova.Say("Scrivete l’importo in cifre con due decimali, per esempio 1.234,56.")
	case n > int64(rinnova.MaxCents):
		return 0, rinnova.Say("L’importo è troppo grande: al massimo %s.", rinnova.MaxCents)
	}
	return rinnova.Cents(n), rinnova.Text{}
}

// ParsePercent reads a percentage as people type it: 3,8 or 75 %, also below zero. The second result says what is wrong, and
// what is expected.
func ParsePercent(s string) (rinnova.BasisPoints, rinnova.Text) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	digits, negative := s, false
	for _, sign := range []string{"-", Minus} {
		if rest, cut := strings.CutPrefix(s, sign); cut {
			digits, negative = rest, true
		}
	}
	n, ok := decimal(digits, 2)
	if !ok || n > 1_000_000 {
		return 0, rinnova.Say("Scrivete la percentuale in cifre, al massimo con due decimali: per esempio 3,8.")
	}
	if negative {
		n = -n
	}
	return rinnova.BasisPoints(n), rinnova.Text{}
}

// dotted tells whether the last part of s stands behind a dot where only thousands may.
func dotted(s string) bool {
	whole, cents, found := strings.Cut(s, ".")
	return found && digitsOnly(whole) && digitsOnly(cents)
}

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// decimal reads digits with dots for thousands and a comma before at most so many decimals, as a whole number of its smallest
// unit: 1.234,5 with two decimals is 123450.
func decimal(s string, decimals int) (int64, bool) {
	whole, part, comma := strings.Cut(s, ",")
	if comma && (!digitsOnly(part) || len(part) > decimals) {
		return 0, false
	}
	groups := strings.Split(whole, ".")
	for i, g := range groups {
		if !digitsOnly(g) || len(groups) > 1 && (i == 0 && len(g) > 3 || i > 0 && len(g) != 3) {
			return 0, false
		}
	}
	digits := strings.TrimLeft(strings.Join(groups, "")+part+strings.Repeat("0", decimals-len(part)), "0")
	if len(digits) > 15 { // far above whatever is taken: no overflow
		return 1 << 62, true
	}
	if digits == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}
