package contractpdf

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// known are what preflight, which knows PDF/A-1b only, says of every correct file of PDF/A-2: cross-reference streams came
// with PDF 1.5, and the part is 2.
var known = regexp.MustCompile(`^(1\.4 : Trailer Syntax error, /XRef cross reference streams are not allowed|` +
	`7\.11\.2 : Error on MetaData, part must be 1)$`)

// TestPDFA asks PDFBox preflight (Debian packages libpdfbox2-java and a JDK) about the documents. It checks fonts, colours,
// metadata, structure of the file; not the structure tree, and none of what is new in part 2.
func TestPDFA(t *testing.T) {
	stubs := t.TempDir()
	sources, err := filepath.Glob("testdata/preflight/javax/*/*.java")
	if err != nil {
		t.Fatal(err)
	}
	deeper, err := filepath.Glob("testdata/preflight/javax/*/*/*.java")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("javac", append(append([]string{"-d", stubs}, sources...), deeper...)...).CombinedOutput(); err != nil {
		t.Fatalf("javac (Debian package default-jdk-headless): %v\n%s", err, out)
	}
	classPath := stubs
	for _, jar := range []string{"preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-logging"} {
		path := "/usr/share/java/" + jar + ".jar"
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("%v (Debian package libpdfbox2-java)", err)
		}
		classPath += ":" + path
	}
	files := samples(t)
	for _, name := range []string{"contratto-demo", "contratto-lungo", "promemoria-modifica", "condizioni", "nomina-compilata", "accettazione"} { // a second for each
		path := filepath.Join(t.TempDir(), name+".pdf")
		if err := os.WriteFile(path, files[name], 0o600); err != nil {
			t.Fatal(err)
		}
		// It ends with an error for every file: the known points are always there.
		out, _ := exec.Command("java", "-cp", classPath, "org.apache.pdfbox.preflight.Validator_A1b", path).CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if !strings.Contains(lines[0], "is not a valid PDF/A-1b file") {
			t.Fatalf("%s: preflight did not run:\n%s", name, out)
		}
		for _, l := range lines[1:] {
			if !known.MatchString(l) {
				t.Errorf("%s: %s", name, l)
			}
		}
	}
}
