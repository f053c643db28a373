package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"strconv"
	"sync"

	"rinnova/internal/pdf/incremental"
)

// file is a PDF file being written (ISO 32000-1, 7.5): a header, objects, a cross-reference stream. Small objects by the
// hundred, the structure tree, go into an object stream, where they take a tenth of the room.
type file struct {
	res    *Resources
	b      []byte
	places []place // by object number less 1

	heads  []byte // of the object stream: numbers and offsets
	packed []byte // its objects
	count  int    // how many
}

// place says where an object stands: at an offset, or in the object stream at an index.
type place struct {
	packed bool
	at     int
}

func (r *Resources) newFile() *file {
	// The comment tells programs that move files that this one is not text.
	return &file{res: r, b: append(make([]byte, 0, 48<<10), "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"...)}
}

// reserve takes the next object number, for objects that refer to each other.
func (f *file) reserve() incremental.Ref {
	f.places = append(f.places, place{})
	return incremental.Ref{Number: len(f.places)}
}

// set writes object r.
func (f *file) set(r incremental.Ref, o incremental.Object) {
	f.places[r.Number-1] = place{at: len(f.b)}
	f.b = append(strconv.AppendInt(f.b, int64(r.Number), 10), " 0 obj\n"...)
	f.b = incremental.Append(f.b, o)
	f.b = append(f.b, "\nendobj\n"...)
}

// add writes a new object.
func (f *file) add(o incremental.Object) incremental.Ref {
	r := f.reserve()
	f.set(r, o)
	return r
}

// addStream compresses data and writes it as a stream with the keys of dict, which may be nil.
func (f *file) addStream(data []byte, dict incremental.Dict) incremental.Ref {
	r := f.reserve()
	f.setStream(r, data, dict)
	return r
}

func (f *file) setStream(r incremental.Ref, data []byte, dict incremental.Dict) {
	if dict == nil {
		dict = incremental.Dict{}
	}
	dict["Filter"] = incremental.Name("FlateDecode")
	f.set(r, &incremental.Stream{Dict: dict, Data: f.res.deflate(data)})
}

// pack puts object r, which is not a stream, into the object stream.
func (f *file) pack(r incremental.Ref, o incremental.Object) {
	f.places[r.Number-1] = place{packed: true, at: f.count}
	f.count++
	f.heads = append(strconv.AppendInt(f.heads, int64(r.Number), 10), ' ')
	f.heads = append(strconv.AppendInt(f.heads, int64(len(f.packed)), 10), ' ')
	f.packed = append(incremental.Append(f.packed, o), '\n')
}

// end writes the object stream and the cross-reference, with an identifier made from all that stands before.
func (f *file) end(root, info incremental.Ref) []byte {
	container := f.addStream(append(f.heads, f.packed...), incremental.Dict{
		"Type": incremental.Name("ObjStm"), "N": incremental.Integer(f.count), "First": incremental.Integer(len(f.heads)),
	})
	self, start := f.reserve(), len(f.b)
	f.places[self.Number-1] = place{at: start}
	sum := sha256.Sum256(f.b)
	id := incremental.HexString(sum[:16])
	f.setStream(self, f.crossReference(container), incremental.Dict{
		"Type": incremental.Name("XRef"), "Size": incremental.Integer(len(f.places) + 1), "Root": root, "Info": info,
		"ID": incremental.Array{id, id}, "W": incremental.Raw("[1 3 2]"),
		"DecodeParms": incremental.Raw("<</Predictor 12/Columns 6>>"),
	})
	f.b = append(f.b, "startxref\n"...)
	f.b = strconv.AppendInt(f.b, int64(start), 10)
	return append(f.b, "\n%%EOF\n"...)
}

// crossReference is the entries of all objects (7.5.8.3): type, offset or object stream, generation or index. Each row
// is written as its difference from the one above, the prediction "up" of PNG, for better compression.
func (f *file) crossReference(container incremental.Ref) []byte {
	const columns = 6
	rows := make([]byte, 0, (columns+1)*(len(f.places)+1))
	above := [columns]byte{}
	row := func(kind byte, second, third int) {
		values := [columns]byte{kind, byte(second >> 16), byte(second >> 8), byte(second), byte(third >> 8), byte(third)}
		const up = 2
		rows = append(rows, up)
		for i, v := range values {
			rows = append(rows, v-above[i])
		}
		above = values
	}
	row(0, 0, 0xFFFF) // object 0 is always free
	for _, p := range f.places {
		if p.packed {
			row(2, container.Number, p.at)
		} else {
			row(1, p.at, 0)
		}
	}
	return rows
}

// compressors are kept for the next document: a new one costs more than a document's compression.
type compressors struct{ pool sync.Pool }

// level is the compression: a higher one makes files 0.1 % smaller and takes a tenth more time.
const level = 5

// deflate compresses data (FlateDecode).
func (r *Resources) deflate(data []byte) []byte {
	var b bytes.Buffer
	z, ok := r.compressors.pool.Get().(*zlib.Writer)
	if ok {
		z.Reset(&b)
	} else {
		z, _ = zlib.NewWriterLevel(&b, level) // the level is known to be right
	}
	z.Write(data) // writing to a buffer never fails
	z.Close()
	r.compressors.pool.Put(z)
	return b.Bytes()
}
