package letter

import (
	"fmt"
	"regexp"
	"strings"

	"rinnova"
	"rinnova/internal/terms"
)

// Parts are a letter taken apart, with all values filled in, for whoever lays it out.
type Parts struct {
	Title      string // Lettera di nomina a responsabile esterno
	Subtitle   string // del trattamento dei dati personali, ai sensi dell’art. 28 …
	Model      string // Modello N28, versione 2027-01
	Premises   []Paragraph
	Clauses    []Point
	Place      Paragraph // Luogo e data, with its line
	Signatures []Signature
	Annexes    []Annex
}

// Paragraph is a text of pieces.
type Paragraph []Run

// Run is a piece of text. Where Text is empty it is a line of Blank millimetres, to be filled in by hand.
type Run struct {
	Text  string
	Bold  bool
	Blank float64
}

// Point is a numbered clause.
type Point struct {
	Title string
	Text  []Paragraph
}

// Signature is a place to sign: Per il titolare / il dirigente scolastico, and a note below the line.
type Signature struct{ For, Who, Note string }

// Annex is an annex: tables, lists and paragraphs in their order.
type Annex struct {
	Title  string // Allegato A. Trattamenti
	Blocks []Block
}

// Block is one of its three.
type Block struct {
	Text  Paragraph
	Items []Paragraph
	Table *Table
}

// Table is a table with a head.
type Table struct {
	Head []Paragraph
	Rows [][]Paragraph
}

// Headings of the parts that are not clauses, in the text.
const (
	premisesHeading   = "Premesse"
	signaturesHeading = "Firme"
	annexHeading      = "Allegato "
)

// Parts takes the letter apart. It fails for a text that is not one of a letter: without title, clauses or places to sign, or
// with a placeholder that nobody knows.
func (d Document) Parts() (*Parts, error) {
	w := partsWriter{values: d.values()}
	head, rest, _ := strings.Cut(d.Text.Body, "\n## ")
	w.opening(head)
	for section := range strings.SplitSeq(rest, "\n## ") {
		title, body, _ := strings.Cut(section, "\n")
		w.section(strings.TrimSpace(title), body)
	}
	switch p := &w.parts; {
	case w.err != nil:
	case p.Title == "" || len(p.Clauses) == 0 || len(p.Signatures) == 0:
		w.err = rinnova.Fail(rinnova.Invalid, "Il testo della lettera vuole un titolo (#), articoli (##) e una parte «## Firme» con le righe per firmare.")
	}
	if w.err != nil {
		return nil, fmt.Errorf("letter, text %s: %w", d.Text.Version, w.err)
	}
	return &w.parts, nil
}

// Check tells whether letters can be made of a text; an error of kind Invalid says what is wrong with it.
func Check(text terms.Terms) error {
	_, err := Document{Text: text}.Parts()
	return err
}

type partsWriter struct {
	values map[string]Run
	parts  Parts
	err    error
}

// opening reads what stands before the first heading: title, subtitle, model.
func (w *partsWriter) opening(s string) {
	paragraphs := paragraphsOf(s)
	for i, p := range paragraphs {
		switch {
		case strings.HasPrefix(p, "# "):
			w.parts.Title = strings.TrimPrefix(p, "# ")
		case i == len(paragraphs)-1:
			w.parts.Model = p
		default:
			w.parts.Subtitle = p
		}
	}
}

func (w *partsWriter) section(title, body string) {
	switch {
	case title == premisesHeading:
		w.parts.Premises = w.paragraphs(body)
	case title == signaturesHeading:
		w.signatures(body)
	case strings.HasPrefix(title, annexHeading):
		w.parts.Annexes = append(w.parts.Annexes, Annex{title, w.blocks(body)})
	default:
		w.parts.Clauses = append(w.parts.Clauses, Point{title, w.paragraphs(body)})
	}
}

