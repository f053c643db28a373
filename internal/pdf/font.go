package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// font is a TrueType font (ISO/IEC 14496-22) as far as documents need it. The fonts are compiled in and tested, so what
// is read from them is checked for presence and not byte by byte.
type font struct {
	tables     map[string][]byte
	name       string
	unitsPerEm int
	ascent     int // of a line, in font units: hhea
	descent    int // negative
	capHeight  int
	weight     int // 400, 600
	box        [4]int
	longLoca   bool
	glyphCount int
	glyphs     []glyphID // by character
	advances   []uint16  // by glyph; the last one holds for all glyphs after it
	kern       kerning
}

// glyphID is the number of a glyph in a font; 0 is the one for missing characters.
type glyphID uint16

func parseFont(name string, data []byte) (*font, error) {
	tables, err := fontTables(data)
	if err != nil {
		return nil, err
	}
	for tag, size := range map[string]int{"head": 54, "hhea": 36, "maxp": 6, "OS/2": 90, "hmtx": 4, "cmap": 4, "loca": 4, "glyf": 1, "GPOS": 10} {
		if len(tables[tag]) < size {
			return nil, fmt.Errorf("no table %q, or cut short", tag)
		}
	}
	head, hhea, os2 := tables["head"], tables["hhea"], tables["OS/2"]
	f := &font{
		tables: tables, name: name,
		unitsPerEm: u16(head, 18), ascent: i16(hhea, 4), descent: i16(hhea, 6), capHeight: i16(os2, 88), weight: u16(os2, 4),
		box:      [4]int{i16(head, 36), i16(head, 38), i16(head, 40), i16(head, 42)},
		longLoca: u16(head, 50) == 1, glyphCount: u16(tables["maxp"], 4),
	}
	for g := range u16(hhea, 34) {
		f.advances = append(f.advances, uint16(u16(tables["hmtx"], 4*g)))
	}
	if f.unitsPerEm != 1000 || len(f.advances) == 0 {
		return nil, errors.New("not 1000 units to the em, or no widths")
	}
	if f.glyphs, err = readCharacters(tables["cmap"]); err != nil {
		return nil, err
	}
	f.kern, err = readKerning(tables["GPOS"], f.glyphCount)
	return f, err
}

func fontTables(data []byte) (map[string][]byte, error) {
	if len(data) < 12 || binary.BigEndian.Uint32(data) != 0x00010000 {
		return nil, errors.New("not a TrueType font")
	}
	tables := map[string][]byte{}
	for i := range u16(data, 4) {
		at := 12 + 16*i
		if at+16 > len(data) {
			return nil, errors.New("cut short")
		}
		offset, size := uint64(u32(data, at+8)), uint64(u32(data, at+12))
		if offset+size > uint64(len(data)) {
			return nil, fmt.Errorf("table %q lies outside the file", data[at:at+4])
		}
		tables[string(data[at:at+4])] = data[offset : offset+size]
	}
	return tables, nil
}

// lastRune is the last character that can be drawn: Latin letters, punctuation and signs all lie below.
const lastRune = 0x25FF

// readCharacters reads the character map for Windows and Unicode's first plane (platform 3, encoding 1, format 4).
func readCharacters(cmap []byte) ([]glyphID, error) {
	for i := range u16(cmap, 2) {
		record := cmap[4+8*i:]
		if sub := cmap[u32(record, 4):]; u16(record, 0) == 3 && u16(record, 2) == 1 && u16(sub, 0) == 4 {
			return readSegments(sub), nil
		}
	}
	return nil, errors.New("no Unicode character map")
}

func readSegments(sub []byte) []glyphID {
	glyphs := make([]glyphID, lastRune+1)
	size := u16(sub, 6) // twice the number of segments
	for at := 14; at < 14+size; at += 2 {
		last, first := u16(sub, at), u16(sub, at+size+2)
		delta, offset := u16(sub, at+2*size+2), u16(sub, at+3*size+2)
		for c := first; c <= min(last, lastRune); c++ {
			glyph := c
			if offset != 0 {
				if glyph = u16(sub, at+3*size+2+offset+2*(c-first)); glyph == 0 {
					continue
				}
			}
			glyphs[c] = glyphID(glyph + delta)
		}
	}
	return glyphs
}

// glyph is the glyph of a character, 0 where the font has none.
func (f *font) glyph(c rune) glyphID {
	if c < 0 || c > lastRune {
		return 0
	}
	return f.glyphs[c]
}

// advance is the width of a glyph in thousandths of the font size.
func (f *font) advance(g glyphID) int { return int(f.advances[min(int(g), len(f.advances)-1)]) }

// outline is the description of a glyph in table glyf; it is empty for a space.
func (f *font) outline(g glyphID) []byte {
	loca, at := f.tables["loca"], int(g)
	if f.longLoca {
		return f.tables["glyf"][u32(loca, 4*at):u32(loca, 4*at+4)]
	}
	return f.tables["glyf"][2*u16(loca, 2*at) : 2*u16(loca, 2*at+2)]
}

func u16(b []byte, at int) int    { return int(binary.BigEndian.Uint16(b[at:])) }
func i16(b []byte, at int) int    { return int(int16(binary.BigEndian.Uint16(b[at:]))) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
