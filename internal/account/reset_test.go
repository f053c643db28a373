package account_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountdb"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/job"
)

const here, there = "192.0.2.1", "198.51.100.1"

// office is an installation whose clock a test moves, with a school and a clerk.
type office struct {
	*account.Service
	db *db.DB

	mu     sync.Mutex
	now    time.Time
	emails map[string]string // of schools, by id
	asked  []account.Reset
	told   []account.Change
	alarms []account.Siege
}

// at is somebody at an address, with a browser that was never here.
func at(network string) account.Visitor { return account.Visitor{Address: network, Network: network} }

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	full := account.Params
	account.Params = argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	t.Cleanup(func() { account.Params = full })
	o := &office{db: d, now: now, emails: map[string]string{"scuola": "rgic82700l@istruzione.example"}}
	o.Service = o.process()
	hash, err := o.Hasher.Hash(t.Context(), password)
	check(t, err)
	_, err = d.Writer(t.Context()).ExecContext(t.Context(), `INSERT INTO school (id, portal_code, customer_number, ministry_code, name, type, address, postcode, town, province, province_code, region, tax_code,
		vat_number, office_code, email, pec, website, pupils, pupils_year, display_name, short_name, search, created_at, updated_at)
		VALUES ('scuola', 'SG00001', '000001', 'RGIC82700L', 'IC VERGA', '', '', '', '', '', '', '', '', '', '', '', '', '', 0, '', '', '', '', $1, $1)`, now)
	check(t, err)
	for _, a := range []account.Account{
		{ID: "scuola", Username: "SUPERVISOR.SG00001", Role: rinnova.RoleSchool, SchoolID: "scuola"},
		{ID: "operatore", Username: "OPERATORE.UNO", Role: rinnova.RoleClerk, Email: "uno@fornitore.example"},
		{ID: "nessuno", Username: "OPERATORE.DUE", Role: rinnova.RoleClerk},
	} {
		a.PasswordHash, a.ChangedAt, a.CreatedAt = hash, now, now
		check(t, o.Store.Add(t.Context(), a))
	}
	return o
}

// process is another process on the same database.
func (o *office) process() *account.Service {
	q := job.New(o.db, o.clock, slog.New(slog.DiscardHandler))
	s := &account.Service{Store: accountdb.Store{DB: o.db}, Events: eventdb.Store{DB: o.db}, Clock: o.clock, Hasher: account.NewHasher(), Queue: q, Schools: o, Post: o}
	q.Handle(account.ResetJob, s.Work())
	q.Handle(account.AlarmJob, s.WorkAlarm())
	return s
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// Recipient is the school's address.
func (o *office) Recipient(_ context.Context, id string) (account.Recipient, error) {
	return account.Recipient{Email: o.emails[id], School: o.emails[id]}, nil
}

// EmailNear is a school's address.
func (o *office) EmailNear(context.Context, string) (string, error) {
	return "mips00000x@istruzione.example", nil
}

// Public is what everybody knows of the school.
func (o *office) Public(context.Context, string) ([]string, error) {
	return []string{"IC VERGA", "Ragusa", "RGIC82700L"}, nil
}

// ResetAsked keeps the request.
func (o *office) ResetAsked(_ context.Context, r account.Reset) error {
	o.asked = append(o.asked, r)
	return nil
}

// Besieged keeps the alarm.
func (o *office) Besieged(_ context.Context, b account.Siege) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.alarms = append(o.alarms, b)
	return nil
}

// PasswordChanged keeps the change.
func (o *office) PasswordChanged(_ context.Context, c account.Change) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.told = append(o.told, c)
	return nil
}

// ask asks for a new password and looks for whom it is.
func (o *office) ask(t *testing.T, username string) {
	t.Helper()
	_, err := o.AskReset(t.Context(), username, at(here))
	check(t, err)
	check(t, o.Queue.Drain(t.Context()))
	o.pass(time.Second)
}

// link asks for a new password and makes the link as the mail leaves.
func (o *office) link(t *testing.T, username string) account.Link {
	t.Helper()
	o.ask(t, username)
	r := o.asked[len(o.asked)-1]
	l, err := o.IssueLink(t.Context(), r.ID, r.To.Email, r.At)
	check(t, err)
	return l
}

