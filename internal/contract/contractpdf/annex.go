package contractpdf

import (
	"math"

	"rinnova/internal/letter"
	"rinnova/internal/pdf"
)

// addAnnexes places the annexes of a letter, which begin on a new page.
func (s *sheet) addAnnexes(all []letter.Annex) {
	if len(all) > 0 {
		s.newPage()
	}
	for _, a := range all {
		title := a.Title
		for _, b := range a.Blocks {
			switch {
			case b.Table != nil:
				s.addTextTable(title, b.Table)
			case b.Items != nil:
				s.addItems(title, b.Items)
			default:
				s.addTitled(title, s.written(0, textStyle, b.Text))
			}
			title = "" // only above the first
		}
	}
}

// addTitled places a block with the title above it, where there is one.
func (s *sheet) addTitled(title string, b block) {
	if title != "" {
		b = stack(b.what, s.heading(left, width, title), b)
	}
	s.add(b)
}

var (
	annexStyle = style{8.5, 11.2, pdf.Regular}
	annexHead  = style{7.5, 9.6, pdf.SemiBold}
	itemStyle  = style{8.5, 11.4, pdf.Regular}
)

// Room around the text of a cell, in millimetres.
const (
	annexTop    = 1.0
	annexBottom = 1.1
	annexRight  = 2.0
)

// textTable is a table of texts, set in lines.
type textTable struct {
	x     []float64 // of the columns
	again para      // the title on later pages
	head  textRow
	rows  []textRow
}

type textRow struct {
	cells  []para
	height float64
}

func (s *sheet) textTable(title string, t *letter.Table) *textTable {
	widths := s.textColumns(t)
	out := &textTable{again: s.text(width, sectionStyle, title+" (segue)"), head: s.textRow(annexHead, widths, t.Head)}
	x := left
	for _, w := range widths {
		out.x = append(out.x, x)
		x += w
	}
	for _, r := range t.Rows {
		out.rows = append(out.rows, s.textRow(annexStyle, widths, r))
	}
	return out
}

// textColumns gives each column a width that grows with the root of the text in it, so that columns with much text become
// wider and not only longer.
func (s *sheet) textColumns(t *letter.Table) []float64 {
	weights, total := make([]float64, len(t.Head)), 0.0
	for i := range t.Head {
		text := s.res.Width(s.spans(annexHead, t.Head[i])...)
		for _, r := range t.Rows {
			text += s.res.Width(s.spans(annexStyle, r[i])...)
		}
		weights[i] = math.Sqrt(text)
		total += weights[i]
	}
	for i := range weights {
		weights[i] *= width / total
	}
	return weights
}

func (s *sheet) textRow(st style, widths []float64, cells []letter.Paragraph) textRow {
	r := textRow{}
	for i, c := range cells {
		p := s.withFills(widths[i]-annexRight, st, s.spans(st, c)...)
		r.cells = append(r.cells, p)
		r.height = max(r.height, p.height())
	}
	r.height += annexTop + annexBottom + line
	return r
}

// addTextTable places a table under its title, on as many pages as it needs: title and head are repeated.
func (s *sheet) addTextTable(title string, t *letter.Table) {
	tt := s.textTable(title, t)
	heading := s.heading(left, width, title)
	for at := 0; at < len(tt.rows); {
		room := bottom - s.y - heading.height - tt.head.height
		if !s.fresh() {
			room -= heading.gap
		}
		n := tt.fit(at, room)
		if n < min(2, len(tt.rows)-at) && !s.fresh() {
			s.newPage()
			continue
		}
		s.add(tt.chunk(heading, at, at+max(1, n)))
		at += max(1, n)
	}
}

// fit is the number of rows from at on that go into a height, so that the next page has two at least.
func (t *textTable) fit(at int, height float64) int {
	n := 0
	for _, r := range t.rows[at:] {
		if height -= r.height; height < 0 {
			break
		}
		n++
	}
	if at+n == len(t.rows)-1 && n > 2 {
		n--
	}
	return n
}

// chunk is the part of a table that stands on one page.
func (t *textTable) chunk(heading block, from, to int) block {
	height := heading.height + t.head.height
	for _, r := range t.rows[from:to] {
		height += r.height
	}
	return block{"a row of a table", heading.gap, height, func(d *pdf.Document, y float64) {
		if from == 0 {
			heading.draw(d, y)
			d.Begin(pdf.Table)
			t.drawRow(d, t.head, pdf.TH, y+heading.height)
		} else {
			d.Artifact(func() { t.drawAgain(d, heading.height, y) })
		}
		y += heading.height + t.head.height
		for _, r := range t.rows[from:to] {
			t.drawRow(d, r, pdf.TD, y)
			y += r.height
		}
		if to == len(t.rows) {
			d.End()
		}
	}}
}

// drawAgain repeats title and head on a later page, for the eye only.
func (t *textTable) drawAgain(d *pdf.Document, titleHeight, y float64) {
	t.again.draw(d, left, y)
	for i, c := range t.head.cells {
		c.draw(d, t.x[i], y+titleHeight+annexTop)
	}
	for _, foot := range []float64{y + titleHeight - headingSpace, y + titleHeight + t.head.height - line/2} {
		d.Rule(left, foot, right, foot, thin)
	}
}

func (t *textTable) drawRow(d *pdf.Document, r textRow, role pdf.Role, y float64) {
	d.Tag(pdf.TR, func() {
		for i, c := range r.cells {
			d.Tag(role, func() { c.draw(d, t.x[i], y+annexTop) })
		}
	})
	rule, foot := hair, y+r.height-line/2
	if role == pdf.TH {
		rule = thin
	}
	d.Rule(left, foot, right, foot, rule)
}

// Measures of a list in two columns, in millimetres.
const (
	itemIndent = 2.5
	itemGap    = 0.9
	itemSpace  = 7.0 // between the columns
)

// addItems places a list in two columns of about the same height.
func (s *sheet) addItems(title string, items []letter.Paragraph) {
	w := (width - itemSpace) / 2
	var set []para
	total := 0.0
	for _, x := range items {
		p := s.withFills(w-itemIndent, itemStyle, s.spans(itemStyle, x)...)
		set = append(set, p)
		total += p.height() + itemGap
	}
	split, first := 0, 0.0
	for split < len(set) {
		next := first + set[split].height() + itemGap
		if max(next, total-next) > max(first, total-first) {
			break
		}
		first = next
		split++
	}
	height := max(first, total-first)
	dash := s.text(itemIndent*2, itemStyle, "–")
	s.addTitled(title, block{"a list", 0, height, func(d *pdf.Document, y float64) {
		d.Tag(pdf.L, func() {
			x, at := left, y
			for i, p := range set {
				if i == split {
					x, at = left+w+itemSpace, y
				}
				d.Tag(pdf.LI, func() {
					d.Tag(pdf.LBody, func() {
						dash.draw(d, x, at)
						p.draw(d, x+itemIndent, at)
					})
				})
				at += p.height() + itemGap
			}
		})
	}})
}
