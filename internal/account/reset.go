package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/job"
)

// A forgotten password. Who asks gets the same answer, by the same work, whatever exists: one event and one job. The job looks
// the user up and writes the mail without its secret; the secret is made at the moment of sending, so that it stands nowhere
// but in the mail; its SHA-256 is kept. The newest link of a user is the only one that holds, for an hour and once.

// LinkLife is how long a link holds.
const LinkLife = time.Hour

// Patience is how long a request waits for a mail server before it is given up: later nobody expects the mail any more.
const Patience = time.Hour

// ResetJob is the kind of the jobs that look for whom a request is.
const ResetJob = "account.reset"

// resetArgs is a request, in its job.
type resetArgs struct {
	ID       string
	Account  string // its id; "" is a name that nobody has: what was typed is not kept, it may be a password
	Username string // in jobs of older versions, in place of Account
	At       time.Time
}

// Resets keeps requests and links. A link is known by the hash of its secret.
type Resets interface {
	// BeginReset makes a request the newest of an account; false where it is not newer than the last, unless that one comes after ahead: it
	// was made by a clock that was wrong. Requests are ordered by their ids.
	BeginReset(ctx context.Context, accountID, request, ahead string) (bool, error)
	// ByRequest finds the account whose newest request this is; ok is false where there is none.
	ByRequest(ctx context.Context, request string) (a Account, ok bool, err error)
	// SaveLink makes a link the only one of the account whose newest request this is; false where there is none.
	SaveLink(ctx context.Context, request, hash, address string, until time.Time) (bool, error)
	// ByLink finds the account of a link that holds until after now, and not for longer than latest; ok is false where there is none.
	ByLink(ctx context.Context, hash string, now, latest time.Time) (a Account, ok bool, err error)
	// SpendLink gives the account of a link another password, if the link still holds and was mailed to address; ok is
	// false where somebody was faster. All requests before the given one are void afterwards.
	SpendLink(ctx context.Context, hash, address, passwordHash, request string, now time.Time) (a Account, ok bool, err error)
	// VoidLinks ends the links and the requests of a school's accounts; all requests before the given one are void.
	VoidLinks(ctx context.Context, schoolID, request string) error
}

// Recipient is where the mails of an account go. School, Address and MinistryCode name the school of a school's account.
type Recipient struct{ Email, School, Address, MinistryCode string }

// Schools knows the schools' addresses.
type Schools interface {
	// Recipient is where a school gets its mail; the zero Recipient where there is no such school.
	Recipient(ctx context.Context, schoolID string) (Recipient, error)
	// EmailNear is the address of one of the schools: of the first whose ministry code does not come before code.
	EmailNear(ctx context.Context, code string) (string, error)
	// Public is what everybody knows of a school, and of the vendor: names, places, codes, addresses.
	Public(ctx context.Context, schoolID string) ([]string, error)
}

// Post writes the mails about passwords, in the transaction of ctx.
type Post interface {
	// ResetAsked writes the mail that will carry the link.
	ResetAsked(ctx context.Context, r Reset) error
	// PasswordChanged tells that the password was changed.
	PasswordChanged(ctx context.Context, c Change) error
	// Besieged tells that many have guessed at a user name.
	Besieged(ctx context.Context, b Siege) error
}

// Reset is a request for a new password of somebody who exists.
type Reset struct {
	ID      string
	Account Account
	To      Recipient
	At      time.Time
}

// Link is the way to a new password. Its secret must not be stored, logged or printed anywhere but in the mail.
type Link struct {
	Reset
	Secret string
	Until  time.Time
}

// Change is a password that was changed by a link.
type Change struct {
	Account Account
	To      Recipient
	At      time.Time
}

