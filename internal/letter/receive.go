package letter

import (
	"bytes"
	"context"
	"errors"
	"time"

	"rinnova"
	"rinnova/internal/pdf/incremental"
)

// Receive takes a signed letter from its school, as it comes. Problems of the field FieldFile say why a file is not taken. What
// may be a mistake is kept with the outcome Held until the school says by Send that this is what it means, or by Drop that it is
// not: a file without a digital signature, and one of a letter that was prepared again since.
func (s *Service) Receive(ctx context.Context, actor rinnova.Actor, name string, data []byte) (*Signed, rinnova.Problems, error) {
	h, err := s.own(ctx, actor)
	if err != nil {
		return nil, nil, err
	}
	if h.Last() == nil {
		return nil, nil, rinnova.Fail(rinnova.Conflict, "Prima preparate la lettera, poi caricatela firmata.")
	}
	leave, err := s.Turns.take(ctx, actor.SchoolID)
	if err != nil {
		return nil, nil, err
	}
	defer leave()
	facts, inner, err := Examine(ctx, data)
	if err != nil {
		return nil, refusal(err), asFault(err)
	}
	sum := hashOf(data)
	if old, problems := h.known(sum); old != nil || len(problems) > 0 {
		return old, problems, nil
	}
	if err := s.recognize(ctx, h, &facts, inner); err != nil {
		return nil, refusal(err), asFault(err)
	}
	if problems := h.otherThanSigned(ctx, facts, inner); len(problems) > 0 {
		return nil, problems, nil
	}
	if err := s.notTooMany(len(h.Copies), func(i int) time.Time { return h.Copies[i].At }); err != nil {
		return nil, nil, err
	}
	c := &Signed{ID: rinnova.NewID(s.Clock()), SchoolID: actor.SchoolID, Name: CleanName(name), Facts: facts, By: actor.Username, At: s.Clock().UTC()}
	if c.File, err = s.keep(ctx, c.SchoolID, c.ID, facts.Format, data); err != nil {
		return nil, nil, err
	}
	if c.Scan() || h.Outdated(c) {
		return c, nil, s.hold(ctx, h, c)
	}
	return c, nil, s.send(ctx, actor, h, c)
}

// recognize finds out which of the prepared letters a PDF is. Its text is that of the letter only where nothing but signatures was
// appended: what else follows the bytes of a PDF may change what they say.
func (f *Facts) recognize(ctx context.Context, letters []Letter, inner []byte) error {
	if l := beginningOf(letters, inner); l != nil {
		f.Number = l.Number
		shown, err := incremental.SignaturesAfter(ctx, inner, int(l.File.Size))
		switch f.Shown = shown; {
		case errors.Is(err, incremental.ErrMore):
			f.Changed = true
		case err != nil:
			return unread(inner, err)
		default:
			f.Ours = l.Number
		}
		return nil
	}
	f.Number = originOf(ctx, inner).numberOf(letters)
	return nil
}

// recognize does that with the letters of a school; the one that it is must be the one on the record.
func (s *Service) recognize(ctx context.Context, h *History, f *Facts, inner []byte) error {
	if err := f.recognize(ctx, h.Letters, inner); err != nil || f.Ours == 0 {
		return err
	}
	_, err := s.proven(ctx, beginningOf(h.Letters, inner).paper())
	return err
}

// beginningOf is the prepared letter that a PDF is, or goes on from after its last byte; nil where it is none.
func beginningOf(letters []Letter, pdf []byte) *Letter {
	for i, l := range letters {
		if int64(len(pdf)) >= l.File.Size && hashOf(pdf[:l.File.Size]) == l.File.SHA256 {
			return &letters[i]
		}
	}
	return nil
}

// known answers a file that is here already: the one that was sent or held last, one that is to be done again, or an acceptance.
func (h *History) known(sum string) (*Signed, rinnova.Problems) {
	if h.Held != nil && h.Held.File.SHA256 == sum {
		return h.Held, nil
	}
	for i := range h.Copies {
		switch c := &h.Copies[i]; {
		case c.Acceptance.File.SHA256 == sum:
			return nil, refused(rinnova.Say("È la lettera con la nostra accettazione, che il portale vi ha mandato: è già qui, non serve caricarla."))
		case c.File.SHA256 != sum:
		case c.Outcome == ToRedo:
			return nil, refused(rinnova.Say("È lo stesso file che l’ufficio ha chiesto di rifare. Leggete il motivo, rifate la lettera e caricate quella nuova."))
		case i == 0:
			return c, nil
		}
	}
	return nil, nil
}

