package accountdb

import (
	"context"
	"fmt"
	"time"

	"rinnova/internal/account/accountdb/query"
)

// KnownDevice tells whether a browser has been in.
func (s Store) KnownDevice(ctx context.Context, subject string) (bool, error) {
	n, err := query.New(s.DB.Reader(ctx)).KnownDevice(ctx, subject)
	return n > 0, browser(err)
}

// KeepDevice remembers a browser, and of an account's only the newest few.
func (s Store) KeepDevice(ctx context.Context, subject, accountID string, now time.Time, most int) error {
	q := query.New(s.DB.Writer(ctx))
	if err := q.KeepDevice(ctx, subject, accountID, now.UTC()); err != nil {
		return browser(err)
	}
	return browser(q.DropDevices(ctx, accountID, int32(most)))
}

// ForgetDevices makes all browsers of an account strangers.
func (s Store) ForgetDevices(ctx context.Context, accountID string) error {
	return browser(query.New(s.DB.Writer(ctx)).ForgetDevices(ctx, accountID))
}

// DeleteDevices clears away the browsers that were last in before an instant, or after another.
func (s Store) DeleteDevices(ctx context.Context, before, after time.Time) error {
	return browser(query.New(s.DB.Writer(ctx)).DeleteOldDevices(ctx, before.UTC(), after.UTC()))
}

func browser(err error) error {
	if err != nil {
		return fmt.Errorf("known browser: %w", err)
	}
	return nil
}

// BeginAlarm notes that an account was besieged; false where it was noted within every of it.
func (s Store) BeginAlarm(ctx context.Context, accountID string, at time.Time, every time.Duration) (bool, error) {
	n, err := query.New(s.DB.Writer(ctx)).BeginAlarm(ctx, query.BeginAlarmParams{BesiegedAt: instant(at), ID: accountID, BesiegedAt_2: instant(at.Add(-every)), BesiegedAt_3: instant(at.Add(every))})
	if err != nil {
		return false, fmt.Errorf("besieged account: %w", err)
	}
	return n == 1, nil
}

// Besieged are the user names that were besieged within so long of now.
func (s Store) Besieged(ctx context.Context, now time.Time, within time.Duration) ([]string, error) {
	names, err := query.New(s.DB.Reader(ctx)).Besieged(ctx, instant(now.Add(-within)), instant(now.Add(within)))
	if err != nil {
		return nil, fmt.Errorf("besieged accounts: %w", err)
	}
	return names, nil
}
