package contractpdf

import (
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
	"rinnova/internal/supplier"
)

// fictional is printed where the vendor is invented.
const fictional = "Fornitore inventato a scopo dimostrativo"

// sheet is a document being laid out: blocks on pages first, so that the pages can be counted, then drawn.
type sheet struct {
	printer *Printer
	res     *pdf.Resources
	vendor  supplier.Profile

	framed               bool   // the dashed frame of a reminder
	runLeft, runRight    string // running head of later pages
	footLeft, footMiddle string // left where empty: the vendor; the page number is added

	pages [][]placed
	y     float64
	err   error
}

func (p *Printer) sheet(v supplier.Profile) *sheet {
	return &sheet{printer: p, res: p.res, vendor: v, pages: [][]placed{nil}, y: top}
}

// draw puts the laid out pages into a file.
func (s *sheet) draw(info pdf.Info) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	d := s.res.New(info)
	for i, blocks := range s.pages {
		d.AddPage()
		d.Artifact(func() { s.drawFurniture(d, i+1) })
		for _, b := range blocks {
			b.draw(d, b.y)
		}
	}
	return d.Bytes()
}

// drawFurniture draws what stands around the text of a page.
func (s *sheet) drawFurniture(d *pdf.Document, page int) {
	if s.framed {
		d.Frame(pdf.Rect{X: 18.5, Y: 7, W: pdf.PageWidth - 28.5, H: pdf.PageHeight - 14}, 0.6, 0.64)
	}
	if page > 1 {
		s.text(width, runningStyle.bold(), s.runLeft).draw(d, left, top)
		s.text(width, runningStyle, s.runRight).drawRight(d, right, top)
		y := top + runningStyle.leading*pdf.Point + 1.4
		d.Rule(left, y, right, y, medium)
	}
	s.drawFooter(d, page)
}

// drawFooter draws three texts: left, middle, page number. The middle one stands in the middle as long as the left one
// leaves it there.
func (s *sheet) drawFooter(d *pdf.Document, page int) {
	const gap = 4.0
	d.Rule(left, footRule, right, footRule, hair)
	y := footRule + 1.2 + line
	middle := smallStyle
	if s.framed {
		middle = middle.bold()
	}
	m := s.text(width, middle, s.footMiddle)
	r := s.text(width, smallStyle, "Pagina "+locale.Count(page)+" di "+locale.Count(len(s.pages)))
	l := s.footerLeft(width - m.width() - r.width() - 2*gap)
	l.draw(d, left, y)
	m.draw(d, max(left+(width-m.width())/2, left+l.width()+gap), y)
	r.drawRight(d, right, y)
}

// footerLeft is the left text of the footer, the fullest one that is not wider than room.
func (s *sheet) footerLeft(room float64) para {
	texts := []string{joinDots(s.vendor.Name, prefixed("P.IVA ", s.vendor.VATNumber)), s.vendor.Name, ""}
	if s.footLeft != "" {
		texts = []string{s.footLeft, ""}
	}
	notice := ""
	if s.vendor.Fictional {
		notice = fictional
	}
	for _, t := range texts {
		if p := s.text(width, smallStyle, joinDots(notice, t)); p.width() <= room && len(p.lines) <= 1 {
			return p
		}
	}
	return para{}
}
