package outbox_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/mail"
	"rinnova/internal/outbox"
)

// stalled is a mail server that takes the message and never answers the final dot.
type stalled struct{ began chan struct{} }

// Send waits until it is cut off.
func (s stalled) Send(ctx context.Context, _ mail.Message) error {
	close(s.began)
	<-ctx.Done()
	return &mail.Error{Verb: mail.Final, Uncertain: true, Err: ctx.Err()}
}

// While a mail server keeps a mail waiting the log says so; an attempt that the end of the program cuts off is on the record as one after
// which the mail may have arrived.
func TestAServerThatNeverAnswers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		var log bytes.Buffer
		b.Log, b.Slow, b.Queue.Grace = slog.New(slog.NewTextHandler(&log, nil)), 50*time.Millisecond, 300*time.Millisecond
		server := stalled{make(chan struct{})}
		b.Sender = server
		id := b.post()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { b.Queue.Run(ctx); close(ended) }()
		<-server.began
		stop()
		<-ended
		if !strings.Contains(log.String(), "keeps a mail waiting") || !strings.Contains(log.String(), "message="+id) {
			t.Errorf("the log says %q", log.String())
		}
		if m := b.message(id); m.State != outbox.Queued || m.Attempts != 1 || m.Uncertain != 1 {
			t.Errorf("%+v", m)
		}
	})
}
