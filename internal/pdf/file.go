package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strconv"
	"sync"

	"rinnova/internal/pdf/incremental"
)

// file is a PDF file being written (ISO 32000-1, 7.5): header, objects, cross-reference table, trailer.
type file struct {
	b       []byte
	offsets []int // by object number less 1; 0 is reserved and not yet written
}

func newFile() *file {
	// The comment tells programs that move files that this one is not text.
	return &file{b: append(make([]byte, 0, 64<<10), "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"...)}
}

// reserve takes the next object number, for objects that refer to each other.
func (f *file) reserve() incremental.Ref {
	f.offsets = append(f.offsets, 0)
	return incremental.Ref{Number: len(f.offsets)}
}

// set writes object r.
func (f *file) set(r incremental.Ref, o incremental.Object) {
	f.offsets[r.Number-1] = len(f.b)
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

// end writes the cross-reference table and the trailer with an identifier made from all that stands before.
func (f *file) end(root, info incremental.Ref) []byte {
	start := len(f.b)
	f.b = fmt.Appendf(f.b, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, at := range f.offsets {
		f.b = fmt.Appendf(f.b, "%010d 00000 n \n", at)
	}
	sum := sha256.Sum256(f.b)
	id := incremental.HexString(sum[:16])
	f.b = append(f.b, "trailer\n"...)
	f.b = incremental.Append(f.b, incremental.Dict{
		"Size": incremental.Integer(len(f.offsets) + 1), "Root": root, "Info": info, "ID": incremental.Array{id, id},
	})
	return fmt.Appendf(f.b, "\nstartxref\n%d\n%%%%EOF\n", start)
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

// addStream compresses data and writes it as a stream with the keys of dict, which may be nil.
func (d *Document) addStream(f *file, data []byte, dict incremental.Dict) incremental.Ref {
	if dict == nil {
		dict = incremental.Dict{}
	}
	dict["Filter"] = incremental.Name("FlateDecode")
	return f.add(&incremental.Stream{Dict: dict, Data: d.res.deflate(data)})
}
