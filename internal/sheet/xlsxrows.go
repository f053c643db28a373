package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"rinnova"
)

// lastRow is the last row of an Excel sheet.
const lastRow = 1 << 20

// xlsxSource reads the cells of a sheet row by row.
type xlsxSource struct {
	book *book
	xml  *decoder
	line int
}

func (s *xlsxSource) ragged() bool { return true }

func (s *xlsxSource) next() (Row, error) {
	for {
		t, err := s.xml.token()
		if errors.Is(err, io.EOF) {
			return Row{}, io.EOF
		}
		if err != nil {
			return Row{}, s.explain(err)
		}
		if x, ok := t.(xml.StartElement); ok && x.Name.Local == "row" {
			row, err := s.row(x)
			if err != nil {
				return row, s.explain(err)
			}
			return row, nil
		}
	}
}

func (s *xlsxSource) explain(err error) error {
	if errors.Is(err, errToken) {
		return rinnova.Fail(rinnova.Invalid, "Alla riga %d una cella ha un testo di più di %d caratteri: non è un dato.", s.line, maxToken)
	}
	return s.book.explain(err)
}

func (s *xlsxSource) row(start xml.StartElement) (Row, error) {
	n := s.line + 1
	if r := attr(start, "r"); r != "" {
		var err error
		if n, err = strconv.Atoi(r); err != nil || n <= s.line || n > lastRow {
			return Row{}, errors.New("rows out of order")
		}
	}
	s.line = n
	row := Row{Line: n}
	for {
		t, err := s.xml.token()
		if err != nil {
			return row, err
		}
		switch x := t.(type) {
		case xml.EndElement:
			if x.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if x.Name.Local == "c" {
				if err := s.add(&row, x); err != nil {
					return row, err
				}
			}
		}
	}
}

// add reads a cell into its place. One without a value leaves no trace, wherever it stands.
func (s *xlsxSource) add(row *Row, start xml.StartElement) error {
	at := len(row.Cells)
	if r := attr(start, "r"); r != "" {
		if at = columnOf(r); at < 0 {
			return errors.New("a cell at no place")
		}
	}
	c, err := s.cell(start)
	if err != nil || c.empty() {
		return err
	}
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

// columnOf is the column of a reference, counted from 0: 27 of AB12; -1 where it is none of a sheet.
func columnOf(ref string) int {
	n := 0
	for i, r := range ref {
		if r < 'A' || r > 'Z' {
			if i == 0 {
				return -1
			}
			break
		}
		if n = n*26 + int(r-'A') + 1; n > 1<<14 {
			return -1
		}
	}
	return n - 1
}

// cell reads a cell up to its end. Of a formula the result counts that the program saved that wrote the file: it is what
// people saw, and computing it anew would be a program of its own. Without a saved result the cell cannot be used.
func (s *xlsxSource) cell(start xml.StartElement) (Cell, error) {
	var value strings.Builder
	inline, in := "", ""
	formula, saved := false, false
	for {
		t, err := s.xml.token()
		if err != nil {
			return Cell{}, err
		}
		switch x := t.(type) {
		case xml.StartElement:
			in = x.Name.Local
			switch in {
			case "f":
				formula = true
			case "v":
				saved = true
			case "is":
				if inline, err = s.xml.richText("is", s.book.limits.Cell); err != nil {
					return Cell{}, err
				}
			}
		case xml.CharData:
			if in == "v" {
				value.Write(x[:min(len(x), max(0, s.book.limits.Cell+1-value.Len()))])
			}
		case xml.EndElement:
			in = ""
			if x.Name.Local != "c" {
				continue
			}
			if formula && !saved {
				return Cell{Fault: rinnova.Say("Contiene una formula senza il suo risultato. Apritelo con Excel, salvatelo e riprovate, o scrivete il valore.")}, nil
			}
			return s.book.value(attr(start, "t"), attr(start, "s"), value.String(), inline), nil
		}
	}
}

func (b *book) value(kind, style, v, inline string) Cell {
	switch kind {
	case "s":
		if v == "" {
			return Cell{}
		}
		i, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || i < 0 || i >= len(b.shared) {
			return Cell{Fault: rinnova.Say("Il file è danneggiato: il testo di questa cella manca.")}
		}
		return Cell{Text: b.shared[i]}
	case "inlineStr":
		return Cell{Text: inline}
	case "str":
		return Cell{Text: v}
	case "b":
		if truth(v) {
			return Cell{Text: "VERO"}
		}
		return Cell{Text: "FALSO"}
	case "e":
		return Cell{Fault: rinnova.Say("Contiene un errore di Excel (%s). Correggete la formula o scrivete il valore.", rinnova.Quoted(v))}
	case "d":
		if t, err := time.Parse(time.DateOnly, v[:min(len(v), len(time.DateOnly))]); err == nil {
			return Cell{Text: t.Format(time.DateOnly), Kind: Date}
		}
		return Cell{Text: v}
	}
	if v == "" {
		return Cell{}
	}
	return b.number(style, v)
}

// number is a numeric cell: a date where its style shows one.
func (b *book) number(style, v string) Cell {
	n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return Cell{Fault: rinnova.Say("Non è un numero, anche se il file lo dice.")}
	}
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.dates) && b.dates[i] {
		day, ok := dayOf(n, b.since)
		if !ok {
			return Cell{Fault: rinnova.Say("Non è una data che Excel conosce.")}
		}
		return Cell{Text: day.Format(time.DateOnly), Kind: Date}
	}
	c := Cell{Text: strconv.FormatFloat(n, 'f', -1, 64), Kind: Number}
	if math.Abs(n) >= 1e15 {
		c.Fault = rinnova.Say("È un numero di più di 15 cifre: Excel ne ha perse. Formattate la colonna come testo e riscrivete il valore.")
	}
	return c
}

