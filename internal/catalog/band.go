package catalog

import (
	"strconv"
	"strings"

	"rinnova"
)

// Band is a band of pupils, counted from 1. Zero is no band.
type Band int

// Bands are the upper bounds, both included, of all bands but the last, in rising order: 500, 1000, 1500 make four
// bands: up to 500, 501 to 1000, 1001 to 1500, over 1500. They are a setting of the vendor, frozen in each proposal.
type Bands []int

// Count is the number of bands.
func (b Bands) Count() int { return len(b) + 1 }

// Several tells whether there is a band to choose. Without bounds all schools are in one band, and prices do not depend on it.
func (b Bands) Several() bool { return len(b) > 0 }

// Has tells whether x is one of the bands.
func (b Bands) Has(x Band) bool { return x >= 1 && int(x) <= b.Count() }

// Of is the band of a number of pupils; none for a number that is not known (zero or less), where it matters.
func (b Bands) Of(pupils int) Band {
	if pupils <= 0 && b.Several() {
		return 0
	}
	for i, top := range b {
		if pupils <= top {
			return Band(i + 1)
		}
	}
	return Band(b.Count())
}

// Name is the band in words: fino a 500, da 501 a 1000, oltre 1500.
func (b Bands) Name(x Band) rinnova.Text {
	switch {
	case !b.Has(x):
		return rinnova.Say("da indicare")
	case len(b) == 0:
		return rinnova.Say("tutte le scuole")
	case x == 1:
		return rinnova.Say("fino a %d", b[0])
	case int(x) == b.Count():
		return rinnova.Say("oltre %d", b[len(b)-1])
	}
	return rinnova.Say("da %d a %d", b[x-2]+1, b[x-1])
}

// Short is the band for a narrow column: fino a 500, 501–1000, oltre 1500.
func (b Bands) Short(x Band) rinnova.Text {
	if !b.Has(x) || x == 1 || int(x) == b.Count() {
		return b.Name(x)
	}
	return rinnova.Say("%d–%d", b[x-2]+1, b[x-1])
}

// String writes the bounds as they are typed: 500, 1000, 1500.
func (b Bands) String() string {
	out := make([]string, len(b))
	for i, top := range b {
		out[i] = strconv.Itoa(top)
	}
	return strings.Join(out, ", ")
}

// ParseBands reads the bounds as they are typed; nothing is one band for all schools. The second result says what is wrong.
func ParseBands(s string) (Bands, rinnova.Text) {
	out := Bands{}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;/ \t\u00a0", r) }) {
		n, err := strconv.Atoi(strings.ReplaceAll(part, ".", ""))
		if err != nil || n < 0 || n > maxPupils {
			return nil, rinnova.Say("Scrivete i limiti delle fasce separati da virgole, per esempio 500, 1000, 1500. Lasciate vuoto se il prezzo è uguale per tutte le scuole.")
		}
		out = append(out, n)
	}
	return out, rinnova.Text{}
}
