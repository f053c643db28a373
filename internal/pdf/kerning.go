package pdf

import "errors"

// kerning is how much closer or farther two glyphs stand, in thousandths of the font size: exceptions for single pairs,
// then a table by classes of glyphs. Slices are by glyph.
type kerning struct {
	pairs         []map[glyphID]int // by first, then second glyph
	covered       []bool            // first glyphs that the classes know
	first, second []int             // classes
	values        [][]int           // by first and second class
}

// errKerning is for fonts whose kerning is not of the simple kind that this package reads.
var errKerning = errors.New("kerning is not one pair lookup of advances")

// readKerning reads the pairs (lookup type 2) of table GPOS. It takes fonts with one such lookup, which changes the
// advance of the first glyph only, as Titillium Web has it.
func readKerning(gpos []byte, glyphs int) (kerning, error) {
	k := kerning{make([]map[glyphID]int, glyphs), make([]bool, glyphs), make([]int, glyphs), make([]int, glyphs), nil}
	lookups := gpos[u16(gpos, 8):]
	found := 0
	for i := range u16(lookups, 0) {
		lookup := lookups[u16(lookups, 2+2*i):]
		if u16(lookup, 0) != 2 {
			continue
		}
		found++
		for j := range u16(lookup, 4) {
			sub := lookup[u16(lookup, 6+2*j):]
			if u16(sub, 4) != 4 || u16(sub, 6) != 0 {
				return k, errKerning
			}
			switch u16(sub, 0) {
			case 1:
				k.readPairs(sub)
			case 2:
				k.readClasses(sub)
			}
		}
	}
	if found != 1 {
		return k, errKerning
	}
	return k, nil
}

// readPairs reads pairs of single glyphs (format 1).
func (k *kerning) readPairs(sub []byte) {
	for i, first := range coverage(sub[u16(sub, 2):]) {
		set := sub[u16(sub, 10+2*i):]
		k.pairs[first] = map[glyphID]int{}
		for j := range u16(set, 0) {
			k.pairs[first][glyphID(u16(set, 2+4*j))] = i16(set, 4+4*j)
		}
	}
}

// readClasses reads pairs of classes (format 2).
func (k *kerning) readClasses(sub []byte) {
	for _, g := range coverage(sub[u16(sub, 2):]) {
		k.covered[g] = true
	}
	readGlyphClasses(sub[u16(sub, 8):], k.first)
	readGlyphClasses(sub[u16(sub, 10):], k.second)
	columns := u16(sub, 14)
	for i := range u16(sub, 12) {
		row := make([]int, columns)
		for j := range row {
			row[j] = i16(sub, 16+2*(i*columns+j))
		}
		k.values = append(k.values, row)
	}
}

// coverage lists the glyphs of a coverage table in its order.
func coverage(b []byte) []glyphID {
	var out []glyphID
	for i := range u16(b, 2) {
		if u16(b, 0) == 1 {
			out = append(out, glyphID(u16(b, 4+2*i)))
			continue
		}
		for g := u16(b, 4+6*i); g <= u16(b, 6+6*i); g++ {
			out = append(out, glyphID(g))
		}
	}
	return out
}

// readGlyphClasses reads a class definition table.
func readGlyphClasses(b []byte, class []int) {
	if u16(b, 0) == 1 {
		for i := range u16(b, 4) {
			class[u16(b, 2)+i] = u16(b, 6+2*i)
		}
		return
	}
	for i := range u16(b, 2) {
		for g := u16(b, 4+6*i); g <= u16(b, 6+6*i); g++ {
			class[g] = u16(b, 8+6*i)
		}
	}
}

// between is the kerning of two glyphs side by side.
func (k *kerning) between(a, b glyphID) int {
	if v, ok := k.pairs[a][b]; ok {
		return v
	}
	if !k.covered[a] {
		return 0
	}
	return k.values[k.first[a]][k.second[b]]
}
