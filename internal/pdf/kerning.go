package pdf

import "errors"

// kerning is how much closer or farther two glyphs stand, in thousandths of the font size, by first and second glyph.
type kerning struct {
	glyphs int
	values []int16
}

// between is the kerning of two glyphs side by side.
func (k *kerning) between(a, b glyphID) int { return int(k.values[int(a)*k.glyphs+int(b)]) }

func (k *kerning) set(a, b glyphID, value int) { k.values[int(a)*k.glyphs+int(b)] = int16(value) }

// errKerning is for fonts whose kerning is not of the simple kind that this package reads.
var errKerning = errors.New("kerning is not one pair lookup of advances, exceptions first")

// readKerning reads the pairs (lookup type 2) of table GPOS. It takes fonts with one such lookup, which changes the
// advance of the first glyph only and has single pairs before classes, as Titillium Web has it.
func readKerning(gpos []byte, glyphs int) (kerning, error) {
	k := kerning{glyphs, make([]int16, glyphs*glyphs)}
	lookups := gpos[u16(gpos, 8):]
	found := 0
	for i := range u16(lookups, 0) {
		lookup := lookups[u16(lookups, 2+2*i):]
		if u16(lookup, 0) != 2 {
			continue
		}
		found++
		for j := u16(lookup, 4) - 1; j >= 0; j-- { // backwards, so that exceptions overwrite classes
			sub := lookup[u16(lookup, 6+2*j):]
			if u16(sub, 0) != j+1 || u16(sub, 4) != 4 || u16(sub, 6) != 0 {
				return k, errKerning
			}
			if u16(sub, 0) == 1 {
				k.readPairs(sub)
			} else {
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
		for j := range u16(set, 0) {
			k.set(first, glyphID(u16(set, 2+4*j)), i16(set, 4+4*j))
		}
	}
}

// readClasses reads pairs of classes (format 2).
func (k *kerning) readClasses(sub []byte) {
	firsts, seconds := k.classes(sub[u16(sub, 8):]), k.classes(sub[u16(sub, 10):])
	columns := u16(sub, 14)
	for _, first := range coverage(sub[u16(sub, 2):]) {
		row := sub[16+2*firsts[first]*columns:]
		for second, class := range seconds {
			k.set(first, glyphID(second), i16(row, 2*class))
		}
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

// classes reads a class definition table: the class of each glyph, 0 for those that it does not name.
func (k *kerning) classes(b []byte) []int {
	out := make([]int, k.glyphs)
	if u16(b, 0) == 1 {
		for i := range u16(b, 4) {
			out[u16(b, 2)+i] = u16(b, 6+2*i)
		}
		return out
	}
	for i := range u16(b, 2) {
		for g := u16(b, 4+6*i); g <= u16(b, 6+6*i); g++ {
			out[g] = u16(b, 8+6*i)
		}
	}
	return out
}
