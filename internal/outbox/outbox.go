// Package outbox is the mail that leaves: written in the transaction of what it tells, sent by a job afterwards, with
// every attempt on the record. A mail server's trouble never reaches the commercial step.
package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/job"
	"rinnova/internal/mail"
)

// Kind names what a message tells.
type Kind string

// The kinds of message.
const (
	Receipt      Kind = "receipt"        // a confirmation arrived
	ToCorrect    Kind = "to_correct"     // a request was returned
	Notice       Kind = "notice"         // a school's notice that it renews nothing arrived
	Contract     Kind = "contract"       // the signed contract
	Password     Kind = "password"       // the link to a new password; written whole only when it leaves
	Changed      Kind = "changed"        // a password was changed
	Besieged     Kind = "besieged"       // many have guessed at a user name
	LetterToRedo Kind = "letter_to_redo" // a signed letter of appointment was not accepted

	LetterAccepted Kind = "letter_accepted" // one was, and the vendor has signed

	CorrectionDecided Kind = "correction"      // what became of a correction of the school's data
	AddressChanged    Kind = "address_changed" // the school's institutional address is another one

	Reminder Kind = "reminder" // a renewal closes, or lacks its CIG
)

// State is where a message stands.
type State string

// The states of a message.
const (
	Queued State = "queued"
	Sent   State = "sent"   // the mail server took it
	Failed State = "failed" // given up: refused for good, or tried for 48 hours with a server that answers
)

// Message is one mail with its record.
type Message struct {
	ID        string
	Kind      Kind
	SchoolID  string
	AboutID   string // the request or contract that it speaks of
	To        string
	Subject   string
	Body      Body
	State     State
	Attempts  int // made so far
	Uncertain int // of them, those after which the mail may have arrived; since it was last sent again
	Before    int // of them, those before it was last sent again
	LastError string
	CreatedAt time.Time
	SentAt    time.Time
}

// Body is what the mail says, as it was when it was written, and which files go with it.
type Body struct {
	Text, HTML  string
	Unsubscribe string `json:",omitempty"` // where one post stops mails of this sort
	Files       []File
}

// File is an attachment that is kept elsewhere.
type File struct {
	Name, ContentType, Key string
}

// Store keeps messages.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	Add(ctx context.Context, m *Message) error
	Message(ctx context.Context, id string) (*Message, error)
	// Settle records an attempt and what the message is after it; false where another process has settled it.
	Settle(ctx context.Context, m *Message, a Attempt) (bool, error)
	// Wait says why a queued message waits; nothing is counted.
	Wait(ctx context.Context, id, why string) error
	// Requeue lets a message that was given up be tried anew, to an address; false where it was not given up.
	Requeue(ctx context.Context, id, to string) (bool, error)
}

// Attempt is one try to send.
type Attempt struct {
	At        time.Time
	State     State  // of the message afterwards
	Detail    string // the server's words
	Uncertain bool
}

// Files reads what is attached to a message, once it has been found to be what it was.
type Files interface {
	Attached(ctx context.Context, m *Message, key string) ([]byte, error)
}

// Addresses are who mails come from.
type Addresses struct {
	From    string // Esempio Software, rinnovi <rinnovi@…>
	ReplyTo string
	Domain  string // of Message-IDs
}

// Service sends messages.
type Service struct {
	Store  Store
	Queue  *job.Queue
	Files  Files
	Sender mail.Sender
	Clock  rinnova.Clock
	// From gives the sender's addresses at the time of sending.
	From func(ctx context.Context) (Addresses, error)
	// Complete gives what a message says that holds a secret, at each attempt to send it: what is stored has no secret. A
	// permanent mail.Error gives the message up. ok is false for messages that are whole already. It may be nil.
	Complete func(ctx context.Context, m *Message) (c mail.Content, ok bool, err error)
	// Settled is told, in the same transaction, when a message has been sent or given up. It may be nil.
	Settled func(ctx context.Context, m *Message) error
	// Log has a line for each attempt that failed; School names a school there, by its portal code. They may be nil.
	Log    *slog.Logger
	School func(ctx context.Context, id string) string
	// Slow is after how long the log says that a mail server keeps a message waiting; 0 is a minute.
	Slow time.Duration
	// Address is the institutional address that a school has now; nil: the message's own.
	Address func(ctx context.Context, schoolID string) (string, error)
	// Resent is told, in the same transaction, that somebody has sent a message again. It may be nil.
	Resent func(ctx context.Context, actor rinnova.Actor, m *Message) error

	answers sync.Map // try → answer: what the database has not heard of yet
}

