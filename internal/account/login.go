package account

import (
	"context"

	"rinnova"
	"rinnova/internal/event"
)

// Login checks a user name and a password that come from a client: the address of the reader, as far as it is known. A name
// that does not exist costs the same work and gives the same answer as a wrong password; a name that nobody can have costs
// the same work and is told how names are written. Who has tried too often gets a Wait.
func (s *Service) Login(ctx context.Context, username, password, client string) (Account, error) {
	username = NormalUsername(username)
	if username == "" || password == "" {
		return Account{}, rinnova.Fail(rinnova.Invalid, "Scrivete il nome utente e la password.")
	}
	place, err := s.Hasher.Enter() // before anything is written: a flood ends here
	if err != nil {
		return Account{}, err
	}
	defer place.Leave()
	k, err := s.key(ctx)
	if err != nil {
		return Account{}, err
	}
	of := k.subjects(username, client)
	if err := s.countLogin(ctx, of); err != nil {
		return Account{}, err
	}
	a, known, err := s.Store.ByUsername(ctx, username)
	if err != nil {
		return Account{}, err
	}
	hash := a.PasswordHash
	if !known {
		hash = s.Hasher.decoy
	}
	match, err := place.Check(ctx, password, hash)
	if err != nil {
		return Account{}, err
	}
	if !known || !match {
		if err := s.record(ctx, event.LoginFailed, stranger(username, a)); err != nil {
			return Account{}, err
		}
		return Account{}, mismatch(username)
	}
	return a, s.entered(ctx, a, of)
}

// mismatch is the answer to a login that failed: it goes by what was typed, never by who exists.
func mismatch(username string) error {
	if wrong := WrongName(username); !wrong.IsZero() {
		return &rinnova.Error{Kind: rinnova.Unauthenticated, Message: wrong}
	}
	return rinnova.Fail(rinnova.Unauthenticated, "Nome utente o password non corrispondono. Controllate che non sia attivo il blocco delle maiuscole e riprovate.")
}

// entered records a login and clears the way for the next one from the same place.
func (s *Service) entered(ctx context.Context, a Account, of subjects) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.clearLogin(ctx, of); err != nil {
			return err
		}
		return s.record(ctx, event.LoggedIn, a.Actor())
	})
}
