package contractpdf

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"rinnova/internal/pdf/incremental"
)

// structure reads the structure tree of a file with the texts that belong to it. pdfinfo does the same, but takes ten
// seconds for a contract; TestStructureForOthers compares the two.
func structure(t fataler, file []byte) *node {
	u, err := incremental.Open(file)
	if err != nil {
		t.Fatalf("%v", err)
	}
	r := structureReader{t: t, u: u, texts: map[incremental.Ref][]string{}}
	catalog := r.dict(u.Root())
	root := r.dict(catalog["StructTreeRoot"])
	return &node{role: "root", kids: []*node{r.element(root["K"])}}
}

type structureReader struct {
	t     fataler
	u     *incremental.Update
	texts map[incremental.Ref][]string // by page and number of the marked sequence
}

func (r *structureReader) dict(o incremental.Object) incremental.Dict {
	o, err := r.u.Resolve(o)
	d, ok := o.(incremental.Dict)
	if err != nil || !ok {
		r.t.Fatalf("structure: %v is no dictionary: %v", o, err)
	}
	return d
}

func (r *structureReader) element(o incremental.Object) *node {
	d := r.dict(o)
	role, _ := d["S"].(incremental.Name)
	n := &node{role: string(role)}
	kids, ok := d["K"].(incremental.Array)
	if !ok && d["K"] != nil {
		kids = incremental.Array{d["K"]}
	}
	for _, k := range kids {
		switch k := k.(type) {
		case incremental.Integer:
			n.text += r.marked(d["Pg"], int(k))
		case incremental.Dict:
			id, _ := k["MCID"].(incremental.Integer)
			n.text += r.marked(k["Pg"], int(id))
		default:
			n.kids = append(n.kids, r.element(k))
		}
	}
	return n
}

// marked is the text of a marked sequence of a page.
func (r *structureReader) marked(page incremental.Object, id int) string {
	ref, ok := page.(incremental.Ref)
	if !ok {
		r.t.Fatalf("structure: content without a page")
	}
	texts, known := r.texts[ref]
	if !known {
		texts = r.sequences(ref)
		r.texts[ref] = texts
	}
	if id >= len(texts) {
		r.t.Fatalf("structure: no marked sequence %d on page %s", id, ref)
	}
	return texts[id]
}

var (
	beginMark = regexp.MustCompile(`^/\w+<</MCID (\d+)>>BDC$`)
	setFont   = regexp.MustCompile(`^(/[RS]) [0-9.]+ Tf$`)
)

// sequences are the texts of the marked sequences of a page, as package pdf writes them: an operator on each line.
func (r *structureReader) sequences(page incremental.Ref) []string {
	fonts := r.fonts(page)
	var out []string
	var font map[int]rune
	id := -1
	content := r.stream(r.dict(page)["Contents"])
	for len(content) > 0 {
		if content[0] == '[' && bytes.HasPrefix(content[1:], []byte("(")) {
			text, rest := shown(content, font)
			content = rest
			if id >= 0 {
				out[id] += text
			}
			continue
		}
		op, rest, _ := bytes.Cut(content, []byte("\n"))
		content = rest
		if m := beginMark.FindSubmatch(op); m != nil {
			id, _ = strconv.Atoi(string(m[1]))
			for len(out) <= id {
				out = append(out, "")
			}
		} else if m := setFont.FindSubmatch(op); m != nil {
			font = fonts[string(m[1])]
		} else if string(op) == "EMC" {
			id = -1
		}
	}
	return out
}

// shown decodes [(…)-12(…)]TJ at the beginning of a content stream.
func shown(content []byte, font map[int]rune) (text string, rest []byte) {
	var codes []byte
	i := 1
	for content[i] != ']' {
		if content[i] != '(' { // a number
			i++
			continue
		}
		for i++; content[i] != ')'; i++ {
			c := content[i]
			if c == '\\' {
				i++
				if c = content[i]; c == 'r' {
					c = '\r'
				}
			}
			codes = append(codes, c)
		}
		i++
	}
	var b strings.Builder
	for ; len(codes) >= 2; codes = codes[2:] {
		c, ok := font[int(codes[0])<<8|int(codes[1])]
		if !ok {
			c = utf8.RuneError
		}
		b.WriteRune(c)
	}
	return b.String(), content[i+len("]TJ\n"):]
}

