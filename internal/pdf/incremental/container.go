package incremental

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Bounds of what is unpacked from a file, so that a small hostile one does not become a large one in memory.
const (
	maxUnpacked    = 16 << 20 // one stream
	maxUnpackedAll = 64 << 20 // all object streams of a file
)

// decode returns the bytes of a stream without its filters; what each of them gives counts.
func (s *Stream) decode(w *work) ([]byte, error) {
	filters, parameters := listed(s.Dict["Filter"]), listed(s.Dict["DecodeParms"])
	if len(filters) > 4 {
		return nil, errors.New("more filters than any stream has")
	}
	data, err := s.Data, error(nil)
	for i, f := range filters {
		var p Dict
		if i < len(parameters) {
			p, _ = parameters[i].(Dict)
		}
		if data, err = unfiltered(data, f, p); err != nil {
			return nil, err
		}
		w.spend(len(data))
		if len(data) > maxUnpacked {
			return nil, errors.New("a stream is too large unpacked")
		}
	}
	return data, w.over()
}

// listed is the members of an array, or what is not an array alone, or nothing.
func listed(o Object) []Object {
	switch o := o.(type) {
	case nil, Null:
		return nil
	case Array:
		return o
	}
	return []Object{o}
}

// unfiltered undoes one filter (7.4): those in which real programs write what is read here.
func unfiltered(data []byte, filter Object, p Dict) ([]byte, error) {
	switch filter {
	case Name("FlateDecode"):
		data, err := inflate(data)
		if err != nil {
			return nil, err
		}
		return predicted(data, p)
	case Name("ASCIIHexDecode"):
		end := bytes.IndexByte(data, '>')
		if end < 0 {
			end = len(data)
		}
		o, err := (&parser{src: append(append([]byte{'<'}, data[:end]...), '>')}).hex()
		b, _ := StringBytes(o)
		return b, err
	case Name("ASCII85Decode"):
		data, _, _ = bytes.Cut(bytes.TrimSpace(data), []byte("~>"))
		return io.ReadAll(ascii85.NewDecoder(bytes.NewReader(data)))
	}
	return nil, fmt.Errorf("filter %v is not supported", filter)
}

// inflate undoes FlateDecode. As others do it asks for no checksum at the end, which some programs leave away, and takes what
// there is of a stream that was cut: who reads it looks for what is missing.
func inflate(b []byte) ([]byte, error) {
	if len(b) < 2 || b[0]&0x0f != 8 || (int(b[0])<<8|int(b[1]))%31 != 0 || b[1]&0x20 != 0 {
		return nil, errors.New("not compressed as its filter says")
	}
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b[2:])), maxUnpacked+1))
	if errors.Is(err, io.ErrUnexpectedEOF) && len(data) > 0 {
		err = nil
	}
	return data, err
}

// predicted undoes the prediction of PNG (7.4.4.4), where there is one.
func predicted(data []byte, p Dict) ([]byte, error) {
	switch n, _ := p["Predictor"].(Integer); {
	case len(data) > maxUnpacked:
		return nil, errors.New("a stream is too large unpacked")
	case n <= 1:
		return data, nil
	case n >= 10:
		columns, ok := p["Columns"].(Integer)
		if !ok || columns < 1 || columns > maxUnpacked || one(p["Colors"], 1) != nil || one(p["BitsPerComponent"], 8) != nil {
			return nil, errors.New("bad parameters of a filter")
		}
		return unpredict(data, int(columns))
	}
	return nil, errors.New("prediction of TIFF is not supported")
}

// one is nil where o is missing or is the usual number.
func one(o Object, usual Integer) Object {
	if o == usual {
		return nil
	}
	return o
}

