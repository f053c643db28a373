package accountdb_test

import (
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
)

// What was noted by a clock that was ahead neither lasts nor stands in the way of what a right one notes.
func TestWhatAClockAheadHasNoted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := accountdb.Store{DB: d}, t.Context()
		now := time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)
		then := now.Add(365 * 24 * time.Hour)
		a := account.Account{ID: rinnova.NewID(now), Username: "ANNA.VERDI", Name: "Anna Verdi", Role: rinnova.RoleClerk, PasswordHash: "x", ChangedAt: now, CreatedAt: now}
		noted := func(ok bool, err error) bool {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		request := rinnova.NewID(then)
		_, err := s.CountAttempt(ctx, "name", then, time.Hour)
		for _, err := range []error{s.Add(ctx, a), s.KeepDevice(ctx, "browser", a.ID, then, 20), err} {
			noted(true, err)
		}
		noted(s.BeginAlarm(ctx, a.ID, then, 24*time.Hour))
		noted(s.BeginReset(ctx, a.ID, request, request))
		noted(s.SaveLink(ctx, request, "hash", "a@b.example", then.Add(time.Hour)))

		if _, ok, err := s.ByLink(ctx, "hash", now, now.Add(time.Hour)); noted(ok, err) {
			t.Error("a link of an hour holds for a year")
		}
		if c, err := s.CountAttempt(ctx, "name", now, time.Hour); err != nil || c.Tries != 1 || !c.Since.Equal(now) {
			t.Errorf("%+v, %v", c, err)
		}
		if names, err := s.Besieged(ctx, now, 24*time.Hour); err != nil || len(names) > 0 {
			t.Errorf("besieged: %v, %v", names, err)
		}
		if !noted(s.BeginAlarm(ctx, a.ID, now, 24*time.Hour)) || noted(s.BeginAlarm(ctx, a.ID, now, 24*time.Hour)) {
			t.Error("no alarm, or two")
		}
		if ahead := rinnova.NewID(now.Add(time.Minute)); !noted(s.BeginReset(ctx, a.ID, rinnova.NewID(now), ahead)) || noted(s.BeginReset(ctx, a.ID, rinnova.NewID(now.Add(-time.Second)), ahead)) {
			t.Error("no request is newer, or an older one")
		}
		for _, err := range []error{s.DeleteDevices(ctx, now.Add(-time.Hour), now.Add(24*time.Hour)), s.SetWait(ctx, "pair", then, then, then), s.DeleteAttempts(ctx, now, now.Add(24*time.Hour))} {
			noted(true, err)
		}
		if noted(s.KnownDevice(ctx, "browser")) {
			t.Error("a browser is known for ever")
		}
		if left, err := s.Counts(ctx, account.Subjects{Name: "name", Pair: "pair"}); err != nil || len(left) != 1 {
			t.Errorf("%v, %v", left, err)
		}
	})
}
