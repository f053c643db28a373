package letter_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/contract/contractpdf"
	"rinnova/internal/letter"
	"rinnova/internal/sign"
	"rinnova/internal/terms"
)

// drawn is the PDF of a letter.
func drawn(t *testing.T) []byte {
	t.Helper()
	return drawnAs(t, "Scuola di prova")
}

func drawnAs(t *testing.T, school string) []byte {
	t.Helper()
	p, err := contractpdf.NewPrinter()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Letter(letter.Document{Text: terms.Terms{Version: "1", Body: text(t)}, Date: rinnova.MustDate("2026-11-20"), School: letter.Party{Name: school, MinistryCode: "RGIC82700L"}})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tool makes another file of one, with an outside program whose arguments IN and OUT are the files.
func tool(t *testing.T, in []byte, name string, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		args[i] = strings.NewReplacer("IN", from, "OUT", to, "DIR", dir).Replace(a)
	}
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	b, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tool2 is what an outside program says of a file; where it writes a file, that goes to its output.
func tool2(t *testing.T, in []byte, name string, args ...string) string {
	t.Helper()
	from := filepath.Join(t.TempDir(), "in.pdf")
	if err := os.WriteFile(from, in, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, from)
	if name == "pdftotext" {
		args = append(args, "-")
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s (Debian package poppler-utils): %v\n%s", name, err, out)
	}
	return string(out)
}

// openssl signs as other programs do: in BER, written as it goes.
func openssl(t *testing.T, content []byte, more ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	key, cert := filepath.Join(dir, "k.pem"), filepath.Join(dir, "c.pem")
	if out, err := exec.Command("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "30",
		"-subj", "/CN=FIRMATARIO INVENTATO/O=Ente di prova").CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v\n%s", err, out)
	}
	args := []string{"cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-signer", cert, "-inkey", key, "-in", "IN", "-out", "OUT"}
	return tool(t, content, "openssl", append(args, more...)...)
}

func TestExamineTakes(t *testing.T) {
	pdf := drawn(t)
	signed, wrapped := pades(t, pdf), cades(t, pdf)
	altered := bytes.Replace(signed, []byte("<pdf:Producer>Rinnova<"), []byte("<pdf:Producer>Rinnovi<"), 1)
	for name, x := range map[string]struct {
		file      []byte
		format    letter.Format
		integrity []sign.Integrity
	}{
		"a scan":                       {pdf, letter.PDF, nil},
		"signed PDF":                   {signed, letter.PDF, []sign.Integrity{sign.Intact}},
		"signed twice":                 {pades(t, signed), letter.PDF, []sign.Integrity{sign.Intact, sign.Intact}},
		"changed after signing":        {altered, letter.PDF, []sign.Integrity{sign.Altered}},
		"blanks at the end":            {append(bytes.Clone(signed), "\r\n\n"...), letter.PDF, []sign.Integrity{sign.Intact}},
		"p7m":                          {wrapped, letter.P7M, []sign.Integrity{sign.Intact}},
		"p7m of a signed PDF":          {cades(t, signed), letter.P7M, []sign.Integrity{sign.Intact, sign.Intact}},
		"p7m in p7m":                   {cades(t, wrapped), letter.P7M, []sign.Integrity{sign.Intact, sign.Intact}},
		"p7m with other content":       {bytes.Replace(wrapped, []byte("<pdf:Producer>Rinnova<"), []byte("<pdf:Producer>Rinnovi<"), 1), letter.P7M, []sign.Integrity{sign.Altered}},
		"p7m in base64":                {[]byte(base64.StdEncoding.EncodeToString(wrapped)), letter.P7M, []sign.Integrity{sign.Intact}},
		"p7m in lines of base64":       {inLines(wrapped), letter.P7M, []sign.Integrity{sign.Intact}},
		"p7m in PEM":                   {pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: wrapped}), letter.P7M, []sign.Integrity{sign.Intact}},
		"of another program":           {openssl(t, pdf, "-outform", "DER"), letter.P7M, []sign.Integrity{sign.Intact}},
		"of another program, in BER":   {openssl(t, pdf, "-outform", "DER", "-stream"), letter.P7M, []sign.Integrity{sign.Intact}},
		"of another program, in PEM":   {openssl(t, pdf, "-outform", "PEM"), letter.P7M, []sign.Integrity{sign.Intact}},
		"without attributes":           {openssl(t, pdf, "-outform", "DER", "-noattr"), letter.P7M, []sign.Integrity{sign.Intact}},
		"a certificate that is absent": {openssl(t, pdf, "-outform", "DER", "-nocerts"), letter.P7M, []sign.Integrity{sign.Unchecked}},
		"of another PDF writer":        {tool(t, pdf, "qpdf", "--object-streams=disable", "IN", "OUT"), letter.PDF, nil},
		"for the web":                  {tool(t, pdf, "qpdf", "--linearize", "IN", "OUT"), letter.PDF, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f, inner, err := letter.Examine(t.Context(), x.file)
			if err != nil {
				t.Fatal(err, errors.Unwrap(err))
			}
			var got []sign.Integrity
			for _, s := range f.Signatures {
				got = append(got, s.Integrity)
				if s.Integrity != sign.Unchecked && name != "without attributes" && (s.At.IsZero() || s.Signer == "") {
					t.Errorf("a signature by %q at %s", s.Signer, s.At)
				}
			}
			if f.Format != x.format || f.Pages != 3 || !equal(got, x.integrity) || f.Rewritten() || !bytes.HasPrefix(inner, []byte("%PDF-")) {
				t.Errorf("%+v", f)
			}
		})
	}
}