// record holds that an account's events are these; those of one instant come in any order.
func (o *office) record(t *testing.T, accountID string, want ...event.Kind) {
	t.Helper()
	events, err := eventdb.Store{DB: o.db}.About(t.Context(), accountID, 100)
	check(t, err)
	var got []event.Kind
	for _, e := range events {
		got = append(got, e.Kind)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the record of %s has %v, want %v", accountID, got, want)
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func isOver(err error) bool { return rinnova.KindOf(err) == rinnova.Conflict }

// fresh is a password that nobody has; each n gives another.
func fresh(n int) string { return fmt.Sprintf("cavolo trottola %d nebbia bullone", n) }

func TestANewPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		before, err := o.Login(t.Context(), "SUPERVISOR.SG00001", password, at(here))
		check(t, err)
		l := o.link(t, " supervisor.sg00001 ")
		if l.To.Email != "rgic82700l@istruzione.example" || l.Until != o.clock().Add(time.Hour) || len(l.Secret) != 43 {
			t.Errorf("link %+v", l)
		}
		for range 3 { // looking spends nothing
			a, err := o.OfLink(t.Context(), l.Secret)
			if err != nil || a.ID != "scuola" {
				t.Fatal(a, err)
			}
		}
		if _, p, err := o.NewPassword(t.Context(), l.Secret, "corta", "corta", at(here)); err != nil || len(p) != 1 {
			t.Fatal(p, err)
		}
		if _, err := o.Session(t.Context(), before.Account.ID, before.Account.Mark()); err != nil {
			t.Error("the session ended too early:", err)
		}
		if _, p, err := o.NewPassword(t.Context(), l.Secret, fresh(1), fresh(1), at(here)); err != nil || p != nil {
			t.Fatal(p, err)
		}
		if _, err := o.Session(t.Context(), before.Account.ID, before.Account.Mark()); rinnova.KindOf(err) != rinnova.Unauthenticated {
			t.Error("an old session is alive:", err)
		}
		if _, err := o.Login(t.Context(), "SUPERVISOR.SG00001", password, at(here)); rinnova.KindOf(err) != rinnova.Unauthenticated {
			t.Error("the old password still works:", err)
		}
		o.pass(time.Second)
		after, err := o.Login(t.Context(), "SUPERVISOR.SG00001", fresh(1), at(here))
		check(t, err)
		if _, err := o.Session(t.Context(), after.Account.ID, after.Account.Mark()); err != nil {
			t.Error(err)
		}
		if len(o.told) != 1 || o.told[0].Account.ID != "scuola" {
			t.Errorf("told %+v", o.told)
		}
		if _, _, err := o.NewPassword(t.Context(), l.Secret, fresh(2), fresh(2), at(here)); !isOver(err) {
			t.Error("the link works twice:", err)
		}
		o.record(t, "scuola", event.LoggedIn, event.ResetAsked, event.LoginFailed, event.PasswordChanged, event.LoggedIn)
	})
}

func TestALinkHoldsForAnHour(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		l := o.link(t, "OPERATORE.UNO")
		o.pass(time.Hour - time.Second) // 59:59
		if _, err := o.OfLink(t.Context(), l.Secret); err != nil {
			t.Error(err)
		}
		if _, p, err := o.NewPassword(t.Context(), l.Secret, fresh(1), fresh(1), at(here)); err != nil || p != nil {
			t.Error(p, err)
		}
		o.pass(time.Second)
		l = o.link(t, "OPERATORE.UNO")
		o.pass(time.Hour) // 60:00
		if _, err := o.OfLink(t.Context(), l.Secret); !isOver(err) {
			t.Error("the page of an old link:", err)
		}
		if _, _, err := o.NewPassword(t.Context(), l.Secret, fresh(2), fresh(2), at(here)); !isOver(err) {
			t.Error("an old link:", err)
		}
	})
}

// A link is overtaken by a newer one, by a new password, by another address; and so is a request whose mail has not left.
func TestWhatEndsALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		first := o.link(t, "SUPERVISOR.SG00001")
		o.ask(t, "SUPERVISOR.SG00001")
		if _, err := o.OfLink(t.Context(), first.Secret); err != nil {
			t.Error("a mail that has not left voids the link:", err)
		}
		if _, err := o.IssueLink(t.Context(), first.ID, first.To.Email, first.At); !isOver(err) {
			t.Error("the older request gets a link after the newer:", err)
		}
		second := o.asked[1]
		again := func() account.Link { // each attempt to send makes another
			l, err := o.IssueLink(t.Context(), second.ID, second.To.Email, second.At)
			check(t, err)
			return l
		}
		old, last := again(), again()
		for name, secret := range map[string]string{"first": first.Secret, "attempt before": old.Secret, "none": "", "invented": strings.Repeat("A", 43)} {
			if _, err := o.OfLink(t.Context(), secret); !isOver(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		o.emails["scuola"] = "nuovo@istruzione.example"
		if _, _, err := o.NewPassword(t.Context(), last.Secret, fresh(1), fresh(1), at(here)); !isOver(err) {
			t.Error("a link to an old address:", err)
		}
		if _, err := o.IssueLink(t.Context(), second.ID, second.To.Email, second.At); !isOver(err) {
			t.Error("a mail to an old address:", err)
		}
		o.emails["scuola"] = second.To.Email
		_, _, err := o.NewPassword(t.Context(), last.Secret, fresh(1), fresh(1), at(here))
		check(t, err)
		if _, err := o.IssueLink(t.Context(), second.ID, second.To.Email, second.At); !isOver(err) {
			t.Error("a request from before the new password:", err)
		}
	})
}

