package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/pdf"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign/signtest"

	"github.com/digitorus/timestamp"
	"pgregory.net/rapid"
)

var resources = sync.OnceValues(pdf.Load)

// drawn makes a document of two pages.
func drawn(t testing.TB) []byte {
	t.Helper()
	r, err := resources()
	if err != nil {
		t.Fatal(err)
	}
	d := r.New(pdf.Info{Title: "Contratto di prova", Created: signtest.Now})
	for i := range 2 {
		d.AddPage()
		d.Tag(pdf.P, func() {
			for n, l := range r.Break(170, pdf.Span{Text: fmt.Sprintf("Pagina %d di 2: città, perché", i+1), Size: 12}) {
				d.Text(20, 30+6*float64(n), l)
			}
		})
	}
	out, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// someKey is a key with a certificate of the authority.
func someKey(t testing.TB, ca *signtest.CA, key crypto.Signer) *Key {
	t.Helper()
	k, err := NewKey(key, []*x509.Certificate{ca.Issue(t, "Firmatario di prova", key.Public()), ca.Certificate}, signtest.Now)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func p256Signer(t testing.TB) *Signer {
	return NewSigner(someKey(t, signtest.NewCA(t), signtest.P256(t)), nil)
}

var options = Options{Name: "Firmatario di prova", Reason: "Contratto di rinnovo – prova", Location: "Città di Prova", At: signtest.Now}

func signed(t testing.TB, s *Signer, pdf []byte, o Options) []byte {
	t.Helper()
	out, err := s.SignPDF(t.Context(), pdf, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run writes the file and runs an outside checker on it.
func run(t testing.TB, pdf []byte, tool string, args ...string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, append(args, path)...).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatalf("these tests need %s (Debian packages qpdf, poppler-utils, openssl)", tool)
	}
	return string(out), err
}

func checkOutside(t *testing.T, pdf []byte, signatures int) {
	t.Helper()
	out, err := run(t, pdf, "pdfsig", "-nocert")
	if err != nil || strings.Count(out, "Signature is Valid.") != signatures || strings.Count(out, "Total document signed") != 1 {
		t.Errorf("pdfsig: %v\n%s", err, out)
	}
	if strings.Count(out, "Signature Type: ETSI.CAdES.detached") != signatures {
		t.Errorf("pdfsig: not PAdES\n%s", out)
	}
	if out, err := run(t, pdf, "qpdf", "--check"); err != nil {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
}

func TestSignedDocumentOutside(t *testing.T) {
	pdf, ca := drawn(t), signtest.NewCA(t)
	for name, key := range map[string]crypto.Signer{"P-256": signtest.P256(t), "P-384": signtest.ECDSA(t, elliptic.P384()), "RSA-3072": signtest.RSA3072(t)} {
		for _, tsa := range []*TSA{nil, {URL: ca.NewTSA(t).URL}} {
			t.Run(fmt.Sprintf("%s stamped %t", name, tsa != nil), func(t *testing.T) {
				s := NewSigner(someKey(t, ca, key), tsa)
				out := signed(t, s, pdf, options)
				if !bytes.HasPrefix(out, pdf) {
					t.Error("the document itself was changed")
				}
				checkOutside(t, out, 1)
				r, err := Verify(out)
				if err != nil {
					t.Fatal(err)
				}
				got := r.Last()
				if got.Field != "Firma1" || !got.At.Equal(options.At) || !got.Certificate.Equal(s.Key().Certificate()) {
					t.Errorf("report %+v", got)
				}
				if stamped := got.Timestamp.Equal(signtest.Now); stamped != (tsa != nil) {
					t.Errorf("time-stamp at %v", got.Timestamp)
				}
				checkByOpenSSL(t, ca, out)
			})
		}
	}
}

// checkByOpenSSL takes the signature and what it covers out of the file with no help of this package.
func checkByOpenSSL(t *testing.T, ca *signtest.CA, pdf []byte) {
	t.Helper()
	at := bytes.LastIndex(pdf, []byte("/ByteRange["))
	var a, start, end, rest int
	if _, err := fmt.Sscanf(string(pdf[at:]), "/ByteRange[%d %d %d %d", &a, &start, &end, &rest); err != nil {
		t.Fatal(err)
	}
	if a != 0 || end+rest != len(pdf) {
		t.Errorf("ByteRange %d %d %d %d of %d bytes", a, start, end, rest, len(pdf))
	}
	der, err := hex.DecodeString(string(pdf[start+1 : end-1]))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"p7s": der, "content": append(bytes.Clone(pdf[:start]), pdf[end:]...), "ca.pem": signtest.CertificatePEM(ca.Certificate)} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "p7s", "-content", "content", "-CAfile", "ca.pem", "-purpose", "any", "-out", "out")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "CAdES Verification successful") {
		t.Errorf("openssl: %v\n%s", err, out)
	}
}

