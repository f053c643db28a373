package sign

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/http"
	"slices"
	"time"

	"rinnova/internal/sign/cms"

	"github.com/digitorus/timestamp"
)

// TSA is a time-stamping authority reached over HTTP (RFC 3161, 3.4).
type TSA struct {
	URL                string
	Username, Password string        // HTTP basic authentication; none where both are empty
	Timeout            time.Duration // of one request with its answer; 0 means 15 seconds
	Client             *http.Client  // nil means http.DefaultClient
}

// maxReply bounds the answer of a TSA in bytes; tokens with their certificates have 2 to 8 kB.
const maxReply = 64 << 10

// Timestamp gets a token that says when digest existed. It checks that the token is for this digest and this
// request, and signed by a certificate for time-stamping; who issued that certificate is left to those who verify.
func (t *TSA) Timestamp(ctx context.Context, digest [sha256.Size]byte) (token []byte, err error) {
	timeout := t.Timeout
	if timeout == 0 {
		timeout = 15 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("time-stamp: nonce: %w", err)
	}
	query := timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: digest[:], Certificates: true, Nonce: nonce}
	body, err := query.Marshal()
	if err != nil {
		return nil, fmt.Errorf("time-stamp: request: %w", err)
	}
	reply, err := t.post(ctx, body)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: %w", err)
	}
	stamp, err := timestamp.ParseResponse(reply)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: answer of %s: %w", t.URL, err)
	}
	if stamp.Nonce == nil || stamp.Nonce.Cmp(nonce) != 0 {
		return nil, fmt.Errorf("time-stamp: %s answered another request (nonce differs)", t.URL)
	}
	if err := checkStamp(stamp, digest); err != nil {
		return nil, fmt.Errorf("time-stamp: answer of %s: %w", t.URL, err)
	}
	return stamp.RawToken, nil
}

func (t *TSA) post(ctx context.Context, query []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	if t.Username != "" || t.Password != "" {
		req.SetBasicAuth(t.Username, t.Password)
	}
	client := t.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", t.URL, resp.Status)
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind != "application/timestamp-reply" {
		return nil, fmt.Errorf("%s answered with %q, want application/timestamp-reply", t.URL, kind)
	}
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	if err == nil && len(reply) > maxReply {
		err = fmt.Errorf("%s answered with more than %d bytes", t.URL, maxReply)
	}
	return reply, err
}

// checkStamp checks that a stamp, whose signature timestamp.Parse has verified, is for digest and was signed by a
// certificate for time-stamping, which is inside.
func checkStamp(stamp *timestamp.Timestamp, digest [sha256.Size]byte) error {
	if stamp.HashAlgorithm != crypto.SHA256 || !bytes.Equal(stamp.HashedMessage, digest[:]) {
		return errors.New("the time-stamp is for something else (imprint differs)")
	}
	signature, err := cms.Parse(stamp.RawToken) // it fails too where no certificate is inside
	if err != nil {
		return err
	}
	if !slices.Contains(signature.Certificate.ExtKeyUsage, x509.ExtKeyUsageTimeStamping) {
		return errors.New("the time-stamp was not signed by a certificate for time-stamping")
	}
	return nil
}
