package tsp

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rinnova/internal/sign/cms"
	"rinnova/internal/sign/signtest"

	"github.com/digitorus/timestamp"
)

func TestTimestamp(t *testing.T) {
	ca := signtest.NewCA(t)
	server := ca.NewTSA(t)
	for name, key := range map[string]crypto.Signer{"P-256": signtest.P256(t), "RSA-3072": signtest.RSA3072(t)} {
		server.Key, server.Certificate = key, ca.Issue(t, "Marche temporali "+name, key.Public(), signtest.ForTimestamps)
		token, err := (&Client{URL: server.URL}).Timestamp(t.Context(), digest)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(token)
		if err != nil || !got.Time.Equal(signtest.Now) || got.Digest != digest || !got.Certificate.Equal(server.Certificate) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		files := map[string][]byte{"token": token, "ca.pem": signtest.CertificatePEM(ca.Certificate)}
		if out, err := openssl(t, files, "ts", "-verify", "-token_in", "-in", "token", "-digest", hex.EncodeToString(digest[:]), "-CAfile", "ca.pem"); err != nil || !strings.Contains(out, "Verification: OK") {
			t.Errorf("%s: openssl: %v\n%s", name, err, out)
		}
	}
}

var digest = sha256.Sum256([]byte("firma"))

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
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		t.Fatal("these tests need openssl (Debian package openssl)")
	}
	if err != nil {
		return stderr.String(), err
	}
	return stdout.String(), nil
}

// TestOpenSSLAuthority asks an authority that openssl plays, with the digests and the versions of the
// signing-certificate attribute that authorities use.
func TestOpenSSLAuthority(t *testing.T) {
	ca := signtest.NewCA(t)
	server := ca.NewTSA(t)
	const settings = "[tsa]\nserial=serial\ncrypto_device=builtin\ndefault_policy=1.2.3.4\ndigests=sha256\naccuracy=secs:1,millisecs:500\nordering=yes\ntsa_name=yes\n"
	for name, key := range map[string]crypto.Signer{"P-256": signtest.P256(t), "RSA-3072": signtest.RSA3072(t)} {
		leaf := ca.Issue(t, "Marche temporali", key.Public(), signtest.ForTimestamps)
		for _, more := range []string{"signer_digest=sha256\ness_cert_id_alg=sha256\n", "signer_digest=sha512\ness_cert_id_alg=sha512\n", "signer_digest=sha384\ness_cert_id_alg=sha1\ness_cert_id_chain=yes\n"} {
			server.Instead = func(w http.ResponseWriter, r *http.Request) {
				query, _ := io.ReadAll(r.Body)
				files := map[string][]byte{"query": query, "cnf": []byte(settings + more), "serial": []byte("01"), "leaf.pem": signtest.CertificatePEM(leaf), "key.pem": signtest.KeyPEM(t, key), "ca.pem": signtest.CertificatePEM(ca.Certificate)}
				reply, err := openssl(t, files, "ts", "-reply", "-queryfile", "query", "-config", "cnf", "-section", "tsa", "-signer", "leaf.pem", "-inkey", "key.pem", "-chain", "ca.pem")
				if err != nil {
					t.Error(reply)
				}
				w.Header().Set("Content-Type", "application/timestamp-reply")
				io.WriteString(w, reply)
			}
			token, err := (&Client{URL: server.URL}).Timestamp(t.Context(), digest)
			if err != nil {
				t.Errorf("%s %q: %v", name, more, err)
				continue
			}
			if got, err := Parse(token); err != nil || !got.Certificate.Equal(leaf) {
				t.Errorf("%s %q: %+v, %v", name, more, got, err)
			}
		}
	}
}

func TestTimestampAuthentication(t *testing.T) {
	server := signtest.NewCA(t).NewTSA(t)
	var user, password string
	server.Instead = func(w http.ResponseWriter, r *http.Request) {
		user, password, _ = r.BasicAuth()
		http.Error(w, "no", http.StatusUnauthorized)
	}
	tsa := &Client{URL: server.URL, Username: "utente", Password: "segreta"}
	_, err := tsa.Timestamp(t.Context(), [32]byte{})
	if user != "utente" || password != "segreta" {
		t.Errorf("sent %q, %q", user, password)
	}
	if err == nil || !strings.Contains(err.Error(), "401") || strings.Contains(err.Error(), "segreta") {
		t.Errorf("got %v", err)
	}
}

