// Package cms makes and checks CMS signatures (RFC 5652) of the two kinds that Italian administrations take:
// detached ones for a PDF file (PAdES baseline, ETSI EN 319 142-1) and enveloping ones for a .p7m file (CAdES
// baseline, ETSI EN 319 122-1). One signer, SHA-256, RSA from 3072 bits with PKCS #1 v1.5 or ECDSA on P-256 or P-384,
// the signing-certificate-v2 attribute (RFC 5035), and a signature time-stamp (RFC 3161, level B-T) if wanted.
package cms

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"
)

// MinRSABits is the smallest RSA key that may sign (ETSI TS 119 312: 2048 bits are legacy).
const MinRSABits = 3072

// Errors about a key that may not sign.
var (
	ErrKeyTooSmall = errors.New("RSA key smaller than 3072 bits")
	ErrKeyKind     = errors.New("key is neither RSA nor ECDSA on P-256 or P-384")
)

// CheckKey tells whether a key with this public half may sign; the error is ErrKeyTooSmall or ErrKeyKind.
func CheckKey(public crypto.PublicKey) error {
	_, _, err := algorithm(public)
	return err
}

// algorithm is the signature algorithm of a key and the greatest length of its signatures in bytes.
func algorithm(public crypto.PublicKey) (pkix.AlgorithmIdentifier, int, error) {
	switch k := public.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < MinRSABits {
			return pkix.AlgorithmIdentifier{}, 0, fmt.Errorf("%w: %d", ErrKeyTooSmall, k.N.BitLen())
		}
		return rsaAlgorithm, k.Size(), nil
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() || k.Curve == elliptic.P384() {
			integer := k.Curve.Params().BitSize/8 + 1 + 2 // with a leading zero, tag and length
			return ecdsaSHA256Algorithm, 2*integer + 2, nil
		}
	}
	return pkix.AlgorithmIdentifier{}, 0, ErrKeyKind
}

// Signer signs with one key. It may be used by several goroutines if Key may.
type Signer struct {
	Key crypto.Signer

	// Chain is the certificate of Key and those that issued it, which go into the signature with it.
	Chain []*x509.Certificate

	// Timestamp gets an RFC 3161 token for a signature value; nil leaves the signature without one (level B-B).
	Timestamp func(ctx context.Context, signature []byte) (token []byte, err error)
}

// Detached signs the SHA-256 digest of content that is kept elsewhere, as PAdES wants it: without a signing-time
// attribute, since a PDF states the time itself.
func (s Signer) Detached(ctx context.Context, digest [sha256.Size]byte) ([]byte, error) {
	return s.sign(ctx, digest, nil, time.Time{})
}

// Enveloping signs content at the claimed time and carries it inside: the bytes of a .p7m file.
func (s Signer) Enveloping(ctx context.Context, content []byte, at time.Time) ([]byte, error) {
	octets, err := asn1.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("cms: content: %w", err)
	}
	return s.sign(ctx, sha256.Sum256(content), octets, at)
}

// DetachedSize is the greatest number of bytes that Detached can give with a time-stamp token of the given length, 0
// for none.
func (s Signer) DetachedSize(token int) (int, error) {
	alg, longest, err := algorithm(s.Key.Public())
	if err != nil {
		return 0, fmt.Errorf("cms: %w", err)
	}
	attrs, err := s.signedAttributes([sha256.Size]byte{}, time.Time{})
	if err != nil {
		return 0, err
	}
	der, err := s.assemble(alg, nil, attrs, make([]byte, longest), make([]byte, token))
	return len(der), err
}

func (s Signer) sign(ctx context.Context, digest [sha256.Size]byte, octets []byte, at time.Time) ([]byte, error) {
	alg, _, err := algorithm(s.Key.Public())
	if err != nil {
		return nil, fmt.Errorf("cms: %w", err)
	}
	attrs, err := s.signedAttributes(digest, at)
	if err != nil {
		return nil, err
	}
	toSign, err := asSet(attrs)
	if err != nil {
		return nil, fmt.Errorf("cms: signed attributes: %w", err)
	}
	sum := sha256.Sum256(toSign)
	signature, err := s.Key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("cms: signing: %w", err)
	}
	var token []byte
	if s.Timestamp != nil {
		if token, err = s.Timestamp(ctx, signature); err != nil {
			return nil, err
		}
	}
	return s.assemble(alg, octets, attrs, signature, token)
}

// asSet gives the signed attributes the tag under which they are signed: SET OF in place of [0] (RFC 5652, 5.4).
func asSet(attrs []byte) ([]byte, error) {
	return asn1.Marshal(asn1.RawValue{Tag: asn1.TagSet, IsCompound: true, Bytes: attrs})
}

// signedAttributes is the body of the set; the time is left out where it is zero.
func (s Signer) signedAttributes(digest [sha256.Size]byte, at time.Time) ([]byte, error) {
	if len(s.Chain) == 0 {
		return nil, errors.New("cms: no certificate to sign with")
	}
	leaf := s.Chain[0]
	hash := sha256.Sum256(leaf.Raw)
	names := []asn1.RawValue{tagged(4, leaf.RawIssuer)} // directoryName
	contentType, err1 := marshalAttribute(oidContentType, oidData)
	messageDigest, err2 := marshalAttribute(oidMessageDigest, digest[:])
	certificate, err3 := marshalAttribute(oidSigningCertV2, signingCertificate{
		Certs: []essCertID{{Hash: hash[:], IssuerSerial: essIssuerSerial{names, leaf.SerialNumber}}}})
	all := [][]byte{contentType, messageDigest, certificate}
	var err4 error
	if !at.IsZero() {
		var signingTime []byte
		signingTime, err4 = marshalAttribute(oidSigningTime, at.UTC())
		all = append(all, signingTime)
	}
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, fmt.Errorf("cms: signed attributes: %w", err)
	}
	return setOf(all...), nil
}

// assemble writes the whole structure.
func (s Signer) assemble(alg pkix.AlgorithmIdentifier, octets, attrs, signature, token []byte) ([]byte, error) {
	leaf := s.Chain[0]
	signer, err := asn1.Marshal(issuerAndSerial{asn1.RawValue{FullBytes: leaf.RawIssuer}, leaf.SerialNumber})
	if err != nil {
		return nil, fmt.Errorf("cms: signer: %w", err)
	}
	info := signerInfo{
		Version:     1,
		Signer:      asn1.RawValue{FullBytes: signer},
		Digest:      sha256Algorithm,
		SignedAttrs: tagged(0, attrs),
		Algorithm:   alg,
		Signature:   signature,
	}
	if len(token) > 0 {
		a, err := marshalAttribute(oidSignatureStamp, asn1.RawValue{FullBytes: token})
		if err != nil {
			return nil, fmt.Errorf("cms: time-stamp: %w", err)
		}
		info.UnsignedAttrs = tagged(1, a)
	}
	var certificates [][]byte
	for _, c := range s.Chain {
		certificates = append(certificates, c.Raw)
	}
	data := signedData{
		Version:      1,
		Digests:      []pkix.AlgorithmIdentifier{sha256Algorithm},
		Content:      encapsulated{Type: oidData},
		Certificates: tagged(0, setOf(certificates...)),
		Signers:      []signerInfo{info},
	}
	if octets != nil {
		data.Content.Content = tagged(0, octets)
	}
	inner, err := asn1.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("cms: %w", err)
	}
	return asn1.Marshal(contentInfo{oidSignedData, tagged(0, inner)})
}
