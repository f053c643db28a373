// Package pdf draws printed documents: A4 pages with measured text, rules, boxes and images, the structure tree that
// tells assistive technology what is a heading, a paragraph or a table (ISO 32000-1, 14.7 and 14.8), and what PDF/A-2
// (ISO 19005-2) asks for: embedded fonts, a colour profile, metadata that agree with each other, an identifier.
//
// It places nothing by itself: the caller says where, and breaks pages. Positions are in millimetres from the top left
// corner of the page, font sizes and line widths in points. The same calls always give the same bytes.
package pdf

import (
	"strings"
	"time"
	"unicode"
)

// Size of an A4 page in millimetres.
const (
	PageWidth  = 210.0
	PageHeight = 297.0
)

// Info is what a document says about itself.
type Info struct {
	Title   string
	Author  string
	Created time.Time // also the time of the last change; the file tells it in the zone that it is in
}

// Document is a file being drawn. It is not safe for use from several goroutines.
type Document struct {
	res     *Resources
	info    Info
	pages   []*content
	fonts   [2]*subset // by Weight
	images  []*Image
	root    *element
	current *element // the innermost open element
	marked  mark     // what the page is in the middle of
}

// New starts a document without pages.
func (r *Resources) New(info Info) *Document {
	info.Title, info.Author = plain(info.Title), plain(info.Author)
	d := &Document{res: r, info: info, root: &element{role: "Document"}}
	for w, f := range r.fonts {
		d.fonts[w] = newSubset(f)
	}
	d.current = d.root
	return d
}

// plain is a text without what XML cannot carry, so that the information dictionary and the metadata say the same.
func plain(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsControl(c):
			return ' '
		case c == 0xFFFE || c == 0xFFFF:
			return unicode.ReplacementChar
		}
		return c
	}, s) // Map makes invalid UTF-8 replacement characters, too
}

// AddPage starts a new page.
func (d *Document) AddPage() {
	if len(d.pages) > 0 {
		d.closeMark()
	}
	d.pages = append(d.pages, &content{width: 1})
}

// page is the page being drawn.
func (d *Document) page() *content { return d.pages[len(d.pages)-1] }

// Text draws a line of text with its left end at x, in black, as content of the innermost open element.
func (d *Document) Text(left, baseline float64, l Line) {
	if len(l.Spans) == 0 {
		return
	}
	d.openMark()
	p := d.page()
	p.setFill(0, 0, 0)
	p.op("BT")
	p.op("Td", ptX(left), ptY(baseline))
	for _, s := range l.Spans {
		p.setFont(s.Weight, s.Size)
		p.show(d.fonts[s.Weight], s.Text)
	}
	p.op("ET")
}

// Rule draws a straight line of a width in points.
func (d *Document) Rule(x1, y1, x2, y2, width float64) {
	d.decorate()
	p := d.page()
	p.setWidth(width)
	p.op("m", ptX(x1), ptY(y1))
	p.op("l S", ptX(x2), ptY(y2))
}

// Rect is a rectangle, its top left corner first.
type Rect struct{ X, Y, W, H float64 }

// Frame draws the outline of a rectangle, inside it; dash is the length of dashes and gaps in millimetres, 0 for none.
func (d *Document) Frame(r Rect, width, dash float64) {
	d.decorate()
	p := d.page()
	p.setWidth(width)
	if dash > 0 {
		p.b = append(p.b, '[')
		p.op("] 0 d", ptX(dash))
	}
	in := width * Point / 2
	p.op("re S", ptX(r.X+in), ptY(r.Y+r.H-in), ptX(r.W-2*in), ptX(r.H-2*in))
	if dash > 0 {
		p.op("[] 0 d")
	}
}

// Fill paints rectangles in a colour.
func (d *Document) Fill(red, green, blue uint8, rects ...Rect) {
	d.decorate()
	p := d.page()
	p.setFill(red, green, blue)
	for _, r := range rects {
		p.op("re", ptX(r.X), ptY(r.Y+r.H), ptX(r.W), ptX(r.H))
	}
	p.op("f")
}

// Letter paints a letter in white with its middle at a point; size is that of the font in points. It is a shape and not
// text: nothing that reads the text comes upon it. A character that the font lacks is not painted.
func (d *Document) Letter(c rune, w Weight, size, middleX, middleY float64) {
	d.decorate()
	p, f := d.page(), d.res.fonts[w]
	p.setFill(255, 255, 255)
	scale := size / float64(f.unitsPerEm)
	dx := ptX(middleX) - float64(f.advance(f.glyph(c)))*scale/2
	dy := ptY(middleY) - float64(f.capHeight)*scale/2
	for _, contour := range f.contours(f.glyph(c)) {
		p.contour(spell(contour), scale, dx, dy)
	}
	p.op("f")
}

// contour draws a closed line of quadratic curves as cubic ones.
func (c *content) contour(points []point, scale, dx, dy float64) {
	if len(points) == 0 {
		return
	}
	at := func(x, y float64) (float64, float64) { return dx + x*scale, dy + y*scale }
	from := points[0]
	startX, startY := at(from.x, from.y)
	c.op("m", startX, startY)
	for i := 1; i <= len(points); i++ {
		p := points[i%len(points)]
		if p.on {
			endX, endY := at(p.x, p.y)
			c.op("l", endX, endY)
			from = p
			continue
		}
		to := points[(i+1)%len(points)] // on the curve: spell sees to it
		x1, y1 := at(from.x+(p.x-from.x)*2/3, from.y+(p.y-from.y)*2/3)
		x2, y2 := at(to.x+(p.x-to.x)*2/3, to.y+(p.y-to.y)*2/3)
		x3, y3 := at(to.x, to.y)
		c.op("c", x1, y1, x2, y2, x3, y3)
		from = to
		i++
	}
	c.op("h")
}
