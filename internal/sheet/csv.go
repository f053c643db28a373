package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"rinnova"
)

// maxRecord bounds what one row of a CSV file takes, in bytes: quotes that do not close swallow the rest of the file.
const maxRecord = 1 << 20

// csvSource reads CSV (RFC 4180) as spreadsheets write it.
type csvSource struct {
	rows  *csv.Reader
	limit *recordLimit
	most  int // columns
	skip  int // lines before the first that is read
	last  int // the line on which the last row ended
}

func openCSV(data []byte, l Limits) (source, []rinnova.Text, error) {
	text, notes, err := decode(data)
	if err != nil {
		return nil, nil, err
	}
	s := &csvSource{most: l.Columns}
	comma := rune(0)
	if first, rest, _ := bytes.Cut(text, []byte("\n")); bytes.HasPrefix(first, []byte("sep=")) && len(bytes.TrimSpace(first)) == 5 {
		text, comma, s.skip = rest, rune(first[4]), 1 // Excel's own mark
	}
	head := firstLine(text)
	if comma == 0 {
		comma = separator(head)
	}
	if comma == '"' || comma == '\r' || comma >= utf8.RuneSelf || comma < ' ' && comma != '\t' {
		return nil, nil, rinnova.Fail(rinnova.Invalid, "Il separatore scritto nella prima riga (sep=) non si può usare. Usate il punto e virgola.")
	}
	if bytes.Count(head, []byte(string(comma))) >= l.Columns && unquoted(head, byte(comma)) >= l.Columns {
		return nil, nil, tooManyColumns(s.skip+1, l.Columns)
	}
	s.limit = &recordLimit{r: bytes.NewReader(text)}
	s.rows = csv.NewReader(s.limit)
	s.rows.Comma, s.rows.FieldsPerRecord, s.rows.ReuseRecord = comma, -1, true
	s.rows.LazyQuotes = comma == '\t' // files with tabs are written by programs that know no quotes
	return s, notes, nil
}

func (s *csvSource) ragged() bool { return false }

func (s *csvSource) next() (Row, error) {
	s.limit.record = 0
	fields, err := s.rows.Read()
	if s.limit.tripped {
		return Row{}, rinnova.Fail(rinnova.Invalid, "Dalla riga %d il file non si può leggere: una riga è troppo lunga, forse per delle virgolette che non si chiudono.", s.last+1)
	}
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		s.last = parse.Line + s.skip
		return Row{Line: parse.StartLine + s.skip, Fault: quoted(parse, s.skip)}, nil
	}
	if err != nil {
		return Row{}, err // io.EOF: the text is in memory
	}
	line, _ := s.rows.FieldPos(0)
	last, _ := s.rows.FieldPos(len(fields) - 1)
	s.last = last + s.skip
	row := Row{Line: line + s.skip}
	if len(fields) > s.most {
		row.Fault = rinnova.Say("Ha più di %d colonne.", s.most)
		return row, nil
	}
	row.Cells = make([]Cell, len(fields))
	for i, f := range fields {
		row.Cells[i].Text = disarmed(strings.Clone(f)) // of its own: what is kept must not hold the whole row
	}
	return row, nil
}

func quoted(e *csv.ParseError, skip int) rinnova.Text {
	if e.Line > e.StartLine {
		return rinnova.Say("Le virgolette che si aprono qui non si chiudono, o si chiudono nel posto sbagliato, alla riga %d.", e.Line+skip)
	}
	return rinnova.Say("Le virgolette non sono al loro posto (carattere n. %d). Dentro un valore vanno scritte due volte.", e.Column)
}

// recordLimit bounds what is read for one row, up to a buffer more.
type recordLimit struct {
	r       io.Reader
	record  int
	tripped bool
}

func (l *recordLimit) Read(p []byte) (int, error) {
	if l.record > maxRecord {
		l.tripped = true
		return 0, io.ErrUnexpectedEOF
	}
	n, err := l.r.Read(p)
	l.record += n
	return n, err
}

// firstLine is the first line with something in it.
func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(bytes.TrimLeft(text, "\r\n"), []byte("\n"))
	return line
}

