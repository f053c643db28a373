package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/sheet"
	"rinnova/internal/sheet/sheettest"
)

// Other readers, held against ours: excelize for XLSX, encoding/csv for CSV.

// drawnCell is a cell of XML with what a person sees in it.
type drawnCell struct{ body, shows string }

// number draws a number as programs store it, with what Excel shows of it: fifteen digits.
func drawNumber(t *rapid.T) (stored, shows string) {
	n := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Map(rapid.IntRange(0, 1e9), func(i int) float64 { return float64(i) / 100 }),
		rapid.Map(rapid.IntRange(1, 1000), func(i int) float64 { return float64(i) * 0.1 * 1.1 })).Draw(t, "number")
	short, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	return strconv.FormatFloat(n, 'g', 17, 64), strconv.FormatFloat(short+0, 'f', -1, 64)
}

var drawText = rapid.OneOf(rapid.StringMatching(`[A-Za-zà-ù0-9 «»€;,"&<>']{0,12}`), rapid.SampledFrom([]string{"a_x000D_b", "_x005F_x000D_", "x_x0041_y", "_x12_", "Via\nRoma", "001234", "  ai bordi "}))

func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;").Replace(s)
}

// decoded is what the escapes of a text stand for.
func decoded(s string) string {
	return strings.NewReplacer("_x005F_", "_", "_x000D_", "\r", "_x0041_", "A").Replace(s)
}

// drawCell draws a cell of any kind. texts grows with the shared ones.
func drawCell(t *rapid.T, texts *[]string) drawnCell {
	switch rapid.SampledFrom([]string{"shared", "inline", "rich", "result", "number", "truth", "computed", "empty"}).Draw(t, "kind") {
	case "shared":
		s := drawText.Draw(t, "text")
		*texts = append(*texts, "<t xml:space=\"preserve\">"+escapeXML(s)+"</t>")
		return drawnCell{fmt.Sprintf(` t="s"><v>%d</v>`, len(*texts)-1), decoded(s)}
	case "inline":
		s := drawText.Draw(t, "text")
		return drawnCell{` t="inlineStr"><is><t xml:space="preserve">` + escapeXML(s) + `</t></is>`, decoded(s)}
	case "rich":
		a, b := drawText.Draw(t, "text"), drawText.Draw(t, "text")
		*texts = append(*texts, `<r><t xml:space="preserve">`+escapeXML(a)+`</t></r><r><rPr><b/></rPr><t xml:space="preserve">`+escapeXML(b)+"</t></r>")
		return drawnCell{fmt.Sprintf(` t="s"><v>%d</v>`, len(*texts)-1), decoded(a) + decoded(b)}
	case "result":
		s := rapid.StringMatching(`[A-Za-z0-9 ]{1,8}`).Draw(t, "text")
		return drawnCell{` t="str"><f>A1</f><v>` + s + `</v>`, s}
	case "number":
		stored, shows := drawNumber(t)
		return drawnCell{"><v>" + stored + "</v>", shows}
	case "computed":
		stored, shows := drawNumber(t)
		return drawnCell{"><f>1+1</f><v>" + stored + "</v>", shows}
	case "truth":
		return drawnCell{` t="b"><v>1</v>`, "VERO"}
	}
	return drawnCell{body: ">"}
}

// Cells and rows stand where excelize finds them, with a reference or without one, and hold what it shows.
func TestXLSXIsReadAsExcelizeDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 6).Draw(t, "columns")
		var xml strings.Builder
		var texts []string
		header := make([]string, columns)
		xml.WriteString("<row>")
		for i := range header {
			header[i] = "colonna " + strconv.Itoa(i+1)
			fmt.Fprintf(&xml, `<c t="inlineStr"><is><t>%s</t></is></c>`, header[i])
		}
		xml.WriteString("</row>")
		want := map[int][]string{}
		line := 1
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			line += rapid.IntRange(1, 3).Draw(t, "step")
			at := line
			fmt.Fprintf(&xml, `<row r="%d">`, line)
			if rapid.Bool().Draw(t, "no number") { // excelize and we count on from the row before
				xml.WriteString(`</row><row>`)
				line++
				at = line
			}
			cells := make([]string, columns)
			for i := 0; i < columns; i++ {
				ref := ""
				if rapid.Bool().Draw(t, "a reference") {
					i = min(columns-1, i+rapid.IntRange(0, 2).Draw(t, "jump"))
					ref = fmt.Sprintf(` r="%s"`, sheet.Ref(i, at))
				}
				c := drawCell(t, &texts)
				cells[i] = rinnova.CleanLines(c.shows)
				fmt.Fprintf(&xml, "<c%s%s</c>", ref, c.body)
			}
			xml.WriteString("</row>")
			want[at] = cells
		}
		shared := `<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>` + strings.Join(texts, "</si><si>") + `</si></sst>`
		data := sheettest.Workbook([]sheettest.Sheet{{Name: "Dati", Rows: xml.String()}}, sheettest.Part{Name: "xl/sharedStrings.xml", Body: shared})
		sameAsExcelize(t, data, want)
	})
}

