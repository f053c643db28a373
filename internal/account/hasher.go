package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/alexedwards/argon2id"

	"rinnova"
)

// Hasher hashes passwords with argon2id (RFC 9106; 19 MiB, two passes, as OWASP asks), on all processors but one: a flood of
// logins waits here, and the pages keep a processor. A bounded number waits; the others are asked to come back.
type Hasher struct {
	params *argon2id.Params
	places chan struct{} // everybody who hashes or waits
	slots  chan struct{} // those who hash
	decoy  string
	made   atomic.Int64
}

// Made is how many hashes have been made, for measurements.
func (h *Hasher) Made() int64 { return h.made.Load() }

// Params are the cost of one hash.
var Params = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// waiting is how many may wait for each that hashes: about three seconds.
const waiting = 64

// NewHasher makes a hasher.
func NewHasher() *Hasher {
	n := hashersAtOnce()
	return &Hasher{params: &Params, places: make(chan struct{}, n+n*waiting), slots: make(chan struct{}, n), decoy: decoy(Params)}
}

func hashersAtOnce() int { return max(1, runtime.GOMAXPROCS(0)-1) }

// decoy is the stored form of a password that nobody knows: comparing with it costs as much as with any other, making it
// costs nothing.
func decoy(p argon2id.Params) string {
	salt, key := make([]byte, p.SaltLength), make([]byte, p.KeyLength)
	rand.Read(salt) // never fails
	rand.Read(key)
	code := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", p.Memory, p.Iterations, p.Parallelism, code(salt), code(key))
}

// Place is one's place among those who hash or wait. Leave gives it back.
type Place struct{ h *Hasher }

// Enter takes a place; Unavailable, at once, where too many wait already.
func (h *Hasher) Enter() (Place, error) {
	select {
	case h.places <- struct{}{}:
		return Place{h}, nil
	default:
		return Place{}, crowded()
	}
}

func crowded() *rinnova.Error {
	return rinnova.Fail(rinnova.Unavailable, "In questo momento entrano in molti: riprovate fra un minuto.")
}

// Leave gives the place to the next.
func (p Place) Leave() { <-p.h.places }

// Hash makes the stored form of a password.
func (p Place) Hash(ctx context.Context, password string) (string, error) {
	if err := p.turn(ctx); err != nil {
		return "", err
	}
	defer p.done()
	return argon2id.CreateHash(password, p.h.params)
}

// Check compares a password with a stored form.
func (p Place) Check(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > MaxPasswordBytes {
		password = password[:MaxPasswordBytes] + "…" // never right, and costs the same
	}
	if err := p.turn(ctx); err != nil {
		return false, err
	}
	defer p.done()
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("password hash: %w", err)
	}
	return match, nil
}

func (p Place) turn(ctx context.Context) error {
	select {
	case p.h.slots <- struct{}{}:
		p.h.made.Add(1)
		return nil
	case <-ctx.Done():
		return crowded().Because(ctx.Err())
	}
}

func (p Place) done() { <-p.h.slots }

// Hash makes the stored form of a password, for those who have no place yet.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	p, err := h.Enter()
	if err != nil {
		return "", err
	}
	defer p.Leave()
	return p.Hash(ctx, password)
}
