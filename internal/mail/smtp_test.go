package mail

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"rinnova/internal/mail/mailtest"
)

// to is the way to a test server.
func to(s *mailtest.Server, security Security) SMTP {
	return SMTP{Host: "127.0.0.1", Port: s.Port, Security: security, RootCAs: s.RootCAs, Timeouts: hasty}
}

// hasty is for servers that should answer at once.
var hasty = Timeouts{Connect: 10 * time.Second, Command: 10 * time.Second, Block: 10 * time.Second, Final: 10 * time.Second, Quit: time.Second}

func TestSubmitsInEachWay(t *testing.T) {
	for name, c := range map[string]struct {
		server   mailtest.Options
		security Security
		user     string
		wantTLS  bool
	}{
		"none":                       {security: NoTLS},
		"none with password":         {server: mailtest.Options{User: "u", Password: "p s"}, security: NoTLS, user: "u"},
		"opportunistic without TLS":  {security: OfferedSTARTTLS},
		"opportunistic with TLS":     {server: mailtest.Options{STARTTLS: true}, security: OfferedSTARTTLS, wantTLS: true},
		"starttls":                   {server: mailtest.Options{STARTTLS: true}, security: RequireSTARTTLS, wantTLS: true},
		"starttls by default":        {server: mailtest.Options{STARTTLS: true}, wantTLS: true},
		"starttls with password":     {server: mailtest.Options{STARTTLS: true, User: "u", Password: "p s"}, user: "u", wantTLS: true},
		"starttls with AUTH LOGIN":   {server: mailtest.Options{STARTTLS: true, User: "u", Password: "p s", LoginOnly: true}, user: "u", wantTLS: true},
		"implicit TLS":               {server: mailtest.Options{ImplicitTLS: true}, security: ImplicitTLS, wantTLS: true},
		"implicit TLS with password": {server: mailtest.Options{ImplicitTLS: true, User: "u", Password: "p s"}, security: ImplicitTLS, user: "u", wantTLS: true},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, c.server)
			s := to(server, c.security)
			if c.user != "" {
				s.User, s.Password = c.user, "p s"
			}
			answer, err := s.Submit(t.Context(), sample())
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(answer, "OK: queued") {
				t.Errorf("answer %q", answer)
			}
			mails := server.Mails()
			if len(mails) != 1 {
				t.Fatalf("%d mails arrived", len(mails))
			}
			got := mails[0]
			if got.From != "rinnovi@esempiosoftware.example" || got.To != "ragusa@scuola.example" || got.Hello != "esempiosoftware.example" ||
				got.TLS != c.wantTLS || got.User != c.user {
				t.Errorf("arrived as %+v", got)
			}
			arrived, err := Parse(bytes.NewReader(got.Raw))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(sample(), arrived); d != "" {
				t.Errorf("(-left +arrived):\n%s", d)
			}
		})
	}
}

func TestLongAndDottedMessagesArriveWhole(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{STARTTLS: true})
	m := sample()
	m.Text = ".\n..\n.a\n\n.\n" + strings.Repeat("una riga. ", 20_000) + "\n.\n"
	m.Attachments[0].Data = bytes.Repeat([]byte("\r\n.\r\n\x00\xff"), 100_000)
	if err := to(server, RequireSTARTTLS).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	arrived, err := Parse(bytes.NewReader(server.Mails()[0].Raw))
	if err != nil {
		t.Fatal(err)
	}
	if arrived.Text != m.Text || !bytes.Equal(arrived.Attachments[0].Data, m.Attachments[0].Data) {
		t.Errorf("text of %d bytes, file of %d bytes", len(arrived.Text), len(arrived.Attachments[0].Data))
	}
}