// TestSize: a document may have 35 kB, so a signature must not fill up with zeros.
func TestSize(t *testing.T) {
	pdf, ca := drawn(t), signtest.NewCA(t)
	tsa := &TSA{URL: ca.NewTSA(t).URL}
	for _, c := range []struct {
		name  string
		s     *Signer
		bytes int
	}{
		{"P-256", NewSigner(someKey(t, ca, signtest.P256(t)), nil), 4_500},
		{"RSA-3072", NewSigner(someKey(t, ca, signtest.RSA3072(t)), nil), 6_000},
		{"P-256 stamped", NewSigner(someKey(t, ca, signtest.P256(t)), tsa), 8_000},
	} {
		signed(t, c.s, pdf, options) // from the first time-stamp on, its length is known
		out := signed(t, c.s, pdf, options)
		added := len(out) - len(pdf)
		t.Logf("%s: %d bytes", c.name, added)
		if added > c.bytes {
			t.Errorf("%s: the signature makes the document %d bytes longer, want at most %d", c.name, added, c.bytes)
		}
		hole := out[bytes.Index(out, []byte("/Contents<")):]
		hole = hole[:bytes.IndexByte(hole, '>')]
		if zeros := len(hole) - len(bytes.TrimRight(hole, "0")); zeros > 2*(64+8)+2 {
			t.Errorf("%s: %d zeros at the end of the signature", c.name, zeros)
		}
	}
}

func TestSecondSignature(t *testing.T) {
	first, second := p256Signer(t), p256Signer(t)
	once := signed(t, first, drawn(t), options)
	later := options
	later.At = signtest.Now.Add(time.Hour)
	twice := signed(t, second, once, later)
	if !bytes.HasPrefix(twice, once) {
		t.Error("the first revision was changed")
	}
	checkOutside(t, twice, 2)
	r, err := Verify(twice)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Signatures) != 2 || r.Signatures[0].Field != "Firma1" || r.Last().Field != "Firma2" ||
		!r.Signatures[0].Certificate.Equal(first.Key().Certificate()) || !r.Last().At.Equal(later.At) {
		t.Errorf("report %+v", r)
	}
}

func TestFieldName(t *testing.T) {
	s := p256Signer(t)
	o := options
	o.FieldName = "Fornitore è"
	out := signed(t, s, drawn(t), o)
	if _, err := s.SignPDF(t.Context(), out, o); err == nil {
		t.Error("two fields of one name")
	}
	o.FieldName = ""
	checkOutside(t, signed(t, s, out, o), 2)
}

