package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/xml"
	"image"
	"image/color"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rinnova/internal/pdf/incremental"
)

var someTime = time.Date(2027, 1, 18, 12, 0, 0, 0, time.FixedZone("CET", 3600))

// checked runs an outside program on a file and returns what it prints.
func checked(t testing.TB, file []byte, tool string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "FILE", path)
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s (Debian packages qpdf, poppler-utils): %v\n%s", tool, err, out)
	}
	return string(out)
}

func clean(t testing.TB, file []byte) {
	t.Helper()
	if s := checked(t, file, "qpdf", "--check", "FILE"); !strings.Contains(s, "No syntax or stream encoding errors") {
		t.Error(s)
	}
}

func ended(t testing.TB, d *Document) []byte {
	t.Helper()
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (d *Document) put(r *Resources, role Role, y float64, text string, options ...Option) {
	d.Tag(role, func() {
		for i, l := range r.Break(150, Span{text, Regular, 10}) {
			d.Text(20, y+float64(i)*5, l)
		}
	}, options...)
}

// everything draws all that the package can draw, on two pages.
func everything(r *Resources) *Document {
	d := r.New(Info{Title: `Prova (n. 1) \ «è»`, Author: "Società <Esempio> & C.", Created: someTime})
	d.AddPage()
	d.Artifact(func() { d.Text(20, 10, Line{Spans: []Span{{"testata", Regular, 8}}}) })
	d.put(r, H1, 20, "Titolo")
	d.Rule(20, 22, 100, 22, 0.5)
	d.put(r, P, 30, "Un capoverso di testo che va a capo perché è più lungo di una riga, e che deve restare un solo capoverso per chi lo ascolta invece di leggerlo.")
	d.Frame(Rect{20, 50, 30, 10}, 1, 2)
	d.Fill(0x17, 0x32, 0x4d, Rect{60, 50, 10, 10}, Rect{80, 50, 10, 10})
	d.Begin(Table)
	d.Tag(TR, func() {
		d.put(r, TH, 70, "Voce")
		d.put(r, TH, 80, "Importo")
	})
	d.Tag(TR, func() {
		d.put(r, RowTH, 90, "Totale", ColSpan(2))
		d.put(r, TD, 100, "−1.234,56 €")
	})
	d.AddPage()
	d.Tag(TR, func() { d.put(r, TD, 20, "sulla seconda pagina") })
	d.End()
	d.Tag(L, func() { d.Tag(LI, func() { d.put(r, LBody, 40, "una voce") }) })
	d.Tag(Figure, func() { d.Image(r.NewImage(picture()), Rect{20, 60, 20, 10}) }, Alt("Un disegno"))
	d.Tag(Figure, func() {
		d.Fill(0, 0, 0, Rect{60, 60, 10, 10})
		d.Letter('È', SemiBold, 20, 65, 65)
	}, Alt("Una lettera"))
	return d
}

func picture() image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	for x := range 20 {
		m.Set(x, 5, color.NRGBA{uint8(x * 10), 100, 50, uint8(x * 12)})
	}
	return m
}

func TestEverything(t *testing.T) {
	b := ended(t, everything(load(t)))
	clean(t, b)
	info := checked(t, b, "pdfinfo", "FILE")
	for _, want := range []string{`Title:           Prova (n. 1) \ «è»`, "Author:          Società <Esempio> & C.", "Producer:        Rinnova",
		"Tagged:          yes", "Pages:           2", "A4", "PDF version:     1.7", "Jan 18 11:00:00 2027 UTC", "Suspects:        no"} {
		if !strings.Contains(info, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, info)
		}
	}
	if s := checked(t, b, "pdffonts", "FILE"); strings.Count(s, "yes yes yes") != 2 && !strings.Contains(s, "TitilliumWeb-Regular") {
		t.Error(s)
	}
	want := strings.TrimSpace(`
Document
  H1 (block)
    "Titolo"
  P (block)
    "Un capoverso di testo che va a capo perché è più lungo di una riga, e che deve restare un solo capoverso per chi lo ascolta invece di leggerlo."
  Table (block)
    TR
      TH:
         /Scope /Column
        "Voce"
      TH:
         /Scope /Column
        "Importo"
    TR
      TH:
         /Scope /Row
         /ColSpan 2
        "Totale"
      TD
        "−1.234,56 €"
    TR
      TD
        "sulla seconda pagina"
  L (block)
    LI (block)
      LBody (block)
        "una voce"
  Figure
    ""
  Figure
    ""`)
	if got := strings.TrimSpace(checked(t, b, "pdfinfo", "-struct-text", "FILE")); got != want {
		t.Errorf("structure:\n%s\nwant:\n%s", got, want)
	}
	if s := checked(t, b, "pdftotext", "-layout", "FILE", "-"); !strings.Contains(s, "testata") {
		t.Errorf("no running head in %s", s)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	a, b := ended(t, everything(load(t))), ended(t, everything(load(t)))
	if !bytes.Equal(a, b) {
		t.Error("two files differ")
	}
}

