package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// font is a TrueType font with Unicode characters (ISO/IEC 14496-22), as far as measuring text needs it.
type font struct {
	data     []byte
	tables   map[string][]byte
	unitsPer int
	ascent   int // of the line box, in units: hhea
	descent  int // negative
	glyphs   map[rune]uint16
	advances []uint16 // by glyph; the last one holds for all glyphs after it
}

func parseFont(data []byte) (f *font, err error) {
	f = &font{data: data, glyphs: map[rune]uint16{}}
	if f.tables, err = fontTables(data); err != nil {
		return nil, err
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	if len(head) < 54 || len(hhea) < 36 {
		return nil, errors.New("no head or hhea table")
	}
	f.unitsPer = u16(head, 18)
	f.ascent, f.descent = i16(hhea, 4), i16(hhea, 6)
	hmtx, count := f.tables["hmtx"], u16(hhea, 34)
	if f.unitsPer == 0 || count == 0 || len(hmtx) < 4*count {
		return nil, errors.New("no widths")
	}
	for g := range count {
		f.advances = append(f.advances, uint16(u16(hmtx, 4*g)))
	}
	return f, f.readCharacters()
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
		offset, size := binary.BigEndian.Uint32(data[at+8:]), binary.BigEndian.Uint32(data[at+12:])
		if uint64(offset)+uint64(size) > uint64(len(data)) {
			return nil, fmt.Errorf("table %q lies outside the file", data[at:at+4])
		}
		tables[string(data[at:at+4])] = data[offset : offset+size]
	}
	return tables, nil
}

// readCharacters reads the character map for Windows and Unicode's first plane (platform 3, encoding 1, format 4).
func (f *font) readCharacters() error {
	cmap := f.tables["cmap"]
	if len(cmap) < 4 {
		return errors.New("no character map")
	}
	for i := range u16(cmap, 2) {
		record := cmap[4+8*i:]
		if u16(record, 0) == 3 && u16(record, 2) == 1 {
			return f.readSegments(cmap[binary.BigEndian.Uint32(record[4:]):])
		}
	}
	return errors.New("no Unicode character map")
}

func (f *font) readSegments(sub []byte) error {
	if u16(sub, 0) != 4 {
		return errors.New("the character map is not of format 4")
	}
	size := u16(sub, 6) // twice the number of segments
	for at := 14; at < 14+size; at += 2 {
		last, first := u16(sub, at), u16(sub, at+size+2)
		delta, offset := u16(sub, at+2*size+2), u16(sub, at+3*size+2)
		for c := first; c <= last && c != 0xFFFF; c++ {
			glyph := c
			if offset != 0 {
				if glyph = u16(sub, at+3*size+2+offset+2*(c-first)); glyph == 0 {
					continue
				}
			}
			if g := uint16(glyph + delta); g != 0 {
				f.glyphs[rune(c)] = g
			}
		}
	}
	return nil
}

// advance is the width of a glyph in thousandths of the font size.
func (f *font) advance(glyph uint16) int {
	return int(f.advances[min(int(glyph), len(f.advances)-1)]) * 1000 / f.unitsPer
}

func u16(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
func i16(b []byte, at int) int { return int(int16(binary.BigEndian.Uint16(b[at:]))) }
