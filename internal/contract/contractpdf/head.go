package contractpdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rinnova/internal/pdf"
)

// Sizes of the letterhead in millimetres.
const (
	markHeight   = 10.0
	maxMarkWidth = 40.0
	markSpace    = 3.0
)

// column is paragraphs below each other.
type column []para

func (c column) height() (h float64) {
	for _, p := range c {
		h += p.height()
	}
	return h
}

func (c column) width() (w float64) {
	for _, p := range c {
		w = max(w, p.width())
	}
	return w
}

// draw draws each paragraph as an element of its own.
func (c column) draw(d *pdf.Document, role pdf.Role, x, y float64) {
	for _, p := range c {
		d.Tag(role, func() { p.draw(d, x, y) })
		y += p.height()
	}
}

// addHead places the letterhead of the first page: logo and name on the left, the vendor's data on the right.
func (s *sheet) addHead() {
	logo := s.printer.logo(s.vendor.LogoPNG)
	markWidth := markHeight
	if logo != nil {
		markWidth = logo.width
	}
	room := width - markWidth - 2*markSpace
	data := s.vendorData(max(room-s.vendorName(width).width(), room/2))
	name := s.vendorName(room - data.width())
	inner := max(markHeight, data.height(), name.height())
	s.add(block{"the letterhead", 0, inner + 2.6 + line, func(d *pdf.Document, y float64) {
		s.drawMark(d, logo, left, y+inner/2)
		name.draw(d, pdf.P, left+markWidth+markSpace, y+(inner-name.height())/2)
		at := y + (inner-data.height())/2
		for _, p := range data {
			d.Tag(pdf.P, func() { p.drawRight(d, right, at) })
			at += p.height()
		}
		rule := y + inner + 2.6 + line/2
		d.Rule(left, rule, right, rule, medium)
	}})
}

func (s *sheet) vendorName(width float64) column {
	c := column{s.text(width, style{13, 16, pdf.SemiBold}, s.vendor.Name)}
	if s.vendor.Fictional {
		c = append(c, s.text(width, smallStyle, fictional))
	}
	return c
}

// vendorData is what the vendor says about itself, in three lines, or more where they would be wider than width.
func (s *sheet) vendorData(width float64) column {
	v := s.vendor
	rows := [][]string{
		{v.Address, taxCodes(v.VATNumber, v.TaxCode)},
		{prefixed("REA ", v.REA), prefixed("cap. soc. ", v.Capital), prefixed("tel. ", v.Phone)},
		{v.Email, prefixed("PEC ", v.PEC)},
	}
	var c column
	for _, row := range rows {
		lines := []string{joinDots(row...)}
		if s.res.Width(smallStyle.span(lines[0])) > width {
			lines = row
		}
		for _, l := range lines {
			if l != "" {
				c = append(c, s.text(width, smallStyle, l))
			}
		}
	}
	return c
}

// taxCodes writes VAT number and tax code, once where they are the same.
func taxCodes(vat, tax string) string {
	if vat == tax || tax == "" {
		return prefixed("P.IVA e C.F. ", vat)
	}
	return joinDots(prefixed("P.IVA ", vat), prefixed("C.F. ", tax))
}

func prefixed(prefix, value string) string {
	if value == "" {
		return ""
	}
	return prefix + value
}

// joinDots writes the parts that are not empty with dots between them.
func joinDots(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

// drawMark draws the vendor's logo, or the first letter of its name in a square, around the height middle.
func (s *sheet) drawMark(d *pdf.Document, l *logo, x, middle float64) {
	d.Tag(pdf.Figure, func() {
		if l != nil {
			d.Image(l.image, pdf.Rect{X: x, Y: middle - l.height/2, W: l.width, H: l.height})
			return
		}
		d.Fill(0x17, 0x32, 0x4d, pdf.Rect{X: x, Y: middle - markHeight/2, W: markHeight, H: markHeight})
		s.drawInitial(d, x+markHeight/2, middle)
	}, pdf.Alt("Marchio di "+s.vendor.Name))
}

func (s *sheet) drawInitial(d *pdf.Document, x, y float64) {
	first, _ := utf8.DecodeRuneInString(s.vendor.Name)
	if initial := unicode.ToUpper(first); unicode.IsLetter(initial) {
		d.Letter(initial, pdf.SemiBold, 22, x, y)
	}
}