// TestFormsAndAnnotationsThatAreThere: both may stand in objects of their own, and both must be kept.
func TestFormsAndAnnotationsThatAreThere(t *testing.T) {
	u, err := incremental.Open(drawn(t))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := u.Pages()
	if err != nil {
		t.Fatal(err)
	}
	text := u.Add(incremental.Dict{"Type": incremental.Name("Annot"), "Subtype": incremental.Name("Widget"), "FT": incremental.Name("Tx"),
		"T": incremental.Text("Firma1"), "Rect": incremental.Raw("[9 9 99 99]"), "P": pages[0]})
	page, _ := u.Dict(pages[0])
	page["Annots"] = u.Add(incremental.Array{text})
	u.Set(pages[0], page)
	catalog, _ := u.Dict(u.Root())
	catalog["AcroForm"] = u.Add(incremental.Dict{"Fields": u.Add(incremental.Array{text}), "DA": incremental.String("/Helv 0 Tf")})
	u.Set(u.Root(), catalog)
	pdf, _ := u.Bytes()

	out := signed(t, p256Signer(t), pdf, options)
	checkOutside(t, out, 1)
	r, err := Verify(out)
	if err != nil || r.Last().Field != "Firma2" {
		t.Errorf("%+v, %v", r, err)
	}
	if u, err = incremental.Open(out); err != nil {
		t.Fatal(err)
	}
	form, err := openForm(u)
	if err != nil || len(form.fields) != 2 || form.fields[0] != text || form.dict["DA"] != incremental.String("/Helv 0 Tf") {
		t.Errorf("form %+v, %v", form, err)
	}
	page, _ = u.Dict(pages[0])
	if a, err := array(u, page["Annots"]); err != nil || len(a) != 2 || page["Tabs"] != incremental.Name("S") {
		t.Errorf("annotations %v, tabs %v, %v", a, page["Tabs"], err)
	}
}

func TestSignPDFRefuses(t *testing.T) {
	s := p256Signer(t)
	if _, err := s.SignPDF(t.Context(), []byte("not a PDF"), options); err == nil {
		t.Error("signed what is no PDF")
	}
	if _, err := s.SignPDF(t.Context(), drawn(t), Options{}); err == nil {
		t.Error("signed without a time")
	}
	late := options
	late.At = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	if _, err := s.SignPDF(t.Context(), drawn(t), late); rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), "è scaduto il 2099-01-01") {
		t.Errorf("certificate over: %v", err)
	}
	if _, err := s.SignFile(t.Context(), nil, late.At); rinnova.KindOf(err) != rinnova.Invalid {
		t.Errorf("certificate over: %v", err)
	}
}

func TestSignFileOutside(t *testing.T) {
	ca := signtest.NewCA(t)
	s := NewSigner(someKey(t, ca, signtest.P256(t)), &TSA{URL: ca.NewTSA(t).URL})
	p7m, err := s.SignFile(t.Context(), []byte("<FatturaElettronica/>"), signtest.Now)
	if err != nil {
		t.Fatal(err)
	}
	ca1 := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca1, signtest.CertificatePEM(ca.Certificate), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := run(t, p7m, "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-CAfile", ca1, "-purpose", "any", "-in")
	if err != nil || !strings.Contains(out, "<FatturaElettronica/>") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestTokensThatGrow: room is kept before the token is known.
func TestTokensThatGrow(t *testing.T) {
	ca := signtest.NewCA(t)
	server := ca.NewTSA(t)
	s := NewSigner(someKey(t, ca, signtest.P256(t)), &TSA{URL: server.URL})
	longer := func(n int) func(*timestamp.Timestamp) {
		return func(stamp *timestamp.Timestamp) {
			stamp.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 99}, Value: make([]byte, n)}}
		}
	}
	for i, c := range []struct{ longer, requests int }{{0, 1}, {5000, 2}, {5000, 1}, {0, 1}, {9000, 2}} {
		before := server.Requests()
		server.Spoil = longer(c.longer)
		if _, err := Verify(signed(t, s, drawn(t), options)); err != nil {
			t.Error(err)
		}
		if n := server.Requests() - before; n != c.requests {
			t.Errorf("document %d: %d requests, want %d", i, n, c.requests)
		}
	}
	n := 9000
	server.Spoil = func(stamp *timestamp.Timestamp) { n += 1000; longer(n)(stamp) }
	if _, err := s.SignPDF(t.Context(), drawn(t), options); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("tokens that keep growing: %v", err)
	}
}