func equal[T comparable](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func inLines(b []byte) []byte {
	s := base64.StdEncoding.EncodeToString(b)
	var out strings.Builder
	for len(s) > 64 {
		out.WriteString(s[:64] + "\r\n")
		s = s[64:]
	}
	return []byte(out.String() + s + "\r\n")
}

func zipped(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := z.Create(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is hostile or a mistake is refused, with words that say what it is.
func TestExamineRefuses(t *testing.T) {
	pdf := drawn(t)
	signed := pades(t, pdf)
	archive := zipped(t, "word/document.xml")
	nested := cades(t, cades(t, cades(t, cades(t, pdf))))
	for name, x := range map[string]struct {
		file []byte
		says string
	}{
		"nothing":                       {nil, "vuoto"},
		"11 MB":                         {append(bytes.Clone(pdf), make([]byte, 11<<20)...), "10 MB"},
		"one byte too many":             {make([]byte, letter.MaxFile+1), "10 MB"},
		"a page named .pdf":             {[]byte("\n <!DOCTYPE html><script>alert(1)</script>"), "pagina web"},
		"XML":                           {[]byte("<?xml version='1.0'?><a/>"), "XML"},
		"an archive, or Word":           {archive, "Word"},
		"old Word":                      {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), "Word"},
		"RTF":                           {[]byte("{\\rtf1 ciao}"), "Word"},
		"a Windows program":             {[]byte("MZ\x90\x00"), "programma"},
		"a Linux program":               {[]byte("\x7fELF\x02\x01"), "programma"},
		"a script":                      {[]byte("#!/bin/sh\nrm -r /"), "programma"},
		"a photograph":                  {[]byte("\xff\xd8\xff\xe0\x00\x10JFIF"), "immagine"},
		"text":                          {[]byte("Gentile ufficio, ecco la lettera"), "non è un PDF e non è un .p7m"},
		"a PDF cut short":               {pdf[:len(pdf)/2], "non si legge"},
		"a signed PDF cut short":        {signed[:len(signed)-20], "non si legge"},
		"only the beginning":            {[]byte("%PDF-1.7\n"), "non si legge"},
		"a PDF that is also an archive": {append(bytes.Clone(pdf), archive...), "insieme un archivio"},
		"an archive that is also a PDF": {append(bytes.Clone(archive), pdf...), "Word"},
		"a page that is also a PDF":     {append([]byte("<html>"), pdf...), "pagina web"},
		"with a password":               {tool(t, pdf, "qpdf", "--encrypt", "a", "b", "256", "--", "IN", "OUT"), "password"},
		"without the right to print":    {tool(t, pdf, "qpdf", "--encrypt", "", "b", "256", "--print=none", "--", "IN", "OUT"), "password"},
		"p7m cut short":                 {cades(t, pdf)[:2000], ".p7m non si apre"},
		"p7m with something behind":     {append(cades(t, pdf), archive...), "dopo la firma, c’è altro"},
		"p7m without the document":      {tool(t, pdf, "openssl", "smime", "-sign", "-binary", "-outform", "DER", "-signer", certificate(t), "-in", "IN", "-out", "OUT"), "solo la firma, senza il documento"},
		"p7m of a page":                 {cades(t, []byte("<html>")), "pagina web"},
		"p7m of an archive":             {cades(t, archive), "Word"},
		"p7m of nothing":                {cades(t, nil), ""},
		"p7m of a PDF with a password":  {cades(t, tool(t, pdf, "qpdf", "--encrypt", "a", "b", "256", "--", "IN", "OUT")), "password"},
		"envelopes without end":         {nested, "troppe buste"},
		"base64 of a program":           {[]byte(base64.StdEncoding.EncodeToString([]byte("MZ program"))), "non è un PDF"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := letter.Examine(t.Context(), x.file)
			if rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), x.says) {
				t.Errorf("%v, want %q", err, x.says)
			}
		})
	}
}

