// Package account is the people who log in: the schools' supervisors and the vendor's office.
package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"rinnova"
	"rinnova/internal/event"
)

// Account is a user.
type Account struct {
	ID           string
	Username     string // upper case; case does not matter at login
	Name         string // for people
	Role         rinnova.Role
	SchoolID     string // only for schools
	PasswordHash string // argon2id
	ChangedAt    time.Time
	CreatedAt    time.Time
}

// Actor is the account as the one who acts.
func (a Account) Actor() rinnova.Actor {
	return rinnova.Actor{AccountID: a.ID, Username: a.Username, Name: a.Name, Role: a.Role, SchoolID: a.SchoolID}
}

// Supervisor is the user name of a school: SUPERVISOR.SG00001.
func Supervisor(portalCode string) string { return "SUPERVISOR." + strings.ToUpper(portalCode) }

// NormalUsername is how user names are stored and compared. What is not text becomes spaces: PostgreSQL takes no NUL.
func NormalUsername(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return unicode.ToUpper(r)
	}, s)
	return strings.TrimSpace(s)
}

// Store keeps accounts.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// ByUsername finds an account; ok is false where there is none.
	ByUsername(ctx context.Context, username string) (a Account, ok bool, err error)
	// Account reads one; NotFound where there is none.
	Account(ctx context.Context, id string) (Account, error)
	Add(ctx context.Context, a Account) error
}

// Service logs people in.
type Service struct {
	Store  Store
	Events event.Recorder
	Clock  rinnova.Clock
	Hasher *Hasher
}

// Login checks a user name and a password. A name that does not exist costs the same work and gives the same answer as a
// wrong password.
func (s *Service) Login(ctx context.Context, username, password string) (rinnova.Actor, error) {
	username = NormalUsername(username)
	if username == "" || password == "" {
		return rinnova.Actor{}, rinnova.Fail(rinnova.Invalid, "Scrivete il nome utente e la password.")
	}
	a, known, err := s.Store.ByUsername(ctx, username)
	if err != nil {
		return rinnova.Actor{}, err
	}
	hash := a.PasswordHash
	if !known {
		hash = s.Hasher.decoy
	}
	match, err := s.Hasher.Check(ctx, password, hash)
	if err != nil {
		return rinnova.Actor{}, err
	}
	if !known || !match {
		if err := s.record(ctx, event.LoginFailed, rinnova.Actor{AccountID: a.ID, Username: shorten(username), SchoolID: a.SchoolID}); err != nil {
			return rinnova.Actor{}, err
		}
		return rinnova.Actor{}, rinnova.Fail(rinnova.Unauthenticated, "Nome utente o password non corrispondono. Controllate che non sia attivo il blocco delle maiuscole e riprovate.")
	}
	return a.Actor(), s.record(ctx, event.LoggedIn, a.Actor())
}

// LoggedOut puts a way out on the record.
func (s *Service) LoggedOut(ctx context.Context, actor rinnova.Actor) error {
	return s.record(ctx, event.LoggedOut, actor)
}

func (s *Service) record(ctx context.Context, kind event.Kind, actor rinnova.Actor) error {
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: actor, SchoolID: actor.SchoolID, AboutID: actor.AccountID})
}

// shorten keeps what strangers type from filling the record.
func shorten(s string) string {
	if r := []rune(s); len(r) > 64 {
		return string(r[:64])
	}
	return s
}

// Actor reads the account behind a session; Unauthenticated where it is gone.
func (s *Service) Actor(ctx context.Context, id string) (rinnova.Actor, error) {
	a, err := s.Store.Account(ctx, id)
	if rinnova.KindOf(err) == rinnova.NotFound {
		return rinnova.Actor{}, rinnova.Fail(rinnova.Unauthenticated, "Entrate di nuovo con nome utente e password.")
	}
	return a.Actor(), err
}

// Hasher hashes passwords with argon2id (RFC 9106; 19 MiB, two passes, as OWASP asks), at most one for each processor at
// once: a flood of logins waits here and does not slow the pages.
type Hasher struct {
	params *argon2id.Params
	slots  chan struct{}
	decoy  string
}

// Params are the cost of one hash.
var Params = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// NewHasher makes a hasher.
func NewHasher() *Hasher {
	return &Hasher{params: &Params, slots: make(chan struct{}, runtime.GOMAXPROCS(0)), decoy: decoy(Params)}
}

// decoy is the stored form of a password that nobody knows: comparing with it costs as much as with any other, making it
// costs nothing.
func decoy(p argon2id.Params) string {
	salt, key := make([]byte, p.SaltLength), make([]byte, p.KeyLength)
	rand.Read(salt) // never fails
	rand.Read(key)
	code := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", p.Memory, p.Iterations, p.Parallelism, code(salt), code(key))
}

// Hash makes the stored form of a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return argon2id.CreateHash(password, h.params)
}

// Check compares a password with a stored form.
func (h *Hasher) Check(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > MaxPassword {
		password = password[:MaxPassword] + "…" // never right, and costs the same
	}
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("password hash: %w", err)
	}
	return match, nil
}

// MaxPassword bounds passwords, in bytes: four for each of 128 characters.
const MaxPassword = 512

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return rinnova.Fail(rinnova.Unavailable, "In questo momento entrano in molti: riprovate fra un minuto.").Because(ctx.Err())
	}
}

func (h *Hasher) leave() { <-h.slots }
