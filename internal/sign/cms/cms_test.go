package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rinnova/internal/sign/signtest"

	"pgregory.net/rapid"
)

var content = []byte("Contratto n. 45/2027\r\n\x00\xFFfine")

func keys(t testing.TB) map[string]crypto.Signer {
	return map[string]crypto.Signer{
		"P-256":    signtest.P256(t),
		"P-384":    signtest.ECDSA(t, elliptic.P384()),
		"RSA-3072": signtest.RSA3072(t),
	}
}

func signer(t testing.TB, ca *signtest.CA, key crypto.Signer) Signer {
	return Signer{Key: key, Chain: []*x509.Certificate{ca.Issue(t, "Firmatario di prova", key.Public())}}
}

// openssl runs it in a folder with the given files.
func openssl(t *testing.T, files map[string][]byte, args ...string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatal("these tests need openssl (Debian package openssl)")
	}
	return string(out), err
}

func TestDetachedByOpenSSL(t *testing.T) {
	ca := signtest.NewCA(t)
	for name, key := range keys(t) {
		t.Run(name, func(t *testing.T) {
			der, err := signer(t, ca, key).Detached(t.Context(), sha256.Sum256(content))
			if err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{"s.p7s": der, "c": content, "ca.pem": signtest.CertificatePEM(ca.Certificate)}
			verify := []string{"cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7s", "-content", "c", "-CAfile", "ca.pem", "-purpose", "any", "-out", "out"}
			if out, err := openssl(t, files, verify...); err != nil || !strings.Contains(out, "CAdES Verification successful") {
				t.Errorf("%v: %s", err, out)
			}
			files["c"] = append([]byte("x"), content...)
			if out, err := openssl(t, files, verify...); err == nil {
				t.Errorf("other content passed: %s", out)
			}
			text, err := openssl(t, files, "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "s.p7s")
			if err != nil {
				t.Fatal(text)
			}
			if strings.Contains(text, "signingTime") || !strings.Contains(text, "id-smime-aa-signingCertificateV2") {
				t.Errorf("PAdES forbids signingTime and wants signingCertificateV2:\n%s", text)
			}
		})
	}
}

func TestEnvelopingByOpenSSL(t *testing.T) {
	ca := signtest.NewCA(t)
	for name, key := range keys(t) {
		t.Run(name, func(t *testing.T) {
			der, err := signer(t, ca, key).Enveloping(t.Context(), content, signtest.Now)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{"s.p7m": der, "ca.pem": signtest.CertificatePEM(ca.Certificate)}
			out, err := openssl(t, files, "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "s.p7m", "-CAfile", "ca.pem", "-purpose", "any")
			if err != nil || !strings.Contains(out, string(content)) {
				t.Errorf("%v: %s", err, out)
			}
			text, _ := openssl(t, files, "cms", "-cmsout", "-print", "-noout", "-inform", "DER", "-in", "s.p7m")
			if !strings.Contains(text, "signingTime") || !strings.Contains(text, "Nov 22 10:00:00 2026 GMT") {
				t.Errorf("CAdES baseline wants the signing time:\n%s", text)
			}
			s, err := Parse(der)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.VerifyContent(); err != nil || !bytes.Equal(s.Content, content) || !s.SigningTime.Equal(signtest.Now) {
				t.Errorf("%v, %q at %v", err, s.Content, s.SigningTime)
			}
		})
	}
}

func TestOpenSSLSignatureIsRead(t *testing.T) {
	ca, key := signtest.NewCA(t), signtest.P256(t)
	leaf := ca.Issue(t, "Firmatario di prova", key.Public())
	files := map[string][]byte{"c": content, "leaf.pem": signtest.CertificatePEM(leaf), "key.pem": signtest.KeyPEM(t, key)}
	der, err := openssl(t, files, "cms", "-sign", "-cades", "-binary", "-md", "sha256", "-in", "c", "-signer", "leaf.pem", "-inkey", "key.pem", "-outform", "DER")
	if err != nil {
		t.Fatal(der)
	}
	s, err := Parse([]byte(der))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(sha256.Sum256(content)); err != nil {
		t.Error(err)
	}
}

func TestVerifyFindsEveryChange(t *testing.T) {
	ca := signtest.NewCA(t)
	s := signer(t, ca, signtest.P256(t))
	digest := sha256.Sum256(content)
	der, err := s.Detached(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		changed := bytes.Clone(der)
		at := rapid.IntRange(0, len(der)-1).Draw(t, "at")
		changed[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		got, err := Parse(changed)
		if err != nil {
			return
		}
		if got.Verify(digest) == nil && !harmless(der, changed) {
			t.Fatalf("byte %d of %d: %02x became %02x and the signature still holds", at, len(der), der[at], changed[at])
		}
	})
}

// harmless tells whether two signatures say the same to a verifier: a signature does not cover its own wrapping, such
// as version numbers and the list of digest algorithms.
func harmless(a, b []byte) bool {
	x, err1 := Parse(a)
	y, err2 := Parse(b)
	return err1 == nil && err2 == nil && x.Certificate.Equal(y.Certificate) && bytes.Equal(x.Value, y.Value) &&
		bytes.Equal(x.info.SignedAttrs.Bytes, y.info.SignedAttrs.Bytes)
}

func TestVerifyRefuses(t *testing.T) {
	ca := signtest.NewCA(t)
	key := signtest.P256(t)
	s := signer(t, ca, key)
	digest := sha256.Sum256(content)
	der, err := s.Detached(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	parsed := func() *Signature {
		p, err := Parse(append(bytes.Clone(der), 0, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if err := parsed().Verify(digest); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Signature){
		"another certificate of the same key": func(p *Signature) { p.Certificate = ca.Issue(t, "Un altro", key.Public()) },
		"another key":                         func(p *Signature) { p.Certificate = ca.Issue(t, "Un altro", signtest.P256(t).Public()) },
		"no message digest":                   func(p *Signature) { delete(p.signed, oidMessageDigest.String()) },
		"no content type":                     func(p *Signature) { delete(p.signed, oidContentType.String()) },
		"no signing certificate":              func(p *Signature) { delete(p.signed, oidSigningCertV2.String()) },
		"another digest algorithm":            func(p *Signature) { p.info.Digest.Algorithm = oidData },
		"another signature algorithm":         func(p *Signature) { p.info.Algorithm.Algorithm = oidSHA256WithRSA },
		"another value":                       func(p *Signature) { p.Value = p.Value[1:] },
	} {
		p := parsed()
		change(p)
		if p.Verify(digest) == nil {
			t.Errorf("%s: passes", name)
		}
	}
	if parsed().Verify(sha256.Sum256(nil)) == nil {
		t.Error("other content passes")
	}
	if parsed().VerifyContent() == nil {
		t.Error("a detached signature has content")
	}
}

func TestParseRefuses(t *testing.T) {
	ca := signtest.NewCA(t)
	s := signer(t, ca, signtest.P256(t))
	der, err := s.Detached(t.Context(), sha256.Sum256(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"nothing":         nil,
		"text":            []byte("firma"),
		"cut":             der[:len(der)-1],
		"data behind":     append(bytes.Clone(der), 1),
		"no signed data":  bytes.Replace(der, []byte("\x86\xF7\x0D\x01\x07\x02"), []byte("\x86\xF7\x0D\x01\x07\x01"), 1),
		"bad certificate": bytes.Replace(der, s.Chain[0].RawIssuer, bytes.Repeat([]byte{0x30}, len(s.Chain[0].RawIssuer)), 1),
	} {
		if _, err := Parse(b); err == nil {
			t.Errorf("%s: parsed", name)
		}
	}
}

func TestKeysThatMayNotSign(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key  crypto.Signer
		want error
	}{
		{small, ErrKeyTooSmall}, {edwards, ErrKeyKind}, {signtest.ECDSA(t, elliptic.P521()), ErrKeyKind}, {signtest.ECDSA(t, elliptic.P224()), ErrKeyKind},
	} {
		if err := CheckKey(c.key.Public()); !errors.Is(err, c.want) {
			t.Errorf("%T: %v, want %v", c.key, err, c.want)
		}
		s := signer(t, signtest.NewCA(t), c.key)
		if _, err := s.Detached(t.Context(), [32]byte{}); !errors.Is(err, c.want) {
			t.Errorf("%T signs: %v, want %v", c.key, err, c.want)
		}
	}
	if _, err := (Signer{Key: signtest.P256(t)}).Detached(t.Context(), [32]byte{}); err == nil {
		t.Error("signs without a certificate")
	}
}

// TestDetachedSize: the size is never too small, and exact for RSA, whose signatures are all of one length.
func TestDetachedSize(t *testing.T) {
	ca := signtest.NewCA(t)
	for name, key := range keys(t) {
		for _, token := range [][]byte{nil, {0x30, 3, 1, 2, 3}, append([]byte{0x30, 0x82, 0x10, 0}, make([]byte, 4096)...)} {
			s := signer(t, ca, key)
			if token != nil {
				s.Timestamp = func(context.Context, []byte) ([]byte, error) { return token, nil }
			}
			size, err := s.DetachedSize(len(token))
			if err != nil {
				t.Fatal(err)
			}
			for range 20 {
				der, err := s.Detached(t.Context(), sha256.Sum256(content))
				if err != nil {
					t.Fatal(err)
				}
				if len(der) > size || len(der) < size-8 || name == "RSA-3072" && len(der) != size {
					t.Errorf("%s with a token of %d: %d bytes, size says %d", name, len(token), len(der), size)
				}
				if name == "RSA-3072" {
					break
				}
			}
		}
	}
}

func TestTimestampFailureIsPassedOn(t *testing.T) {
	want := errors.New("no time")
	s := signer(t, signtest.NewCA(t), signtest.P256(t))
	s.Timestamp = func(context.Context, []byte) ([]byte, error) { return nil, want }
	if _, err := s.Detached(t.Context(), [32]byte{}); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
}

func FuzzParse(f *testing.F) {
	ca := signtest.NewCA(f)
	for _, key := range []crypto.Signer{signtest.P256(f), signtest.RSA3072(f)} {
		s := signer(f, ca, key)
		s.Timestamp = func(context.Context, []byte) ([]byte, error) { return []byte{0x30, 3, 1, 2, 3}, nil }
		der, err := s.Enveloping(f.Context(), content, signtest.Now)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(der)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		if s, err := Parse(der); err == nil {
			s.VerifyContent()
		}
	})
}
