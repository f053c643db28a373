package contractpdf

import (
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
)

// addTable places a table, over as many pages as it needs.
func (s *sheet) addTable(t table) {
	const gap = 4.0
	st := s.setTable(t)
	for at := 0; at < len(st.rows); {
		room := bottom - s.y
		if !s.fresh() {
			room -= gap
		}
		n := st.fit(at, room)
		if !s.fresh() && (n == 0 || at == 0 && n < len(st.rows) && s.movesWhole(st)) {
			s.newPage()
			continue
		}
		if n == 0 {
			n = st.force(at, room)
		}
		s.add(st.chunk(at, at+n, gap, len(s.pages)+1))
		at += n
	}
}

// movesWhole tells whether a table that does not fit on this page goes to the next one in one piece: it fits there,
// and no more than a third of a page stays empty here.
func (s *sheet) movesWhole(st *setTable) bool {
	height := st.head
	for _, r := range st.rows {
		height += r.height
	}
	return height <= full && bottom-s.y < full/3
}

// fit is the number of rows from at on that go into a height so that the table may be broken after them; 0 for none.
func (st *setTable) fit(at int, height float64) int {
	used, best := st.head, 0
	for i := at; i < len(st.rows); i++ {
		used += st.rows[i].height
		if used > height {
			break
		}
		if i+1 == len(st.rows) {
			return i + 1 - at
		}
		if used+moreHeight <= height && st.mayBreak(at, i+1) {
			best = i + 1 - at
		}
	}
	return best
}

// mayBreak tells whether a table that begins at from on its page may go on with row i on the next: after a sum, or
// between two lines and two more.
func (st *setTable) mayBreak(from, i int) bool {
	if st.rows[i-1].kind == sumRow {
		return true
	}
	if i-2 < from || i+1 >= len(st.rows) {
		return false
	}
	for _, r := range st.rows[i-2 : i+2] {
		if r.kind != lineRow {
			return false
		}
	}
	return true
}

// force is for rows so tall that no page can keep the rules: as many as fit, at least one, and a sum not alone on the
// next page if that can be.
func (st *setTable) force(at int, height float64) int {
	used, n := st.head, 0
	for _, r := range st.rows[at:] {
		if used += r.height; used+moreHeight > height {
			break
		}
		n++
	}
	if next := at + n; n > 1 && next < len(st.rows) && st.rows[next].kind == sumRow {
		n--
	}
	return max(1, n)
}

// moreHeight is the room for "continua a pagina n" in millimetres.
const moreHeight = 10*pdf.Point + 1.6

// chunk is the part of a table that stands on one page: rows from up to, and not with, to.
func (st *setTable) chunk(from, to int, gap float64, nextPage int) block {
	height := st.head
	for _, r := range st.rows[from:to] {
		height += r.height
	}
	last := to == len(st.rows)
	if !last {
		height += moreHeight
	}
	return block{"a line of the table", gap, height, func(d *pdf.Document, y float64) {
		if from == 0 {
			st.drawTitle(d, y)
			d.Begin(pdf.Table)
			st.drawHeads(d, y)
		} else {
			d.Artifact(func() {
				st.drawTitleAgain(d, y)
				st.drawHeads(d, y)
			})
		}
		y += st.head
		for _, r := range st.rows[from:to] {
			st.drawRow(d, r, y)
			y += r.height
		}
		if last {
			d.End()
		} else {
			d.Artifact(func() { st.drawMore(d, y, nextPage) })
		}
	}}
}

func (st *setTable) drawTitle(d *pdf.Document, y float64) {
	d.Tag(pdf.H2, func() { st.title.draw(d, left, y) })
	d.Tag(pdf.P, func() { st.note.drawRight(d, right, y+st.title.baseline-st.note.baseline) })
}

func (st *setTable) drawTitleAgain(d *pdf.Document, y float64) {
	st.title.draw(d, left, y)
	st.more.draw(d, left+st.title.width()+st.res.Width(sectionStyle.span(" ")), y)
	st.note.drawRight(d, right, y+st.title.baseline-st.note.baseline)
}

func (st *setTable) drawHeads(d *pdf.Document, y float64) {
	top := y + st.title.height() + titleSpace
	foot := y + st.head - line/2
	d.Tag(pdf.TR, func() {
		for i, c := range st.columns {
			at := foot - line/2 - 0.8 - st.heads[i].height()
			d.Tag(pdf.TH, func() {
				if c.right {
					st.heads[i].drawRight(d, c.x+c.width-c.headRight, at)
				} else {
					st.heads[i].draw(d, c.x+c.padLeft, at)
				}
			})
		}
	})
	d.Rule(left, top, right, top, medium)
	d.Rule(left, foot, right, foot, thin)
}

func (st *setTable) drawRow(d *pdf.Document, r setRow, y float64) {
	at, foot := y+st.pad, y+r.height-line/2
	if r.kind == groupRow {
		at += groupSpace
	}
	d.Tag(pdf.TR, func() {
		if r.kind != lineRow {
			st.drawName(d, r, at)
		}
		for i, c := range st.columns {
			if r.kind == lineRow || r.kind == sumRow && c.amount {
				d.Tag(pdf.TD, func() { c.draw(d, r.cells[i], at) })
			}
		}
	})
	switch r.kind {
	case sumRow:
		d.Rule(left, y-line/2, right, y-line/2, thin)
		d.Rule(left, foot, right, foot, medium)
	case groupRow:
		d.Rule(left, foot, right, foot, thin)
	default:
		d.Rule(left, foot, right, foot, hair)
	}
}

// drawName draws the name of a group or of a sum over the columns that have nothing else.
func (st *setTable) drawName(d *pdf.Document, r setRow, y float64) {
	free := 0
	for _, c := range st.columns {
		if r.kind == groupRow || !c.amount {
			free++
		}
	}
	d.Tag(pdf.RowTH, func() { r.cells[0].draw(d, left, y) }, pdf.ColSpan(free))
}

func (c tableColumn) draw(d *pdf.Document, p para, y float64) {
	if c.right {
		p.drawRight(d, c.x+c.width-c.padRight, y)
	} else {
		p.draw(d, c.x+c.padLeft, y)
	}
}

func (st *setTable) drawMore(d *pdf.Document, y float64, page int) {
	text := pdf.Span{Text: "continua a pagina " + locale.Count(page), Size: smallStyle.size}
	width := st.res.Width(text)
	d.Text(right-width, y+0.8+st.res.Baseline(smallStyle.size, smallStyle.leading), pdf.Line{Spans: []pdf.Span{text}, Width: width})
}
