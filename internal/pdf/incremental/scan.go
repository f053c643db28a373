package incremental

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Piece is something that stands in a file: an object, a trailer, or the names in what cannot be read.
type Piece struct {
	Number int    // of the object; 0 where it has none
	Object Object // nil where it cannot be read
	Names  []Name // those in an object that cannot be read

	generation, start int // start is -1 in an object stream
	container, index  int
}

// ErrOpaque says that a file has object streams that cannot be unpacked, or not within bounds.
var ErrOpaque = errors.New("an object stream cannot be unpacked")

// Everything shows each object that stands anywhere in a file: in all its revisions and object streams, whether or not something
// refers to it. It goes by the bytes alone, so that no reader finds an object that it does not show. It ends with the error of ctx or
// with ErrTooMuch.
func Everything(ctx context.Context, file []byte, see func(Piece)) error {
	return everything(file, newWork(ctx), see)
}

func everything(file []byte, w *work, see func(Piece)) error {
	s := &scan{src: file, see: see, work: w}
	return s.run()
}

// scan goes through a file.
type scan struct {
	src      []byte
	see      func(Piece)
	end      int // of the stream that was looked for last; -1: there is none any more
	unpacked int
	work     *work
}

// run shows objects and trailers in the order in which they stand.
func (s *scan) run() error {
	at, ok := s.next(0)
	for ok {
		next, more := s.next(at.at)
		limit := len(s.src)
		if more {
			limit = next.start
		}
		if err := errors.Join(s.object(at, limit), s.work.over()); err != nil {
			return err
		}
		at, ok = next, more
	}
	return nil
}

// place is where an object may begin: behind "12 0 obj", or behind "trailer".
type place struct{ number, generation, start, at int }

var wordObj, wordTrailer = []byte("obj"), []byte("trailer")

// next finds the next place at or behind from.
func (s *scan) next(from int) (place, bool) {
	for floor := from; ; {
		i := bytes.IndexAny(s.src[from:], "jt") // for the two words at once
		if i < 0 {
			return place{}, false
		}
		i += from
		from = i + 1
		switch {
		case s.src[i] == 't' && bytes.HasPrefix(s.src[i:], wordTrailer):
			return place{start: i, at: i + len(wordTrailer)}, true
		case s.src[i] == 'j' && i >= floor+2 && bytes.Equal(s.src[i-2:i+1], wordObj):
			if p, ok := s.header(floor, i-2); ok {
				return p, true
			}
			floor = from
		}
	}
}

// header reads the numbers before the word obj at byte at, but not before floor. Behind a comment their place is unknown.
func (s *scan) header(floor, at int) (place, bool) {
	back := func(to int, is func(byte) bool) int {
		for to > floor && is(s.src[to-1]) {
			to--
		}
		return to
	}
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	blank := back(at, isSpace)
	generation := back(blank, digit)
	between := back(generation, isSpace)
	number := back(between, digit)
	p := &parser{src: s.src[:at], pos: number}
	n, err1 := p.natural()
	g, err2 := p.natural()
	switch {
	case err1 == nil && err2 == nil && between < generation && n <= maxObject && g <= maxGeneration:
		return place{n, g, number, at + len(wordObj)}, true
	case bytes.IndexByte(s.src[max(floor, at-maxToken):at], '%') >= 0 && !bytes.HasSuffix(s.src[floor:at], []byte("end")):
		return place{start: at, at: at + len(wordObj)}, true
	}
	return place{}, false
}

// object shows what stands at a place, which ends before limit, and the objects in it where it is an object stream.
func (s *scan) object(at place, limit int) error {
	p := &parser{src: s.src[:limit], pos: at.at, lenient: true, work: s.work}
	o, err := p.object()
	piece := Piece{Number: at.number, Object: o, generation: at.generation, start: at.start}
	if err != nil {
		piece.Object, piece.Names = nil, names(s.src[at.at:limit], s.work)
	}
	d, _ := o.(Dict)
	isStream := err == nil && d != nil && p.regular() == "stream"
	if isStream {
		piece.Object = &Stream{Dict: d}
	}
	s.see(piece)
	for _, o := range p.shadowed {
		s.see(Piece{Object: o})
	}
	if isStream && d["N"] != nil && d["First"] != nil {
		return s.container(at.number, d, p.pos)
	}
	return nil
}

