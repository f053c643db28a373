package contractpdf

import (
	"strconv"
	"strings"

	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
)

// prices is how the prices came about, set in lines: what holds for all of them, then each line of the table by its number.
type prices struct {
	intro para
	lines []para
}

// priceStyle is small: it is read by who asks.
var priceStyle = style{7.5, 9.8, pdf.Regular}

// Room in millimetres between the lines of the prices.
const priceSpace = 0.7

// prices sets how the prices came about; nothing for a document that does not say it.
func (s *sheet) prices(x *contract.Explained) prices {
	if x == nil || len(x.Lines) == 0 {
		return prices{}
	}
	it := locale.Italian
	intro := "Prezzi: " + it.Text(x.Basis) + "."
	if !x.Origin.IsZero() {
		intro += " " + it.Text(x.Origin)
	}
	out := prices{intro: s.text(width, priceStyle, glue(intro))}
	for i, l := range x.Lines {
		out.lines = append(out.lines, s.set(width, priceStyle, priceStyle.bold().span(strconv.Itoa(i+1)+". "+l.Name+": "), priceStyle.span(priceWords(l))))
	}
	return out
}

// priceWords are the steps of a line and what is said of them, in one paragraph. The first step is the yearly fee: where it comes
// from stands above all lines.
func priceWords(l contract.ExplainedLine) string {
	it := locale.Italian
	var words []string
	for i, step := range l.Steps {
		switch {
		case i == 0:
			words = append(words, "canone annuale "+locale.Amount(step.Amount))
		case step.Amount < 0:
			words = append(words, lower(it.Text(step.Text))+" "+locale.Amount(step.Amount))
		default:
			words = append(words, lower(it.Text(step.Text))+" = "+locale.Amount(step.Amount))
		}
	}
	said := strings.Join(words, "; ") + "; netto " + locale.Amount(l.Net) + "."
	for _, t := range []string{it.Text(l.Origin), it.Text(l.LastYear), it.Text(l.Without)} {
		if t != "" {
			said += " " + t
		}
	}
	return said
}

// lower writes the first letter small.
func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// roomFor tells whether the prices fit on the page as far as it is filled.
func (s *sheet) roomFor(p prices) bool {
	if len(p.lines) == 0 {
		return false
	}
	h := s.heading(left, width, pricesTitle)
	height := h.gap + h.height + p.intro.height()
	for _, l := range p.lines {
		height += priceSpace + l.height()
	}
	return s.y+height <= bottom
}

// pricesTitle is the title of the prices.
const pricesTitle = "Come si forma il prezzo"

// addPrices places the prices, on as many pages as they need.
func (s *sheet) addPrices(p prices) {
	if len(p.lines) == 0 {
		return
	}
	intro := block{"the prices", 0, p.intro.height(), func(d *pdf.Document, y float64) {
		d.Tag(pdf.P, func() { p.intro.draw(d, left, y) })
	}}
	first := p.lines[0]
	s.add(stack("the prices", s.heading(left, width, pricesTitle), intro, block{"a price", priceSpace, first.height(), func(d *pdf.Document, y float64) {
		d.Tag(pdf.P, func() { first.draw(d, left, y) })
	}}))
	for _, l := range p.lines[1:] {
		s.addText(priceSpace, l)
	}
}
