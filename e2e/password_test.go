package e2e_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/app"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/demo"
	"rinnova/internal/event"
	"rinnova/internal/mail"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/surf"
)

// base is the portal's address, as it is configured where mails are looked at: another than the tests' server.
const base = "http://rinnovi.esempio.example"

// eachAt runs a test on both engines, with an address of its own and a proxy before the portal.
func eachAt(t *testing.T, test func(t *testing.T, p *program)) {
	c := app.Config{BaseURL: base, TrustedProxy: []string{"127.0.0.1"}}
	t.Run("sqlite", func(t *testing.T) {
		c := c
		c.Data = t.TempDir()
		test(t, launch(t, c, newClock()))
	})
	if testing.Short() {
		return
	}
	t.Run("postgresql", func(t *testing.T) {
		c := c
		c.Data, c.DatabaseURL = t.TempDir(), dbtest.PostgreSQLURL(t)
		test(t, launch(t, c, newClock()))
	})
}

const newPassword = "cavolo trottola nebbia"

// asks asks for a new password for a user name and gives the page that says where the mail went.
func (p *program) asks(t *testing.T, username string) *person {
	t.Helper()
	v := p.visitor(t)
	v.open(accountweb.LoginPath)
	v.follow("Password dimenticata?")
	v.at("Password dimenticata")
	v.press("Procedi", surf.Values{accountweb.FieldUsername: {username}})
	v.at("Controllate la posta")
	return v
}

// newest is the newest mail whose subject begins so.
func (p *program) newest(t *testing.T, subject string) mail.Stored {
	t.Helper()
	page, err := p.Mailbox.List(t.Context(), mail.Query{Limit: 100})
	check(t, err)
	for _, m := range page.Messages {
		if strings.HasPrefix(m.Subject, subject) {
			m, err := p.Mailbox.Message(t.Context(), m.Key)
			check(t, err)
			return m
		}
	}
	t.Fatalf("there is no mail «%s…»", subject)
	return mail.Stored{}
}

var linkInMail = regexp.MustCompile(`https?://\S+`)

// link is the path of the link in the newest mail, with its secret.
func (p *program) link(t *testing.T) (path, secret string) {
	t.Helper()
	return p.linkAt(t, base)
}

// linkAt is the same, of a portal with this address.
func (p *program) linkAt(t *testing.T, base string) (path, secret string) {
	t.Helper()
	m := p.newest(t, "Nuova password per ")
	u, err := url.Parse(linkInMail.FindString(m.Text))
	check(t, err)
	if u.Scheme+"://"+u.Host != base || u.Path != accountweb.LinkPath || !strings.Contains(m.HTML, `href="`+u.String()+`"`) {
		t.Fatalf("the mail leads to %s", u)
	}
	return u.RequestURI(), u.Query().Get(accountweb.FieldSecret)
}

// TestForgottenPassword is a school that has forgotten its password, from the login page to the login.
func TestForgottenPassword(t *testing.T) {
	eachAt(t, func(t *testing.T, p *program) {
		seeded(t, p)
		p.log.keep()
		const code = "SG00007"
		colleague := p.login(t, supervisor(code))
		clerk := p.login(t, clerkOne)
		v := p.asks(t, strings.ToLower(supervisor(code)))
		s := p.school(t, code)
		v.reads(s.Email[:1]+"••••••••", s.Email[strings.Index(s.Email, "@")-1:], "entro un’ora", "una volta sola")
		p.work(t)
		m := p.newest(t, "Nuova password per "+supervisor(code))
		if m.To != s.Email {
			t.Errorf("the mail goes to %s, not to %s", m.To, s.Email)
		}
		for _, words := range []string{s.DisplayName, s.MinistryCode, "fino alle 11:51 (ora italiana)", "una volta sola", "copiate per intero", "Avvisate i colleghi", "Se non l’avete chiesta voi", "ufficio contratti di Esempio Software, tel. 02 0000000"} {
			if !strings.Contains(plain(m.Text), plain(words)) {
				t.Errorf("the mail does not say %q:\n%s", words, m.Text)
			}
		}
		for _, name := range []string{"pippo", clerkTwo} { // nothing tells which of them is at the office
			v := p.asks(t, name)
			v.reads("Se il nome utente è registrato, abbiamo scritto al suo indirizzo e-mail.", "Se lavorate per una scuola, il nome utente è scritto male")
			if strings.ContainsAny(v.Page.Text("main"), "•@") {
				t.Errorf("%s: %s", name, v.Page.Text("main"))
			}
		}
		path, secret := p.link(t)
		p.found(t, hashOf(secret))
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} { // what mail scanners do
			if status, _ := v.send(method, path, "", nil); status != http.StatusOK {
				t.Errorf("%s of the link: %d", method, status)
			}
		}
		v.changesPassword(path, code)
		v.at("Accesso")
		v.reads("La password è cambiata")
		if got := v.Page.Values(accountweb.FieldUsername); !slices.Equal(got, []string{supervisor(code)}) {
			t.Errorf("the login after a new password is for %q", got)
		}

		check(t, colleague.Open(renewalweb.AreaPath))
		colleague.at("Accesso")
		clerk.open(renewalweb.WorkListPath) // everybody else goes on
		v.pressFor(http.StatusUnprocessableEntity, "Accedi", surf.Values{accountweb.FieldUsername: {supervisor(code)}, accountweb.FieldPassword: {demo.Password}})
		v.press("Accedi", surf.Values{accountweb.FieldPassword: {newPassword}})
		v.open(renewalweb.AreaPath)
		v.reads(s.ShortName)
		v.over(path)
		p.work(t)
		told := p.newest(t, "Password cambiata per "+supervisor(code))
		if told.To != s.Email || strings.Contains(told.Text, secret) || strings.Contains(told.Text, "codice=") {
			t.Errorf("the mail about the change: to %s\n%s", told.To, told.Text)
		}
		p.nowhere(t, secret)
	})
}