var character = regexp.MustCompile(`<([0-9A-F]{4})><([0-9A-F]{4})>\n`)

// fonts are the characters of the codes of each font on a page.
func (r *structureReader) fonts(page incremental.Ref) map[string]map[int]rune {
	parent := r.dict(r.dict(page)["Parent"])
	out := map[string]map[int]rune{}
	for name, f := range r.dict(r.dict(parent["Resources"])["Font"]) {
		codes := map[int]rune{}
		for _, m := range character.FindAllSubmatch(r.stream(r.dict(f)["ToUnicode"]), -1) {
			code, _ := strconv.ParseInt(string(m[1]), 16, 32)
			c, _ := strconv.ParseInt(string(m[2]), 16, 32)
			codes[int(code)] = rune(c)
		}
		out["/"+string(name)] = codes
	}
	return out
}

func (r *structureReader) stream(o incremental.Object) []byte {
	o, err := r.u.Resolve(o)
	s, ok := o.(*incremental.Stream)
	if err != nil || !ok {
		r.t.Fatalf("structure: no stream: %v", err)
	}
	z, err := zlib.NewReader(bytes.NewReader(s.Data))
	if err != nil {
		r.t.Fatalf("%v", err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		r.t.Fatalf("%v", err)
	}
	return b
}

var printed = regexp.MustCompile(`^( *)(?:"(.*)"|/\w+ .*|(\w+)(?: \((?:block|inline)\))?:?)$`)

// TestStructureForOthers compares the structure tree with what poppler reads.
func TestStructureForOthers(t *testing.T) {
	d := sampleServices(t)
	d.Terms.Body = ""
	d.Lines = d.Lines[:2]
	d.Totals = quote(nil, d.Lines)
	file := drawContract(t, newPrinter(t), d)
	var got, want []string
	for s := range strings.Lines(tool(t, file, "pdfinfo", "-struct-text", "FILE")) {
		m := printed.FindStringSubmatch(strings.TrimSuffix(s, "\n"))
		switch {
		case m == nil:
			t.Fatalf("cannot read %q", s)
		case m[3] != "":
			got = append(got, m[1]+m[3])
		case m[2] != "":
			got = append(got, m[1]+strings.TrimSpace(m[2]))
		}
	}
	var write func(n *node, indent string)
	write = func(n *node, indent string) {
		want = append(want, indent+n.role)
		if text := strings.TrimSpace(n.text); text != "" {
			want = append(want, indent+"  "+text)
		}
		for _, k := range n.kids {
			write(k, indent+"  ")
		}
	}
	write(structure(t, file).kids[0], "")
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, role := range []string{"Document", "H1", "H2", "P", "Table", "TR", "TH", "TD", "Figure"} {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.TrimSpace(s) == role }) {
			t.Errorf("no %s", role)
		}
	}
	if u, err := incremental.Open(file); err != nil {
		t.Error(err)
	} else if alts := alternatives(t, u); !slices.Equal(alts, []string{"Marchio di Esempio Software S.r.l.", "Codice QR della pagina di verifica"}) {
		t.Errorf("figures stand for %q", alts)
	}
}

// alternatives are the texts that stand for figures.
func alternatives(t testing.TB, u *incremental.Update) []string {
	t.Helper()
	var out []string
	for _, r := range u.Refs() {
		o, err := u.Get(r)
		if err != nil {
			t.Fatal(err)
		}
		if d, ok := o.(incremental.Dict); ok && d["Alt"] != nil {
			b, _ := incremental.StringBytes(d["Alt"])
			out = append(out, string(b))
		}
	}
	return out
}