// dayOf is the day of an Excel serial, the time of day left out. In the 1900 system day 60 is a 29 February that never was:
// later days count from 30 December 1899, earlier ones from the 31st.
func dayOf(n float64, since1904 bool) (time.Time, bool) {
	if n < 0 || n > 2_958_465 { // 31 December 9999
		return time.Time{}, false
	}
	days := int(n)
	switch {
	case since1904:
		return time.Date(1904, 1, 1+days, 0, 0, 0, 0, time.UTC), true
	case days == 0 || days == 60:
		return time.Time{}, false
	case days < 60:
		return time.Date(1899, 12, 31+days, 0, 0, 0, 0, time.UTC), true
	}
	return time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC), true
}

// styles reads which cell styles show dates.
func (b *book) styles() error {
	if _, ok := b.parts["xl/styles.xml"]; !ok {
		return nil
	}
	d, err := b.open("xl/styles.xml")
	if err != nil {
		return err
	}
	custom := map[string]bool{}
	inside := false
	return d.each(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "numFmt":
			if len(custom) < maxStyles {
				custom[attr(s, "numFmtId")] = showsDate(attr(s, "formatCode"))
			}
		case "cellStyleXfs", "dxfs", "cellStyles":
			inside = false
		case "cellXfs":
			inside = true
		case "xf":
			if !inside {
				return nil
			}
			id := attr(s, "numFmtId")
			date, known := custom[id]
			if !known {
				date = builtinDate(id)
			}
			if b.dates = append(b.dates, date); len(b.dates) > maxStyles {
				return errBomb
			}
		}
		return nil
	})
}

// builtinDate tells the number formats without a code that show dates (ECMA-376, part 1, 18.8.30, and those of East Asia).
func builtinDate(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58)
}

// showsDate tells whether a format code has a day or a year, or a month and no digits, outside quotes, brackets and escapes.
func showsDate(code string) bool {
	var plain strings.Builder
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\\' || r == '_' || r == '*':
			escaped = true
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case !bracket:
			plain.WriteRune(r)
		}
	}
	s := strings.ReplaceAll(plain.String(), "general", "")
	return strings.ContainsAny(s, "dy") || strings.Contains(s, "mm") && !strings.ContainsAny(s, "hs0#?")
}
