package incremental

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Limits of a classic cross-reference table (ISO 32000-1, 7.5.4 and Annex C).
const (
	maxObject     = 8_388_607
	maxGeneration = 65_535
)

// maxEntries bounds the entries of all sections together, those that newer ones replace too: many times what a document of some
// hundred pages has, little enough for the memory.
const maxEntries = 500_000

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

// section is one cross-reference section with its trailer, of a table or of a stream.
type section struct {
	entries map[int]entry
	trailer Dict
	stream  bool
}

// sectionReader reads the sections of a file, within bounds for all of them.
type sectionReader struct {
	src      []byte
	lenient  bool
	entries  int // read so far
	unpacked int // bytes of the streams among them
	work     *work
}

// readTable reads the sections from the newest to the oldest; those that a hybrid file hides, and what is out of order as other
// readers read it, only where that is wanted.
func readTable(src []byte, lenient bool, w *work) (*table, error) {
	start, err := findStart(src, lenient)
	if err != nil {
		return nil, err
	}
	r := &sectionReader{src: src, lenient: lenient, work: w}
	sections, err := r.chain(start)
	if err != nil {
		return nil, err
	}
	if lenient {
		if err := r.addHidden(sections); err != nil {
			return nil, fmt.Errorf("hybrid cross-reference: %w", err)
		}
	}
	newest := sections[0]
	t := &table{entries: map[int]entry{}, start: start, trailer: newest.trailer, streams: newest.stream}
	for _, s := range sections {
		for n, e := range s.entries {
			if _, newer := t.entries[n]; !newer {
				t.entries[n] = e
			}
			t.next = max(t.next, n+1)
		}
	}
	return t, t.finish(len(src), lenient)
}

// finish sorts the offsets and checks the trailer.
func (t *table) finish(size int, lenient bool) error {
	for n, e := range t.entries {
		if e.free || e.container != 0 {
			continue
		}
		if e.offset >= size { // an update would put something there
			return fmt.Errorf("object %d: its offset %d lies behind the end", n, e.offset)
		}
		t.offsets = append(t.offsets, e.offset)
	}
	slices.Sort(t.offsets)
	return t.checkTrailer(lenient)
}

// chain reads the section at start and all that came before it.
func (r *sectionReader) chain(start int) ([]section, error) {
	var out []section
	seen := map[int]bool{}
	for at := start; ; {
		if seen[at] {
			return nil, fmt.Errorf("cross-reference sections form a ring at byte %d", at)
		}
		seen[at] = true
		s, err := r.section(at)
		if err != nil {
			return nil, fmt.Errorf("cross-reference section: %w", err)
		}
		out = append(out, s)
		prev, ok := s.trailer["Prev"]
		if !ok {
			return out, nil
		}
		n, ok := prev.(Integer)
		if !ok || n < 0 || n >= Integer(len(r.src)) {
			return nil, errors.New("trailer: bad /Prev")
		}
		at = int(n)
	}
}

// addHidden reads the stream sections to which those of a hybrid file refer, for objects that the table beside them does not
// give or calls free. Updates that copy the trailer name the same stream again: it belongs to the oldest that does.
func (r *sectionReader) addHidden(sections []section) error {
	seen := map[Object]bool{}
	for _, s := range slices.Backward(sections) {
		o, ok := s.trailer["XRefStm"]
		if !ok {
			continue
		}
		at, ok := o.(Integer)
		if !ok || at < 0 || at >= Integer(len(r.src)) {
			return errors.New("trailer: bad /XRefStm")
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		hidden, err := r.streamSection(&parser{src: r.src, pos: int(at), lenient: true, work: r.work})
		if err != nil {
			return err
		}
		maps.DeleteFunc(s.entries, func(n int, e entry) bool {
			h, ok := hidden.entries[n]
			return ok && e.free && !h.free
		})
		for n, e := range hidden.entries {
			if _, ok := s.entries[n]; !ok {
				s.entries[n] = e
			}
		}
	}
	return nil
}

// findStart reads the number between the last startxref and the end of the file.
func findStart(src []byte, lenient bool) (int, error) {
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
	if end := bytes.TrimSpace(src[p.pos:]); string(end) != "%%EOF" && !lenient {
		return 0, errors.New("the file does not end with %%EOF: cut short, or something was appended")
	}
	if lenient {
		start = nearby(src, start)
	}
	return start, nil
}

// nearby is where a section begins to which startxref points nearly: some programs count the end of the line before it.
func nearby(src []byte, at int) int {
	const near = 16
	from := max(0, at-near)
	window := src[from:min(len(src), at+near+len("xref"))]
	for i := bytes.Index(window, []byte("xref")); i >= 0; {
		if i+from == 0 || isSpace(src[i+from-1]) {
			return i + from
		}
		next := bytes.Index(window[i+1:], []byte("xref"))
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return at
}

// section reads one section and its trailer.
func (r *sectionReader) section(at int) (section, error) {
	p := &parser{src: r.src, pos: at, lenient: r.lenient, work: r.work}
	if !bytes.HasPrefix(r.src[at:], []byte("xref")) {
		return r.streamSection(p)
	}
	p.pos += len("xref")
	s := section{entries: map[int]entry{}}
	for {
		p.skipSpace()
		if c := p.peek(); c < '0' || c > '9' {
			break
		}
		if err := errors.Join(r.subsection(p, s), r.work.over()); err != nil {
			return section{}, err
		}
	}
	if err := p.keyword("trailer"); err != nil {
		return section{}, err
	}
	o, err := p.object()
	if err != nil {
		return section{}, fmt.Errorf("trailer: %w", err)
	}
	var ok bool
	if s.trailer, ok = o.(Dict); !ok {
		return section{}, errors.New("trailer: not a dictionary")
	}
	return s, nil
}

func (r *sectionReader) subsection(p *parser, s section) error {
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
		if err := r.add(s, n, e); err != nil {
			return err
		}
	}
	return nil
}

// add notes an entry; one that the section already gave stays.
func (r *sectionReader) add(s section, n int, e entry) error {
	if r.entries++; r.entries > maxEntries {
		return fmt.Errorf("more than %d entries", maxEntries)
	}
	if _, before := s.entries[n]; !before {
		s.entries[n] = e
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
func (t *table) checkTrailer(lenient bool) error {
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
	if _, ok := t.trailer["XRefStm"]; ok && !lenient {
		return errors.New("hybrid cross-reference (XRefStm) is not supported")
	}
	return nil
}
