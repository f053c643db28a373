package app_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/app"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
)

// The door under attack, over HTTP, with passwords of full cost, on both databases. Addresses are told by a proxy that is
// trusted. `go test -run '^$' -bench Door -benchtime 1x ./internal/app` prints what was met; each attack ends by itself.

// atTheDoor is how many schools the portal has.
const atTheDoor = 220

// door is a portal that is attacked.
type door struct {
	b   *testing.B
	app *app.App
	url string
}

func eachDoor(b *testing.B, attack func(d *door)) {
	for _, engine := range []string{"sqlite", "postgresql"} {
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				attack(openDoor(b, engine))
			}
		})
	}
}

func openDoor(b *testing.B, engine string) *door {
	b.Helper()
	c := app.Config{Addr: "127.0.0.1:8080", Data: b.TempDir(), TrustedProxy: []string{"127.0.0.1"}}
	if engine == "postgresql" {
		c.DatabaseURL = dbtest.PostgreSQLURL(b)
	}
	a, err := app.New(b.Context(), c, time.Now, slog.New(slog.DiscardHandler), demo.Install(c.Data))
	check(b, err)
	b.Cleanup(func() { a.Close() })
	check(b, demo.Seed(b.Context(), a, demo.Options{Schools: atTheDoor}, func(string) {}))
	s := httptest.NewServer(a.Handler())
	b.Cleanup(s.Close)
	return &door{b: b, app: a, url: s.URL}
}

// guest is somebody at the door: a browser at an address.
type guest struct {
	door    *door
	address string
	client  *http.Client
}

var transport = &http.Transport{MaxIdleConnsPerHost: 300}

func (d *door) guest(address string) *guest {
	jar, err := cookiejar.New(nil)
	check(d.b, err)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &guest{d, address, &http.Client{Jar: jar, Transport: transport, CheckRedirect: stay, Timeout: 2 * time.Minute}}
}

func name(n int) string { return account.Supervisor(fmt.Sprintf("SG%05d", n)) }

