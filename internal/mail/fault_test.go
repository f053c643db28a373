package mail

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova/internal/mail/mailtest"
)

// A badServer speaks SMTP as its script says. The zero script is a good server that knows AUTH PLAIN; a fault replaces
// its answer at one step.
type badServer struct {
	t        *testing.T
	listener net.Listener
	tls      *tls.Config // offers STARTTLS where it is set
	at       Verb
	fault    fault

	mu    sync.Mutex
	mails []string // everything up to a final dot, whether it was acknowledged or not
	lines []string // all commands
}

// A fault does something in place of answering. It returns false to hang up.
type fault func(c net.Conn) bool

// The faults. Codes answer and go on, as a server does.
func say(s string) fault {
	return func(c net.Conn) bool {
		_, err := io.WriteString(c, s)
		return err == nil
	}
}

// cut says something and hangs up.
func cut(s string) fault {
	return func(c net.Conn) bool {
		_, _ = io.WriteString(c, s)
		return false
	}
}

func hang(c net.Conn) bool {
	_, _ = io.Copy(io.Discard, c) // until the client gives up
	return false
}

// deaf neither listens nor speaks for a while, then hangs up.
func deaf(d time.Duration) fault {
	return func(net.Conn) bool { time.Sleep(d); return false }
}

func reset(c net.Conn) bool {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	return false
}

// endless says the same for ever.
func endless(s string) fault {
	return func(c net.Conn) bool {
		for {
			if _, err := io.WriteString(c, s); err != nil {
				return false
			}
		}
	}
}

// drip says it a byte at a time.
func drip(s string, pause time.Duration) fault {
	return func(c net.Conn) bool {
		for _, b := range []byte(s) {
			if _, err := c.Write([]byte{b}); err != nil {
				return false
			}
			time.Sleep(pause)
		}
		return true
	}
}

func startBad(t *testing.T, at Verb, f fault) *badServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &badServer{t: t, listener: l, at: at, fault: f}
	var running sync.WaitGroup
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.(*net.TCPConn).SetReadBuffer(64 << 10) // so that a long message does not fit
			running.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() { _ = l.Close(); running.Wait() })
	return s
}

// answer gives the right answer, or the fault.
func (s *badServer) answer(c net.Conn, v Verb, right string) bool {
	if v == s.at && s.fault != nil {
		return s.fault(c)
	}
	return say(right)(c)
}

func (s *badServer) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	if !s.answer(c, Greeting, "220 bad.example ESMTP\r\n") {
		return
	}
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.lines = append(s.lines, line)
		s.mu.Unlock()
		ok := true
		switch word, _, _ := strings.Cut(line, ":"); {
		case strings.HasPrefix(word, "EHLO"), strings.HasPrefix(word, "HELO"):
			offer := ""
			if _, secure := c.(*tls.Conn); s.tls != nil && !secure {
				offer = "250-STARTTLS\r\n"
			}
			ok = s.answer(c, Hello, "250-bad.example\r\n"+offer+"250 AUTH PLAIN\r\n")
		case word == "STARTTLS":
			if ok = s.answer(c, StartTLS, "220 go ahead\r\n"); ok {
				c = tls.Server(c, s.tls)
				in = bufio.NewReader(c)
			}
		case strings.HasPrefix(word, "AUTH"):
			ok = s.answer(c, Auth, "235 welcome\r\n")
		case word == "MAIL FROM":
			ok = s.answer(c, MailFrom, "250 ok\r\n")
		case word == "RCPT TO":
			ok = s.answer(c, RcptTo, "250 ok\r\n")
		case word == "DATA":
			if ok = s.answer(c, Data, "354 go on\r\n"); ok && s.at != Data {
				ok = s.take(c, in)
			}
		case word == "QUIT":
			_ = s.answer(c, "QUIT", "221 bye\r\n")
			return
		default:
			ok = say("500 what?\r\n")(c)
		}
		if !ok {
			return
		}
	}
}

