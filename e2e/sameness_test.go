package e2e_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/demo"
)

// names is how many names that exist are held against as many that do not.
const names = 200

// seen is everything that somebody outside can see of an answer, and what it cost inside.
type seen struct {
	status     int
	headers    string
	length     int
	shape      string // of the page: its tags
	text       string
	hashes     int64
	statements string
}

// String is what was seen, one thing on a line.
func (s seen) String() string {
	return fmt.Sprintf("status %d\n%s%d bytes\n%d hashes\n%s%s\n%s", s.status, s.headers, s.length, s.hashes, s.statements, s.shape, strings.ReplaceAll(s.text, "<", "\n<"))
}

// meter counts what answers cost.
type meter struct {
	*program
	mu         sync.Mutex
	statements []string
}

func (m *meter) watch(query string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name, _, _ := strings.Cut(query, "\n")
	m.statements = append(m.statements, name+"\n")
}

// TestNobodyCanTellWhoExists holds 200 names that exist against 200 that do not, at the login, at the wait that follows
// wrong passwords, at the request for a new password, at the page after it and at the wait that follows too many
// requests: status, headers, length and shape of the page, hashes and statements are the same.
func TestNobodyCanTellWhoExists(t *testing.T) {
	full := account.Params
	account.Params.Memory, account.Params.Iterations = 64, 1
	t.Cleanup(func() { account.Params = full })
	eachAt(t, func(t *testing.T, p *program) {
		check(t, demo.Seed(t.Context(), p.App, demo.Options{Schools: names}, func(string) {}))
		m := &meter{program: p}
		p.DB.Watch = m.watch
		first := map[string]seen{}
		compare := func(step, username string, got seen) {
			t.Helper()
			want, ok := first[step]
			if !ok {
				first[step] = got
				t.Logf("%s: status %d, %d bytes, %d hashes, %d statements", step, got.status, got.length, got.hashes, strings.Count(got.statements, "\n"))
			} else if got != want {
				t.Errorf("%s of %s differs from others:\n%s", step, username, firstDifference(want.String(), got.String()))
			}
		}
		for i := range names {
			for _, code := range []string{fmt.Sprintf("SG%05d", i+1), fmt.Sprintf("ZZ%05d", i+1)} {
				m.everyStep(t, supervisor(code), fmt.Sprintf("2001:db8:%x::1", i+1), compare)
			}
			// A name that nobody can have is told so, at the same cost.
			login := url.Values{accountweb.FieldUsername: {fmt.Sprintf("AGIC8%05d", i)}, accountweb.FieldPassword: {"sbagliata"}}
			got, _ := m.ask(t, login.Get(accountweb.FieldUsername), fmt.Sprintf("2001:db8:%x::2", i+1), accountweb.LoginPath, login)
			compare("login, wrong name", login.Get(accountweb.FieldUsername), got)
		}
		statuses := []int{first["login"].status, first["login, waiting"].status, first["request"].status, first["request, page"].status, first["request, waiting"].status}
		if !slices.Equal(statuses, []int{422, 429, 303, 200, 429}) {
			t.Errorf("statuses %v", statuses)
		}
		if a, b := first["login"], first["login, wrong name"]; a.hashes != b.hashes || a.statements != b.statements || a.status != b.status || a.shape != b.shape {
			t.Errorf("a name that nobody can have costs another work:\n%s", firstDifference(a.String(), b.String()))
		}
		if first["login"].hashes != 1 || first["login, waiting"].hashes != 0 || first["login"].statements == "" {
			t.Errorf("a login makes %d hashes, a wait %d", first["login"].hashes, first["login, waiting"].hashes)
		}
	})
}

// everyStep goes through all steps with one name, from one network.
func (m *meter) everyStep(t *testing.T, username, network string, compare func(step, username string, got seen)) {
	t.Helper()
	m.clock.Advance(3 * time.Second) // what the frames of the pages remember for a moment is read anew for each name
	for _, path := range []string{accountweb.LoginPath, accountweb.AskPath} {
		m.ask(t, username, network, path, nil)
	}
	login := url.Values{accountweb.FieldUsername: {username}, accountweb.FieldPassword: {"sbagliata"}}
	ask := url.Values{accountweb.FieldUsername: {username}}
	for range 6 {
		got, _ := m.ask(t, username, network, accountweb.LoginPath, login)
		compare("login", username, got)
	}
	got, _ := m.ask(t, username, network, accountweb.LoginPath, login)
	compare("login, waiting", username, got)
	for range 3 {
		got, location := m.ask(t, username, network, accountweb.AskPath, ask)
		compare("request", username, got)
		got, _ = m.ask(t, username, network, location, nil)
		compare("request, page", username, got)
	}
	got, _ = m.ask(t, username, network, accountweb.AskPath, ask)
	compare("request, waiting", username, got)
}

var (
	tags  = regexp.MustCompile(`</?[a-z0-9]+`)
	times = regexp.MustCompile(`\d\d:\d\d:\d\d`)
	ends  = regexp.MustCompile(`.••••••••.@|comincia per .,|finisce per .,|per=[^"]*`) // of the masked address, and its ticket
)

// ask sends a form, or opens a page where there is none, and gives what can be seen of the answer with its location.
func (m *meter) ask(t *testing.T, username, network, path string, form url.Values) (seen, string) {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(t.Context(), method, m.URL+path, strings.NewReader(form.Encode()))
	check(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Forwarded-For", network)
	req.Host = m.Base.Host // as a proxy passes it on
	hashes := m.Accounts.Hasher.Made()
	m.mu.Lock()
	m.statements = nil
	m.mu.Unlock()
	res, err := http.DefaultTransport.RoundTrip(req)
	check(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	check(t, err)
	body := string(b)
	s := seen{status: res.StatusCode, length: len(body), shape: strings.Join(tags.FindAllString(body, -1), ""), hashes: m.Accounts.Hasher.Made() - hashes}
	m.mu.Lock()
	s.statements = strings.Join(m.statements, "")
	m.mu.Unlock()
	location := res.Header.Get("Location")
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		value := strings.Join(res.Header.Values(name), ", ")
		switch name {
		case "Date":
			continue
		case "Location": // carries the masked address
			value = fmt.Sprint(strings.Split(value, "=")[0], " and ", len(value), " bytes")
		}
		s.headers += name + ": " + value + "\n"
	}
	s.text = ends.ReplaceAllString(times.ReplaceAllString(strings.NewReplacer(username, "NAME", account.ExampleUsername, "NAME").Replace(body), "TIME"), "END")
	return s, location
}
