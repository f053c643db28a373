package account

import (
	"context"
	"strings"
	"time"
	"unicode"

	"rinnova"
	"rinnova/internal/event"
)

// Visitor is who stands at the door, as far as it can be known.
type Visitor struct {
	Address string // of the reader
	Network string // what one reader can easily have many addresses of
	Site    string // what one customer can have many networks of; "" is no more than the network
	Agent   string // what the browser calls itself
	Device  string // what the browser keeps from when it was in; "" is nothing
}

// maxAgent is how much of a browser's name is kept.
const maxAgent = 200

// data is what the record keeps of a visitor.
func (v Visitor) data() map[string]string {
	agent := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(v.Agent, ""))
	if r := []rune(agent); len(r) > maxAgent {
		agent = string(r[:maxAgent])
	}
	d := map[string]string{}
	if v.Address != "" {
		d["indirizzo"] = v.Address
	}
	if agent != "" {
		d["browser"] = agent
	}
	return d
}

// Entry is an account that has shown who it is, and what its browser is known by from now on.
type Entry struct {
	Account Account
	Device  string
}

// Login checks a user name and a password. A name that does not exist costs the same work and gives the same answer as a
// wrong password; a name that nobody can have costs the same work and is told how names are written. Who has to wait gets a
// Wait, and the password is not looked at.
func (s *Service) Login(ctx context.Context, username, password string, v Visitor) (Entry, error) {
	username = NormalUsername(username)
	if username == "" || password == "" {
		return Entry{}, rinnova.Fail(rinnova.Invalid, "Scrivete il nome utente e la password.")
	}
	k, err := s.key(ctx)
	if err != nil {
		return Entry{}, err
	}
	of := k.subjects(username, v)
	place, st, err := s.turn(ctx, of)
	if err != nil {
		return Entry{}, err
	}
	defer place.Leave()
	a, known, err := s.Store.ByUsername(ctx, username)
	if err != nil {
		return Entry{}, err
	}
	hash := a.PasswordHash
	if !known {
		hash = s.Hasher.decoy
	}
	match, err := place.Check(password, hash)
	if err != nil {
		return Entry{}, err
	}
	ctx = context.WithoutCancel(ctx) // who leaves now has tried all the same
	if !known || !match {
		if err := s.failed(ctx, st, username, a, v); err != nil {
			return Entry{}, err
		}
		return Entry{}, mismatch(username)
	}
	return s.entered(ctx, k, st, a, v)
}

// turn waits for a place; before and after it, whoever has to wait for longer is refused: meanwhile other tries have failed.
func (s *Service) turn(ctx context.Context, of Subjects) (*Place, standing, error) {
	st, err := s.stand(ctx, of)
	if err == nil {
		err = st.wait()
	}
	if err != nil {
		return nil, st, err
	}
	place, err := s.Hasher.Enter(ctx, st.claim())
	if err != nil {
		return nil, st, err
	}
	if st, err = s.stand(ctx, of); err == nil {
		err = st.wait()
	}
	if err != nil {
		place.Leave()
		return nil, st, err
	}
	return place, st, nil
}

// failed counts a wrong password, puts it on the record, and raises the alarm where it is one too many for the name. The alarm
// is a job whoever it is about: nobody can tell who exists by it.
func (s *Service) failed(ctx context.Context, st standing, username string, a Account, v Visitor) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		besieged, err := s.countFailure(ctx, st)
		if err != nil {
			return err
		}
		if besieged {
			if err := s.Queue.Insert(ctx, AlarmJob, alarmArgs{Account: a.ID, At: st.now}, "", time.Time{}); err != nil {
				return err
			}
		}
		return s.record(ctx, event.LoginFailed, stranger(username, a), v)
	})
}

// mismatch is the answer to a login that failed: it goes by what was typed, never by who exists.
func mismatch(username string) error {
	if wrong := WrongName(username); !wrong.IsZero() {
		return &rinnova.Error{Kind: rinnova.Unauthenticated, Message: wrong}
	}
	return rinnova.Fail(rinnova.Unauthenticated, "Nome utente o password non corrispondono. Controllate che non sia attivo il blocco delle maiuscole e riprovate.")
}

// entered records a login, clears the way for the next one from the same place, and makes the browser a known one.
func (s *Service) entered(ctx context.Context, k key, st standing, a Account, v Visitor) (Entry, error) {
	err := s.Store.InTx(ctx, func(ctx context.Context) (err error) {
		if err := s.clear(ctx, st); err != nil {
			return err
		}
		if v, err = s.keepDevice(ctx, k, a, v); err != nil {
			return err
		}
		return s.record(ctx, event.LoggedIn, a.Actor(), v)
	})
	return Entry{Account: a, Device: v.Device}, err
}
