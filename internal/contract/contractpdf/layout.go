package contractpdf

import (
	"fmt"

	"rinnova/internal/pdf"
)

// The page, in millimetres: A4 with room for the punch on the left.
const (
	left       = 23.0
	right      = 195.0
	width      = right - left
	top        = 13.0
	topRunning = 23.05 // below the running head of later pages
	bottom     = 281.0
	footRule   = 282.0
	full       = bottom - topRunning // the height of a page of text
)

// Widths of rules in points, and the room that any of them takes, in millimetres.
const (
	hair   = 0.25 // between rows
	thin   = 0.5  // sections, boxes
	medium = 0.75 // heads, sums
	thick  = 1.2  // total
	heavy  = 1.5  // warning
	line   = 25.4 / 96
)

// style is a size and a leading in points, and a weight.
type style struct {
	size, leading float64
	weight        pdf.Weight
}

var (
	titleStyle   = style{16, 20, pdf.SemiBold}
	termsTitle   = style{14, 18, pdf.SemiBold}
	numberStyle  = style{12, 16, pdf.SemiBold}
	sectionStyle = style{10, 13, pdf.SemiBold}
	textStyle    = style{9, 12.4, pdf.Regular}
	smallStyle   = style{7.5, 10, pdf.Regular}
	runningStyle = style{8, 11, pdf.Regular}
)

func (s style) bold() style {
	s.weight = pdf.SemiBold
	return s
}

// span makes a span of text in the style.
func (s style) span(text string) pdf.Span {
	return pdf.Span{Text: text, Weight: s.weight, Size: s.size}
}

// para is text set in lines.
type para struct {
	lines    []pdf.Line
	leading  float64 // millimetres
	baseline float64 // of each line, below its top
	fills    []fill
}

func (s *sheet) set(width float64, st style, spans ...pdf.Span) para {
	return para{lines: s.res.Break(width, spans...), leading: st.leading * pdf.Point, baseline: s.res.Baseline(st.size, st.leading)}
}

// text sets a plain text.
func (s *sheet) text(width float64, st style, text string) para {
	return s.set(width, st, st.span(text))
}

func (p para) height() float64 { return float64(len(p.lines)) * p.leading }

func (p para) width() float64 {
	var w float64
	for _, l := range p.lines {
		w = max(w, l.Width)
	}
	return w
}

// draw puts the text with its top left corner at x, y.
func (p para) draw(d *pdf.Document, x, y float64) {
	for i, l := range p.lines {
		d.Text(x, y+p.baseline+float64(i)*p.leading, l)
	}
	for _, f := range p.fills {
		at := y + p.baseline + float64(f.line)*p.leading + f.below
		d.Rule(x+f.from, at, x+f.to, at, f.thickness)
	}
}

// drawRight puts the text so that all lines end at x.
func (p para) drawRight(d *pdf.Document, x, y float64) {
	for i, l := range p.lines {
		d.Text(x-l.Width, y+p.baseline+float64(i)*p.leading, l)
	}
}

// block is a piece of a page that is never broken.
type block struct {
	what   string  // for the error, where it is taller than a page
	gap    float64 // space above, which vanishes at the top of a page
	height float64
	draw   func(d *pdf.Document, y float64)
}

// placed is a block with its place on a page.
type placed struct {
	block
	y float64
}

// add places a block on the page, or on the next one where it does not fit.
func (s *sheet) add(b block) {
	if !s.fits(b) {
		s.newPage()
	}
	if !s.fits(b) && s.err == nil {
		s.err = fmt.Errorf("%s is taller than a page", b.what)
	}
	last := len(s.pages) - 1
	if len(s.pages[last]) > 0 {
		s.y += b.gap
	}
	s.pages[last] = append(s.pages[last], placed{b, s.y})
	s.y += b.height
}

func (s *sheet) fits(b block) bool {
	gap := b.gap
	if s.fresh() {
		gap = 0
	}
	return s.y+gap+b.height <= bottom
}

// fresh tells whether nothing stands on the page yet.
func (s *sheet) fresh() bool { return len(s.pages[len(s.pages)-1]) == 0 }

func (s *sheet) newPage() {
	s.pages = append(s.pages, nil)
	s.y = topRunning
}

// addText places a text that may go on on the next page, as one paragraph.
func (s *sheet) addText(gap float64, p para) {
	for at := 0; at < len(p.lines); {
		part := p
		part.lines = p.lines[at:]
		n := linesThatFit(len(part.lines), bottom-s.y-gap, p.leading)
		if n == 0 {
			s.newPage()
			continue
		}
		part.lines = part.lines[:n]
		begins, ends := at == 0, at+n == len(p.lines)
		s.add(block{"a part of a text", gap, part.height(), func(d *pdf.Document, y float64) {
			if begins {
				d.Begin(pdf.P)
			}
			part.draw(d, left, y)
			if ends {
				d.End()
			}
		}})
		at += n
	}
}

// linesThatFit is how many lines of a text go into a room: all, or some so that two at least stand on either side of the
// break, or none.
func linesThatFit(lines int, room, leading float64) int {
	n := int(room/leading + 1e-9)
	switch {
	case n >= lines:
		return lines
	case min(n, lines-2) < 2:
		return 0
	}
	return min(n, lines-2)
}

// stack joins blocks to one that is not broken; the gap of the first is that of the whole.
func stack(what string, blocks ...block) block {
	height := 0.0
	for i, b := range blocks {
		if i > 0 {
			height += b.gap
		}
		height += b.height
	}
	return block{what, blocks[0].gap, height, func(d *pdf.Document, y float64) {
		for i, b := range blocks {
			if i > 0 {
				y += b.gap
			}
			b.draw(d, y)
			y += b.height
		}
	}}
}

// headingSpace is the room below the rule of a section's title, in millimetres.
const headingSpace = 1.2

// heading is the title of a section with a rule below it, from x over a width.
func (s *sheet) heading(x, w float64, text string) block {
	p := s.text(w, sectionStyle, text)
	rule := p.height() + 0.5 + line/2
	return block{"the heading of a section", 3.6, rule + line/2 + headingSpace, func(d *pdf.Document, y float64) {
		d.Tag(pdf.H2, func() { p.draw(d, x, y) })
		d.Rule(x, y+rule, x+w, y+rule, thin)
	}}
}
