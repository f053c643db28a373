package incremental

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// hostile are small files that make much work for whoever reads the same bytes again and again.
func hostile() map[string][]byte {
	const many, blank = 400, 20_000
	texts := func(f func(int) string) []string {
		out := make([]string, many)
		for i := range out {
			out[i] = f(i)
		}
		return out
	}
	spaces := strings.Repeat(" ", blank)
	packed := func(filters, header, body string, pack func([]byte) string) string {
		z := pack([]byte(header + body))
		return fmt.Sprintf("<</Type/ObjStm/N %d/First %d/Filter[%s]/Length %d>>stream\n%s\nendstream", many, len(header), filters, len(z), z)
	}
	nothing := "\x78\x9c" + strings.Repeat("\x00\x00\x00\xff\xff", blank) + "\x01\x00\x00\xff\xff"
	return map[string][]byte{
		"many objects in one place": assembled("", "<</Pages 9 0 R>>", packed("/FlateDecode", strings.Repeat("9 0 ", many), "["+strings.Repeat("1 ", blank)+"]", deflated)),
		"streams that end behind blanks": assembled("", append([]string{"<</Pages 9 0 R>>"}, append(texts(func(i int) string {
			return fmt.Sprintf("<</N 1/First 1/Length %d>>stream\nx", (many-i)*70+500)
		}), spaces+"x")...)...),
		"filters that give nothing": assembled("", append([]string{"<</Pages 9 0 R>>"}, texts(func(int) string {
			return packed("/FlateDecode/FlateDecode", "", nothing, func(b []byte) string { return deflated(b) })
		})...)...),
		"nodes with the same kids": assembled("", append([]string{"<</Pages 2 0 R>>", "<</Kids[" + strings.Join(texts(func(i int) string { return fmt.Sprintf("%d 0 R", i+3) }), " ") + "]>>"},
			append(texts(func(int) string { return fmt.Sprintf("<</Kids %d 0 R>>", many+3) }), "[%"+spaces+"\n]")...)...),
		"sections inside others": nestedSections(many),
	}
}

// nestedSections is a chain of sections each of which begins in a string of the one before it.
func nestedSections(n int) []byte {
	head := "xref\ntrailer<</A("
	b := []byte("%PDF-1.7\n")
	start := len(b)
	b = append(b, strings.Repeat(head, n)...)
	for i := n - 1; i >= 0; i-- {
		b = append(b, ")/Size 9/Root 1 0 R"...)
		if i < n-1 {
			b = fmt.Appendf(b, "/Prev %d", start+(i+1)*len(head))
		}
		b = append(b, ">>"...)
	}
	return fmt.Appendf(b, "\nstartxref\n%d\n%%%%EOF\n", start)
}

// Bytes that are read again and again count each time, and the work comes to an end.
func TestHostileFilesComeToAnEnd(t *testing.T) {
	for name, file := range hostile() {
		const enough = 2 << 20
		w := &work{t.Context(), enough}
		err := everything(file, w, func(Piece) {})
		if err == nil {
			var u *Update
			if u, err = read(file, w); err == nil {
				_, err = u.Pages()
			}
		}
		if !errors.Is(err, ErrTooMuch) && !errors.Is(err, ErrOpaque) {
			t.Errorf("%s: %v, %d of work", name, err, enough-w.left)
		}
		if w.left < -1<<20 {
			t.Errorf("%s: %d of work, %d are allowed", name, enough-w.left, enough)
		}
	}
}

// Whoever has gone, or cannot wait any longer, ends the reading; so does what is more work than any document.
func TestReadingEnds(t *testing.T) {
	left, leave := context.WithCancel(t.Context())
	leave()
	file := drawn(3, false)
	for name, x := range map[string]struct {
		ctx  context.Context
		left int
		want error
	}{"whoever has gone": {left, maxWork, context.Canceled}, "too much": {t.Context(), 100, ErrTooMuch}} {
		if _, err := read(file, &work{x.ctx, x.left}); !errors.Is(err, x.want) {
			t.Errorf("%s: read: %v", name, err)
		}
		if err := everything(file, &work{x.ctx, x.left}, func(Piece) {}); !errors.Is(err, x.want) {
			t.Errorf("%s: everything: %v", name, err)
		}
		u, err := Read(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		*u.work = work{x.ctx, x.left}
		if _, err := u.Pages(); !errors.Is(err, x.want) {
			t.Errorf("%s: pages: %v", name, err)
		}
	}
}

// What is said to be a long row takes no memory where there is none.
func TestNoRowsTakeNoMemory(t *testing.T) {
	s := &Stream{Dict{"Filter": Name("FlateDecode"), "DecodeParms": Dict{"Predictor": Integer(12), "Columns": Integer(maxUnpacked)}}, []byte(deflated(nil))}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 10 {
		if _, err := s.decode(nil); err != nil {
			t.Fatal(err)
		}
	}
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 10<<20 {
		t.Errorf("%d bytes", after.TotalAlloc-before.TotalAlloc)
	}
}

// FuzzRead reads all that a hostile file offers, as others read it: it neither panics nor reads without end.
func FuzzRead(f *testing.F) {
	for _, b := range odd(f) {
		f.Add(b)
	}
	f.Add(streamed())
	f.Add(nestedSections(5))
	f.Fuzz(func(t *testing.T, src []byte) {
		const enough = 4 << 20
		w := &work{t.Context(), enough}
		u, err := read(bytes.Clone(src), w)
		if err != nil {
			return
		}
		_, _ = u.Pages()
		for _, r := range u.Refs() {
			if _, err := u.Get(r); errors.Is(err, ErrTooMuch) {
				break
			}
		}
		if w.left < -2*maxUnpacked { // what one object takes more than there is
			t.Errorf("%d of work", enough-w.left)
		}
	})
}
