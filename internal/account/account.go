// Package account is the people who log in: the schools' supervisors and the vendor's office; how they come in, how they get
// a new password when they have forgotten theirs, and how those who guess are made to wait.
package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/job"
)

// Account is a user.
type Account struct {
	ID           string
	Username     string // upper case; case does not matter at login
	Name         string // for people
	Role         rinnova.Role
	SchoolID     string // only for schools
	Email        string // only for the office; a school's mail goes to its institutional address
	PasswordHash string // argon2id
	ChangedAt    time.Time
	CreatedAt    time.Time

	LinkAddress string // where the link for a new password was mailed to, while one holds
}

// Actor is the account as the one who acts.
func (a Account) Actor() rinnova.Actor {
	return rinnova.Actor{AccountID: a.ID, Username: a.Username, Name: a.Name, Role: a.Role, SchoolID: a.SchoolID}
}

// Mark tells the account's password from each other one, without telling anything about it. A session keeps the mark of the
// password that it came in by, and is over when the account has another.
func (a Account) Mark() string {
	sum := sha256.Sum256([]byte(a.PasswordHash))
	return hex.EncodeToString(sum[:8])
}

const supervisor = "SUPERVISOR."

// Supervisor is the user name of a school: SUPERVISOR.SG00001.
func Supervisor(portalCode string) string { return supervisor + strings.ToUpper(portalCode) }

// NormalUsername is how user names are stored and compared. What is not text becomes spaces: PostgreSQL takes no NUL. A school's name is
// one without the spaces in it too, and without the dot of the sentence that it was copied from.
func NormalUsername(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return unicode.ToUpper(r)
	}, s)
	if bare := strings.TrimRight(strings.Join(strings.Fields(s), ""), "."); schoolName.MatchString(bare) {
		return bare
	}
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
	// Secret is the installation's random secret, the same for all processes; made at the first call.
	Secret(ctx context.Context, now time.Time) ([]byte, error)

	Resets
	Attempts
	Devices
	Alarms
}

// Service logs people in and gives them new passwords.
type Service struct {
	Store   Store
	Events  event.Recorder
	Clock   rinnova.Clock
	Hasher  *Hasher
	Queue   *job.Queue
	Schools Schools
	Post    Post

	secret atomic.Pointer[key] // once it has been read
}

// Admit gives a school its user. Nobody knows its password: the school gets one by mail, as who has forgotten it does. A school whose
// user is there already keeps it.
func (s *Service) Admit(ctx context.Context, schoolID, portalCode, name string) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if _, known, err := s.Store.ByUsername(ctx, Supervisor(portalCode)); err != nil || known {
			return err
		}
		now := s.Clock().UTC()
		return s.Store.Add(ctx, Account{ID: rinnova.NewID(now), Username: Supervisor(portalCode), Name: name, Role: rinnova.RoleSchool, SchoolID: schoolID,
			PasswordHash: s.Hasher.decoy, ChangedAt: now, CreatedAt: now})
	})
}

// LoggedOut puts a way out on the record.
func (s *Service) LoggedOut(ctx context.Context, actor rinnova.Actor, v Visitor) error {
	return s.record(ctx, event.LoggedOut, actor, v)
}

func (s *Service) record(ctx context.Context, kind event.Kind, actor rinnova.Actor, v Visitor) error {
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: actor, SchoolID: actor.SchoolID, AboutID: actor.AccountID, Data: v.data()})
}

// stranger is who types a user name: nobody knows yet whether it is theirs. Where it is an account's, the account and its
// school have the event on their record. Of a name that nobody has, the record keeps what can only be a school's: people type
// their password there, and a password may look like the name of somebody at the office.
func stranger(username string, a Account) rinnova.Actor {
	actor := rinnova.Actor{AccountID: a.ID, SchoolID: a.SchoolID}
	if a.ID != "" || IsSupervisor(username) {
		actor.Username = username
	}
	return actor
}

// Actor reads an account as the one who acts; Unauthenticated where it is gone.
func (s *Service) Actor(ctx context.Context, id string) (rinnova.Actor, error) {
	a, err := s.Store.Account(ctx, id)
	if rinnova.KindOf(err) == rinnova.NotFound {
		return rinnova.Actor{}, enterAgain()
	}
	return a.Actor(), err
}

// Session reads the account behind a session, which keeps its id and mark; Unauthenticated where the account is gone or has
// another password by now.
func (s *Service) Session(ctx context.Context, id, mark string) (rinnova.Actor, error) {
	a, err := s.Store.Account(ctx, id)
	if rinnova.KindOf(err) == rinnova.NotFound || err == nil && a.Mark() != mark {
		return rinnova.Actor{}, enterAgain()
	}
	return a.Actor(), err
}

func enterAgain() error {
	return rinnova.Fail(rinnova.Unauthenticated, "Entrate di nuovo con nome utente e password.")
}
