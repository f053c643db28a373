// Package accountdb keeps accounts, sessions and the counts of tries in the database.
package accountdb

import (
	"context"
	"database/sql"
	"fmt"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountdb/query"
	"rinnova/internal/db"
)

// Store implements account.Store.
type Store struct {
	DB *db.DB
}

var _ account.Store = Store{}

// InTx runs fn in a transaction.
func (s Store) InTx(ctx context.Context, fn func(context.Context) error) error {
	return s.DB.InTx(ctx, fn)
}

// ByUsername finds an account.
func (s Store) ByUsername(ctx context.Context, username string) (account.Account, bool, error) {
	return found(query.New(s.DB.Reader(ctx)).AccountByUsername(ctx, username))
}

// found is a row that may be missing.
func found(r query.Account, err error) (account.Account, bool, error) {
	if db.IsNone(err) {
		return account.Account{}, false, nil
	}
	if err != nil {
		return account.Account{}, false, fmt.Errorf("account: %w", err)
	}
	return full(r), true, nil
}

// Account reads one account.
func (s Store) Account(ctx context.Context, id string) (account.Account, error) {
	r, err := query.New(s.DB.Reader(ctx)).Account(ctx, id)
	if db.IsNone(err) {
		return account.Account{}, rinnova.Fail(rinnova.NotFound, "Questo utente non c’è.")
	}
	if err != nil {
		return account.Account{}, fmt.Errorf("account: %w", err)
	}
	return full(r), nil
}

// Add writes a new account; Invalid where its role cannot have such a user name.
func (s Store) Add(ctx context.Context, a account.Account) error {
	if !account.ValidUsername(account.NormalUsername(a.Username), a.Role) {
		return rinnova.Fail(rinnova.Invalid, "«%s» non può essere il nome di questo utente.", a.Username)
	}
	err := query.New(s.DB.Writer(ctx)).AddAccount(ctx, query.AddAccountParams{
		ID: a.ID, Username: account.NormalUsername(a.Username), Name: a.Name, Role: string(a.Role),
		SchoolID: sql.NullString{String: a.SchoolID, Valid: a.SchoolID != ""}, PasswordHash: a.PasswordHash, PasswordChangedAt: a.ChangedAt.UTC(), CreatedAt: a.CreatedAt.UTC(), Email: a.Email,
	})
	if err != nil {
		return fmt.Errorf("account %s: %w", a.Username, err)
	}
	return nil
}

func full(r query.Account) account.Account {
	return account.Account{ID: r.ID, Username: r.Username, Name: r.Name, Role: rinnova.Role(r.Role), SchoolID: r.SchoolID.String,
		PasswordHash: r.PasswordHash, ChangedAt: r.PasswordChangedAt.UTC(), CreatedAt: r.CreatedAt.UTC(), Email: r.Email, LinkAddress: r.ResetAddress.String}
}
