package pdf

import (
	"math"
	"strconv"
)

// content is the operators of a page (ISO 32000-1, Annex A), with what they last set, so that nothing is set twice.
type content struct {
	b      []byte
	weight Weight
	size   float64 // of the font; 0: none is set
	fill   [3]uint8
	width  float64 // of lines, in points
	marks  int     // marked sequences so far
}

// op writes numbers and an operator.
func (c *content) op(operator string, numbers ...float64) {
	for _, n := range numbers {
		c.b = appendNumber(c.b, n)
		c.b = append(c.b, ' ')
	}
	c.b = append(c.b, operator...)
	c.b = append(c.b, '\n')
}

// appendNumber writes a number with at most two decimals: in points, a step of 3.5 µm.
func appendNumber(b []byte, v float64) []byte {
	n := int64(math.Round(v * 100))
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/100, 10)
	if n %= 100; n == 0 {
		return b
	}
	b = append(b, '.', byte('0'+n/10))
	if n%10 != 0 {
		b = append(b, byte('0'+n%10))
	}
	return b
}

// ptX and ptY turn millimetres from the top left corner into points from the bottom left one.
func ptX(mm float64) float64 { return mm / Point }
func ptY(mm float64) float64 { return (PageHeight - mm) / Point }

func (c *content) setFont(w Weight, size float64) {
	if c.weight == w && c.size == size {
		return
	}
	c.weight, c.size = w, size
	c.b = append(c.b, fontNames[w]...)
	c.b = append(c.b, ' ')
	c.op("Tf", size)
}

// fontNames are the names of the fonts in the resources of all pages.
var fontNames = [...]string{Regular: "/R", SemiBold: "/S"}

func (c *content) setFill(red, green, blue uint8) {
	if c.fill == [3]uint8{red, green, blue} {
		return
	}
	c.fill = [3]uint8{red, green, blue}
	if red == green && green == blue {
		c.op("g", float64(red)/255)
		return
	}
	c.op("rg", float64(red)/255, float64(green)/255, float64(blue)/255)
}

func (c *content) setWidth(points float64) {
	if c.width != points {
		c.width = points
		c.op("w", points)
	}
}

// show writes a text with the font that is set, kerned.
func (c *content) show(s *subset, text string) {
	c.b = append(c.b, '[', '(')
	previous := glyphID(0)
	for _, r := range text {
		r = s.font.drawable(r)
		g := s.font.glyph(r)
		if k := s.font.between(previous, g); k != 0 {
			c.b = append(c.b, ')')
			c.b = strconv.AppendInt(c.b, int64(-k), 10)
			c.b = append(c.b, '(')
		}
		n := s.use(r)
		c.b = appendByte(c.b, byte(n>>8))
		c.b = appendByte(c.b, byte(n))
		previous = g
	}
	c.b = append(c.b, ")]TJ\n"...)
}

// appendByte writes a byte of a literal string.
func appendByte(b []byte, v byte) []byte {
	switch v {
	case '(', ')', '\\':
		return append(b, '\\', v)
	case '\r':
		return append(b, '\\', 'r')
	}
	return append(b, v)
}
