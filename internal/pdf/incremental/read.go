package incremental

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
)

// Read opens a file that somebody else has made, only to look at it, as other readers do: hybrid files (7.5.8.4), as word
// processors write them, with what they hide; files with something before their first or behind their last byte (Margins); files
// whose cross-reference is out of order, by the objects that are found in them. A file that ends before its end is an error: what
// is missing might matter. Nothing must be appended to what it returns. It ends, as all that is read from what it returns, with the
// error of ctx or with ErrTooMuch.
func Read(ctx context.Context, file []byte) (*Update, error) {
	return read(file, newWork(ctx))
}

func read(file []byte, w *work) (*Update, error) {
	before, behind, err := Margins(file)
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	file = file[:len(file)-behind]
	u, err := readAt(file, before, w)
	if err == nil || errors.Is(err, ErrEncrypted) {
		return u, err
	}
	if before > 0 { // there are programs that count from the first byte, whatever it is
		if u, err := readAt(file, 0, w); err == nil || errors.Is(err, ErrEncrypted) {
			return u, err
		}
	}
	t, found := found(file[before:], w)
	if found != nil {
		return nil, fmt.Errorf("%w; searched: %w", err, found)
	}
	u = lookedAt(file, before, t, w)
	u.repaired = true
	if _, found := u.Dict(u.Root()); found != nil {
		return nil, fmt.Errorf("%w; searched: %w", err, found)
	}
	return u, nil
}

// readAt reads a file by its cross-reference, which counts from byte before.
func readAt(file []byte, before int, w *work) (*Update, error) {
	t, err := readTable(file[before:], true, w)
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	u := lookedAt(file, before, t, w)
	_, err = u.Dict(u.Root())
	return u, err
}

func lookedAt(file []byte, before int, t *table, w *work) *Update {
	u := newUpdate(file[before:], t, w)
	u.lenient, u.before = true, before
	return u
}

// Before is how many bytes of the file come before its first one.
func (u *Update) Before() int { return u.before }

// ParseObject reads one object that is all of b, as Read reads them.
func ParseObject(b []byte) (Object, error) {
	p := &parser{src: b, lenient: true}
	o, err := p.object()
	if err == nil && p.pos < len(b) {
		err = p.errorf("something behind the object")
	}
	return o, err
}

// repair lets what was found in the file count in the place of what its cross-reference says, once.
func (u *Update) repair() bool {
	if !u.lenient || u.repaired {
		return false
	}
	u.repaired = true
	t, err := found(u.base, u.work)
	if err != nil {
		return false
	}
	u.table, u.containers = t, map[int]*container{}
	return true
}

// maxMargin is how much may stand before a file's first and behind its last byte: as much as other readers look at.
const maxMargin = 1024

// startAtEnd is the end of a file that lacks nothing but the mark of the end.
var startAtEnd = regexp.MustCompile(`[\r\n]startxref\s+\d+\s*$`)

// Margins are how many bytes of a file do not belong to it: those before %PDF- and those behind %%EOF, white space apart.
func Margins(file []byte) (before, behind int, err error) {
	before = bytes.Index(file[:min(len(file), maxMargin+len("%PDF-"))], []byte("%PDF-"))
	if before < 0 {
		return 0, 0, errors.New("no %PDF- at the beginning")
	}
	const blanks = "\x00\t\n\f\r "
	used := bytes.TrimRight(file, blanks)
	tail := used[max(0, len(used)-maxMargin-len("%%EOF")):]
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	switch {
	case end < 0 && startAtEnd.Match(tail):
		return before, 0, nil
	case end < 0:
		return 0, 0, errors.New("no %%EOF at the end: cut short, or something was appended")
	case len(bytes.TrimLeft(tail[end+len("%%EOF"):], blanks)) > 0:
		behind = len(file) - len(used) + len(tail) - end - len("%%EOF")
	}
	return before, behind, nil
}
