// Package mailtest is a real mail server for tests, on the loopback address: it keeps what it is given.
package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Options are how the server behaves. The zero value takes mail from everybody and offers no TLS.
type Options struct {
	STARTTLS    bool   // offers STARTTLS
	ImplicitTLS bool   // speaks TLS from the first byte
	Host        string // the name in its certificate; empty: 127.0.0.1
	User        string // mail only from this user, with this password
	Password    string
	LoginOnly   bool // offers AUTH LOGIN in place of PLAIN
	// Refuse answers a recipient; nil takes it. Return an *smtp.SMTPError for a code of its own.
	Refuse func(to string) error
	// Step is told of each step of a conversation before it is answered: MAIL, RCPT, DATA (the message follows), END (it is
	// all there). It may be nil.
	Step func(name string)
}

// Mail is a message as the server got it.
type Mail struct {
	From, To string // of the envelope
	Hello    string // how the client introduced itself
	TLS      bool
	User     string // who logged in
	Raw      []byte
}

// Server is running until its test ends.
type Server struct {
	Port    int
	RootCAs *x509.CertPool // trusts the server's certificate

	options Options
	mu      sync.Mutex
	mails   []Mail
	open    int        // sessions
	closed  *sync.Cond // one of them
}

// Start runs a server for the time of a test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	s := &Server{options: o, RootCAs: x509.NewCertPool()}
	s.closed = sync.NewCond(&s.mu)
	certificate := Certificate(t, o.Host)
	s.RootCAs.AddCert(certificate.Leaf)
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		_, secure := c.TLSConnectionState()
		s.count(+1)
		return &session{server: s, mail: Mail{Hello: c.Hostname(), TLS: secure}}, nil
	}))
	server.Domain = o.Host
	server.AllowInsecureAuth = true
	server.ErrorLog = log.New(io.Discard, "", 0) // clients that hang up are what tests are about
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	if o.STARTTLS {
		server.TLSConfig = config
	}
	if o.ImplicitTLS {
		listener = tls.NewListener(listener, config)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = listener.Close() // where the test was over before the server began
		if err := <-stopped; err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			t.Errorf("the mail server: %v", err)
		}
	})
	return s
}

// Mails are the messages so far, in the order in which they came.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Settle waits until nobody speaks to the server: what a client sent before it was killed is among the mails then.
func (s *Server) Settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.open > 0 {
		s.closed.Wait()
	}
}

func (s *Server) count(delta int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += delta
	s.closed.Broadcast()
}

// Certificate makes a certificate for a name or an address that signs itself.
func Certificate(t testing.TB, host string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host},
		NotBefore: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

type session struct {
	server *Server
	mail   Mail
}

func (s *session) AuthMechanisms() []string {
	switch {
	case s.server.options.User == "":
		return nil
	case s.server.options.LoginOnly:
		return []string{sasl.Login}
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	if s.server.options.LoginOnly {
		return &login{check: s.check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.check(user, password) }), nil
}

func (s *session) check(user, password string) error {
	if user != s.server.options.User || password != s.server.options.Password {
		return smtp.ErrAuthFailed
	}
	s.mail.User = user
	return nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.step("MAIL")
	if s.server.options.User != s.mail.User {
		return smtp.ErrAuthRequired
	}
	s.mail.From = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.step("RCPT")
	if refuse := s.server.options.Refuse; refuse != nil {
		if err := refuse(to); err != nil {
			return err
		}
	}
	s.mail.To = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	s.step("DATA")
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		return err
	}
	s.mail.Raw = b.Bytes()
	s.server.keep(s.mail)
	s.step("END")
	return nil
}

func (s *Server) keep(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
}

func (s *session) step(name string) {
	if told := s.server.options.Step; told != nil {
		told(name)
	}
}

func (s *session) Reset() { s.mail.From, s.mail.To, s.mail.Raw = "", "", nil }

func (s *session) Logout() error {
	s.server.count(-1)
	return nil
}

// login is the server's side of AUTH LOGIN, which asks for the user, then for the password.
type login struct {
	check func(user, password string) error
	asked int
	user  string
}

func (l *login) Next(response []byte) (challenge []byte, done bool, err error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}
