package web

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// exporting is a server whose exports write what do writes.
func exporting(t *testing.T, wait time.Duration, do func(ctx context.Context, w io.Writer) error) *httptest.Server {
	t.Helper()
	a, _ := testApp(t, "http://127.0.0.1")
	a.Exports.Wait = wait
	m := NewMux(a)
	m.Handle("GET /tabella", func(w http.ResponseWriter, r *http.Request) error {
		return Export(w, r, "tabella.csv", csvType, do)
	})
	s := httptest.NewServer(a.Handler(m))
	t.Cleanup(s.Close)
	return s
}

// Readers who ask for a table and do not read it keep nobody from the next one.
func TestSlowReadersOfExportsHoldNothing(t *testing.T) {
	const size = 24 << 20 // more than the buffers of a connection
	s := exporting(t, time.Minute, func(_ context.Context, w io.Writer) error {
		_, err := io.Copy(w, io.LimitReader(endless{}, size))
		return err
	})
	for range 4 {
		c, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "GET /tabella HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, make([]byte, 64)); err != nil { // the answer has begun
			t.Fatal(err)
		}
	}
	res, err := s.Client().Get(s.URL + "/tabella")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if n, err := io.Copy(io.Discard, res.Body); err != nil || n != size || res.StatusCode != http.StatusOK {
		t.Errorf("%s, %d bytes, %v", res.Status, n, err)
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

// One table is made at a time; whose turn does not come reads when to come again, and gets it then.
func TestExportsTakeTurns(t *testing.T) {
	begun, go1 := make(chan struct{}, 2), make(chan struct{})
	s := exporting(t, time.Millisecond, func(_ context.Context, w io.Writer) error {
		begun <- struct{}{}
		<-go1
		_, err := io.WriteString(w, "a;b\r\n")
		return err
	})
	first := make(chan *http.Response, 1)
	get := func() *http.Response {
		res, err := s.Client().Get(s.URL + "/tabella")
		if err != nil {
			t.Error(err)
			return &http.Response{Body: http.NoBody}
		}
		return res
	}
	go func() { first <- get() }()
	<-begun
	second := get()
	defer second.Body.Close()
	page, _ := io.ReadAll(second.Body)
	if second.StatusCode != http.StatusServiceUnavailable || second.Header.Get("Retry-After") == "" || !strings.Contains(string(page), "Riprovate tra mezzo minuto") {
		t.Errorf("%s, %q: %.300s", second.Status, second.Header.Get("Retry-After"), page)
	}
	close(go1)
	for _, res := range []*http.Response{<-first, get()} {
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK || string(b) != "a;b\r\n" || res.ContentLength != int64(len(b)) {
			t.Errorf("%s: %q, %v", res.Status, b, err)
		}
	}
}

// A table that fails half way is an error page, not half a table.
func TestAnExportThatFailsIsNoFile(t *testing.T) {
	s := exporting(t, time.Minute, func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "a;b\r\n")
		return io.ErrUnexpectedEOF
	})
	res, err := s.Client().Get(s.URL + "/tabella")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusInternalServerError || strings.Contains(string(b), "a;b") || res.Header.Get("Content-Disposition") != "" {
		t.Errorf("%s, %q", res.Status, b)
	}
}