// unpredict undoes the prediction of PNG for rows of single bytes.
func unpredict(data []byte, columns int) ([]byte, error) {
	if len(data)%(columns+1) != 0 {
		return nil, errors.New("rows of a wrong length")
	}
	if len(data) == 0 {
		return nil, nil // and no row, however long it is said to be
	}
	above := make([]byte, columns)
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		kind, row := data[0], data[1:columns+1]
		data = data[columns+1:]
		var left, corner byte
		for i, v := range row {
			up := above[i]
			switch kind {
			case 0:
			case 1:
				v += left
			case 2:
				v += up
			case 3:
				v += byte((int(left) + int(up)) / 2)
			case 4:
				v += paeth(left, up, corner)
			default:
				return nil, errors.New("unknown prediction")
			}
			left, corner = v, up
			out = append(out, v)
		}
		above = out[len(out)-columns:]
	}
	return out, nil
}

// paeth is the one of three neighbours that is nearest to left + up − corner.
func paeth(left, up, corner byte) byte {
	p := int(left) + int(up) - int(corner)
	a, b, c := abs(p-int(left)), abs(p-int(up)), abs(p-int(corner))
	switch {
	case a <= b && a <= c:
		return left
	case b <= c:
		return up
	}
	return corner
}

func abs(n int) int { return max(n, -n) }

// container is an object stream (7.5.7), unpacked.
type container struct {
	data    []byte
	numbers []int
	starts  []int // of the objects in data
	sorted  []int // the starts, ascending
}

// compressed reads an object from the object stream that holds it.
func (u *Update) compressed(number int, e entry) (Object, error) {
	c, err := u.container(e.container)
	if err != nil {
		return nil, fmt.Errorf("object stream %d: %w", e.container, err)
	}
	if e.index >= len(c.numbers) || c.numbers[e.index] != number {
		return nil, fmt.Errorf("object stream %d does not have it", e.container)
	}
	start := c.starts[e.index]
	end := len(c.data)
	if i, _ := slices.BinarySearch(c.sorted, start+1); i < len(c.sorted) {
		end = c.sorted[i] // no byte belongs to two objects
	}
	p := &parser{src: c.data[:end], pos: start, lenient: u.lenient, work: u.work}
	return p.object()
}

// container unpacks an object stream, once.
func (u *Update) container(number int) (*container, error) {
	c, known := u.containers[number]
	if known {
		if c == nil {
			return nil, errors.New("cannot be read, or is part of itself")
		}
		return c, nil
	}
	u.containers[number] = nil
	if e := u.table.entries[number]; e.container != 0 {
		return nil, errors.New("lies in another")
	}
	o, err := u.read(Ref{Number: number}, true)
	if err != nil {
		return nil, err
	}
	s, ok := o.(*Stream)
	if !ok || s.Dict["Type"] != Name("ObjStm") {
		return nil, errors.New("is not an object stream")
	}
	data, err := s.decode(u.work)
	if err != nil {
		return nil, err
	}
	if u.unpacked += len(data); u.unpacked > maxUnpackedAll {
		return nil, errors.New("object streams are too large unpacked")
	}
	if c, err = openContainer(s.Dict, data, u.work); err == nil {
		u.containers[number] = c
	}
	return c, err
}

func openContainer(d Dict, data []byte, w *work) (*container, error) {
	count, ok1 := d["N"].(Integer)
	first, ok2 := d["First"].(Integer)
	if !ok1 || !ok2 || count < 0 || first < 0 || first > Integer(len(data)) || count > first {
		return nil, errors.New("bad /N or /First")
	}
	c := &container{data: data}
	p := &parser{src: data[:first], work: w}
	if count > maxEntries {
		return nil, errors.New("more objects than any document has")
	}
	for range count {
		n, err1 := p.natural()
		start, err2 := p.natural()
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		if start > len(data)-int(first) {
			return nil, errors.New("an object lies behind the end")
		}
		c.numbers = append(c.numbers, n)
		c.starts = append(c.starts, start+int(first))
	}
	c.sorted = slices.Sorted(slices.Values(c.starts))
	if len(slices.Compact(slices.Clone(c.sorted))) < len(c.sorted) {
		return nil, errShared
	}
	return c, nil
}

// errShared is of an object stream in which objects begin at the same place: no program writes that, and all of it would be read once
// for each of them.
var errShared = errors.New("two objects in one place")