// TestNoTimestamp: without the time-stamp that was asked for no document leaves, and the office is told in its words.
func TestNoTimestamp(t *testing.T) {
	ca := signtest.NewCA(t)
	server := ca.NewTSA(t)
	s := NewSigner(someKey(t, ca, signtest.P256(t)), &TSA{URL: server.URL})
	server.Spoil = func(stamp *timestamp.Timestamp) { stamp.HashedMessage = make([]byte, 32) }
	out, err := s.SignPDF(t.Context(), drawn(t), options)
	if out != nil || rinnova.KindOf(err) != rinnova.Unavailable || !strings.Contains(err.Error(), "La marca temporale non è disponibile") {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	if p7m, err := s.SignFile(t.Context(), nil, signtest.Now); p7m != nil || rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("%d bytes, %v", len(p7m), err)
	}
}

func TestSameInputSameDocument(t *testing.T) {
	s := NewSigner(someKey(t, signtest.NewCA(t), signtest.RSA3072(t)), nil)
	if pdf := drawn(t); !bytes.Equal(signed(t, s, pdf, options), signed(t, s, pdf, options)) {
		t.Error("RSA signatures are deterministic, and so must be the document")
	}
}

func TestParallelUse(t *testing.T) {
	ca := signtest.NewCA(t)
	s := NewSigner(someKey(t, ca, signtest.P256(t)), &TSA{URL: ca.NewTSA(t).URL})
	pdf, failed := drawn(t), make(chan error)
	for range 8 {
		go func() {
			out, err := s.SignPDF(context.Background(), pdf, options)
			if err == nil {
				_, err = Verify(out)
			}
			failed <- err
		}()
	}
	for range 8 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

// hole is where the signature of a document with one stands.
func hole(t testing.TB, pdf []byte) (start, end int) {
	t.Helper()
	start = bytes.Index(pdf, []byte("/Contents<")) + len("/Contents")
	return start, start + bytes.IndexByte(pdf[start:], '>') + 1
}

// TestOneFlippedByte: no byte outside the signature can change unnoticed.
func TestOneFlippedByte(t *testing.T) {
	pdf := signed(t, p256Signer(t), drawn(t), options)
	if _, err := Verify(pdf); err != nil {
		t.Fatal(err)
	}
	start, end := hole(t, pdf)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(pdf)-1-(end-start)).Draw(t, "at")
		if at >= start {
			at += end - start
		}
		changed := bytes.Clone(pdf)
		changed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		if _, err := Verify(changed); rinnova.KindOf(err) != rinnova.Invalid {
			t.Fatalf("byte %d: %q became %q: %v", at, pdf[at], changed[at], err)
		}
	})
	step := len(pdf) / 12
	for at := step / 2; at < len(pdf); at += step {
		if at >= start && at < end {
			continue
		}
		changed := bytes.Clone(pdf)
		changed[at] ^= 1
		if out, _ := run(t, changed, "pdfsig", "-nocert"); strings.Contains(out, "Signature is Valid.") && strings.Contains(out, "Total document signed") {
			t.Errorf("pdfsig takes the document with byte %d changed:\n%s", at, out)
		}
	}
}

// TestPadding: behind the signature in its hole there is room for bytes that nothing signs; they must be zero.
func TestPadding(t *testing.T) {
	ca := signtest.NewCA(t)
	pdf := signed(t, NewSigner(someKey(t, ca, signtest.P256(t)), &TSA{URL: ca.NewTSA(t).URL}), drawn(t), options)
	_, end := hole(t, pdf)
	for _, at := range []int{end - 2, end - 40} {
		changed := bytes.Clone(pdf)
		changed[at] = '7'
		if _, err := Verify(changed); err == nil {
			t.Errorf("byte %d of the padding may be anything", at)
		}
	}
}

func BenchmarkSignPDF(b *testing.B) {
	pdf, ca := drawn(b), signtest.NewCA(b)
	for name, key := range map[string]crypto.Signer{"P-256": signtest.P256(b), "RSA-3072": signtest.RSA3072(b)} {
		s := NewSigner(someKey(b, ca, key), nil)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				signed(b, s, pdf, options)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "docs/s")
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	pdf := signed(b, p256Signer(b), drawn(b), options)
	for b.Loop() {
		if _, err := Verify(pdf); err != nil {
			b.Fatal(err)
		}
	}
}
