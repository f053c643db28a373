package letter

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rinnova"
	"rinnova/internal/event"
)

// Accept says that a signed letter is in order; the vendor's signature and the mail to the school follow by a job. seen is the
// file that the clerk looked at: where the school has sent another one meanwhile, it is refused.
func (s *Service) Accept(ctx context.Context, actor rinnova.Actor, schoolID, seen string) error {
	return s.decide(ctx, actor, schoolID, seen, Accepted, "")
}

// Redo asks the school for another letter, with the reason that it reads in the mail and in the portal.
func (s *Service) Redo(ctx context.Context, actor rinnova.Actor, schoolID, seen, reason string) (rinnova.Problems, error) {
	reason = strings.TrimSpace(strings.ReplaceAll(reason, "\r\n", "\n"))
	var p rinnova.Problems
	switch n := len([]rune(reason)); {
	case n == 0:
		p.Refuse(FieldReason, "Scrivete il motivo: la scuola deve sapere che cosa rifare.")
	case n > MaxReason:
		p.Refuse(FieldReason, "Il motivo ha %d caratteri, il massimo è %d: accorciatelo.", n, MaxReason)
	}
	if len(p) > 0 {
		return p, nil
	}
	return nil, s.decide(ctx, actor, schoolID, seen, ToRedo, reason)
}

func (s *Service) decide(ctx context.Context, actor rinnova.Actor, schoolID, seen string, outcome State, reason string) error {
	if !actor.IsOffice() {
		return rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	h, err := s.History(ctx, actor, schoolID)
	if err != nil {
		return err
	}
	c := h.LastSigned()
	if c == nil || c.ID != seen || c.Outcome == outcome {
		return overtaken()
	}
	if outcome == Accepted {
		if err := s.acceptable(ctx, h, c); err != nil {
			return err
		}
	}
	now := h.Standing
	now.State, now.At = outcome, s.Clock().UTC()
	c.decided(actor, outcome, reason, now.At)
	return s.move(ctx, schoolID, h.Standing, now, func(ctx context.Context) error {
		if err := s.Store.Decide(ctx, c); err != nil {
			return err
		}
		if outcome == Accepted {
			return s.accepted(ctx, actor, c)
		}
		if err := s.record(ctx, actor, event.LetterToRedo, schoolID, c.ID, "invio", strconv.Itoa(c.Number), "motivo", reason); err != nil {
			return err
		}
		sch, err := s.Schools.School(ctx, schoolID)
		if err != nil || sch.Email == "" {
			return err // without an address the school reads it in the portal
		}
		return s.Post.LetterToRedo(ctx, sch, reason)
	})
}

// acceptable says why a signed letter cannot be accepted. It goes by the file itself, not by what was noted of it when it came.
func (s *Service) acceptable(ctx context.Context, h *History, c *Signed) error {
	if _, err := s.fit(ctx, h, c); err != nil {
		return err
	}
	if s.Signer == nil {
		return noKey()
	}
	return s.Signer.Ready()
}

// fit reads a signed file and holds that it can be accepted.
func (s *Service) fit(ctx context.Context, h *History, c *Signed) ([]byte, error) {
	data, err := s.proven(ctx, c.paper())
	if err != nil {
		return nil, err
	}
	facts, inner, err := Examine(ctx, data)
	if err == nil {
		err = s.recognize(ctx, h, &facts, inner)
	}
	switch {
	case err != nil:
		return nil, err
	case facts.Altered():
		return nil, rinnova.Fail(rinnova.Conflict, "La firma del file non è valida: la lettera non si può accettare. Chiedete alla scuola di rifarla.")
	case facts.Rewritten():
		return nil, rinnova.Fail(rinnova.Conflict, "Il testo del file è stato cambiato dopo la preparazione o dopo una firma: la lettera non si può accettare. Chiedete alla scuola di rifarla.")
	}
	return data, nil
}

// accepted records that the office has accepted a letter, and lets the vendor sign its acceptance, or sends the one that is there
// from an earlier time, in the transaction of ctx.
func (s *Service) accepted(ctx context.Context, actor rinnova.Actor, c *Signed) error {
	if err := s.record(ctx, actor, event.LetterAccepted, c.SchoolID, c.ID, "invio", strconv.Itoa(c.Number)); err != nil {
		return err
	}
	if c.Acceptance.Kind != "" {
		return s.postAccepted(ctx, c)
	}
	return s.askAcceptance(ctx, Waiting{c.SchoolID, c.ID})
}

// Open gives a file of a school's letter by its id and its name: the letter as PDF or to be edited, a signed file as it came, or
// the vendor's acceptance of it.
// File and row are held against the record, and the download is recorded.
func (s *Service) Open(ctx context.Context, actor rinnova.Actor, schoolID, id, name string) ([]byte, error) {
	h, err := s.History(ctx, actor, schoolID)
	if err != nil {
		return nil, err
	}
	data, err := s.find(ctx, h, id, name)
	if err != nil {
		return nil, err
	}
	return data, s.record(ctx, actor, event.LetterFetched, schoolID, id, "file", name)
}

// Extensions of the two files of a prepared letter.
const (
	ExtensionPDF  = "pdf"
	ExtensionDOCX = "docx"
)

func (s *Service) find(ctx context.Context, h *History, id, name string) ([]byte, error) {
	for _, l := range h.Letters {
		switch {
		case l.ID != id:
		case name == l.FileName(ExtensionPDF):
			return s.proven(ctx, l.paper())
		case name == l.FileName(ExtensionDOCX):
			if _, err := s.proven(ctx, l.paper()); err != nil {
				return nil, err
			}
			return s.Editable(l.Document)
		}
	}
	for _, c := range h.Copies {
		switch code := h.Letters[0].Document.School.MinistryCode; {
		case c.ID != id:
		case name == c.FileName(code):
			return s.proven(ctx, c.paper())
		case c.Acceptance.Kind != "" && name == c.AcceptanceName(code):
			return s.provenAnswer(ctx, &c)
		}
	}
	return nil, notYours()
}

// Attached is the vendor's acceptance with a key, to be mailed to its school.
func (s *Service) Attached(ctx context.Context, schoolID, key string) ([]byte, error) {
	h, err := s.history(ctx, schoolID)
	if err != nil {
		return nil, err
	}
	for _, c := range h.Copies {
		if c.Acceptance.Kind != "" && c.Acceptance.File.Key == key {
			return s.provenAnswer(ctx, &c)
		}
	}
	return nil, fmt.Errorf("letter: the school has no acceptance %s", key)
}

// invalid is an error that says to people what is wrong with what they gave.
func invalid(err error) (*rinnova.Error, bool) {
	e, ok := errors.AsType[*rinnova.Error](err)
	return e, ok && e.Kind == rinnova.Invalid
}
