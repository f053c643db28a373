package mail

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"rinnova"
)

// conversation is one connection to a mail server (RFC 5321). It is our own for three reasons: the usual clients take
// half a line before a hang-up for an answer, they bound neither each step nor the length of an answer, and their
// errors do not say at which step a message was lost.
type conversation struct {
	ctx        context.Context
	conn       net.Conn // the TCP connection, whose deadline also ends what TLS does above it
	secure     net.Conn // the TLS connection; nil without
	in         *bufio.Reader
	out        *bufio.Writer
	limits     Timeouts
	extensions map[string]string // by name in capitals, with their parameters
	ready      bool              // the server waits for a command: saying goodbye makes sense
}

const (
	maxLine   = 4096 // bytes of one line of an answer; RFC 5321 has 512
	maxLines  = 100  // lines of one answer
	blockSize = 32 << 10
)

func newConversation(ctx context.Context, conn net.Conn, limits Timeouts) *conversation {
	c := &conversation{ctx: ctx, conn: conn, limits: limits}
	c.use(conn)
	return c
}

func (c *conversation) use(rw io.ReadWriter) {
	c.in = bufio.NewReaderSize(rw, maxLine)
	c.out = bufio.NewWriter(rw)
}

func (c *conversation) loopback() bool {
	addr, ok := c.conn.RemoteAddr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

var errSlow = errors.New("no answer in time")

// step runs one step within its time, or until the context ends, and gives its error the step's name.
func (c *conversation) step(v Verb, limit time.Duration, do func() error) error {
	ctx, cancel := context.WithTimeoutCause(c.ctx, limit, fmt.Errorf("%w (%s)", errSlow, limit))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	err := do()
	if err == nil {
		return nil
	}
	if e, ok := AsError(err); ok {
		e.Verb = v
		return e
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return &Error{Verb: v, Err: err}
}

// The classes of answers: what RFC 5321, 4.2.1 tells a client to go by.
const (
	done = 2 // 2xx
	goOn = 3 // 3xx
	none = 0 // whatever the answer is, it is not the one wanted
)

// command sends a line and wants an answer of a class.
func (c *conversation) command(v Verb, line string, class int) (answer string, err error) {
	err = c.step(v, c.limits.Command, func() error {
		answer, err = c.exchange(line, class)
		return err
	})
	return answer, err
}

func (c *conversation) exchange(line string, class int) (string, error) {
	if strings.ContainsAny(line, "\r\n") {
		return "", errors.New("a command is one line")
	}
	c.ready = false
	if _, err := c.out.WriteString(line + "\r\n"); err != nil {
		return "", c.lastWords(err)
	}
	if err := c.out.Flush(); err != nil {
		return "", c.lastWords(err)
	}
	return c.expect(class)
}

// expect reads an answer; one of another class is an *Error.
func (c *conversation) expect(class int) (string, error) {
	code, answer, err := c.answer()
	if err != nil {
		return "", err
	}
	c.ready = code != 421
	if code/100 == class {
		return answer, nil
	}
	return "", &Error{Code: code, Answer: oneLine(answer), Permanent: code >= 500}
}

// lastWords is the answer that a server gave before it hung up on us while we were writing, else err.
func (c *conversation) lastWords(err error) error {
	_, said := c.expect(none)
	if e, ok := AsError(said); ok {
		return e
	}
	return err
}

// answer reads all lines of an answer. A line that does not end is no line: what is missing could be anything.
func (c *conversation) answer() (code int, text string, err error) {
	var lines []string
	for range maxLines {
		raw, err := c.in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return 0, "", fmt.Errorf("a line of the answer is longer than %d bytes", maxLine)
		case errors.Is(err, io.EOF) && len(raw) > 0:
			return 0, "", fmt.Errorf("half a line, %q: %w", printable(string(raw)), io.ErrUnexpectedEOF)
		case err != nil:
			return 0, "", err
		}
		line := string(bytes.TrimRight(raw, "\r\n"))
		n, more, rest, err := splitAnswer(line)
		if err != nil {
			return 0, "", err
		}
		if code != 0 && n != code {
			return 0, "", fmt.Errorf("an answer with two codes, %d and %d", code, n)
		}
		code = n
		lines = append(lines, rest)
		if !more {
			return code, strings.Join(lines, "\n"), nil
		}
	}
	return 0, "", fmt.Errorf("an answer of more than %d lines", maxLines)
}

// splitAnswer takes a line apart: a code from 200 to 599, a hyphen where more lines follow, the words.
func splitAnswer(line string) (code int, more bool, text string, err error) {
	if len(line) < 3 || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
		return 0, false, "", fmt.Errorf("no answer of SMTP: %q", printable(line))
	}
	code, err = strconv.Atoi(line[:3])
	if err != nil || code < 200 || code > 599 {
		return 0, false, "", fmt.Errorf("no answer of SMTP: %q", printable(line))
	}
	if len(line) == 3 {
		return code, false, "", nil
	}
	return code, line[3] == '-', line[4:], nil
}

