// Package incremental changes a PDF file by appending to it (ISO 32000-1, 7.5.6): the bytes of the base file stay,
// new and replaced objects follow with a cross-reference section of their own. It is how a document is signed, and signed
// again without breaking the first signature. Its objects also serve to write a file whole, see Append.
//
// It reads files with cross-reference tables or streams, and objects in object streams, without encryption; it goes on
// with the kind of section that the file ends with. Open, whose files are continued, repairs nothing: what is out of order is an
// error, and so are hybrid files, which show two contents to two readers. Read, whose files are only looked at, reads what other
// readers read, and Everything shows what stands anywhere in a file. Input may be hostile: reading never panics, and no file makes
// more work (ErrTooMuch) or unpacks to more than any document does.
//
//	u, err := incremental.Open(base)
//	catalog, err := u.Dict(u.Root())
//	catalog["Metadata"] = u.Add(&incremental.Stream{Data: xmp})
//	u.Set(u.Root(), catalog)
//	out, _ := u.Bytes()
package incremental

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Update is a base file and the changes to append to it. It is not safe for use from several goroutines.
type Update struct {
	base    []byte
	table   *table
	changed map[Ref]Object
	info    Ref
	id      [2]HexString // zero: derive

	containers map[int]*container // object streams by number; nil for one that is being read or cannot be
	unpacked   int                // bytes in them
	work       *work

	// Of a file that is only looked at:
	lenient  bool
	repaired bool // its cross-reference is not what it says but what was found
	before   int  // bytes of the file before base
}

// ErrEncrypted says that a file cannot be read without a password or a key.
var ErrEncrypted = errors.New("the file is encrypted")

// Open reads the cross-reference of base, which must not be changed as long as the Update is in use.
func Open(base []byte) (*Update, error) {
	if !bytes.HasPrefix(base, []byte("%PDF-")) {
		return nil, errors.New("pdf: the file does not start with %PDF-")
	}
	w := newWork(context.Background())
	t, err := readTable(base, false, w)
	if err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return newUpdate(base, t, w), nil
}

func newUpdate(base []byte, t *table, w *work) *Update {
	u := &Update{base: base, table: t, changed: map[Ref]Object{}, containers: map[int]*container{}, work: w}
	u.info, _ = t.trailer["Info"].(Ref)
	return u
}

// Root is the catalog.
func (u *Update) Root() Ref { return u.table.trailer["Root"].(Ref) } // checked by readTable

// Info is the document information dictionary that the trailer names, the zero Ref where there is none. It is not
// looked at: there are programs that name something else here, and SetInfo puts that right.
func (u *Update) Info() Ref { return u.info }

// SetInfo makes r the document information dictionary; the zero Ref takes /Info out of the trailer.
func (u *Update) SetInfo(r Ref) { u.info = r }

// ID returns the permanent identifier of the base file, empty where it has none.
func (u *Update) ID() []byte {
	if a, ok := u.table.trailer["ID"].(Array); ok && len(a) == 2 {
		b, _ := StringBytes(a[0])
		return b
	}
	return nil
}

// SetID sets the file identifier (14.4): permanent for all revisions of a document, changing for this one.
// Without it the permanent part of the base is kept, and what is missing comes from the SHA-256 of the content, so
// that the same input gives the same file.
func (u *Update) SetID(permanent, changing []byte) {
	u.id = [2]HexString{HexString(permanent), HexString(changing)}
}

// StringBytes returns the bytes of a String or HexString.
func StringBytes(o Object) ([]byte, bool) {
	switch s := o.(type) {
	case String:
		return []byte(s), true
	case HexString:
		return []byte(s), true
	}
	return nil, false
}

// Refs lists the objects in use, changed ones included, in ascending order.
func (u *Update) Refs() []Ref {
	var out []Ref
	for n, e := range u.table.entries {
		if r := (Ref{n, e.generation}); !e.free && u.changed[r] == nil {
			out = append(out, r)
		}
	}
	return sortRefs(slices.AppendSeq(out, maps.Keys(u.changed)))
}

func sortRefs(rs []Ref) []Ref {
	slices.SortFunc(rs, func(a, b Ref) int { return a.Number - b.Number })
	return rs
}

