package incremental

import (
	"bytes"
	"fmt"
	"testing"
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
	u, err := Read(file)
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
		if _, err := Read(b); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}