func TestWrongAnswers(t *testing.T) {
	ca := signtest.NewCA(t)
	plain := signtest.P256(t)
	reply := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, body)
		}
	}
	const kind = "application/timestamp-reply"
	for name, c := range map[string]struct {
		spoil   func(*timestamp.Timestamp)
		instead http.HandlerFunc
		plain   bool // signed by a certificate that is not for time-stamping
		want    string
	}{
		"another nonce":       {spoil: func(s *timestamp.Timestamp) { s.Nonce = big.NewInt(1) }, want: "nonce differs"},
		"no nonce":            {spoil: func(s *timestamp.Timestamp) { s.Nonce = nil }, want: "nonce differs"},
		"another imprint":     {spoil: func(s *timestamp.Timestamp) { s.HashedMessage = make([]byte, 32) }, want: "imprint differs"},
		"another algorithm":   {spoil: func(s *timestamp.Timestamp) { s.HashAlgorithm = crypto.SHA384 }, want: "not of a SHA-256 digest"},
		"another digest":      {spoil: func(s *timestamp.Timestamp) { s.HashedMessage = s.HashedMessage[1:] }, want: "not of a SHA-256 digest"},
		"no certificate":      {spoil: func(s *timestamp.Timestamp) { s.AddTSACertificate = false }, want: "certificate is not inside"},
		"another certificate": {plain: true, want: "not signed by a certificate for time-stamping"},
		"500":                 {instead: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }, want: "500"},
		"a page":              {instead: reply("text/html; charset=utf-8", "<p>Accesso negato"), want: `answered with "text/html"`},
		"nothing":             {instead: reply(kind, ""), want: "answer of"},
		"garbage":             {instead: reply(kind, "\x30\x03\x02\x01"), want: "answer of"},
		"refusal":             {instead: reply(kind, "\x30\x05\x30\x03\x02\x01\x02"), want: "refused: status 2"},
		"granted, no token":   {instead: reply(kind, "\x30\x05\x30\x03\x02\x01\x00"), want: "no token in the answer"},
		"endless":             {instead: reply(kind, strings.Repeat("x", 1<<20)), want: "more than 65536 bytes"},
		"cut off": {instead: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			reply(kind, "\x30")(w, nil)
		}, want: "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			server := ca.NewTSA(t)
			server.Spoil, server.Instead = c.spoil, c.instead
			if c.plain {
				server.Key, server.Certificate = plain, ca.Issue(t, "Non per marche", plain.Public())
			}
			token, err := (&Client{URL: server.URL}).Timestamp(t.Context(), digest)
			if err == nil || token != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%d bytes, error %v, want %q in it", len(token), err, c.want)
			}
		})
	}
}

func TestAuthorityThatHangs(t *testing.T) {
	server := signtest.NewCA(t).NewTSA(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	server.Instead = func(http.ResponseWriter, *http.Request) { <-release }
	tsa := &Client{URL: server.URL, Timeout: 50 * time.Millisecond}
	if _, err := tsa.Timestamp(t.Context(), [32]byte{}); err == nil || !strings.Contains(err.Error(), "deadline exceeded") {
		t.Errorf("timeout: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	tsa.Timeout = 0
	if _, err := tsa.Timestamp(ctx, [32]byte{}); err == nil {
		t.Error("the caller's context does not end the request")
	}
	if _, err := (&Client{URL: "http://127.0.0.1:1"}).Timestamp(t.Context(), [32]byte{}); err == nil {
		t.Error("nobody answers, and it passes")
	}
	if _, err := (&Client{URL: ":"}).Timestamp(t.Context(), [32]byte{}); err == nil {
		t.Error("a URL that is none passes")
	}
}

func TestParseRefuses(t *testing.T) {
	ca, key := signtest.NewCA(t), signtest.P256(t)
	p7m, err := cms.Signer{Key: key, Chain: []*x509.Certificate{ca.Issue(t, "Marche", key.Public(), signtest.ForTimestamps)}}.Enveloping(t.Context(), []byte("x"), signtest.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(p7m); err == nil || !strings.Contains(err.Error(), "is no time-stamp") {
		t.Errorf("a signed file for a time-stamp: %v", err)
	}
	token, err := (&Client{URL: ca.NewTSA(t).URL}).Timestamp(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(bytes.Replace(token, digest[:], make([]byte, 32), 1)); err == nil {
		t.Error("an altered imprint passes")
	}
}

// FuzzParse: what stands in a document's time-stamp attribute, or comes from an authority, may be hostile.
func FuzzParse(f *testing.F) {
	token, err := (&Client{URL: signtest.NewCA(f).NewTSA(f).URL}).Timestamp(f.Context(), digest)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add([]byte("0\x82")) // digitorus/pkcs7 panics
	f.Add(append([]byte{0x30, 0x82, byte((len(token) + 5) >> 8), byte(len(token) + 5), 0x30, 3, 2, 1, 0}, token...))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := Parse(b); (err == nil) != (got != nil) {
			t.Fatal(got, err)
		}
		if token, err := tokenOf(b); err == nil {
			Parse(token)
		}
	})
}
