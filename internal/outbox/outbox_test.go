package outbox_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/job"
	"rinnova/internal/mail"
	"rinnova/internal/outbox"
	"rinnova/internal/outbox/outboxdb"
)

// bench is an outbox with a clock that tests move and a mail server that answers as they say.
type bench struct {
	*outbox.Service
	t     *testing.T
	store outboxdb.Store
	db    *db.DB
	now   time.Time

	mu      sync.Mutex
	answer  func(n int) error // to the n-th attempt, from 1; nil takes everything
	sent    []mail.Message    // given to the server, taken or not
	settled []outbox.Message
}

type files map[string][]byte

func (f files) Attached(_ context.Context, _ *outbox.Message, key string) ([]byte, error) {
	if b, ok := f[key]; ok {
		return b, nil
	}
	return nil, fs.ErrNotExist
}

func newBench(t *testing.T, d *db.DB) *bench {
	b := &bench{t: t, db: d, store: outboxdb.Store{DB: d}, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return b.now }
	b.Service = &outbox.Service{Store: b.store, Queue: job.New(d, clock, slog.New(slog.DiscardHandler)), Files: files{"contracts/1.pdf": []byte("%PDF-1.7")},
		Sender: b, Clock: clock,
		From: func(context.Context) (outbox.Addresses, error) {
			return outbox.Addresses{From: "rinnovi@esempio.example", ReplyTo: "ufficio@esempio.example", Domain: "esempio.example"}, nil
		},
		Settled: func(_ context.Context, m *outbox.Message) error { b.settled = append(b.settled, *m); return nil },
	}
	b.Queue.Handle(outbox.JobKind, b.Work())
	b.Queue.Handle(outbox.PasswordJob, b.WorkPasswords())
	return b
}

// Send is the mail server.
func (b *bench) Send(_ context.Context, m mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, m)
	if b.answer == nil {
		return nil
	}
	return b.answer(len(b.sent))
}

func (b *bench) post(files ...outbox.File) string {
	b.t.Helper()
	content := mail.Content{Subject: "Contratto n. 2027/000001", Title: "Contratto"}
	m := outbox.Message{Kind: outbox.Contract, AboutID: "contratto-1", To: "rgic82700l@istruzione.example"}
	if err := b.Post(b.t.Context(), m, content, files...); err != nil {
		b.t.Fatal(err)
	}
	all, err := b.store.About(b.t.Context(), "contratto-1")
	if err != nil || len(all) == 0 {
		b.t.Fatal(all, err)
	}
	return all[len(all)-1].ID
}

func (b *bench) drain() {
	b.t.Helper()
	if err := b.Queue.Drain(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) message(id string) *outbox.Message {
	b.t.Helper()
	m, err := b.store.Message(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func TestAMessageIsSentOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := b.post(outbox.File{Name: "contratto-2027-000001.pdf", ContentType: "application/pdf", Key: "contracts/1.pdf"})
		if m := b.message(id); m.State != outbox.Queued || len(b.sent) != 0 {
			t.Fatalf("%s, sent %d before its job ran", m.State, len(b.sent))
		}
		b.drain()
		b.now = b.now.Add(time.Hour)
		if err := b.Queue.Insert(t.Context(), outbox.JobKind, map[string]string{"Message": id}, "", time.Time{}); err != nil { // a job that runs twice
			t.Fatal(err)
		}
		b.drain()
		m := b.message(id)
		if len(b.sent) != 1 || m.State != outbox.Sent || m.Attempts != 1 || m.SentAt.IsZero() || len(b.settled) != 1 {
			t.Fatalf("sent %d, %+v, settled %d", len(b.sent), m, len(b.settled))
		}
		out := b.sent[0]
		if out.ID != mail.MessageID(id, "esempio.example") || out.To != m.To || out.Subject != m.Subject || out.ReplyTo != "ufficio@esempio.example" || !out.Date.Equal(m.CreatedAt) {
			t.Errorf("mail %+v", out)
		}
		if len(out.Attachments) != 1 || !bytes.Equal(out.Attachments[0].Data, []byte("%PDF-1.7")) {
			t.Errorf("attachments %v", out.Attachments)
		}
	})
}

func TestAMessageLeavesWithItsTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		stop := errors.New("stop")
		err := d.InTx(t.Context(), func(ctx context.Context) error {
			if err := b.Post(ctx, outbox.Message{Kind: outbox.Receipt, AboutID: "x", To: "a@esempio.example"}, mail.Content{Subject: "x"}); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		b.drain()
		if all, err := b.store.About(t.Context(), "x"); err != nil || len(all) != 0 || len(b.sent) != 0 {
			t.Errorf("%d messages, %d sent, %v", len(all), len(b.sent), err)
		}
	})
}

var later = &mail.Error{Verb: mail.RcptTo, Code: 451, Answer: "4.7.1 greylisted"}

// A server that is down is tried for two days, ever more seldom, with one and the same message.
func TestTriesFollowTheSchedule(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.answer = func(int) error { return later }
		start := b.now
		id := b.post()
		var at []time.Duration
		for b.now.Before(start.Add(72 * time.Hour)) {
			before := len(b.sent)
			b.drain()
			if len(b.sent) > before {
				at = append(at, b.now.Sub(start))
			}
			b.now = b.now.Add(time.Minute)
		}
		var want []time.Duration
		for n, sum := 1, time.Duration(0); ; n++ {
			want = append(want, sum)
			pause, more := mail.Wait(n)
			if !more {
				break
			}
			sum += pause
		}
		if !slices.Equal(at, want) || at[len(at)-1] != mail.Patience {
			t.Errorf("tried at\n%v, want\n%v", at, want)
		}
		m := b.message(id)
		if m.State != outbox.Failed || m.Attempts != len(want) || m.LastError != later.Error() || len(b.settled) != 1 || b.settled[0].State != outbox.Failed {
			t.Errorf("%+v, settled %v", m, b.settled)
		}
		for _, s := range b.sent {
			if s.ID != b.sent[0].ID || !s.Date.Equal(b.sent[0].Date) {
				t.Errorf("a try with another Message-ID or date: %s, %v", s.ID, s.Date)
			}
		}
	})
}

func TestHowTriesEnd(t *testing.T) {
	gone := &mail.Error{Verb: mail.RcptTo, Code: 550, Answer: "5.1.1 unknown user", Permanent: true}
	unsure := &mail.Error{Verb: mail.Final, Uncertain: true, Err: errors.New("connection reset")}
	for name, c := range map[string]struct {
		answers []error // then the server takes everything
		state   outbox.State
		tries   int
	}{
		"refused for good":         {[]error{gone}, outbox.Failed, 1},
		"later, then refused":      {[]error{later, gone}, outbox.Failed, 2},
		"later, later, taken":      {[]error{later, later}, outbox.Sent, 3},
		"perhaps arrived, taken":   {[]error{unsure}, outbox.Sent, 2},
		"perhaps arrived twice":    {[]error{unsure, unsure}, outbox.Failed, 2},
		"perhaps, later, perhaps":  {[]error{unsure, later, unsure}, outbox.Failed, 3},
		"an error of another kind": {[]error{errors.New("no route")}, outbox.Sent, 2},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				b := newBench(t, d)
				b.answer = func(n int) error {
					if n <= len(c.answers) {
						return c.answers[n-1]
					}
					return nil
				}
				id := b.post()
				for range 8 {
					b.drain()
					b.now = b.now.Add(time.Hour)
				}
				m := b.message(id)
				if m.State != c.state || len(b.sent) != c.tries || m.Attempts != c.tries || len(b.settled) != 1 {
					t.Errorf("%s after %d tries (%d on the record), settled %d times: want %s after %d", m.State, len(b.sent), m.Attempts, len(b.settled), c.state, c.tries)
				}
				var attempts int
				row := d.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM message_attempt WHERE message_id = $1`, id)
				if err := row.Scan(&attempts); err != nil || attempts != c.tries {
					t.Errorf("%d attempts on the record, %v", attempts, err)
				}
			})
		})
	}
}

// A mail that has left is not sent again because that could not be recorded: the recording is tried again, for as long as it takes.
func TestAMailThatHasLeftIsOnlyRecordedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		n := 0
		b.Settled = func(context.Context, *outbox.Message) error {
			if n++; n < 3 {
				return errors.New("no space left on device")
			}
			return nil
		}
		id := b.post()
		b.drain()
		b.now = b.now.Add(time.Hour)
		b.drain()
		if m := b.message(id); len(b.sent) != 1 || m.State != outbox.Sent || m.Attempts != 1 || n != 3 {
			t.Errorf("left %d times; %s after %d attempts, recorded at try %d", len(b.sent), m.State, m.Attempts, n)
		}
	})
}

// The same where another process writes for longer than a statement waits: while the mail server answers, or before it is asked.
func TestAMailWaitsForALockedDatabase(t *testing.T) {
	d := dbtest.SQLite(t)
	b := newBench(t, d)
	b.answer = func(int) error { dbtest.Lock(t, d, 300*time.Millisecond); return nil }
	asked := 0
	b.Complete = func(ctx context.Context, m *outbox.Message) (mail.Content, bool, error) {
		if asked++; asked == 1 {
			dbtest.Lock(t, d, 300*time.Millisecond)
		}
		_, err := d.Writer(ctx).ExecContext(ctx, `UPDATE message SET about_id = about_id WHERE id = $1`, m.ID) // a link is written
		return mail.Content{Subject: m.Subject}, true, err
	}
	id := b.post()
	b.drain()
	if m := b.message(id); len(b.sent) != 1 || m.State != outbox.Sent || m.Attempts != 1 || asked != 2 {
		t.Errorf("left %d times; %s after %d attempts, completed %d times", len(b.sent), m.State, m.Attempts, asked)
	}
}

// New passwords and all else stand in queues of their own; of new passwords the newest goes first.
func TestNewPasswordsStandInNobodysWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		for _, to := range []string{"prima", "seconda", "terza"} {
			if err := b.Post(t.Context(), outbox.Message{Kind: outbox.Password, To: to + "@istruzione.example"}, mail.Content{Subject: "x"}); err != nil {
				t.Fatal(err)
			}
			b.now = b.now.Add(time.Second)
		}
		b.post()
		for kind, want := range map[string]int{outbox.PasswordJob: 3, outbox.JobKind: 1} {
			var n int
			if err := d.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM job WHERE kind = $1`, kind).Scan(&n); err != nil || n != want {
				t.Errorf("%d jobs %s, %v: want %d", n, kind, err, want)
			}
		}
		b.drain()
		var got []string
		for _, m := range b.sent {
			if m.To != "rgic82700l@istruzione.example" {
				got = append(got, strings.TrimSuffix(m.To, "@istruzione.example"))
			}
		}
		if fmt.Sprint(got) != "[terza seconda prima]" || len(b.sent) != 4 {
			t.Errorf("left in the order %v, %d in all", got, len(b.sent))
		}
	})
}

