// Package sheet reads tables that people made with a spreadsheet, CSV and XLSX, as a stream of rows with their line numbers,
// and writes such files. What it reads comes from outside: everything is bounded, nothing in a file is executed, fetched or
// expanded, and each refusal is a sentence that says what, where and what to do.
//
// XLSX is read by our own few hundred lines (ECMA-376, part 1), not by the library that writes it: a stream of rows that
// tells dates and formulas from numbers and text, and that no file can make larger than Limits.
package sheet

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"rinnova"
)

// Limits bound what is taken of a file.
type Limits struct {
	Bytes    int   // of the file
	Unpacked int64 // of what is unpacked of an XLSX file, in bytes
	Rows     int   // with something in them, the header included
	Columns  int
	Cell     int // bytes of a cell
}

// DefaultLimits are enough for a table of all Italian schools with some ten rows for each.
var DefaultLimits = Limits{Bytes: 48 << 20, Unpacked: 256 << 20, Rows: 250_000, Columns: 200, Cell: 8 << 10}

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells. All cells of a CSV file are Text.
const (
	Text   Kind = iota
	Number      // Text is the number in plain notation, with a point: 1234.5
	Date        // Text is the day, ISO: 2027-01-31
)

// Cell is a value.
type Cell struct {
	Text  string
	Kind  Kind
	Fault rinnova.Text // why the value cannot be used; zero where it can
}

// Row is a line of a table.
type Row struct {
	Line   int // in the file, counted from 1, the header included
	Cells  []Cell
	Hidden bool         // by a filter, or by hand: whoever sent the file may not have seen it
	Fault  rinnova.Text // why the row cannot be used, and reading goes on; zero where it can
}

// source gives the rows of one kind of file, those with nothing in them too.
type source interface {
	// next gives a row, io.EOF, or an error after which there is no going on.
	next() (Row, error)
	// ragged tells whether a row that is shorter than the header is whole all the same.
	ragged() bool
	// hidden are the columns that are hidden, counted from 0, once a row was read.
	hidden() []int
}

// Reader reads a table. Its first row with something in it is the header.
type Reader struct {
	src    source
	limits Limits
	header []string
	line   int // of the header
	rows   int
	sheet  string // where the file has several
	notes  []rinnova.Text
}

// Open looks at a file and reads its header. Of an XLSX file with several sheets it takes the one that is called name, else
// the first that is not hidden. Whatever cannot be taken is a rinnova.Error of kind Invalid.
func Open(data []byte, name string, l Limits) (*Reader, error) { return OpenFor(data, name, l, nil) }

