// Package app puts the parts of the program together: which store, which kit, which page speaks to which.
package app

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/mail"
	"rinnova/internal/sign"
	"rinnova/internal/web"
)

// Config is what an installation sets outside the database. The zero value works, but for what needs a key or a mail
// server.
type Config struct {
	Addr        string `help:"Address to listen on." default:"127.0.0.1:8080" env:"RINNOVA_ADDR"`
	Data        string `help:"Folder of the database and files." default:"./data" env:"RINNOVA_DATA" type:"path"`
	DatabaseURL string `help:"postgres://… to keep the data in PostgreSQL; else SQLite in the data folder." name:"database-url" env:"RINNOVA_DATABASE_URL"`
	BaseURL     string `help:"How people reach the portal, as printed and mailed; else http:// and the address." name:"base-url" env:"RINNOVA_BASE_URL"`

	TrustedProxy []string `help:"Proxies before the portal, as addresses or networks (10.0.0.0/24): what they say about the reader’s address counts." name:"trusted-proxy" env:"RINNOVA_TRUSTED_PROXY"`

	OtherHost []string `help:"Other names than the base address’s by which the portal may be called." name:"other-host" env:"RINNOVA_OTHER_HOST"`
	AccessLog bool     `help:"Write a line of the log for each request." name:"access-log" default:"true" negatable:"" env:"RINNOVA_ACCESS_LOG"`
	SealKey   string   `help:"File with the key of the seals beside the files; else one in the data folder. Elsewhere it protects from who can write there." name:"seal-key" env:"RINNOVA_SEAL_KEY" type:"path"`

	SessionIdle time.Duration `help:"How long somebody stays logged in without doing anything." default:"2h" env:"RINNOVA_SESSION_IDLE"`

	Mail MailConfig `embed:"" prefix:"mail-"`
	Sign SignConfig `embed:"" prefix:"sign-"`

	// Existing is for commands that work on what is there: where there is no database they say so, and make none.
	Existing bool `kong:"-"`
}

// MailConfig is the mail server.
type MailConfig struct {
	Host     string        `help:"Mail server; without it mail waits." env:"RINNOVA_MAIL_HOST"`
	Port     int           `help:"Its port; 0 is the usual one." env:"RINNOVA_MAIL_PORT"`
	User     string        `help:"User at the mail server." env:"RINNOVA_MAIL_USER"`
	Password string        `help:"Password at the mail server." env:"RINNOVA_MAIL_PASSWORD"`
	Security mail.Security `help:"starttls, opportunistic, implicit, or none (only to this machine)." default:"starttls" enum:"starttls,opportunistic,implicit,none" env:"RINNOVA_MAIL_SECURITY"`
	From     string        `help:"Sender of mails; else the vendor's address for renewals." env:"RINNOVA_MAIL_FROM"`
}

// SignConfig is the key that signs contracts.
type SignConfig struct {
	PEM      []string `help:"PEM files with the private key and the certificates, the signatory's first." name:"pem" env:"RINNOVA_SIGN_PEM" type:"path"`
	PKCS12   string   `help:"PKCS#12 file with key and certificates, instead of PEM files." name:"pkcs12" env:"RINNOVA_SIGN_PKCS12" type:"path"`
	Password string   `help:"Password of the PKCS#12 file." env:"RINNOVA_SIGN_PASSWORD"`
	Earlier  []string `help:"PEM files with certificates of earlier keys: what they signed still counts." name:"earlier" env:"RINNOVA_SIGN_EARLIER" type:"path"`
	TSA      string   `help:"URL of a time-stamping authority (RFC 3161)." name:"tsa" env:"RINNOVA_SIGN_TSA"`
}

// database is where the data is: a URL of PostgreSQL, or the path of a file.
func (c Config) database() (string, error) {
	s := strings.TrimSpace(c.DatabaseURL)
	if s == "" {
		return filepath.Join(c.Data, databaseFile), nil
	}
	scheme, rest, ok := strings.Cut(s, "://")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "postgres" && scheme != "postgresql" {
		// The value may hold a password: it is not repeated.
		return "", errors.New("RINNOVA_DATABASE_URL: want postgres://user:password@host:5432/database; leave it out to keep the data in SQLite in the data folder")
	}
	server, after := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		server, after = rest[:i], rest[i:]
	}
	if n := strings.Count(server, "@"); n > 1 || n == 0 && server != "" && strings.Contains(after, "@") {
		return "", errors.New("RINNOVA_DATABASE_URL: in user and password some signs are written as codes: @ as %40, / as %2F, ? as %3F, # as %23, : as %3A, % as %25")
	}
	return scheme + "://" + rest, nil
}

