package cms

import (
	"bytes"
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
	ContentType  asn1.ObjectIdentifier
	Content      []byte    // nil in a detached signature
	SigningTime  time.Time // zero where there is no such attribute
	Value        []byte    // the signature value, which a time-stamp covers
	Timestamp    []byte    // the RFC 3161 token, nil where there is none

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
	data, content, err := openSignedData(der)
	if err != nil {
		return nil, err
	}
	signers, err := signersOf(data.Signers)
	if err != nil {
		return nil, err
	}
	if len(signers) != 1 {
		return nil, fmt.Errorf("%d signers, want one", len(signers))
	}
	s := &Signature{info: signers[0], Value: signers[0].Signature, ContentType: data.Content.Type, Content: content}
	if s.Certificates, err = x509.ParseCertificates(data.Certificates.Bytes); err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	if err := s.readAttributes(); err != nil {
		return nil, err
	}
	return s, s.findCertificate()
}

// openSignedData reads the outer structures, and the content where it is inside: nil in a detached signature.
func openSignedData(der []byte) (data openedData, content []byte, err error) {
	var outer contentInfo
	rest, err := asn1.Unmarshal(der, &outer)
	if err != nil {
		return data, nil, err
	}
	if len(bytes.TrimLeft(rest, "\x00")) > 0 {
		return data, nil, errors.New("data behind the signature")
	}
	if !outer.Type.Equal(oidSignedData) {
		return data, nil, fmt.Errorf("content type %s is not signed data", outer.Type)
	}
	if err := unmarshalAll(outer.Content.Bytes, &data); err != nil {
		return data, nil, fmt.Errorf("signed data: %w", err)
	}
	if b := data.Content.Content.Bytes; len(b) > 0 {
		content = []byte{}
		if err := unmarshalAll(b, &content); err != nil {
			return data, nil, fmt.Errorf("content: %w", err)
		}
	}
	return data, content, nil
}

// Bounds of the work that a hostile file can make.
const (
	maxSigners    = 32
	maxAttributes = 1000 // of a signer
)

// signersOf reads the signers.
func signersOf(set asn1.RawValue) ([]signerInfo, error) {
	if !isSet(set) {
		return nil, errors.New("no set of signers")
	}
	var out []signerInfo
	for b := set.Bytes; len(b) > 0; {
		if len(out) == maxSigners {
			return nil, fmt.Errorf("more than %d signers", maxSigners)
		}
		var info signerInfo
		rest, err := asn1.Unmarshal(b, &info)
		if err != nil {
			return nil, fmt.Errorf("signed data: %w", err)
		}
		out, b = append(out, info), rest
	}
	return out, nil
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
	signer := s.info.Signer
	isKeyID := signer.Class == asn1.ClassContextSpecific && signer.Tag == 0
	var name issuerAndSerial
	if !isKeyID {
		if err := unmarshalAll(signer.FullBytes, &name); err != nil {
			return fmt.Errorf("signer: %w", err)
		}
	}
	for _, c := range s.Certificates {
		if isKeyID && len(signer.Bytes) > 0 && bytes.Equal(c.SubjectKeyId, signer.Bytes) ||
			!isKeyID && bytes.Equal(c.RawIssuer, name.Issuer.FullBytes) && c.SerialNumber.Cmp(name.Serial) == 0 {
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
		var a openedAttribute
		rest, err := asn1.Unmarshal(body, &a)
		if err != nil {
			return nil, err
		}
		key := a.Type.String()
		v, only := a.value()
		if _, twice := all[key]; twice || !only {
			return nil, fmt.Errorf("attribute %s has not exactly one value", key)
		}
		if len(all) == maxAttributes {
			return nil, errors.New("more attributes than any signature has")
		}
		all[key], body = v, rest
	}
	return all, nil
}
