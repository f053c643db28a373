// Package signtest makes what tests of signatures need: keys, certificates of an authority of their own, and a
// time-stamping authority that speaks RFC 3161 over HTTP on the loopback interface. Only tests import it.
package signtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// Now is the instant at which the tests live.
var Now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

// Clock always tells Now.
func Clock() time.Time { return Now }

var rsa3072 = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 3072) })

// RSA3072 is an RSA key, always the same one in a process since making it takes long.
func RSA3072(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa3072()
	return must(t, k, err)
}

// ECDSA makes a key on a curve.
func ECDSA(t testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(curve, rand.Reader)
	return must(t, k, err)
}

// P256 makes a key on P-256.
func P256(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	return ECDSA(t, elliptic.P256())
}

func must[T any](t testing.TB, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// CA is a certificate authority.
type CA struct {
	Certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

var serial atomic.Int64

// NewCA makes a root authority.
func NewCA(t testing.TB) *CA {
	t.Helper()
	c := template("CA di prova")
	asCA(c)
	key := P256(t)
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	return &CA{parse(t, der, err), key}
}

// NewCA makes an authority below this one.
func (ca *CA) NewCA(t testing.TB) *CA {
	t.Helper()
	key := P256(t)
	return &CA{ca.Issue(t, "CA intermedia di prova", key.Public(), asCA), key}
}

func asCA(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
}

// Issue makes a certificate for signatures; changes are applied to it beforehand.
func (ca *CA) Issue(t testing.TB, name string, public crypto.PublicKey, changes ...func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	c := template(name)
	c.KeyUsage = x509.KeyUsageContentCommitment | x509.KeyUsageDigitalSignature
	for _, change := range changes {
		change(c)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, ca.Certificate, public, ca.key)
	return parse(t, der, err)
}

// template is valid from 2020 to 2099, so that outside checkers, which have a clock of their own, take it too.
func template(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial.Add(1)),
		Subject:      pkix.Name{CommonName: name, Organization: []string{"Fornitore di prova"}, Country: []string{"IT"}},
		NotBefore:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

func parse(t testing.TB, der []byte, err error) *x509.Certificate {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	return must(t, c, err)
}

// CertificatePEM writes certificates in PEM.
func CertificatePEM(certificates ...*x509.Certificate) []byte {
	var out []byte
	for _, c := range certificates {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// KeyPEM writes a key in PKCS #8.
func KeyPEM(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(t, der, err)})
}

// TSA is a time-stamping authority on the loopback interface. Its fields may be set before it is asked.
type TSA struct {
	URL string

	// Spoil changes an answer before it is signed.
	Spoil func(*timestamp.Timestamp)

	// Instead, where it is set, answers in place of the authority.
	Instead http.HandlerFunc

	// Certificate and Key sign the tokens.
	Certificate *x509.Certificate
	Key         crypto.Signer

	requests atomic.Int64
}

// NewTSA starts an authority that ends with the test.
func (ca *CA) NewTSA(t testing.TB) *TSA {
	t.Helper()
	key := P256(t)
	tsa := &TSA{Key: key, Certificate: ca.Issue(t, "Marche temporali di prova", key.Public(), ForTimestamps)}
	server := httptest.NewServer(tsa)
	t.Cleanup(server.Close)
	tsa.URL = server.URL
	return tsa
}

// ForTimestamps gives a certificate the one purpose that RFC 3161, 2.3 wants, as a critical extension.
func ForTimestamps(c *x509.Certificate) {
	c.KeyUsage = x509.KeyUsageDigitalSignature
	c.ExtraExtensions = []pkix.Extension{{
		Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
		Value: []byte{0x30, 10, 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 8}, // SEQUENCE of id-kp-timeStamping
	}}
}

// Requests counts the requests so far.
func (s *TSA) Requests() int { return int(s.requests.Load()) }

// ServeHTTP answers one request.
func (s *TSA) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	if s.Instead != nil {
		s.Instead(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Header.Get("Content-Type") != "application/timestamp-query" {
		http.Error(w, "not a time-stamp query", http.StatusBadRequest)
		return
	}
	query, err := timestamp.ParseRequest(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	stamp := &timestamp.Timestamp{
		HashAlgorithm: query.HashAlgorithm, HashedMessage: query.HashedMessage, Nonce: query.Nonce,
		Time: Now, SerialNumber: big.NewInt(serial.Add(1)), Policy: asn1.ObjectIdentifier{1, 2, 3, 4},
		AddTSACertificate: query.Certificates,
	}
	if s.Spoil != nil {
		s.Spoil(stamp)
	}
	answer, err := stamp.CreateResponseWithOpts(s.Certificate, s.Key, crypto.SHA256)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	w.Write(answer)
}