// AskReset takes the request for a new password, and gives the masked address that the page shows. A name that nobody can
// have is Invalid. Who has asked too often gets a Wait.
func (s *Service) AskReset(ctx context.Context, username string, v Visitor) (Masked, error) {
	username = NormalUsername(username)
	if username == "" {
		return Masked{}, rinnova.Fail(rinnova.Invalid, "Scrivete il nome utente.")
	}
	if wrong := WrongName(username); !wrong.IsZero() {
		return Masked{}, &rinnova.Error{Kind: rinnova.Invalid, Message: wrong}
	}
	k, err := s.key(ctx)
	if err != nil {
		return Masked{}, err
	}
	a, _, err := s.Store.ByUsername(ctx, username)
	if err != nil {
		return Masked{}, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.countReset(ctx, k, username, v); err != nil {
			return err
		}
		now := s.Clock().UTC()
		if err := s.record(ctx, event.ResetAsked, stranger(username, a), v); err != nil {
			return err
		}
		return s.Queue.Insert(ctx, ResetJob, resetArgs{ID: rinnova.NewID(now), Account: a.ID, At: now}, "", time.Time{})
	})
	if err != nil {
		return Masked{}, err
	}
	return s.shown(ctx, k, username, a)
}

// recipient is where an account gets its mail. The schools are asked for whoever it is.
func (s *Service) recipient(ctx context.Context, a Account) (Recipient, error) {
	to, err := s.Schools.Recipient(ctx, a.SchoolID)
	if a.SchoolID == "" {
		to = Recipient{Email: a.Email}
	}
	return to, err
}

// Work is the worker of the jobs that look for whom a request is.
func (s *Service) Work() job.Worker { return job.Worker{Run: s.reset} }

func (s *Service) reset(ctx context.Context, j job.Job) error {
	var q resetArgs
	if err := j.Decode(&q); err != nil {
		return err
	}
	if s.Clock().Sub(q.At) > Patience {
		return nil
	}
	a, known, err := s.asker(ctx, q)
	if err != nil || !known {
		return err
	}
	to, err := s.recipient(ctx, a)
	if err != nil {
		return err
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		newest, err := s.Store.BeginReset(ctx, a.ID, q.ID, rinnova.NewID(s.Clock().Add(apart)))
		if err != nil || !newest { // a newer request, or this job a second time
			return err
		}
		if to.Email == "" {
			return s.about(ctx, event.ResetNotSent, a, map[string]string{"motivo": "manca l’indirizzo e-mail"})
		}
		return s.Post.ResetAsked(ctx, Reset{ID: q.ID, Account: a, To: to, At: q.At})
	})
}

// asker is whose request it is; known is false where it is nobody's.
func (s *Service) asker(ctx context.Context, q resetArgs) (a Account, known bool, err error) {
	if q.Account == "" {
		return s.Store.ByUsername(ctx, q.Username)
	}
	a, err = s.Store.Account(ctx, q.Account)
	if rinnova.KindOf(err) == rinnova.NotFound {
		return Account{}, false, nil
	}
	return a, err == nil, err
}

// about records what the program did about an account.
func (s *Service) about(ctx context.Context, kind event.Kind, a Account, data map[string]string) error {
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: rinnova.System, SchoolID: a.SchoolID, AboutID: a.ID, Data: data})
}

// IssueLink makes the link of a request, for the mail that is about to leave for an address; the one before, if any, is
// void. It is Conflict where the request is over: too old, or overtaken by a newer one, by a new password or by another
// address.
func (s *Service) IssueLink(ctx context.Context, request, address string, asked time.Time) (Link, error) {
	now := s.Clock().UTC()
	a, ok, err := s.Store.ByRequest(ctx, request)
	if err != nil {
		return Link{}, err
	}
	to, err := s.recipient(ctx, a)
	if err != nil {
		return Link{}, err
	}
	if !ok || to.Email != address || now.Sub(asked) > Patience {
		return Link{}, linkOver()
	}
	secret := newSecret()
	until := now.Add(LinkLife)
	ok, err = s.Store.SaveLink(ctx, request, hashOf(secret), address, until)
	if err != nil {
		return Link{}, err
	}
	if !ok {
		return Link{}, linkOver()
	}
	return Link{Reset: Reset{ID: request, Account: a, To: to, At: asked}, Secret: secret, Until: until}, nil
}

// newSecret is 256 random bits, as text for an address.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(rinnova.Copied(secret)))
	return hex.EncodeToString(sum[:])
}

func linkOver() error {
	return rinnova.Fail(rinnova.Conflict, "Questo link non vale più. Chiedetene un altro.")
}

// OfLink is the account that a link gives a new password to; Conflict where the link does not hold. Looking spends nothing.
func (s *Service) OfLink(ctx context.Context, secret string) (Account, error) {
	a, _, err := s.link(ctx, secret)
	return a, err
}

