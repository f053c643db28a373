package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Table is what is written: a sheet of a file.
type Table struct {
	Name   string // of the sheet, at most 31 characters
	Header []string
	Rows   iter.Seq[[]Cell]
	Prose  bool // for reading: the lines of a cell are broken
}

// dangerous is what a spreadsheet may take for the beginning of a formula (OWASP, CSV injection).
const dangerous = "=+-@\t\r\n"

// armed is a text as it can stand in a CSV file: one that begins like a formula gets an apostrophe in front, and so does one
// that begins with an apostrophe, so that disarmed finds it again.
func armed(s string) string {
	if rest := strings.TrimLeft(s, "'"); rest != "" && strings.IndexByte(dangerous, rest[0]) >= 0 {
		return "'" + s
	}
	return s
}

// disarmed takes away the apostrophe that armed put in front.
func disarmed(s string) string {
	if rest := strings.TrimLeft(s, "'"); len(rest) < len(s) && rest != "" && strings.IndexByte(dangerous, rest[0]) >= 0 {
		return s[1:]
	}
	return s
}

// WriteCSV writes a table as Italian spreadsheets open it: UTF-8 with a byte order mark, semicolons, CRLF, amounts with a
// comma, dates as 31/01/2027.
func WriteCSV(w io.Writer, t Table) error {
	buffered := bufio.NewWriter(w)
	buffered.WriteString("\uFEFF")
	out := csv.NewWriter(buffered)
	out.Comma, out.UseCRLF = ';', true
	if err := out.Write(t.Header); err != nil {
		return err
	}
	for cells := range t.Rows {
		line := make([]string, len(cells))
		for i, c := range cells {
			line[i] = c.local()
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	return buffered.Flush()
}

func (c Cell) local() string {
	switch c.Kind {
	case Number:
		return strings.Replace(c.Text, ".", ",", 1)
	case Date:
		if d, err := time.Parse(time.DateOnly, c.Text); err == nil {
			return d.Format("02/01/2006")
		}
	}
	return armed(c.Text)
}

// WriteXLSX writes tables as the sheets of an Excel file. Text is text, also where it looks like a number: codes keep their
// zeros. Amounts and dates are what they are.
func WriteXLSX(w io.Writer, tables ...Table) error {
	f := excelize.NewFile()
	defer f.Close()
	look, err := newStyles(f)
	if err != nil {
		return err
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err == nil {
			err = look.write(f, t)
		}
		if err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	return f.Write(w)
}

type styles struct{ head, text, whole, amount, date, prose int }

func newStyles(f *excelize.File) (s styles, err error) {
	amount, date := "#,##0.00", "dd/mm/yyyy"
	for _, x := range []struct {
		to    *int
		style excelize.Style
	}{
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49}},
		{&s.text, excelize.Style{NumFmt: 49}}, // @
		{&s.whole, excelize.Style{NumFmt: 1}}, // 0
		{&s.amount, excelize.Style{CustomNumFmt: &amount}},
		{&s.date, excelize.Style{CustomNumFmt: &date}},
		{&s.prose, excelize.Style{NumFmt: 49, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
	} {
		if *x.to, err = f.NewStyle(&x.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s styles) write(f *excelize.File, t Table) error {
	out, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for i, h := range t.Header {
		width := float64(max(14, len([]rune(h))+4))
		if t.Prose && i > 0 {
			width = 48
		}
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(t.Header))
	for i, h := range t.Header {
		head[i] = excelize.Cell{StyleID: s.head, Value: h}
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	line := 1
	for cells := range t.Rows {
		line++
		row := make([]any, len(cells))
		for i, c := range cells {
			row[i] = s.cell(c, t.Prose)
		}
		if err := out.SetRow("A"+strconv.Itoa(line), row); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (s styles) cell(c Cell, prose bool) any {
	switch {
	case c.Text == "":
		return nil
	case c.Kind == Number:
		if n, err := strconv.ParseInt(c.Text, 10, 64); err == nil {
			return excelize.Cell{StyleID: s.whole, Value: n}
		}
		if n, err := strconv.ParseFloat(c.Text, 64); err == nil {
			return excelize.Cell{StyleID: s.amount, Value: n}
		}
	case c.Kind == Date:
		if d, err := time.Parse(time.DateOnly, c.Text); err == nil {
			return excelize.Cell{StyleID: s.date, Value: d}
		}
	case prose:
		return excelize.Cell{StyleID: s.prose, Value: c.Text}
	}
	return excelize.Cell{StyleID: s.text, Value: c.Text}
}
