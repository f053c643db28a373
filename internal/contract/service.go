package contract

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/blob"
	"rinnova/internal/event"
	"rinnova/internal/job"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

// Store keeps contracts and the counters of their numbers.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// NextNumber counts the series of the year up by one, in the transaction of ctx: a rollback gives the number back.
	NextNumber(ctx context.Context, series string, year int) (int64, error)
	// Add writes c and tells it the hash of its document as it is stored.
	Add(ctx context.Context, c *Contract) error
	// Contract reads one; NotFound where there is none.
	Contract(ctx context.Context, id string) (*Contract, error)
	// ByRequest finds the contract of a request; nil where it has none.
	ByRequest(ctx context.Context, requestID string) (*Contract, error)
	// MarkSigned and MarkSent move a contract one state on; false where it was there already.
	MarkSigned(ctx context.Context, id string, f File, at time.Time) (bool, error)
	MarkSent(ctx context.Context, id string, at time.Time) (bool, error)
	MarkUndelivered(ctx context.Context, id string) (bool, error)
	// Stuck finds the ids of contracts that have been numbered since before t and are not signed, the oldest first.
	Stuck(ctx context.Context, t time.Time, limit int) ([]string, error)
	// ByCode finds what is public of a contract by its verification code; nil for an unknown one.
	ByCode(ctx context.Context, code string) (*Public, error)
	// After reads the ids that follow one, in their order.
	After(ctx context.Context, id string, limit int) ([]string, error)
}

// Record is the trail of events: what was signed is written there.
type Record interface {
	event.Recorder
	// Of reads the events of a kind about one thing as they are chained, the oldest first.
	Of(ctx context.Context, aboutID string, kind event.Kind) ([]event.Link, error)
	event.Past
}

// Files keeps the signed PDFs.
type Files interface {
	Put(ctx context.Context, key string, data []byte) error // blob.ErrExists where the key is taken
	Get(ctx context.Context, key string) ([]byte, error)
}

// Printer draws the PDF of a contract.
type Printer interface {
	Contract(d Document) ([]byte, error)
}

// Signer certifies a PDF with the vendor's key: what may follow is another signature, and no other change.
type Signer interface {
	Ready() error // says why nothing can be signed now, to the office; nil: all is well
	Sign(ctx context.Context, pdf []byte, reason string) ([]byte, error)
}

// Checker reads the signature of a PDF; an error where it is not signed, was altered, or goes on after the signature.
type Checker interface {
	Check(pdf []byte) (Signature, error)
}

// Signature is who signed a PDF.
type Signature struct {
	Certificate string // SHA-256 of the certificate, in lower-case hex
	Name        string // that it says
	Ours        bool   // the key of today, or one that this installation has had
}

// Post sends the signed contract to the school; it writes the mail in the transaction of ctx.
type Post interface {
	Send(ctx context.Context, c *Contract) error
}

// Sales hear what a contract sold, in the transaction of ctx.
type Sales interface {
	Sold(ctx context.Context, c *Contract, v *renewal.View, rev *renewal.Revision) error
}

// Witness knows, beside the files, which numbers were given. It may be nil.
type Witness interface {
	// Check refuses where the database and its files do not belong together: one of them was put back from another time.
	Check(ctx context.Context) error
	// Note makes sure that a number is known before its contract leaves.
	Note(ctx context.Context, series string, year int, number int64) error
}

// Terms reads the versions of the terms.
type Terms interface {
	Terms(ctx context.Context, id string) (terms.Terms, error)
}

// Service makes contracts.
type Service struct {
	Store    Store
	Renewals *renewal.Service
	Vendors  renewal.Vendors
	Terms    Terms
	Files    Files
	Printer  Printer
	Signer   Signer // nil: no key is set, and nothing can be processed
	Checker  Checker
	Witness  Witness
	Post     Post
	Sales    Sales
	Heir     func(ctx context.Context, schoolID string) (string, error) // the school in which a merged one goes on; "": none
	Events   Record
	Queue    *job.Queue
	Clock    rinnova.Clock
	BaseURL  *url.URL
}

