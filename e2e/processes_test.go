package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/app"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/mail"
	"rinnova/internal/renewal/renewalweb"
)

// pair is two processes on one PostgreSQL database and one data folder.
type pair [2]*program

func newPair(t *testing.T) (pair, *sendings) {
	t.Helper()
	if testing.Short() {
		t.Skip("several processes need PostgreSQL: not among the quick tests")
	}
	c := app.Config{Data: t.TempDir(), DatabaseURL: dbtest.PostgreSQLURL(t), BaseURL: "http://rinnovi.esempio.example"}
	sent := &sendings{count: map[string]int{}}
	clock := newClock()
	first := seeded(t, launch(t, c, clock, sent.watch))
	return pair{first, launch(t, c, clock, sent.watch)}, sent
}

// sendings counts how often each mail was handed over to the mail server.
type sendings struct {
	mu    sync.Mutex
	count map[string]int
}

func (s *sendings) watch(a *app.App) error {
	a.Outbox.Sender = counting{a.Outbox.Sender, s}
	return nil
}

type counting struct {
	mail.Sender
	to *sendings
}

// Send sends and counts.
func (c counting) Send(ctx context.Context, m mail.Message) error {
	c.to.mu.Lock()
	c.to.count[m.ID]++
	c.to.mu.Unlock()
	return c.Sender.Send(ctx, m)
}

// run lets both processes work on the jobs until none is left.
func (two pair) run(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, p := range two {
		wg.Go(func() { p.Queue.Run(ctx) })
	}
	defer wg.Wait()
	defer stop()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		n, err := two[0].Queue.Count(t.Context())
		check(t, err)
		if n.Discarded > 0 {
			t.Fatalf("%d jobs were given up", n.Discarded)
		}
		if n.Available == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d jobs are left after a minute", n.Available)
		}
	}
}

// TestSessionsAreValidOnAllProcesses logs in on one process and goes on at the other.
func TestSessionsAreValidOnAllProcesses(t *testing.T) {
	two, _ := newPair(t)
	v := two[0].login(t, supervisor(editable))
	elsewhere := func(p *program) {
		base, err := v.Base.Parse(p.URL)
		check(t, err)
		for _, c := range v.Client.Jar.Cookies(v.Base) {
			v.Client.Jar.SetCookies(base, []*http.Cookie{c})
		}
		v.Base, v.Page = base, nil
	}
	elsewhere(two[1])
	v.open(renewalweb.CurrentPath)
	v.choosesBand("2")
	elsewhere(two[0])
	v.open(renewalweb.CurrentPath)
	v.press("Conferma dati", orderOf(1))
	v.reads("Conferma n. 1 ricevuta")
	v.press("Disconnetti", nil)
	elsewhere(two[1])
	check(t, v.Open(renewalweb.AreaPath))
	v.at("Accesso")
}

// TestANewPasswordHoldsOnAllProcesses asks at one process, uses the link at the other, and finds the sessions of both ended.
func TestANewPasswordHoldsOnAllProcesses(t *testing.T) {
	two, _ := newPair(t)
	sessions := [2]*person{two[0].login(t, supervisor(editable)), two[1].login(t, supervisor(editable))}
	two[0].asks(t, supervisor(editable))
	two.run(t)
	path, _ := two[0].link(t)
	v := two[1].visitor(t)
	v.open(path)
	v.press("Cambia la password", map[string][]string{account.FieldNew: {newPassword}, account.FieldAgain: {newPassword}})
	for i, s := range sessions {
		check(t, s.Open(renewalweb.AreaPath))
		if s.Page.URL.Path != accountweb.LoginPath {
			t.Errorf("the session at process %d is alive", i+1)
		}
	}
	for _, p := range two {
		n := p.visitor(t)
		n.open(accountweb.LoginPath)
		n.press("Accedi", map[string][]string{accountweb.FieldUsername: {supervisor(editable)}, accountweb.FieldPassword: {newPassword}})
		n.open(renewalweb.AreaPath)
	}
}

