package incremental

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packed rewrites a file with object streams and a cross-reference stream.
func packed(t testing.TB, src []byte) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, src, 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("qpdf", "--object-streams=generate", "--compress-streams=y", "--static-id", in, out).CombinedOutput(); err != nil {
		t.Fatalf("qpdf (Debian package qpdf): %v\n%s", err, msg)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("/ObjStm")) || !bytes.Contains(b, []byte("/XRef")) {
		t.Fatal("qpdf wrote no object stream")
	}
	return b
}

func TestUpdateOfAPackedFile(t *testing.T) {
	base := packed(t, drawn(3, false))
	u := open(t, base)
	pages, err := u.Pages()
	if err != nil || len(pages) != 3 {
		t.Fatalf("Pages: %v, %v; want 3", pages, err)
	}
	info, err := u.Dict(u.Info())
	if title, _ := StringBytes(info["Title"]); err != nil || string(title) != string(Text("Perché (no)")) {
		t.Fatalf("Info: %v, %v", info, err)
	}
	if _, ok := u.Offset(u.Info()); ok {
		t.Error("an object in an object stream has no offset")
	}
	info["Author"] = Text("Fornitore dimostrativo")
	u.Set(u.Info(), info)
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
	second := open(t, out)
	second.Add(Integer(1))
	third, _ := second.Bytes()
	if s := checked(t, third, "qpdf", "--check"); !strings.Contains(s, "No syntax or stream encoding errors") {
		t.Error(s)
	}
	if !bytes.Equal(second.ID(), u.ID()) {
		t.Error("the permanent identifier changed with a revision")
	}
}

// TestPackedReadsTheSame compares every object of a file with the same file packed by another program.
func TestPackedReadsTheSame(t *testing.T) {
	plain := open(t, drawn(4, false))
	pages, err := plain.Pages()
	if err != nil {
		t.Fatal(err)
	}
	other := open(t, packed(t, drawn(4, false)))
	others, err := other.Pages()
	if err != nil {
		t.Fatal(err)
	}
	for i := range pages {
		a, err1 := plain.Dict(pages[i])
		b, err2 := other.Dict(others[i])
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if d := cmp.Diff(a["MediaBox"], b["MediaBox"]); d != "" {
			t.Errorf("page %d: %s", i, d)
		}
		if d := cmp.Diff(a["Resources"], b["Resources"]); d != "" {
			t.Errorf("page %d: %s", i, d)
		}
	}
}

func deflated(b []byte) string {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.String()
}

// streamed makes a file with one object stream, object 2, that holds a catalog, object 1, and whose cross-reference stream
// is object 3. The texts replace parts of it.
func streamed(replace ...string) []byte {
	r := strings.NewReplacer(replace...)
	b := []byte("%PDF-1.7\n")
	offset2 := len(b)
	body := r.Replace("1 0 <</Pages 9 0 R>>")
	b = fmt.Appendf(b, "2 0 obj\n%s\nstream\n%s\nendstream\nendobj\n", r.Replace(fmt.Sprintf("<</Type/ObjStm/N 1/First 4/Length %d>>", len(body))), body)
	offset3 := len(b)
	rows := []byte{0, 0, 0, 2, 2, 0, 1, byte(offset2), 0, 1, byte(offset3), 0}
	dict := fmt.Sprintf("<</Type/XRef/Size 4/W[1 1 1]/Root 1 0 R/Length %d>>", len(rows))
	b = fmt.Appendf(b, "3 0 obj\n%s\nstream\n%s\nendstream\nendobj\n", r.Replace(dict), rows)
	return fmt.Appendf(b, "startxref\n%d\n%%%%EOF\n", offset3)
}

func TestStreamedOpens(t *testing.T) {
	u := open(t, streamed())
	if d, err := u.Dict(u.Root()); err != nil || cmp.Diff(Dict{"Pages": Ref{9, 0}}, d) != "" {
		t.Errorf("catalog %v, %v", d, err)
	}
	if d := cmp.Diff([]Ref{{1, 0}, {2, 0}, {3, 0}}, u.Refs()); d != "" {
		t.Error(d)
	}
}

