package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// safeBuffer is a log that a server writes while a test reads.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestReadersThatLeaveAreCounted breaks off many requests in every way: before the body is whole, while it is awaited, while the
// answer is sent. The log has a line for each way, none for each of them, and no error.
func TestReadersThatLeaveAreCounted(t *testing.T) {
	const each = 40
	said := &safeBuffer{}
	logger := slog.New(slog.NewTextHandler(said, nil))
	var ended sync.WaitGroup
	app := &App{Log: logger, Clock: time.Now, Access: true, Departures: NewDepartures(logger), Shell: func(*http.Request) Shell { return Shell{} }}
	m := NewMux(app)
	m.Handle("POST /modulo", func(_ http.ResponseWriter, r *http.Request) error { return ParseForm(r) })
	m.Handle("POST /lento", func(w http.ResponseWriter, r *http.Request) error {
		if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
			return err
		}
		_, err := io.ReadAll(r.Body)
		return err
	})
	m.Handle("GET /file", func(w http.ResponseWriter, _ *http.Request) error {
		part := make([]byte, 1<<16)
		for range 10_000 {
			if _, err := w.Write(part); err != nil {
				return fmt.Errorf("file: %w", err)
			}
		}
		return nil
	})
	h := app.Handler(m)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ended.Add(1)
		defer ended.Done()
		h.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(app.Departures.ServerLog(said), "", 0)
	for range each {
		breakOff(t, server, "POST /modulo HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=1", false)
		breakOff(t, server, "POST /lento HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na=1", true)
		breakOff(t, server, "GET /file HTTP/1.1\r\nHost: x\r\n\r\n", true)
		breakOff(t, server, "\x16\x03\x01 no request at all\r\n\r\n", true)
	}
	server.Close() // waits for all of them
	ended.Wait()
	app.Departures.Tell()
	lines := said.String()
	if strings.Contains(lines, "level=ERROR") || strings.Contains(lines, "level=WARN") || strings.Count(lines, "\n") > 3 {
		t.Fatalf("%d lines:\n%.2000s", strings.Count(lines, "\n"), lines)
	}
	for _, want := range []string{fmt.Sprintf("how=left requests=%d networks=1", 2*each), fmt.Sprintf("how=slow requests=%d networks=1", each)} {
		if !strings.Contains(lines, want) {
			t.Errorf("no %q in\n%s", want, lines)
		}
	}
	app.Departures.Tell()
	if said.String() != lines {
		t.Errorf("told twice:\n%s", said)
	}
}

// breakOff sends a beginning and closes the connection, after the first bytes of the answer where there is one to wait for.
func breakOff(t *testing.T, s *httptest.Server, begin string, waits bool) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, begin); err != nil {
		t.Fatal(err)
	}
	if waits {
		c.Read(make([]byte, 10))
	}
	c.Close()
}

// A fault of ours stays one, also where a connection of ours broke.
func TestFaultsOfOursAreListed(t *testing.T) {
	app, said := testApp(t, "http://portale.example")
	app.Departures = NewDepartures(app.Log)
	m := NewMux(app)
	var fail error
	m.Handle("GET /prova", func(http.ResponseWriter, *http.Request) error { return fail })
	for _, fail = range []error{
		errors.New("disk"), fmt.Errorf("database: %w", os.ErrDeadlineExceeded), fmt.Errorf("database: %w", net.ErrClosed), fmt.Errorf("mail: %w", io.ErrUnexpectedEOF),
		context.DeadlineExceeded, context.Canceled,
	} {
		said.Reset()
		if w := get(app.Handler(m), "/prova"); w.Code != 500 || !strings.Contains(said.String(), "level=ERROR") {
			t.Errorf("%v: %d, %s", fail, w.Code, said)
		}
	}
}

// What fails in the middle of an answer breaks the connection off: nobody takes a part for the whole.
func TestAnAnswerThatFailsHalfwayBreaksOff(t *testing.T) {
	app, said := testApp(t, "http://portale.example")
	m := NewMux(app)
	m.Handle("GET /prova", func(w http.ResponseWriter, _ *http.Request) error {
		io.WriteString(w, "metà;")
		return errors.New("disk")
	})
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("ended with %v", p)
		}
		if !strings.Contains(said.String(), "level=ERROR") {
			t.Errorf("the log says %s", said)
		}
	}()
	t.Errorf("answered %s", get(app.Handler(m), "/prova").Body)
}

func TestServerLog(t *testing.T) {
	said, rest := &bytes.Buffer{}, &bytes.Buffer{}
	d := NewDepartures(slog.New(slog.NewTextHandler(said, nil)))
	out := log.New(d.ServerLog(rest), "", 0)
	for range 10_000 {
		out.Print("http: TLS handshake error from 203.0.113.7:4000: EOF")
		out.Print("http2: server connection error from 203.0.113.7:4000: connection error: PROTOCOL_ERROR")
		out.Print("write tcp 10.0.0.1:443->203.0.113.7:4000: write: broken pipe")
		out.Print("read tcp 10.0.0.1:443->203.0.113.7:4000: read: connection reset by peer")
	}
	out.Print("http: Accept error: accept tcp [::]:80: accept4: too many open files; retrying in 5ms")
	out.Print("http: panic serving 203.0.113.7:4000: write: broken pipe")
	d.Tell()
	if got := said.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "how=garbled requests=20000") || !strings.Contains(got, "how=left requests=20000") {
		t.Errorf("said %s", got)
	}
	if got := rest.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "too many open files") || !strings.Contains(got, "panic serving") {
		t.Errorf("passed on %s", got)
	}
}
