package cms

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"
)

// Signature is a parsed CMS signature with one signer.
type Signature struct {
	Certificate  *x509.Certificate   // the signer's
	Certificates []*x509.Certificate // all that came along, the signer's too
	Content      []byte              // nil in a detached signature
	SigningTime  time.Time           // zero where there is no such attribute
	Value        []byte              // the signature value, which a time-stamp covers
	Timestamp    []byte              // the RFC 3161 token, nil where there is none

	info   signerInfo
	signed attributes
}

// attributes are a signer's attributes by their object identifier.
type attributes map[string]asn1.RawValue

// Parse reads a CMS signature in DER; zero bytes may follow, as the padding in a PDF. It verifies nothing.
func Parse(der []byte) (*Signature, error) {
	s, err := parse(der)
	if err != nil {
		return nil, fmt.Errorf("cms: %w", err)
	}
	return s, nil
}

func parse(der []byte) (*Signature, error) {
	var outer contentInfo
	rest, err := asn1.Unmarshal(der, &outer)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimLeft(rest, "\x00")) > 0 {
		return nil, errors.New("data behind the signature")
	}
	if !outer.Type.Equal(oidSignedData) {
		return nil, fmt.Errorf("content type %s is not signed data", outer.Type)
	}
	var data signedData
	if err := unmarshalAll(outer.Content.Bytes, &data); err != nil {
		return nil, fmt.Errorf("signed data: %w", err)
	}
	if len(data.Signers) != 1 {
		return nil, fmt.Errorf("%d signers, want one", len(data.Signers))
	}
	s := &Signature{info: data.Signers[0], Value: data.Signers[0].Signature}
	if b := data.Content.Content.Bytes; len(b) > 0 {
		s.Content = []byte{}
		if err := unmarshalAll(b, &s.Content); err != nil {
			return nil, fmt.Errorf("content: %w", err)
		}
	}
	if s.Certificates, err = x509.ParseCertificates(data.Certificates.Bytes); err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	if err := s.readAttributes(); err != nil {
		return nil, err
	}
	return s, s.findCertificate()
}

// unmarshalAll reads der, which must have nothing behind the value.
func unmarshalAll(der []byte, value any) error {
	rest, err := asn1.Unmarshal(der, value)
	if err == nil && len(rest) > 0 {
		err = errors.New("data behind the value")
	}
	return err
}

func (s *Signature) findCertificate() error {
	for _, c := range s.Certificates {
		if bytes.Equal(c.RawIssuer, s.info.Signer.Issuer.FullBytes) && c.SerialNumber.Cmp(s.info.Signer.Serial) == 0 {
			s.Certificate = c
			return nil
		}
	}
	return errors.New("the signer's certificate is not inside")
}

func (s *Signature) readAttributes() error {
	var err error
	if s.signed, err = readAttributes(s.info.SignedAttrs.Bytes); err != nil {
		return fmt.Errorf("signed attributes: %w", err)
	}
	if a, ok := s.signed[oidSigningTime.String()]; ok {
		if err := unmarshalAll(a.FullBytes, &s.SigningTime); err != nil {
			return fmt.Errorf("signing time: %w", err)
		}
	}
	unsigned, err := readAttributes(s.info.UnsignedAttrs.Bytes)
	if err != nil {
		return fmt.Errorf("unsigned attributes: %w", err)
	}
	s.Timestamp = unsigned[oidSignatureStamp.String()].FullBytes
	return nil
}

// readAttributes reads a set of attributes with one value each.
func readAttributes(body []byte) (attributes, error) {
	all := attributes{}
	for len(body) > 0 {
		var a attribute
		rest, err := asn1.Unmarshal(body, &a)
		if err != nil {
			return nil, err
		}
		key := a.Type.String()
		if _, twice := all[key]; twice || len(a.Values) != 1 {
			return nil, fmt.Errorf("attribute %s has not exactly one value", key)
		}
		all[key], body = a.Values[0], rest
	}
	return all, nil
}

// Verify checks that the signature holds for content with this SHA-256 digest: the attributes name the content and
// the certificate, and the signature is the certificate's. It does not ask who issued the certificate, nor whether it
// was in force.
func (s *Signature) Verify(digest [sha256.Size]byte) error {
	if !s.info.Digest.Algorithm.Equal(oidSHA256) {
		return fmt.Errorf("cms: digest algorithm %s is not supported", s.info.Digest.Algorithm)
	}
	var contentType asn1.ObjectIdentifier
	if err := s.attribute(oidContentType, &contentType); err != nil {
		return err
	}
	if !contentType.Equal(oidData) {
		return fmt.Errorf("cms: signed content is of type %s", contentType)
	}
	var signedDigest []byte
	if err := s.attribute(oidMessageDigest, &signedDigest); err != nil {
		return err
	}
	if !bytes.Equal(signedDigest, digest[:]) {
		return errors.New("cms: the content is not the one that was signed")
	}
	if err := s.checkSigningCertificate(); err != nil {
		return err
	}
	return s.checkValue()
}

// VerifyContent checks an enveloping signature against the content that it carries.
func (s *Signature) VerifyContent() error {
	if s.Content == nil {
		return errors.New("cms: the signature carries no content")
	}
	return s.Verify(sha256.Sum256(s.Content))
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
// but with another name in it must not pass.
func (s *Signature) checkSigningCertificate() error {
	var v signingCertificateV2
	if err := s.attribute(oidSigningCertV2, &v); err != nil {
		return err
	}
	hash := sha256.Sum256(s.Certificate.Raw)
	if len(v.Certs) == 0 || !bytes.Equal(v.Certs[0].Hash, hash[:]) {
		return errors.New("cms: the certificate is not the one that was signed along")
	}
	return nil
}

func (s *Signature) checkValue() error {
	alg := x509.ECDSAWithSHA256
	if _, ok := s.Certificate.PublicKey.(*rsa.PublicKey); ok {
		alg = x509.SHA256WithRSA
	}
	got := s.info.Algorithm.Algorithm
	if rsaNamed := got.Equal(oidRSAEncryption) || got.Equal(oidSHA256WithRSA); rsaNamed != (alg == x509.SHA256WithRSA) ||
		!rsaNamed && !got.Equal(oidECDSAWithSHA256) {
		return fmt.Errorf("cms: signature algorithm %s is not supported with this key", got)
	}
	signed, err := asSet(s.info.SignedAttrs.Bytes)
	if err != nil {
		return fmt.Errorf("cms: %w", err)
	}
	if err := s.Certificate.CheckSignature(alg, signed, s.Value); err != nil {
		return fmt.Errorf("cms: the signature is not the certificate's: %w", err)
	}
	return nil
}
