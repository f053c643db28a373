package incremental

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Types of the entries of a cross-reference stream (ISO 32000-1, table 18).
const (
	freeEntry   = 0
	offsetEntry = 1
	inStream    = 2
)

// streamKeys are the keys of a cross-reference stream that do not belong to a trailer.
var streamKeys = []Name{"Type", "W", "Index", "Length", "Filter", "DecodeParms", "F", "FFilter", "FDecodeParms", "DL"}

// streamSection reads a section that is a stream (7.5.8), whose dictionary is the trailer.
func (r *sectionReader) streamSection(p *parser) (section, error) {
	_, err1 := p.natural()
	_, err2 := p.natural()
	if err := errors.Join(err1, err2, p.keyword("obj")); err != nil {
		return section{}, fmt.Errorf("neither a table nor a stream: %w", err)
	}
	o, err := p.object()
	if err != nil {
		return section{}, err
	}
	d, ok := o.(Dict)
	if !ok || d["Type"] != Name("XRef") || p.keyword("stream") != nil {
		return section{}, errors.New("neither a table nor a stream")
	}
	data, err := p.streamData(d["Length"])
	if err != nil {
		return section{}, err
	}
	rows, err := (&Stream{d, data}).decode(r.work)
	if err != nil {
		return section{}, err
	}
	if r.unpacked += len(rows); r.unpacked > maxUnpackedAll {
		return section{}, errors.New("cross-reference streams are too large unpacked")
	}
	s := section{entries: map[int]entry{}, trailer: d.Clone(), stream: true}
	for _, k := range streamKeys {
		delete(s.trailer, k)
	}
	return s, r.rows(s, d, rows)
}

// rows reads the entries. There cannot be more of them than the file has bytes: each object takes some.
func (r *sectionReader) rows(s section, d Dict, rows []byte) error {
	widths, err := naturals(d["W"])
	if err != nil || len(widths) != 3 || slices.Max(widths) > 8 {
		return errors.New("bad /W")
	}
	index := []int{0, 0}
	if n, ok := d["Size"].(Integer); ok && n > 0 && n <= maxObject {
		index[1] = int(n)
	}
	if o, ok := d["Index"]; ok {
		if index, err = naturals(o); err != nil || len(index)%2 != 0 {
			return errors.New("bad /Index")
		}
	}
	width := widths[0] + widths[1] + widths[2]
	for i := 0; i < len(index); i += 2 {
		first, count := index[i], index[i+1]
		if first > maxObject || count > len(r.src) || first+count > maxObject+1 || width == 0 || count > len(rows)/width {
			return errors.New("/Index does not fit the file")
		}
		for n := first; n < first+count; n++ {
			e, err := rowEntry(rows[:width], widths)
			if err == nil {
				err = r.add(s, n, e)
			}
			if err != nil {
				return fmt.Errorf("object %d: %w", n, err)
			}
			rows = rows[width:]
		}
	}
	return nil
}

func rowEntry(row []byte, widths []int) (entry, error) {
	kind := offsetEntry
	if widths[0] > 0 {
		kind = number(row[:widths[0]])
	}
	second, third := number(row[widths[0]:widths[0]+widths[1]]), number(row[widths[0]+widths[1]:])
	e := entry{free: true}
	switch kind {
	case freeEntry:
	case offsetEntry:
		e = entry{offset: second, generation: third}
	case inStream:
		e = entry{container: second, index: third}
	default: // a kind that is yet to come: null, says the standard
	}
	if second < 0 || third < 0 || e.generation > maxGeneration || kind == inStream && (second == 0 || second > maxObject) {
		return entry{}, errors.New("bad entry")
	}
	return e, nil
}

// number reads big-endian bytes; it is negative where they are too large.
func number(b []byte) int {
	n := 0
	for _, c := range b {
		if n > 1<<54 {
			return -1
		}
		n = n<<8 | int(c)
	}
	return n
}

// naturals reads an array of integers that are not negative.
func naturals(o Object) ([]int, error) {
	a, _ := o.(Array)
	if len(a) == 0 {
		return nil, errors.New("not an array")
	}
	out := make([]int, len(a))
	for i, v := range a {
		n, ok := v.(Integer)
		if !ok || n < 0 || n > maxObject {
			return nil, errors.New("not an array of numbers")
		}
		out[i] = int(n)
	}
	return out, nil
}

// appendStreamSection writes the cross-reference of refs, which ascend, as a stream, with itself as the last object:
// files whose sections are streams go on with streams (7.5.8.1).
func (u *Update) appendStreamSection(b []byte, refs []Ref, offsets []int) []byte {
	self := Ref{Number: u.table.next}
	refs, offsets = append(slices.Clip(refs), self), append(slices.Clip(offsets), len(b))
	d := u.trailer(b)
	d["Type"], d["Size"] = Name("XRef"), Integer(self.Number+1)
	d["W"] = Array{Integer(1), Integer(5), Integer(2)}
	var index Array
	var rows []byte
	for i, r := range refs {
		if i == 0 || r.Number != refs[i-1].Number+1 {
			index = append(index, Integer(r.Number), Integer(0))
		}
		index[len(index)-1] = index[len(index)-1].(Integer) + 1
		at := offsets[i]
		rows = append(rows, offsetEntry, byte(at>>32), byte(at>>24), byte(at>>16), byte(at>>8), byte(at), byte(r.Generation>>8), byte(r.Generation))
	}
	d["Index"] = index
	b = strconv.AppendInt(b, int64(self.Number), 10)
	b = append(b, " 0 obj\n"...)
	b = (&Stream{d, rows}).appendTo(b)
	return append(b, "\nendobj"...)
}