// separator is the one that the header uses most; a header of one column has none.
func separator(head []byte) rune {
	best, most := ';', 0
	for _, c := range ";,\t|" {
		if n := unquoted(head, byte(c)); n > most {
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

// decode brings a text into UTF-8 with lines that end in a line feed, and says what it guessed.
func decode(data []byte) ([]byte, []rinnova.Text, error) {
	var notes []rinnova.Text
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return nil, nil, rinnova.Fail(rinnova.Invalid, "Il file è in UTF-32, che quasi nessun programma scrive. Salvatelo come CSV UTF-8.")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err := fromUTF16(data)
		if err != nil {
			return nil, nil, err
		}
		data = text
		notes = append(notes, rinnova.Say("Il file è in UTF-16: è stato letto come tale."))
	default:
		data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	}
	if at := bytes.IndexFunc(data, control); at >= 0 {
		return nil, nil, noText(data, at)
	}
	if !utf8.Valid(data) {
		text, err := fromWindows1252(data)
		if err != nil {
			return nil, nil, err
		}
		data = text
		notes = append(notes, rinnova.Say("Il file non è in UTF-8: è stato letto come Windows-1252. Controllate le lettere accentate."))
	}
	if !bytes.Contains(data, []byte("\n")) {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n")) // as old Macs ended lines
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil, rinnova.Fail(rinnova.Invalid, "Il file è vuoto.")
	}
	return data, notes, nil
}

// control tells characters that no text has.
func control(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }

func noText(data []byte, at int) error {
	line := bytes.Count(data[:at], []byte("\n")) + 1
	if data[at] != 0 {
		return rinnova.Fail(rinnova.Invalid, "Alla riga %d il file ha un carattere che nessun testo contiene (codice %d): non è un CSV, o è danneggiato.", line, int(data[at]))
	}
	if zeros := bytes.Count(data, []byte{0}); zeros*3 > len(data) {
		return rinnova.Fail(rinnova.Invalid, "Il file sembra in UTF-16 ma non lo dice (manca il segno iniziale). Salvatelo come CSV UTF-8.")
	}
	return rinnova.Fail(rinnova.Invalid, "Alla riga %d il file ha un byte zero: non è un CSV, o è danneggiato.", line)
}

func fromUTF16(data []byte) ([]byte, error) {
	big := data[0] == 0xfe
	if len(data)%2 != 0 {
		return nil, damaged(errors.New("UTF-16 of an odd length"))
	}
	out := make([]byte, 0, len(data)/2+len(data)/8)
	unit := func(i int) rune {
		if big {
			return rune(data[i])<<8 | rune(data[i+1])
		}
		return rune(data[i+1])<<8 | rune(data[i])
	}
	for i := 2; i < len(data); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if i+3 >= len(data) {
				return nil, damaged(errors.New("half a UTF-16 pair"))
			}
			if r = utf16.DecodeRune(r, unit(i+2)); r == utf8.RuneError {
				return nil, damaged(errors.New("half a UTF-16 pair"))
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

// windows1252 is what the bytes 0x80 to 0x9f stand for; 0 is nothing.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// fromWindows1252 reads a text that is not UTF-8. One that mostly is, with a few wrong bytes, is refused: it was put together
// from two.
func fromWindows1252(data []byte) ([]byte, error) {
	good, bad, line := 0, 0, 1
	firstBad := 0
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			if bad++; bad == 1 {
				firstBad = line
			}
		case n > 1:
			good++
		case r == '\n':
			line++
		}
		i += n
	}
	if good > bad {
		return nil, rinnova.Fail(rinnova.Invalid, "Il file mescola due codifiche: è in UTF-8, ma alla riga %d no. Salvatelo di nuovo come CSV UTF-8.", firstBad)
	}
	out := make([]byte, 0, len(data)+len(data)/16)
	for i, b := range data {
		r := rune(b)
		if b >= 0x80 && b < 0xa0 {
			if r = windows1252[b-0x80]; r == 0 {
				return nil, rinnova.Fail(rinnova.Invalid, "Alla riga %d il file ha un carattere che nessun testo contiene (codice %d): non è un CSV, o è danneggiato.", bytes.Count(data[:i], []byte("\n"))+1, int(b))
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}