// try names an attempt, answer is what came of it.
type (
	try struct {
		message string
		before  int // attempts on the record
	}
	answer struct {
		Attempt
		pause  time.Duration // until the next one, of a message that is still queued
		failed error
	}
)

// JobKind is the kind of the jobs that send; PasswordJob of those for new passwords, which anybody can ask for: neither do these stand
// behind receipts and contracts, nor those behind these.
const (
	JobKind     = "mail.send"
	PasswordJob = "mail.password"
)

// jobOf is the kind of the job that sends a message.
func jobOf(m *Message) string {
	if m.Kind == Password {
		return PasswordJob
	}
	return JobKind
}

type sendArgs struct{ Message string }

// Post writes a message in the transaction of ctx and asks for its sending.
func (s *Service) Post(ctx context.Context, m Message, c mail.Content, files ...File) error {
	text := mail.Message{}.Fill(c)
	m.ID = rinnova.NewID(s.Clock())
	m.Subject, m.Body = text.Subject, Body{Text: text.Text, HTML: text.HTML, Unsubscribe: text.Unsubscribe, Files: files}
	m.State, m.CreatedAt = Queued, s.Clock().UTC()
	if err := s.Store.Add(ctx, &m); err != nil {
		return err
	}
	return s.Queue.Insert(ctx, jobOf(&m), sendArgs{m.ID}, JobKind+":"+m.ID, time.Time{})
}

// Work is the worker of the sending jobs. Several run at once, so that one slow conversation delays nobody else.
func (s *Service) Work() job.Worker {
	return job.Worker{Run: s.send, Count: 4, Timeout: conversation + settling}
}

// WorkPasswords is the worker of those for new passwords: the newest first, for whoever has just asked is waiting.
func (s *Service) WorkPasswords() job.Worker {
	w := s.Work()
	w.Count, w.NewestFirst = 2, true
	return w
}

const (
	conversation = 15 * time.Minute // the answer to the final dot alone may take ten
	settling     = 10 * time.Minute // how long an attempt waits to be recorded, before its job is put off
)

// recording bounds how long an attempt that was cut off may take to get on the record.
const recording = 3 * time.Second

func (s *Service) send(ctx context.Context, j job.Job) error {
	var args sendArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	m, err := s.Store.Message(ctx, args.Message)
	if err != nil {
		return err
	}
	if m.State != Queued {
		return nil // a job that runs twice
	}
	o, known := s.answers.Load(try{m.ID, m.Attempts}) // a mail that has left is recorded, not sent again
	if !known {
		failed := s.deliver(ctx, m)
		if ctx.Err() != nil { // the time is over, or the program ends: what became of the mail is put on the record all the same
			var done context.CancelFunc
			ctx, done = context.WithTimeout(context.WithoutCancel(ctx), recording)
			defer done()
		}
		if waits(failed) {
			return s.wait(ctx, m, j.Attempt, failed)
		}
		if db.IsBusy(failed) { // before a word with the mail server: no attempt
			return failed
		}
		a, pause := s.outcome(m, failed)
		o = answer{a, pause, failed}
	}
	return s.answered(ctx, m, o.(answer))
}

// answered records what came of an attempt, and says when the next one is due.
func (s *Service) answered(ctx context.Context, m *Message, o answer) error {
	if err := s.settle(ctx, m, o); err != nil {
		return err
	}
	switch o.State {
	case Failed:
		s.log(ctx, slog.LevelWarn, "mail given up", m, o.failed, "attempts", m.Attempts+1)
	case Queued:
		s.log(ctx, slog.LevelInfo, "mail put off", m, o.failed, "attempts", m.Attempts+1, "next", o.pause)
		return job.RetryIn(o.pause, errors.New(brief(o.failed)))
	}
	return nil
}

