package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/job"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

// Store keeps letters.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// Standing is where a school stands; the zero Standing where it has not begun.
	Standing(ctx context.Context, schoolID string) (Standing, error)
	// Move writes where a school stands now; false where it no longer stood as before.
	Move(ctx context.Context, schoolID string, before, now Standing) (bool, error)
	// AddLetter writes a prepared letter, and sets the hash of its document as it is stored.
	AddLetter(ctx context.Context, l *Letter) error
	AddSigned(ctx context.Context, s *Signed) error
	// Decide writes what the office says of a signed file.
	Decide(ctx context.Context, s *Signed) error
	// Letters and Copies are all of a school, the newest first.
	Letters(ctx context.Context, schoolID string) ([]Letter, error)
	Copies(ctx context.Context, schoolID string) ([]Signed, error)
	// SchoolsAfter are schools that have prepared letters, with ids above one, in ascending order.
	SchoolsAfter(ctx context.Context, last string, limit int) ([]string, error)
	// Held is the file that a school has been asked about; nil where there is none.
	Held(ctx context.Context, schoolID string) (*Signed, error)
	// Hold keeps such a file; false where another one is there.
	Hold(ctx context.Context, s *Signed) (bool, error)
	// Release ends that; false where it is no longer this file that is held.
	Release(ctx context.Context, schoolID, id string) (bool, error)
	// AddAcceptance writes the vendor's acceptance of a signed file; false where it is there already, or the file is no longer accepted.
	AddAcceptance(ctx context.Context, s *Signed) (bool, error)
	// Unaccepted finds accepted files that have waited for their acceptance since before t, the oldest first.
	Unaccepted(ctx context.Context, t time.Time, limit int) ([]Waiting, error)
}

// Texts reads the versions of the letter's text.
type Texts interface {
	// Current is the version of a text that is in force on a day; ok is false where there is none.
	Current(ctx context.Context, kind terms.Kind, day rinnova.Date) (t terms.Terms, ok bool, err error)
}

// Waiting is an accepted file that lacks the vendor's acceptance.
type Waiting struct{ School, Signed string }

// Files keeps the letters and the signed files.
type Files interface {
	Put(ctx context.Context, key string, data []byte) error // blob.ErrExists where the key is taken
	Get(ctx context.Context, key string) ([]byte, error)
	Remove(ctx context.Context, key string) error
}

// Record is the trail of events: which file came, and which was made, is written there.
type Record interface {
	event.Recorder
	// Of reads the events of a kind about one thing as they are chained.
	Of(ctx context.Context, aboutID string, kind event.Kind) ([]event.Link, error)
	event.Past
}

// Printer draws the PDF of a letter, and the sheet with which the vendor accepts one.
type Printer interface {
	Letter(d Document) ([]byte, error)
	Acceptance(a AcceptanceSheet) ([]byte, error)
}

// Signer signs a PDF with the vendor's key, and checks that the last signature of a PDF is the vendor's and covers all of it.
type Signer interface {
	Ready() error // says why nothing can be signed now, to the office; nil: all is well
	Sign(ctx context.Context, pdf []byte, reason string) ([]byte, error)
	SignedLast(ctx context.Context, pdf []byte) error
}

// Schools and Vendors are whom a letter is between.
type (
	// Schools reads schools.
	Schools interface {
		School(ctx context.Context, id string) (school.School, error)
	}
	// Vendors reads the vendor.
	Vendors interface {
		Profile(ctx context.Context) (supplier.Profile, error)
	}
)

// Post tells a school what the office says of its letter; it writes the mail in the transaction of ctx.
type Post interface {
	LetterToRedo(ctx context.Context, s school.School, why string) error
	// LetterAccepted sends the vendor's acceptance of c.
	LetterAccepted(ctx context.Context, s school.School, c *Signed) error
}

// Service prepares letters, takes the signed ones, and keeps what the office says of them.
type Service struct {
	Store    Store
	Texts    Texts
	Schools  Schools
	Vendors  Vendors
	Files    Files
	Printer  Printer
	Editable func(Document) ([]byte, error) // writes the file that word processors open
	Signer   Signer                         // nil: no key is set, and no letter can be accepted
	Post     Post
	Events   Record
	Queue    *job.Queue
	Clock    rinnova.Clock
	Turns    Turns // in which the files are examined that schools send
}

// Draft is the letter as it would be prepared today with what the school says; an error of kind Unavailable where there is no
// text in force or the vendor has not said all that it must.
func (s *Service) Draft(ctx context.Context, schoolID string, f Form) (Document, error) {
	text, ok, err := s.Texts.Current(ctx, terms.Appointment, s.Clock.Today())
	if err != nil {
		return Document{}, err
	}
	sch, err := s.Schools.School(ctx, schoolID)
	if err != nil {
		return Document{}, err
	}
	profile, err := s.Vendors.Profile(ctx)
	if err != nil {
		return Document{}, err
	}
	now := s.Clock().UTC()
	d := Document{Text: text, Date: rinnova.DateOf(now), At: now, Vendor: VendorOf(profile), School: PartyOf(sch), Form: f}
	if !ok || !d.Vendor.complete() {
		return d, rinnova.Fail(rinnova.Conflict, "La lettera non si può ancora preparare: l’ufficio contratti non ha completato il testo o i propri dati. Chiedetela all’ufficio.")
	}
	return d, nil
}

// Ready tells whether letters can be prepared today.
func (s *Service) Ready(ctx context.Context) (bool, error) {
	_, ok, err := s.Texts.Current(ctx, terms.Appointment, s.Clock.Today())
	return ok, err
}

