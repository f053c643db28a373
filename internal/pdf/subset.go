package pdf

import (
	"encoding/binary"
	"slices"
)

// subset is the glyphs of a font that a document uses, numbered anew in the order of their first use, and with them
// the font file to embed. Glyph 0, for missing characters, is always there and never drawn.
type subset struct {
	font   *font
	number []glyphID // by the font's glyph: the new number, 0 for one that is not in use
	glyphs []glyphID // by new number: the font's glyph
	runes  []rune    // by new number: a character that it stands for; 0 for the parts of others
}

func newSubset(f *font) *subset {
	return &subset{f, make([]glyphID, f.glyphCount), []glyphID{0}, []rune{0}}
}

// use takes the glyph of a character into the subset and returns its new number.
func (s *subset) use(c rune) glyphID {
	g := s.font.glyph(c)
	if s.number[g] == 0 {
		s.take(g, c)
	} else if n := s.number[g]; s.runes[n] == 0 {
		s.runes[n] = c
	}
	return s.number[g]
}

func (s *subset) take(g glyphID, c rune) {
	s.number[g] = glyphID(len(s.glyphs))
	s.glyphs = append(s.glyphs, g)
	s.runes = append(s.runes, c)
}

// file is the font file of the subset. For a font that is embedded as a CIDFontType2, ISO 32000-1, 9.9 asks for no
// more than these tables.
func (s *subset) file() []byte {
	var glyf, loca, hmtx []byte
	for i := 0; i < len(s.glyphs); i++ { // grows while parts are found
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		outline := s.outline(s.glyphs[i])
		if len(outline) > 0 {
			hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(s.font.advance(s.glyphs[i])))
			hmtx = append(hmtx, outline[2:4]...) // the left side bearing is xMin
		} else {
			hmtx = binary.BigEndian.AppendUint32(hmtx, uint32(s.font.advance(s.glyphs[i]))<<16)
		}
		glyf = append(glyf, outline...)
		glyf = pad(glyf)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	head := slices.Clone(s.font.tables["head"])
	binary.BigEndian.PutUint32(head[8:], 0)  // the check sum of the file, computed without itself
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets in loca
	hhea := slices.Clone(s.font.tables["hhea"])
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(s.glyphs)))
	maxp := slices.Clone(s.font.tables["maxp"])
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(s.glyphs)))
	return assemble(map[string][]byte{
		"glyf": glyf, "head": head, "hhea": hhea, "hmtx": hmtx, "loca": loca, "maxp": maxp, "prep": s.font.tables["prep"],
	})
}

// outline is a glyph's outline, a composite one with its parts numbered anew.
func (s *subset) outline(g glyphID) []byte {
	b := s.font.outline(g)
	if len(b) == 0 || i16(b, 0) >= 0 {
		return b
	}
	b = slices.Clone(b)
	for _, p := range parts(b) {
		if s.number[p.glyph] == 0 {
			s.take(p.glyph, 0)
		}
		binary.BigEndian.PutUint16(b[p.at:], uint16(s.number[p.glyph]))
	}
	return b
}

// assemble puts tables into a font file.
func assemble(tables map[string][]byte) []byte {
	var tags []string
	for tag, t := range tables {
		if len(t) > 0 {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	power := 1
	for power*2 <= len(tags) {
		power *= 2
	}
	selector := 0
	for 1<<(selector+1) <= power {
		selector++
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{len(tags), 16 * power, selector, 16 * (len(tags) - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	offset, head := len(out)+16*len(tags), 0
	for _, tag := range tags {
		t := tables[tag]
		out = append(out, tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(t))
		out = binary.BigEndian.AppendUint32(out, uint32(offset))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t)))
		if tag == "head" {
			head = offset
		}
		offset += (len(t) + 3) &^ 3
	}
	for _, tag := range tags {
		out = pad(append(out, tables[tag]...))
	}
	binary.BigEndian.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

// pad fills up to a multiple of four bytes.
func pad(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// checksum is the sum of a table's words.
func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += u32(b, 0)
	}
	var last [4]byte
	copy(last[:], b)
	return sum + u32(last[:], 0)
}