// Another institutional address ends the link of the school's user and the request of which no mail has left, for good: also
// when the old address comes back. Other schools' links hold.
func TestAnotherAddressEndsWhatWasMailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		l := o.link(t, "SUPERVISOR.SG00001")
		check(t, o.AddressChanged(t.Context(), "altrove"))
		if _, err := o.OfLink(t.Context(), l.Secret); err != nil {
			t.Error("another school's address ends the link:", err)
		}
		o.ask(t, "SUPERVISOR.SG00001")
		waiting := o.asked[len(o.asked)-1]
		o.pass(time.Second)
		check(t, o.AddressChanged(t.Context(), "scuola"))
		if _, err := o.OfLink(t.Context(), l.Secret); !isOver(err) {
			t.Error("the link holds:", err)
		}
		if _, err := o.IssueLink(t.Context(), waiting.ID, waiting.To.Email, waiting.At); !isOver(err) {
			t.Error("a request from before gets a link:", err)
		}
		o.pass(time.Second)
		o.link(t, "SUPERVISOR.SG00001") // asking anew works
	})
}

func TestRequestsThatAreGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.ask(t, "NESSUNO.AFFATTO")
		o.ask(t, "OPERATORE.DUE") // has no address
		if len(o.asked) != 0 {
			t.Errorf("mails %+v", o.asked)
		}
		o.record(t, "nessuno", event.ResetAsked, event.ResetNotSent)
		_, err := o.AskReset(t.Context(), "OPERATORE.UNO", at(here)) // nobody works on the jobs for an hour
		check(t, err)
		o.pass(account.Patience + time.Second)
		check(t, o.Queue.Drain(t.Context()))
		if len(o.asked) != 0 {
			t.Errorf("a mail that nobody expects any more: %+v", o.asked)
		}
		o.ask(t, "OPERATORE.UNO") // the mail server is away for an hour
		o.pass(account.Patience)
		if _, err := o.IssueLink(t.Context(), o.asked[0].ID, o.asked[0].To.Email, o.asked[0].At); !isOver(err) {
			t.Error(err)
		}
	})
}

// A job that runs twice writes one mail.
func TestARequestIsLookedUpOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		_, err := o.AskReset(t.Context(), "OPERATORE.UNO", at(here))
		check(t, err)
		_, err = d.Writer(t.Context()).ExecContext(t.Context(), `INSERT INTO job SELECT 'again', kind, args, NULL, state, run_at, leased_to, attempt, last_error, created_at FROM job`)
		check(t, err)
		check(t, o.Queue.Drain(t.Context()))
		if len(o.asked) != 1 {
			t.Errorf("%d mails", len(o.asked))
		}
	})
}

// 64 uses at once of each of 200 links: one wins, and its password is the one that holds.
func TestALinkIsSpentOnce(t *testing.T) {
	links, uses := 200, 64
	if testing.Short() {
		links = 20
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for i := range links {
			o.pass(time.Hour) // within what may be asked for
			l := o.link(t, "SUPERVISOR.SG00001")
			var winners atomic.Int64
			var winner atomic.Pointer[string]
			var all sync.WaitGroup
			start, hashes := make(chan struct{}), o.Hasher.Made()
			for n := range uses {
				all.Go(func() {
					<-start
					p := fresh(i*uses + n)
					_, problems, err := o.NewPassword(t.Context(), l.Secret, p, p, at(here))
					switch {
					case err == nil && problems == nil:
						winners.Add(1)
						winner.Store(&p)
					case !isOver(err):
						t.Errorf("link %d: %v, %v", i, problems, err)
					}
				})
			}
			close(start)
			all.Wait()
			if made := o.Hasher.Made() - hashes; made != 1 {
				t.Fatalf("link %d: %d passwords hashed: who comes too late makes nobody wait", i, made)
			}
			if winners.Load() != 1 || len(o.told) != i+1 {
				t.Fatalf("link %d: %d winners, %d mails", i, winners.Load(), len(o.told))
			}
			if _, err := o.Login(t.Context(), "SUPERVISOR.SG00001", *winner.Load(), at(here)); err != nil {
				t.Fatalf("link %d: the winner cannot log in: %v", i, err)
			}
		}
		t.Logf("%d links, %d uses each: one winner each", links, uses)
	})
}

