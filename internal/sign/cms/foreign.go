package cms

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
)

// ErrAltered says that a signature does not fit the content that it is said to sign.
var ErrAltered = errors.New("cms: the content is not the one that was signed, or the signature is not the certificate's")

// ParseForeign reads a CMS signature that somebody else has made, in BER, by one signer or several. What this package cannot
// make sense of is left out: a signature without a certificate, or with attributes that cannot be read, is one that Holds
// cannot check. It verifies nothing.
func ParseForeign(ber []byte) ([]*Signature, error) {
	all, err := parseForeign(ber)
	if err != nil {
		return nil, fmt.Errorf("cms: %w", err)
	}
	return all, nil
}

func parseForeign(ber []byte) ([]*Signature, error) {
	der, err := derOf(ber)
	if err != nil {
		return nil, err
	}
	data, content, err := openSignedData(der)
	if err != nil {
		return nil, err
	}
	if n := len(data.Signers); n == 0 || n > maxSigners {
		return nil, fmt.Errorf("%d signers", n)
	}
	certificates := readableCertificates(data.Certificates.Bytes)
	var out []*Signature
	for _, info := range data.Signers {
		s := &Signature{info: info, Value: info.Signature, ContentType: data.Content.Type, Content: content, Certificates: certificates}
		if s.signed, err = readAttributes(info.SignedAttrs.Bytes); err == nil {
			if a, ok := s.signed[oidSigningTime.String()]; ok {
				_ = unmarshalAll(a.FullBytes, &s.SigningTime) // a claim: one that cannot be read is none
			}
		}
		_ = s.findCertificate() // without it Certificate is nil
		out = append(out, s)
	}
	return out, nil
}

// maxSigners bounds the work that a hostile file can make.
const maxSigners = 32

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
// certificate, nor whether it was in force. ErrAltered where it does not hold; any other error where it cannot be checked here.
func (s *Signature) Holds(parts ...[]byte) error {
	hash, err := hashOf(s.info.Digest.Algorithm)
	if err != nil {
		return err
	}
	if s.Certificate == nil {
		return errors.New("cms: the signer's certificate is not inside")
	}
	var signedDigest []byte
	if err := s.attribute(oidMessageDigest, &signedDigest); err != nil {
		return err
	}
	h := hash.New()
	for _, p := range parts {
		h.Write(p)
	}
	if string(h.Sum(nil)) != string(signedDigest) {
		return ErrAltered
	}
	if _, err := signatureAlgorithm(s.info.Algorithm.Algorithm, hash); err != nil {
		return err
	}
	err = s.checkValue(hash)
	if err == nil || errors.Is(err, x509.ErrUnsupportedAlgorithm) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrAltered, err)
}
