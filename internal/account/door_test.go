package account_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
)

const school = "SUPERVISOR.SG00001"

// enter comes in with the right password, and gives what the browser keeps.
func (o *office) enter(t *testing.T, v account.Visitor) account.Visitor {
	t.Helper()
	in, err := o.Login(t.Context(), school, password, v)
	if err != nil {
		t.Fatalf("the right password from %s: %v", v.Network, err)
	}
	v.Device = in.Device
	return v
}

// Many come at one moment from one address with the right password: all of them get in, and it does not count as guessing.
func TestRightPasswordsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for _, names := range [][]string{{school}, {school, "OPERATORE.UNO", "OPERATORE.DUE"}} {
			var all sync.WaitGroup
			var in atomic.Int64
			for i := range 64 {
				all.Go(func() {
					if _, err := o.Login(t.Context(), names[i%len(names)], password, at(here)); err == nil {
						in.Add(1)
					} else {
						t.Errorf("%d: %v", i, err)
					}
				})
			}
			all.Wait()
			if in.Load() != 64 {
				t.Errorf("%d of 64 came in", in.Load())
			}
		}
		for n := range 6 {
			if w := o.guess(t, o.Service, school, here); w != 0 {
				t.Errorf("try %d after that waits %s", n+1, w)
			}
		}
	})
}

// A province’s schools share an address: their typing errors, corrected by the right password, use up nothing of it.
func TestTypingErrorsAreTakenBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for n := range 60 {
			for range 3 {
				if w := o.guess(t, o.Service, "OPERATORE.UNO", here); w != 0 {
					t.Fatalf("round %d waits %s", n, w)
				}
			}
			if _, err := o.Login(t.Context(), "OPERATORE.UNO", password, at(here)); err != nil {
				t.Fatal(err)
			}
		}
		if w := o.guess(t, o.Service, school, here); w != 0 {
			t.Error("somebody else at the address waits", w)
		}
		check(t, o.Queue.Drain(t.Context()))
		if len(o.alarms) != 0 {
			t.Errorf("%d alarms for typing errors", len(o.alarms))
		}
	})
}

// A pupil behind the school’s address guesses until the wait is longest: the secretary’s browser goes on, and hers alone. Who
// steals what it keeps meets a wait of its own, and takes nothing from her.
func TestAPupilKeepsNobodyOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		secretary := o.enter(t, at(here))
		for range 14 {
			o.pass(o.guess(t, o.Service, school, here))
			o.guess(t, o.Service, school, here)
		}
		if w := o.guess(t, o.Service, school, here); w < 4*time.Minute {
			t.Fatalf("the pupil waits %s only", w)
		}
		for range 3 {
			o.enter(t, secretary)
		}
		forged := secretary
		forged.Device = strings.Repeat("A", 22) + "." + strings.Repeat("A", 22)
		if w := o.guessAs(t, o.Service, school, forged); w == 0 {
			t.Error("a number of one’s own making is known")
		}
		if w := o.guessAs(t, o.Service, "OPERATORE.UNO", secretary); w != 0 {
			t.Error("another user’s first try waits", w)
		}
		thief := secretary
		thief.Network = there
		for n := range 12 { // six as the browser, six as a stranger elsewhere
			if w := o.guessAs(t, o.Service, school, thief); w != 0 {
				t.Fatalf("try %d of the thief waits %s", n+1, w)
			}
		}
		if w := o.guessAs(t, o.Service, school, thief); w != time.Second {
			t.Errorf("the thief waits %s", w)
		}
		o.pass(15 * time.Minute)
		o.enter(t, secretary)
	})
}

