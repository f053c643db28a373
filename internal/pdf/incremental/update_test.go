package incremental

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawn makes a file of n pages. Where icc is set it has an output intent and the trailer names the colour profile as
// document information, as fpdf 0.12.0 does.
func drawn(n int, icc bool) []byte {
	info := 3 + 2*n
	catalog, trailer := "<</Type/Catalog/Pages 2 0 R>>", fmt.Sprintf("/Info %d 0 R", info)
	if icc {
		catalog = fmt.Sprintf("<</Type/Catalog/Pages 2 0 R/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/DestOutputProfile %d 0 R>>]>>", info+1)
		trailer = fmt.Sprintf("/Info %d 0 R", info+1)
	}
	kids, pages := "", []string{}
	for i := range n {
		kids += fmt.Sprintf("%d 0 R ", 3+2*i)
		text := fmt.Sprintf("BT /F 12 Tf 50 700 Td (Pagina %d) Tj ET", i+1)
		pages = append(pages,
			fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>", 4+2*i),
			fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(text), text))
	}
	objects := append([]string{catalog, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", n, kids)}, pages...)
	objects = append(objects, "<</Title "+string(Append(nil, Text("Perché (no)")))+">>", "<</N 3/Length 3>>\nstream\nICC\nendstream")
	return assembled(trailer, objects...)
}

func open(t testing.TB, b []byte) *Update {
	t.Helper()
	u, err := Open(b)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// checked runs an outside checker on the file and returns what it prints.
func checked(t testing.TB, pdf []byte, tool string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, append(args, path)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s (Debian packages qpdf, poppler-utils): %v\n%s", tool, err, out)
	}
	return string(out)
}

func TestUpdateOfADrawnFile(t *testing.T) {
	base := drawn(3, false)
	u := open(t, base)
	pages, err := u.Pages()
	if err != nil || len(pages) != 3 {
		t.Fatalf("Pages: %v, %v; want 3", pages, err)
	}
	info, err := u.Dict(u.Info())
	if err != nil {
		t.Fatal(err)
	}
	info["Author"] = Text("Fornitore dimostrativo")
	u.Set(u.Info(), info)
	catalog, err := u.Dict(u.Root())
	if err != nil {
		t.Fatal(err)
	}
	catalog["Lang"] = String("it-IT")
	u.Set(u.Root(), catalog)
	note := u.Add(&Stream{Dict{}, []byte("allegato")})
	out, at := u.Bytes()

	if !bytes.HasPrefix(out, base) {
		t.Error("the base's bytes were changed")
	}
	if !bytes.HasPrefix(out[at[note]:], []byte("<</Length 8>>\nstream\nallegato\nendstream\nendobj")) {
		t.Errorf("the map points to %.60q", out[at[note]:])
	}
	if s := checked(t, out, "qpdf", "--check"); !strings.Contains(s, "No syntax or stream encoding errors") {
		t.Error(s)
	}
	if s := checked(t, out, "pdfinfo"); !strings.Contains(s, "Author:          Fornitore dimostrativo") || !strings.Contains(s, "Perché (no)") {
		t.Error(s)
	}
	if again, _ := u.Bytes(); !bytes.Equal(out, again) {
		t.Error("writing twice gives two files")
	}
}

func TestInfoOfAFileWithAnOutputIntent(t *testing.T) {
	u := open(t, drawn(1, true))
	if o, err := u.Get(u.Info()); err != nil {
		t.Fatal(err)
	} else if _, wrong := o.(*Stream); !wrong {
		t.Errorf("the trailer names %#v as /Info, want the profile", o)
	}
	u.SetInfo(u.Add(Dict{"Title": Text("Contratto")}))
	out, _ := u.Bytes()
	if s := checked(t, out, "pdfinfo"); !strings.Contains(s, "Title:           Contratto") {
		t.Error(s)
	}
	u = open(t, out)
	u.SetInfo(Ref{})
	out, _ = u.Bytes()
	if _, ok := open(t, out).table.trailer["Info"]; ok {
		t.Error("/Info is still in the trailer")
	}
}

func TestFileIdentifier(t *testing.T) {
	base := drawn(1, false)
	if id := open(t, base).ID(); len(id) != 0 {
		t.Fatalf("identifier %x, want none", id)
	}
	first, _ := open(t, base).Bytes()
	id := open(t, first).ID()
	if len(id) != 16 {
		t.Fatalf("identifier %x, want 16 bytes", id)
	}
	second, _ := open(t, first).Bytes()
	two := open(t, second)
	if !bytes.Equal(two.ID(), id) {
		t.Error("the permanent identifier changed with a revision")
	}
	ids := two.table.trailer["ID"].(Array)
	if ids[0] == ids[1] {
		t.Error("the changing identifier did not change")
	}
	two.SetID([]byte("permanent"), []byte("changing"))
	third, _ := two.Bytes()
	if d := cmp.Diff(Array{HexString("permanent"), HexString("changing")}, open(t, third).table.trailer["ID"]); d != "" {
		t.Error(d)
	}
}

// TestRevisions applies random changes in several revisions and reads them all back from the newest.
func TestRevisions(t *testing.T) {
	base := drawn(2, true)
	rapid.Check(t, func(t *rapid.T) {
		pdf, want := base, map[Ref]Object{}
		for range rapid.IntRange(1, 4).Draw(t, "revisions") {
			u, err := Open(pdf)
			if err != nil {
				t.Fatal(err)
			}
			for range rapid.IntRange(0, 6).Draw(t, "changes") {
				r := Ref{}
				switch added := sortRefs(keys(want)); {
				case len(added) > 0 && rapid.Bool().Draw(t, "replace"):
					r = rapid.SampledFrom(added).Draw(t, "which")
				default:
					r = u.Reserve()
				}
				var o Object = &Stream{Dict{"Length": Integer(3)}, []byte("e\n)")}
				if !rapid.Bool().Draw(t, "stream") {
					o = anyObject(2).Draw(t, "object")
				}
				u.Set(r, o)
				want[r] = o
			}
			pdf, _ = u.Bytes()
		}
		u, err := Open(pdf)
		if err != nil {
			t.Fatal(err)
		}
		for r, o := range want {
			got, err := u.Get(r)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(o, got); d != "" {
				t.Fatalf("object %s: %s", r, d)
			}
		}
		if pages, err := u.Pages(); err != nil || len(pages) != 2 {
			t.Fatalf("pages: %v %v", pages, err)
		}
	})
}

func keys(m map[Ref]Object) []Ref {
	var out []Ref
	for r := range m {
		out = append(out, r)
	}
	return out
}

func TestObjectsThatAreNotThere(t *testing.T) {
	u := open(t, drawn(1, false))
	for _, r := range []Ref{{}, {9999, 0}, {1, 5}} {
		if o, err := u.Get(r); err != nil || o != (Null{}) {
			t.Errorf("%s: %v, %v; want null", r, o, err)
		}
	}
	r := u.Reserve()
	if o, err := u.Get(r); err != nil || o != (Null{}) {
		t.Errorf("reserved: %v, %v; want null", o, err)
	}
	if _, err := u.Dict(r); err == nil {
		t.Error("null passed for a dictionary")
	}
}

// assembled makes a file from objects (the first is the catalog) and the rest of a trailer.
func assembled(trailer string, objects ...string) []byte {
	b := []byte("%PDF-1.7\n")
	xref := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		xref = fmt.Appendf(xref, "%010d 00000 n \n", len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := len(b)
	b = append(b, xref...)
	return fmt.Appendf(b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
}

func TestOpenRefuses(t *testing.T) {
	good := string(assembled("", "<</Pages 2 0 R>>", "<</Kids[]>>"))
	open(t, []byte(good))
	for name, src := range map[string]string{
		"empty":               "",
		"no header":           "x" + good,
		"cut":                 good[:len(good)-8],
		"text behind":         good + "x",
		"no startxref":        strings.Replace(good, "startxref", "startxxxx", 1),
		"start behind end":    strings.Replace(good, "startxref\n", "startxref\n999999", 1),
		"start elsewhere":     strings.Replace(good, "startxref\n", "startxref\n1", 1),
		"bad start":           strings.Replace(good, "startxref\n", "startxref\n-", 1),
		"offset behind end":   strings.Replace(good, "0000000009", "0000099999", 1),
		"count too large":     strings.Replace(good, "0 3\n", "0 99999999\n", 1),
		"count huge":          strings.Replace(good, "0 3\n", "0 8388607\n", 1),
		"first too large":     strings.Replace(good, "0 3\n", "8388606 3\n", 1),
		"bad entry":           strings.Replace(good, " n ", " x ", 1),
		"no trailer":          strings.Replace(good, "trailer\n", "tralier\n", 1),
		"trailer no dict":     strings.Replace(good, "trailer\n<<", "trailer\n[ ", 1),
		"trailer an array":    strings.Replace(good, "<</Size 3/Root 1 0 R>>", "[]", 1),
		"no root":             strings.Replace(good, "/Root", "/Boot", 1),
		"root no reference":   strings.Replace(good, "/Root 1 0 R", "/Root 1", 1),
		"size negative":       strings.Replace(good, "/Size 3", "/Size -3", 1),
		"size too large":      strings.Replace(good, "/Size 3", "/Size 8388608", 1),
		"ring":                string(assembled(fmt.Sprintf("/Prev %d", strings.Index(good, "xref")), "<</Pages 2 0 R>>", "<</Kids[]>>")),
		"prev behind end":     string(assembled("/Prev 99999", "null")),
		"prev negative":       string(assembled("/Prev -1", "null")),
		"prev no number":      string(assembled("/Prev 1 0 R", "null")),
		"prev elsewhere":      string(assembled("/Prev 3", "null")),
		"encrypted":           string(assembled("/Encrypt<<>>", "null")),
		"hybrid":              string(assembled("/XRefStm 3", "null")),
		"two roots":           string(assembled("/Root 2 0 R", "null")),
		"cross-reference str": "%PDF-1.7\n1 0 obj\n<</Type/XRef>>\nendobj\nstartxref\n9\n%%EOF\n",
	} {
		if _, err := Open([]byte(src)); err == nil {
			t.Errorf("%s: opened", name)
		} else if !strings.HasPrefix(err.Error(), "pdf: ") {
			t.Errorf("%s: error %q does not say where it comes from", name, err)
		}
	}
}

func TestGetRefuses(t *testing.T) {
	for name, object := range map[string]string{
		"no object":            "",
		"no end":               "<<>> 3",
		"length negative":      "<</Length -1>>stream\n\nendstream",
		"length behind end":    "<</Length 99999>>stream\n\nendstream",
		"length wrong":         "<</Length 5>>stream\nabc\nendstream",
		"no length":            "<<>>stream\nabc\nendstream",
		"no end of line":       "<</Length 3>>streamabc\nendstream",
		"space for a new line": "<</Length 3>>stream abc\nendstream",
		"its own length":       "<</Length 2 0 R>>stream\nabc\nendstream",
		"length of a stream":   "<</Length 3 0 R>>stream\nabc\nendstream",
		"length of null":       "<</Length 9 0 R>>stream\nabc\nendstream",
	} {
		u := open(t, assembled("", "null", object, "<</Length 2 0 R>>stream\nabc\nendstream"))
		if o, err := u.Get(Ref{2, 0}); err == nil {
			t.Errorf("%s: read as %#v", name, o)
		}
	}
	src := string(assembled("", "null", "1", "2"))
	for name, src := range map[string]string{
		"another number":    strings.Replace(src, "2 0 obj", "4 0 obj", 1),
		"another generaton": strings.Replace(src, "2 0 obj", "2 1 obj", 1),
		"overlap":           string(assembled("", "null", "(", ")")),
	} {
		u := open(t, []byte(src))
		if o, err := u.Get(Ref{2, 0}); err == nil {
			t.Errorf("%s: read as %#v", name, o)
		}
	}
}

func TestStreams(t *testing.T) {
	u := open(t, assembled("", "null", "<</Length 3 0 R>>stream\r\nab\n\nendstream", "3", "<</Length 0>>\nstream\nendstream"))
	for r, want := range map[Ref]*Stream{
		{2, 0}: {Dict{"Length": Ref{3, 0}}, []byte("ab\n")},
		{4, 0}: {Dict{"Length": Integer(0)}, []byte{}},
	} {
		got, err := u.Get(r)
		if err != nil {
			t.Errorf("%s: %v", r, err)
		}
		if d := cmp.Diff(Object(want), got); d != "" {
			t.Errorf("%s: %s", r, d)
		}
	}
}

func TestPagesRefuses(t *testing.T) {
	for name, objects := range map[string][]string{
		"no catalog":      {"null"},
		"no tree":         {"<<>>"},
		"tree direct":     {"<</Pages<<>>>>"},
		"tree missing":    {"<</Pages 9 0 R>>"},
		"no kids":         {"<</Pages 2 0 R>>", "<<>>"},
		"kid direct":      {"<</Pages 2 0 R>>", "<</Kids[<<>>]>>"},
		"kid missing":     {"<</Pages 2 0 R>>", "<</Kids[3 0 R]>>"},
		"ring":            {"<</Pages 2 0 R>>", "<</Kids[2 0 R]>>"},
		"page twice":      {"<</Pages 2 0 R>>", "<</Kids[3 0 R 3 0 R]>>", "<</Type/Page>>"},
		"reference twice": {"<</Pages 2 0 R>>", "<</Kids 3 0 R>>", "3 0 R"},
	} {
		if p, err := open(t, assembled("", objects...)).Pages(); err == nil {
			t.Errorf("%s: pages %v", name, p)
		}
	}
}

func TestPagesInOrder(t *testing.T) {
	u := open(t, assembled("", "<</Pages 2 0 R>>", "<</Kids 6 0 R>>", "<</Type/Page>>", "<</Kids[5 0 R 3 0 R]>>", "<</Type/Page>>", "[4 0 R 7 0 R]", "<</Type/Page>>"))
	pages, err := u.Pages()
	if d := cmp.Diff([]Ref{{5, 0}, {3, 0}, {7, 0}}, pages); err != nil || d != "" {
		t.Error(err, d)
	}
}

// FuzzOpen reads everything that a hostile file offers, and continues it: what could be read once must read the
// same from the updated file.
func FuzzOpen(f *testing.F) {
	base := drawn(2, true)
	u := open(f, base)
	u.Add(&Stream{Dict{}, []byte("x")})
	second, _ := u.Bytes()
	f.Add(base)
	f.Add(second)
	f.Add(streamed())
	f.Add(packed(f, base))
	f.Add(assembled("/Info 2 0 R/ID[<00>(a)]", "<</Pages 2 0 R>>", "<</Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R>>", "<</Length 5 0 R>>stream\nabc\nendstream", "3"))
	f.Fuzz(func(t *testing.T, src []byte) {
		u, err := Open(src)
		if err != nil {
			return
		}
		u.Pages()
		u.ID()
		refs := u.Refs()
		read := map[Ref]Object{}
		for _, r := range refs {
			if o, err := u.Get(r); err == nil {
				read[r] = o
			}
		}
		added := u.Add(Dict{"A": Array{Integer(1)}})
		out, _ := u.Bytes()
		if added.Number >= maxObject {
			return
		}
		again, err := Open(out)
		if err != nil {
			t.Fatalf("the update does not open: %v", err)
		}
		for r, o := range read {
			got, err := again.Get(r)
			if err != nil {
				t.Fatalf("object %s: %v", r, err)
			}
			if d := cmp.Diff(o, got); d != "" {
				t.Fatalf("object %s: %s", r, d)
			}
		}
		if o, err := again.Get(added); err != nil || cmp.Diff(Object(Dict{"A": Array{Integer(1)}}), o) != "" {
			t.Fatalf("the added object reads %v, %v", o, err)
		}
	})
}

func BenchmarkUpdate(b *testing.B) {
	base := drawn(3, true)
	for b.Loop() {
		u, err := Open(base)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := u.Pages(); err != nil {
			b.Fatal(err)
		}
		for range 500 {
			u.Add(Dict{"Type": Name("StructElem"), "S": Name("TD"), "P": u.Root(), "K": Array{Integer(1)}})
		}
		u.Bytes()
	}
}
