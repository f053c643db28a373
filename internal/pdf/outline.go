package pdf

import "slices"

// point is a point of a glyph's contour in font units; contours are quadratic curves, and points that are not on the
// curve pull it.
type point struct {
	x, y float64
	on   bool
}

// Flags of points and of the parts of composite glyphs (OpenType, table glyf).
const (
	onCurve     = 1 << 0
	xByte       = 1 << 1
	yByte       = 1 << 2
	repeated    = 1 << 3
	xSameOrPlus = 1 << 4
	ySameOrPlus = 1 << 5

	partWords  = 1 << 0
	partXY     = 1 << 1
	partScale  = 1 << 3
	partMore   = 1 << 5
	partScales = 1 << 6
	partMatrix = 1 << 7
)

// contours are the contours of a glyph. The parts of a composite glyph are moved, not scaled: the fonts do not scale.
func (f *font) contours(g glyphID) [][]point {
	b := f.outline(g)
	if len(b) == 0 {
		return nil
	}
	if count := i16(b, 0); count >= 0 {
		return simpleContours(b, count)
	}
	var out [][]point
	for _, p := range parts(b) {
		for _, c := range f.contours(p.glyph) {
			moved := slices.Clone(c)
			for i := range moved {
				moved[i].x += float64(p.dx)
				moved[i].y += float64(p.dy)
			}
			out = append(out, moved)
		}
	}
	return out
}

// part is a part of a composite glyph; at is where its glyph number stands in the outline.
type part struct {
	glyph  glyphID
	at     int
	dx, dy int
}

func parts(outline []byte) []part {
	var out []part
	for at := 10; ; {
		flags := u16(outline, at)
		p := part{glyph: glyphID(u16(outline, at+2)), at: at + 2}
		at += 4
		if flags&partWords != 0 {
			p.dx, p.dy = i16(outline, at), i16(outline, at+2)
			at += 4
		} else {
			p.dx, p.dy = int(int8(outline[at])), int(int8(outline[at+1]))
			at += 2
		}
		if flags&partXY == 0 { // points to be matched: not in these fonts
			p.dx, p.dy = 0, 0
		}
		switch {
		case flags&partScale != 0:
			at += 2
		case flags&partScales != 0:
			at += 4
		case flags&partMatrix != 0:
			at += 8
		}
		out = append(out, p)
		if flags&partMore == 0 {
			return out
		}
	}
}

func simpleContours(b []byte, count int) [][]point {
	ends := make([]int, count)
	for i := range ends {
		ends[i] = u16(b, 10+2*i)
	}
	at := 10 + 2*count
	at += 2 + u16(b, at) // instructions
	points := make([]point, ends[count-1]+1)
	flags := make([]byte, 0, len(points))
	for len(flags) < len(points) {
		flag := b[at]
		at++
		flags = append(flags, flag)
		if flag&repeated != 0 {
			flags = append(flags, slices.Repeat([]byte{flag}, int(b[at]))...)
			at++
		}
	}
	coordinates := func(short, same byte, put func(p *point, v int)) {
		v := 0
		for i := range points {
			switch flag := flags[i]; {
			case flag&short != 0 && flag&same != 0:
				v += int(b[at])
				at++
			case flag&short != 0:
				v -= int(b[at])
				at++
			case flag&same == 0:
				v += i16(b, at)
				at += 2
			}
			points[i].on = flags[i]&onCurve != 0
			put(&points[i], v)
		}
	}
	coordinates(xByte, xSameOrPlus, func(p *point, v int) { p.x = float64(v) })
	coordinates(yByte, ySameOrPlus, func(p *point, v int) { p.y = float64(v) })
	out, start := make([][]point, count), 0
	for i, end := range ends {
		out[i] = points[start : end+1]
		start = end + 1
	}
	return out
}

// spell writes out the points that a contour leaves to be understood: in the middle of two neighbours that are both off
// the curve. The first point of the result is on the curve.
func spell(contour []point) []point {
	var out []point
	for i, p := range contour {
		next := contour[(i+1)%len(contour)]
		out = append(out, p)
		if !p.on && !next.on {
			out = append(out, point{(p.x + next.x) / 2, (p.y + next.y) / 2, true})
		}
	}
	for i, p := range out {
		if p.on {
			return append(out[i:], out[:i]...)
		}
	}
	return nil
}
