package account_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
)

const password = "prova-rinnovo-2027"

var now = time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)

func clock() time.Time { return now }

// newService is a service with one account, OPERATORE.UNO.
func newService(t *testing.T, d *db.DB) *account.Service {
	t.Helper()
	hasher := account.NewHasher()
	s := &account.Service{Store: accountdb.Store{DB: d}, Events: eventdb.Store{DB: d}, Clock: clock, Hasher: hasher}
	hash, err := hasher.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	a := account.Account{ID: "operatore", Username: "operatore.uno", Name: "Operatore Uno", Role: rinnova.RoleClerk, PasswordHash: hash, ChangedAt: now, CreatedAt: now}
	if err := s.Store.Add(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		want := rinnova.Actor{AccountID: "operatore", Username: "OPERATORE.UNO", Name: "Operatore Uno", Role: rinnova.RoleClerk}
		for _, name := range []string{"OPERATORE.UNO", "operatore.uno", "  Operatore.Uno\t"} {
			if a, err := s.Login(t.Context(), name, password, at("192.0.2.1")); err != nil || a.Account.Actor() != want {
				t.Errorf("%q: %+v, %v", name, a, err)
			}
		}
		refusals := map[string]bool{}
		for what, c := range map[string]struct{ name, password string }{
			"wrong password": {"OPERATORE.UNO", password + "x"}, "unknown": {"OPERATORE.TRE", password}, "long": {strings.Repeat("A", 100_000), password},
			"not text": {"Operatore.Tre\x00\xff", password}, "endless password": {"OPERATORE.UNO", strings.Repeat(password, 1000)},
		} {
			a, err := s.Login(t.Context(), c.name, c.password, at("192.0.2.1"))
			if rinnova.KindOf(err) != rinnova.Unauthenticated || a != (account.Entry{}) {
				t.Errorf("%s: %+v, %v", what, a, err)
				continue
			}
			refusals[err.Error()] = true
		}
		if len(refusals) != 1 {
			t.Errorf("refusals tell who exists: %v", refusals)
		}
		for _, c := range [][2]string{{"", password}, {"OPERATORE.UNO", ""}, {" ", " "}} {
			if _, err := s.Login(t.Context(), c[0], c[1], at("192.0.2.1")); rinnova.KindOf(err) != rinnova.Invalid {
				t.Errorf("%q: %v", c, err)
			}
		}
		happened, err := eventdb.Store{DB: d}.About(t.Context(), "operatore", 10)
		kinds := map[event.Kind]int{}
		for _, e := range happened {
			kinds[e.Kind]++
		}
		if err != nil || len(happened) != 5 || kinds[event.LoggedIn] != 3 || kinds[event.LoginFailed] != 2 { // failures of strangers are about nobody
			t.Errorf("%v, %v", kinds, err)
		}
	})
}

// A name that does not exist costs the same work as a wrong password: the memory that a hash fills tells.
func TestUnknownNamesCostTheSame(t *testing.T) {
	s := newService(t, dbtest.SQLite(t))
	cost := func(name string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := s.Login(t.Context(), name, "sbagliata", at("192.0.2.1")); rinnova.KindOf(err) != rinnova.Unauthenticated {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	cost("OPERATORE.UNO")
	const hash = 19 << 20
	known, unknown := cost("OPERATORE.UNO"), cost("OPERATORE.TRE")
	if known < hash || unknown < hash || known > hash+hash/10 || unknown > hash+hash/10 {
		t.Errorf("%d bytes for a known name, %d for an unknown one: each should be one hash of %d", known, unknown, hash)
	}
}

func TestTheActorOfASession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newService(t, d)
		if a, err := s.Actor(t.Context(), "operatore"); err != nil || a.Username != "OPERATORE.UNO" {
			t.Errorf("%+v, %v", a, err)
		}
		if a, err := s.Actor(t.Context(), "nessuno"); rinnova.KindOf(err) != rinnova.Unauthenticated || a != (rinnova.Actor{}) {
			t.Errorf("%+v, %v", a, err)
		}
		if err := s.Store.Add(t.Context(), account.Account{ID: "altro", Username: "Operatore.UNO"}); err == nil {
			t.Error("two accounts with one name")
		}
	})
}

// Of what strangers type as a user name the record keeps only what is one: passwords are typed there too, whole or behind the name.
// Where a login came from and with which browser is kept, bounded and printable.
func TestTheRecordKeepsNoPasswords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		v := account.Visitor{Address: "192.0.2.7", Network: "192.0.2.7", Agent: "Browser/1\x00\n\xff" + strings.Repeat("x", 500)}
		for _, typed := range []string{"Cavolo.Trottola7", "rosa-spina-mare", "P@ssw0rd segreta", "SUPERVISOR.SG00001segreta", "supervisor.sg00001 segreta", "segreta"} {
			if _, err := o.Login(t.Context(), typed, "sbagliata", v); rinnova.KindOf(err) != rinnova.Unauthenticated {
				t.Fatal(err)
			}
			_, _ = o.AskReset(t.Context(), typed, v)
		}
		for _, name := range []string{"supervisor.zz00099", "operatore.uno"} {
			if _, err := o.Login(t.Context(), name, "sbagliata", v); rinnova.KindOf(err) != rinnova.Unauthenticated {
				t.Fatal(err)
			}
		}
		_, err := o.Login(t.Context(), "supervisor.sg00001", password, v)
		check(t, err)
		for _, query := range []string{`SELECT actor_name || data FROM event`, `SELECT kind || CAST(args AS TEXT) FROM job`} {
			rows, err := d.Reader(t.Context()).QueryContext(t.Context(), query)
			check(t, err)
			for rows.Next() {
				var s string
				check(t, rows.Scan(&s))
				for _, secret := range []string{"CAVOLO", "ROSA", "P@SS", "SEGRETA"} {
					if strings.Contains(strings.ToUpper(s), secret) {
						t.Errorf("%s keeps what was typed: %s", query, s)
					}
				}
			}
			check(t, rows.Close())
		}
		page, err := eventdb.Store{DB: d}.Page(t.Context(), event.Filter{Limit: 100})
		check(t, err)
		names := map[string]int{}
		for _, l := range page.Links {
			names[l.Actor.Username]++
			if l.Data["indirizzo"] != "192.0.2.7" || l.Data["browser"] != "Browser/1"+strings.Repeat("x", 191) {
				t.Errorf("%s keeps %v", l.Kind, l.Data)
			}
		}
		if names["SUPERVISOR.ZZ00099"] != 1 || names["OPERATORE.UNO"] != 1 || names["SUPERVISOR.SG00001"] != 1 || len(names) != 4 {
			t.Errorf("names on the record: %v", names)
		}
	})
}
