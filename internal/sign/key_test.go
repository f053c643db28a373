package sign

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/sign/signtest"

	"software.sslmate.com/src/go-pkcs12"
)

func write(t testing.TB, name string, parts ...[]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, bytes.Join(parts, nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func block(t testing.TB, kind string, der []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestLoadPEM(t *testing.T) {
	root := signtest.NewCA(t)
	middle := root.NewCA(t)
	ec, rs := signtest.P256(t), signtest.RSA3072(t)
	sec1, err := x509.MarshalECPrivateKey(ec)
	leaf := middle.Issue(t, "Firmatario di prova", ec.Public())
	rsaLeaf := middle.Issue(t, "Firmatario di prova", rs.Public())
	stranger := signtest.NewCA(t).Issue(t, "Un altro", signtest.P256(t).Public())
	p384 := signtest.ECDSA(t, elliptic.P384())
	// The order of the certificates does not matter, roots and strangers stay out.
	certificates := signtest.CertificatePEM(root.Certificate, stranger, middle.Certificate, leaf, rsaLeaf, root.Issue(t, "P-384", p384.Public()))
	for name, c := range map[string]struct {
		files []string
		chain int
	}{
		"PKCS #8, one file":       {[]string{write(t, "f", signtest.KeyPEM(t, ec), certificates)}, 2},
		"PKCS #8, two files":      {[]string{write(t, "k", signtest.KeyPEM(t, ec)), write(t, "c", certificates)}, 2},
		"certificates first":      {[]string{write(t, "c", certificates), write(t, "k", signtest.KeyPEM(t, ec))}, 2},
		"EC key with parameters":  {[]string{write(t, "f", block(t, "EC PARAMETERS", []byte{6, 0}, nil), block(t, "EC PRIVATE KEY", sec1, err), certificates)}, 2},
		"RSA, PKCS #1":            {[]string{write(t, "f", block(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rs), nil), certificates)}, 2},
		"P-384 of the root":       {[]string{write(t, "f", signtest.KeyPEM(t, p384), certificates)}, 1},
		"only the leaf, and text": {[]string{write(t, "f", []byte("Bag Attributes\n"), signtest.KeyPEM(t, ec), []byte("subject=\n"), signtest.CertificatePEM(leaf))}, 1},
	} {
		k, err := LoadPEM(signtest.Clock, c.files...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(k.chain) != c.chain {
			t.Errorf("%s: chain of %d certificates, want %d", name, len(k.chain), c.chain)
		}
		if _, err := Verify(signed(t, NewSigner(k, nil), drawn(t), options)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoadPEMRefuses(t *testing.T) {
	ca := signtest.NewCA(t)
	key, other := signtest.P256(t), signtest.P256(t)
	leaf := ca.Issue(t, "Firmatario di prova", key.Public())
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	file := func(key any, c *x509.Certificate) string {
		return write(t, "firma.pem", signtest.KeyPEM(t, key), signtest.CertificatePEM(c))
	}
	changed := func(change func(*x509.Certificate)) string {
		return file(key, ca.Issue(t, "Firmatario di prova", key.Public(), change))
	}
	for name, c := range map[string]struct {
		file string
		want string
	}{
		"RSA-2048":         {file(small, ca.Issue(t, "", small.Public())), "RSA a 2048 bit: ne servono almeno 3072"},
		"Ed25519":          {file(edwards, ca.Issue(t, "", edwards.Public())), "non è di un tipo ammesso"},
		"P-521":            {file(signtest.ECDSA(t, elliptic.P521()), leaf), "non è di un tipo ammesso"},
		"another's":        {file(other, leaf), "Nessuno dei certificati indicati appartiene alla chiave"},
		"no certificate":   {write(t, "f", signtest.KeyPEM(t, key)), "Nessuno dei certificati indicati"},
		"no key":           {write(t, "f", signtest.CertificatePEM(leaf)), "non c’è nessuna chiave privata"},
		"two keys":         {write(t, "f", signtest.KeyPEM(t, key), signtest.KeyPEM(t, other)), "più di una chiave privata"},
		"over":             {changed(func(c *x509.Certificate) { c.NotAfter = signtest.Now.Add(-time.Second) }), "«Firmatario di prova» è scaduto il 2026-11-22"},
		"not yet":          {changed(func(c *x509.Certificate) { c.NotBefore = signtest.Now.Add(time.Hour * 24) }), "vale solo dal 2026-11-23"},
		"for encryption":   {changed(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }), "non è destinato alla firma"},
		"no usage":         {changed(func(c *x509.Certificate) { c.KeyUsage = 0 }), "non è destinato alla firma"},
		"no PEM":           {write(t, "f", []byte{0x30, 0x82}), "non è in formato PEM"},
		"empty":            {write(t, "f"), "non è in formato PEM"},
		"with a password":  {write(t, "f", block(t, "ENCRYPTED PRIVATE KEY", []byte{0x30, 0}, nil)), "protetta da password"},
		"old password":     {write(t, "f", []byte("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n")), "protetta da password"},
		"broken key":       {write(t, "f", block(t, "PRIVATE KEY", []byte{0x30, 0}, nil)), "La chiave privata nel file"},
		"key to exchange":  {write(t, "f", exchangeKey(t)), "La chiave privata nel file"},
		"broken cert":      {write(t, "f", block(t, "CERTIFICATE", []byte{0x30, 0}, nil)), "Un certificato nel file"},
		"file not there":   {filepath.Join(t.TempDir(), "manca.pem"), "manca.pem non si può leggere"},
		"folder, not file": {t.TempDir(), "non si può leggere"},
	} {
		k, err := LoadPEM(signtest.Clock, c.file)
		if err == nil || k != nil || rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want «%s»", name, err, c.want)
		}
	}
}

// exchangeKey is an X25519 key, which PKCS #8 can hold but which cannot sign.
func exchangeKey(t testing.TB) []byte {
	out, err := exec.Command("openssl", "genpkey", "-algorithm", "X25519").Output()
	if err != nil {
		t.Fatalf("openssl (Debian package openssl): %v", err)
	}
	return out
}

func TestChainInForce(t *testing.T) {
	root := signtest.NewCA(t)
	middle := root.NewCA(t)
	key := signtest.P256(t)
	leaf := middle.Issue(t, "Firmatario di prova", key.Public())
	middle.Certificate.NotAfter = signtest.Now.Add(-time.Hour) // only in memory: its signature covers the raw bytes
	_, err := NewKey(key, []*x509.Certificate{leaf, middle.Certificate}, signtest.Now)
	if rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), "«CA intermedia di prova» è scaduto") {
		t.Errorf("intermediate authority over: %v", err)
	}
}

func TestLoadPKCS12(t *testing.T) {
	root := signtest.NewCA(t)
	middle := root.NewCA(t)
	for name, key := range map[string]crypto.Signer{"P-256": signtest.P256(t), "RSA-3072": signtest.RSA3072(t)} {
		leaf := middle.Issue(t, "Firmatario di prova", key.Public())
		for kind, encoder := range map[string]*pkcs12.Encoder{"modern": pkcs12.Modern, "legacy": pkcs12.LegacyDES} {
			p12, err := encoder.Encode(key, leaf, []*x509.Certificate{middle.Certificate, root.Certificate}, "segreta è")
			if err != nil {
				t.Fatal(err)
			}
			file := write(t, "firma.p12", p12)
			k, err := LoadPKCS12(signtest.Clock, file, "segreta è")
			if err != nil || len(k.chain) != 2 || !k.Certificate().Equal(leaf) {
				t.Errorf("%s %s: %+v, %v", name, kind, k, err)
			}
			if _, err := LoadPKCS12(signtest.Clock, file, "sbagliata"); rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), "password del file di firma "+file+" è sbagliata") {
				t.Errorf("%s %s: %v", name, kind, err)
			}
		}
	}
	for _, c := range []struct{ file, want string }{
		{write(t, "x.p12", []byte("x")), "non si legge come PKCS #12"},
		{filepath.Join(t.TempDir(), "manca.p12"), "non si può leggere"},
	} {
		if _, err := LoadPKCS12(signtest.Clock, c.file, ""); rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v; want «%s»", err, c.want)
		}
	}
}

