package sign

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"

	"rinnova"

	"software.sslmate.com/src/go-pkcs12"
)

// LoadPEM reads a private key (PKCS #8, or the older forms for EC and RSA) and certificates from PEM files, in any
// order and in as many files as they come in. Faults are rinnova.Errors of kind Invalid that name the file.
func LoadPEM(clock rinnova.Clock, files ...string) (*Key, error) {
	var key crypto.Signer
	var certificates []*x509.Certificate
	for _, file := range files {
		data, err := read(file)
		if err != nil {
			return nil, err
		}
		found := false
		for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
			k, c, err := readBlock(file, block)
			if err != nil {
				return nil, err
			}
			if k != nil && key != nil {
				return nil, rinnova.Fail(rinnova.Invalid, "I file di firma contengono più di una chiave privata (la seconda è in %s).", file)
			}
			if found = true; k != nil {
				key = k
			}
			if c != nil {
				certificates = append(certificates, c)
			}
		}
		if !found {
			return nil, rinnova.Fail(rinnova.Invalid, "Il file di firma %s non è in formato PEM.", file)
		}
	}
	if key == nil {
		return nil, rinnova.Fail(rinnova.Invalid, "Nei file di firma non c’è nessuna chiave privata.")
	}
	return NewKey(key, certificates, clock())
}

// LoadCertificates reads the certificates of a PEM file; what else is in it is left alone. Faults are those of LoadPEM.
func LoadCertificates(file string) ([]*x509.Certificate, error) {
	data, err := read(file)
	if err != nil {
		return nil, err
	}
	var out []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, rinnova.Fail(rinnova.Invalid, "Un certificato nel file %s non si legge.", file).Because(err)
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, rinnova.Fail(rinnova.Invalid, "Nel file %s non c’è nessun certificato in formato PEM.", file)
	}
	return out, nil
}

// LoadPKCS12 reads a key with its certificates from a .p12 or .pfx file. Faults are rinnova.Errors of kind Invalid.
func LoadPKCS12(clock rinnova.Clock, file, password string) (*Key, error) {
	data, err := read(file)
	if err != nil {
		return nil, err
	}
	k, leaf, issuers, err := pkcs12.DecodeChain(data, password)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, rinnova.Fail(rinnova.Invalid, "La password del file di firma %s è sbagliata.", file).Because(err)
	}
	if err != nil {
		return nil, rinnova.Fail(rinnova.Invalid, "Il file di firma %s non si legge come PKCS #12 (.p12, .pfx).", file).Because(err)
	}
	key, ok := k.(crypto.Signer)
	if !ok {
		return nil, unreadable(file, nil)
	}
	return NewKey(key, append([]*x509.Certificate{leaf}, issuers...), clock())
}

func read(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, rinnova.Fail(rinnova.Invalid, "Il file di firma %s non si può leggere.", file).Because(err)
	}
	return data, nil
}

// readBlock reads a key or a certificate; other blocks, such as EC PARAMETERS, give neither.
func readBlock(file string, block *pem.Block) (crypto.Signer, *x509.Certificate, error) {
	var key any
	var err error
	switch block.Type {
	case "CERTIFICATE":
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, nil, rinnova.Fail(rinnova.Invalid, "Un certificato nel file %s non si legge.", file).Because(err)
		}
		return nil, c, nil
	case "ENCRYPTED PRIVATE KEY":
		return nil, nil, encrypted(file)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		return nil, nil, nil
	}
	if block.Headers["DEK-Info"] != "" {
		return nil, nil, encrypted(file)
	}
	if err != nil {
		return nil, nil, unreadable(file, err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, unreadable(file, nil)
	}
	return signer, nil, nil
}

func encrypted(file string) error {
	return rinnova.Fail(rinnova.Invalid, "La chiave privata nel file %s è protetta da password: usare un file PKCS #12 (.p12, .pfx) oppure toglierle la password.", file)
}

func unreadable(file string, cause error) error {
	return rinnova.Fail(rinnova.Invalid, "La chiave privata nel file %s non si legge.", file).Because(cause)
}