func TestNeverSends(t *testing.T) {
	for name, c := range map[string]struct {
		server mailtest.Options
		change func(*SMTP)
		verb   Verb
		code   int
		words  string
	}{
		"without STARTTLS where it is required": {verb: StartTLS, words: "does not offer STARTTLS"},
		"to an unknown certificate":             {server: mailtest.Options{STARTTLS: true}, change: func(s *SMTP) { s.RootCAs = x509.NewCertPool() }, verb: StartTLS, words: "certificate"},
		"to an unknown certificate when TLS is only offered": {server: mailtest.Options{STARTTLS: true},
			change: func(s *SMTP) { s.RootCAs, s.Security = x509.NewCertPool(), OfferedSTARTTLS }, verb: StartTLS, words: "certificate"},
		"to a certificate of another name": {server: mailtest.Options{STARTTLS: true, Host: "altro.example"}, verb: StartTLS, words: "certificate"},
		"implicit TLS to an unknown certificate": {server: mailtest.Options{ImplicitTLS: true},
			change: func(s *SMTP) { s.RootCAs, s.Security = nil, ImplicitTLS }, verb: Connect, words: "certificate"},
		"implicit TLS to a server without": {change: func(s *SMTP) { s.Security = ImplicitTLS }, verb: Connect, words: "tls: first record does not look like a TLS handshake"},
		"a wrong password":                 {server: mailtest.Options{STARTTLS: true, User: "u", Password: "p"}, change: func(s *SMTP) { s.User, s.Password = "u", "q" }, verb: Auth, code: 535},
		"a wrong password to LOGIN":        {server: mailtest.Options{STARTTLS: true, User: "u", Password: "p", LoginOnly: true}, change: func(s *SMTP) { s.User, s.Password = "u", "q" }, verb: Auth, code: 535},
		"a password that nobody asks for":  {server: mailtest.Options{STARTTLS: true}, change: func(s *SMTP) { s.User, s.Password = "u", "p" }, verb: Auth, words: "neither PLAIN nor LOGIN"},
		"without the password wanted":      {server: mailtest.Options{STARTTLS: true, User: "u", Password: "p"}, verb: MailFrom, code: 502},
		"to a server that is not there":    {change: func(s *SMTP) { s.Port = 1 }, verb: Connect, words: "refused"},
		"without TLS to another machine":   {change: func(s *SMTP) { s.Host, s.Security = "mail.example", NoTLS }, verb: Connect, words: "Senza TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			server := mailtest.Start(t, c.server)
			s := to(server, RequireSTARTTLS)
			if c.change != nil {
				c.change(&s)
			}
			err := s.Send(t.Context(), sample())
			e, ok := AsError(err)
			if !ok || e.Verb != c.verb || e.Code != c.code || !strings.Contains(err.Error(), c.words) || e.Uncertain {
				t.Errorf("Send: %v (%+v)", err, e)
			}
			if ok && e.Permanent != (c.code >= 500) {
				t.Errorf("%v: permanent %t", err, e.Permanent)
			}
			if n := len(server.Mails()); n > 0 {
				t.Errorf("%d mails arrived", n)
			}
		})
	}
}

func TestRecipientRefused(t *testing.T) {
	for _, c := range []struct {
		answer    error
		permanent bool
		record    string
		reason    string
	}{
		{&smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "nobody here"}, true,
			"RCPT TO: 550 5.1.1 nobody here", "Il server di posta rifiuta l’indirizzo del destinatario."},
		{&smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 0}, Message: "greylisted, come again"}, false,
			"RCPT TO: 450 4.2.0 greylisted, come again", "Il server di posta non accetta il messaggio per ora."},
	} {
		server := mailtest.Start(t, mailtest.Options{STARTTLS: true, Refuse: func(string) error { return c.answer }})
		err := to(server, RequireSTARTTLS).Send(t.Context(), sample())
		e, ok := AsError(err)
		if !ok || e.Permanent != c.permanent || e.Everybody() || err.Error() != c.record || e.Reason().String() != c.reason {
			t.Errorf("%v: %+v, %q", err, e, e.Reason())
		}
	}
}

func TestBadMessageIsPermanentAndTalksToNobody(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{STARTTLS: true})
	m := sample()
	m.To = "nobody"
	err := to(server, RequireSTARTTLS).Send(t.Context(), m)
	if e, ok := AsError(err); !ok || e.Verb != Compose || !e.Permanent || e.Everybody() {
		t.Errorf("Send: %v", err)
	}
}

func TestCheckFindsAllFaults(t *testing.T) {
	if err := (SMTP{Host: "mail.example"}).Check(); err != nil {
		t.Errorf("a host alone: %v", err)
	}
	err := SMTP{Host: "mail example", Port: 70_000, User: "u", Security: "ssl", Hello: "a b"}.Check()
	for _, want := range []string{"«mail example»", "70000", "«ssl»", "«a b»", "nome utente e password"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no word of %s in %v", want, err)
		}
	}
	for host, ok := range map[string]bool{"127.0.0.1": true, "::1": true, "localhost": true, "LocalHost": true, "10.0.0.1": false, "mail.example": false, "localhost.example": false} {
		if err := (SMTP{Host: host, Security: NoTLS}).Check(); (err == nil) != ok {
			t.Errorf("NoTLS to %s: %v", host, err)
		}
	}
	for s, want := range map[Security]int{"": 587, RequireSTARTTLS: 587, OfferedSTARTTLS: 587, ImplicitTLS: 465, NoTLS: 25} {
		if got := (SMTP{Security: s}).port(); got != want {
			t.Errorf("port of %q: %d", s, got)
		}
	}
}

// A name may pass the first look and lead elsewhere: the address that answers is what counts.
func TestPasswordNeverTravelsInClear(t *testing.T) {
	ours, theirs := net.Pipe() // no loopback address
	defer theirs.Close()
	defer ours.Close()
	c := newConversation(t.Context(), ours, hasty)
	c.extensions = map[string]string{"AUTH": "PLAIN LOGIN"}
	err := c.authenticate("u", "secret")
	if err == nil || !strings.Contains(err.Error(), "without TLS") {
		t.Errorf("authenticate: %v", err)
	}
}

func TestCancelledWhileConnecting(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{STARTTLS: true})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := to(server, RequireSTARTTLS).Send(ctx, sample())
	if e, ok := AsError(err); !ok || e.Permanent || e.Verb != Connect || !errors.Is(err, context.Canceled) {
		t.Errorf("Send: %v", err)
	}
}