// check finds settings that would be passed over in silence, or fail only when they are needed.
func (c Config) check() error {
	var faults []error
	fault := func(is bool, format string, args ...any) {
		if is {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	m, s := c.Mail, c.Sign
	fault(m.Host == "" && (m.Port != 0 || m.User != "" || m.Password != ""), "RINNOVA_MAIL_PORT, _USER and _PASSWORD say nothing without RINNOVA_MAIL_HOST")
	fault(m.Port < 0 || m.Port > 65535, "RINNOVA_MAIL_PORT %d: want a port, or 0 for the usual one", m.Port)
	if m.Host != "" {
		fault(!isHost(m.Host), "RINNOVA_MAIL_HOST %q: want the server's name or address alone, such as smtp.esempio.it; RINNOVA_MAIL_PORT is for the port", m.Host)
		wrong := mail.SMTP{Host: m.Host, User: m.User, Password: m.Password, Security: m.Security}.Check()
		fault(isHost(m.Host) && wrong != nil, "RINNOVA_MAIL_USER, _PASSWORD, _SECURITY: %v", wrong)
	}
	for _, h := range c.OtherHost {
		fault(strings.Contains(h, "/") || !isHost(web.HostName(h)), "RINNOVA_OTHER_HOST %q: want a name alone, such as rinnovi.esempio.it, without http:// and path", h)
	}
	fault(c.SessionIdle != 0 && c.SessionIdle < leastIdle, "RINNOVA_SESSION_IDLE %s: want at least %s, for example 2h", c.SessionIdle, leastIdle)
	if m.From != "" {
		_, err := mail.ParseAddress(m.From)
		fault(err != nil, "RINNOVA_MAIL_FROM %q: want an address, such as Esempio Software <rinnovi@esempio.it>", m.From)
	}
	fault(s.PKCS12 != "" && len(s.PEM) > 0, "RINNOVA_SIGN_PEM and RINNOVA_SIGN_PKCS12: want one of them")
	fault(s.PKCS12 == "" && s.Password != "", "RINNOVA_SIGN_PASSWORD is of the file that RINNOVA_SIGN_PKCS12 names: want both")
	if s.TSA != "" {
		u, err := url.Parse(s.TSA)
		fault(err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "", "RINNOVA_SIGN_TSA %q: want http://host or https://host", s.TSA)
	}
	return errors.Join(faults...)
}

// isHost tells the name or the address of a machine, and nothing beside it.
func isHost(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil || rinnova.IsHost(s)
}

// base is how people reach the portal: links in mails and on paper begin with it.
func (c Config) base() (*url.URL, error) {
	s := c.BaseURL
	if s == "" {
		s = "http://" + c.Addr
	}
	u, err := url.Parse(s)
	switch {
	case c.BaseURL == "" && err == nil && nowhere(u):
		return nil, fmt.Errorf("RINNOVA_ADDR %s listens on all addresses of the machine: say how people reach the portal with RINNOVA_BASE_URL, for example https://rinnovi.esempio.it", c.Addr)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || nowhere(u):
		return nil, fmt.Errorf("RINNOVA_BASE_URL %q: want http://host or https://host", s)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return nil, fmt.Errorf("RINNOVA_BASE_URL %q: want http://host or https://host and nothing after it: the portal answers under the host's name, not under a path", s)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// nowhere tells the address of no machine: 0.0.0.0, [::], or nothing before the port.
func nowhere(u *url.URL) bool {
	a, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "" || err == nil && a.IsUnspecified()
}

// proxies are the networks of the proxies before the portal.
func (c Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.TrustedProxy {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(s); err == nil {
				p = netip.PrefixFrom(a, a.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("RINNOVA_TRUSTED_PROXY %q: want an address or a network, such as 10.0.0.0/24", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// How long people stay logged in: in all, and without doing anything where nothing else is set. Two hours let a secretary come
// back from the counter, and end before the next shift sits down at the computer.
const (
	wholeSession = 12 * time.Hour
	idleSession  = 2 * time.Hour
	leastIdle    = 5 * time.Minute
)

// idle is how long a session lasts that nobody uses.
func (c Config) idle() time.Duration {
	if c.SessionIdle == 0 {
		return idleSession
	}
	return min(c.SessionIdle, wholeSession)
}

// key loads the signing key; nil where none is set.
func (c SignConfig) key(clock rinnova.Clock) (*sign.Key, error) {
	switch {
	case c.PKCS12 != "":
		return sign.LoadPKCS12(clock, c.PKCS12, c.Password)
	case len(c.PEM) > 0:
		return sign.LoadPEM(clock, c.PEM...)
	}
	return nil, nil
}

// earlier are the certificates of the keys that signed before.
func (c SignConfig) earlier() ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for _, file := range c.Earlier {
		found, err := sign.LoadCertificates(file)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