// OpenFor is Open for a table whose columns are known: of several sheets it takes the only one that fits, wherever it stands
// and whatever it is called, and says so; where two fit or none does it refuses. fits looks at the header and reads nothing.
func OpenFor(data []byte, name string, l Limits, fits func(*Reader) error) (*Reader, error) {
	switch {
	case len(data) > l.Bytes:
		return nil, rinnova.Fail(rinnova.Invalid, "Il file è troppo grande: al massimo %d MB. Dividetelo in più file.", l.Bytes>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		b, err := openBook(data, l)
		if err != nil {
			return nil, err
		}
		return b.choose(name, fits)
	}
	if err := foreign(data); err != nil {
		return nil, err
	}
	r := &Reader{limits: l}
	var err error
	if r.src, r.notes, err = openCSV(data, l); err != nil {
		return nil, err
	}
	return r, r.readHeader()
}

// foreign recognises files that are no table for us, by their first bytes, and says what to do with them.
func foreign(data []byte) error {
	start := bytes.ToLower(bytes.TrimLeft(data[:min(len(data), 512)], "\xef\xbb\xbf \t\r\n"))
	switch {
	case len(start) == 0 && len(bytes.TrimSpace(data)) == 0:
		return rinnova.Fail(rinnova.Invalid, "Il file è vuoto.")
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		if bytes.Contains(data, utf16LE("EncryptedPackage")) {
			return rinnova.Fail(rinnova.Invalid, "Il file è protetto da una password. Apritelo con Excel, togliete la password e salvatelo di nuovo.")
		}
		return rinnova.Fail(rinnova.Invalid, "Il file è di un vecchio Excel (.xls). Apritelo e salvatelo come «Cartella di lavoro di Excel (.xlsx)» o come CSV UTF-8.")
	case bytes.HasPrefix(data, []byte("\x1f\x8b")), bytes.HasPrefix(data, []byte("7z\xbc\xaf")), bytes.HasPrefix(data, []byte("Rar!")):
		return rinnova.Fail(rinnova.Invalid, "Il file è compresso. Estraetelo e inviate il CSV o il file di Excel che contiene.")
	case bytes.HasPrefix(start, []byte("%pdf")):
		return rinnova.Fail(rinnova.Invalid, "Il file è un PDF. Serve un CSV o un file di Excel (.xlsx).")
	case bytes.HasPrefix(start, []byte("<")):
		return rinnova.Fail(rinnova.Invalid, "Il file è una pagina web o un XML, anche se si chiama come un foglio di calcolo. Apritelo con Excel e salvatelo come .xlsx o come CSV UTF-8.")
	}
	return nil
}

func utf16LE(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for _, b := range []byte(s) {
		out = append(out, b, 0)
	}
	return out
}

// Header is the names of the columns, as they are written.
func (r *Reader) Header() []string { return r.header }

// HeaderLine is the line of the header.
func (r *Reader) HeaderLine() int { return r.line }

// Notes say what was found out about the file that its owner may want to know.
func (r *Reader) Notes() []rinnova.Text { return r.notes }

func (r *Reader) readHeader() error {
	row, err := r.filled()
	if errors.Is(err, io.EOF) {
		return rinnova.Fail(rinnova.Invalid, "Il file è vuoto.")
	}
	if err != nil {
		return err
	}
	if !row.Fault.IsZero() {
		return rinnova.Fail(rinnova.Invalid, "La riga %d, con i nomi delle colonne, non si legge. %s", row.Line, row.Fault)
	}
	r.line = row.Line
	for _, c := range row.Cells {
		r.header = append(r.header, rinnova.Clean(c.Text))
	}
	for len(r.header) > 0 && r.header[len(r.header)-1] == "" {
		r.header = r.header[:len(r.header)-1]
	}
	return nil
}

// Twice refuses a header with a name that two columns have: nobody can tell which one is meant.
func (r *Reader) Twice() error {
	var known []string
	for i, name := range r.header {
		if f := Fold(name); f != "" && slices.Contains(known, f) {
			return rinnova.Fail(rinnova.Invalid, "La colonna «%s» c’è due volte nella riga %d (la seconda è la n. %d). Toglietene una.", rinnova.Quoted(name), r.line, i+1)
		} else if f != "" {
			known = append(known, f)
		}
	}
	return nil
}

// Next gives the next row with something in it, with as many cells as the header; io.EOF at the end.
func (r *Reader) Next() (Row, error) {
	row, err := r.filled()
	if err != nil || !row.Fault.IsZero() {
		return row, err
	}
	n := len(r.header)
	for len(row.Cells) > n && row.Cells[len(row.Cells)-1].empty() {
		row.Cells = row.Cells[:len(row.Cells)-1]
	}
	switch {
	case len(row.Cells) > n:
		row.Fault = rinnova.Say("Ha %d colonne, ma i nomi delle colonne sono %d. Se un valore contiene il separatore, va fra virgolette.", len(row.Cells), n)
	case len(row.Cells) < n && !r.src.ragged():
		row.Fault = rinnova.Say("Ha solo %d colonne, ma i nomi delle colonne sono %d.", len(row.Cells), n)
	}
	for len(row.Cells) < n {
		row.Cells = append(row.Cells, Cell{})
	}
	return row, nil
}

// filled passes over the rows with nothing in them.
func (r *Reader) filled() (Row, error) {
	for {
		row, err := r.src.next()
		if err != nil {
			return row, ofSheet(r.sheet, err)
		}
		for i, c := range row.Cells {
			if len(c.Text) > r.limits.Cell {
				return row, ofSheet(r.sheet, tooLong(row.Line, i+1, r.limits.Cell))
			}
			if c.Kind == Text {
				row.Cells[i].Text = rinnova.CleanLines(c.Text)
			}
		}
		if row.Fault.IsZero() && !slices.ContainsFunc(row.Cells, func(c Cell) bool { return !c.empty() }) {
			continue
		}
		if r.rows++; r.rows > r.limits.Rows {
			return row, ofSheet(r.sheet, rinnova.Fail(rinnova.Invalid, "Il file ha più di %d righe. Dividetelo in più file.", r.limits.Rows))
		}
		return row, nil
	}
}

func tooLong(line, column, most int) error {
	return rinnova.Fail(rinnova.Invalid, "Alla riga %d, colonna n. %d, c’è un testo di più di %d caratteri: non è un dato. Se è un CSV, forse delle virgolette non si chiudono.", line, column, most)
}

func tooManyColumns(line, most int) error {
	return rinnova.Fail(rinnova.Invalid, "La riga %d ha più di %d colonne: il file non è una di queste tabelle.", line, most)
}

func damaged(cause error) error {
	return rinnova.Fail(rinnova.Invalid, "Il file è danneggiato o incompleto. Apritelo con Excel, salvatelo di nuovo e riprovate.").Because(cause)
}

var unaccented = strings.NewReplacer(
	"à", "a", "á", "a", "â", "a", "ä", "a", "è", "e", "é", "e", "ê", "e", "ë", "e", "ì", "i", "í", "i", "î", "i", "ï", "i",
	"ò", "o", "ó", "o", "ô", "o", "ö", "o", "ù", "u", "ú", "u", "û", "u", "ü", "u", "ç", "c", "ñ", "n",
	"\u0300", "", "\u0301", "",
)

// Fold is a name without what people write differently: only small letters without accents, and digits.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, unaccented.Replace(strings.ToLower(s)))
}

// Column finds the first column of the header that has one of the names; -1 where there is none.
func (r *Reader) Column(names ...string) int {
	for _, n := range names {
		if i := slices.IndexFunc(r.header, func(h string) bool { return h != "" && Fold(h) == Fold(n) }); i >= 0 {
			return i
		}
	}
	return -1
}

func (c Cell) empty() bool { return c.Text == "" && c.Fault.IsZero() }
