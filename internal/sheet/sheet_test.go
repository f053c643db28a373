package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/sheet"
)

func open(t *testing.T, data []byte) *sheet.Reader {
	t.Helper()
	r, err := sheet.Open(data, "Dati", sheet.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func all(t *testing.T, r *sheet.Reader) []sheet.Row {
	t.Helper()
	var out []sheet.Row
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
}

// texts writes rows as people would: cells between bars, faults in brackets.
func texts(rows []sheet.Row) []string {
	var out []string
	for _, r := range rows {
		if !r.Fault.IsZero() {
			out = append(out, "["+r.Fault.String()+"]")
			continue
		}
		var cells []string
		for _, c := range r.Cells {
			switch {
			case !c.Fault.IsZero():
				cells = append(cells, "["+c.Fault.String()+"]")
			case c.Kind == sheet.Date:
				cells = append(cells, c.Text+" data")
			case c.Kind == sheet.Number:
				cells = append(cells, c.Text+" numero")
			default:
				cells = append(cells, c.Text)
			}
		}
		out = append(out, strings.Join(cells, "|"))
	}
	return out
}

func rowsOf(cells ...[]sheet.Cell) iter.Seq[[]sheet.Cell] { return slices.Values(cells) }

func TestCSVInAllItsWays(t *testing.T) {
	utf16 := func(order [2]int, s string) []byte {
		out := []byte{0xff, 0xfe}
		if order[0] == 1 {
			out = []byte{0xfe, 0xff}
		}
		for _, r := range s {
			b := [2]byte{byte(r), byte(r >> 8)}
			out = append(out, b[order[0]], b[order[1]])
		}
		return out
	}
	want := []string{"RGIC82700L|Città|1;2"}
	for name, data := range map[string][]byte{
		"semicolons":   []byte("Codice;Nome;Altro\r\nRGIC82700L;Città;\"1;2\"\r\n"),
		"commas":       []byte("Codice,Nome,Altro\nRGIC82700L,Città,1;2\n"),
		"tabs":         []byte("Codice\tNome\tAltro\nRGIC82700L\tCittà\t1;2"),
		"bars":         []byte("Codice|Nome|Altro\nRGIC82700L|Città|1;2"),
		"a mark":       []byte("\xef\xbb\xbfCodice;Nome;Altro\nRGIC82700L;Città;\"1;2\"\n"),
		"sep=":         []byte("sep=,\r\nCodice,Nome,Altro\r\nRGIC82700L,Città,1;2\r\n"),
		"Windows-1252": []byte("Codice;Nome;Altro\nRGIC82700L;Citt\xe0;\"1;2\"\n"),
		"UTF-16 LE":    utf16([2]int{0, 1}, "Codice\tNome\tAltro\r\nRGIC82700L\tCittà\t1;2\r\n"),
		"UTF-16 BE":    utf16([2]int{1, 0}, "Codice\tNome\tAltro\r\nRGIC82700L\tCittà\t1;2\r\n"),
		"old Mac":      []byte("Codice;Nome;Altro\rRGIC82700L;Città;\"1;2\"\r"),
		"empty lines":  []byte("\n\nCodice;Nome;Altro\n;;\n\nRGIC82700L; Città ;\"1;2\"\n\n"),
		"no column":    []byte("Codice;Nome;Altro;;\nRGIC82700L;Città;\"1;2\";;\n"),
	} {
		r := open(t, data)
		if got := texts(all(t, r)); !slices.Equal(got, want) {
			t.Errorf("%s: %q", name, got)
		}
		if r.Column("altro", "x") != 2 || r.Column("CODICÈ") != 0 || r.Column("x") != -1 {
			t.Errorf("%s: header %q", name, r.Header())
		}
		if said := len(r.Notes()) > 0; said != (strings.HasPrefix(name, "Windows") || strings.HasPrefix(name, "UTF-16")) {
			t.Errorf("%s: notes %v", name, r.Notes())
		}
	}
}

func TestRowsThatCannotBeUsedStopNoOthers(t *testing.T) {
	rows := all(t, open(t, []byte("a;b\n1;2\n3\n4;5;6\n7;\"8\"x\n9;\"10\n11\"\n12;13\n")))
	want := []string{"1|2", "[Ha solo 1 colonne, ma i nomi delle colonne sono 2.]",
		"[Ha 3 colonne, ma i nomi delle colonne sono 2. Se un valore contiene il separatore, va fra virgolette.]",
		"[Le virgolette non sono al loro posto (carattere n. 5). Dentro un valore vanno scritte due volte.]", "9|10\n11", "12|13"}
	if got := texts(rows); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	var lines []int
	for _, r := range rows {
		lines = append(lines, r.Line)
	}
	if !slices.Equal(lines, []int{2, 3, 4, 5, 6, 8}) {
		t.Errorf("lines %v", lines)
	}
}

// workbook makes a file with excelize.
func workbook(t *testing.T, fill func(f *excelize.File), o ...excelize.Options) []byte {
	t.Helper()
	f := excelize.NewFile(o...)
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b, o...); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(t *testing.T, f *excelize.File, cell string, v any) {
	t.Helper()
	if err := f.SetCellValue("Sheet1", cell, v); err != nil {
		t.Fatal(err)
	}
}

func TestExcelsNumbersDatesAndFormulas(t *testing.T) {
	for _, since1904 := range []bool{false, true} {
		data := workbook(t, func(f *excelize.File) {
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since1904}); err != nil {
				t.Fatal(err)
			}
			for i, h := range []string{"codice", "dal", "canone", "formula", "vuota", "errore", "si"} {
				name, _ := excelize.CoordinatesToCellName(i+1, 2) // the first row is empty
				set(t, f, name, h)
			}
			set(t, f, "A3", 900123456789)
			set(t, f, "A4", 1e5)
			set(t, f, "A5", 1234567890123456789.0)
			for row, style := range map[string]int{"B3": 14, "B4": 22} {
				id, err := f.NewStyle(&excelize.Style{NumFmt: style})
				if err != nil {
					t.Fatal(err)
				}
				day := time.Date(2027, 12, 31, 18, 0, 0, 0, time.UTC)
				set(t, f, row, day)
				f.SetCellStyle("Sheet1", row, row, id)
			}
			italian := `[$-410]d\ mmmm\ yyyy;@`
			id, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &italian})
			set(t, f, "B5", time.Date(1904, 2, 29, 0, 0, 0, 0, time.UTC))
			f.SetCellStyle("Sheet1", "B5", "B5", id)
			set(t, f, "C3", 1234.5)
			euro := `#,##0.00\ "€ dy"`
			id, _ = f.NewStyle(&excelize.Style{CustomNumFmt: &euro})
			f.SetCellStyle("Sheet1", "C3", "C3", id)
			set(t, f, "D3", 42) // what it showed
			f.SetCellFormula("Sheet1", "D3", "6*7")
			f.SetCellFormula("Sheet1", "D4", "6*7")
			set(t, f, "G3", true)
		})
		got := texts(all(t, open(t, data)))
		noResult := "[La cella contiene una formula senza risultato: aprite il file con Excel o LibreOffice, salvatelo e inviatelo di nuovo.]"
		if len(got) != 3 || got[0] != "900123456789 numero|2027-12-31 data|1234.5 numero|42|||VERO" ||
			!strings.HasPrefix(got[1], "100000 numero|2027-12-31 data||"+noResult) || !strings.HasPrefix(got[2], "[È un numero di più di 15 cifre") || !strings.Contains(got[2], "1904-02-29 data") {
			t.Errorf("1904 %v: %q", since1904, got)
		}
	}
}