// enter tries a password; 303 is in.
func (g *guest) enter(username, password string) (status int, took time.Duration) {
	form := url.Values{accountweb.FieldUsername: {username}, accountweb.FieldPassword: {password}}
	r, err := http.NewRequest(http.MethodPost, g.door.url+accountweb.LoginPath, strings.NewReader(form.Encode()))
	check(g.door.b, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", g.address)
	r.Host = g.door.app.Base.Host
	begun := time.Now()
	res, err := g.client.Do(r)
	if err != nil {
		return 0, time.Since(begun)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	return res.StatusCode, time.Since(begun)
}

// leave lets the browser lose its session, and keep whatever else it has.
func (g *guest) leave() {
	r, err := http.NewRequest(http.MethodPost, g.door.url+accountweb.LogoutPath, nil)
	check(g.door.b, err)
	r.Host = g.door.app.Base.Host
	res, err := g.client.Do(r)
	check(g.door.b, err)
	res.Body.Close()
}

// met counts the answers, and the longest wait for one that let in.
type met struct {
	mu     sync.Mutex
	status map[int]int
	worst  time.Duration
}

func (m *met) add(status int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.status == nil {
		m.status = map[int]int{}
	}
	m.status[status]++
	m.worst = max(m.worst, took)
}

func (m *met) report(d *door, what string) {
	d.b.Logf("%s: %v, the slowest %s", what, m.status, m.worst.Round(time.Millisecond))
}

// BenchmarkDoorTogether lets many come at the same moment from one address, all with the right password.
func BenchmarkDoorTogether(b *testing.B) {
	eachDoor(b, func(d *door) {
		for _, x := range []struct {
			what string
			n    int
			name func(i int) string
		}{
			{"16 of one school at once", 16, func(int) string { return name(1) }},
			{"16 schools at once", 16, func(i int) string { return name(i + 2) }},
			{"200 schools at once", 200, func(i int) string { return name(i + 20) }},
		} {
			var m met
			var all sync.WaitGroup
			for i := range x.n {
				g := d.guest("192.0.2.1")
				all.Go(func() { m.add(g.enter(x.name(i), demo.Password)) })
			}
			all.Wait()
			m.report(d, x.what)
		}
	})
}

// BenchmarkDoorSiege lets 200 guess without a pause from 200 addresses, each at names of its own or all at one, while
// people come with the right password, from addresses that were never seen and with browsers that have been in.
func BenchmarkDoorSiege(b *testing.B) {
	for what, guessed := range map[string]func(i, try int) string{
		"names of their own": func(i, try int) string { return fmt.Sprintf("NESSUNO.G%d.T%d", i, try) },
		"one name":           func(int, int) string { return name(1) },
	} {
		b.Run(what, func(b *testing.B) { eachDoor(b, func(d *door) { d.siege(guessed) }) })
	}
}

func (d *door) siege(guessed func(i, try int) string) {
	var known []*guest
	for i := range 10 {
		g := d.guest(fmt.Sprintf("192.0.2.%d", i+1))
		if status, _ := g.enter(name(i+1), demo.Password); status != http.StatusSeeOther {
			d.b.Fatal(status)
		}
		g.leave()
		g.address = fmt.Sprintf("192.0.2.%d", i+101) // from elsewhere
		known = append(known, g)
	}
	var guesses, at met
	var taken, stop atomic.Int64
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			g := d.guest(fmt.Sprintf("198.51.100.%d", i+1))
			for try := 0; stop.Load() == 0; try++ {
				status, took := g.enter(guessed(i, try), "sbagliata")
				guesses.add(status, took)
				if taken.Add(1); status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
					time.Sleep(50 * time.Millisecond)
				}
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	hashes, begun := d.app.Accounts.Hasher.Made(), time.Now()
	var fresh, devices met
	for i := range 10 {
		fresh.add(d.guest(fmt.Sprintf("203.0.113.%d", i+1)).enter(name(i+101), demo.Password))
		devices.add(known[i].enter(name(i+1), demo.Password))
	}
	at.add(d.guest("203.0.113.200").enter(name(1), demo.Password))
	rate := float64(d.app.Accounts.Hasher.Made()-hashes) / time.Since(begun).Seconds()
	stop.Store(1)
	all.Wait()
	guesses.report(d, "guesses")
	fresh.report(d, "right, from fresh addresses")
	devices.report(d, "right, from known devices elsewhere")
	at.report(d, "right, for school 1, from a fresh address")
	d.b.Logf("%.1f hashes a second", rate)
}

// BenchmarkDoorPupil lets a pupil guess ten times behind the school's address; then the secretary comes as she does each day.
func BenchmarkDoorPupil(b *testing.B) {
	eachDoor(b, func(d *door) {
		secretary := d.guest("192.0.2.1")
		secretary.enter(name(1), demo.Password)
		secretary.leave()
		var guesses, in met
		pupil := d.guest("192.0.2.1")
		for until := time.Now().Add(9 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
			guesses.add(pupil.enter(name(1), "sbagliata"))
		}
		in.add(secretary.enter(name(1), demo.Password))
		guesses.report(d, "the pupil")
		in.report(d, "the secretary")
	})
}

// BenchmarkDoorNetworks guesses one name from 400 networks, one try from each.
func BenchmarkDoorNetworks(b *testing.B) {
	eachDoor(b, func(d *door) {
		var guesses, in met
		hashes, begun := d.app.Accounts.Hasher.Made(), time.Now()
		for i := range 400 {
			guesses.add(d.guest(fmt.Sprintf("2001:db8:%x::1", i+1)).enter(name(1), "sbagliata"))
		}
		guesses.report(d, "guesses")
		d.b.Logf("%d hashes in %s", d.app.Accounts.Hasher.Made()-hashes, time.Since(begun).Round(time.Second))
		check(d.b, d.app.Queue.Drain(d.b.Context()))
		mails, events := 0, 0
		check(d.b, d.app.DB.Reader(d.b.Context()).QueryRowContext(d.b.Context(), `SELECT count(*) FROM message`).Scan(&mails))
		check(d.b, d.app.DB.Reader(d.b.Context()).QueryRowContext(d.b.Context(), `SELECT count(*) FROM event WHERE kind = 'account.besieged'`).Scan(&events))
		d.b.Logf("%d mails, %d alarms on the record", mails, events)
		in.add(d.guest("203.0.113.1").enter(name(1), demo.Password))
		in.report(d, "right, from a fresh address")
	})
}
