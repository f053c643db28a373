package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"rinnova"
)

// Hasher hashes passwords with argon2id (RFC 9106; 19 MiB, two passes, as OWASP asks), on all processors but one: a flood of
// logins waits here, and the pages keep a processor. Who waits, and who is next, is in queue.go.
type Hasher struct {
	params   *argon2id.Params
	decoy    string
	made     atomic.Int64
	patience time.Duration // how long anybody waits
	most     int           // how many may wait

	mu      sync.Mutex
	free    int // of those that hash, how many rest
	waiting []*Place
	inside  []*Place // have had their turn, and are not settled yet
	arrived int64
}

// Made is how many hashes have been made, for measurements.
func (h *Hasher) Made() int64 { return h.made.Load() }

// Params are the cost of one hash.
var Params = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// patience is how long anybody waits for a hash, and places how many may wait for each that hashes: about half of what is made
// in that time on a machine that does nothing else.
const (
	patience = 45 * time.Second
	places   = 500
)

// NewHasher makes a hasher.
func NewHasher() *Hasher {
	n := hashersAtOnce()
	return &Hasher{params: &Params, decoy: decoy(Params), patience: patience, most: n * places, free: n}
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

// Check compares a password with a stored form. A place is good for one hash; what it is for may take longer, until Leave.
func (p *Place) Check(password, hash string) (bool, error) {
	if len(password) > MaxPasswordBytes {
		password = password[:MaxPasswordBytes] + "…" // never right, and costs the same
	}
	defer p.rest()
	p.h.made.Add(1)
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("password hash: %w", err)
	}
	return match, nil
}

// Hash makes the stored form of a password. As Check, it takes what a place is good for.
func (p *Place) Hash(password string) (string, error) {
	defer p.rest()
	p.h.made.Add(1)
	return argon2id.CreateHash(password, p.h.params)
}

// Hash makes the stored form of a password, for the program itself.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	p, err := h.Enter(ctx, Claim{})
	if err != nil {
		return "", err
	}
	defer p.Leave()
	return p.Hash(password)
}

func crowded() *rinnova.Error {
	return rinnova.Fail(rinnova.Unavailable, "In questo momento entrano in molti, e la password non è stata controllata. Riprovate fra un minuto.")
}
