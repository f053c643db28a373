package sheet

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"rinnova"
)

// maxRecord bounds what one row of a CSV file takes, in bytes: quotes that do not close swallow the rest of the file.
const maxRecord = 1 << 20

// csvSource reads CSV as spreadsheets write it (RFC 4180) and as people and programs bend it. Where a row can be read in two ways
// it is refused: a line that was swallowed would give a school another's values.
type csvSource struct {
	text  []byte
	comma byte
	tabs  bool // a file of tabs comes from programs that know no quotes: a field has them only where they close on its line
	cr    bool // lines end in a carriage return, as old Macs wrote them
	most  int  // columns
	width int  // of the header
	line  int  // that comes next
}

func openCSV(data []byte, l Limits) (source, []rinnova.Text, error) {
	text, notes, err := decode(data)
	if err != nil {
		return nil, nil, err
	}
	s := &csvSource{text: text, most: l.Columns, line: 1}
	s.cr = endsWithCR(text)
	first := s.lineAt(0)
	if comma, marked := marked(first); marked {
		if comma == '"' || comma >= utf8.RuneSelf || comma < ' ' && comma != '\t' {
			return nil, nil, rinnova.Fail(rinnova.Invalid, "Il separatore scritto nella prima riga (sep=) non si può usare. Usate il punto e virgola.")
		}
		s.comma = byte(comma)
		s.text, s.line = text[s.after(len(first)):], 2
	}
	head := s.firstLine()
	if s.comma == 0 {
		s.comma = separator(head)
	}
	s.tabs = s.comma == '\t'
	if bytes.Count(head, []byte{s.comma}) >= l.Columns && unquoted(head, s.comma) >= l.Columns {
		return nil, nil, tooManyColumns(s.line, l.Columns)
	}
	return s, notes, nil
}

func (s *csvSource) ragged() bool { return false }

func (s *csvSource) hidden() []int { return nil }

// endsWithCR tells whether the first line outside quotes ends in a carriage return alone.
func endsWithCR(text []byte) bool {
	inside := false
	for i, b := range text {
		switch {
		case b == '"':
			inside = !inside
		case b == '\n' && !inside:
			return false
		case b == '\r' && !inside:
			return i+1 == len(text) || text[i+1] != '\n'
		}
	}
	return !bytes.Contains(text, []byte("\n")) && bytes.Contains(text, []byte("\r"))
}

// lineAt is the line that begins at a place, without its end.
func (s *csvSource) lineAt(from int) []byte {
	ends := "\n"
	if s.cr {
		ends = "\r\n"
	}
	rest := s.text[from:]
	if i := bytes.IndexAny(rest, ends); i >= 0 {
		rest = rest[:i]
	}
	if !s.cr {
		rest = bytes.TrimSuffix(rest, []byte("\r"))
	}
	return rest
}

// after is the place behind the end of the line that stands at a place.
func (s *csvSource) after(at int) int {
	if at < len(s.text) && s.text[at] == '\r' {
		at++
	}
	if at < len(s.text) && s.text[at] == '\n' {
		at++
	}
	return at
}

// endsAt tells whether a line ends at a place: there is its end, or that of the file.
func (s *csvSource) endsAt(at int) bool {
	if at >= len(s.text) || s.text[at] == '\n' {
		return true
	}
	return s.text[at] == '\r' && (s.cr || at+1 < len(s.text) && s.text[at+1] == '\n' || at+1 == len(s.text))
}

// firstLine is the first line with something in it.
func (s *csvSource) firstLine() []byte {
	for at := 0; at < len(s.text); {
		line := s.lineAt(at)
		if len(bytes.TrimSpace(line)) > 0 {
			return line
		}
		at = s.after(at + len(line))
	}
	return nil
}

var sepMark = regexp.MustCompile(`(?i)^"?sep=(.)"?(.*)$`)

