// Package tsp gets and checks time-stamps of the Time-Stamp Protocol (RFC 3161): an authority's signed statement that
// something with a certain SHA-256 digest existed at a certain time.
package tsp

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"rinnova/internal/sign/cms"
)

var (
	oidSHA256  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidTSTInfo = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
)

// Token is a time-stamp whose signature holds. Who issued Certificate is left to those who must trust it.
type Token struct {
	Digest      [sha256.Size]byte // of what was stamped
	Time        time.Time
	Serial      *big.Int
	Nonce       *big.Int // nil where the request had none
	Certificate *x509.Certificate
}

// request is TimeStampReq (RFC 3161, 2.4.1).
type request struct {
	Version int
	Imprint messageImprint
	Nonce   *big.Int
	CertReq bool
}

type messageImprint struct {
	Algorithm pkix.AlgorithmIdentifier
	Digest    []byte
}

// response is TimeStampResp (2.4.2).
type response struct {
	Status struct {
		Status int
		Text   []string       `asn1:"optional"`
		Fail   asn1.BitString `asn1:"optional"`
	}
	Token asn1.RawValue `asn1:"optional"`
}

// tstInfo is what an authority signs (2.4.2).
type tstInfo struct {
	Version  int
	Policy   asn1.ObjectIdentifier
	Imprint  messageImprint
	Serial   *big.Int
	Time     time.Time `asn1:"generalized"`
	Accuracy struct {
		Seconds int `asn1:"optional"`
		Millis  int `asn1:"optional,tag:0"`
		Micros  int `asn1:"optional,tag:1"`
	} `asn1:"optional"`
	Ordering   bool             `asn1:"optional"`
	Nonce      *big.Int         `asn1:"optional"`
	Authority  asn1.RawValue    `asn1:"optional,tag:0"`
	Extensions []pkix.Extension `asn1:"optional,tag:1"`
}

// marshalRequest asks for a token with the authority's certificate inside.
func marshalRequest(digest [sha256.Size]byte, nonce *big.Int) ([]byte, error) {
	algorithm := pkix.AlgorithmIdentifier{Algorithm: oidSHA256, Parameters: asn1.NullRawValue}
	return asn1.Marshal(request{Version: 1, Imprint: messageImprint{algorithm, digest[:]}, Nonce: nonce, CertReq: true})
}

// tokenOf takes the token out of a response; it does not look into it.
func tokenOf(der []byte) ([]byte, error) {
	var r response
	if rest, err := asn1.Unmarshal(der, &r); err != nil {
		return nil, err
	} else if len(rest) > 0 {
		return nil, errors.New("data behind the answer")
	}
	const granted, grantedWithMods = 0, 1
	if s := r.Status; s.Status != granted && s.Status != grantedWithMods {
		return nil, fmt.Errorf("refused: status %d, %q, failure %x", s.Status, s.Text, s.Fail.Bytes)
	}
	if len(r.Token.FullBytes) == 0 {
		return nil, errors.New("no token in the answer")
	}
	return r.Token.FullBytes, nil
}

// Parse reads a token and checks that it is one: of SHA-256, and signed by a certificate for time-stamping, which must
// be inside.
func Parse(token []byte) (*Token, error) {
	s, err := cms.Parse(token)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: %w", err)
	}
	if !s.ContentType.Equal(oidTSTInfo) {
		return nil, fmt.Errorf("time-stamp: content of type %s is no time-stamp", s.ContentType)
	}
	if err := s.VerifyContent(); err != nil {
		return nil, fmt.Errorf("time-stamp: %w", err)
	}
	if !slices.Contains(s.Certificate.ExtKeyUsage, x509.ExtKeyUsageTimeStamping) {
		return nil, errors.New("time-stamp: not signed by a certificate for time-stamping")
	}
	var info tstInfo
	if rest, err := asn1.Unmarshal(s.Content, &info); err != nil || len(rest) > 0 {
		return nil, errors.Join(errors.New("time-stamp: it does not read as one"), err)
	}
	if !info.Imprint.Algorithm.Algorithm.Equal(oidSHA256) || len(info.Imprint.Digest) != sha256.Size {
		return nil, errors.New("time-stamp: not of a SHA-256 digest")
	}
	return &Token{
		Digest:      [sha256.Size]byte(info.Imprint.Digest),
		Time:        info.Time.UTC(),
		Serial:      info.Serial,
		Nonce:       info.Nonce,
		Certificate: s.Certificate,
	}, nil
}
