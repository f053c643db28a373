package letter

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/event"
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
	AddLetter(ctx context.Context, l *Letter) error
	AddSigned(ctx context.Context, s *Signed) error
	// Decide writes what the office says of a signed file.
	Decide(ctx context.Context, s *Signed) error
	// Letters and Copies are all of a school, the newest first.
	Letters(ctx context.Context, schoolID string) ([]Letter, error)
	Copies(ctx context.Context, schoolID string) ([]Signed, error)
}

// Texts reads the versions of the letter's text.
type Texts interface {
	// Current is the version of a text that is in force on a day; ok is false where there is none.
	Current(ctx context.Context, kind terms.Kind, day rinnova.Date) (t terms.Terms, ok bool, err error)
}

// Files keeps the letters and the signed files.
type Files interface {
	Put(ctx context.Context, key string, data []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
}

// Printer draws the PDF of a letter.
type Printer interface {
	Letter(d Document) ([]byte, error)
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

// Post tells a school that its letter is to be done again; it writes the mail in the transaction of ctx.
type Post interface {
	LetterToRedo(ctx context.Context, s school.School, why string) error
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
	Post     Post
	Events   event.Recorder
	Clock    rinnova.Clock
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
	d := Document{Text: text, Date: s.Clock.Today(), Vendor: VendorOf(profile), School: PartyOf(sch), Form: f}
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
	h := &History{}
	var err error
	if h.Standing, err = s.Store.Standing(ctx, schoolID); err != nil {
		return nil, err
	}
	if h.Letters, err = s.Store.Letters(ctx, schoolID); err != nil {
		return nil, err
	}
	h.Copies, err = s.Store.Copies(ctx, schoolID)
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
	f = Form{trimmed(f.Head), trimmed(f.DPOName), trimmed(f.DPOContact), trimmed(f.Protocol)}
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
	l := &Letter{ID: rinnova.NewID(s.Clock()), SchoolID: actor.SchoolID, Number: h.Standing.Prepared + 1, TermsID: d.Text.ID, Document: d, By: actor.Username, At: s.Clock().UTC()}
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
		return s.record(ctx, actor, event.LetterPrepared, l.SchoolID, l.ID, "lettera", strconv.Itoa(l.Number), "testo", d.Text.Version, "sha256", l.File.SHA256)
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

// Receive takes a signed letter from its school, as it comes. Problems of the field FieldFile say why a file is not taken.
func (s *Service) Receive(ctx context.Context, actor rinnova.Actor, name string, data []byte) (*Signed, rinnova.Problems, error) {
	h, err := s.own(ctx, actor)
	if err != nil {
		return nil, nil, err
	}
	if h.Last() == nil {
		return nil, nil, rinnova.Fail(rinnova.Conflict, "Prima preparate la lettera, poi caricatela firmata.")
	}
	facts, inner, err := Examine(data)
	if err != nil {
		return nil, refusal(err), asFault(err)
	}
	sum := hashOf(data)
	facts.Ours = ours(h.Letters, inner)
	if last := h.LastSigned(); last != nil && last.File.SHA256 == sum {
		return sameAgain(last)
	}
	if unsigned(h.Letters, sum) {
		return nil, refused(rinnova.Say("È la lettera come l’avete scaricata, senza firma. Firmatela, poi caricate il file firmato.")), nil
	}
	if err := s.notTooMany(len(h.Copies), func(i int) time.Time { return h.Copies[i].At }); err != nil {
		return nil, nil, err
	}
	c := &Signed{ID: rinnova.NewID(s.Clock()), SchoolID: actor.SchoolID, Number: h.Standing.Signed + 1, LetterID: h.Last().ID, Name: CleanName(name), Facts: facts,
		By: actor.Username, At: s.Clock().UTC(), Outcome: Sent}
	if c.File, err = s.keep(ctx, c.SchoolID, c.ID, facts.Format, data); err != nil {
		return nil, nil, err
	}
	now := h.Standing
	now.State, now.Signed, now.SignedID, now.At = Sent, c.Number, c.ID, c.At
	return c, nil, s.move(ctx, c.SchoolID, h.Standing, now, func(ctx context.Context) error {
		if err := s.Store.AddSigned(ctx, c); err != nil {
			return err
		}
		return s.record(ctx, actor, event.LetterUploaded, c.SchoolID, c.ID, "invio", strconv.Itoa(c.Number), "formato", string(facts.Format),
			"firme", strconv.Itoa(len(facts.Signatures)), "sha256", c.File.SHA256)
	})
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

// sameAgain answers a file that is here already.
func sameAgain(last *Signed) (*Signed, rinnova.Problems, error) {
	if last.Outcome == ToRedo {
		return nil, refused(rinnova.Say("È lo stesso file che l’ufficio ha chiesto di rifare. Leggete il motivo, rifate la lettera e caricate quella nuova.")), nil
	}
	return last, nil, nil
}

// ours is the number of the prepared letter that a PDF is, or goes on from after its last byte; 0 where it is none.
func ours(letters []Letter, pdf []byte) int {
	for _, l := range letters {
		if int64(len(pdf)) >= l.File.Size && hashOf(pdf[:l.File.Size]) == l.File.SHA256 {
			return l.Number
		}
	}
	return 0
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

// unsigned tells whether a file is a prepared letter as it was downloaded.
func unsigned(letters []Letter, sum string) bool {
	return slices.ContainsFunc(letters, func(l Letter) bool { return l.File.SHA256 == sum })
}

func (s *Service) record(ctx context.Context, actor rinnova.Actor, kind event.Kind, schoolID, aboutID string, pairs ...string) error {
	data := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: actor, SchoolID: schoolID, AboutID: aboutID, Data: data})
}

func trimmed(s string) string { return strings.Join(strings.Fields(s), " ") }

// decided is when and by whom.
func (c *Signed) decided(actor rinnova.Actor, outcome State, reason string, at time.Time) {
	c.Outcome, c.Reason, c.Clerk, c.Decided = outcome, reason, actor.Name, at
}
