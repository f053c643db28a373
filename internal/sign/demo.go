package sign

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"time"

	"rinnova"
)

// Files that DemoKey leaves in its folder.
const (
	demoKeyFile = "firma-dimostrativa.pem" // key and certificate
	demoCAFile  = "ca-dimostrativa.pem"    // what a checker must trust to find the signature good
)

// DemoKey gives a key for demonstrations: P-256, with a certificate for the organisation that says in its name and
// in its issuer's that it is worth nothing. It makes both in the folder dir at the first call, and again where the
// organisation has changed, and uses them from then on.
func DemoKey(clock rinnova.Clock, dir, organisation string) (*Key, error) {
	file := filepath.Join(dir, demoKeyFile)
	_, err := os.Stat(file)
	if err == nil {
		k, err := LoadPEM(clock, file)
		if err != nil || slices.Equal(k.Certificate().Subject.Organization, []string{shorten(organisation)}) {
			return k, err
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("demonstration key: %w", err)
	}
	if err := makeDemoKey(clock(), dir, organisation); err != nil {
		return nil, fmt.Errorf("demonstration key: %w", err)
	}
	return LoadPEM(clock, file)
}

// makeDemoKey writes the key with its certificate, and the certificate of an authority whose own key is forgotten.
func makeDemoKey(now time.Time, dir, organisation string) error {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	caTemplate := demoCertificate(now, "CA dimostrativa – senza alcun valore", organisation)
	caTemplate.IsCA, caTemplate.BasicConstraintsValid = true, true
	caTemplate.KeyUsage = x509.KeyUsageCertSign
	ca, err := issue(caTemplate, caTemplate, &caKey.PublicKey, caKey)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template := demoCertificate(now, "Firma dimostrativa – senza valore legale", organisation)
	template.KeyUsage = x509.KeyUsageContentCommitment
	leaf, err := issue(template, ca, &key.PublicKey, caKey)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	caPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw})
	if err := replaceFile(filepath.Join(dir, demoCAFile), caPEM, 0o644); err != nil {
		return err
	}
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	leafPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})
	return replaceFile(filepath.Join(dir, demoKeyFile), append(keyPEM, leafPEM...), 0o600)
}

// demoCertificate is a template that is valid for ten years, and for one back: a demonstration may move its clock.
func demoCertificate(now time.Time, name, organisation string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject: pkix.Name{
			CommonName:         name,
			Organization:       []string{shorten(organisation)},
			OrganizationalUnit: []string{"Solo per dimostrazione"},
			Country:            []string{"IT"},
		},
		NotBefore: now.AddDate(-1, 0, 0),
		NotAfter:  now.AddDate(10, 0, 0),
	}
}

func issue(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// shorten keeps the 64 characters that X.509 allows in a name.
func shorten(name string) string {
	if r := []rune(name); len(r) > 64 {
		return string(r[:64])
	}
	return name
}

// replaceFile writes a file whole or not at all.
func replaceFile(path string, data []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after the rename there is nothing to remove
	_, err = f.Write(data)
	if err := errors.Join(err, f.Chmod(mode), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