func TestASheetIsFoundByItsName(t *testing.T) {
	data := workbook(t, func(f *excelize.File) {
		set(t, f, "A1", "sbagliato")
		f.NewSheet("DATI")
		f.SetCellValue("DATI", "A1", "giusto")
	})
	r := open(t, data)
	if !slices.Equal(r.Header(), []string{"giusto"}) || r.Notes()[0].String() != "Il file ha 2 fogli: è stato letto «DATI»." {
		t.Errorf("%q, %v", r.Header(), r.Notes())
	}
}

// What is written is read again as it was, whatever people type; and no cell of a CSV file begins like a formula.
func TestWhatIsWrittenIsRead(t *testing.T) {
	value := rapid.OneOf(rapid.StringMatching(`['=+@a;", -]{0,6}`), rapid.StringMatching(`[0-9]{1,12}`), rapid.StringMatching(`[A-Zà-ù«»€ ]{0,12}`))
	rapid.Check(t, func(t *rapid.T) {
		a, b := strings.TrimSpace(value.Draw(t, "a")), strings.TrimSpace(value.Draw(t, "b"))
		table := sheet.Table{Name: "Dati", Header: []string{"uno", "due", "tre", "quattro"}, Rows: rowsOf(
			[]sheet.Cell{{Text: "x" + a}, {Text: "12.50", Kind: sheet.Number}, {Text: "2027-01-31", Kind: sheet.Date}, {Text: b}})}
		var c, x bytes.Buffer
		if err := errors.Join(sheet.WriteCSV(&c, table), sheet.WriteXLSX(&x, table)); err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{bytes.Clone(c.Bytes()), x.Bytes()} {
			r, err := sheet.Open(data, "Dati", sheet.DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			row, err := r.Next()
			if err != nil || row.Cells[0].Text != rinnova.Clean("x"+a) || row.Cells[3].Text != rinnova.Clean(b) {
				t.Fatalf("%q and %q became %+v, %v", a, b, row, err)
			}
		}
		plain := csv.NewReader(&c)
		plain.Comma = ';'
		lines, err := plain.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range slices.Concat(lines...) {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Fatalf("a formula: %q", cell)
			}
		}
	})
}

// Whatever the bytes, reading ends, without a panic, within the limits.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a;b\n1;2\n", "\xef\xbb\xbfa,b\n\"1\",\"2\n3\"\n", "\xff\xfea\x00;\x00b\x00", "a;b\n\"1;2\n", "sep=;\na;b\n'=1;2\n", "a\tb\r1\t2\r", "citt\xe0;x\n\x80;y\n", "<html>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := sheet.Limits{Bytes: 1 << 16, Unpacked: 1 << 16, Rows: 50, Columns: 20, Cell: 100}
		r, err := sheet.Open(data, "", limits)
		if err != nil {
			return
		}
		line := r.HeaderLine()
		for n := 0; ; n++ {
			row, err := r.Next()
			if err != nil {
				return
			}
			if n > limits.Rows || row.Line <= line || row.Fault.IsZero() && len(row.Cells) != len(r.Header()) {
				t.Fatalf("row %d at line %d after %d: %+v", n, row.Line, line, row)
			}
			line = row.Line
		}
	})
}