// sameAsExcelize holds what we read of a file against want, and against excelize.
func sameAsExcelize(t *rapid.T, data []byte, want map[int][]string) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("excelize does not open it: %v", err)
	}
	defer f.Close()
	theirs, err := f.GetRows("Dati", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	r, err := sheet.Open(data, "Dati", sheet.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || !row.Fault.IsZero() {
			t.Fatal(err, row.Fault)
		}
		for i, c := range row.Cells {
			if c.Text != want[row.Line][i] {
				t.Fatalf("%s is %q, want %q", sheet.Ref(i, row.Line), c.Text, want[row.Line][i])
			}
			if their := theirCell(theirs, i, row.Line); !sameValue(c, their) {
				t.Fatalf("%s is %q, for excelize %q", sheet.Ref(i, row.Line), c.Text, their)
			}
		}
		delete(want, row.Line)
	}
	for line, cells := range want {
		if slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
			t.Fatalf("row %d with %q is left out", line, cells)
		}
	}
}

func theirCell(rows [][]string, column, line int) string {
	if line > len(rows) || column >= len(rows[line-1]) {
		return ""
	}
	return rows[line-1][column]
}

// sameValue compares a cell with excelize's raw value, which has the digits of the file and 1 for a truth.
func sameValue(c sheet.Cell, their string) bool {
	switch {
	case c.Text == "VERO":
		return their == "1" || their == "TRUE"
	case c.Kind == sheet.Number:
		n, err := strconv.ParseFloat(their, 64)
		short, _ := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
		return err == nil && strconv.FormatFloat(short+0, 'f', -1, 64) == c.Text
	}
	return c.Text == rinnova.CleanLines(their)
}

// Days are those that excelize finds, in both systems of dates.
func TestDaysAreThoseOfExcelize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		since1904 := rapid.Bool().Draw(t, "1904")
		serial := rapid.IntRange(61, 80_000).Draw(t, "serial")
		part := rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.999}).Draw(t, "time")
		want, err := excelize.ExcelDateToTime(float64(serial)+part, since1904)
		if err != nil {
			t.Fatal(err)
		}
		f := excelize.NewFile()
		defer f.Close()
		day, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		err = errors.Join(f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since1904}), f.SetCellValue("Sheet1", "A1", "dal"),
			f.SetCellValue("Sheet1", "A2", float64(serial)+part), f.SetCellStyle("Sheet1", "A2", "A2", day))
		var b bytes.Buffer
		if err = errors.Join(err, f.Write(&b)); err != nil {
			t.Fatal(err)
		}
		r, err := sheet.Open(b.Bytes(), "", sheet.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		row, err := r.Next()
		if err != nil || row.Cells[0].Text != want.Format(time.DateOnly) || row.Cells[0].Kind != sheet.Date {
			t.Fatalf("%v of 1904 %v is %+v, want %s (%v)", float64(serial)+part, since1904, row, want.Format(time.DateOnly), err)
		}
	})
}

// What encoding/csv reads we read too, cell by cell, but for what is cleaned.
func TestCSVIsReadAsEncodingCSVDoes(t *testing.T) {
	cell := rapid.OneOf(rapid.StringMatching(`[a-z0-9à "';,|]{0,8}`), rapid.SampledFrom([]string{"a\nb", "\"", "=x", "'=x", "a\r\nb", " "}))
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(2, 5).Draw(t, "columns")
		comma := rapid.SampledFrom([]rune{';', ',', '|', '\t'}).Draw(t, "comma")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma, w.UseCRLF = comma, rapid.Bool().Draw(t, "CRLF")
		head := make([]string, columns)
		for i := range head {
			head[i] = "colonna" + strconv.Itoa(i)
		}
		w.Write(head)
		for range rapid.IntRange(1, 5).Draw(t, "rows") {
			row := rapid.SliceOfN(cell, columns, columns).Draw(t, "row")
			row[0] = "x" + row[0]
			if comma == '\t' {
				for i := range row { // such files have one line for each row
					row[i] = strings.NewReplacer("\r", "", "\n", " ").Replace(row[i])
				}
			}
			w.Write(row)
		}
		w.Flush()
		plain := csv.NewReader(bytes.NewReader(b.Bytes()))
		plain.Comma = comma
		theirs, err := plain.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		r, err := sheet.Open(b.Bytes(), "", sheet.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		for _, their := range theirs[1:] {
			row, err := r.Next()
			if err != nil {
				t.Fatal(err)
			}
			if !row.Fault.IsZero() && columns == 2 { // two columns, and a separator inside a cell of two lines: it may be two rows
				continue
			}
			for i, c := range row.Cells {
				if want := rinnova.CleanLines(sheet.Disarmed(their[i])); c.Text != want {
					t.Fatalf("%q is read as %q in %q (%s)", want, c.Text, b.String(), row.Fault)
				}
			}
			if !row.Fault.IsZero() {
				t.Fatalf("%s in %q", row.Fault, b.String())
			}
		}
		if _, err := r.Next(); !errors.Is(err, io.EOF) {
			t.Fatalf("more rows: %v", err)
		}
	})
}

// Hostile files are files: another reader opens those that are whole.
func TestOthersOpenTheFixtures(t *testing.T) {
	for _, f := range sheettest.Files("RGIC82700L") {
		switch f.Name {
		case "testi-mancanti.xlsx", "non-numero.xlsx", "infinito.xlsx", "codice-numero.xlsx", "zeri-persi.xlsx", "formula.xlsx", "errore.xlsx", "macro.xlsm", "cella-due-volte.xlsx":
			x, err := excelize.OpenReader(bytes.NewReader(f.Make()))
			if err != nil {
				t.Errorf("%s: %v", f.Name, err)
				continue
			}
			if rows, err := x.GetRows("Dati"); err != nil || len(rows) == 0 {
				t.Errorf("%s: %v %v", f.Name, rows, err)
			}
			x.Close()
		}
	}
}