// outcome says what an attempt means for the message, and when the next one is due.
func (s *Service) outcome(m *Message, failed error) (Attempt, time.Duration) {
	a := Attempt{At: s.Clock().UTC(), State: Sent}
	if failed == nil {
		return a, 0
	}
	a.Detail = failed.Error()
	tries := mail.Tries{Failed: m.Attempts - m.Before + 1, Uncertain: m.Uncertain}
	if e, ok := mail.AsError(failed); ok && e.Uncertain {
		a.Uncertain = true
		tries.Uncertain++
	}
	pause, more := tries.Next(failed)
	if e, ok := mail.AsError(failed); ok && e.Everybody() {
		pause, more = mail.Wait(tries.Failed) // the service is closing: its 5xx is not about this message
	}
	a.State = Failed
	if more {
		a.State = Queued
	}
	return a, pause
}

func (s *Service) deliver(ctx context.Context, m *Message) error {
	ctx, cancel := context.WithTimeout(ctx, conversation)
	defer cancel()
	from, err := s.From(ctx)
	if err != nil {
		return noSender{err}
	}
	out := mail.Message{
		ID: mail.MessageID(m.ID, from.Domain), From: from.From, ReplyTo: from.ReplyTo, To: m.To,
		Subject: m.Subject, Text: m.Body.Text, HTML: m.Body.HTML, Unsubscribe: m.Body.Unsubscribe, Date: m.CreatedAt,
	}
	if out, err = s.complete(ctx, m, out, from.Domain); err != nil {
		return err
	}
	for _, f := range m.Body.Files {
		data, err := s.Files.Attached(ctx, m, f.Key)
		if err != nil {
			return fmt.Errorf("attachment %s: %w", f.Name, err)
		}
		out.Attachments = append(out.Attachments, mail.Attachment{Name: f.Name, ContentType: f.ContentType, Data: data})
	}
	return s.give(ctx, m, out)
}

// give hands a message to the mail server. One that does not answer may keep it for minutes (RFC 5321, 4.5.3.2), and others behind it: the
// log says so.
func (s *Service) give(ctx context.Context, m *Message, out mail.Message) error {
	if s.Log != nil {
		slow := cmp.Or(s.Slow, time.Minute)
		tell := time.AfterFunc(slow, func() {
			s.Log.Warn("the mail server keeps a mail waiting for its answer", "message", m.ID, "kind", string(m.Kind), "for", slow)
		})
		defer tell.Stop()
	}
	return s.Sender.Send(ctx, out)
}

// complete puts the secret in. Each attempt says something else, so it is another mail: under one Message-ID a mail server
// could drop the newer as a copy of the older.
func (s *Service) complete(ctx context.Context, m *Message, out mail.Message, domain string) (mail.Message, error) {
	if s.Complete == nil {
		return out, nil
	}
	c, ok, err := s.Complete(ctx, m)
	if err != nil || !ok {
		return out, err
	}
	out.ID = mail.MessageID(fmt.Sprintf("%s-%d", m.ID, m.Attempts+1), domain)
	return out.Fill(c), nil
}

// settle records an attempt, with patience: the mail may have left, and what is not on the record would leave again.
func (s *Service) settle(ctx context.Context, m *Message, o answer) error {
	this := try{m.ID, m.Attempts}
	s.answers.Store(this, o)
	ctx, cancel := context.WithTimeout(ctx, settling)
	defer cancel()
	for pause := time.Second; ; pause = min(2*pause, maxSettlingPause) {
		err := s.record(ctx, m, o.Attempt)
		if err == nil {
			s.answers.Delete(this)
			return nil
		}
		s.log(ctx, slog.LevelWarn, "mail not recorded yet", m, err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

const maxSettlingPause = 15 * time.Second

func (s *Service) record(ctx context.Context, m *Message, a Attempt) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		mine, err := s.Store.Settle(ctx, m, a)
		if err != nil || !mine || a.State == Queued || s.Settled == nil {
			return err
		}
		m.State, m.LastError = a.State, a.Detail
		return s.Settled(ctx, m)
	})
}
