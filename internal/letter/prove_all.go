package letter

import (
	"context"

	"rinnova"
	"rinnova/internal/event"
)

// provePage is how many schools ProveAll finds at once.
const provePage = 200

// Finding is what became of a letter, of a signed file or of an acceptance that was held against the record.
type Finding struct {
	SchoolID string
	Name     string // of the file; the id where it is not there
	Faults   rinnova.Faults
}

// ProveAll holds all letters, signed files in all their versions and acceptances against the record, and then the record against
// them: what was recorded and is not there is a finding too. It tells each finding.
func (s *Service) ProveAll(ctx context.Context, tell func(Finding)) error {
	p := prover{s, tell, map[event.Kind]map[string]bool{event.LetterPrepared: {}, event.LetterUploaded: {}, event.LetterCountersigned: {}}}
	for last := ""; ; {
		ids, err := s.Store.SchoolsAfter(ctx, last, provePage)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			if err := p.school(ctx, id); err != nil {
				return err
			}
		}
		last = ids[len(ids)-1]
	}
	for _, kind := range []event.Kind{event.LetterPrepared, event.LetterUploaded, event.LetterCountersigned} {
		if err := p.missing(ctx, kind); err != nil {
			return err
		}
	}
	return nil
}

// prover goes through all letters; known are the ids of what it has seen of each kind.
type prover struct {
	*Service
	tell  func(Finding)
	known map[event.Kind]map[string]bool
}

func (p prover) school(ctx context.Context, id string) error {
	h, err := p.history(ctx, id)
	if err != nil {
		return err
	}
	p.standing(h, id)
	for i := range h.Letters {
		l := &h.Letters[i]
		p.known[event.LetterPrepared][l.ID] = true
		_, f, err := p.prove(ctx, l.paper())
		if err != nil {
			return err
		}
		p.tell(Finding{id, l.FileName(ExtensionPDF), f})
	}
	for i := range h.Copies {
		if err := p.copy(ctx, h, &h.Copies[i]); err != nil {
			return err
		}
	}
	return nil
}

// copy holds a signed file, what the office has said of it, and the vendor's acceptance.
func (p prover) copy(ctx context.Context, h *History, c *Signed) error {
	p.known[event.LetterUploaded][c.ID] = true
	_, f, err := p.prove(ctx, c.paper())
	if err != nil {
		return err
	}
	outcome, reason, err := p.decided(ctx, c)
	if err != nil {
		return err
	}
	if outcome != c.Outcome || reason != c.Reason {
		f.Unfit("Quello che ne ha detto l’ufficio non è quello che è registrato.")
	}
	code := h.Letters[0].Document.School.MinistryCode
	p.tell(Finding{c.SchoolID, c.FileName(code), f})
	if c.Acceptance.Kind == "" {
		return nil
	}
	p.known[event.LetterCountersigned][c.ID] = true
	if _, f, err = p.proveAnswer(ctx, c); err != nil {
		return err
	}
	p.tell(Finding{c.SchoolID, c.AcceptanceName(code), f})
	return nil
}

// standing holds where a school stands against its letters and signed files, of which none is left out.
func (p prover) standing(h *History, id string) {
	var f rinnova.Faults
	for i, l := range h.Letters {
		if l.Number != len(h.Letters)-i {
			f.Unfit("Le lettere non sono numerate di seguito.")
			break
		}
	}
	for i, c := range h.Copies {
		if c.Number != len(h.Copies)-i {
			f.Unfit("I file firmati non sono numerati di seguito.")
			break
		}
	}
	want := Standing{State: Prepared, Prepared: len(h.Letters), Signed: len(h.Copies), LetterID: h.Letters[0].ID, At: h.Standing.At}
	if c := h.LastSigned(); c != nil {
		want.State, want.SignedID = c.Outcome, c.ID
	}
	if h.Standing != want {
		f.Unfit("Lo stato della lettera nella scuola non è quello dei suoi file.")
	}
	if len(f) > 0 {
		p.tell(Finding{SchoolID: id, Faults: f})
	}
}

// missing tells of what is on the record and is not there.
func (p prover) missing(ctx context.Context, kind event.Kind) error {
	return event.Each(ctx, p.Events, kind, func(l event.Link) {
		if !p.known[kind][l.AboutID] {
			var f rinnova.Faults
			f.Unfit("Manca: l’evento n. %d registra «%s».", l.Seq, kind.Label())
			p.tell(Finding{l.SchoolID, l.AboutID, f})
		}
	})
}
