package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// Readers leave: they close the window, their connection breaks, they are slow or break off on purpose. None of it is a fault of
// ours, and somebody who does it ten thousand times must not fill the log: it is counted, and told once a minute.

// Departure is how a reader left before the answer was whole.
type Departure string

// The departures.
const (
	Left    Departure = "left"    // closed the connection
	Slow    Departure = "slow"    // did not send, or take, in time
	Garbled Departure = "garbled" // what the server could not take for a request: a broken handshake, another protocol
)

// Departures counts readers that left, until Tell writes them in the log. Nil counts nothing.
type Departures struct {
	log *slog.Logger

	mu     sync.Mutex
	counts map[Departure]*departed
}

// departed is one kind since the log was last told.
type departed struct {
	n       int
	readers map[netip.Addr]bool // networks, up to mostReaders
}

// mostReaders bounds the networks that are remembered between two lines.
const mostReaders = 1000

// NewDepartures counts for a log.
func NewDepartures(log *slog.Logger) *Departures {
	return &Departures{log: log, counts: map[Departure]*departed{}}
}

// Add counts a reader; the zero Addr is one that is not known.
func (d *Departures) Add(kind Departure, reader netip.Addr) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	x := d.counts[kind]
	if x == nil {
		x = &departed{readers: map[netip.Addr]bool{}}
		d.counts[kind] = x
	}
	x.n++
	if reader.IsValid() && len(x.readers) < mostReaders {
		x.readers[network(reader)] = true
	}
}

// Tell writes a line for each kind that was counted since it was last called; it is called once a minute, and at the end.
func (d *Departures) Tell() {
	d.mu.Lock()
	counts := d.counts
	d.counts = map[Departure]*departed{}
	d.mu.Unlock()
	kinds := make([]Departure, 0, len(counts))
	for k := range counts {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		d.log.Info("readers gone before the answer", "how", k, "requests", counts[k].n, "networks", len(counts[k].readers))
	}
}

// broken is an error of the connection to the reader: of what it sends, or of what is sent to it.
type broken struct{ err error }

func (e *broken) Error() string { return "reader’s connection: " + e.err.Error() }
func (e *broken) Unwrap() error { return e.err }

// body marks the errors of a request's body.
type body struct{ io.ReadCloser }

func (b body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &broken{err}
	}
	return n, err
}

// departure tells whether an error, or the end of a request, is a reader that left.
func departure(r *http.Request, err error) (Departure, bool) {
	var b *broken
	switch {
	case errors.As(err, &b) && !tooLarge(err):
		return b.how(), true
	case r.Context().Err() != nil: // nobody else ends the context of a request before it is answered
		return Left, true
	}
	return "", false
}

func (e *broken) how() Departure {
	if errors.Is(e.err, os.ErrDeadlineExceeded) {
		return Slow
	}
	return Left
}

// ServerLog is the log of net/http's own server: what it says of readers is counted, the rest is written.
func (d *Departures) ServerLog(next io.Writer) io.Writer { return serverLog{d, next} }

type serverLog struct {
	departures *Departures
	next       io.Writer
}

// ofReaders are how the server begins what it says of one connection.
var ofReaders = []string{"http: TLS handshake error", "http2: ", "http: URL query contains semicolon", "http: response.WriteHeader on hijacked"}

// ofBreaks is what the system says of a connection that broke.
var ofBreaks = []string{syscall.EPIPE.Error(), syscall.ECONNRESET.Error(), os.ErrDeadlineExceeded.Error(), io.ErrUnexpectedEOF.Error()}

// Write takes one line of the server.
func (s serverLog) Write(line []byte) (int, error) {
	text := string(line)
	reader := func(begin string) bool { return strings.HasPrefix(text, begin) }
	breaks := func(what string) bool { return strings.Contains(text, what) }
	switch {
	case slices.ContainsFunc(ofReaders, reader):
		s.departures.Add(Garbled, netip.Addr{})
	case strings.HasPrefix(text, "http: panic"), !slices.ContainsFunc(ofBreaks, breaks):
		return s.next.Write(line)
	default:
		s.departures.Add(Left, netip.Addr{})
	}
	return len(line), nil
}