// changesPassword uses the link, wrongly first.
func (v *person) changesPassword(path, code string) {
	v.t.Helper()
	v.open(path)
	v.at("Scegliete la nuova password")
	v.reads("Almeno 12 caratteri")
	if h := v.Page.Header; h.Get("Referrer-Policy") != "strict-origin" || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
		v.t.Errorf("headers of the page with the secret: %v", h)
	}
	if got := v.Page.Doc.Find("input[autocomplete=username]").AttrOr("value", ""); got != supervisor(code) {
		v.t.Errorf("the page is for %q", got)
	}
	for _, c := range []struct{ one, two, says string }{
		{"", "", "Scrivete la nuova password."}, {"corta", "corta", "almeno 12 caratteri. Qui sono 5."}, {newPassword, newPassword + "x", "non sono uguali"},
		{demo.Password, demo.Password, "indovina"}, {supervisor(code) + "!", "", "contiene il nome utente"},
	} {
		v.pressFor(http.StatusUnprocessableEntity, "Cambia la password", surf.Values{account.FieldNew: {c.one}, account.FieldAgain: {c.two}})
		if got := v.Page.Text(".rn-msg"); !strings.Contains(got, c.says) {
			v.t.Errorf("%q, %q: beside the field stands %q, want %q", c.one, c.two, got, c.says)
		}
	}
	v.press("Cambia la password", surf.Values{account.FieldNew: {newPassword}, account.FieldAgain: {newPassword}})
}

// over holds that a link is over, for looking and for using.
func (v *person) over(path string) {
	v.t.Helper()
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if status, _ := v.send(method, path, "", nil); status != http.StatusGone {
			v.t.Errorf("%s of a link that is over: %d", method, status)
		}
	}
	_, secret, _ := strings.Cut(path, "=")
	status, body := v.post(accountweb.LinkPath, map[string]string{accountweb.FieldSecret: secret, account.FieldNew: newPassword, account.FieldAgain: newPassword})
	if status != http.StatusGone || !strings.Contains(body, "Questo link non vale più") {
		v.t.Errorf("use of a link that is over: %d", status)
	}
}

