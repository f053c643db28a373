package web

import (
	"bytes"
	"encoding/csv"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// CSV sends a table as spreadsheets in Italy read it: UTF-8 with a byte order mark, semicolons between the cells. A cell that a
// spreadsheet would take for a formula becomes text.
func CSV(w http.ResponseWriter, name string, table [][]string) error {
	s := NewSheet()
	for _, cells := range table {
		s.Add(cells...)
	}
	return s.Send(w, name)
}

// Sheet is a table that grows row by row; only what will be sent is kept of it, so it may be long. It is sent as CSV does.
type Sheet struct {
	b   bytes.Buffer
	out *csv.Writer
}

// NewSheet is an empty table.
func NewSheet() *Sheet {
	s := &Sheet{}
	s.b.WriteString("\uFEFF")
	s.out = csv.NewWriter(&s.b)
	s.out.Comma, s.out.UseCRLF = ';', true
	return s
}

// Add adds a row.
func (s *Sheet) Add(cells ...string) {
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	_ = s.out.Write(cells) // into memory: Send tells of an error
}

// Send sends the table as a file.
func (s *Sheet) Send(w http.ResponseWriter, name string) error {
	s.out.Flush()
	if err := s.out.Error(); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(s.b.Len()))
	_, err := w.Write(s.b.Bytes())
	return err
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