func TestMaskedAddresses(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t))
	other := o.process()
	show := func(s *account.Service, username, client string) string {
		t.Helper()
		m, err := s.AskReset(t.Context(), username, at(client))
		check(t, err)
		ticket, err := s.Ticket(t.Context(), m)
		check(t, err)
		if back, ok, err := other.OfTicket(t.Context(), ticket); err != nil || !ok || back != m {
			t.Errorf("ticket of %v: %v, %v, %v", m, back, ok, err)
		}
		return m.String()
	}
	for username, want := range map[string]string{
		"SUPERVISOR.SG00001": "r••••••••l@istruzione.example", "SUPERVISOR.ZZ00001": "m••••••••x@istruzione.example", "OPERATORE.UNO": "", "OPERATORE.DUE": "", "NESSUNO": "", "X": "",
	} {
		if got := show(o.Service, username, here); got != want {
			t.Errorf("%s: %s, want %s", username, got, want)
		}
	}
	for _, username := range []string{"SUPERVISOR.ZZ00002", "SUPERVISOR.SG00009"} {
		if one, two := show(o.Service, username, "a"), show(other, strings.ToLower(username), "b"); one != two || one == "" {
			t.Errorf("%s: %s, then %s", username, one, two)
		}
	}
	if _, ok, err := o.OfTicket(t.Context(), "YUBi.AAAA"); ok || err != nil {
		t.Error("a ticket of somebody else’s", err)
	}
}

// The secret is made once, whoever comes first.
func TestTheSecretIsShared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := accountdb.Store{DB: d}
		var seen sync.Map
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				b, err := store.Secret(t.Context(), now)
				if err != nil || len(b) != 32 {
					t.Error(len(b), err)
				}
				seen.Store(string(b), true)
			})
		}
		all.Wait()
		n := 0
		seen.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d secrets", n)
		}
	})
}

func waitOf(t *testing.T, err error) time.Duration {
	t.Helper()
	w, ok := errors.AsType[*account.Wait](err)
	if !ok || rinnova.KindOf(err) != rinnova.TooMany {
		t.Fatalf("%v, want to be told to wait", err)
	}
	return w.Left
}

// Who asks for everybody's new password keeps those who have come in from the same address from nothing.
func TestStrangersUseUpNoNewPasswords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		why := func(username string) account.Reason {
			t.Helper()
			_, err := o.AskReset(t.Context(), username, at(here))
			wait, ok := errors.AsType[*account.Wait](err)
			if !ok {
				check(t, err)
				return -1
			}
			return wait.Why
		}
		_, err := o.Login(t.Context(), "SUPERVISOR.SG00001", password, at(here))
		check(t, err)
		for n := range 20 {
			if w := why(fmt.Sprintf("SUPERVISOR.ZZ%05d", n)); w >= 0 {
				t.Fatalf("request %d: %v", n, w)
			}
		}
		if w := why("SUPERVISOR.ZZ99999"); w != account.WaitResetsHere {
			t.Errorf("one more name from the address: %v", w)
		}
		for range 3 {
			if w := why("SUPERVISOR.SG00001"); w >= 0 {
				t.Errorf("a school at its own address: %v", w)
			}
		}
		if w := why("SUPERVISOR.SG00001"); w != account.WaitResets {
			t.Errorf("its fourth request in an hour: %v", w)
		}
	})
}

// Who has many networks has no more new passwords to ask for than a crowd; others are kept from nothing.
func TestOneCustomersNetworksCountTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ask := func(n int, site string) error {
			v := at(fmt.Sprint("rete", n/20, site))
			v.Site = site
			_, err := o.AskReset(t.Context(), fmt.Sprintf("SUPERVISOR.ZZ%05d", n), v)
			return err
		}
		for n := range 200 {
			check(t, ask(n, "2001:db8:5::/48"))
		}
		if waitOf(t, ask(200, "2001:db8:5::/48")) != time.Hour {
			t.Error("one more")
		}
		for n := 201; n < 220; n++ {
			check(t, ask(n, ""))
		}
		check(t, ask(221, "2001:db8:6::/48"))
	})
}
