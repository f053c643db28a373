package contractpdf

import "rinnova/internal/pdf"

// table is a table of lines: groups of rows, each with a sum, under one head that is repeated on later pages.
type table struct {
	title   string
	item    string // what its lines are, at the head of their names
	reduced bool   // has the column of the reduction
	compact bool   // less room between the rows
	large   bool   // an amount of 100.000,00 or more: set smaller
	rows    []row
}

// row is a row of a table. A group has a name only; a sum has a name, amount, reduction and net.
type row struct {
	kind                           rowKind
	number, name                   string
	license, from, to, contacts    string
	fee, amount, reduction, netFee string
}

// rowKind tells the rows of a table apart.
type rowKind uint8

const (
	lineRow  rowKind = iota
	groupRow         // the title of a group inside the table
	sumRow
)

// tableColumn is a column as it is drawn; measures in millimetres.
type tableColumn struct {
	title         string
	text          func(row) string
	width         float64
	padLeft       float64
	padRight      float64
	headRight     float64 // right padding of the title
	right, amount bool    // set to the right; stands in sums too

	x float64
}

// The name of a product keeps at least this width, in millimetres.
const minNameWidth = 28.0

// columns are the columns of a table, the name as wide as the others let it be, amounts as wide as they need.
func (s *sheet) columns(t table, size style) []tableColumn {
	const pad = 0.9
	columns := []tableColumn{
		{title: "N.", text: func(r row) string { return r.number }, width: 6.5, padRight: 1.6, headRight: 1.6, right: true},
		{title: t.item, text: func(r row) string { return r.name }, padLeft: pad, padRight: pad, headRight: pad},
		{title: "Tipo", text: func(r row) string { return r.license }, width: 7.5, padLeft: pad, headRight: 0},
		{title: "Dal", text: func(r row) string { return r.from }, width: 17.2, padLeft: pad},
		{title: "Al", text: func(r row) string { return r.to }, width: 17.2, padLeft: pad},
		{title: "Contatti", text: func(r row) string { return r.contacts }, width: 11.5, padRight: 2.6, headRight: 2.6, right: true},
		{title: "Canone annuale", text: func(r row) string { return r.fee }, width: 15.6, padLeft: pad, padRight: pad, headRight: pad, right: true},
		{title: "Importo", text: func(r row) string { return r.amount }, width: 15.6, padLeft: pad, padRight: pad, headRight: pad, right: true, amount: true},
	}
	if t.reduced {
		columns = append(columns, tableColumn{title: "Riduzione", text: func(r row) string { return r.reduction },
			width: 15.6, padLeft: pad, padRight: pad, headRight: pad, right: true, amount: true})
	}
	columns = append(columns, tableColumn{title: "Netto", text: func(r row) string { return r.netFee }, width: 15, padLeft: pad, right: true, amount: true})
	s.widen(columns, t, size)
	return columns
}

// widen makes amount columns as wide as their texts, gives the name what is left, and places all columns.
func (s *sheet) widen(columns []tableColumn, t table, size style) {
	const name = 1
	rest := width
	for i := range columns {
		c := &columns[i]
		for _, r := range t.rows {
			if st := size; c.right {
				if r.kind == sumRow {
					st = size.bold()
				}
				c.width = max(c.width, s.res.Width(st.span(c.text(r)))+c.padLeft+c.padRight)
			}
		}
		if i != name {
			rest -= c.width
		}
	}
	columns[name].width = max(rest, minNameWidth)
	x := left
	for i := range columns {
		columns[i].x = x
		x += columns[i].width
	}
}

// setTable is a table with its texts set in lines.
type setTable struct {
	table
	res               *pdf.Resources
	columns           []tableColumn
	heads             []para
	rows              []setRow
	title, more, note para    // more: (segue)
	head              float64 // height of title and heads
	pad               float64 // above and below the text of a row
}

// setRow is a row with its texts set in lines.
type setRow struct {
	kind   rowKind
	cells  []para
	height float64
}

var tableHead = style{7.5, 9.2, pdf.SemiBold}

// setTable sets all texts of a table.
func (s *sheet) setTable(t table) *setTable {
	size := style{8.5, 10.7, pdf.Regular}
	if t.large {
		size.size = 7.5
	}
	st := &setTable{table: t, res: s.res, columns: s.columns(t, size), pad: 0.8}
	if t.compact {
		st.pad = 0.45
	}
	st.title = s.text(width, sectionStyle, t.title)
	st.more = s.text(width, style{10, 13, pdf.Regular}, "(segue)")
	st.note = s.text(width, smallStyle, "importi in euro, IVA esclusa")
	tallest := 0.0
	for _, c := range st.columns {
		room := c.width - c.padLeft - c.headRight
		p := s.text(max(room, s.longestWord(tableHead.span(c.title))), tableHead, c.title)
		st.heads = append(st.heads, p)
		tallest = max(tallest, p.height())
	}
	st.head = st.title.height() + titleSpace + tallest + 1.6 + 2*line
	for _, r := range t.rows {
		st.rows = append(st.rows, s.setRow(st, r, size))
	}
	return st
}

func (s *sheet) setRow(st *setTable, r row, size style) setRow {
	out := setRow{kind: r.kind, cells: make([]para, len(st.columns))}
	if r.kind != lineRow {
		size = size.bold()
		out.cells[0] = s.text(width, size, r.name)
	}
	tallest := size.leading * pdf.Point
	for i, c := range st.columns {
		if r.kind == lineRow || r.kind == sumRow && c.amount {
			out.cells[i] = s.text(c.width-c.padLeft-c.padRight, size, c.text(r))
		}
		tallest = max(tallest, out.cells[i].height())
	}
	out.height = tallest + 2*st.pad + line
	if r.kind == groupRow {
		out.height += groupSpace
	}
	return out
}

// titleSpace is the room between the title of a table and its head, in millimetres.
const titleSpace = 0.95

// groupSpace is the room above the title of a group beside that of any row.
const groupSpace = 0.95
