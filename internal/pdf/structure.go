package pdf

import "strconv"

// Role is a standard structure type (ISO 32000-1, 14.8.4).
type Role string

// The roles in use.
const (
	H1     Role = "H1"
	H2     Role = "H2"
	P      Role = "P"
	Table  Role = "Table"
	TR     Role = "TR"
	TH     Role = "TH" // header of a column
	RowTH  Role = "TH row"
	TD     Role = "TD"
	L      Role = "L"
	LI     Role = "LI"
	LBody  Role = "LBody"
	Figure Role = "Figure"
)

// element is a node of the structure tree: elements and marked sequences, in reading order.
type element struct {
	role   Role
	parent *element
	alt    string
	span   int // columns that a cell covers, where more than one
	kids   []kid
}

// kid is an element, or else a marked sequence: its page, counted from 0, and its number there.
type kid struct {
	element  *element
	page, id int
}

// Option says more about an element.
type Option func(*element)

// Alt is the text that stands for a figure.
func Alt(text string) Option { return func(e *element) { e.alt = text } }

// ColSpan is the number of columns that a cell covers.
func ColSpan(n int) Option { return func(e *element) { e.span = n } }

// Tag puts what draw draws into a new element inside the innermost open one. It may go on on another page.
func (d *Document) Tag(role Role, draw func(), options ...Option) {
	d.Begin(role, options...)
	draw()
	d.End()
}

// Begin opens an element inside the innermost open one; End closes it.
func (d *Document) Begin(role Role, options ...Option) {
	d.closeMark()
	e := &element{role: role, parent: d.current}
	for _, o := range options {
		o(e)
	}
	d.current.kids = append(d.current.kids, kid{element: e})
	d.current = e
}

// End closes the innermost open element.
func (d *Document) End() {
	d.closeMark()
	d.current = d.current.parent
}

// Artifact draws what belongs to the page and not to the document: running heads, page numbers.
func (d *Document) Artifact(draw func()) {
	d.closeMark()
	d.page().op("/Artifact<</Type/Pagination>>BDC")
	d.marked = pagination
	draw()
	d.page().op("EMC")
	d.marked = none
}

// mark is the kind of marked content that is open in the content stream.
type mark uint8

const (
	none       mark = iota
	text            // content of the current element
	decoration      // rules, boxes: artifacts
	pagination      // inside Artifact: everything
)

// openMark makes what follows content of the current element.
func (d *Document) openMark() {
	if d.marked == text || d.marked == pagination {
		return
	}
	d.closeMark()
	p := d.page()
	d.current.kids = append(d.current.kids, kid{page: len(d.pages) - 1, id: p.marks})
	p.op("/" + d.current.role.name() + "<</MCID " + strconv.Itoa(p.marks) + ">>BDC")
	p.marks++
	d.marked = text
}

// decorate makes what follows an artifact, unless it is part of a figure.
func (d *Document) decorate() {
	if d.current.role == Figure {
		d.openMark()
		return
	}
	if d.marked == decoration || d.marked == pagination {
		return
	}
	d.closeMark()
	d.page().op("/Artifact BMC")
	d.marked = decoration
}

func (d *Document) closeMark() {
	if d.marked == text || d.marked == decoration {
		d.page().op("EMC")
		d.marked = none
	}
}

// name is the structure type as the file has it.
func (r Role) name() string {
	if r == RowTH {
		return string(TH)
	}
	return string(r)
}