// SignJob is the kind of the jobs that draw and sign.
const SignJob = "contract.sign"

type signArgs struct{ Contract string }

// Process freezes a request at the revision that the clerk looked at and gives it its contract. Request, number, snapshot
// and job are written in one transaction; a request that cannot become a contract (its school lacks a tax code) is refused
// whole.
func (s *Service) Process(ctx context.Context, actor rinnova.Actor, requestID string, revision int) (*Contract, error) {
	var c *Contract
	if s.Witness != nil {
		if err := s.Witness.Check(ctx); err != nil {
			return nil, err
		}
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		view, rev, err := s.Renewals.Freeze(ctx, actor, requestID, revision)
		if err != nil {
			return err
		}
		profile, err := s.Vendors.Profile(ctx)
		if err != nil {
			return err
		}
		terms, err := s.Terms.Terms(ctx, rev.TermsID) // what was accepted, whatever is in force by now
		if err != nil {
			return err
		}
		if err := s.ready(profile, view, rev, terms); err != nil {
			return err
		}
		if err := s.vouched(ctx, view, rev); err != nil {
			return err
		}
		if c, err = s.number(ctx, actor, view, rev, profile, terms); err != nil {
			return err
		}
		if err := s.Sales.Sold(ctx, c, view, rev); err != nil {
			return err
		}
		return s.Queue.Insert(ctx, SignJob, signArgs{c.ID}, SignJob+":"+c.ID, time.Time{})
	})
	return c, err
}

// ready says what is missing for a contract.
func (s *Service) ready(p supplier.Profile, v *renewal.View, rev *renewal.Revision, accepted terms.Terms) error {
	if s.Signer == nil {
		return rinnova.Fail(rinnova.Conflict, "Manca la chiave di firma: senza di essa nessun contratto può uscire. Avvisate chi gestisce il programma.")
	}
	if err := s.Signer.Ready(); err != nil {
		return err
	}
	if missing := p.Missing(); len(missing) > 0 {
		return rinnova.Fail(rinnova.Conflict, "Le impostazioni del fornitore non sono complete. %s", missing[0])
	}
	switch {
	case v.School.TaxCode == "":
		return rinnova.Fail(rinnova.Conflict, "Manca il codice fiscale nell’anagrafe della scuola.")
	case v.School.Email == "":
		return rinnova.Fail(rinnova.Conflict, "Nell’anagrafe della scuola non c’è un indirizzo e-mail.")
	case rev.TermsHash != accepted.SHA256():
		return rinnova.Fail(rinnova.Conflict, "Il testo delle condizioni non è quello che la scuola ha accettato.")
	}
	return nil
}

func (s *Service) number(ctx context.Context, actor rinnova.Actor, v *renewal.View, rev *renewal.Revision, p supplier.Profile, accepted terms.Terms) (*Contract, error) {
	now := s.Clock().UTC()
	date := rinnova.DateOf(now)
	c := &Contract{
		ID: rinnova.NewID(now), Series: v.Request.Kind.Traits().Series, Year: date.Year, RequestID: v.Request.ID, Revision: rev.Number,
		SchoolID: v.School.ID, CampaignID: v.Request.CampaignID, State: Numbered, NumberedAt: now,
	}
	var err error
	if c.Seq, err = s.Store.NextNumber(ctx, c.Series, c.Year); err != nil {
		return nil, err
	}
	c.Number = number(c.Year, c.Series, c.Seq)
	c.Document = s.document(c, date, v, rev, p)
	c.Document.Terms = accepted
	if err := s.Store.Add(ctx, c); err != nil {
		return nil, err
	}
	return c, s.Events.Record(ctx, numbering(actor, c))
}

// Work is the worker of the jobs that draw and sign. Two run at once: signing is work for the processor.
func (s *Service) Work() job.Worker {
	return job.Worker{Run: s.sign, Count: 2}
}