// otherThanSigned refuses a prepared letter as it was downloaded, and what the portal has made as something else.
func (h *History) otherThanSigned(ctx context.Context, f Facts, inner []byte) rinnova.Problems {
	if l := beginningOf(h.Letters, inner); l != nil {
		if len(f.Signatures) > 0 || len(bytes.TrimSpace(inner[l.File.Size:])) > 0 {
			return nil
		}
		return refused(rinnova.Say("È la lettera come l’avete scaricata, senza firma. Firmatela, poi caricate il file firmato."))
	}
	if what := originOf(ctx, inner).another(h.Letters); !what.IsZero() {
		return refused(what)
	}
	return nil
}

// hold keeps a file that the school must say something about, in the place of one that it has been asked about before.
func (s *Service) hold(ctx context.Context, h *History, c *Signed) error {
	c.Outcome = Held
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if h.Held != nil {
			if mine, err := s.Store.Release(ctx, c.SchoolID, h.Held.ID); err != nil || !mine {
				return orOvertaken(err)
			}
		}
		mine, err := s.Store.Hold(ctx, c)
		if err == nil && !mine {
			return overtaken()
		}
		return err
	})
	if err != nil || h.Held == nil {
		return err
	}
	return s.forget(ctx, h.Held)
}

// forget takes away the file of what is no longer held and was never sent. No row speaks of it any more: a run that is killed
// before this leaves a file that nobody sees.
func (s *Service) forget(ctx context.Context, c *Signed) error {
	return s.Files.Remove(ctx, c.File.Key)
}

func orOvertaken(err error) error {
	if err == nil {
		return overtaken()
	}
	return err
}

// Send sends what the school was asked about: it says that this is the file.
func (s *Service) Send(ctx context.Context, actor rinnova.Actor, id string) (*Signed, error) {
	h, err := s.own(ctx, actor)
	if err != nil {
		return nil, err
	}
	if h.Held == nil || h.Held.ID != id {
		return nil, overtaken()
	}
	if err := s.notTooMany(len(h.Copies), func(i int) time.Time { return h.Copies[i].At }); err != nil {
		return nil, err
	}
	c := *h.Held
	c.Facts.Asked, c.By, c.At = true, actor.Username, s.Clock().UTC()
	return &c, s.send(ctx, actor, h, &c)
}

// Drop takes back what the school was asked about: it says that this is another file. It is not kept.
func (s *Service) Drop(ctx context.Context, actor rinnova.Actor, id string) error {
	h, err := s.own(ctx, actor)
	if err != nil {
		return err
	}
	if h.Held == nil || h.Held.ID != id {
		return overtaken()
	}
	if mine, err := s.Store.Release(ctx, h.Held.SchoolID, id); err != nil || !mine {
		return orOvertaken(err)
	}
	return s.forget(ctx, h.Held)
}

// send adds a signed file to those that the school has sent. What was held until then is this file, or no longer of interest.
func (s *Service) send(ctx context.Context, actor rinnova.Actor, h *History, c *Signed) error {
	c.Number, c.LetterID, c.Outcome = h.Standing.Signed+1, h.Last().ID, Sent
	now := h.Standing
	now.State, now.Signed, now.SignedID, now.At = Sent, c.Number, c.ID, c.At
	err := s.move(ctx, c.SchoolID, h.Standing, now, func(ctx context.Context) error {
		if h.Held != nil {
			if mine, err := s.Store.Release(ctx, c.SchoolID, h.Held.ID); err != nil || !mine {
				return orOvertaken(err)
			}
		}
		if err := s.Store.AddSigned(ctx, c); err != nil {
			return err
		}
		return s.put(ctx, actor, c.paper())
	})
	if err == nil && h.Held != nil && h.Held.ID != c.ID {
		return s.forget(ctx, h.Held)
	}
	return err
}

// refusal is what an error says to the school beside the field; asFault is the error where it is not about the file.
func refusal(err error) rinnova.Problems {
	if e, ok := invalid(err); ok {
		return refused(e.Message)
	}
	return nil
}

func asFault(err error) error {
	if _, ok := invalid(err); ok {
		return nil
	}
	return err
}

func refused(why rinnova.Text) rinnova.Problems {
	return rinnova.Problems{{Field: FieldFile, Text: why}}
}
