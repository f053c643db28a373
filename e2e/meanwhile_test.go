package e2e_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/renewal/renewalweb"
)

// late is a body that comes only after something else has happened.
type late struct {
	io.Reader
	meanwhile func()
}

func (l *late) Read(p []byte) (int, error) {
	if l.meanwhile != nil {
		l.meanwhile()
		l.meanwhile = nil
	}
	return l.Reader.Read(p)
}

// sendLate sends a request whose body comes when the server waits for it and something else has happened.
func (v *person) sendLate(path, contentType, body string, meanwhile func()) *http.Response {
	v.t.Helper()
	res := v.request(http.MethodPost, path, contentType, &late{strings.NewReader(body), meanwhile}, "Expect", "100-continue")
	res.Body.Close()
	return res
}

// What comes from somebody whose session ends while it is on its way does nothing, whatever ended it, and brings no session back.
func TestASessionThatEndsMeanwhile(t *testing.T) {
	const one = ` WHERE username = 'OPERATORE.UNO'`
	ways := []struct {
		name, code string
		end        func(t *testing.T, p *program, v *person)
	}{
		{"logout", "SG00001", func(_ *testing.T, _ *program, v *person) { v.post(accountweb.LogoutPath, nil) }},
		{"idle", "SG00002", func(_ *testing.T, p *program, _ *person) { p.clock.Advance(3 * time.Hour) }},
		{"new password", "SG00003", func(t *testing.T, p *program, _ *person) {
			p.sql(t, `UPDATE account SET password_hash = 'another'`+one)
		}},
		{"other role", "SG00004", func(t *testing.T, p *program, _ *person) { p.sql(t, `UPDATE account SET role = 'manager'`+one) }},
	}
	each(t, func(t *testing.T, p *program) {
		for i, way := range ways {
			t.Run(way.name, func(t *testing.T) {
				p.sql(t, `UPDATE account SET role = 'clerk', password_hash = (SELECT a.password_hash FROM account a WHERE a.username = 'OPERATORE.DUE')`+one)
				p.confirm(t, way.code, i+1)
				v := p.login(t, clerkOne)
				cookies := v.Client.Jar.Cookies(v.Base)
				path := renewalweb.WorkListPath + "/" + p.request(t, way.code).ID + "/prendi"
				res := v.sendLate(path, "application/x-www-form-urlencoded", "conferma=1&stato_visto=submitted&carico_visto=", func() { way.end(t, p, v) })
				if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, accountweb.LoginPath+"?uscita=1") {
					t.Errorf("the answer is %d to %q, want the login page", res.StatusCode, to)
				}
				if set := res.Header.Values("Set-Cookie"); len(set) > 0 {
					t.Errorf("the answer sets %q", set)
				}
				if by := p.request(t, way.code).Taken.Name; by != "" {
					t.Errorf("%s has taken the request", by)
				}
				if way.name == "other role" {
					return // that session goes on, as of who they are now
				}
				v.Client.Jar.SetCookies(v.Base, cookies)
				if v.open(accountweb.LoginPath); v.Page.URL.Path != accountweb.LoginPath {
					t.Errorf("the session lives: %s", v.Page.URL)
				}
			})
		}
	})
}

func (p *program) sql(t *testing.T, statement string) {
	t.Helper()
	_, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), statement)
	check(t, err)
}

// The same of a file, whose form ends before the body does.
func TestAFileThatComesAfterTheLogout(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		v := p.login(t, supervisor("SG00001"))
		const body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lettera.pdf\"\r\n\r\n%PDF-1.7\r\n--x--\r\n"
		res := v.sendLate(letterweb.UploadPath, "multipart/form-data; boundary=x", body, func() { v.post(accountweb.LogoutPath, nil) })
		if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, accountweb.LoginPath) {
			t.Errorf("the answer is %d to %q, want the login page", res.StatusCode, to)
		}
	})
}