func (s *Service) sign(ctx context.Context, j job.Job) error {
	var args signArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	c, err := s.Store.Contract(ctx, args.Contract)
	if err != nil || c.State != Numbered {
		return err // a job that runs twice finds its work done
	}
	if !s.canSign() {
		return nil // the sweep asks again once there is a good key
	}
	file, by, err := s.once(ctx, c)
	if refused, ok := errors.AsType[*Refused](err); ok {
		return errors.Join(fmt.Errorf("contract %s: %w", c.Number, err), s.refuse(ctx, rinnova.System, c, refused.Faults))
	}
	if err != nil {
		return fmt.Errorf("contract %s: %w", c.Number, err)
	}
	return s.Store.InTx(ctx, func(ctx context.Context) error {
		at := s.Clock().UTC()
		mine, err := s.Store.MarkSigned(ctx, c.ID, file, at)
		if err != nil || !mine {
			return err
		}
		c.State, c.File, c.SignedAt = Signed, file, at
		if err := s.record(ctx, rinnova.System, c, event.ContractSigned, dataFile, file.SHA256, dataCertificate, by.Certificate, dataDocument, c.Row.DocumentSHA256); err != nil {
			return err
		}
		return s.Post.Send(ctx, c)
	})
}

// once makes the original of a contract that the record does not know as signed.
func (s *Service) once(ctx context.Context, c *Contract) (File, Signature, error) {
	f, err := s.Prove(ctx, c)
	if err != nil {
		return File{}, Signature{}, err
	}
	if len(f.Faults) > 0 {
		return File{}, Signature{}, &Refused{f.Faults}
	}
	if s.Witness != nil {
		if err := s.Witness.Note(ctx, c.Series, c.Year, c.Seq); err != nil {
			return File{}, Signature{}, err
		}
	}
	return s.original(ctx, c)
}

// fileKey names a file after its contract: a number may be given again where an older database was put back, an id never.
func fileKey(c *Contract) string {
	return fmt.Sprintf("contracts/%d/%s-%s.pdf", c.Year, strings.TrimSuffix(c.FileName(), ".pdf"), c.ID)
}

// original makes the one signed PDF of a contract and keeps it. A run that was killed after keeping the file and before
// saying so finds it there: signing again would make a second original, so the file that is kept is the one, if it is a signature
// on this very paper. Drawing the same document gives the same bytes, and a signature only adds to them.
func (s *Service) original(ctx context.Context, c *Contract) (File, Signature, error) {
	key := fileKey(c)
	pdf, err := s.Printer.Contract(c.Document)
	if err != nil {
		return File{}, Signature{}, fmt.Errorf("drawing: %w", err)
	}
	signed, err := s.Signer.Sign(ctx, pdf, "Contratto n. "+c.Number)
	if err != nil {
		return File{}, Signature{}, fmt.Errorf("signing: %w", err)
	}
	err = s.Files.Put(ctx, key, signed)
	if errors.Is(err, blob.ErrExists) {
		if signed, err = s.Files.Get(ctx, key); err == nil && !bytes.HasPrefix(signed, pdf) {
			return File{}, Signature{}, &Refused{rinnova.Faults{rinnova.Say("Il file %s c’era già e non è questo contratto: spostatelo altrove, e il contratto sarà firmato.", key)}}
		}
	}
	if err != nil {
		return File{}, Signature{}, err
	}
	// Nothing unsigned or altered leaves.
	by, err := s.Checker.Check(signed)
	if err == nil && !by.Ours {
		err = fmt.Errorf("signed by «%s», which is not the vendor's key", by.Name)
	}
	if err != nil {
		return File{}, Signature{}, fmt.Errorf("checking the signature: %w", err)
	}
	return fileOf(key, signed), by, nil
}

func fileOf(key string, data []byte) File {
	return File{Key: key, SHA256: hashOf(data), Size: int64(len(data))}
}