// TestMetadata: the information dictionary and the XMP metadata say the same, and the file has an identifier.
func TestMetadata(t *testing.T) {
	b := ended(t, everything(load(t)))
	u, err := incremental.Open(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(u.ID()) != 16 {
		t.Errorf("identifier %x, want 16 bytes", u.ID())
	}
	info, err := u.Dict(u.Info())
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []incremental.Name{"CreationDate", "ModDate"} {
		if info[key] != incremental.Object(incremental.String("D:20270118120000+01'00'")) {
			t.Errorf("%s is %v", key, info[key])
		}
	}
	catalog, err := u.Dict(u.Root())
	if err != nil {
		t.Fatal(err)
	}
	if catalog["Lang"] != incremental.Object(incremental.String("it-IT")) {
		t.Errorf("language %v", catalog["Lang"])
	}
	o, err := u.Resolve(catalog["Metadata"])
	if err != nil {
		t.Fatal(err)
	}
	xmp := o.(*incremental.Stream).Data
	for _, want := range []string{"<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<xmp:CreateDate>2027-01-18T12:00:00+01:00<",
		"<xmp:ModifyDate>2027-01-18T12:00:00+01:00<", `Prova (n. 1) \ «è»<`, "Società &lt;Esempio&gt; &amp; C.<", "<pdf:Producer>Rinnova<", "<rdf:li>it-IT<"} {
		if !bytes.Contains(xmp, []byte(want)) {
			t.Errorf("the metadata lack %q:\n%s", want, xmp)
		}
	}
	if err := wellFormed(xmp); err != nil {
		t.Error(err)
	}
}

// xmpTitle reads dc:title.
func xmpTitle(t testing.TB, x []byte) string {
	t.Helper()
	var m struct {
		Titles []string `xml:"RDF>Description>title>Alt>li"`
	}
	if err := xml.Unmarshal(x, &m); err != nil || len(m.Titles) != 1 {
		t.Fatalf("%v, %v in %s", m.Titles, err, x)
	}
	return m.Titles[0]
}

func wellFormed(x []byte) error {
	for d := xml.NewDecoder(bytes.NewReader(x)); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestMistakes(t *testing.T) {
	r := load(t)
	if _, err := r.New(Info{}).Bytes(); err == nil {
		t.Error("a document without pages was made")
	}
	d := r.New(Info{})
	d.AddPage()
	d.Begin(Table)
	if _, err := d.Bytes(); err == nil || !strings.Contains(err.Error(), "Table") {
		t.Errorf("an element that was not closed gives %v", err)
	}
}

// TestMarkedContent: on every page each BDC has its EMC, none inside another, and all that is drawn lies in one.
func TestMarkedContent(t *testing.T) {
	for i, c := range contents(t, ended(t, everything(load(t)))) {
		depth := 0
		for _, op := range operators(c) {
			switch op {
			case "BDC", "BMC":
				depth++
			case "EMC":
				depth--
			case "TJ", "S", "f", "Do":
				if depth != 1 {
					t.Errorf("page %d: %s at depth %d", i+1, op, depth)
				}
			}
			if depth < 0 || depth > 1 {
				t.Fatalf("page %d: marked content %d deep", i+1, depth)
			}
		}
		if depth != 0 {
			t.Errorf("page %d: marked content goes on", i+1)
		}
	}
}

// contents unpacks the content streams of all pages.
func contents(t testing.TB, file []byte) [][]byte {
	t.Helper()
	u, err := incremental.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := u.Pages()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, p := range pages {
		d, err := u.Dict(p)
		if err != nil {
			t.Fatal(err)
		}
		o, err := u.Resolve(d["Contents"])
		if err != nil {
			t.Fatal(err)
		}
		z, err := zlib.NewReader(bytes.NewReader(o.(*incremental.Stream).Data))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

var literal = regexp.MustCompile(`(?s)\((?:[^()\\]|\\.)*\)`)

// operators are the operators of a content stream in order, strings, names, numbers and dictionaries left out.
func operators(content []byte) []string {
	var out []string
	for _, w := range strings.Fields(string(literal.ReplaceAll(content, []byte("0")))) {
		if i := strings.LastIndexAny(w, ">]"); i >= 0 {
			w = w[i+1:]
		}
		if w != "" && strings.IndexByte("/<[0123456789.-", w[0]) < 0 {
			out = append(out, w)
		}
	}
	return out
}

// hostile are texts that mean something to PDF, XML or the terminal, or nothing to anybody.
var hostile = []string{
	"(", ")", `\`, `\)`, "((((", "))))", "()<>[]{}/%", ") Tj ET Q endstream endobj", "endstream\nendobj\n1 0 obj<<>>", "%%EOF\nstartxref\n0",
	"<</Type/Catalog>>", "stream\r\n", "\r", "\n", "\r\n\r\n", "\x00\x01\x1b[31m", "\xff\xfe\x80", "\ufeff", "&amp;<b>]]>", "]]><x", "<?xpacket end?>",
	"😀", "\u202eabc\u202c", "e\u0301", "\u0000", strings.Repeat("A", 3000), strings.Repeat("à ", 2000), "中文", "\U0010ffff", "\ud7ff\ue000",
}

func TestHostileTexts(t *testing.T) {
	r := load(t)
	for _, s := range hostile {
		b := ended(t, drawn(r, s))
		clean(t, b)
		if out := checked(t, b, "pdftotext", "FILE", "-"); !strings.Contains(out, "prima") || !strings.Contains(out, "dopo") {
			t.Errorf("%.40q hides the text around it: %q", s, out)
		}
	}
}

// drawn is a document with a text between two others, in its metadata and as the words for a figure.
func drawn(r *Resources, s string) *Document {
	d := r.New(Info{Title: s, Author: s, Created: someTime})
	d.AddPage()
	d.put(r, P, 10, "prima")
	d.put(r, P, 20, s)
	d.Tag(Figure, func() { d.Fill(0, 0, 0, Rect{1, 1, 1, 1}) }, Alt(s))
	d.AddPage()
	d.put(r, P, 10, "dopo")
	return d
}

// FuzzText: whatever is drawn, the file opens again, its pages and metadata are whole, and the marked content is in order.
func FuzzText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	r := load(f)
	f.Fuzz(func(t *testing.T, s string) {
		b := ended(t, drawn(r, s))
		u, err := incremental.Open(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range u.Refs() {
			if _, err := u.Get(ref); err != nil {
				t.Fatal(err)
			}
		}
		if d, err := u.Dict(u.Info()); err != nil || d["Title"] != incremental.Object(incremental.Text(plain(s))) {
			t.Fatalf("title %v, %v", d["Title"], err)
		}
		for _, c := range contents(t, b) {
			depth := 0
			for _, op := range operators(c) {
				switch op {
				case "BDC", "BMC":
					depth++
				case "EMC":
					depth--
				case "BT", "ET", "Td", "Tf", "TJ", "re", "f", "g", "rg":
				default:
					t.Fatalf("operator %q", op)
				}
			}
			if depth != 0 {
				t.Fatal("marked content goes on")
			}
		}
		if err := xml.Unmarshal(Info{Title: plain(s)}.xmp(), &struct{}{}); err != nil {
			t.Fatal(err)
		}
		if title := xmpTitle(t, Info{Title: plain(s)}.xmp()); title != plain(s) {
			t.Fatalf("the metadata say %q, want %q", title, plain(s))
		}
	})
}