// Offset is where object r stands in the file; ok is false where it does not, or stands in an object stream.
func (u *Update) Offset(r Ref) (at int, ok bool) {
	e, ok := u.table.entries[r.Number]
	return e.offset + u.before, ok && !e.free && e.container == 0 && e.generation == r.Generation
}

// Get returns object r: what was set last, else what the base has, read anew at each call; Null where there is no
// such object (7.3.10). To change an object, change it and Set it.
func (u *Update) Get(r Ref) (Object, error) {
	if o, ok := u.changed[r]; ok {
		return o, nil
	}
	o, err := u.read(r, true)
	if err != nil && u.repair() {
		o, err = u.read(r, true)
	}
	if err != nil {
		return nil, fmt.Errorf("pdf: object %s: %w", r, err)
	}
	return o, nil
}

// Dict returns object r, which must be a dictionary.
func (u *Update) Dict(r Ref) (Dict, error) {
	o, err := u.Get(r)
	if err != nil {
		return nil, err
	}
	d, ok := o.(Dict)
	if !ok {
		return nil, fmt.Errorf("pdf: object %s is not a dictionary", r)
	}
	return d, nil
}

// Resolve returns o, or the object that o refers to.
func (u *Update) Resolve(o Object) (Object, error) {
	r, ok := o.(Ref)
	if !ok {
		return o, nil
	}
	got, err := u.Get(r)
	if _, again := got.(Ref); again {
		return nil, fmt.Errorf("pdf: object %s is itself a reference", r)
	}
	return got, err
}

// read parses object r of the base. A stream's length may be an object of its own; that one must not be a stream,
// or two streams could ask for each other for ever.
func (u *Update) read(r Ref, streams bool) (Object, error) {
	if e := u.table.entries[r.Number]; e.container != 0 && r.Generation == 0 {
		return u.compressed(r.Number, e)
	}
	at, ok := u.Offset(r)
	if !ok {
		return Null{}, nil
	}
	at -= u.before
	p := &parser{src: u.base[:u.table.end(at, len(u.base))], pos: at, lenient: u.lenient, work: u.work}
	number, err1 := p.natural()
	generation, err2 := p.natural()
	if err := errors.Join(err1, err2, p.keyword("obj")); err != nil {
		return nil, fmt.Errorf("not found at byte %d: %w", at, err)
	}
	if (Ref{number, generation}) != r {
		return nil, fmt.Errorf("byte %d has object %d %d", at, number, generation)
	}
	o, err := p.object()
	if err != nil {
		return nil, err
	}
	if d, ok := o.(Dict); ok && streams {
		if o, err = u.stream(p, d); err != nil {
			return nil, err
		}
	}
	if u.lenient {
		return o, nil // nobody misses the word endobj
	}
	return o, p.keyword("endobj")
}

// stream reads the bytes that may follow d, else it returns d.
func (u *Update) stream(p *parser, d Dict) (Object, error) {
	after := p.pos
	if p.regular() != "stream" {
		p.pos = after
		return d, nil
	}
	length := d["Length"]
	if r, ok := length.(Ref); ok {
		var err error
		if length, err = u.read(r, false); err != nil && !u.lenient {
			return nil, fmt.Errorf("length of the stream: %w", err)
		}
	}
	data, err := p.streamData(length)
	if err != nil {
		return nil, err
	}
	return &Stream{d, data}, nil
}

// streamData reads the bytes of a stream behind the keyword stream.
func (p *parser) streamData(length Object) ([]byte, error) {
	start := p.pos
	if n, ok := length.(Integer); ok && n >= 0 && n <= Integer(len(p.src)-p.pos) {
		if data, err := p.streamDataOf(int(n)); err == nil || !p.lenient {
			return data, err
		}
	}
	if !p.lenient {
		return nil, p.errorf("bad /Length of a stream")
	}
	end := bytes.Index(p.src[start:], []byte("endstream"))
	if end < 0 {
		p.work.spend(len(p.src) - start)
		return nil, p.errorf("a stream without end")
	}
	p.work.spend(end)
	p.pos = start
	p.endOfLine()
	data := p.src[p.pos:max(p.pos, start+end)]
	p.pos = start + end + len("endstream")
	return bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r")), nil
}