func hashOf(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// Open gives the signed PDF, by the name of its file, to whoever may have it: the school and the office. It is held against all that is
// known of it, and the record says who has had it.
func (s *Service) Open(ctx context.Context, actor rinnova.Actor, id, name string) (*Contract, []byte, error) {
	c, err := s.Store.Contract(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if mine, err := s.readable(ctx, actor, c); err != nil {
		return nil, nil, err
	} else if !mine || name != c.FileName() {
		return nil, nil, rinnova.Fail(rinnova.NotFound, "Questo contratto non c’è, o non è della vostra scuola.")
	}
	if c.State == Numbered {
		return nil, nil, rinnova.Fail(rinnova.Conflict, "Il contratto n. %s è in preparazione: il file firmato sarà pronto fra poco.", c.Number)
	}
	data, err := s.proven(ctx, actor, c)
	if err != nil {
		return nil, nil, err
	}
	return c, data, s.record(ctx, actor, c, event.ContractFetched)
}

// readable tells whether somebody may read a contract: the office, its school, and the school in which that one goes on.
func (s *Service) readable(ctx context.Context, actor rinnova.Actor, c *Contract) (bool, error) {
	if actor.IsOffice() || actor.IsSchool(c.SchoolID) {
		return true, nil
	}
	if s.Heir == nil {
		return false, nil
	}
	heir, err := s.Heir(ctx, c.SchoolID)
	return heir != "" && actor.IsSchool(heir), err
}

// MailSent and MailFailed are told, in the transaction that settles the mail, what became of it.
func (s *Service) MailSent(ctx context.Context, contractID string) error {
	return s.settle(ctx, contractID, event.ContractSent, func() (bool, error) { return s.Store.MarkSent(ctx, contractID, s.Clock().UTC()) })
}

// MailFailed marks a contract whose mail was given up; the contract itself stands, and waits in the reserved area.
func (s *Service) MailFailed(ctx context.Context, contractID string) error {
	return s.settle(ctx, contractID, event.ContractNotSent, func() (bool, error) { return s.Store.MarkUndelivered(ctx, contractID) })
}

func (s *Service) settle(ctx context.Context, id string, kind event.Kind, mark func() (bool, error)) error {
	mine, err := mark()
	if err != nil || !mine {
		return err
	}
	c, err := s.Store.Contract(ctx, id)
	if err != nil {
		return err
	}
	return s.record(ctx, rinnova.System, c, kind)
}

func (s *Service) record(ctx context.Context, actor rinnova.Actor, c *Contract, kind event.Kind, pairs ...string) error {
	data := map[string]string{"numero": c.Number}
	for i := 0; i+1 < len(pairs); i += 2 {
		data[pairs[i]] = pairs[i+1]
	}
	return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: kind, Actor: actor, SchoolID: c.SchoolID, AboutID: c.RequestID, Data: data})
}

// canSign tells whether there is a key that is good now.
func (s *Service) canSign() bool { return s.Signer != nil && s.Signer.Ready() == nil }

// Sweep asks again for the signature of contracts that have waited long: their job was lost or given up. It is the net
// under the jobs.
func (s *Service) Sweep(ctx context.Context) error {
	if !s.canSign() {
		return nil
	}
	stuck, err := s.Store.Stuck(ctx, s.Clock().Add(-10*time.Minute), 100)
	if err != nil {
		return err
	}
	for _, id := range stuck {
		if err := s.Queue.Insert(ctx, SignJob, signArgs{id}, SignJob+":"+id, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// verifyLink is the page of one code, for the QR code.
func (s *Service) verifyLink(code string) string { return s.BaseURL.JoinPath("v", code).String() }

// verifyPage is the page where a code is typed, as it is printed.
func (s *Service) verifyPage() string {
	return strings.TrimPrefix(s.BaseURL.JoinPath("v").String(), s.BaseURL.Scheme+"://")
}
