package web

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"strings"
)

const csvType = "text/csv; charset=utf-8"

// CSV sends a small table as spreadsheets in Italy read it: UTF-8 with a byte order mark, semicolons between the cells. A cell that a
// spreadsheet would take for a formula becomes text. What reads many rows is an ExportCSV.
func CSV(w http.ResponseWriter, name string, table [][]string) error {
	var b bytes.Buffer
	s := newSheet(&b)
	for _, cells := range table {
		s.Add(cells...)
	}
	if err := s.end(); err != nil {
		return err
	}
	return Attachment(w, name, csvType, b.Bytes())
}

// Sheet is a table that is written row by row.
type Sheet struct {
	out *csv.Writer
}

func newSheet(w io.Writer) *Sheet {
	s := &Sheet{csv.NewWriter(&marked{w: w})}
	s.out.Comma, s.out.UseCRLF = ';', true
	return s
}

// marked puts the byte order mark before what is written first.
type marked struct {
	w     io.Writer
	begun bool
}

func (m *marked) Write(b []byte) (int, error) {
	if !m.begun {
		m.begun = true
		if _, err := io.WriteString(m.w, "\uFEFF"); err != nil {
			return 0, err
		}
	}
	return m.w.Write(b)
}

// Add adds a row.
func (s *Sheet) Add(cells ...string) {
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	_ = s.out.Write(cells) // the writer keeps its error for the end
}

func (s *Sheet) end() error {
	s.out.Flush()
	return s.out.Error()
}

// harmless keeps a spreadsheet from taking a cell for a formula: text that begins like one gets an apostrophe in front
// (OWASP, CSV injection). Amounts of ours may begin with a minus.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) && !isAmount(cell) {
		return "'" + cell
	}
	return cell
}

// isAmount tells an amount from a text that only begins like one.
func isAmount(s string) bool {
	whole, cents, ok := strings.Cut(strings.TrimPrefix(s, "-"), ",")
	return ok && len(cents) == 2 && strings.Trim(whole+cents, "0123456789") == ""
}
