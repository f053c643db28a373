package tsp

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net/http"
	"time"
)

// Client asks a time-stamping authority over HTTP (RFC 3161, 3.4). It may be used by several goroutines.
type Client struct {
	URL                string
	Username, Password string        // HTTP basic authentication; none where both are empty
	Timeout            time.Duration // of one request with its answer; 0 means 15 seconds
	HTTP               *http.Client  // nil means http.DefaultClient
}

const (
	defaultTimeout = 15 * time.Second

	// maxReply bounds an answer in bytes; tokens with their certificates have 2 to 8 kB.
	maxReply = 64 << 10
)

// Timestamp gets a token for digest. It checks all that Parse does, and that the token is for this digest and this
// request.
func (c *Client) Timestamp(ctx context.Context, digest [sha256.Size]byte) (token []byte, err error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 64))
	if err != nil {
		return nil, fmt.Errorf("time-stamp: nonce: %w", err)
	}
	query, err := marshalRequest(digest, nonce)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: request: %w", err)
	}
	reply, err := c.post(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("time-stamp: %w", err)
	}
	if token, err = tokenOf(reply); err != nil {
		return nil, fmt.Errorf("time-stamp: answer of %s: %w", c.URL, err)
	}
	t, err := Parse(token)
	if err != nil {
		return nil, fmt.Errorf("answer of %s: %w", c.URL, err)
	}
	if t.Nonce == nil || t.Nonce.Cmp(nonce) != 0 {
		return nil, fmt.Errorf("time-stamp: %s answered another request (nonce differs)", c.URL)
	}
	if t.Digest != digest {
		return nil, fmt.Errorf("time-stamp: %s stamped something else (imprint differs)", c.URL)
	}
	return token, nil
}

func (c *Client) post(ctx context.Context, query []byte) ([]byte, error) {
	timeout := c.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(query))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	if c.Username != "" || c.Password != "" {
		req.SetBasicAuth(c.Username, c.Password)
	}
	client := c.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", c.URL, resp.Status)
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind != "application/timestamp-reply" {
		return nil, fmt.Errorf("%s answered with %q, want application/timestamp-reply", c.URL, kind)
	}
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	if err == nil && len(reply) > maxReply {
		err = fmt.Errorf("%s answered with more than %d bytes", c.URL, maxReply)
	}
	return reply, err
}
