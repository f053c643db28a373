package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rinnova"
)

// The last row and column of an Excel sheet.
const (
	lastRow    = 1 << 20
	lastColumn = 1 << 14
)

var errUnclosed = errors.New("a cell or row begins inside another")

// xlsxSource reads the cells of a sheet row by row.
type xlsxSource struct {
	book   *book
	xml    *decoder
	line   int
	inside bool         // of sheetData
	unseen map[int]bool // columns that are hidden, counted from 0
	place  int          // of the next cell of the row that has no reference
	filled map[int]bool
}

func (s *xlsxSource) ragged() bool { return true }

func (s *xlsxSource) hidden() []int { return slices.Sorted(maps.Keys(s.unseen)) }

func (s *xlsxSource) next() (Row, error) {
	for {
		t, err := s.xml.token()
		if err != nil {
			return Row{}, s.explain(unfinished(err)) // a sheet that breaks off: rows are missing
		}
		switch x := t.(type) {
		case xml.EndElement:
			if x.Name.Local == "sheetData" {
				if err := s.xml.rest(); err != nil {
					return Row{}, s.explain(err)
				}
				return Row{}, io.EOF
			}
		case xml.StartElement:
			switch {
			case x.Name.Local == "sheetData":
				s.inside = true
			case x.Name.Local == "col" && !s.inside:
				s.column(x)
			case x.Name.Local == "row" && s.inside:
				row, err := s.row(x)
				if err != nil {
					return row, s.explain(err)
				}
				return row, nil
			}
		}
	}
}

// column notes hidden columns.
func (s *xlsxSource) column(x xml.StartElement) {
	from, err := strconv.Atoi(attr(x, "min"))
	to, errTo := strconv.Atoi(attr(x, "max"))
	if err != nil || errTo != nil || !truth(attr(x, "hidden")) {
		return
	}
	for i := max(1, from); i <= min(to, s.book.limits.Columns); i++ {
		s.unseen[i-1] = true
	}
}

func (s *xlsxSource) explain(err error) error {
	if errors.Is(err, errToken) {
		return rinnova.Fail(rinnova.Invalid, "Alla riga %d una cella ha un testo di più di %d caratteri: non è un dato.", s.line, maxToken)
	}
	return s.book.explain(err)
}

// row reads a row. One without a number follows the one before it.
func (s *xlsxSource) row(start xml.StartElement) (Row, error) {
	n := s.line + 1
	if r := strings.TrimSpace(attr(start, "r")); r != "" {
		var err error
		if n, err = strconv.Atoi(r); err != nil {
			return Row{}, errors.New("a row without a number")
		}
	}
	if n <= s.line {
		return Row{}, rinnova.Fail(rinnova.Invalid, "Il file è danneggiato: la riga %d viene dopo la %d. Apritelo con Excel o LibreOffice, salvatelo di nuovo e riprovate.", n, s.line)
	}
	if n > lastRow {
		return Row{}, rinnova.Fail(rinnova.Invalid, "Il file ha più di %d righe, anche vuote: un foglio di Excel non ne ha tante. Copiate quelle che servono in un file nuovo.", lastRow)
	}
	s.line = n
	row := Row{Line: n, Hidden: truth(attr(start, "hidden"))}
	s.place = 0
	if len(s.filled) > s.book.limits.Columns { // to clear it takes as long as its longest row
		s.filled = map[int]bool{}
	}
	clear(s.filled)
	for {
		t, err := s.xml.token()
		if err != nil {
			return row, unfinished(err)
		}
		switch x := t.(type) {
		case xml.EndElement:
			if x.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			switch x.Name.Local {
			case "row":
				return row, errUnclosed
			case "c":
				if err := s.add(&row, x); err != nil {
					return row, err
				}
			}
		}
	}
}

// add reads a cell into its place. Every cell counts for the place of the next one, with a reference or without, with a value
// or without; one without a value leaves no trace.
func (s *xlsxSource) add(row *Row, start xml.StartElement) error {
	at := s.place
	if r := strings.TrimSpace(attr(start, "r")); r != "" {
		column, line, ok := placeOf(r)
		if !ok || line != row.Line {
			return rinnova.Fail(rinnova.Invalid, "Il file è danneggiato: nella riga %d c’è una cella che si chiama %s. Apritelo con Excel o LibreOffice, salvatelo di nuovo e riprovate.", row.Line, rinnova.Quoted(r))
		}
		at = column
	}
	s.place = at + 1
	if at >= lastColumn {
		return tooManyColumns(row.Line, s.book.limits.Columns)
	}
	in, err := s.raw()
	if err != nil {
		return err
	}
	if s.filled[at] {
		row.Fault = rinnova.Say("La cella %s c’è due volte, e non si sa quale vale. Aprite il file con Excel o LibreOffice, salvatelo di nuovo e riprovate.", Ref(at, row.Line))
		return nil
	}
	s.filled[at] = true
	c := s.book.cell(attr(start, "t"), attr(start, "s"), in)
	if c.empty() {
		return nil
	}
	s.book.tags.values++
	if at >= s.book.limits.Columns {
		return tooManyColumns(row.Line, s.book.limits.Columns)
	}
	if len(c.Text) > s.book.limits.Cell {
		return tooLong(row.Line, at+1, s.book.limits.Cell)
	}
	for len(row.Cells) <= at {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells[at] = c
	return nil
}

// placeOf is the column, counted from 0, and the line of a reference: 27 and 12 of AB12.
func placeOf(ref string) (column, line int, ok bool) {
	ref = strings.ToUpper(ref)
	letters := strings.TrimRight(ref, "0123456789")
	for _, r := range letters {
		if r < 'A' || r > 'Z' || column > lastColumn {
			return 0, 0, false
		}
		column = column*26 + int(r-'A') + 1
	}
	line, err := strconv.Atoi(ref[len(letters):])
	return column - 1, line, err == nil && column > 0 && column <= lastColumn
}

// Ref is the name of a cell in a spreadsheet: C12 of the column 2, counted from 0, and the line 12.
func Ref(column, line int) string {
	var letters []byte
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		letters = append(letters, byte('A'+(n-1)%26))
	}
	slices.Reverse(letters)
	return string(letters) + strconv.Itoa(line)
}