// certificate is a PEM file with a key and its certificate.
func certificate(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "both.pem")
	key := file + ".key"
	if out, err := exec.Command("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", file, "-days", "30", "-subj", "/CN=Prova").CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v\n%s", err, out)
	}
	b, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return file
}

// Whatever comes, Examine answers: with facts or with a refusal, and never with a panic.
func TestExamineAnswers(t *testing.T) {
	pdf := drawn(t)
	seeds := [][]byte{pades(t, pdf), cades(t, pdf), openssl(t, pdf, "-outform", "DER", "-stream")}
	rapid.Check(t, func(r *rapid.T) {
		b := bytes.Clone(rapid.SampledFrom(seeds).Draw(r, "seed"))
		for range rapid.IntRange(1, 8).Draw(r, "changes") {
			b[rapid.IntRange(0, len(b)-1).Draw(r, "at")] = rapid.Byte().Draw(r, "byte")
		}
		b = b[:rapid.IntRange(len(b)-len(b)/10, len(b)).Draw(r, "length")]
		_, inner, err := letter.Examine(t.Context(), b)
		if err != nil && rinnova.KindOf(err) != rinnova.Invalid {
			r.Fatalf("%v", err)
		}
		if err == nil && len(inner) == 0 {
			r.Fatal("nothing inside")
		}
	})
}

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"nomina.pdf": "nomina.pdf", "../../etc/passwd": "passwd", `C:\Documenti\nomina firmata.pdf`: "nomina firmata.pdf", "": "senza nome", "..": "senza nome", "/": "senza nome",
		"a\x00b\r\nc.pdf": "ab c.pdf", "nomina\u202efdp.exe": "nominafdp.exe", "nomina\u2066\u200f.pdf": "nomina.pdf", "\xff\xfe.pdf": "\uFFFD.pdf", "  a   b .pdf": "a b .pdf",
		"però è così.p7m": "però è così.p7m", strings.Repeat("a", 300) + ".pdf.p7m": strings.Repeat("a", 68) + "…" + "aaa.pdf.p7m",
	} {
		if got := letter.CleanName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		got := letter.CleanName(string(rapid.SliceOf(rapid.Byte()).Draw(r, "name")))
		if got == "" || len([]rune(got)) > 80 || strings.ContainsAny(got, "/\\\n\r\x00\u202e\u2066") {
			r.Fatalf("%q", got)
		}
	})
}