// TestForgottenPasswordInABrowser is the same with JavaScript, by keyboard where that is shorter, with two sessions open.
func TestForgottenPasswordInABrowser(t *testing.T) {
	p := onSQLite(t)
	old := p.tab(t)
	old.Go(renewalweb.AreaPath)
	old.enter(supervisor("SG00004"))
	b := p.tab(t)
	b.Go(accountweb.LoginPath)
	b.follow("#dimenticata a")
	b.Type("#"+accountweb.FieldUsername, "supervisor.sg00004")
	b.follow("main form .btn-primary")
	b.reads("Controllate la posta", p.school(t, "SG00004").Email[:1]+"••••••••")
	p.work(t)
	path, _ := p.linkAt(t, p.URL)
	b.Go(path)
	b.Type("#"+account.FieldNew, newPassword)
	b.Click("[data-reveal] input")
	if n := b.Count("#" + account.FieldNew + "[type=text], #" + account.FieldAgain + "[type=text]"); n != 2 {
		t.Errorf("%d of the two passwords can be read", n)
	}
	b.Type("#"+account.FieldAgain, "un’altra")
	b.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	b.reads("non sono uguali")
	b.Type("#"+account.FieldNew, newPassword)
	b.Type("#"+account.FieldAgain, newPassword)
	b.follow("main form .btn-primary")
	b.reads("La password è cambiata")
	old.Go(renewalweb.AreaPath)
	old.reads("Accesso")
	b.Type("#"+accountweb.FieldUsername, "supervisor.sg00004")
	b.Type("#"+accountweb.FieldPassword, newPassword)
	b.follow("main form .btn-primary")
	if b.URL() != renewalweb.AreaPath {
		t.Errorf("the new password leads to %s", b.URL())
	}
	b.Go(path)
	b.reads("Questo link non vale più")
}

// TestALinkInTime uses links 59:59 and 60:00 after their mail.
func TestALinkInTime(t *testing.T) {
	eachAt(t, func(t *testing.T, p *program) {
		seeded(t, p)
		for age, works := range map[time.Duration]bool{time.Hour - time.Second: true, time.Hour: false} {
			v := p.asks(t, clerkTwo)
			p.work(t)
			path, _ := p.link(t)
			first := path
			p.clock.Advance(age)
			if !works {
				v.over(path)
				continue
			}
			v.open(path)
			v.reads("Almeno 15 caratteri")
			p.clock.Advance(-10 * time.Minute)
			p.asks(t, clerkTwo)
			p.work(t)
			v.over(first) // a newer one was mailed
			path, _ = p.link(t)
			v.open(path)
			v.press("Cambia la password", surf.Values{account.FieldNew: {newPassword}, account.FieldAgain: {newPassword}})
			v.at("Accesso")
		}
	})
}

// broken is a mail server that is away.
type broken struct{}

// Send fails.
func (broken) Send(context.Context, mail.Message) error {
	return &mail.Error{Verb: mail.Connect, Err: errors.New("connection refused")}
}

// TestALateMailIsNotSent has no mail server for more than an hour: nobody gets a mail that nobody expects any more, and the
// record says so.
func TestALateMailIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		box := p.Outbox.Sender
		p.Outbox.Sender = broken{}
		p.asks(t, clerkOne)
		for range 6 { // 0, 1, 3, 7, 15, 31 minutes
			p.work(t)
			p.clock.Advance(6 * time.Minute)
		}
		p.clock.Advance(time.Hour)
		p.Outbox.Sender = box
		p.work(t)
		page, err := p.Mailbox.List(t.Context(), mail.Query{})
		check(t, err)
		if len(page.Messages) != 0 {
			t.Errorf("%d mails were sent", len(page.Messages))
		}
		said := strings.Join(p.rows(t, `SELECT kind, data FROM event WHERE kind LIKE 'mail.%'`), "\n")
		if !strings.HasPrefix(said, string(event.MailNotSent)+"|") || !strings.Contains(said, "Nuova password per "+clerkOne) {
			t.Errorf("the record says %s", said)
		}
	})
}

// TestLinksAreOurs holds that nobody who asks decides where the mail leads.
func TestLinksAreOurs(t *testing.T) {
	p := seeded(t, launch(t, app.Config{Data: t.TempDir(), BaseURL: base, TrustedProxy: []string{"127.0.0.1"}}, newClock()))
	form := url.Values{accountweb.FieldUsername: {supervisor("SG00004")}}.Encode()
	for i, header := range []string{"Host", "X-Forwarded-Host", "Forwarded", "X-Forwarded-Server", "X-Original-URL", "X-Forwarded-Prefix"} {
		req, err := http.NewRequest(http.MethodPost, p.URL+accountweb.AskPath, strings.NewReader(form))
		check(t, err)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set(header, map[string]string{"Forwarded": "host=altrove.example;proto=https"}[header]+"altrove.example")
		req.Header.Set("X-Forwarded-Proto", "https")
		if header == "Host" {
			req.Host = "altrove.example"
		}
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Do(req)
		check(t, err)
		res.Body.Close()
		if header == "Host" { // another name than ours is not served at all
			if res.StatusCode != http.StatusMisdirectedRequest {
				t.Errorf("another name in Host: %d", res.StatusCode)
			}
			continue
		}
		if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), "/password/posta?") {
			t.Errorf("%s: %d to %q", header, res.StatusCode, res.Header.Get("Location"))
		}
		p.work(t)
		p.link(t) // holds the base
		if m := p.newest(t, "Nuova password"); strings.Contains(m.Text+m.HTML, "altrove") {
			t.Errorf("%s reaches the mail:\n%s", header, m.Text)
		}
		if i%3 == 2 {
			p.clock.Advance(2 * time.Hour)
		}
	}
}

