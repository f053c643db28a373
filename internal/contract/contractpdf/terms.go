package contractpdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rinnova/internal/pdf"
	"rinnova/internal/terms"
)

// Measures of the terms in millimetres.
const (
	clauseTitleWidth = 41.0
	clausePad        = 1.5
	clauseTextX      = left + clauseTitleWidth
)

// unbroken is the number of lines up to which a clause stays on one page.
const unbroken = 8

var clauseStyle = style{9, 12.2, pdf.Regular}

// clause is a clause set in lines: its title beside its text.
type clause struct{ title, text para }

// clauses sets the clauses of the terms.
func (s *sheet) clauses(t terms.Terms) []clause {
	return s.printer.terms.get(t.Body, func() []clause {
		var out []clause
		for _, c := range t.Clauses() {
			set := clause{title: s.text(clauseTitleWidth-4, clauseStyle.bold(), glue(c.Title))}
			for _, p := range c.Paragraphs {
				lines := s.text(right-clauseTextX, clauseStyle, glue(p))
				lines.lines = append(set.text.lines, lines.lines...)
				set.text = lines
			}
			out = append(out, set)
		}
		return out
	})
}

// addTerms places the terms: in a contract, always on a new page.
func (s *sheet) addTerms(t terms.Terms, part bool) {
	clauses := s.clauses(t)
	if len(clauses) == 0 {
		return
	}
	title, subject, _ := strings.Cut(t.Title, " di ")
	version := "versione " + keep(t.Version)
	if subject == "" {
		version = capital(version)
	}
	status := ""
	if part {
		s.newPage()
		status = "parte del contratto"
	}
	s.addTermsTitle(title, joinDots(capital(subject), version, status))
	for i, c := range clauses {
		s.addClause(c, i == 0)
	}
}

func (s *sheet) addTermsTitle(title, subtitle string) {
	t, sub := s.text(width, termsTitle, title), s.text(width, textStyle, subtitle)
	s.add(block{"the title of the terms", 5, t.height() + sub.height() + 3, func(d *pdf.Document, y float64) {
		d.Tag(pdf.H1, func() { t.draw(d, left, y) })
		d.Tag(pdf.P, func() { sub.draw(d, left, y+t.height()) })
	}})
}

// addClause places a clause. A long one may go on on the next page, with two lines at least on either.
func (s *sheet) addClause(c clause, first bool) {
	if len(c.text.lines) <= unbroken {
		s.add(clauseBlock(c.title, c.text, true, first))
		return
	}
	for at := 0; at < len(c.text.lines); {
		n := linesThatFit(len(c.text.lines)-at, bottom-s.y-2*clausePad-line, c.text.leading)
		if n == 0 {
			s.newPage()
			continue
		}
		s.add(clauseBlock(c.title, c.text.part(at, n), at == 0, first))
		at += n
	}
}

// clauseBlock is a clause or a part of it: the first part has the title and a rule above.
func clauseBlock(title, text para, begins, first bool) block {
	height := text.height() + 2*clausePad + line
	if begins {
		height = max(title.height(), text.height()) + 2*clausePad + line
	}
	return block{"a clause of the terms", 0, height, func(d *pdf.Document, y float64) {
		if begins {
			rule := hair
			if first {
				rule = thin
			}
			if y > topRunning { // at the top of a page the rule of the running head is above it
				d.Rule(left, y, right, y, rule)
			}
			d.Tag(pdf.H2, func() { title.draw(d, left, y+clausePad+line) })
		}
		d.Tag(pdf.P, func() { text.draw(d, clauseTextX, y+clausePad+line) })
	}}
}

// capital writes the first letter as a capital.
func capital(s string) string {
	c, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(c)) + s[n:]
}