// signatures reads the place and date, and the places to sign: for whom, who; a line; a note.
func (w *partsWriter) signatures(body string) {
	for _, p := range w.paragraphs(body) {
		at := -1
		for i, r := range p {
			if r.Blank == signatureLine && r.Text == "" {
				at = i
			}
		}
		if at < 0 {
			w.parts.Place = p
			continue
		}
		before := strings.TrimSuffix(strings.TrimSpace(p[:at].String()), ":")
		name, who, _ := strings.Cut(before, ", ")
		w.parts.Signatures = append(w.parts.Signatures, Signature{name, strings.TrimSpace(who), strings.TrimSpace(p[at+1:].String())})
	}
}

func (w *partsWriter) paragraphs(body string) []Paragraph {
	var out []Paragraph
	for _, p := range paragraphsOf(body) {
		out = append(out, w.runs(p))
	}
	return out
}

// blocks reads the tables, lists and paragraphs of an annex.
func (w *partsWriter) blocks(body string) []Block {
	var out []Block
	for part := range strings.SplitSeq(body, "\n\n") {
		lines := strings.Split(strings.TrimSpace(part), "\n")
		switch {
		case lines[0] == "":
		case strings.HasPrefix(lines[0], "|"):
			out = append(out, Block{Table: w.table(lines)})
		case strings.HasPrefix(lines[0], "- "):
			var items []Paragraph
			for _, l := range lines {
				items = append(items, w.runs(strings.TrimPrefix(l, "- ")))
			}
			out = append(out, Block{Items: items})
		default:
			out = append(out, Block{Text: w.runs(strings.Join(lines, " "))})
		}
	}
	return out
}

// table reads a table: its head, a line of dashes, its rows.
func (w *partsWriter) table(lines []string) *Table {
	t := &Table{Head: w.cells(lines[0])}
	for _, l := range lines[min(2, len(lines)):] {
		row := w.cells(l)
		if len(row) != len(t.Head) && w.err == nil {
			w.err = rinnova.Fail(rinnova.Invalid, "Una riga di tabella ha %d celle e la tabella %d colonne: %s", len(row), len(t.Head), l)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (w *partsWriter) cells(line string) []Paragraph {
	var out []Paragraph
	for c := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
		out = append(out, w.runs(strings.TrimSpace(c)))
	}
	return out
}

var placeholder = regexp.MustCompile(`\{\{([a-z_.]+)\}\}`)

// runs splits a paragraph at ** and fills in its placeholders. A value is text, whatever signs it has.
func (w *partsWriter) runs(s string) Paragraph {
	var out Paragraph
	for i, piece := range strings.Split(s, "**") {
		bold, at := i%2 == 1, 0
		for _, m := range placeholder.FindAllStringSubmatchIndex(piece, -1) {
			out = out.with(Run{Text: piece[at:m[0]], Bold: bold})
			name := piece[m[2]:m[3]]
			value, known := w.values[name]
			if !known && w.err == nil {
				w.err = rinnova.Fail(rinnova.Invalid, "Il segnaposto {{%s}} non esiste: controllate come è scritto.", name)
			}
			if value.Bold = bold; value.Text == "" {
				out = append(out, value)
			} else {
				value.Blank = 0
				out = out.with(value)
			}
			at = m[1]
		}
		out = out.with(Run{Text: piece[at:], Bold: bold})
	}
	return out
}

// with appends text, to the last piece where that looks the same.
func (p Paragraph) with(r Run) Paragraph {
	if r.Text == "" {
		return p
	}
	if n := len(p); n > 0 && p[n-1].Text != "" && p[n-1].Bold == r.Bold {
		p[n-1].Text += r.Text
		return p
	}
	return append(p, r)
}

// String is the text alone; lines to be filled in are nothing.
func (p Paragraph) String() string {
	var b strings.Builder
	for _, r := range p {
		b.WriteString(r.Text)
	}
	return b.String()
}

// paragraphsOf splits at empty lines, and writes each paragraph on one line.
func paragraphsOf(s string) []string {
	var out []string
	for p := range strings.SplitSeq(s, "\n\n") {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return out
}