// History reads all of a school's letter; only the school itself and the office may.
func (s *Service) History(ctx context.Context, actor rinnova.Actor, schoolID string) (*History, error) {
	if !actor.IsOffice() && !actor.IsSchool(schoolID) {
		return nil, notYours()
	}
	return s.history(ctx, schoolID)
}

func (s *Service) history(ctx context.Context, schoolID string) (*History, error) {
	h := &History{}
	var err error
	if h.Standing, err = s.Store.Standing(ctx, schoolID); err != nil {
		return nil, err
	}
	if h.Letters, err = s.Store.Letters(ctx, schoolID); err != nil {
		return nil, err
	}
	if h.Copies, err = s.Store.Copies(ctx, schoolID); err != nil {
		return nil, err
	}
	h.Held, err = s.Store.Held(ctx, schoolID)
	return h, err
}

func notYours() error {
	return rinnova.Fail(rinnova.NotFound, "Questa lettera non c’è, o non è della vostra scuola.")
}

func overtaken() error {
	return rinnova.Fail(rinnova.Conflict, "Nel frattempo la lettera è cambiata. Riaprite la pagina e controllate prima di continuare.")
}

// Prepare makes a school's letter with what it says. Where nothing has changed since the last one, that one is given.
func (s *Service) Prepare(ctx context.Context, actor rinnova.Actor, f Form) (*Letter, rinnova.Problems, error) {
	f = Form{rinnova.Clean(f.Head), rinnova.Clean(f.DPOName), rinnova.Clean(f.DPOContact), protocolMark.ReplaceAllString(rinnova.Clean(f.Protocol), "")}
	if p := f.check(); len(p) > 0 {
		return nil, p, nil
	}
	h, err := s.own(ctx, actor)
	if err != nil {
		return nil, nil, err
	}
	d, err := s.Draft(ctx, actor.SchoolID, f)
	if err != nil {
		return nil, nil, err
	}
	if last := h.Last(); last != nil && last.Document.same(d) {
		return last, nil, nil
	}
	d.Number = h.Standing.Prepared + 1
	l := &Letter{ID: rinnova.NewID(s.Clock()), SchoolID: actor.SchoolID, Number: d.Number, TermsID: d.Text.ID, Document: d, By: actor.Username, At: s.Clock().UTC()}
	if err := s.notTooMany(len(h.Letters), func(i int) time.Time { return h.Letters[i].At }); err != nil {
		return nil, nil, err
	}
	pdf, err := s.Printer.Letter(d)
	if err != nil {
		return nil, nil, err
	}
	if l.File, err = s.keep(ctx, l.SchoolID, l.ID, PDF, pdf); err != nil {
		return nil, nil, err
	}
	now := h.Standing
	now.Prepared, now.LetterID, now.At = l.Number, l.ID, l.At
	if now.State == Missing {
		now.State = Prepared
	}
	return l, nil, s.move(ctx, l.SchoolID, h.Standing, now, func(ctx context.Context) error {
		if err := s.Store.AddLetter(ctx, l); err != nil {
			return err
		}
		return s.put(ctx, actor, l.paper())
	})
}

// own is the history of the actor's own school.
func (s *Service) own(ctx context.Context, actor rinnova.Actor) (*History, error) {
	if !actor.IsSchool(actor.SchoolID) {
		return nil, notYours()
	}
	return s.History(ctx, actor, actor.SchoolID)
}

// keep writes a file durably, before any row speaks of it.
func (s *Service) keep(ctx context.Context, schoolID, id string, format Format, data []byte) (File, error) {
	f := File{Key: fmt.Sprintf("letters/%s/%s.%s", schoolID, id, format), SHA256: hashOf(data), Size: int64(len(data))}
	return f, s.Files.Put(ctx, f.Key, data)
}

func hashOf(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// move changes where a school stands, and does what belongs to it in the same transaction; a Conflict where somebody else was
// first.
func (s *Service) move(ctx context.Context, schoolID string, before, now Standing, do func(context.Context) error) error {
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		mine, err := s.Store.Move(ctx, schoolID, before, now)
		if err != nil {
			return err
		}
		if !mine {
			return overtaken()
		}
		return do(ctx)
	})
}

// perDay is how many letters, and how many signed files, a school may make in a day: all of them are kept.
const perDay = 20

// notTooMany refuses what comes after perDay others in the last day; at tells when the i-th of n was, the newest first.
func (s *Service) notTooMany(n int, at func(i int) time.Time) error {
	if n >= perDay && s.Clock().Sub(at(perDay-1)) < 24*time.Hour {
		return rinnova.Fail(rinnova.TooMany, "In un giorno la scuola può preparare %d lettere e inviarne altrettante. Riprovate domani, o sentite l’ufficio.", perDay)
	}
	return nil
}

func (s *Service) record(ctx context.Context, actor rinnova.Actor, kind event.Kind, schoolID, aboutID string, pairs ...string) error {
	data := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: actor, SchoolID: schoolID, AboutID: aboutID, Data: data})
}

// put puts a paper on the record.
func (s *Service) put(ctx context.Context, actor rinnova.Actor, p paper) error {
	e := p.event()
	e.At, e.Actor = s.Clock().UTC(), actor
	return s.Events.Record(ctx, e)
}

// decided is when and by whom.
func (c *Signed) decided(actor rinnova.Actor, outcome State, reason string, at time.Time) {
	c.Outcome, c.Reason, c.Clerk, c.Decided = outcome, reason, actor.Name, at
}
