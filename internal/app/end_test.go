package app_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/app"
	"rinnova/internal/demo"
	"rinnova/internal/event"
	"rinnova/internal/mail"
	"rinnova/internal/outbox"
)

// silence is a mail server that takes connections and never says a word.
func silence(t *testing.T) (port int, called <-chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { l.Close() })
	calls := make(chan struct{}, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			calls <- struct{}{}
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, calls
}

// A portal that is asked to end while the mail server stalls ends soon, says so, and marks how far it had come.
func TestTheEndWhileTheMailServerStalls(t *testing.T) {
	port, called := silence(t)
	var log bytes.Buffer
	a, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data"), Mail: app.MailConfig{Host: "127.0.0.1", Port: port, Security: mail.NoTLS}},
		time.Now, slog.New(slog.NewTextHandler(&log, nil)))
	must(t, err)
	defer a.Close()
	must(t, a.Vendors.Save(t.Context(), rinnova.System, demo.Profile()))
	must(t, a.Outbox.Post(t.Context(), outbox.Message{Kind: outbox.Receipt, To: "scuola@esempio.example"}, mail.Content{Subject: "Prova", Title: "Prova"}))
	a.Queue.Grace = 300 * time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(ctx, l) }()
	<-called
	must(t, a.Events.Record(t.Context(), event.Event{At: time.Now().UTC(), Kind: event.MailSent, Actor: rinnova.System})) // to be marked
	stop()
	select {
	case err := <-ended:
		must(t, err)
	case <-time.After(10 * time.Second):
		t.Fatal("it lives on")
	}
	for _, want := range []string{"ending", "cut off", "msg=ended"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, log.String())
		}
	}
	head, err := a.Events.Head(t.Context())
	must(t, err)
	heads, _, err := a.Witness.Heads(t.Context())
	must(t, err)
	if len(heads) == 0 || heads[len(heads)-1] != head {
		t.Errorf("marked %v, the head is %v", heads, head)
	}
}
