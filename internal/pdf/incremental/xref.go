package incremental

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// Limits of a classic cross-reference table (ISO 32000-1, 7.5.4 and Annex C).
const (
	maxObject     = 8_388_607
	maxGeneration = 65_535
)

// entry says where an object stands, or that it is free. An object in an object stream has the number of that stream
// and its place there instead of an offset.
type entry struct {
	offset     int
	generation int
	free       bool
	container  int
	index      int
}

// table is the cross-reference of a file: all its revisions, the newest of each object, and the newest trailer.
type table struct {
	entries map[int]entry
	trailer Dict
	offsets []int // of all objects in use outside object streams, ascending
	start   int   // byte offset of the newest section
	next    int   // first object number that was never used
	streams bool  // the newest section is a stream
}

// end is where the object at offset at must have ended: where the next one starts. So no byte belongs to two
// objects, and reading all of them takes time in proportion to the file.
func (t *table) end(at, size int) int {
	i, _ := slices.BinarySearch(t.offsets, at+1)
	if i < len(t.offsets) && t.offsets[i] < size {
		return t.offsets[i]
	}
	return size
}

// readTable reads the sections from the newest to the oldest; those of a hybrid file only where that is wanted.
func readTable(src []byte, hybrid bool) (*table, error) {
	start, err := findStart(src)
	if err != nil {
		return nil, err
	}
	t := &table{entries: map[int]entry{}, start: start}
	seen := map[int]bool{}
	for at := start; ; {
		if seen[at] {
			return nil, fmt.Errorf("cross-reference sections form a ring at byte %d", at)
		}
		seen[at] = true
		trailer, err := t.readSection(src, at)
		if err != nil {
			return nil, fmt.Errorf("cross-reference section: %w", err)
		}
		if t.trailer == nil {
			t.trailer = trailer
		}
		if hybrid {
			if err := t.readHidden(src, trailer, seen); err != nil {
				return nil, fmt.Errorf("hybrid cross-reference: %w", err)
			}
		}
		prev, ok := trailer["Prev"]
		if !ok {
			break
		}
		n, ok := prev.(Integer)
		if !ok || n < 0 || n >= Integer(len(src)) {
			return nil, errors.New("trailer: bad /Prev")
		}
		at = int(n)
	}
	for n, e := range t.entries {
		if e.free || e.container != 0 {
			continue
		}
		if e.offset >= len(src) { // an update would put something there
			return nil, fmt.Errorf("object %d: its offset %d lies behind the end", n, e.offset)
		}
		t.offsets = append(t.offsets, e.offset)
	}
	slices.Sort(t.offsets)
	return t, t.checkTrailer(hybrid)
}

// readHidden reads the stream section to which a hybrid file's table section refers: objects that the table does not give.
func (t *table) readHidden(src []byte, trailer Dict, seen map[int]bool) error {
	o, ok := trailer["XRefStm"]
	if !ok {
		return nil
	}
	at, ok := o.(Integer)
	if !ok || at < 0 || at >= Integer(len(src)) || seen[int(at)] {
		return errors.New("trailer: bad /XRefStm")
	}
	seen[int(at)] = true
	_, err := t.readStreamSection(&parser{src: src, pos: int(at)})
	return err
}

// findStart reads the number between the last startxref and the end of the file.
func findStart(src []byte) (int, error) {
	i := bytes.LastIndex(src, []byte("startxref"))
	if i < 0 {
		return 0, errors.New("no startxref: not a PDF file, or cut short")
	}
	p := &parser{src: src, pos: i + len("startxref")}
	start, err := p.natural()
	if err != nil {
		return 0, fmt.Errorf("startxref: %w", err)
	}
	if start >= len(src) {
		return 0, fmt.Errorf("startxref points to byte %d of %d", start, len(src))
	}
	if string(bytes.TrimSpace(src[p.pos:])) != "%%EOF" {
		return 0, errors.New("the file does not end with %%EOF: cut short, or something was appended")
	}
	return start, nil
}

// readSection reads one section and its trailer; entries that a newer section already gave stay.
func (t *table) readSection(src []byte, at int) (Dict, error) {
	p := &parser{src: src, pos: at}
	if !bytes.HasPrefix(src[at:], []byte("xref")) {
		t.streams = t.streams || t.trailer == nil
		return t.readStreamSection(p)
	}
	p.pos += len("xref")
	for {
		p.skipSpace()
		if c := p.peek(); c < '0' || c > '9' {
			break
		}
		if err := t.readSubsection(p); err != nil {
			return nil, err
		}
	}
	if err := p.keyword("trailer"); err != nil {
		return nil, err
	}
	o, err := p.object()
	if err != nil {
		return nil, fmt.Errorf("trailer: %w", err)
	}
	d, ok := o.(Dict)
	if !ok {
		return nil, errors.New("trailer: not a dictionary")
	}
	return d, nil
}

func (t *table) readSubsection(p *parser) error {
	first, err := p.natural()
	if err != nil {
		return err
	}
	count, err := p.natural()
	if err != nil {
		return err
	}
	if first > maxObject || count > maxObject || first+count > maxObject+1 {
		return p.errorf("object number above %d", maxObject)
	}
	for n := first; n < first+count; n++ {
		e, err := readEntry(p)
		if err != nil {
			return fmt.Errorf("object %d: %w", n, err)
		}
		if _, newer := t.entries[n]; !newer {
			t.entries[n] = e
		}
		t.next = max(t.next, n+1)
	}
	return nil
}

func readEntry(p *parser) (entry, error) {
	offset, err := p.natural()
	if err != nil {
		return entry{}, err
	}
	generation, err := p.natural()
	if err != nil {
		return entry{}, err
	}
	switch p.regular() {
	case "n":
		return entry{offset: offset, generation: generation}, nil
	case "f":
		return entry{offset: offset, generation: generation, free: true}, nil
	}
	return entry{}, p.errorf("want n or f")
}

// checkTrailer refuses what an update cannot continue, and takes the next free number from /Size.
func (t *table) checkTrailer(hybrid bool) error {
	size, ok := t.trailer["Size"].(Integer)
	if !ok || size < 1 || size > maxObject {
		return errors.New("trailer: bad /Size")
	}
	t.next = max(t.next, int(size))
	if r, ok := t.trailer["Root"].(Ref); !ok || r.IsZero() {
		return errors.New("trailer: no /Root")
	}
	if _, ok := t.trailer["Encrypt"]; ok {
		return ErrEncrypted
	}
	if _, ok := t.trailer["XRefStm"]; ok && !hybrid {
		return errors.New("hybrid cross-reference (XRefStm) is not supported")
	}
	return nil
}
