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
	var b bytes.Buffer
	b.WriteString("\uFEFF")
	out := csv.NewWriter(&b)
	out.Comma, out.UseCRLF = ';', true
	for _, cells := range table {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
	}
	if err := out.WriteAll(table); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	_, err := w.Write(b.Bytes())
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
