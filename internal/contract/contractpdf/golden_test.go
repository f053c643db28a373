package contractpdf

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// samples are the documents of the design's pictures, and others that show what they do not.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	p := newPrinter(t)
	terms, err := p.Terms(sampleContract(t).Terms, sampleVendor())
	if err != nil {
		t.Fatal(err)
	}
	explained, request := explainedContract(t)
	services, servicesRequest := explainedServices(t)
	return map[string][]byte{
		"contratto-spiegato":  drawContract(t, p, explained),
		"promemoria-spiegato": drawReminder(t, p, request),
		"servizi-spiegati":    drawContract(t, p, services),
		"servizi-promemoria":  drawReminder(t, p, servicesRequest),
		"contratto":           drawContract(t, p, sampleContract(t)),
		"contratto-lungo":     drawContract(t, p, longContract(t)),
		"contratto-servizi":   drawContract(t, p, sampleServices(t)),
		"contratto-demo":      drawContract(t, p, demoContract(t)),
		"promemoria":          drawReminder(t, p, sampleReminder(t)),
		"promemoria-bozza":    drawReminder(t, p, sampleDraft(t)),
		"promemoria-modifica": drawReminder(t, p, sampleChange(t)),
		"promemoria-servizi":  drawReminder(t, p, servicesReminder(t)),
		"condizioni":          terms,
		"nomina":              drawLetter(t, p, sampleLetter(t)),
		"nomina-compilata":    drawLetter(t, p, fullLetter(t)),
		"nomina-lunga":        drawLetter(t, p, longLetter(t)),
		"accettazione":        drawAcceptance(t, p, sampleAcceptance(t)),
		"accettazione-di-una": drawAcceptance(t, p, scanAcceptance(t)),
	}
}

// TestGolden compares the text of the documents, as it stands on the page, with what was looked at and found good:
// go test -update writes it anew. Where LOOK names a folder the documents are left there, for people to look at.
func TestGolden(t *testing.T) {
	for name, file := range samples(t) {
		got := tool(t, file, "pdftotext", "-layout", "FILE", "-")
		path := filepath.Join("testdata", "golden", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		if dir := os.Getenv("LOOK"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".pdf"), file, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	first, second := samples(t), samples(t)
	for name := range first {
		if !bytes.Equal(first[name], second[name]) {
			t.Errorf("%s: two files of the same document differ", name)
		}
	}
}

func TestFilesAreClean(t *testing.T) {
	for name, file := range samples(t) {
		if s := tool(t, file, "qpdf", "--check", "FILE"); !strings.Contains(s, "No syntax or stream encoding errors") {
			t.Errorf("%s: %s", name, s)
		}
		if s := tool(t, file, "pdfinfo", "FILE"); !strings.Contains(s, "Tagged:          yes") || !strings.Contains(s, "A4") {
			t.Errorf("%s: %s", name, s)
		}
		if s := tool(t, file, "pdffonts", "FILE"); strings.Count(s, "CID TrueType      Identity-H       yes yes yes") != 2 {
			t.Errorf("%s: want two fonts, embedded, cut and with Unicode:\n%s", name, s)
		}
	}
}
