package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// key makes of values what only who has the secret can make.
type key []byte

// key reads the installation's secret, once, and outside any transaction: one that were rolled back would take a new secret with it.
func (s *Service) key(ctx context.Context) (key, error) {
	if k := s.secret.Load(); k != nil {
		return *k, nil
	}
	b, err := s.Store.Secret(ctx, s.Clock())
	if err != nil {
		return nil, err
	}
	k := key(b)
	s.secret.Store(&k)
	return k, nil
}

// sum is HMAC-SHA256 (RFC 2104) over the parts, which cannot run into each other.
func (k key) sum(parts ...string) []byte {
	m := hmac.New(sha256.New, k)
	for _, p := range parts {
		d := sha256.Sum256([]byte(p))
		m.Write(d[:])
	}
	return m.Sum(nil)
}

// sign is half of the sum, as text: 128 bits.
func (k key) sign(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(k.sum(parts...)[:16])
}

// Prepare reads the secret, and makes it in a new installation: reading a page must not write.
func (s *Service) Prepare(ctx context.Context) error {
	_, err := s.key(ctx)
	return err
}