// take reads a message, unless the fault comes in the middle of it.
func (s *badServer) take(c net.Conn, in *bufio.Reader) bool {
	if s.at == Body && s.fault != nil {
		_, _ = in.ReadString('\n')
		return s.fault(c)
	}
	var mail strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return false
		}
		if line == ".\r\n" {
			break
		}
		mail.WriteString(line)
	}
	s.mu.Lock()
	s.mails = append(s.mails, mail.String())
	s.mu.Unlock()
	return s.answer(c, Final, "250 2.0.0 queued as 1\r\n")
}

func (s *badServer) received() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

func (s *badServer) commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines)
}

// sender is impatient: a hang is over soon.
func (s *badServer) sender() SMTP {
	const soon = 300 * time.Millisecond
	return SMTP{Host: "127.0.0.1", Port: s.listener.Addr().(*net.TCPAddr).Port, Security: NoTLS, User: "u", Password: "pass-canary",
		Timeouts: Timeouts{Connect: 5 * time.Second, Command: soon, Block: soon, Final: soon, Quit: soon}}
}

func TestFaultsAtEachVerb(t *testing.T) {
	verbs := []Verb{Greeting, Hello, Auth, MailFrom, RcptTo, Data, Final}
	for name, f := range map[string]struct {
		fault     fault
		code      int
		permanent bool
		words     string
	}{
		"421":                 {fault: cut("421 4.3.2 closing\r\n"), code: 421, words: "421 4.3.2 closing"},
		"450":                 {fault: say("450 4.2.0 later\r\n"), code: 450, words: "450 4.2.0 later"},
		"450 on many lines":   {fault: say("450-4.2.0 later,\r\n450-4.2.0 really\r\n450 4.2.0 later\r\n"), code: 450, words: "450 4.2.0 later, 4.2.0 really 4.2.0 later"},
		"550":                 {fault: say("550 5.7.1 never\r\n"), code: 550, permanent: true, words: "550 5.7.1 never"},
		"550 and hanging up":  {fault: cut("550 5.7.1 never\r\n"), code: 550, permanent: true, words: "550 5.7.1 never"},
		"550 alone":           {fault: say("550\r\n"), code: 550, permanent: true, words: "550"},
		"hanging":             {fault: hang, words: "no answer in time (300ms)"},
		"a slow answer":       {fault: drip("250 "+strings.Repeat("slow ", 30)+"\r\n", 20*time.Millisecond), words: "no answer in time"},
		"reset":               {fault: reset, words: "connection reset"},
		"hanging up":          {fault: cut(""), words: "EOF"},
		"half a line":         {fault: cut("2"), words: "half a line, \"2\": unexpected EOF"},
		"half a good line":    {fault: cut("250 2.0.0 que"), words: "unexpected EOF"},
		"half a bad line":     {fault: cut("550 5.1.1 no"), words: "unexpected EOF"},
		"half an answer":      {fault: cut("250-first\r\n"), words: "EOF"},
		"an endless line":     {fault: endless("250 aaaaaaaaaaaaaaaa"), words: "longer than 4096 bytes"},
		"endless lines":       {fault: endless("250-aaaaaaaaaaa\r\n"), words: "more than 100 lines"},
		"two codes":           {fault: say("250-a\r\n550 b\r\n"), words: "two codes, 250 and 550"},
		"no SMTP":             {fault: cut("HTTP/1.1 400 Bad Request\r\n"), words: "no answer of SMTP: \"HTTP/1.1 400 Bad Request\""},
		"nothing":             {fault: cut("\r\n"), words: "no answer of SMTP"},
		"a code out of range": {fault: cut("999 what\r\n"), words: "no answer of SMTP"},
		"binary":              {fault: cut("\x00\x01\x02\r\n"), words: "no answer of SMTP"},
	} {
		for _, verb := range verbs {
			t.Run(fmt.Sprintf("%s at %s", name, verb), func(t *testing.T) {
				t.Parallel()
				s := startBad(t, verb, f.fault)
				start := time.Now()
				err := s.sender().Send(t.Context(), sample())
				e, ok := AsError(err)
				if !ok {
					t.Fatalf("Send: %v", err)
				}
				// A reset may come before connecting has returned.
				atGreeting := verb == Greeting && e.Verb == Connect && name == "reset"
				if e.Verb != verb && !atGreeting || e.Code != f.code || e.Permanent != f.permanent || !strings.Contains(err.Error(), f.words) {
					t.Errorf("%v: %+v", err, e)
				}
				if want := verb == Final && f.code == 0; e.Uncertain != want {
					t.Errorf("%v: uncertain %t", err, e.Uncertain)
				}
				if want := verb == Greeting || verb == Hello || verb == Auth || f.code == 421; e.Everybody() != want {
					t.Errorf("%v: everybody %t", err, e.Everybody())
				}
				if e.Reason().IsZero() {
					t.Errorf("%v has no reason for people", err)
				}
				if n := len(s.received()); n != 0 && verb != Final {
					t.Errorf("%d mails were given over", n)
				}
				if d := time.Since(start); d > 10*time.Second {
					t.Errorf("it took %s", d)
				}
			})
		}
	}
}