func TestOpenRefusesStreams(t *testing.T) {
	for name, replace := range map[string][]string{
		"other type":     {"/Type/XRef", "/Type/YRef"},
		"no widths":      {"/W[1 1 1]", ""},
		"two widths":     {"/W[1 1 1]", "/W[1 2]"},
		"zero widths":    {"/W[1 1 1]", "/W[0 0 0]"},
		"wide":           {"/W[1 1 1]", "/W[1 1 9]"},
		"negative width": {"/W[1 1 1]", "/W[1 1 -1]"},
		"too many":       {"/Size 4", "/Size 5"},
		"far too many":   {"/Size 4", "/Size 4/Index[0 8388608]"},
		"index odd":      {"/Size 4", "/Size 4/Index[0]"},
		"index empty":    {"/Size 4", "/Size 4/Index[]"},
		"no size":        {"/Size 4", ""},
		"length wrong":   {"/Length 12", "/Length 11"},
		"length by ref":  {"/Length 12", "/Length 1 0 R"},
		"other filter":   {"/Type/XRef", "/Type/XRef/Filter/LZWDecode"},
		"not compressed": {"/Type/XRef", "/Type/XRef/Filter/FlateDecode"},
		"hybrid":         {"/Type/XRef", "/Type/XRef/XRefStm 3"},
		"encrypted":      {"/Type/XRef", "/Type/XRef/Encrypt<<>>"},
		"no root":        {"/Root 1 0 R", ""},
	} {
		if _, err := Open(streamed(replace...)); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func TestObjectStreamsRefused(t *testing.T) {
	for name, replace := range map[string][]string{
		"other type":         {"/ObjStm", "/ObjStn"},
		"no count":           {"/N 1", ""},
		"count negative":     {"/N 1", "/N -1"},
		"count too large":    {"/N 1", "/N 5"},
		"first behind end":   {"/First 4", "/First 99"},
		"first cuts":         {"/First 4", "/First 2"},
		"other object":       {"1 0 <</Pages", "7 0 <</Pages"},
		"object behind end":  {"1 0 <</Pages", "1 99 <</Pages"},
		"no object":          {"<</Pages 9 0 R>>", "                "},
		"its length in it":   {"/Length 20", "/Length 1 0 R"},
		"prediction of TIFF": {"/N 1", "/N 1/Filter/FlateDecode/DecodeParms<</Predictor 2>>"},
	} {
		u, err := Open(streamed(replace...))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for range 2 { // the second time from what is kept
			if o, err := u.Get(u.Root()); err == nil {
				t.Errorf("%s: read as %#v", name, o)
			}
		}
	}
}

// TestPrediction undoes all five kinds of rows.
func TestPrediction(t *testing.T) {
	rows := []byte{0, 10, 20, 30, 1, 10, 10, 10, 2, 1, 1, 1, 3, 5, 5, 5, 4, 1, 1, 1}
	want := []byte{10, 20, 30, 10, 20, 30, 11, 21, 31, 10, 20, 30, 11, 21, 31}
	s := &Stream{Dict{"Filter": Array{Name("FlateDecode")}, "DecodeParms": Dict{"Predictor": Integer(15), "Columns": Integer(3)}}, []byte(deflated(rows))}
	got, err := s.decode(nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	s.Data = []byte(deflated(rows[:5]))
	if _, err := s.decode(nil); err == nil {
		t.Error("a row cut short was read")
	}
	s.Data = []byte(deflated([]byte{5, 1, 1, 1}))
	if _, err := s.decode(nil); err == nil {
		t.Error("a sixth kind was read")
	}
}

// TestBombs: what unpacks to far more than the file is refused.
func TestBombs(t *testing.T) {
	bomb := deflated(make([]byte, maxUnpacked+1))
	s := &Stream{Dict{"Filter": Name("FlateDecode")}, []byte(bomb)}
	if _, err := s.decode(nil); err == nil {
		t.Error("one stream was unpacked")
	}
}
