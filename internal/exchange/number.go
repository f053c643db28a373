package exchange

import (
	"regexp"
	"strings"

	"rinnova/internal/sheet"
)

// number is a decimal number that is not below zero: 1234 and 5 of 1.234,5.
type number struct{ whole, decimals string }

func (n number) String() string {
	if n.decimals == "" {
		return n.whole
	}
	return n.whole + "," + n.decimals
}

var (
	// thousands may stand apart, by points as Italians write, by spaces or by apostrophes, all alike.
	italianNumber = regexp.MustCompile(`^([1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+|[1-9][0-9]{0,2}(?:['’][0-9]{3})+|[0-9]{1,9})(?:,([0-9]+))?$`)
	pointNumber   = regexp.MustCompile(`^([0-9]{1,9})(?:\.([0-9]+))?$`)
	notDigits     = strings.NewReplacer(".", "", " ", "", "'", "", "’", "")
)

// parseNumber reads a number of Excel, or one as people and programs write it: 1.234,5, 1 234,50 €, 1234.5. A point before three
// digits stands for thousands, as Italians write.
func parseNumber(c sheet.Cell) (number, bool) {
	text := strings.TrimSpace(c.Text)
	for _, euro := range []string{"€", "EUR", "euro"} {
		text = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, euro), euro))
	}
	if m := pointNumber.FindStringSubmatch(text); m != nil && (c.Kind == sheet.Number || m[2] != "" && len(m[2]) != 3) {
		return number{m[1], m[2]}, true
	}
	m := italianNumber.FindStringSubmatch(text)
	if m == nil {
		return number{}, false
	}
	return number{notDigits.Replace(m[1]), m[2]}, true
}

var thousand = regexp.MustCompile(`^[1-9][0-9]{0,2}\.[0-9]{3}$`)

// pointed tells whether a text is a number with decimals behind a point, and nothing else.
func pointed(c sheet.Cell) bool {
	m := pointNumber.FindStringSubmatch(strings.TrimSpace(c.Text))
	return c.Kind != sheet.Number && m != nil && m[2] != "" && len(m[2]) != 3
}

// unclear tells whether a text may be thousands, or a number with three decimals.
func unclear(c sheet.Cell) bool {
	return c.Kind != sheet.Number && thousand.MatchString(strings.TrimSpace(c.Text))
}

// rounded is the number in units of so many decimals: sheet.Rounded.
func (n number) rounded(decimals int) (units int64, exact bool) {
	return sheet.Rounded(n.whole, n.decimals, decimals)
}
