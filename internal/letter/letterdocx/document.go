package letterdocx

import (
	"encoding/xml"
	"strconv"
	"strings"

	"rinnova/internal/letter"
	"rinnova/internal/locale"
)

// Measures of the page in twentieths of a point: A4 with room for the punch on the left.
const (
	pageWidth   = 11906
	pageHeight  = 16838
	marginLeft  = 1304
	marginOther = 1020
	textWidth   = pageWidth - marginLeft - marginOther
)

// writer turns a letter into the document and its footer.
type writer struct {
	letter letter.Document
	parts  *letter.Parts
}

// document is word/document.xml (ECMA-376, part 1, 17.2.3).
func (w *writer) document() any {
	b := body{}
	w.head(&b)
	b.add(text("Title", w.parts.Title), text("Subtitle", w.parts.Subtitle))
	for _, p := range w.parts.Premises {
		b.add(paragraph("Clause", p))
	}
	for _, c := range w.parts.Clauses {
		b.add(text("Heading1", c.Title))
		for _, p := range c.Text {
			b.add(paragraph("Clause", p))
		}
	}
	w.signatures(&b)
	for i, a := range w.parts.Annexes {
		title := text("Heading1", a.Title)
		if i == 0 {
			title.Properties.PageBreakBefore = &empty{}
		}
		b.add(title)
		for _, x := range a.Blocks {
			w.block(&b, x)
		}
	}
	b.Section = &section{
		Footer: footerReference{Type: "default", ID: footerID}, Size: size{pageWidth, pageHeight},
		Margins: margins{Top: marginOther, Right: marginOther, Bottom: marginOther, Left: marginLeft, Header: 567, Footer: 567},
	}
	return document{W: wordNamespace, R: office, Body: b}
}

// head is the school's letterhead, the number in its register, and whom the letter is for.
func (w *writer) head(b *body) {
	s := w.letter.School
	name := text("Head", s.Name)
	name.Runs[0].Properties = &runProperties{Bold: &empty{}, Size: &value{"26"}}
	last := text("Head", dots(s.Email, labelled("PEC ", s.PEC)))
	last.Properties.Borders = &borders{Bottom: &border{Kind: "single", Size: 4, Space: 6, Color: "000000"}}
	b.add(name, text("Head", dots(s.Address, labelled("cod. mecc. ", s.MinistryCode), labelled("C.F. ", s.TaxCode))), last)
	number := letter.Run{Text: w.letter.Form.Protocol, Blank: 34}
	protocol := paragraph("", letter.Paragraph{{Text: "Prot. n. "}, number, {Text: " del "}, {Blank: 26}})
	protocol.Properties.Spacing = &spacing{Before: 200}
	b.add(protocol)
	for _, line := range []string{"A " + w.letter.Vendor.Name, labelled("PEC ", w.letter.Vendor.PEC)} {
		to := text("", line)
		to.Properties.Justify = &value{"right"}
		b.add(to)
	}
	if w.letter.Vendor.Fictional {
		b.add(text("Small", "Fornitore inventato a scopo dimostrativo"))
	}
}

// signatures are the place and date, and the places to sign beside each other, kept on one page.
func (w *writer) signatures(b *body) {
	place := paragraph("", w.parts.Place)
	place.Properties.KeepNext, place.Properties.Spacing = &empty{}, &spacing{Before: 280, After: 200}
	b.add(place)
	t := newTable(2)
	var cells []cell
	for _, x := range w.parts.Signatures {
		who := text("", x.For)
		who.Runs[0].Properties = &runProperties{Bold: &empty{}}
		line := text("", strings.Repeat("_", 38))
		line.Properties.Spacing = &spacing{Before: 700, After: 0}
		c := cell{Width: widthOf(textWidth / 2), Paragraphs: []para{who, text("", x.Who), line, text("Small", x.Note)}}
		cells = append(cells, c)
	}
	for len(cells) > 0 {
		n := min(2, len(cells))
		t.Rows = append(t.Rows, row{Properties: &rowProperties{KeepWhole: &empty{}}, Cells: fill(cells[:n], 2)})
		cells = cells[n:]
	}
	b.add(t)
}

// fill adds empty cells up to n.
func fill(cells []cell, n int) []cell {
	for len(cells) < n {
		cells = append(cells, cell{Width: widthOf(textWidth / n), Paragraphs: []para{text("", "")}})
	}
	return cells
}

