// Package sign signs documents with the vendor's key so that an Italian administration takes them: PDF files with a
// PAdES baseline signature (ETSI EN 319 142-1, level B-B, or B-T with a time-stamping authority) and any file as
// CAdES .p7m. It loads and checks the key, and verifies its own signatures before a document leaves.
package sign

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync/atomic"
	"time"

	"rinnova"
	"rinnova/internal/sign/cms"
	"rinnova/internal/sign/tsp"
)

// Signer signs with one key. It may be used by several goroutines.
type Signer struct {
	key *Key
	tsa *TSA

	longestToken atomic.Int64 // the longest time-stamp so far in bytes
}

// TSA is the time-stamping authority that a Signer asks.
type TSA = tsp.Client

// NewSigner makes a signer; tsa may be nil, then signatures carry no time-stamp.
func NewSigner(key *Key, tsa *TSA) *Signer { return &Signer{key: key, tsa: tsa} }

// Key is the key that signs.
func (s *Signer) Key() *Key { return s.key }

// Options say what a PDF signature states about itself.
type Options struct {
	Name     string    // of the person or body that signs
	Reason   string    // may be empty
	Location string    // may be empty
	At       time.Time // the claimed time of signing; required

	// FieldName names the signature field; empty means Firma1, Firma2 and so on. A name that the document already
	// uses is an error.
	FieldName string

	// Certify makes it the document's certification (ISO 32000-1, 12.8.2.2): every reader then calls other changes than
	// further signatures by name. It must be the first signature.
	Certify bool
}

// SignPDF returns the document with an invisible signature over all of it. The document may carry signatures already:
// it is continued, not changed.
//
// Errors of kind Invalid say that the certificate is not in force, of kind Unavailable that there is no time-stamp to
// be had: then try later.
func (s *Signer) SignPDF(ctx context.Context, pdf []byte, o Options) ([]byte, error) {
	if o.At.IsZero() {
		return nil, fmt.Errorf("sign: no time of signing")
	}
	if err := s.key.InForce(o.At); err != nil {
		return nil, err
	}
	token := s.roomForToken()
	for range 3 { // a second time only where a token is longer than all before, a third if tokens keep growing
		room, err := s.cms().DetachedSize(token)
		if err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
		d, err := prepare(pdf, o, room)
		if err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
		der, err := s.cms().Detached(ctx, d.digest())
		if err != nil {
			return nil, fmt.Errorf("sign: %w", err)
		}
		if len(der) <= room {
			return d.complete(der), nil
		}
		token = s.roomForToken()
	}
	return nil, rinnova.Fail(rinnova.Unavailable, "La marca temporale è sempre più lunga del previsto: il documento non è stato firmato.")
}

// SignFile returns the content inside a CAdES signature with the claimed time: the bytes of a .p7m file. Errors are
// those of SignPDF.
func (s *Signer) SignFile(ctx context.Context, content []byte, at time.Time) ([]byte, error) {
	if err := s.key.InForce(at); err != nil {
		return nil, err
	}
	der, err := s.cms().Enveloping(ctx, content, at)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return der, nil
}

func (s *Signer) cms() cms.Signer {
	c := cms.Signer{Key: s.key.signer, Chain: s.key.chain}
	if s.tsa != nil {
		c.Timestamp = s.timestamp
	}
	return c
}

func (s *Signer) timestamp(ctx context.Context, signature []byte) ([]byte, error) {
	token, err := s.tsa.Timestamp(ctx, sha256.Sum256(signature))
	if err != nil {
		return nil, rinnova.Fail(rinnova.Unavailable, "La marca temporale non è disponibile: il documento non è stato firmato.").Because(err)
	}
	for n := int64(len(token)); ; {
		if old := s.longestToken.Load(); n <= old || s.longestToken.CompareAndSwap(old, n) {
			return token, nil
		}
	}
}

// roomForToken is how many bytes to keep for a time-stamp. Room has to be kept before the token is known, and each
// byte of it makes the document two longer; the tokens of one authority differ by few bytes.
func (s *Signer) roomForToken() int {
	const first, margin = 4 << 10, 64
	if s.tsa == nil {
		return 0
	}
	if n := s.longestToken.Load(); n > 0 {
		return int(n) + margin
	}
	return first
}
