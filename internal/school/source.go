package school

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"rinnova"
)

// The bounds of a registry file. The ministry's has 50,349 rows of about 350 bytes.
const (
	maxRecordBytes = 64 << 10
	maxFileBytes   = 1 << 30 // unpacked
)

// source is a CSV file that may be packed and is read row by row, never held whole.
type source struct {
	rows  *csv.Reader
	limit *limiter
	last  int // the line on which the last row that could be read ends
}

// open looks at the first bytes of r: gzip is unpacked whatever the file is called, a byte order mark is skipped, and
// what is not a CSV text at all is named.
func open(r io.Reader) (*source, error) {
	head := bufio.NewReaderSize(r, 16<<10)
	if first, _ := head.Peek(2); bytes.Equal(first, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(head)
		if err != nil {
			return nil, damaged(err)
		}
		head = bufio.NewReaderSize(z, 16<<10)
	}
	first, err := head.Peek(8 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, damaged(err)
	}
	switch {
	case len(bytes.TrimSpace(first)) == 0:
		return nil, rinnova.Fail(rinnova.Invalid, "Il file è vuoto.")
	case bytes.HasPrefix(first, []byte("PK\x03\x04")):
		return nil, rinnova.Fail(rinnova.Invalid, "Il file è un archivio ZIP o un foglio Excel. Serve il CSV dell’anagrafe delle scuole, anche compresso con gzip.")
	case bytes.HasPrefix(first, []byte{0xff, 0xfe}), bytes.HasPrefix(first, []byte{0xfe, 0xff}), bytes.IndexByte(first, 0) >= 0:
		return nil, rinnova.Fail(rinnova.Invalid, "Il file non è un testo UTF-8. Serve il CSV dell’anagrafe delle scuole così come lo pubblica il ministero.")
	}
	if bytes.HasPrefix(first, []byte("\xef\xbb\xbf")) {
		if _, err := head.Discard(3); err != nil {
			return nil, damaged(err)
		}
	}
	return newSource(head, bytes.TrimPrefix(first, []byte("\xef\xbb\xbf")))
}

// newSource reads rows; first is the beginning of what head gives.
func newSource(head *bufio.Reader, first []byte) (*source, error) {
	var plain io.Reader = head
	if at := bytes.IndexAny(first, "\r\n"); at >= 0 && first[at] == '\r' && !bytes.HasPrefix(first[at:], []byte("\r\n")) {
		plain, first = oldMac{head}, bytes.ReplaceAll(first, []byte("\r"), []byte("\n"))
	}
	limit := &limiter{r: plain}
	s := &source{rows: csv.NewReader(limit), limit: limit}
	s.rows.Comma, s.rows.ReuseRecord = separator(first), true
	if m := sepMark.FindSubmatch(first); m != nil { // Excel's own mark: a line before the header
		s.rows.Comma = rune(m[1][0])
		s.rows.FieldsPerRecord = -1
		if _, _, err := s.next(); err != nil {
			return nil, err
		}
		s.rows.FieldsPerRecord = 0
	}
	return s, nil
}

var sepMark = regexp.MustCompile(`(?i)^"?sep=([,;|\t])[,;|\t "]*\r?\n`)

// oldMac is a text whose lines end in a carriage return, as old Macs wrote them; the last one may end otherwise.
type oldMac struct{ r io.Reader }

func (m oldMac) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// swallowed tells whether a field of several lines holds as many separators as a whole row: quotes that do not close where they
// should have taken in another row.
func (s *source) swallowed(row []string) bool {
	return slices.ContainsFunc(row, func(f string) bool {
		return strings.Contains(f, "\n") && strings.Count(f, string(s.rows.Comma)) >= len(row)-1
	})
}

// separator is the comma of the ministry's files, or the semicolon that Italian spreadsheets save.
func separator(first []byte) rune {
	line, _, _ := bytes.Cut(first, []byte("\n"))
	if bytes.Count(line, []byte(";")) > bytes.Count(line, []byte(",")) {
		return ';'
	}
	return ','
}

// next reads a row; what it returns is good until the next call. It returns io.EOF at the end, a csv.ParseError for a
// row that cannot be read and can be passed over, and a rinnova.Error where reading cannot go on.
func (s *source) next() (row []string, line int, err error) {
	s.limit.record = 0
	row, err = s.rows.Read()
	if s.limit.tripped {
		return nil, 0, rinnova.Fail(rinnova.Invalid, "Dalla riga %d il file non si può leggere: una riga è troppo lunga, forse per delle virgolette che non si chiudono.", s.last+1)
	}
	if err == nil {
		line, _ = s.rows.FieldPos(0)
		s.last, _ = s.rows.FieldPos(len(row) - 1)
		return row, line, nil
	}
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		s.last = parse.Line
		return row, parse.StartLine, err
	}
	if errors.Is(err, io.EOF) {
		return nil, 0, io.EOF
	}
	return nil, 0, damaged(err)
}

// limiter bounds what one row, and the whole file, can take.
type limiter struct {
	r       io.Reader
	record  int // bytes read since the row began, up to a buffer more
	total   int64
	tripped bool
}

func (l *limiter) Read(p []byte) (int, error) {
	if l.record > maxRecordBytes || l.total > maxFileBytes {
		l.tripped = true
		return 0, io.ErrUnexpectedEOF
	}
	n, err := l.r.Read(p)
	l.record += n
	l.total += int64(n)
	return n, err
}

func damaged(err error) error {
	return rinnova.Fail(rinnova.Invalid, "Il file è danneggiato o incompleto. Scaricatelo di nuovo.").Because(fmt.Errorf("reading the registry: %w", err))
}
