package letterdocx_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterdocx"
	"rinnova/internal/terms"
)

var update = flag.Bool("update", false, "write the golden files anew")

func sample(t *testing.T) letter.Document {
	t.Helper()
	body, err := os.ReadFile("../../demo/texts/nomina-responsabile.md")
	if err != nil {
		t.Fatal(err)
	}
	return letter.Document{
		Number: 1,
		Text:   terms.Terms{Kind: terms.Appointment, Version: "2027-01", Body: string(body)}, Date: rinnova.MustDate("2027-01-13"),
		Vendor: letter.Vendor{Name: "Esempio Software S.r.l.", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903", PEC: "esempiosoftware@pec.example",
			Signatory: "Lucia Ferrante", DPO: "rpd@esempiosoftware.example"},
		School: letter.Party{Name: "Istituto Comprensivo «Prova & Figli» <1>", Address: "via Archimede 12, 97100 Ragusa (RG)", MinistryCode: "RGIC82700L", TaxCode: "80006890646",
			Email: "rgic82700l@istruzione.example", PEC: "rgic82700l@pec.istruzione.example"},
		Form: letter.Form{Head: "Nome Inventato di Prova"},
	}
}

// unzip gives the parts of a file by their names, in their order.
func unzip(t *testing.T, file []byte) (names []string, parts map[string][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names, parts[f.Name] = append(names, f.Name), b
	}
	return names, parts
}

// words is the text of a part, a line for each paragraph.
func words(t *testing.T, part []byte) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(bytes.NewReader(part))
	for inText := false; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			inText = x.Name.Local == "t"
		case xml.EndElement:
			inText = false
			if x.Name.Local == "p" {
				b.WriteString("\n")
			}
		case xml.CharData:
			if inText {
				b.Write(x)
			}
		}
	}
}

func write(t *testing.T, d letter.Document) []byte {
	t.Helper()
	b, err := letterdocx.Write(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	_, parts := unzip(t, write(t, sample(t)))
	got := words(t, parts["word/document.xml"]) + "\n" + words(t, parts["word/footer1.xml"])
	const golden = "testdata/nomina.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

// TestPackage: every part is named where it must be, and nothing is named that is not there.
func TestPackage(t *testing.T) {
	names, parts := unzip(t, write(t, sample(t)))
	if names[0] != "[Content_Types].xml" {
		t.Errorf("the first part is %s", names[0])
	}
	var types struct {
		Overrides []struct {
			Part string `xml:"PartName,attr"`
		} `xml:"Override"`
	}
	if err := xml.Unmarshal(parts["[Content_Types].xml"], &types); err != nil {
		t.Fatal(err)
	}
	for _, o := range types.Overrides {
		if parts[strings.TrimPrefix(o.Part, "/")] == nil {
			t.Errorf("content types name %s, which is not there", o.Part)
		}
	}
	related := map[string]bool{}
	for _, from := range []string{"_rels/.rels", "word/_rels/document.xml.rels"} {
		var list struct {
			All []struct {
				Target string `xml:",attr"`
				Mode   string `xml:"TargetMode,attr"`
			} `xml:"Relationship"`
		}
		if err := xml.Unmarshal(parts[from], &list); err != nil {
			t.Fatal(err)
		}
		for _, r := range list.All {
			name := path.Join(path.Dir(path.Dir(from)), r.Target)
			related[name] = true
			if parts[name] == nil || r.Mode != "" {
				t.Errorf("%s refers to %s (%s)", from, r.Target, r.Mode)
			}
		}
	}
	for _, n := range names {
		if !strings.HasSuffix(n, ".rels") && n != "[Content_Types].xml" && !related[n] {
			t.Errorf("nothing refers to %s", n)
		}
	}
	if len(related) != 6 {
		t.Errorf("%d parts are referred to", len(related))
	}
}

// TestWellFormed asks xmllint (Debian package libxml2-utils) about each part.
func TestWellFormed(t *testing.T) {
	names, parts := unzip(t, write(t, sample(t)))
	dir := t.TempDir()
	for i, n := range names {
		file := filepath.Join(dir, strings.ReplaceAll(n, "/", "_"))
		if err := os.WriteFile(file, parts[n], 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("xmllint", "--noout", "--nonet", file).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("part %d, %s: %v\n%s", i, n, err, out)
		}
	}
}

func TestSaysWhatTheSchoolSaid(t *testing.T) {
	d := sample(t)
	_, parts := unzip(t, write(t, d))
	text := words(t, parts["word/document.xml"])
	for _, want := range []string{"Istituto Comprensivo «Prova & Figli» <1>", "in persona del dirigente scolastico Nome Inventato di Prova, titolare", "Prot. n. ____",
		"quello del titolare è ____", "14. Disposizioni finali", "Allegato C. Misure di sicurezza", "firma digitale o autografa", "Posta Modello S.r.l., Torino"} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(text, "{{") || strings.Contains(text, "**") || strings.Contains(text, "inventato a scopo") {
		t.Error("marks are left")
	}
	d.Vendor.Fictional = true
	d.Form = letter.Form{DPOName: "Responsabile Inventato", Protocol: "12/2027"}
	_, parts = unzip(t, write(t, d))
	text = words(t, parts["word/document.xml"])
	for _, want := range []string{"Fornitore inventato a scopo dimostrativo", "Prot. n. 12/2027 del ____", "è Responsabile Inventato."} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	if !slices.Equal(write(t, sample(t)), write(t, sample(t))) {
		t.Error("two files of the same letter differ")
	}
}
