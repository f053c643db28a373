package incremental

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// with replaces one part of a file, which must be there.
func with(t testing.TB, b []byte, old, new string) []byte {
	t.Helper()
	if !bytes.Contains(b, []byte(old)) {
		t.Fatalf("no %q in the file", old)
	}
	return bytes.Replace(b, []byte(old), []byte(new), 1)
}

// odd are files as real programs write them, which break the standard in ways that readers do not mind.
func odd(t testing.TB) map[string][]byte {
	base := drawn(2, false)
	start := bytes.LastIndex(base, []byte("xref\n0"))
	at := func(n int) []byte {
		return with(t, base, fmt.Sprintf("startxref\n%d", start), fmt.Sprintf("startxref\n%d", n))
	}
	pages := "<</Type/Pages/Count 2"
	out := map[string][]byte{
		"as it is":                    base,
		"a newline before xref":       with(t, base, "\nxref\n0", "\n\nxref\n0"),
		"startxref one before":        at(start - 1),
		"startxref two behind":        at(start + 2),
		"startxref into an object":    at(start - 100),
		"startxref zero":              at(0),
		"startxref behind the end":    at(999999),
		"a key twice":                 with(t, base, pages, "<</Count 9/Type/Pages/Count 2"),
		"a key twice in the trailer":  with(t, base, "trailer\n<<", "trailer\n<</Size 99/Root 9 0 R"),
		"a key twice in the catalog":  with(t, base, "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Catalog/Pages 3 0 R/Pages 2 0 R>>"),
		"text before":                 append([]byte("X-Header: y\r\n\r\n"), base...),
		"a mark of the byte order":    append([]byte("\xEF\xBB\xBF"), base...),
		"an empty line before":        append([]byte("\r\n"), base...),
		"zeros behind":                append(bytes.Clone(base), make([]byte, 700)...),
		"text behind":                 append(bytes.Clone(base), "\r\n--boundary--\r\n"...),
		"no mark of the end":          bytes.TrimSuffix(base, []byte("%%EOF\n")),
		"every line ends with CR LF":  bytes.ReplaceAll(base, []byte("\n"), []byte("\r\n")),
		"the table says too many":     with(t, base, "xref\n0 9", "xref\n0 10"),
		"an offset is wrong":          with(t, base, "0000000009 00000 n", "0000000011 00000 n"),
		"an offset is far away":       with(t, base, "0000000009 00000 n", "0000099999 00000 n"),
		"a stream longer than told":   with(t, base, "<</Length 38>>", "<</Length 4>>"),
		"a stream shorter than told":  with(t, base, "<</Length 38>>", "<</Length 444>>"),
		"a word is missing":           with(t, base, "endobj\n2 0 obj", "\n2 0 obj"),
		"an old revision out of line": with(t, base, "trailer\n<<", "trailer\n<</Prev 5"),
	}
	for name, b := range packedOddly(t) {
		out[name] = b
	}
	return out
}

