package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"
)

// A browser that a user has come in with is known: it keeps a random number with our seal, and the database the keyed hash of
// number and user name together. Whoever reads the database cannot tell which users share a browser, or which browser it is;
// the number is good for nothing but for counting wrong passwords apart. A new password makes all browsers strangers again.

const (
	deviceMemory = 180 * 24 * time.Hour // since it was last used
	mostDevices  = 20                   // of an account: of more the oldest is a stranger again
)

// DeviceMemory is how long a browser keeps what it is known by.
const DeviceMemory = deviceMemory

// Devices keeps which browsers are known, by their subjects.
type Devices interface {
	// KnownDevice tells whether a browser has been in.
	KnownDevice(ctx context.Context, subject string) (bool, error)
	// KeepDevice remembers a browser, and of an account's only the newest few.
	KeepDevice(ctx context.Context, subject, accountID string, now time.Time, most int) error
	// ForgetDevices makes all browsers of an account strangers.
	ForgetDevices(ctx context.Context, accountID string) error
	// DeleteDevices clears away the browsers that were last in before an instant, or after another, by a clock that was ahead.
	DeleteDevices(ctx context.Context, before, after time.Time) error
}

// deviceOf is the number in what a browser keeps; ok is false where the seal is not ours.
func (k key) deviceOf(kept string) (id string, ok bool) {
	id, seal, _ := strings.Cut(kept, ".")
	return id, id != "" && hmac.Equal([]byte(seal), []byte(k.sign("device", id)))
}

// knownBy is what a browser keeps from now on: what it has, or something new.
func (k key) knownBy(kept string) string {
	if _, ok := k.deviceOf(kept); ok {
		return kept
	}
	var b [16]byte
	rand.Read(b[:]) // never fails
	id := base64.RawURLEncoding.EncodeToString(b[:])
	return id + "." + k.sign("device", id)
}

// keepDevice makes the visitor's browser a known one of an account that has just come in, in the transaction of ctx.
func (s *Service) keepDevice(ctx context.Context, k key, a Account, v Visitor) (Visitor, error) {
	v.Device = k.knownBy(v.Device)
	return v, s.Store.KeepDevice(ctx, k.subjects(a.Username, v).Device, a.ID, s.Clock().UTC(), mostDevices)
}