func TestOpenSSLFilesLoad(t *testing.T) {
	ca, key := signtest.NewCA(t), signtest.P256(t)
	pemFile := write(t, "firma.pem", signtest.KeyPEM(t, key), signtest.CertificatePEM(ca.Issue(t, "Firmatario di prova", key.Public())))
	p12 := filepath.Join(t.TempDir(), "firma.p12")
	if out, err := exec.Command("openssl", "pkcs12", "-export", "-in", pemFile, "-out", p12, "-passout", "pass:segreta").CombinedOutput(); err != nil {
		t.Fatalf("openssl (Debian package openssl): %v\n%s", err, out)
	}
	if _, err := LoadPKCS12(signtest.Clock, p12, "segreta"); err != nil {
		t.Error(err)
	}
}

func TestDemoKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "chiavi")
	k, err := DemoKey(signtest.Clock, dir, "Fornitore dimostrativo S.r.l.")
	if err != nil {
		t.Fatal(err)
	}
	c := k.Certificate()
	if !strings.HasPrefix(c.Subject.CommonName, "Firma dimostrativa") || !strings.Contains(c.Issuer.CommonName, "dimostrativa") ||
		c.Subject.Organization[0] != "Fornitore dimostrativo S.r.l." || c.Subject.OrganizationalUnit[0] != "Solo per dimostrazione" {
		t.Errorf("subject %s, issuer %s: do they say that it is a demonstration?", c.Subject, c.Issuer)
	}
	if info, err := os.Stat(filepath.Join(dir, demoKeyFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v, %v", info.Mode(), err)
	}
	caPEM, err := os.ReadFile(filepath.Join(dir, demoCAFile))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(caPEM) {
		t.Fatal("the authority's file has no certificate")
	}
	if _, err := c.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: signtest.Now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		t.Error(err)
	}
	checkOutside(t, signed(t, NewSigner(k, nil), drawn(t), options), 1)

	again, err := DemoKey(signtest.Clock, dir, "Fornitore dimostrativo S.r.l.")
	if err != nil || !again.Certificate().Equal(c) {
		t.Errorf("the second call made another key, or %v", err)
	}
	long := strings.Repeat("Società ", 20)
	for range 2 {
		other, err := DemoKey(signtest.Clock, dir, long)
		if err != nil || !strings.HasPrefix(long, other.Certificate().Subject.Organization[0]) || len([]rune(other.Certificate().Subject.Organization[0])) != 64 {
			t.Errorf("another organisation: %v", err)
		}
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("files left: %v", files)
	}
	late := func() time.Time { return signtest.Now.AddDate(11, 0, 0) }
	if _, err := DemoKey(late, dir, long); rinnova.KindOf(err) != rinnova.Invalid {
		t.Errorf("eleven years later: %v", err)
	}
	if _, err := DemoKey(signtest.Clock, write(t, "file"), "x"); err == nil {
		t.Error("a file for a folder passes")
	}
}