func (w *writer) block(b *body, x letter.Block) {
	switch {
	case x.Table != nil:
		b.add(tableOf(x.Table), text("Small", ""))
	case x.Items != nil:
		for _, i := range x.Items {
			b.add(paragraph("Item", i))
		}
	default:
		b.add(paragraph("", x.Text))
	}
}

// tableOf is a table of an annex, its head repeated on each page.
func tableOf(t *letter.Table) table {
	out := newTable(len(t.Head))
	out.Properties.Borders = &tableBorders{Bottom: thinBorder(), InsideH: thinBorder(), Top: thinBorder()}
	rows := append([][]letter.Paragraph{t.Head}, t.Rows...)
	for i, cells := range rows {
		r := row{Properties: &rowProperties{KeepWhole: &empty{}}}
		if i == 0 {
			r.Properties.Head = &empty{}
		}
		for _, c := range cells {
			p := paragraph("Cell", c)
			for j := range p.Runs {
				if i == 0 {
					p.Runs[j].Properties = &runProperties{Bold: &empty{}}
				}
			}
			r.Cells = append(r.Cells, cell{Width: widthOf(textWidth / len(t.Head)), Paragraphs: []para{p}})
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

func thinBorder() *border { return &border{Kind: "single", Size: 4, Color: "000000"} }

func newTable(columns int) table {
	t := table{Properties: tableProperties{Width: widthOf(textWidth), Layout: &layout{"fixed"}}}
	for range columns {
		t.Grid.Columns = append(t.Grid.Columns, column{textWidth / columns})
	}
	return t
}

// footer says which text it is, for which school, and counts the pages.
func (w *writer) footer() any {
	p := text("Small", dots(w.parts.Model, w.letter.Label(), w.letter.School.MinistryCode, "preparata dal portale il "+locale.Date(w.letter.Date)))
	p.Runs = append(p.Runs, run{Tab: &empty{}}, plain("Pagina "))
	p.Runs = append(p.Runs, counter("PAGE")...)
	p.Runs = append(p.Runs, plain(" di "))
	p.Runs = append(p.Runs, counter("NUMPAGES")...)
	p.Properties.Tabs = &tabs{[]tab{{"right", textWidth}}}
	return footer{W: wordNamespace, Paragraphs: []para{p}}
}

// counter is a field whose value the word processor knows.
func counter(name string) []run {
	return []run{{Field: &field{"begin"}}, {Instruction: &spaced{"preserve", " " + name + " "}}, {Field: &field{"separate"}}, plain("1"), {Field: &field{"end"}}}
}

// paragraph is a paragraph in a style; "" is the usual one. Lines to be filled in are underscores, about as long as on paper.
func paragraph(style string, p letter.Paragraph) para {
	out := para{Properties: &paraProperties{}}
	if style != "" {
		out.Properties.Style = &value{style}
	}
	for _, r := range p {
		s := r.Text
		if s == "" {
			s = strings.Repeat("_", max(8, int(r.Blank/1.9)))
		}
		x := plain(s)
		if r.Bold {
			x.Properties = &runProperties{Bold: &empty{}}
		}
		out.Runs = append(out.Runs, x)
	}
	return out
}

// text is a paragraph of one text, which may be empty.
func text(style, s string) para {
	p := paragraph(style, nil)
	p.Runs = []run{plain(s)}
	return p
}

func plain(s string) run { return run{Text: &spaced{"preserve", s}} }

func dots(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}

func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
}

func widthOf(n int) width { return width{strconv.Itoa(n), "dxa"} }

// document is the root; encoding/xml writes the prefixes as they stand.
type document struct {
	XMLName xml.Name `xml:"w:document"`
	W       string   `xml:"xmlns:w,attr"`
	R       string   `xml:"xmlns:r,attr"`
	Body    body     `xml:"w:body"`
}

type footer struct {
	XMLName    xml.Name `xml:"w:ftr"`
	W          string   `xml:"xmlns:w,attr"`
	Paragraphs []para
}

// body is paragraphs and tables in their order.
type body struct {
	Content []any
	Section *section
}

func (b *body) add(content ...any) { b.Content = append(b.Content, content...) }