// One name is guessed at from 400 networks: strangers wait for each other, who is known does not; the person and the office are
// told once, and a new password by mail opens the door from anywhere.
func TestABesiegedName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		known := o.enter(t, at(here))
		known.Network = "198.51.100.99" // from elsewhere
		begun, waited := o.clock(), time.Duration(0)
		for n := range 400 {
			network := fmt.Sprintf("2001:db8:%x::", n)
			w := o.guess(t, o.Service, school, network)
			if w > 0 {
				waited = max(waited, w)
				o.pass(w)
				w = o.guess(t, o.Service, school, network)
			}
			if w != 0 {
				t.Fatalf("network %d waits twice: %s", n, w)
			}
		}
		if took := o.clock().Sub(begun); took < 40*time.Minute || waited > time.Minute {
			t.Errorf("400 guesses took %s, the longest wait %s", took, waited)
		}
		o.guess(t, o.Service, school, "2001:db8:1::")
		if w := o.guess(t, o.Service, school, "2001:db8:2::"); w < time.Minute {
			t.Errorf("a network that has failed waits %s", w)
		}
		o.enter(t, known)
		o.enter(t, at(here)) // a usual address, with another browser
		check(t, o.Queue.Drain(t.Context()))
		check(t, o.Queue.Drain(t.Context()))
		if len(o.alarms) != 1 || o.alarms[0].To.Email != o.emails["scuola"] || o.alarms[0].Tries != 31 {
			t.Errorf("alarms %+v", o.alarms)
		}
		names, err := o.Service.Besieged(t.Context())
		if err != nil || len(names) != 1 || names[0] != school {
			t.Errorf("the office sees %v, %v", names, err)
		}
		o.happened(t, event.NameBesieged, 1)
		_, err = o.Login(t.Context(), school, password, at("203.0.113.77"))
		if w := waitOf(t, err); w <= 0 || w > 15*time.Second {
			t.Errorf("a stranger with the right password waits %s", w)
		}
		l := o.link(t, school)
		in, problems, err := o.NewPassword(t.Context(), l.Secret, fresh(1), fresh(1), at("203.0.113.77"))
		if err != nil || problems != nil {
			t.Fatal(problems, err)
		}
		v := at("203.0.113.78")
		v.Device = in.Device
		if _, err := o.Login(t.Context(), school, fresh(1), v); err != nil {
			t.Error("after a new password:", err)
		}
		var browsers int
		check(t, d.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM device`).Scan(&browsers))
		if browsers != 1 {
			t.Errorf("%d browsers are known after a new password", browsers)
		}
	})
}

// A name that nobody has is besieged in the same way; there is nobody to tell.
func TestANameOfNobodyIsBesiegedAlike(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for _, name := range []string{school, "SUPERVISOR.ZZ00001"} {
			for n := range 40 {
				w := o.guess(t, o.Service, name, fmt.Sprintf("203.0.113.%d", n))
				if (w > 0) != (n > 30) {
					t.Fatalf("%s: network %d waits %s", name, n, w)
				}
				o.pass(w)
				if w > 0 && o.guess(t, o.Service, name, fmt.Sprintf("203.0.113.%d", n)) != 0 {
					t.Fatal("waits twice")
				}
			}
		}
		check(t, o.Queue.Drain(t.Context()))
		if len(o.alarms) != 1 {
			t.Errorf("%d alarms", len(o.alarms))
		}
	})
}

// Of an account’s browsers the newest twenty are known, and those that come within half a year.
func TestKnownBrowsersAreFew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		first := o.enter(t, at(here))
		var last account.Visitor
		for range 20 {
			o.pass(time.Second)
			last = o.enter(t, at(here))
		}
		for range 20 {
			if w := o.guess(t, o.Service, school, here); w != 0 {
				o.pass(w)
			}
		}
		if w := o.guessAs(t, o.Service, school, first); w == 0 {
			t.Error("the oldest of 21 is known")
		}
		o.enter(t, last)
		o.pass(181 * 24 * time.Hour)
		check(t, o.Sweep(t.Context()))
		var n int
		check(t, d.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM device`).Scan(&n))
		if n != 0 {
			t.Errorf("%d browsers are known after half a year", n)
		}
	})
}

// happened holds how many events of a kind there are.
func (o *office) happened(t *testing.T, kind event.Kind, want int) {
	t.Helper()
	var n int
	check(t, o.db.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM event WHERE kind = $1`, string(kind)).Scan(&n))
	if n != want {
		t.Errorf("%d events %s, want %d", n, kind, want)
	}
}

// The reasons of waits are told apart.
func TestWaitsSayWhy(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	for range 6 {
		o.guess(t, o.Service, school, here)
	}
	_, err := o.Login(t.Context(), school, password, at(here))
	w, ok := err.(*account.Wait)
	if !ok || w.Why != account.WaitHere || w.Tries != 6 || rinnova.KindOf(err) != rinnova.TooMany {
		t.Errorf("%+v", err)
	}
	for n := range 95 {
		o.guess(t, o.Service, fmt.Sprintf("SUPERVISOR.AA%05d", n), here)
	}
	if _, err = o.Login(t.Context(), "OPERATORE.UNO", password, at(here)); err.(*account.Wait).Why != account.WaitAddress {
		t.Errorf("%+v", err)
	}
}
