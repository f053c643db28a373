package accountdb

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"fmt"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountdb/query"
	"rinnova/internal/db"
)

func text(s string) sql.NullString { return sql.NullString{String: s, Valid: true} }

func instant(t time.Time) sql.NullTime { return sql.NullTime{Time: t.UTC(), Valid: true} }

// BeginReset makes a request the newest of an account.
func (s Store) BeginReset(ctx context.Context, accountID, request, ahead string) (bool, error) {
	n, err := query.New(s.DB.Writer(ctx)).BeginReset(ctx, text(request), accountID, text(ahead))
	if err != nil {
		return false, fmt.Errorf("request for a password: %w", err)
	}
	return n == 1, nil
}

// ByRequest finds the account whose newest request this is.
func (s Store) ByRequest(ctx context.Context, request string) (account.Account, bool, error) {
	return found(query.New(s.DB.Reader(ctx)).AccountByRequest(ctx, text(request)))
}

// SaveLink makes a link the only one of an account.
func (s Store) SaveLink(ctx context.Context, request, hash, address string, until time.Time) (bool, error) {
	n, err := query.New(s.DB.Writer(ctx)).SaveLink(ctx, query.SaveLinkParams{ResetHash: text(hash), ResetAddress: text(address), ResetUntil: instant(until), ResetRequest: text(request)})
	if err != nil {
		return false, fmt.Errorf("link for a password: %w", err)
	}
	return n == 1, nil
}

// ByLink finds the account of a link that holds.
func (s Store) ByLink(ctx context.Context, hash string, now, latest time.Time) (account.Account, bool, error) {
	return found(query.New(s.DB.Reader(ctx)).AccountByLink(ctx, text(hash), instant(now), instant(latest)))
}

// SpendLink changes the password if the link still holds, in one statement.
func (s Store) SpendLink(ctx context.Context, hash, address, passwordHash, request string, now time.Time) (account.Account, bool, error) {
	return found(query.New(s.DB.Writer(ctx)).SpendLink(ctx, query.SpendLinkParams{
		PasswordHash: passwordHash, PasswordChangedAt: now.UTC(), ResetRequest: text(request), ResetHash: text(hash), ResetAddress: text(address),
	}))
}

// VoidLinks ends the links and the requests of a school's accounts.
func (s Store) VoidLinks(ctx context.Context, schoolID, request string) error {
	if err := query.New(s.DB.Writer(ctx)).VoidLinks(ctx, text(request), text(schoolID)); err != nil {
		return fmt.Errorf("links for passwords: %w", err)
	}
	return nil
}

// secretName is the setting that holds the secret.
const secretName = "account.secret"

// Secret reads the installation's secret. Of several processes that make it at once, one's stays.
func (s Store) Secret(ctx context.Context, now time.Time) ([]byte, error) {
	value, err := query.New(s.DB.Reader(ctx)).Setting(ctx, secretName)
	if db.IsNone(err) {
		value, err = s.makeSecret(ctx, now)
	}
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return base64.RawStdEncoding.DecodeString(value)
}

func (s Store) makeSecret(ctx context.Context, now time.Time) (string, error) {
	var b [32]byte
	rand.Read(b[:]) // never fails
	q := query.New(s.DB.Writer(ctx))
	if err := q.KeepSetting(ctx, secretName, base64.RawStdEncoding.EncodeToString(b[:]), now.UTC()); err != nil {
		return "", err
	}
	return query.New(s.DB.Reader(ctx)).Setting(ctx, secretName)
}
