package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	"rinnova"
)

// Security is how the connection to the mail server is protected. The zero value is STARTTLS, required.
type Security string

// The ways. Certificates are always verified.
const (
	RequireSTARTTLS Security = "starttls"      // port 587: no mail without it
	OfferedSTARTTLS Security = "opportunistic" // TLS where the server offers it; never the password without it
	ImplicitTLS     Security = "implicit"      // port 465 (RFC 8314)
	NoTLS           Security = "none"          // only to this machine itself
)

// SMTP submits messages to one mail server, one connection for each message. The zero values of all fields but Host
// work. It may be used by many goroutines.
type SMTP struct {
	Host     string
	Port     int // 0: 465 for ImplicitTLS, 25 for NoTLS, else 587
	User     string
	Password string
	Security Security
	Hello    string         // our name in EHLO; empty: the domain of the sender's address
	RootCAs  *x509.CertPool // nil: the system's
	Timeouts Timeouts
}

// Timeouts bound each step; 0 is the default in brackets. RFC 5321, 4.5.3.2 asks for longer ones between servers;
// nobody else waits here, and the attempt is repeated. Only the answer to the final dot gets the full ten minutes of
// the RFC: hanging up early there is what makes duplicates.
type Timeouts struct {
	Connect time.Duration // TCP, and TLS where it comes first (30 s)
	Command time.Duration // the greeting and each command with its answer (2 min)
	Block   time.Duration // each 32 kB of the message (3 min)
	Final   time.Duration // the answer to the final dot (10 min)
	Quit    time.Duration // saying goodbye; the message is sent already (5 s)
}

func (t Timeouts) orDefault() Timeouts {
	return Timeouts{
		Connect: cmp.Or(t.Connect, 30*time.Second),
		Command: cmp.Or(t.Command, 2*time.Minute),
		Block:   cmp.Or(t.Block, 3*time.Minute),
		Final:   cmp.Or(t.Final, 10*time.Minute),
		Quit:    cmp.Or(t.Quit, 5*time.Second),
	}
}

// Check finds what is wrong with the settings, all of it; nil: nothing. It talks to no server.
func (s SMTP) Check() error {
	var problems []error
	add := func(problem *rinnova.Error) { problems = append(problems, problem) }
	if !rinnova.IsHost(s.Host) && net.ParseIP(s.Host) == nil {
		add(rinnova.Fail(rinnova.Invalid, "Il nome del server di posta «%s» non è valido.", printable(s.Host)))
	}
	if s.Port < 0 || s.Port > 65535 {
		add(rinnova.Fail(rinnova.Invalid, "La porta del server di posta è un numero da 1 a 65535: qui è %d.", s.Port))
	}
	switch s.Security {
	case "", RequireSTARTTLS, OfferedSTARTTLS, ImplicitTLS:
	case NoTLS:
		if !namesThisMachine(s.Host) {
			add(rinnova.Fail(rinnova.Invalid, "Senza TLS la posta si consegna soltanto a questa stessa macchina, non a «%s».", printable(s.Host)))
		}
	default:
		add(rinnova.Fail(rinnova.Invalid, "La protezione del server di posta è starttls, opportunistic, implicit o none: qui è «%s».", printable(string(s.Security))))
	}
	if s.Hello != "" && !rinnova.IsHost(s.Hello) {
		add(rinnova.Fail(rinnova.Invalid, "Il nome «%s» con cui ci presentiamo al server di posta non è valido.", printable(s.Hello)))
	}
	if s.User == "" && s.Password != "" || s.User != "" && s.Password == "" {
		add(rinnova.Fail(rinnova.Invalid, "Per il server di posta servono nome utente e password, o nessuno dei due."))
	}
	if strings.ContainsRune(s.User, 0) || strings.ContainsRune(s.Password, 0) {
		add(rinnova.Fail(rinnova.Invalid, "Nome utente e password del server di posta non possono contenere il carattere nullo."))
	}
	return errors.Join(problems...)
}

// namesThisMachine is a first look at a name; the address that it led to is checked again once connected.
func namesThisMachine(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}

// Send submits the message. Its error is always an *Error.
func (s SMTP) Send(ctx context.Context, m Message) error {
	_, err := s.Submit(ctx, m)
	return err
}

// Submit does what Send does, and returns the server's answer to the message, for the record: 2.0.0 Ok: queued as 4F2A.
func (s SMTP) Submit(ctx context.Context, m Message) (answer string, err error) {
	raw, err := m.Bytes()
	if err != nil {
		return "", &Error{Verb: Compose, Permanent: true, Err: err}
	}
	from, _ := netmail.ParseAddress(m.From) // Bytes has parsed both
	to, _ := netmail.ParseAddress(m.To)
	if s.Hello == "" {
		_, s.Hello, _ = strings.Cut(from.Address, "@")
	}
	c, err := s.open(ctx)
	if err != nil {
		return "", err
	}
	defer c.close()
	if err := s.introduce(c); err != nil {
		return "", err
	}
	return c.transact(from.Address, to.Address, raw)
}

// open connects and, for ImplicitTLS, starts TLS.
func (s SMTP) open(ctx context.Context) (*conversation, error) {
	if err := s.Check(); err != nil {
		return nil, &Error{Verb: Connect, Err: err}
	}
	limits := s.Timeouts.orDefault()
	dialer := net.Dialer{Timeout: limits.Connect}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.port())))
	if err != nil {
		return nil, &Error{Verb: Connect, Err: err}
	}
	c := newConversation(ctx, conn, limits)
	if s.Security == NoTLS && !c.loopback() {
		c.close()
		return nil, &Error{Verb: Connect, Err: fmt.Errorf("%s is %s, not this machine: refusing to send without TLS", s.Host, conn.RemoteAddr())}
	}
	if s.Security != ImplicitTLS {
		return c, nil
	}
	if err := c.step(Connect, limits.Connect, func() error { return c.startTLS(s.tls()) }); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

func (s SMTP) port() int {
	switch {
	case s.Port != 0:
		return s.Port
	case s.Security == ImplicitTLS:
		return 465
	case s.Security == NoTLS:
		return 25
	}
	return 587
}

func (s SMTP) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12}
}

// introduce goes from the greeting to the point where mail can be given.
func (s SMTP) introduce(c *conversation) error {
	if err := c.greeting(); err != nil {
		return err
	}
	if err := c.hello(s.Hello); err != nil {
		return err
	}
	_, offered := c.extensions["STARTTLS"]
	wanted := s.Security == "" || s.Security == RequireSTARTTLS || s.Security == OfferedSTARTTLS && offered
	if wanted {
		if !offered {
			return &Error{Verb: StartTLS, Err: errors.New("the server does not offer STARTTLS")}
		}
		if err := c.upgrade(s.tls()); err != nil {
			return err
		}
		if err := c.hello(s.Hello); err != nil { // what was offered before counts no more (RFC 3207, 4.2)
			return err
		}
	}
	if s.User == "" {
		return nil
	}
	return c.authenticate(s.User, s.Password)
}
