package cms

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
)

// ErrAltered says that a signature does not fit the content that it is said to sign.
var ErrAltered = errors.New("cms: the content is not the one that was signed, or the signature is not the certificate's")

// ErrNotSigned says that something is CMS, but no signature: it is encrypted or compressed.
var ErrNotSigned = errors.New("cms: no signed data")

// ParseForeign reads a CMS signature that somebody else has made, in BER, by one signer or several. What this package cannot
// make sense of is left out: a signature without a certificate, or with attributes that cannot be read, is one that Holds
// cannot check. behind is what follows it, white space and zeros apart. It verifies nothing.
func ParseForeign(ber []byte) (all []*Signature, behind []byte, err error) {
	if all, behind, err = parseForeign(ber); err != nil {
		return nil, nil, fmt.Errorf("cms: %w", err)
	}
	return all, bytes.Trim(behind, "\x00\t\n\f\r "), nil
}

func parseForeign(ber []byte) (out []*Signature, behind []byte, err error) {
	der, behind, err := derOf(ber)
	if err != nil {
		return nil, nil, err
	}
	var outer contentInfo
	if err := unmarshalAll(der, &outer); err == nil && !outer.Type.Equal(oidSignedData) {
		return nil, nil, fmt.Errorf("%w but %s", ErrNotSigned, outer.Type)
	}
	data, content, err := openSignedData(der)
	if err != nil {
		return nil, nil, err
	}
	signers, err := signersOf(data.Signers)
	if err != nil {
		return nil, nil, err
	}
	if len(signers) == 0 {
		return nil, nil, errors.New("no signers")
	}
	certificates := readableCertificates(data.Certificates.Bytes)
	for _, info := range signers {
		s := &Signature{info: info, Value: info.Signature, ContentType: data.Content.Type, Content: content, Certificates: certificates}
		if s.signed, err = foreignAttributes(info.SignedAttrs.Bytes); err == nil {
			if a, ok := s.signed[oidSigningTime.String()]; ok {
				_ = unmarshalAll(a.FullBytes, &s.SigningTime) // a claim: one that cannot be read is none
			}
		}
		_ = s.findCertificate() // without it Certificate is nil
		out = append(out, s)
	}
	return out, behind, nil
}

// foreignAttributes reads the attributes with one value; one that stands twice or has several values says nothing.
func foreignAttributes(body []byte) (attributes, error) {
	all, seen := attributes{}, map[string]bool{}
	for n := 0; len(body) > 0; n++ {
		if n == maxAttributes {
			return nil, errors.New("more attributes than any signature has")
		}
		var a openedAttribute
		rest, err := asn1.Unmarshal(body, &a)
		if err != nil {
			return nil, err
		}
		key := a.Type.String()
		v, only := a.value()
		if delete(all, key); !seen[key] && only {
			all[key] = v
		}
		seen[key], body = true, rest
	}
	return all, nil
}

// readableCertificates are those that crypto/x509 can read: it is stricter than some authorities.
func readableCertificates(b []byte) []*x509.Certificate {
	var out []*x509.Certificate
	for len(b) > 0 && len(out) < 4*maxSigners {
		var raw asn1.RawValue
		rest, err := asn1.Unmarshal(b, &raw)
		if err != nil {
			return out
		}
		if c, err := x509.ParseCertificate(raw.FullBytes); err == nil {
			out = append(out, c)
		}
		b = rest
	}
	return out
}

// Holds checks that the content is the one that was signed and that the signature value is the certificate's; parts are the
// content, one after the other. It asks for nothing more: not for the attributes that Verify wants, not who issued the
// certificate, nor whether it was in force. ErrAltered where it does not hold; any other error where it cannot be checked here,
// or where it holds by a digest for which others can be made.
func (s *Signature) Holds(parts ...[]byte) error {
	digest, ok := digestOf(s.info.Digest.Algorithm)
	if !ok {
		return fmt.Errorf("cms: digest algorithm %s is not supported", s.info.Digest.Algorithm)
	}
	if s.Certificate == nil {
		return errors.New("cms: the signer's certificate is not inside")
	}
	if len(s.info.SignedAttrs.FullBytes) > 0 {
		attributes, err := s.signedAttributes(digest, parts)
		if err != nil {
			return err
		}
		parts = [][]byte{attributes}
	}
	if err := s.checkForeign(digest, parts); err != nil {
		return err
	}
	if digest.weak {
		return fmt.Errorf("cms: it holds, but by %s, for which other contents can be made", digest.hash)
	}
	return nil
}

// signedAttributes are the bytes that were signed where there are attributes, among them the digest of the content.
func (s *Signature) signedAttributes(digest digest, parts [][]byte) ([]byte, error) {
	var contentType asn1.ObjectIdentifier
	if err := s.attribute(oidContentType, &contentType); err != nil {
		return nil, err
	}
	if !contentType.Equal(s.ContentType) {
		return nil, fmt.Errorf("cms: content of type %s was signed as %s", s.ContentType, contentType)
	}
	var signed []byte
	if err := s.attribute(oidMessageDigest, &signed); err != nil {
		return nil, err
	}
	if !bytes.Equal(digest.sum(parts), signed) {
		return nil, ErrAltered
	}
	return asSet(s.info.SignedAttrs.Bytes)
}