// TestWaitingAtTheLogin guesses until the page says to wait; the right password helps after that, and so does a new one.
func TestWaitingAtTheLogin(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		v := p.visitor(t)
		v.open(accountweb.LoginPath)
		guess := surf.Values{accountweb.FieldUsername: {supervisor("SG00009")}, accountweb.FieldPassword: {"sbagliata"}}
		for range 6 {
			v.pressFor(http.StatusUnprocessableEntity, "Accedi", guess)
		}
		v.pressFor(http.StatusTooManyRequests, "Accedi", guess)
		v.reads("La password non è stata controllata", "Dalla vostra rete sono arrivate 6 password sbagliate per questo utente", "si può riprovare dalle 10:51:")
		if wait := v.Page.Header.Get("Retry-After"); wait != "1" {
			t.Errorf("Retry-After %q", wait)
		}
		v.pressFor(http.StatusTooManyRequests, "Accedi", surf.Values{accountweb.FieldPassword: {demo.Password}})
		if href := v.Page.Doc.Find("[role=alert] a").AttrOr("href", ""); href != accountweb.AskPath+"?utente=SUPERVISOR.SG00009" {
			t.Errorf("the way out leads to %q", href)
		}
		p.login(t, supervisor("SG00004")) // others are not kept waiting
		p.clock.Advance(2 * time.Second)
		v.press("Accedi", surf.Values{accountweb.FieldPassword: {demo.Password}})
		v.open(renewalweb.AreaPath)
	})
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// nowhere holds that a secret is in no row, no file, no log of the program; the demonstration's mailbox is outside, as a mail
// server is.
func (p *program) nowhere(t *testing.T, secret string) {
	t.Helper()
	if len(secret) != 43 {
		t.Fatalf("the secret %q has no 256 bits", secret)
	}
	for where, text := range p.traces(t) {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("the secret of a link is in %s", where)
		}
	}
}

// found holds that looking as nowhere does finds what is there.
func (p *program) found(t *testing.T, hash string) {
	t.Helper()
	n := 0
	for where, text := range p.traces(t) {
		if bytes.Contains(text, []byte(hash)) {
			n++
			t.Logf("the hash of a link is in %s", where)
		}
	}
	if n < 2 {
		t.Errorf("the hash is found in %d places, want rows and files: this way of looking finds nothing", n)
	}
	if !bytes.Contains(p.log.text(), []byte(`"path":"`+accountweb.AskPath+`"`)) {
		t.Error("the log has no request")
	}
}

// traces is everything that the program has written: rows, files of its folder and of the database, log.
func (p *program) traces(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"the log": p.log.text(), "the rows": []byte(p.dump(t) + strings.Join(p.rows(t, `SELECT * FROM event`), "\n") + strings.Join(p.rows(t, `SELECT * FROM session`), "\n"))}
	check(t, filepath.WalkDir(p.Config.Data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && d.Name() == "mailbox" {
				return fs.SkipDir
			}
			return err
		}
		all[filepath.Base(path)], err = os.ReadFile(path)
		return err
	}))
	if p.DB.Engine == db.PostgreSQL {
		var wal []byte
		check(t, p.DB.InTx(t.Context(), func(ctx context.Context) error { // commits here wait for the disk: what was written before is there too
			_, err := p.DB.Writer(ctx).ExecContext(ctx, `SET LOCAL synchronous_commit = on`)
			if err == nil {
				_, err = p.DB.Writer(ctx).ExecContext(ctx, `SELECT pg_logical_emit_message(true, 'rinnova', 'now')`)
			}
			return err
		}))
		check(t, p.DB.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT string_agg(pg_read_binary_file('pg_wal/' || name), '' ORDER BY name) FROM (
			SELECT name FROM pg_ls_waldir() WHERE name <= pg_walfile_name(pg_current_wal_lsn()) AND length(name) = 24 ORDER BY name DESC LIMIT 3) x`).Scan(&wal))
		all["the write-ahead log"] = wal
	}
	return all
}
