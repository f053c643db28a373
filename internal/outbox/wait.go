package outbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rinnova"
	"rinnova/internal/job"
	"rinnova/internal/mail"
)

// noSender says that nobody is set whom mail could come from.
type noSender struct{ error }

func (n noSender) Unwrap() error { return n.error }

// waits tells a failure that is no attempt: no server is set or it cannot be reached, or there is no sender. The message waits until
// somebody has put that right, however long it takes: giving up would lose every mail that waits.
func waits(failed error) bool {
	if _, ok := errors.AsType[noSender](failed); ok {
		return true
	}
	e, ok := mail.AsError(failed)
	return ok && e.Unreached()
}

// Pauses of a message that waits: a minute, then twice as long each time.
const (
	firstPause = time.Minute
	maxPause   = 15 * time.Minute
)

// wait says why a message waits, and when it is tried again; n counts the runs of its job.
func (s *Service) wait(ctx context.Context, m *Message, n int, why error) error {
	if err := s.Store.Wait(ctx, m.ID, why.Error()); err != nil {
		return err
	}
	pause := min(firstPause<<min(max(n-1, 0), 8), maxPause)
	s.log(ctx, slog.LevelInfo, "mail waits", m, why, "next", pause)
	return job.RetryIn(pause, errors.New(brief(why)))
}

// log writes a line about a message; it names no address.
func (s *Service) log(ctx context.Context, level slog.Level, what string, m *Message, failed error, more ...any) {
	if s.Log == nil {
		return
	}
	line := []any{"message", m.ID, "kind", string(m.Kind)}
	if s.School != nil && m.SchoolID != "" {
		line = append(line, "school", s.School(ctx, m.SchoolID))
	}
	s.Log.Log(ctx, level, what, append(append(line, "error", brief(failed)), more...)...)
}

// brief is a failure without what a mail server says, which may repeat an address.
func brief(failed error) string {
	if e, ok := mail.AsError(failed); ok && e.Code != 0 {
		return e.Brief()
	}
	return failed.Error()
}

// toSchool are the kinds of message that go to a school's institutional address, whatever it is.
var toSchool = map[Kind]bool{Receipt: true, ToCorrect: true, Notice: true, Contract: true, LetterToRedo: true, LetterAccepted: true, CorrectionDecided: true, Reminder: true}

// Resend lets a message that was given up be tried anew, as long as a new one. What goes to a school goes to the address that it has now:
// a wrong one is why most are given up.
func (s *Service) Resend(ctx context.Context, actor rinnova.Actor, id string) (*Message, error) {
	if !actor.IsOffice() {
		return nil, rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	m, err := s.Store.Message(ctx, id)
	if err != nil {
		return nil, err
	}
	if m.Kind == Password {
		return nil, rinnova.Fail(rinnova.Conflict, "Un link per la nuova password non si invia due volte: chi ne ha bisogno ne chiede uno nuovo dalla pagina di accesso.")
	}
	if s.Address != nil && m.SchoolID != "" && toSchool[m.Kind] {
		if m.To, err = s.Address(ctx, m.SchoolID); err != nil {
			return nil, err
		}
	}
	if m.To == "" {
		return nil, rinnova.Fail(rinnova.Conflict, "Nell’anagrafe della scuola non c’è un indirizzo e-mail: scrivetelo e rinviate il messaggio.")
	}
	return m, s.Store.InTx(ctx, func(ctx context.Context) error { return s.requeue(ctx, actor, m) })
}

func (s *Service) requeue(ctx context.Context, actor rinnova.Actor, m *Message) error {
	failed, err := s.Store.Requeue(ctx, m.ID, m.To)
	if err == nil && !failed {
		err = rinnova.Fail(rinnova.Conflict, "Questo messaggio non è da rinviare: è partito, o sta per partire.")
	}
	if err == nil && s.Resent != nil {
		err = s.Resent(ctx, actor, m)
	}
	if err != nil {
		return err
	}
	return s.Queue.Insert(ctx, jobOf(m), sendArgs{m.ID}, JobKind+":"+m.ID, time.Time{})
}