// packedOddly are files with object streams that are compressed in ways that readers do not mind.
func packedOddly(t testing.TB) map[string][]byte {
	pack := func(change func([]byte) []byte, filter string) []byte {
		b := []byte("%PDF-1.7\n")
		add := func(n int, dict string, data []byte) int {
			at := len(b)
			data = change(data)
			b = fmt.Appendf(b, "%d 0 obj\n<<%s/Filter%s/Length %d>>\nstream\n%s\nendstream\nendobj\n", n, dict, filter, len(data), data)
			return at
		}
		body := "1 0 3 31 4 78 <</Type/Catalog/Pages 3 0 R>>   <</Type/Pages/Kids[4 0 R]/Count 1>>            <</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>"
		first := strings.Index(body, "<<")
		offsets := []int{strings.Index(body, "<</Type/Catalog") - first, strings.Index(body, "<</Type/Pages") - first, strings.Index(body, "<</Type/Page/") - first}
		header := fmt.Sprintf("1 %d 3 %d 4 %d ", offsets[0], offsets[1], offsets[2])
		two := add(2, fmt.Sprintf("/Type/ObjStm/N 3/First %d", len(header)), []byte(header+body[first:]))
		five := len(b)
		rows := []byte{0, 0, 0, 0, 2, 0, 2, 0, 1, byte(two >> 8), byte(two), 0, 2, 0, 2, 1, 2, 0, 2, 2, 1, byte(five >> 8), byte(five), 0}
		add(5, "/Type/XRef/Size 6/W[1 2 1]/Root 1 0 R", rows)
		return fmt.Appendf(b, "startxref\n%d\n%%%%EOF\n", five)
	}
	flate := func(cut int, tail string) func([]byte) []byte {
		return func(b []byte) []byte { z := deflated(b); return []byte(z[:len(z)-cut] + tail) }
	}
	return map[string][]byte{
		"packed":                         pack(flate(0, ""), "/FlateDecode"),
		"packed without checksum":        pack(flate(4, ""), "/FlateDecode"),
		"packed with half a checksum":    pack(flate(2, ""), "/FlateDecode"),
		"packed with a wrong checksum":   pack(flate(4, "abcd"), "/FlateDecode"),
		"packed with something behind":   pack(flate(0, "\r\n\r\n"), "/FlateDecode"),
		"packed and in hexadecimal":      pack(func(b []byte) []byte { return []byte(hex.EncodeToString([]byte(deflated(b))) + ">") }, "[/ASCIIHexDecode/FlateDecode]"),
		"packed, in an array of filters": pack(flate(0, ""), "[/FlateDecode]"),
	}
}

// TestReadsWhatOthersRead holds Read against qpdf: each file opens, and each object of it is the same for both.
func TestReadsWhatOthersRead(t *testing.T) {
	files := odd(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		t.Run(name, func(t *testing.T) {
			u, err := Read(t.Context(), files[name])
			if err != nil {
				t.Fatal(err)
			}
			pages, err := u.Pages()
			if want := npages(t, files[name]); err != nil || len(pages) != want {
				t.Errorf("%d pages, qpdf has %d: %v", len(pages), want, err)
			}
			compareObjects(t, u, files[name])
		})
	}
}

