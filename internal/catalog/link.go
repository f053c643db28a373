package catalog

import (
	"strconv"
	"strings"

	"rinnova"
)

// Coefficient links two bases of a price index (coefficiente di raccordo), in millionths: 1,213 is 1213000. An index in the
// new base times the coefficient is the index in the old one. ISTAT publishes one for each pair of bases.
type Coefficient int64

// The bounds of a coefficient: bases are some ten years apart.
const (
	coefficientOne             = 1_000_000
	minCoefficient Coefficient = 10_000
	maxCoefficient Coefficient = 9_999_999
)

// String writes it as people do: 1,213.
func (c Coefficient) String() string {
	whole, part := strconv.FormatInt(int64(c)/coefficientOne, 10), strconv.FormatInt(coefficientOne+int64(c)%coefficientOne, 10)[1:]
	if part = strings.TrimRight(part, "0"); part == "" {
		return whole
	}
	return whole + "," + part
}

// ParseCoefficient reads a coefficient, with a comma or a point before at most six decimals.
func ParseCoefficient(s string) (Coefficient, error) {
	whole, part, _ := strings.Cut(strings.Replace(rinnova.Clean(s), ",", ".", 1), ".")
	part = strings.TrimRight(part, "0")
	if whole == "" || len(whole) > 3 || len(part) > 6 || strings.Trim(whole+part, "0123456789") != "" {
		return 0, noCoefficient(s)
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", 6-len(part)), 10, 64)
	if c := Coefficient(n); err == nil && c >= minCoefficient && c <= maxCoefficient {
		return c, nil
	}
	return 0, noCoefficient(s)
}

func noCoefficient(s string) error {
	return rinnova.Fail(rinnova.Invalid, "«%s» non è un coefficiente di raccordo: scrivetelo come 1,213, maggiore di 0,01 e minore di 10, con al massimo sei decimali.", rinnova.Quoted(s))
}

// IndexLink is the coefficient between two bases of a series.
type IndexLink struct {
	From        string // the new base: 2025=100
	To          string // the old one: 2015=100
	Coefficient Coefficient
	Source      string // where it comes from, in words
}

// linkOf finds the link from a base to another; nil where there is none.
func linkOf(links []IndexLink, from, to string) *IndexLink {
	for i, l := range links {
		if l.From == from && l.To == to {
			return &links[i]
		}
	}
	return nil
}

// Linked tells what an index in the new base is in the old one, in thousandths, half up; it is for people: what is computed
// is not rounded on the way.
func (l IndexLink) Linked(n int64) int64 { return halfUp(n*int64(l.Coefficient), coefficientOne) }