// marked reads Excel's own mark of the separator, sep=; also in quotes, and with the separators that a program put behind it.
func marked(line []byte) (comma rune, ok bool) {
	m := sepMark.FindSubmatch(line)
	if m == nil {
		return 0, false
	}
	comma, _ = utf8.DecodeRune(m[1])
	return comma, len(bytes.Trim(m[2], string(m[1])+` "`)) == 0
}

// separator is the one that the header uses most, a tab before others, for no name has one; a header of one column has none.
func separator(head []byte) byte {
	best, most := byte(';'), 0
	for _, c := range []byte("\t;|,") {
		if n := unquoted(head, c); n > most {
			best, most = c, n
		}
	}
	return best
}

// unquoted counts a character outside quotes.
func unquoted(line []byte, c byte) int {
	n, inside := 0, false
	for _, b := range line {
		switch {
		case b == '"':
			inside = !inside
		case b == c && !inside:
			n++
		}
	}
	return n
}

// record is a row as it is read: where it stands, and what is wrong with it.
type record struct {
	fields []string
	lines  int // that it takes
	fault  rinnova.Text
	wide   bool // a quoted field holds as many separators as a whole row
	open   bool // the last field begins with quotes that do not close on their line
}

func (s *csvSource) next() (Row, error) {
	at := s.skipEmpty()
	if at >= len(s.text) {
		s.text = nil
		return Row{}, io.EOF
	}
	s.text = s.text[at:]
	rec, end := s.record()
	if end > maxRecord {
		return Row{}, rinnova.Fail(rinnova.Invalid, "Dalla riga %d il file non si può leggere: una riga è troppo lunga, forse per delle virgolette che non si chiudono.", s.line)
	}
	row := Row{Line: s.line, Fault: rec.fault}
	s.text, s.line = s.text[end:], s.line+rec.lines
	if s.width == 0 {
		s.width = len(rec.fields)
	}
	switch {
	case !row.Fault.IsZero():
	case rec.wide:
		row.Fault = rinnova.Say("Le virgolette che si aprono qui si chiudono alla riga %d, e dentro c’è forse un’altra riga: togliete quelle che non servono.", s.line-1)
	case rec.open && s.broken(len(rec.fields)):
		row.Fault = rinnova.Say("L’ultimo valore comincia con virgolette che non si chiudono, e la riga dopo ha un altro numero di colonne. Scrivetelo su una riga sola.")
	case len(rec.fields) > s.most:
		row.Fault = rinnova.Say("Ha più di %d colonne.", s.most)
	case rec.lines > 1 && len(rec.fields) != s.width:
		row.Fault = rinnova.Say("Va dalla riga %d alla riga %d, per le virgolette, e ha %d colonne invece di %d: forse le virgolette non si chiudono dove devono.", row.Line, s.line-1, len(rec.fields), s.width)
	}
	if !row.Fault.IsZero() {
		return row, nil
	}
	row.Cells = make([]Cell, len(rec.fields))
	for i, f := range rec.fields {
		row.Cells[i].Text = meant(f)
	}
	return row, nil
}

// skipEmpty is the place of the next line with something in it.
func (s *csvSource) skipEmpty() int {
	at := 0
	for at < len(s.text) && s.endsAt(at) {
		at = s.after(at)
		s.line++
	}
	return at
}

// broken tells whether the line that comes next has another number of fields.
func (s *csvSource) broken(fields int) bool {
	line := s.lineAt(0)
	return len(line) > 0 && bytes.Count(line, []byte{s.comma})+1 != fields
}

// textFormula is how Excel is told that a code is a text: ="001234".
var textFormula = regexp.MustCompile(`^="((?:[^"]|"")*)"$`)

// meant is what a field stands for.
func meant(f string) string {
	if m := textFormula.FindStringSubmatch(f); m != nil {
		return strings.ReplaceAll(m[1], `""`, `"`)
	}
	return disarmed(f)
}