func TestSlowServerIsGivenItsTime(t *testing.T) {
	for verb, answer := range map[Verb]string{
		Greeting: "220 a slow one\r\n", Hello: "250-bad.example\r\n250 AUTH PLAIN\r\n", Auth: "235 ok\r\n",
		MailFrom: "250 ok\r\n", RcptTo: "250 ok\r\n", Final: "250 ok\r\n",
	} {
		t.Run(string(verb), func(t *testing.T) {
			t.Parallel()
			s := startBad(t, verb, drip(answer, 5*time.Millisecond))
			sender := s.sender()
			sender.Timeouts.Command, sender.Timeouts.Final = 10*time.Second, 10*time.Second
			if err := sender.Send(t.Context(), sample()); err != nil {
				t.Error(err)
			}
			if n := len(s.received()); n != 1 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

func TestFaultsWithinTheMessage(t *testing.T) {
	big := sample()
	big.Attachments[0].Data = make([]byte, 3<<20) // more than the buffers on the way
	for name, c := range map[string]struct {
		fault     fault
		permanent bool
		words     string
		block     time.Duration
	}{
		"reset":                    {fault: reset, words: "body: ", block: 20 * time.Second},
		"hanging":                  {fault: deaf(3 * time.Second), words: "no answer in time", block: 300 * time.Millisecond},
		"an answer before the end": {fault: func(c net.Conn) bool { say("552 5.3.4 too big\r\n")(c); return hang(c) }, permanent: true, words: "552 5.3.4 too big", block: 20 * time.Second},
		"an answer, and hanging up": {fault: func(c net.Conn) bool {
			say("552 5.3.4 too big\r\n")(c)
			time.Sleep(100 * time.Millisecond)
			return false
		}, permanent: true, words: "552 5.3.4 too big", block: 20 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startBad(t, Body, c.fault)
			sender := s.sender()
			sender.Timeouts.Block, sender.Timeouts.Final = c.block, c.block
			err := sender.Send(t.Context(), big)
			e, ok := AsError(err)
			if !ok || e.Verb != Body && e.Verb != Final || e.Permanent != c.permanent || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v: %+v", err, e)
			}
			if len(s.received()) > 0 {
				t.Error("it arrived")
			}
		})
	}
}

// The server takes the message and its answer is lost: the next attempt brings the same mail again, with the same
// Message-ID, and there is no third.
func TestLostAnswerMakesOneDuplicateAtMost(t *testing.T) {
	s := startBad(t, Final, cut(""))
	var tries Tries
	for attempt := 1; ; attempt++ {
		err := s.sender().Send(t.Context(), sample())
		e, ok := AsError(err)
		if !ok || !e.Uncertain || e.Permanent {
			t.Fatalf("attempt %d: %v", attempt, err)
		}
		tries.Failed++
		tries.Uncertain++
		if _, more := tries.Next(err); !more {
			break
		}
	}
	mails := s.received()
	if len(mails) != 2 {
		t.Fatalf("%d mails arrived", len(mails))
	}
	id := "<" + sample().ID + ">"
	for i, m := range mails {
		if !strings.Contains(m, id) {
			t.Errorf("mail %d has not the id %s", i+1, id)
		}
	}
}

// After the 250 the message is sent, whatever happens then.
func TestTroubleWithQuitIsNoTrouble(t *testing.T) {
	for name, f := range map[string]fault{"hanging": hang, "reset": reset, "550": say("550 no\r\n"), "half a line": cut("22")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startBad(t, "QUIT", f)
			answer, err := s.sender().Submit(t.Context(), sample())
			if err != nil || answer != "2.0.0 queued as 1" {
				t.Errorf("Submit: %q, %v", answer, err)
			}
		})
	}
}

