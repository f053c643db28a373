package app_test

import (
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/app"
	"rinnova/internal/school"
)

const password = "una-password-di-prova"

// Every page of the office is for the office alone: a school is refused, a stranger is led to the login page.
func TestTheOfficeIsForTheOffice(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	a, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: t.TempDir()}, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	addPeople(t, a, now)
	handler, mux := a.Routes()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	chief, school, nobody := visit(t, server.URL, "AMMINISTRATORE"), visit(t, server.URL, account.Supervisor("SG00001")), visit(t, server.URL, "")
	seen := 0
	for _, pattern := range mux.Patterns() {
		method, path, _ := strings.Cut(pattern, " ")
		if !strings.HasPrefix(path, "/ufficio") {
			continue
		}
		seen++
		path = strings.NewReplacer("{id}", rinnova.NewID(now), "{file}", "contratto.pdf").Replace(path)
		if got := school.status(t, method, path); got != http.StatusForbidden {
			t.Errorf("%s as a school: status %d, want 403", pattern, got)
		}
		if got := nobody.status(t, method, path); got != http.StatusSeeOther {
			t.Errorf("%s as a stranger: status %d, want 303", pattern, got)
		}
		if got := chief.status(t, method, path); got == http.StatusForbidden || got == http.StatusUnauthorized || got >= 500 {
			t.Errorf("%s as an administrator: status %d", pattern, got)
		}
	}
	if seen < 15 {
		t.Errorf("only %d routes of the office", seen)
	}
}

func addPeople(t *testing.T, a *app.App, now time.Time) {
	t.Helper()
	hash, err := a.Accounts.Hasher.Hash(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	s := school.School{ID: rinnova.NewID(now), PortalCode: "SG00001", CustomerNumber: "000001", MinistryCode: "RGIC82700L", Name: "I.C. VERGA", CreatedAt: now, UpdatedAt: now}
	if err := a.SchoolStore.Add(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, u := range []account.Account{
		{Username: "AMMINISTRATORE", Name: "Amministratore", Role: rinnova.RoleAdmin},
		{Username: account.Supervisor(s.PortalCode), Name: s.Name, Role: rinnova.RoleSchool, SchoolID: s.ID},
	} {
		u.ID, u.PasswordHash, u.ChangedAt, u.CreatedAt = rinnova.NewID(now), hash, now, now
		if err := a.Accounts.Store.Add(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
}

// visitor is a browser that follows no redirect.
type visitor struct {
	*http.Client
	base string
}

// visit comes in by the login page; without a name it stays outside.
func visit(t *testing.T, base, username string) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := visitor{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, base}
	if username == "" {
		return v
	}
	r, err := v.PostForm(base+accountweb.LoginPath, url.Values{accountweb.FieldUsername: {username}, accountweb.FieldPassword: {password}})
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s cannot log in: status %d", username, r.StatusCode)
	}
	return v
}

func (v visitor) status(t *testing.T, method, path string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, v.base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := v.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}
