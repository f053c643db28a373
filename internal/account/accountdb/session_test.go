package accountdb_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"rinnova/internal/account/accountdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
)

func TestSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)
		// Two processes on one database.
		one := accountdb.Sessions{DB: d, Clock: func() time.Time { return now }, Idle: 2 * time.Hour, Whole: 12 * time.Hour}
		other := one
		found := func(token string) []byte {
			t.Helper()
			b, ok, err := other.FindCtx(t.Context(), token)
			if err != nil || ok != (b != nil) {
				t.Fatalf("%q, %v, %v", b, ok, err)
			}
			return b
		}
		data := []byte("\x00\xff data of any kind")
		for token, ends := range map[string]time.Duration{"short": time.Minute, "long": 12 * time.Hour, "gone": time.Hour} {
			if err := one.CommitCtx(t.Context(), token, data, now.Add(ends)); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(found("short"), data) || !bytes.Equal(found("long"), data) || found("unknown") != nil {
			t.Error("sessions are not what was stored")
		}
		if ok, err := one.ChangeCtx(t.Context(), "long", []byte("later")); err != nil || !ok {
			t.Fatal(ok, err)
		}
		if err := one.DeleteCtx(t.Context(), "gone"); err != nil {
			t.Fatal(err)
		}
		if ok, err := other.ChangeCtx(t.Context(), "gone", data); err != nil || ok {
			t.Errorf("a session that has ended is changed: %v, %v", ok, err)
		}
		now = now.Add(time.Minute) // the very instant at which the short one ends
		if found("short") != nil || found("gone") != nil || string(found("long")) != "later" {
			t.Error("an ended session is alive, or a living one has ended")
		}
		if err := one.DeleteExpired(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := d.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM session`).Scan(&left); err != nil || left != 1 {
			t.Errorf("%d sessions left, %v", left, err)
		}
		if b, ok, err := one.Find("long"); err != nil || !ok || string(b) != "later" {
			t.Errorf("%q, %v, %v", b, ok, err)
		}
		if err := one.Commit("long", []byte("x"), now.Add(time.Hour)); err == nil {
			t.Error("a session begins twice")
		}
		if err := one.Delete("long"); err != nil || found("long") != nil {
			t.Error("a deleted session is alive", err)
		}
	})
}

// A session that nobody uses ends, after the time that is set and not before; that it is used is written down now and then, not with
// each request.
func TestIdleSessionsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)
		s := accountdb.Sessions{DB: d, Clock: func() time.Time { return now }, Idle: 2 * time.Hour, Whole: 12 * time.Hour}
		alive := func() bool {
			t.Helper()
			_, ok, err := s.FindCtx(t.Context(), "x")
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if err := s.CommitCtx(t.Context(), "x", []byte("data"), now.Add(12*time.Hour)); err != nil {
			t.Fatal(err)
		}
		writes := 0
		d.Watch = func(query string) {
			if strings.Contains(query, "SeeSession") {
				writes++
			}
		}
		for range 400 { // four hours of work
			now = now.Add(36 * time.Second)
			if !alive() {
				t.Fatal("a session in use has ended")
			}
		}
		if writes < 20 || writes > 48 {
			t.Errorf("400 requests in four hours wrote %d times", writes)
		}
		now = now.Add(2 * time.Hour)
		if !alive() {
			t.Error("the session ended before its time")
		}
		now = now.Add(2*time.Hour + 5*time.Minute)
		if alive() {
			t.Error("a session is alive that nobody has used for two hours")
		}
		if _, err := d.Writer(t.Context()).ExecContext(t.Context(), `UPDATE session SET seen_at = NULL`); err != nil { // of an older version
			t.Fatal(err)
		}
		if !alive() || writes < 2 {
			t.Error("a session of an older version has ended")
		}
	})
}