// container shows the objects in an object stream whose bytes begin behind the word stream at byte at.
func (s *scan) container(number int, d Dict, at int) error {
	raw := (&Stream{d, s.data(at, d["Length"])})
	data, err := raw.decode(s.work)
	if err := s.work.over(); err != nil {
		return err
	}
	if s.unpacked += len(data) + len(raw.Data); s.unpacked > 2*maxUnpackedAll || err != nil {
		return fmt.Errorf("%w: %w", ErrOpaque, errors.Join(err, errors.New("or it is too large")))
	}
	c, err := openContainer(d, data, s.work)
	if errors.Is(err, errShared) {
		return fmt.Errorf("%w: %w", ErrOpaque, err)
	}
	if err != nil {
		s.see(Piece{Names: names(data, s.work)})
		return nil
	}
	for i, start := range c.starts {
		if err := s.work.over(); err != nil {
			return err
		}
		end := len(data)
		if k, _ := slices.BinarySearch(c.sorted, start+1); k < len(c.sorted) {
			end = c.sorted[k]
		}
		p := &parser{src: data[:end], pos: start, lenient: true, work: s.work}
		o, err := p.object()
		piece := Piece{Number: c.numbers[i], Object: o, start: -1, container: number, index: i}
		if err != nil {
			piece.Object, piece.Names = nil, names(data[start:end], s.work)
		}
		s.see(piece)
		for _, o := range p.shadowed {
			s.see(Piece{Object: o})
		}
	}
	return nil
}

// data is the bytes of a stream: of the length that it tells where the word endstream follows, else up to that word.
func (s *scan) data(at int, length Object) []byte {
	p := &parser{src: s.src, pos: at, lenient: true, work: s.work}
	if n, ok := length.(Integer); ok && n >= 0 && n <= Integer(len(s.src)-at) {
		q := *p
		if b, err := q.streamDataOf(int(n)); err == nil {
			return b
		}
	}
	if s.end >= 0 && s.end < at {
		if s.end = bytes.Index(s.src[at:], []byte("endstream")); s.end >= 0 {
			s.end += at
		}
	}
	end := len(s.src)
	if s.end >= at {
		end = s.end
	}
	return bytes.TrimLeft(s.src[at:end], "\r\n")
}

// names are the names in bytes that cannot be read as an object: whatever follows a slash.
func names(b []byte, w *work) []Name {
	var out []Name
	w.spend(len(b))
	p := &parser{src: b, lenient: true}
	for {
		i := bytes.IndexByte(b[p.pos:], '/')
		if i < 0 || len(out) == maxValues {
			return out
		}
		p.pos += i
		if n, err := p.name(); err == nil {
			out = append(out, n.(Name))
		}
	}
}

// found makes a cross-reference of the objects that are found in a file, of which the last with a number counts, and of the last
// trailer that names a catalog.
func found(src []byte, w *work) (*table, error) {
	if i := bytes.LastIndex(src, []byte("%%EOF")); i > 0 && bytes.Contains(src[:i], []byte("%%EOF")) && bytes.Contains(src[1:], []byte("\n%PDF-")) {
		return nil, errors.New("two files, one behind the other")
	}
	t := &table{entries: map[int]entry{}}
	catalog, encrypted := Ref{}, false
	see := func(p Piece) {
		d, isDict := p.Object.(Dict)
		if s, ok := p.Object.(*Stream); ok && s.Dict["Type"] == Name("XRef") {
			d = s.Dict
		}
		if _, ok := d["Root"].(Ref); ok {
			t.trailer = d
		}
		encrypted = encrypted || d["Encrypt"] != nil && (p.Number == 0 || !isDict)
		if p.Number == 0 || p.Number > maxObject || len(t.entries) >= maxEntries {
			return
		}
		t.next = max(t.next, p.Number+1)
		if p.start < 0 {
			t.entries[p.Number] = entry{container: p.container, index: p.index}
			return
		}
		t.entries[p.Number] = entry{offset: p.start, generation: p.generation}
		if d["Type"] == Name("Catalog") {
			catalog = Ref{p.Number, p.generation}
		}
	}
	if err := everything(src, w, see); err != nil {
		return nil, err
	}
	if t.trailer == nil && !catalog.IsZero() {
		t.trailer = Dict{"Root": catalog}
	}
	if encrypted {
		return nil, ErrEncrypted
	}
	t.trailer = maps.Clone(t.trailer)
	if t.trailer == nil {
		return nil, errors.New("no catalog")
	}
	t.trailer["Size"] = Integer(min(t.next, maxObject))
	delete(t.trailer, "XRefStm")
	return t, t.finish(len(src), true)
}
