// Package pdf draws printed documents: A4 pages with measured text, rules, boxes and images, the structure tree that
// tells assistive technology what is a heading, a paragraph or a table (ISO 32000-1, 14.7 and 14.8), and what PDF/A-2
// (ISO 19005-2) asks for: embedded fonts, a colour profile, metadata that agree with each other, an identifier.
//
// It places nothing by itself: the caller says where, and breaks pages. Positions are in millimetres from the top left
// corner of the page, font sizes and line widths in points. The same calls always give the same bytes.
package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
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
	Subject string
	Created time.Time // also tells when it was last changed
}

// Document is a file being drawn. It is not safe for use from several goroutines.
type Document struct {
	res  *Resources
	info Info
	f    *fpdf.Fpdf

	root    *element
	current *element // the innermost open element
	marked  mark     // what the content stream is in the middle of
	marks   []int    // marked sequences on each page
	fill    [3]uint8
	width   float64 // of lines, in points
	images  int
	err     error
}

// New starts a document without pages.
func (r *Resources) New(info Info) *Document {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetAutoPageBreak(false, 0)
	f.SetCatalogSort(true)
	f.SetMargins(0, 0, 0)
	f.SetCellMargin(0)
	f.SetLang(language)
	f.SetCreationDate(info.Created.UTC())
	f.SetModificationDate(info.Created.UTC())
	f.AddUTF8FontFromBytes(family, "", r.fonts[Regular].data)
	f.AddUTF8FontFromBytes(family, "B", r.fonts[SemiBold].data)
	f.SetXmpMetadata(info.xmp())
	f.AddOutputIntent(fpdf.OutputIntentType{SubtypeIdent: "GTS_PDFA1", OutputConditionIdentifier: "sRGB", Info: "sRGB IEC61966-2.1", ICCProfile: r.icc})
	root := &element{role: "Document"}
	return &Document{res: r, info: info, f: f, root: root, current: root}
}

const (
	language = "it-IT"
	family   = "titillium"
	producer = "Rinnova"
)

// AddPage starts a new page.
func (d *Document) AddPage() {
	d.closeMark()
	d.f.AddPage()
	d.marks = append(d.marks, 0)
	d.fill, d.width = [3]uint8{}, -1
}

// Pages is the number of pages so far; the last one is being drawn.
func (d *Document) Pages() int { return d.f.PageNo() }

// Text draws a line of text with its left end at x, in black, as content of the innermost open element.
func (d *Document) Text(x, baseline float64, l Line) {
	if len(l.Spans) == 0 {
		return
	}
	d.openMark()
	d.setFill(0, 0, 0)
	for _, s := range l.Spans {
		d.span(x, baseline, s)
		x += d.res.width(s)
	}
}

func (d *Document) span(x, baseline float64, s Span) {
	style := ""
	if s.Weight == SemiBold {
		style = "B"
	}
	d.f.SetFont(family, style, s.Size)
	d.f.Text(x, baseline, s.Text)
}

// Rule draws a straight line of a width in points.
func (d *Document) Rule(x1, y1, x2, y2, width float64) {
	d.decorate()
	d.setWidth(width)
	d.f.Line(x1, y1, x2, y2)
}

// Frame draws the outline of a rectangle; dash is the length of dashes and gaps in millimetres, 0 for none.
func (d *Document) Frame(x, y, w, h, width, dash float64) {
	d.decorate()
	d.setWidth(width)
	if dash > 0 {
		d.f.SetDashPattern([]float64{dash, dash}, 0)
	}
	d.f.Rect(x, y, w, h, "D")
	if dash > 0 {
		d.f.SetDashPattern(nil, 0)
	}
}

// Rect is a rectangle, its top left corner first.
type Rect struct{ X, Y, W, H float64 }

// Fill paints rectangles in a colour.
func (d *Document) Fill(red, green, blue uint8, rects ...Rect) {
	d.decorate()
	d.setFill(red, green, blue)
	for _, r := range rects {
		d.f.Rect(r.X, r.Y, r.W, r.H, "F")
	}
}

// Image draws a PNG image into a rectangle.
func (d *Document) Image(png []byte, r Rect) {
	d.decorate()
	d.images++
	name := fmt.Sprint(d.images)
	options := fpdf.ImageOptions{ImageType: "PNG"}
	d.f.RegisterImageOptionsReader(name, options, bytes.NewReader(png))
	d.f.ImageOptions(name, r.X, r.Y, r.W, r.H, false, options, 0, "")
}

func (d *Document) setWidth(points float64) {
	if d.width != points {
		d.width = points
		d.f.SetLineWidth(points * Point)
	}
}

func (d *Document) setFill(red, green, blue uint8) {
	if c := [3]uint8{red, green, blue}; d.fill != c {
		d.fill = c
		d.f.SetFillColor(int(red), int(green), int(blue))
		d.f.SetTextColor(int(red), int(green), int(blue))
	}
}

// Bytes ends the document and returns the file. Nothing can be drawn afterwards.
func (d *Document) Bytes() ([]byte, error) {
	d.closeMark()
	var b bytes.Buffer
	if err := d.f.Output(&b); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return d.finish(b.Bytes())
}

// write puts operators into the content stream of the page.
func (d *Document) write(operators ...string) { d.f.RawWriteStr(strings.Join(operators, " ")) }

// Letter draws one capital letter in white, its middle at x, y, so tall in millimetres. It is part of a picture and
// not of the text.
func (d *Document) Letter(c rune, w Weight, x, y, height float64) {
}
