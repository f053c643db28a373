package contractpdf

import (
	"fmt"

	"rinnova/internal/letter"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
	"rinnova/internal/supplier"
)

// Styles of the letter.
var (
	letterName  = style{13, 17, pdf.SemiBold}
	letterData  = style{8.5, 11.4, pdf.Regular}
	letterTitle = style{14, 17.5, pdf.SemiBold}
)

// letterTitleWidth breaks the title of the letter into two lines of about the same length, in millimetres.
const letterTitleWidth = 100.0

// Letter draws the letter with which a school appoints the vendor as processor, as a PDF/A-2 file. It is the school's act: its
// head is the school's, and no logo is on it. What is not known is a line to be filled in by hand.
func (p *Printer) Letter(d letter.Document) ([]byte, error) {
	parts, err := d.Parts()
	if err != nil {
		return nil, err
	}
	s := p.sheet(supplier.Profile{})
	s.runLeft = d.Title()
	s.runRight = letterRunning(s.res, s.runLeft, d.School)
	s.footLeft = parts.Model
	s.footMiddle = joinDots(d.Label(), d.School.MinistryCode, "preparata dal portale il "+locale.Date(d.Date))
	if d.Vendor.Fictional {
		s.footMiddle = joinDots(fictional, d.Label(), d.School.MinistryCode, locale.Date(d.Date))
	}
	s.addSchoolHead(d.School)
	s.addAddressee(d)
	s.addLetterTitle(parts)
	for i, x := range parts.Premises {
		s.add(s.written(premiseGap(i), textStyle, x))
	}
	s.y += 3 // before the first clause, which has no room of its own above
	s.addPoints(parts)
	s.addAnnexes(parts.Annexes)
	out, err := s.draw(pdf.Info{Title: d.Title(), Author: d.School.Name, Created: created(d.At, d.Date)})
	if err != nil {
		return nil, fmt.Errorf("contractpdf: letter of %s: %w", d.School.MinistryCode, err)
	}
	return out, nil
}

func premiseGap(i int) float64 {
	if i == 0 {
		return 3.5
	}
	return 1.6
}

// letterRunning is the right side of the running head: the school's short name, where it leaves room for that.
func letterRunning(res *pdf.Resources, leftText string, p letter.Party) string {
	room := width - 6 - res.Width(runningStyle.bold().span(leftText))
	if text := joinDots(p.ShortName, p.MinistryCode); res.Width(runningStyle.span(text)) <= room {
		return text
	}
	return p.MinistryCode
}

// addSchoolHead places the letterhead of the school.
func (s *sheet) addSchoolHead(p letter.Party) {
	c := column{
		s.text(width, letterName, p.Name),
		s.text(width, letterData, joinDots(p.Address, prefixed("cod. mecc. ", p.MinistryCode), prefixed("C.F. ", p.TaxCode))),
		s.text(width, letterData, joinDots(p.Email, prefixed("PEC ", p.PEC))),
	}
	s.add(block{"the letterhead", 0, c.height() + 2 + line, func(d *pdf.Document, y float64) {
		for _, p := range c {
			d.Tag(pdf.P, func() { p.drawMiddle(d, y) })
			y += p.height()
		}
		d.Rule(left, y+2+line/2, right, y+2+line/2, thin)
	}})
}

// drawMiddle puts each line in the middle of the page's width.
func (p para) drawMiddle(d *pdf.Document, y float64) {
	for i, l := range p.lines {
		d.Text(left+(width-l.Width)/2, y+p.baseline+float64(i)*p.leading, l)
	}
}

// addAddressee places the number in the school's register and whom the letter is for.
func (s *sheet) addAddressee(d letter.Document) {
	number := s.toFill(textStyle, 34)
	if d.Form.Protocol != "" {
		number = textStyle.span(keep(d.Form.Protocol))
	}
	protocol := s.withFills(width/2, textStyle, textStyle.span("Prot."+locale.NBSP+"n. "), number, textStyle.span(" del "), s.toFill(textStyle, 26))
	to := column{s.text(width/2, textStyle, "A "+d.Vendor.Name), s.text(width/2, textStyle, prefixed("PEC ", d.Vendor.PEC))}
	s.add(block{"the addressee", 4, max(protocol.height(), to.height()), func(doc *pdf.Document, y float64) {
		doc.Tag(pdf.P, func() { protocol.draw(doc, left, y) })
		to.draw(doc, pdf.P, right-to.width(), y)
	}})
}

func (s *sheet) addLetterTitle(p *letter.Parts) {
	title, sub := s.text(letterTitleWidth, letterTitle, p.Title), s.text(width, textStyle, glue(p.Subtitle))
	s.add(block{"the title", 5, title.height() + sub.height(), func(d *pdf.Document, y float64) {
		d.Tag(pdf.H1, func() { title.drawMiddle(d, y) })
		d.Tag(pdf.P, func() { sub.drawMiddle(d, y+title.height()) })
	}})
}

// addPoints places the clauses; the last one stays with the places to sign.
func (s *sheet) addPoints(p *letter.Parts) {
	for i, x := range p.Clauses {
		c := clause{title: s.text(clauseTitleWidth-4, clauseStyle.bold(), glue(x.Title))}
		for _, text := range x.Text {
			c.text = c.text.and(s.withFills(right-clauseTextX, clauseStyle, s.spans(clauseStyle, text)...))
		}
		if i < len(p.Clauses)-1 {
			s.addClause(c, i == 0)
			continue
		}
		s.add(stack("the places to sign, with the last clause", clauseBlock(c.title, c.text, true, i == 0), s.signatures(p)))
	}
}

// signatures are the place and date, and two places to sign beside each other.
func (s *sheet) signatures(p *letter.Parts) block {
	const between, room = 14.0, 17.0
	w := (width - between) / 2
	place := s.withFills(width, textStyle, s.spans(textStyle, p.Place)...)
	type spot struct {
		text column
		note para
	}
	var spots []spot
	tallest := 0.0
	for _, x := range p.Signatures {
		sp := spot{column{s.text(w, textStyle.bold(), x.For), s.text(w, textStyle, x.Who)}, s.text(w, smallStyle, x.Note)}
		tallest = max(tallest, sp.text.height())
		spots = append(spots, sp)
	}
	rows := (len(spots) + 1) / 2
	each := tallest + room + line + smallStyle.leading*pdf.Point + 2
	return block{"the places to sign", 6, place.height() + 6 + float64(rows)*each, func(d *pdf.Document, y float64) {
		d.Tag(pdf.P, func() { place.draw(d, left, y) })
		y += place.height() + 6
		for i, sp := range spots {
			x, at := left+float64(i%2)*(w+between), y+float64(i/2)*each
			sp.text.draw(d, pdf.P, x, at)
			rule := at + tallest + room
			d.Rule(x, rule, x+w, rule, thin)
			d.Tag(pdf.P, func() { sp.note.draw(d, x, rule+line) })
		}
	}}
}