// streamDataOf reads n bytes of a stream, and the keyword behind them.
func (p *parser) streamDataOf(n int) ([]byte, error) {
	if !p.endOfLine() && !p.lenient {
		return nil, p.errorf("no end of line after stream")
	}
	if n > len(p.src)-p.pos {
		return nil, p.errorf("bad /Length of a stream")
	}
	data := p.src[p.pos : p.pos+n : p.pos+n]
	p.pos += n
	return data, p.keyword("endstream")
}

// endOfLine passes over the end of the line; false where there is none.
func (p *parser) endOfLine() bool {
	if p.peek() == '\r' {
		p.pos++
	}
	if p.peek() != '\n' {
		return false
	}
	p.pos++
	return true
}

// Set replaces object r, or gives a reserved one its value. The value may be changed until Bytes is called.
func (u *Update) Set(r Ref, o Object) {
	u.table.next = max(u.table.next, r.Number+1)
	if o == nil {
		o = Null{}
	}
	u.changed[r] = o
}

// Reserve takes the next free object number, for objects that refer to each other. Set gives it a value; until then
// it is null.
func (u *Update) Reserve() Ref {
	r := Ref{Number: u.table.next}
	u.table.next++
	return r
}

// Add appends a new object.
func (u *Update) Add(o Object) Ref {
	r := u.Reserve()
	u.Set(r, o)
	return r
}

// Bytes writes the base and the changes, the changed objects in ascending order. The map says at which byte of the
// result each changed object's value starts, just after "n g obj".
func (u *Update) Bytes() ([]byte, map[Ref]int) {
	b := append(make([]byte, 0, len(u.base)+len(u.base)/4+4096), u.base...)
	if b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	values := make(map[Ref]int, len(u.changed))
	refs := sortRefs(slices.Collect(maps.Keys(u.changed)))
	offsets := make([]int, len(refs))
	for i, r := range refs {
		offsets[i] = len(b)
		b = strconv.AppendInt(b, int64(r.Number), 10)
		b = append(b, ' ')
		b = strconv.AppendInt(b, int64(r.Generation), 10)
		b = append(b, " obj\n"...)
		values[r] = len(b)
		b = u.changed[r].appendTo(b)
		b = append(b, "\nendobj\n"...)
	}
	start := len(b)
	if u.table.streams {
		b = u.appendStreamSection(b, refs, offsets)
	} else {
		b = appendSection(b, refs, offsets)
		b = append(b, "trailer\n"...)
		b = u.trailer(b).appendTo(b)
	}
	b = append(b, "\nstartxref\n"...)
	b = strconv.AppendInt(b, int64(start), 10)
	return append(b, "\n%%EOF\n"...), values
}

// appendSection writes the cross-reference of refs, which ascend; neighbours share a subsection. Object 0 comes
// first, as in the example of Annex H.7: some readers expect it.
func appendSection(b []byte, refs []Ref, offsets []int) []byte {
	b = append(b, "xref\n0 1\n0000000000 65535 f \n"...)
	for i := 0; i < len(refs); {
		end := i + 1
		for end < len(refs) && refs[end].Number == refs[end-1].Number+1 {
			end++
		}
		b = fmt.Appendf(b, "%d %d\n", refs[i].Number, end-i)
		for ; i < end; i++ {
			b = appendPadded(b, offsets[i], 10)
			b = append(b, ' ')
			b = appendPadded(b, refs[i].Generation, 5)
			b = append(b, " n \n"...)
		}
	}
	return b
}

// appendPadded writes a number with leading zeros.
func appendPadded(b []byte, n, width int) []byte {
	for limit := 10; width > 1; width-- {
		if n < limit {
			b = append(b, '0')
		}
		limit *= 10
	}
	return strconv.AppendInt(b, int64(n), 10)
}

// trailer continues the base's trailer; written is the file so far.
func (u *Update) trailer(written []byte) Dict {
	d := u.table.trailer.Clone()
	d["Size"] = Integer(u.table.next)
	d["Prev"] = Integer(u.table.start)
	delete(d, "Info")
	if !u.info.IsZero() {
		d["Info"] = u.info
	}
	id := u.id
	if id[0] == "" {
		id[0] = HexString(u.ID())
	}
	if id[0] == "" || id[1] == "" {
		sum := sha256.Sum256(written)
		if id[1] = HexString(sum[:16]); id[0] == "" {
			id[0] = id[1]
		}
	}
	d["ID"] = Array{id[0], id[1]}
	return d
}
