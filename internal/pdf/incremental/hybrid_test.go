package incremental

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// hybrid is a file as word processors write it (7.5.8.4): object 4 stands in object stream 5, which only the cross-reference
// stream 6 knows; the table calls them free.
func hybrid() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	var at [7]int
	add := func(n int, body string) {
		at[n] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, body)
	}
	add(1, "<</Type/Catalog/Pages 2 0 R>>")
	add(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>")
	add(3, "<</Type/Page/Parent 2 0 R/Hidden 4 0 R>>")
	add(5, "<</Type/ObjStm/N 1/First 4/Length 21>>\nstream\n4 0 <</Here(it is)>> \nendstream")
	rows := []byte{2, 0, 5, 0, 1, byte(at[5] >> 8), byte(at[5]), 0}
	add(6, "<</Type/XRef/Size 7/Root 1 0 R/Index[4 2]/W[1 2 1]/Length "+fmt.Sprint(len(rows))+">>\nstream\n"+string(rows)+"\nendstream")
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 4\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \ntrailer\n<</Size 7/Root 1 0 R/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n",
		at[1], at[2], at[3], at[6], start)
	return b.Bytes()
}

// A hybrid file can be looked at, with what only its stream knows; nothing can be appended to it.
func TestHybrid(t *testing.T) {
	file := hybrid()
	if _, err := Open(file); err == nil {
		t.Error("opened to be continued")
	}
	u, err := Read(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := u.Pages()
	if err != nil || len(pages) != 1 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	page, err := u.Dict(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := u.Resolve(page["Hidden"])
	if d, ok := hidden.(Dict); err != nil || !ok || d["Here"] != String("it is") {
		t.Errorf("the hidden object is %v: %v", hidden, err)
	}
	for name, bad := range map[string]string{"behind the end": "/XRefStm 99999", "no number": "/XRefStm /A   ", "no stream": "/XRefStm 9    "} {
		i := bytes.Index(file, []byte("/XRefStm "))
		j := i + bytes.IndexByte(file[i:], '>')
		b := append(append(bytes.Clone(file[:i]), fmt.Sprintf("%-*s", j-i, bad)[:max(j-i, len(bad))]...), file[j:]...)
		u, err := Read(t.Context(), b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if o, err := u.Get(Ref{4, 0}); err != nil || cmp.Diff(Object(Dict{"Here": String("it is")}), o) != "" {
			t.Errorf("%s: the hidden object is %v: %v", name, o, err)
		}
	}
}

// An update that copies the trailer names the hidden section again. It stays that of the revision that it came with: what a later
// one says of its objects counts.
func TestHybridNamedAgain(t *testing.T) {
	file := hybrid()
	stm := bytes.Index(file, []byte("6 0 obj"))
	update := func(b []byte, object string) []byte {
		prev := bytes.LastIndex(b, []byte("\nxref")) + 1
		at := len(b)
		var n int
		fmt.Sscan(object, &n)
		b = fmt.Appendf(bytes.Clone(b), "%s\nendobj\n", object)
		start := len(b)
		return fmt.Appendf(b, "xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size 9/Root 1 0 R/XRefStm %d/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", n, at, stm, prev, start)
	}
	free := bytes.Replace(bytes.Replace(file, []byte("xref\n0 4\n"), []byte("xref\n0 5\n"), 1), []byte("trailer"), []byte("0000000000 00000 f \ntrailer"), 1)
	old, changed := Dict{"Here": String("it is")}, Dict{"Here": String("it was")}
	for name, x := range map[string]struct {
		file []byte
		want Dict
	}{
		"once":                     {file, old},
		"called free by the table": {free, old},
		"again":                    {update(file, "7 0 obj\n<</New true>>"), old},
		"called free, again":       {update(free, "7 0 obj\n<</New true>>"), old},
		"changed, then again":      {update(update(file, "4 0 obj\n<</Here(it was)>>"), "7 0 obj\n<</New true>>"), changed},
	} {
		u, err := Read(t.Context(), x.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if o, err := u.Get(Ref{4, 0}); err != nil || cmp.Diff(Object(x.want), o) != "" || u.repaired {
			t.Errorf("%s: object 4 is %v: %v", name, o, err)
		}
	}
}
