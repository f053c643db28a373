package cms

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1" // for signing-certificate of version 1
	"crypto/sha256"
	_ "crypto/sha512" // for SHA-384 and SHA-512 in time-stamps
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
)

// Verify checks that a detached signature holds for content with this SHA-256 digest: the attributes name the content
// and the certificate, and the signature is the certificate's. It does not ask who issued the certificate, nor whether
// it was in force.
func (s *Signature) Verify(digest [sha256.Size]byte) error {
	if !s.ContentType.Equal(oidData) {
		return fmt.Errorf("cms: signed content is of type %s", s.ContentType)
	}
	return s.verify(crypto.SHA256, digest[:])
}

// VerifyContent checks a signature against the content that it carries, as Verify does; ContentType may be any.
func (s *Signature) VerifyContent() error {
	if s.Content == nil {
		return errors.New("cms: the signature carries no content")
	}
	hash, err := hashOf(s.info.Digest.Algorithm)
	if err != nil {
		return err
	}
	h := hash.New()
	h.Write(s.Content)
	return s.verify(hash, h.Sum(nil))
}

func (s *Signature) verify(hash crypto.Hash, digest []byte) error {
	if stated, err := hashOf(s.info.Digest.Algorithm); err != nil || stated != hash {
		return fmt.Errorf("cms: digest algorithm %s is not supported here", s.info.Digest.Algorithm)
	}
	var contentType asn1.ObjectIdentifier
	if err := s.attribute(oidContentType, &contentType); err != nil {
		return err
	}
	if !contentType.Equal(s.ContentType) {
		return fmt.Errorf("cms: content of type %s was signed as %s", s.ContentType, contentType)
	}
	var signedDigest []byte
	if err := s.attribute(oidMessageDigest, &signedDigest); err != nil {
		return err
	}
	if !bytes.Equal(signedDigest, digest) {
		return errors.New("cms: the content is not the one that was signed")
	}
	if err := s.checkSigningCertificate(); err != nil {
		return err
	}
	return s.checkValue(hash)
}

func hashOf(oid asn1.ObjectIdentifier) (crypto.Hash, error) {
	switch {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, nil
	case oid.Equal(oidSHA384):
		return crypto.SHA384, nil
	case oid.Equal(oidSHA512):
		return crypto.SHA512, nil
	}
	return 0, fmt.Errorf("cms: digest algorithm %s is not supported", oid)
}

func (s *Signature) attribute(oid asn1.ObjectIdentifier, value any) error {
	a, ok := s.signed[oid.String()]
	if !ok {
		return fmt.Errorf("cms: signed attribute %s is missing", oid)
	}
	if err := unmarshalAll(a.FullBytes, value); err != nil {
		return fmt.Errorf("cms: signed attribute %s: %w", oid, err)
	}
	return nil
}

// checkSigningCertificate compares the certificate with the one that was signed along: a certificate of the same key
// but with another name in it must not pass. Some time-stamping authorities still write version 1.
func (s *Signature) checkSigningCertificate() error {
	oid, hash := oidSigningCertV2, crypto.SHA256
	if _, ok := s.signed[oid.String()]; !ok && s.signed[oidSigningCert.String()].FullBytes != nil {
		oid, hash = oidSigningCert, crypto.SHA1
	}
	var v signingCertificate
	if err := s.attribute(oid, &v); err != nil {
		return err
	}
	if len(v.Certs) == 0 {
		return errors.New("cms: no certificate was signed along")
	}
	if named := v.Certs[0].Algorithm.Algorithm; len(named) > 0 {
		var err error
		if hash, err = hashOf(named); err != nil {
			return err
		}
	}
	h := hash.New()
	h.Write(s.Certificate.Raw)
	if !bytes.Equal(v.Certs[0].Hash, h.Sum(nil)) {
		return errors.New("cms: the certificate is not the one that was signed along")
	}
	return nil
}

// checkValue checks the signature value over the signed attributes, whose digest is of the same kind as the content's.
func (s *Signature) checkValue(hash crypto.Hash) error {
	named := s.info.Algorithm.Algorithm
	alg, err := signatureAlgorithm(named, hash)
	if err != nil {
		return err
	}
	signed, err := asSet(s.info.SignedAttrs.Bytes)
	if err != nil {
		return fmt.Errorf("cms: %w", err)
	}
	if key, ok := s.Certificate.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxRSABits {
		return unsupported(s.info.Algorithm)
	}
	if err := s.Certificate.CheckSignature(alg, signed, s.Value); err != nil {
		return fmt.Errorf("cms: the signature is not the certificate's: %w", err)
	}
	return nil
}

// signatureAlgorithm finds an algorithm; those that name a digest must name the one in use.
func signatureAlgorithm(oid asn1.ObjectIdentifier, hash crypto.Hash) (x509.SignatureAlgorithm, error) {
	for _, a := range []struct {
		hash          crypto.Hash
		rsaOID, ecOID asn1.ObjectIdentifier
		rsa, ec       x509.SignatureAlgorithm
	}{
		{crypto.SHA256, oidSHA256WithRSA, oidECDSAWithSHA256, x509.SHA256WithRSA, x509.ECDSAWithSHA256},
		{crypto.SHA384, oidSHA384WithRSA, oidECDSAWithSHA384, x509.SHA384WithRSA, x509.ECDSAWithSHA384},
		{crypto.SHA512, oidSHA512WithRSA, oidECDSAWithSHA512, x509.SHA512WithRSA, x509.ECDSAWithSHA512},
	} {
		switch {
		case a.hash != hash:
		case oid.Equal(oidRSAEncryption), oid.Equal(a.rsaOID):
			return a.rsa, nil
		case oid.Equal(a.ecOID):
			return a.ec, nil
		}
	}
	return 0, fmt.Errorf("cms: signature algorithm %s is not supported with %s", oid, hash)
}