// What qpdf gives up, or understands in a way of its own, other readers read.
func TestReadsWhatOnlySomeRead(t *testing.T) {
	base := drawn(2, false)
	for name, b := range map[string][]byte{
		"the table begins with one": with(t, base, "xref\n0 9", "xref\n1 9"),
		"a name with a bad escape":  with(t, base, "/Type/Catalog", "/A#GG 1/Type/Catalog"),
	} {
		u, err := Read(t.Context(), b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if pages, err := u.Pages(); err != nil || len(pages) != 2 || !strings.Contains(checked(t, b, "pdfinfo"), "Pages:           2") {
			t.Errorf("%s: %d pages: %v", name, len(pages), err)
		}
	}
}

// qpdf runs it on a file; what it warns of is no error here.
func qpdf(t testing.TB, file []byte, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("qpdf", append([]string{"--warning-exit-0", "--no-warn"}, append(args, path)...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("qpdf %v: %v", args, err)
	}
	return out
}

func npages(t testing.TB, file []byte) int {
	n, err := strconv.Atoi(strings.TrimSpace(string(qpdf(t, file, "--show-npages"))))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// compareObjects compares each object that qpdf shows with ours.
func compareObjects(t *testing.T, u *Update, file []byte) {
	t.Helper()
	var all struct {
		Qpdf [2]map[string]struct {
			Value  any
			Stream struct{ Dict map[string]any }
		}
	}
	if err := json.Unmarshal(qpdf(t, file, "--json=2", "--json-key=qpdf"), &all); err != nil {
		// The first member of the pair has plain values.
		if _, ok := err.(*json.UnmarshalTypeError); !ok {
			t.Fatal(err)
		}
	}
	seen := 0
	for key, theirs := range all.Qpdf[1] {
		m := regexp.MustCompile(`^obj:(\d+) 0 R$`).FindStringSubmatch(key)
		if m == nil {
			continue
		}
		seen++
		n, _ := strconv.Atoi(m[1])
		o, err := u.Get(Ref{Number: n})
		if err != nil {
			t.Errorf("object %d: %v", n, err)
			continue
		}
		want := theirs.Value
		if s, ok := o.(*Stream); ok {
			o, want = without(s.Dict, "Length"), any(theirs.Stream.Dict)
			delete(theirs.Stream.Dict, "/Length")
		}
		if d := cmp.Diff(want, plain(o)); d != "" {
			t.Errorf("object %d: qpdf (-), ours (+):\n%s", n, d)
		}
	}
	if seen == 0 {
		t.Error("qpdf shows no object")
	}
}

func without(d Dict, key Name) Dict {
	d = d.Clone()
	delete(d, key)
	return d
}

// plain is an object as qpdf writes it in JSON.
func plain(o Object) any {
	switch o := o.(type) {
	case Bool:
		return bool(o)
	case Integer:
		return float64(o)
	case Real:
		return float64(o)
	case Name:
		return "/" + string(o)
	case String, HexString:
		if text := ParseText(o); text != "" {
			return "u:" + text
		}
		b, _ := StringBytes(o)
		return "b:" + hex.EncodeToString(b)
	case Ref:
		return o.String()
	case Array:
		out := make([]any, len(o))
		for i, v := range o {
			out[i] = plain(v)
		}
		return out
	case Dict:
		out := map[string]any{}
		for k, v := range o {
			out["/"+string(k)] = plain(v)
		}
		return out
	}
	return nil
}

// What is cut, and what is two files, is read by nobody: what is missing might matter.
func TestReadRefuses(t *testing.T) {
	base := drawn(2, false)
	for name, b := range map[string][]byte{
		"nothing":             nil,
		"no PDF":              []byte("text"),
		"half of it":          base[:len(base)/2],
		"without its trailer": base[:bytes.Index(base, []byte("trailer"))],
		"much behind":         append(bytes.Clone(base), bytes.Repeat([]byte("x"), 2000)...),
		"much before":         append(bytes.Repeat([]byte("x"), 2000), base...),
		"two files":           append(bytes.Clone(base), drawn(3, true)...),
		"encrypted":           assembled("/Encrypt<<>>", "<</Type/Catalog>>"),
		"encrypted, in a mess": with(t, assembled("/Encrypt<<>>", "<</Type/Catalog>>"),
			"startxref\n", "startxref\n9"),
	} {
		if _, err := Read(t.Context(), b); err == nil {
			t.Errorf("%s: read", name)
		}
	}
}

// Whatever a file claims to have, what is read of it is bounded.
func TestReadIsBounded(t *testing.T) {
	huge := deflated(make([]byte, maxUnpacked))
	var chain []byte
	chain = append(chain, "%PDF-1.7\n"...)
	prev := ""
	for n := range 10 { // each section unpacks to the most that one may have
		at := len(chain)
		chain = fmt.Appendf(chain, "%d 0 obj\n<</Type/XRef/Size 9/Root 1 0 R/W[1 1 1]/Filter/FlateDecode/Length %d%s>>\nstream\n%s\nendstream\nendobj\n", n+1, len(huge), prev, huge)
		prev = fmt.Sprintf("/Prev %d", at)
		if n == 9 {
			chain = fmt.Appendf(chain, "startxref\n%d\n%%%%EOF\n", at)
		}
	}
	entries := strings.Repeat("0 0 n\n", maxEntries+1)
	table := fmt.Appendf(nil, "%%PDF-1.7\nxref\n0 %d\n%strailer\n<</Size 9/Root 1 0 R>>\nstartxref\n9\n%%%%EOF\n", maxEntries+1, entries)
	for name, b := range map[string][]byte{"sections that unpack to much": chain, "a table of very many": table} {
		for kind, read := range map[string]func([]byte) (*Update, error){"read": func(b []byte) (*Update, error) { return Read(t.Context(), b) }, "opened": Open} {
			if _, err := read(b); err == nil {
				t.Errorf("%s: %s", name, kind)
			}
		}
	}
	array := assembled("", "<</Type/Catalog/A["+strings.Repeat("0 ", maxValues)+"]>>")
	if _, err := Read(t.Context(), array); err == nil {
		t.Error("an array of very many was read")
	}
}
