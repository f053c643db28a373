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

// Accept says that a signed letter is in order. seen is the file that the clerk looked at: where the school has sent another
// one meanwhile, it is refused.
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
	now := h.Standing
	now.State, now.At = outcome, s.Clock().UTC()
	c.decided(actor, outcome, reason, now.At)
	return s.move(ctx, schoolID, h.Standing, now, func(ctx context.Context) error {
		if err := s.Store.Decide(ctx, c); err != nil {
			return err
		}
		if outcome == Accepted {
			return s.record(ctx, actor, event.LetterAccepted, schoolID, c.ID, "invio", strconv.Itoa(c.Number))
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

// Open gives a file of a school's letter by its id and its name: the letter as PDF or to be edited, or a signed file as it came.
// The bytes are checked against the hash of the row, and the download is recorded.
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
			return s.bytes(ctx, l.File)
		case name == l.FileName(ExtensionDOCX):
			return s.Editable(l.Document)
		}
	}
	for _, c := range h.Copies {
		if c.ID == id && name == c.FileName(h.Letters[0].Document.School.MinistryCode) {
			return s.bytes(ctx, c.File)
		}
	}
	return nil, notYours()
}

// bytes reads a file and holds that it is the one of the row.
func (s *Service) bytes(ctx context.Context, f File) ([]byte, error) {
	data, err := s.Files.Get(ctx, f.Key)
	if err != nil {
		return nil, fmt.Errorf("letter: %w", err)
	}
	if hashOf(data) != f.SHA256 {
		return nil, fmt.Errorf("letter: %s is not the file that was kept", f.Key)
	}
	return data, nil
}

// invalid is an error that says to people what is wrong with what they gave.
func invalid(err error) (*rinnova.Error, bool) {
	e, ok := errors.AsType[*rinnova.Error](err)
	return e, ok && e.Kind == rinnova.Invalid
}