// AddressChanged is told, in the transaction of the change, that a school has another institutional address: whatever was
// mailed to the old one is void, and stays so if the old one comes back.
func (s *Service) AddressChanged(ctx context.Context, schoolID string) error {
	return s.Store.VoidLinks(ctx, schoolID, rinnova.NewID(s.Clock().UTC()))
}

func (s *Service) link(ctx context.Context, secret string) (Account, Recipient, error) {
	now := s.Clock().UTC()
	a, ok, err := s.Store.ByLink(ctx, hashOf(secret), now, now.Add(LinkLife+apart))
	if err != nil {
		return Account{}, Recipient{}, err
	}
	to, err := s.recipient(ctx, a)
	if err != nil {
		return Account{}, Recipient{}, err
	}
	if !ok || to.Email != a.LinkAddress {
		return Account{}, Recipient{}, linkOver()
	}
	return a, to, nil
}

// NewPassword sets the password of a link's account and spends the link: of many who use it at once one wins, the others get
// Conflict. What is wrong with the password is said and leaves the link as it was. Afterwards every session of the user is
// over, and of all browsers only this one is known: nobody who besieges the name keeps it out.
func (s *Service) NewPassword(ctx context.Context, secret, password, again string, v Visitor) (Entry, rinnova.Problems, error) {
	a, to, err := s.link(ctx, secret)
	if err != nil {
		return Entry{}, nil, err
	}
	k, err := s.key(ctx)
	if err != nil {
		return Entry{}, nil, err
	}
	public, err := s.Schools.Public(ctx, a.SchoolID)
	if err != nil {
		return Entry{}, nil, err
	}
	if p := CheckPassword(a, append(public, to.Email), password, again); len(p) > 0 {
		return Entry{Account: a}, p, nil
	}
	place, err := s.Hasher.Enter(ctx, k.claimOfLink(secret, v))
	if err != nil {
		return Entry{Account: a}, nil, err
	}
	defer place.Leave()
	if a, to, err = s.link(ctx, secret); err != nil { // it may have been spent meanwhile
		return Entry{}, nil, err
	}
	hash, err := place.Hash(password)
	if err != nil {
		return Entry{Account: a}, nil, err
	}
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		changed, err := s.spend(ctx, secret, to.Email, hash)
		if err != nil {
			return err
		}
		if v, err = s.welcome(ctx, k, changed, v); err != nil { // before the event, as in a login
			return err
		}
		if err := s.record(ctx, event.PasswordChanged, changed.Actor(), v); err != nil {
			return err
		}
		return s.Post.PasswordChanged(ctx, Change{Account: changed, To: to, At: changed.ChangedAt})
	})
	return Entry{Account: a, Device: v.Device}, nil, err
}

// claimOfLink is the place in the queue of who has a link: as of a known browser, in turn with those, and of many who use one link at once
// one after the other.
func (k key) claimOfLink(secret string, v Visitor) Claim {
	return Claim{Subject: k.sign("link", hashOf(secret)), Address: k.sign("address", v.Network), Rank: RankDevice}
}

func (s *Service) spend(ctx context.Context, secret, address, hash string) (Account, error) {
	now := s.Clock().UTC()
	changed, ok, err := s.Store.SpendLink(ctx, hashOf(secret), address, hash, rinnova.NewID(now), now)
	if err == nil && !ok {
		err = linkOver()
	}
	return changed, err
}

// welcome makes the browser that has set a new password the only known one, and its address a usual one.
func (s *Service) welcome(ctx context.Context, k key, a Account, v Visitor) (Visitor, error) {
	if err := s.Store.ForgetDevices(ctx, a.ID); err != nil {
		return v, err
	}
	v.Device = "" // what it was known by may be known to others
	now := s.Clock().UTC()
	if err := s.Store.ClearAttempts(ctx, k.subjects(a.Username, v).Pair, now, now.Add(usualMemory)); err != nil {
		return v, err
	}
	if err := s.Store.MarkUsual(ctx, k.subjects(a.Username, v).Pair, now, now.Add(usualMemory)); err != nil {
		return v, err
	}
	return s.keepDevice(ctx, k, a, v)
}
