package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	_ "crypto/md5" // what others have signed long ago
	"crypto/rsa"
	_ "crypto/sha3" // as above
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
)

// digest is a digest in which others sign; weak is one for which two contents can be made that have the same.
type digest struct {
	hash crypto.Hash
	weak bool
}

// foreignDigests are those of RFC 5754, RFC 8702 and before, by object identifier.
var foreignDigests = map[string]digest{
	"1.2.840.113549.2.5": {crypto.MD5, true}, "1.3.14.3.2.26": {crypto.SHA1, true},
	"2.16.840.1.101.3.4.2.1": {hash: crypto.SHA256}, "2.16.840.1.101.3.4.2.2": {hash: crypto.SHA384}, "2.16.840.1.101.3.4.2.3": {hash: crypto.SHA512},
	"2.16.840.1.101.3.4.2.4": {hash: crypto.SHA224}, "2.16.840.1.101.3.4.2.5": {hash: crypto.SHA512_224}, "2.16.840.1.101.3.4.2.6": {hash: crypto.SHA512_256},
	"2.16.840.1.101.3.4.2.7": {hash: crypto.SHA3_224}, "2.16.840.1.101.3.4.2.8": {hash: crypto.SHA3_256},
	"2.16.840.1.101.3.4.2.9": {hash: crypto.SHA3_384}, "2.16.840.1.101.3.4.2.10": {hash: crypto.SHA3_512},
}

func digestOf(oid asn1.ObjectIdentifier) (digest, bool) {
	d, ok := foreignDigests[oid.String()]
	return d, ok && d.hash.Available()
}

func (d digest) sum(parts [][]byte) []byte {
	h := d.hash.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// Families of signature algorithms: those that name a digest follow their prefix.
var (
	oidRSA     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1} // PKCS #1
	oidPSS     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
	oidMGF1    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 8}
	oidECDSA   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4}
	oidECKey   = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidNIST    = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3} // with SHA-3
	oidEd25519 = asn1.ObjectIdentifier{1, 3, 101, 112}
)

func under(oid, prefix asn1.ObjectIdentifier) bool {
	return len(oid) >= len(prefix) && oid[:len(prefix)].Equal(prefix)
}

// checkForeign checks the signature value over parts with the signer's key. The digest is the one that the signer names for the
// content: that of the algorithm's name, where it has one, is the same.
func (s *Signature) checkForeign(d digest, parts [][]byte) error {
	algorithm := s.info.Algorithm
	switch key := publicKey(s.Certificate).(type) {
	case *rsa.PublicKey:
		return checkRSA(key, algorithm, d, d.sum(parts), s.Value)
	case *ecdsa.PublicKey:
		if !under(algorithm.Algorithm, oidECDSA) && !under(algorithm.Algorithm, oidNIST) && !algorithm.Algorithm.Equal(oidECKey) {
			return unsupported(algorithm)
		}
		return altered(ecdsa.VerifyASN1(key, d.sum(parts), s.Value))
	case ed25519.PublicKey:
		if !algorithm.Algorithm.Equal(oidEd25519) {
			return unsupported(algorithm)
		}
		return altered(ed25519.Verify(key, bytes.Join(parts, nil), s.Value))
	}
	return unsupported(algorithm)
}

// publicKey is a certificate's key; crypto/x509 does not read those of RSA that may only sign with PSS (RFC 4055).
func publicKey(c *x509.Certificate) any {
	if c.PublicKey != nil {
		return c.PublicKey
	}
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if err := unmarshalAll(c.RawSubjectPublicKeyInfo, &info); err != nil || !info.Algorithm.Algorithm.Equal(oidPSS) {
		return nil
	}
	key, err := x509.ParsePKCS1PublicKey(info.Key.Bytes)
	if err != nil {
		return nil
	}
	return key
}

// maxRSABits bounds the keys with which a signature is checked, which takes the square of their length: the longest that is in use
// anywhere.
const maxRSABits = 16_384

func checkRSA(key *rsa.PublicKey, algorithm pkix.AlgorithmIdentifier, d digest, sum, value []byte) error {
	var err error
	switch {
	case key.N.BitLen() > maxRSABits:
		return unsupported(algorithm)
	case algorithm.Algorithm.Equal(oidPSS):
		var salt int
		if salt, err = saltOf(algorithm, d); err != nil {
			return err
		}
		err = rsa.VerifyPSS(key, d.hash, sum, value, &rsa.PSSOptions{SaltLength: salt})
	case under(algorithm.Algorithm, oidRSA), under(algorithm.Algorithm, oidNIST):
		err = rsa.VerifyPKCS1v15(key, d.hash, sum, value)
	default:
		return unsupported(algorithm)
	}
	if err != nil && !errors.Is(err, rsa.ErrVerification) {
		return fmt.Errorf("cms: %w", err) // a key that is too small, or too large
	}
	return altered(err == nil)
}

// saltOf reads the parameters of PSS (RFC 4055, 3.1), whose digests must be the signer's.
func saltOf(algorithm pkix.AlgorithmIdentifier, d digest) (int, error) {
	sha1 := pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}}
	p := struct {
		Hash    pkix.AlgorithmIdentifier `asn1:"explicit,tag:0,optional"`
		MGF     pkix.AlgorithmIdentifier `asn1:"explicit,tag:1,optional"`
		Salt    int                      `asn1:"explicit,tag:2,optional,default:20"`
		Trailer int                      `asn1:"explicit,tag:3,optional,default:1"`
	}{Hash: sha1, Salt: 20}
	if b := algorithm.Parameters.FullBytes; len(b) > 0 {
		if err := unmarshalAll(b, &p); err != nil {
			return 0, fmt.Errorf("cms: parameters of PSS: %w", err)
		}
	}
	mask := sha1
	if len(p.MGF.Algorithm) > 0 {
		if err := unmarshalAll(p.MGF.Parameters.FullBytes, &mask); err != nil || !p.MGF.Algorithm.Equal(oidMGF1) {
			return 0, unsupported(algorithm)
		}
	}
	if len(p.Hash.Algorithm) == 0 {
		p.Hash = sha1
	}
	named, ok1 := digestOf(p.Hash.Algorithm)
	masked, ok2 := digestOf(mask.Algorithm)
	if !ok1 || !ok2 || named != d || masked != d || p.Salt < 0 || p.Trailer != 1 {
		return 0, unsupported(algorithm)
	}
	return p.Salt, nil
}

func altered(good bool) error {
	if good {
		return nil
	}
	return ErrAltered
}

func unsupported(algorithm pkix.AlgorithmIdentifier) error {
	return fmt.Errorf("cms: signature algorithm %s is not supported with this key and digest", algorithm.Algorithm)
}