func (c *conversation) greeting() error {
	return c.step(Greeting, c.limits.Command, func() error {
		_, err := c.expect(done)
		return err
	})
}

// hello introduces us and learns what the server can do; a server that knows no EHLO can do nothing.
func (c *conversation) hello(name string) error {
	c.extensions = map[string]string{}
	answer, err := c.command(Hello, "EHLO "+name, done)
	if e, ok := AsError(err); ok && e.Code >= 500 && e.Code <= 504 {
		_, err = c.command(Hello, "HELO "+name, done)
		return err
	}
	if err != nil {
		return err
	}
	lines := strings.Split(answer, "\n")
	for _, l := range lines[1:] {
		keyword, params, _ := strings.Cut(l, " ")
		c.extensions[strings.ToUpper(keyword)] = params
	}
	return nil
}

// upgrade starts TLS on the open connection (RFC 3207).
func (c *conversation) upgrade(config *tls.Config) error {
	if _, err := c.command(StartTLS, "STARTTLS", done); err != nil {
		return err
	}
	c.ready = false
	return c.step(StartTLS, c.limits.Command, func() error {
		if c.in.Buffered() > 0 { // somebody between us and the server put words in its mouth
			return errors.New("the server spoke on after STARTTLS")
		}
		return c.startTLS(config)
	})
}

func (c *conversation) startTLS(config *tls.Config) error {
	secure := tls.Client(c.conn, config)
	if err := secure.HandshakeContext(c.ctx); err != nil {
		return err
	}
	c.secure = secure
	c.use(secure)
	return nil
}

// authenticate logs in with PLAIN, else with LOGIN, over TLS or within this machine only.
func (c *conversation) authenticate(user, password string) error {
	if c.secure == nil && !c.loopback() {
		return &Error{Verb: Auth, Err: errors.New("refusing to send the password without TLS")}
	}
	encode := base64.StdEncoding.EncodeToString
	plain := encode([]byte("\x00" + user + "\x00" + password))
	offered := strings.Fields(strings.ToUpper(c.extensions["AUTH"]))
	var err error
	switch {
	case slices.Contains(offered, "PLAIN"):
		_, err = c.command(Auth, "AUTH PLAIN "+plain, done)
	case slices.Contains(offered, "LOGIN"):
		err = c.login(encode([]byte(user)), encode([]byte(password)))
	default:
		err = &Error{Verb: Auth, Err: fmt.Errorf("the server offers neither PLAIN nor LOGIN: %q", offered)}
	}
	return withoutSecrets(err, plain, encode([]byte(password)), password)
}

func (c *conversation) login(user, password string) error {
	if _, err := c.command(Auth, "AUTH LOGIN", goOn); err != nil {
		return err
	}
	if _, err := c.command(Auth, user, goOn); err != nil {
		return err
	}
	_, err := c.command(Auth, password, done)
	return err
}

// withoutSecrets takes what a server may echo out of an answer that goes into the record.
func withoutSecrets(err error, secrets ...string) error {
	e, ok := AsError(err)
	if !ok {
		return err
	}
	for _, s := range secrets {
		e.Answer = strings.ReplaceAll(e.Answer, s, "…")
	}
	return e
}

// transact gives one message over.
func (c *conversation) transact(from, to string, raw []byte) (answer string, err error) {
	if _, err := c.command(MailFrom, "MAIL FROM:<"+from+">", done); err != nil {
		return "", err
	}
	if _, err := c.command(RcptTo, "RCPT TO:<"+to+">", done); err != nil {
		return "", err
	}
	if _, err := c.command(Data, "DATA", goOn); err != nil {
		return "", err
	}
	c.ready = false
	body := textproto.NewWriter(c.out).DotWriter()
	for len(raw) > 0 {
		n := min(blockSize, len(raw))
		err := c.step(Body, c.limits.Block, func() error {
			if _, err := body.Write(raw[:n]); err != nil {
				return c.lastWords(err)
			}
			if err := c.out.Flush(); err != nil {
				return c.lastWords(err)
			}
			return nil
		})
		if err != nil {
			return "", err
		}
		raw = raw[n:]
	}
	err = c.step(Final, c.limits.Final, func() error {
		if err := body.Close(); err != nil { // writes the dot and flushes
			return err
		}
		answer, err = c.expect(done)
		return err
	})
	if e, ok := AsError(err); ok && e.Code == 0 {
		e.Uncertain = true
	}
	return oneLine(answer), err
}

// close says goodbye where the server still listens, and hangs up.
func (c *conversation) close() {
	if c.ready {
		_ = c.step("QUIT", c.limits.Quit, func() error {
			_, err := c.exchange("QUIT", done)
			return err
		})
	}
	if c.secure != nil {
		_ = c.secure.Close()
	}
	_ = c.conn.Close()
}

// oneLine makes an answer fit for the record.
func oneLine(answer string) string {
	return rinnova.Short(strings.Join(strings.Fields(visible(answer)), " "), 500)
}
