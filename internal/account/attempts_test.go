package account_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
)

// guess tries a wrong password; it gives how long to wait where the try was not taken.
func (o *office) guess(t *testing.T, s *account.Service, username, client string) time.Duration {
	t.Helper()
	return o.guessAs(t, s, username, at(client))
}

func (o *office) guessAs(t *testing.T, s *account.Service, username string, v account.Visitor) time.Duration {
	t.Helper()
	_, err := s.Login(t.Context(), username, "sbagliata", v)
	if rinnova.KindOf(err) == rinnova.Unauthenticated {
		return 0
	}
	return waitOf(t, err)
}

// Five tries are free; then the wait doubles, on all processes and after a restart, and a wait that is kept is enough. A
// name that does not exist meets the same.
func TestGuessingMeetsWaiting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for _, username := range []string{"SUPERVISOR.SG00001", "SUPERVISOR.ZZ00001"} {
			for n := range 6 {
				if w := o.guess(t, o.Service, username, here); w != 0 {
					t.Fatalf("%s: try %d waits %s", username, n+1, w)
				}
			}
			for _, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900} {
				s := o.process()
				if w := o.guess(t, s, username, here); w != want*time.Second {
					t.Fatalf("%s: wait %s, want %d s", username, w, want)
				}
				o.pass(want*time.Second - time.Millisecond)
				if w := o.guess(t, s, username, here); w != time.Millisecond {
					t.Fatalf("%s: a millisecond too early waits %s", username, w)
				}
				o.pass(time.Millisecond)
				if w := o.guess(t, s, username, here); w != 0 {
					t.Fatalf("%s: after its time it waits %s", username, w)
				}
			}
			o.pass(24 * time.Hour)
			if w := o.guess(t, o.Service, username, here); w != 0 {
				t.Errorf("%s: a day later it waits %s", username, w)
			}
			if w := o.guess(t, o.Service, username, here); w != 0 {
				t.Errorf("%s: a day later the count goes on: %s", username, w)
			}
		}
	})
}

// The right password does not help who has to wait, and clears the count of who has not.
func TestComingInClearsTheCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for range 6 {
			o.guess(t, o.Service, "OPERATORE.UNO", here)
		}
		if _, err := o.Login(t.Context(), "OPERATORE.UNO", password, at(here)); waitOf(t, err) != time.Second {
			t.Error(err)
		}
		o.pass(time.Second)
		_, err := o.Login(t.Context(), "OPERATORE.UNO", password, at(here))
		check(t, err)
		for n := range 6 {
			if w := o.guess(t, o.Service, "OPERATORE.UNO", here); w != 0 {
				t.Errorf("try %d after coming in waits %s", n+1, w)
			}
		}
	})
}

// Whoever tries many names from one address waits, and with it everybody there but those who are at home.
func TestAnAddressHasItsBudget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		_, err := o.Login(t.Context(), "SUPERVISOR.SG00001", password, at(here))
		check(t, err)
		taken := 0
		for n := range 400 {
			if o.guess(t, o.Service, fmt.Sprintf("SUPERVISOR.AA%05d", n), here) == 0 {
				taken++
			}
		}
		if taken != 101 {
			t.Errorf("%d tries at one instant, want 101", taken)
		}
		if w := o.guess(t, o.Service, "OPERATORE.UNO", here); w != time.Second {
			t.Errorf("a stranger at the address waits %s", w)
		}
		if _, err := o.Login(t.Context(), "SUPERVISOR.SG00001", password, at(here)); err != nil {
			t.Error("who has always come from here:", err)
		}
		if w := o.guess(t, o.Service, "OPERATORE.UNO", there); w != 0 {
			t.Error("elsewhere they wait", w)
		}
		for n := range 60 { // never more than a minute
			o.pass(time.Minute)
			if w := o.guess(t, o.Service, fmt.Sprintf("SUPERVISOR.BB%05d", n), here); w != 0 {
				t.Fatalf("after a minute it waits %s", w)
			}
		}
	})
}

// Many tries at once are as many tries.
func TestTriesAtOnceAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		before := o.Hasher.Made()
		var taken atomic.Int64
		var all sync.WaitGroup
		for range 64 {
			all.Go(func() {
				if _, err := o.Login(t.Context(), "SUPERVISOR.SG00001", "sbagliata", at(here)); rinnova.KindOf(err) == rinnova.Unauthenticated {
					taken.Add(1)
				} else {
					waitOf(t, err)
				}
			})
		}
		all.Wait()
		if taken.Load() != 6 || o.Hasher.Made()-before != 6 {
			t.Errorf("%d tries were taken, %d hashes made: want 6", taken.Load(), o.Hasher.Made()-before)
		}
	})
}

func TestRequestsAreLimited(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for _, username := range []string{"SUPERVISOR.SG00001", "SUPERVISOR.ZZ00001"} {
			for n := range 3 {
				if _, err := o.AskReset(t.Context(), username, at(fmt.Sprint("a", n))); err != nil {
					t.Fatal(err)
				}
				o.pass(time.Minute)
			}
			if _, err := o.AskReset(t.Context(), username, at(there)); waitOf(t, err) != 57*time.Minute {
				t.Errorf("%s: %v", username, err)
			}
			o.pass(57 * time.Minute)
			if _, err := o.AskReset(t.Context(), username, at(there)); err != nil {
				t.Errorf("%s, an hour later: %v", username, err)
			}
		}
		o.pass(time.Hour)
		for n := range 20 {
			if _, err := o.AskReset(t.Context(), fmt.Sprintf("SUPERVISOR.AA%05d", n), at(here)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := o.AskReset(t.Context(), "OPERATORE.UNO", at(here)); waitOf(t, err) != time.Hour {
			t.Error(err)
		}
	})
}

// What is over is cleared away; where a user has come in from is remembered for three months.
func TestOldCountsAreSwept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		rows := func() (n int) {
			t.Helper()
			check(t, o.Sweep(t.Context()))
			check(t, d.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM attempt`).Scan(&n))
			return n
		}
		o.guess(t, o.Service, "OPERATORE.DUE", there)
		_, err := o.Login(t.Context(), "OPERATORE.UNO", password, at(here))
		check(t, err)
		for _, x := range []struct {
			pass time.Duration
			left int
		}{{0, 4}, {time.Hour, 3}, {23 * time.Hour, 1}, {88 * 24 * time.Hour, 1}, {24 * time.Hour, 0}} {
			o.pass(x.pass)
			if n := rows(); n != x.left {
				t.Errorf("%s later %d counts are left, want %d", x.pass, n, x.left)
			}
		}
	})
}
