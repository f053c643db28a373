package contractpdf

import (
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rinnova/internal/contract"
	"rinnova/internal/pdf"
)

func newPrinter(t testing.TB) *Printer {
	t.Helper()
	p, err := NewPrinter()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fataler is a testing.TB or a rapid.T.
type fataler interface {
	Fatalf(format string, args ...any)
}

func drawContract(t fataler, p *Printer, d contract.Document) []byte {
	b, err := p.Contract(d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}

func drawReminder(t fataler, p *Printer, r contract.Reminder) []byte {
	b, err := p.Reminder(r)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return b
}

// tool runs an outside program on a file, which stands for FILE in its arguments, and returns what it prints.
func tool(t fataler, file []byte, name string, args ...string) string {
	dir, err := os.MkdirTemp("", "contractpdf")
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "file.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatalf("%v", err)
	}
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "FILE", path)
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s (Debian packages poppler-utils, qpdf): %v\n%s", name, err, out)
	}
	return string(out)
}

// flatText is the text of a file with single spaces between its words, twice: paragraph by paragraph, and line by line
// over the whole width of the page.
func flatText(t fataler, file []byte) string {
	var out []string
	for _, layout := range []string{"-nopgbrk", "-layout"} {
		out = append(out, strings.Fields(tool(t, file, "pdftotext", layout, "FILE", "-"))...)
	}
	return strings.Join(out, " ")
}

// word is a word on a page; measures in millimetres from the top left corner.
type word struct {
	left, top, right, bottom float64
	text                     string
}

// wordBoxes reads where each word stands, by page.
func wordBoxes(t fataler, file []byte) [][]word {
	var html struct {
		Pages []struct {
			Words []struct {
				XMin float64 `xml:"xMin,attr"`
				YMin float64 `xml:"yMin,attr"`
				XMax float64 `xml:"xMax,attr"`
				YMax float64 `xml:"yMax,attr"`
				Text string  `xml:",chardata"`
			} `xml:"word"`
		} `xml:"body>doc>page"`
	}
	out := tool(t, file, "pdftotext", "-bbox", "FILE", "-")
	if err := xml.Unmarshal([]byte(out[strings.Index(out, "<html"):]), &html); err != nil {
		t.Fatalf("pdftotext -bbox: %v", err)
	}
	var pages [][]word
	for _, p := range html.Pages {
		var page []word
		for _, w := range p.Words {
			page = append(page, word{w.XMin * pdf.Point, w.YMin * pdf.Point, w.XMax * pdf.Point, w.YMax * pdf.Point, w.Text})
		}
		pages = append(pages, page)
	}
	return pages
}

// node is an element of the structure tree.
type node struct {
	role string
	text string // its own, without that of the elements below
	kids []*node
}

// all are the elements of a role, in reading order.
func (n *node) all(role string) []*node {
	var out []*node
	for _, k := range n.kids {
		if k.role == role {
			out = append(out, k)
		}
		out = append(out, k.all(role)...)
	}
	return out
}

// whole is the text of an element and all below it.
func (n *node) whole() string {
	s := n.text
	for _, k := range n.kids {
		s += k.whole()
	}
	return s
}

// rows are the rows of all tables, each as the texts of its cells.
func (n *node) rows() [][]string {
	var out [][]string
	for _, r := range n.all("TR") {
		var cells []string
		for _, c := range r.kids {
			cells = append(cells, c.whole())
		}
		out = append(out, cells)
	}
	return out
}

// near tells whether two measures are close enough to be the same.
func near(a, b float64) bool { return a-b < 0.15 && b-a < 0.15 }