// A file that is missing is tried again: the disk may come back.
func TestAMissingFileIsNotTheEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := b.post(outbox.File{Name: "x.pdf", ContentType: "application/pdf", Key: "contracts/2.pdf"})
		b.drain()
		if m := b.message(id); m.State != outbox.Queued || m.Attempts != 1 || len(b.sent) != 0 {
			t.Fatalf("%+v, sent %d", m, len(b.sent))
		}
		b.Files = files{"contracts/2.pdf": []byte("%PDF")}
		b.now = b.now.Add(time.Minute)
		b.drain()
		if m := b.message(id); m.State != outbox.Sent {
			t.Errorf("%+v", m)
		}
	})
}

// Two processes that send the same message settle it once.
func TestTwoProcessesSettleOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		id := b.post()
		one, other := b.message(id), b.message(id)
		if mine, err := b.store.Settle(t.Context(), one, outbox.Attempt{At: b.now, State: outbox.Sent}); err != nil || !mine {
			t.Fatal(mine, err)
		}
		if mine, err := b.store.Settle(t.Context(), other, outbox.Attempt{At: b.now, State: outbox.Failed}); err != nil || mine {
			t.Fatal(mine, err)
		}
		if m := b.message(id); m.State != outbox.Sent || m.Attempts != 1 {
			t.Errorf("%+v", m)
		}
	})
}

// One message that cannot leave delays no other.
func TestOneDeadAddressDelaysNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		b.answer = func(n int) error {
			if n == 1 {
				return later
			}
			return nil
		}
		var ids []string
		for range 5 {
			b.now = b.now.Add(time.Second)
			ids = append(ids, b.post())
		}
		b.drain()
		var states []string
		for _, id := range ids {
			states = append(states, string(b.message(id).State))
		}
		if got := fmt.Sprint(states); got != "[queued sent sent sent sent]" {
			t.Errorf("%s", got)
		}
	})
}

