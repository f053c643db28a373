package letter

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/job"
	"rinnova/internal/sign"
	"rinnova/internal/supplier"
)

// AcceptJob is the kind of the jobs that sign the vendor's acceptance of a letter.
const AcceptJob = "letter.accept"

// AcceptanceSheet is what the vendor's acceptance says where it is a sheet of its own.
type AcceptanceSheet struct {
	Vendor   supplier.Profile
	Letter   Letter // that the signed file is of: the one that it is, or else the last one prepared before it came
	Received Signed
}

// askAcceptance lets the vendor's acceptance be signed, in the transaction of ctx.
func (s *Service) askAcceptance(ctx context.Context, w Waiting) error {
	return s.Queue.Insert(ctx, AcceptJob, w, AcceptJob+":"+w.Signed, time.Time{})
}

// Work is the worker of the jobs that sign acceptances.
func (s *Service) Work() job.Worker { return job.Worker{Run: s.accept} }

// accept signs the vendor's acceptance of a letter that the office has accepted, keeps it and sends it to the school. A run that
// comes again goes on where the one before has ended.
func (s *Service) accept(ctx context.Context, j job.Job) error {
	var w Waiting
	if err := j.Decode(&w); err != nil {
		return err
	}
	h, err := s.history(ctx, w.School)
	if err != nil {
		return err
	}
	c := h.copy(w.Signed)
	if c == nil || c.Outcome != Accepted || c.Acceptance.Kind != "" {
		return nil // it is done, or the office has thought better of it
	}
	if !s.canSign() {
		return nil // the sweep asks again once there is a good key
	}
	if outcome, _, err := s.decided(ctx, c); err != nil || outcome != Accepted {
		return cmp.Or(err, fmt.Errorf("letter: nobody is on the record to have accepted %s", c.ID))
	}
	if c.Acceptance, err = s.acceptance(ctx, h, c); err != nil {
		return fmt.Errorf("acceptance of the letter %s: %w", c.ID, err)
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		mine, err := s.Store.AddAcceptance(ctx, c)
		if err != nil || !mine {
			return err
		}
		if err := s.put(ctx, rinnova.System, c.answer()); err != nil {
			return err
		}
		return s.postAccepted(ctx, c)
	})
}

func (h *History) copy(id string) *Signed {
	for i := range h.Copies {
		if h.Copies[i].ID == id {
			return &h.Copies[i]
		}
	}
	return nil
}

// letterOf is the letter that a signed file is of, as far as anybody can tell.
func (h *History) letterOf(c *Signed) Letter {
	for _, l := range h.Letters {
		if c.Facts.Number == l.Number || c.Facts.Number == 0 && c.LetterID == l.ID {
			return l
		}
	}
	return h.Letters[0]
}

// acceptance makes the file and keeps it. Where a run before has kept one, that is the one.
func (s *Service) acceptance(ctx context.Context, h *History, c *Signed) (Acceptance, error) {
	received, err := s.fit(ctx, h, c)
	if err != nil {
		return Acceptance{}, err
	}
	kind, paper := Countersigned, received // what is signed
	data, err := s.countersign(ctx, c, received)
	if err == nil && data == nil {
		kind = Sheet
		paper, data, err = s.sheet(ctx, h, c)
	}
	if err != nil {
		return Acceptance{}, err
	}
	a := Acceptance{Kind: kind, At: s.Clock().UTC()}
	key := fmt.Sprintf("letters/%s/%s-%s.pdf", c.SchoolID, c.ID, kind)
	err = s.Files.Put(ctx, key, data)
	if errors.Is(err, blob.ErrExists) {
		if data, err = s.Files.Get(ctx, key); err == nil && !bytes.HasPrefix(data, paper) {
			err = fmt.Errorf("the file %s was there already and accepts another paper: move it away, and the acceptance is signed again", key)
		}
	}
	if err != nil {
		return Acceptance{}, err
	}
	a.File = File{Key: key, SHA256: hashOf(data), Size: int64(len(data))}
	return a, s.Signer.SignedLast(ctx, data)
}

// why is what the vendor's signature says that it is for.
const why = "Accettazione della lettera di nomina a responsabile esterno (art. 28 GDPR)"

// countersign adds the vendor's signature to a signed PDF; nil where that could break what the school has signed: then a sheet
// does it.
func (s *Service) countersign(ctx context.Context, c *Signed, received []byte) ([]byte, error) {
	if c.Facts.Format != PDF || c.Scan() || !intact(ctx, received, len(c.Facts.Signatures)) {
		return nil, nil
	}
	signed, err := s.Signer.Sign(ctx, received, why)
	if err != nil {
		if rinnova.KindOf(err) == rinnova.Internal {
			return nil, nil // a file that others have written, and that this program cannot continue
		}
		return nil, err // the key or the time-stamp, which a sheet would want too
	}
	if !bytes.HasPrefix(signed, received) || !intact(ctx, signed, len(c.Facts.Signatures)+1) || s.Signer.SignedLast(ctx, signed) != nil {
		return nil, nil
	}
	return signed, nil
}

// intact tells whether a PDF has so many signatures, all of which fit it, after none of which the text was changed, and none of which
// forbids others.
func intact(ctx context.Context, pdf []byte, n int) bool {
	found, err := sign.InspectPDF(ctx, pdf)
	if err != nil || len(found) != n {
		return false
	}
	for _, f := range found {
		if f.Integrity != sign.Intact || f.Changed || f.Restricting {
			return false
		}
	}
	return true
}

// sheet draws and signs the vendor's acceptance as a file of its own; paper is what was signed.
func (s *Service) sheet(ctx context.Context, h *History, c *Signed) (paper, signed []byte, err error) {
	profile, err := s.Vendors.Profile(ctx)
	if err != nil {
		return nil, nil, err
	}
	l := h.letterOf(c)
	if _, err := s.proven(ctx, l.paper()); err != nil {
		return nil, nil, err
	}
	if paper, err = s.Printer.Acceptance(AcceptanceSheet{Vendor: profile, Letter: l, Received: *c}); err != nil {
		return nil, nil, err
	}
	signed, err = s.Signer.Sign(ctx, paper, why)
	return paper, signed, err
}

// postAccepted sends the acceptance to the school, in the transaction of ctx.
func (s *Service) postAccepted(ctx context.Context, c *Signed) error {
	sch, err := s.Schools.School(ctx, c.SchoolID)
	if err != nil || sch.Email == "" {
		return err // without an address the school finds it in the portal
	}
	return s.Post.LetterAccepted(ctx, sch, c)
}

// Sweep asks again for acceptances that have waited long: their job was lost or given up, or there was none when they were
// accepted.
func (s *Service) Sweep(ctx context.Context) error {
	if !s.canSign() {
		return nil
	}
	waiting, err := s.Store.Unaccepted(ctx, s.Clock().Add(-10*time.Minute), 100)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if err := s.askAcceptance(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// canSign tells whether there is a key that is good now.
func (s *Service) canSign() bool { return s.Signer != nil && s.Signer.Ready() == nil }

func noKey() error {
	return rinnova.Fail(rinnova.Conflict, "Manca la chiave di firma: senza di essa nessuna lettera può essere accettata. Avvisate chi gestisce il programma.")
}

// Signers are the names of who has signed, as the certificates say, one after the other.
func (f Facts) Signers() string {
	var names []string
	for _, x := range f.Signatures {
		if x.Signer != "" {
			names = append(names, x.Signer)
		}
	}
	return strings.Join(names, ", ")
}