func TestFaultsOfTLS(t *testing.T) {
	certificate := mailtest.Certificate(t, "127.0.0.1")
	for name, c := range map[string]struct {
		fault     fault
		permanent bool
		words     string
	}{
		"454":                {fault: say("454 4.7.0 not now\r\n"), words: "STARTTLS: 454 4.7.0 not now"},
		"550":                {fault: say("550 5.7.0 no\r\n"), permanent: true, words: "STARTTLS: 550"},
		"no handshake":       {fault: func(c net.Conn) bool { say("220 go\r\n")(c); return hang(c) }, words: "no answer in time"},
		"hanging up":         {fault: cut("220 go\r\n"), words: "STARTTLS: "},
		"words in its mouth": {fault: cut("220 go\r\n250 evil\r\n"), words: "spoke on after STARTTLS"},
		"no TLS": {fault: func(c net.Conn) bool {
			say("220 go\r\n")(c)
			time.Sleep(50 * time.Millisecond)
			return cut("250 hi\r\n")(c)
		}, words: "STARTTLS: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startBad(t, StartTLS, c.fault)
			s.tls = &tls.Config{Certificates: []tls.Certificate{certificate}}
			sender := s.sender()
			sender.Security = OfferedSTARTTLS
			err := sender.Send(t.Context(), sample())
			e, ok := AsError(err)
			if !ok || e.Verb != StartTLS || e.Permanent != c.permanent || !e.Everybody() || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v: %+v", err, e)
			}
			for _, l := range s.commands() {
				if strings.HasPrefix(l, "AUTH") || strings.HasPrefix(l, "MAIL") {
					t.Errorf("went on in clear: %s", l)
				}
			}
		})
	}
}

func TestOldServerWithoutEHLO(t *testing.T) {
	first := true
	s := startBad(t, Hello, func(c net.Conn) bool {
		defer func() { first = false }()
		if first {
			return say("502 5.5.2 what?\r\n")(c)
		}
		return say("250 bad.example\r\n")(c)
	})
	sender := s.sender()
	sender.User, sender.Password = "", ""
	if err := sender.Send(t.Context(), sample()); err != nil {
		t.Error(err)
	}
}

func TestStopsWhenItsContextEnds(t *testing.T) {
	for _, verb := range []Verb{Greeting, MailFrom, Final} {
		t.Run(string(verb), func(t *testing.T) {
			t.Parallel()
			s := startBad(t, verb, hang)
			sender := s.sender()
			sender.Timeouts = Timeouts{} // minutes
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := sender.Send(ctx, sample())
			e, ok := AsError(err)
			if !ok || e.Permanent || e.Verb != verb || e.Uncertain != (verb == Final) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v: %+v", err, e)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("it took %s", d)
			}
		})
	}
}

// What a server echoes must not bring the password into the record.
func TestRecordHasNoPassword(t *testing.T) {
	s := startBad(t, Auth, nil)
	s.fault = func(c net.Conn) bool {
		lines := s.commands()
		return say("535 5.7.8 bad: " + lines[len(lines)-1] + " (pass-canary)\r\n")(c)
	}
	err := s.sender().Send(t.Context(), sample())
	if e, ok := AsError(err); !ok || e.Code != 535 {
		t.Fatalf("Send: %v", err)
	}
	if record := err.Error(); strings.Contains(record, "canary") || strings.Contains(record, "AHUAcGFzcy1jYW5hcnk=") {
		t.Errorf("record %s", record)
	}
}

func TestEndlessAnswerIsCutForTheRecord(t *testing.T) {
	s := startBad(t, RcptTo, say("550 "+strings.Repeat("no \x1b[31m", 300)+"\r\n"))
	err := s.sender().Send(t.Context(), sample())
	if e, ok := AsError(err); !ok || len([]rune(e.Answer)) != 501 || hasControl(e.Answer) {
		t.Errorf("Send: %v", err)
	}
}