// A secret is put in at each attempt, another each time, and is never stored.
func TestSecretsArePutInAtSending(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		n := 0
		b.Complete = func(_ context.Context, m *outbox.Message) (mail.Content, bool, error) {
			n++
			return mail.Content{Subject: m.Subject, Blocks: []mail.Block{mail.Paragraph(fmt.Sprintf("segreto-%d", n))}}, true, nil
		}
		b.answer = func(n int) error {
			if n == 1 {
				return later
			}
			return nil
		}
		id := b.post()
		for range 2 {
			b.drain()
			b.now = b.now.Add(time.Hour)
		}
		if len(b.sent) != 2 || b.sent[0].Text != "segreto-1\n" || b.sent[1].Text != "segreto-2\n" || b.sent[0].ID == b.sent[1].ID {
			t.Errorf("sent %+v", b.sent)
		}
		if m := b.message(id); m.State != outbox.Sent || strings.Contains(m.Body.Text+m.Body.HTML, "segreto") {
			t.Errorf("stored %+v", m)
		}
		b.Complete = func(context.Context, *outbox.Message) (mail.Content, bool, error) {
			return mail.Content{}, false, &mail.Error{Verb: mail.Compose, Permanent: true, Err: errors.New("too late")}
		}
		id = b.post()
		b.drain()
		if m := b.message(id); m.State != outbox.Failed || m.LastError != "compose: too late" || len(b.sent) != 2 {
			t.Errorf("%+v, sent %d", m, len(b.sent))
		}
	})
}

// A server that cannot be reached costs no attempt: the message waits for days, says why, and leaves within a quarter of an hour of its
// return. The log has a line each time, and no address.
func TestAMessageWaitsForAServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		var log bytes.Buffer
		b.Log, b.School = slog.New(slog.NewTextHandler(&log, nil)), func(context.Context, string) string { return "SG00001" }
		b.answer = func(int) error { return &mail.Error{Verb: mail.Connect, Err: errors.New("connection refused")} }
		id := b.post()
		for range 4 * 24 { // four days
			b.drain()
			b.now = b.now.Add(time.Hour)
		}
		if m := b.message(id); m.State != outbox.Queued || m.Attempts != 0 || m.LastError != "connect: connection refused" || len(b.settled) != 0 {
			t.Errorf("%+v, settled %d", m, len(b.settled))
		}
		if n := strings.Count(log.String(), "mail waits"); n != len(b.sent) || n < 90 || !strings.Contains(log.String(), "message="+id) || strings.Contains(log.String(), "@") {
			t.Errorf("%d lines of %d: %.400s", n, len(b.sent), log.String())
		}
		b.answer = nil
		b.drain()
		if m := b.message(id); m.State != outbox.Sent {
			t.Errorf("after its return: %+v", m)
		}
	})
}

// A message that was given up is in the log, and can be sent again: to the address that the school has by then, as long as a new one.
func TestAMessageIsSentAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := newBench(t, d)
		var log bytes.Buffer
		b.Log = slog.New(slog.NewTextHandler(&log, nil))
		gone := &mail.Error{Verb: mail.RcptTo, Code: 550, Answer: "5.1.1 <rgic82700l@istruzione.example> unknown", Permanent: true}
		b.answer = func(int) error { return gone }
		id, clerk := b.post(), rinnova.Actor{AccountID: "1", Role: rinnova.RoleClerk}
		if _, err := b.Resend(t.Context(), clerk, id); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a message that waits: %v", err)
		}
		b.drain()
		if !strings.Contains(log.String(), "level=WARN msg=\"mail given up\" message="+id+" kind=contract") || strings.Contains(log.String(), "@") {
			t.Error(log.String())
		}
		if _, err := b.Resend(t.Context(), rinnova.Actor{AccountID: "2", Role: rinnova.RoleSchool}, id); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("a school: %v", err)
		}
		var resent int
		b.Resent = func(context.Context, rinnova.Actor, *outbox.Message) error { resent++; return nil }
		for range 2 { // a double click
			if _, err := b.Resend(t.Context(), clerk, id); (err == nil) != (resent == 1) && rinnova.KindOf(err) != rinnova.Conflict {
				t.Error(err)
			}
		}
		b.answer = func(n int) error {
			if n == 2 {
				return later
			}
			return nil
		}
		b.drain()
		if m := b.message(id); m.State != outbox.Queued {
			t.Errorf("sent again, put off: %+v", m)
		}
		b.now = b.now.Add(time.Minute) // the first pause, as of a new one
		b.drain()
		if m := b.message(id); m.State != outbox.Sent || m.Attempts != 3 || resent != 1 || len(b.settled) != 2 {
			t.Errorf("%+v, sent again %d times, settled %d", m, resent, len(b.settled))
		}
	})
}