// TestProcessesShareTheWork processes all schools from both processes at once: numbers have no gap, every contract is
// signed once and mailed once, and its file is read from either.
func TestProcessesShareTheWork(t *testing.T) {
	two, sent := newPair(t)
	var codes []string
	for i := range schools {
		codes = append(codes, fmt.Sprintf("SG%05d", i+1))
		two[i%2].confirm(t, codes[i], i+1)
	}
	var wg sync.WaitGroup
	for i, code := range codes[:8] { // four by hand on each
		p := two[i%2]
		r, clerk := p.request(t, code), p.actor(t, clerkOne)
		wg.Go(func() {
			if _, err := p.Contracts.Process(t.Context(), clerk, r.ID, 1); err != nil {
				t.Errorf("%s: %v", code, err)
			}
		})
	}
	for i, p := range two { // and a run on each
		var chosen []contract.Chosen
		for _, code := range codes[8+2*i : 10+2*i] {
			chosen = append(chosen, p.shown(t, code))
		}
		_, err := p.Runs.Start(t.Context(), p.actor(t, clerkTwo), chosen)
		check(t, err)
	}
	wg.Wait()
	two.run(t)
	two.contracts(t, schools)
	two.mailedOnce(t, sent)
}

// contracts holds that there are n contracts with the numbers from 1 on, and that both processes give the same file.
func (two pair) contracts(t *testing.T, n int) {
	t.Helper()
	rows, err := two[0].Lists.List(t.Context(), "", "", 100, 0)
	check(t, err)
	clerks := [2]*person{two[0].login(t, clerkOne), two[1].login(t, clerkOne)}
	numbers := map[string]bool{}
	for _, r := range rows {
		numbers[r.Number] = true
		if r.State != contract.Sent {
			t.Errorf("contract %s is %s", r.Number, r.State)
		}
		var files [2]string
		for i, v := range clerks {
			status, body := v.send(http.MethodGet, contractweb.RowPath(r), "", nil)
			if status != http.StatusOK {
				t.Errorf("contract %s from process %d: %d", r.Number, i+1, status)
			}
			files[i] = body
		}
		c, err := two[0].Lists.Contract(t.Context(), r.ID)
		check(t, err)
		if files[0] != files[1] || sum([]byte(files[0])) != c.File.SHA256 {
			t.Errorf("contract %s: the processes give different files, or not the original", r.Number)
		}
	}
	for i := 1; i <= n; i++ {
		if !numbers[fmt.Sprintf("2026/%06d", i)] {
			t.Errorf("number %d is missing", i)
		}
	}
	if len(rows) != n {
		t.Errorf("%d contracts, want %d", len(rows), n)
	}
}

// mailedOnce holds that each mail was handed over once, and that each school has its receipt and its contract.
func (two pair) mailedOnce(t *testing.T, sent *sendings) {
	t.Helper()
	for id, n := range sent.count {
		if n != 1 {
			t.Errorf("mail %s was sent %d times", id, n)
		}
	}
	if len(sent.count) != 2*schools {
		t.Errorf("%d mails, want a receipt and a contract for each of %d schools", len(sent.count), schools)
	}
	page, err := two[1].Mailbox.List(t.Context(), mail.Query{Words: "firmato", Limit: 100})
	check(t, err)
	files := map[string]bool{}
	for _, m := range page.Messages {
		whole, err := two[1].Mailbox.Message(t.Context(), m.Key)
		check(t, err)
		if len(whole.Attachments) != 1 || !bytes.HasPrefix(whole.Attachments[0].Data, []byte("%PDF")) {
			t.Errorf("%s carries no contract", m.Subject)
			continue
		}
		files[sum(whole.Attachments[0].Data)] = true
	}
	if len(files) != schools {
		t.Errorf("%d contracts were mailed, want %d", len(files), schools)
	}
}
