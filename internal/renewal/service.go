package renewal

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
	"rinnova/internal/terms"
)

// Store keeps proposals, requests and revisions.
type Store interface {
	// InTx runs fn in one transaction, which the context carries to every other store.
	InTx(ctx context.Context, fn func(context.Context) error) error
	// Request reads one; NotFound where there is none.
	Request(ctx context.Context, id string) (*Request, error)
	// RequestByNumber reads one by the number that people know, 2027-004512; NotFound where there is none.
	RequestByNumber(ctx context.Context, number string) (*Request, error)
	// RequestAndProposal reads a request with its proposal; NotFound where there is none.
	RequestAndProposal(ctx context.Context, id string) (*Request, *Proposal, error)
	// OfSchool reads the requests of a school, the newest first.
	OfSchool(ctx context.Context, schoolID string) ([]Request, error)
	// Update writes r where its Version is still the stored one and counts the version up; else ErrStale.
	Update(ctx context.Context, r *Request) error
	// AddRevision writes a confirmation, once.
	AddRevision(ctx context.Context, v *Revision) error
	// SetSales writes what the confirmation that counts sells, in place of what the one before did.
	SetSales(ctx context.Context, requestID string, sales []Sale) error
	// WithoutParty finds requests that wait for the office and have no Party: so many at most.
	WithoutParty(ctx context.Context, limit int) (ids []string, err error)
	// SetParty gives r, where it has none and still has its revision, Party and Roof; false where it is not so.
	SetParty(ctx context.Context, r *Request, party string, roof int) (bool, error)
	// Revision reads one confirmation; NotFound where there is none.
	Revision(ctx context.Context, requestID string, number int) (*Revision, error)
	// Revisions reads all confirmations of a request in order.
	Revisions(ctx context.Context, requestID string) ([]Revision, error)
	// SameCIG finds other requests whose last confirmation has this CIG and that are still alive or have a contract: ten at
	// most, those of the same school first, then those of the same campaign.
	SameCIG(ctx context.Context, cig, requestID string) ([]CIGUse, error)
	// Expire closes requests for which no confirmation counts, of campaigns that closed before a day: so many at most.
	Expire(ctx context.Context, today rinnova.Date, at time.Time, limit int) ([]Request, error)
	// Add writes a proposal with its request; false where the school has one for the period already.
	Add(ctx context.Context, p *Proposal, r *Request) (bool, error)
}

// CIGUse is another request with the same CIG.
type CIGUse struct {
	RequestID, CampaignID, SchoolID, School string

	Campaign string // its name: Rinnovo 2027
	Order    string // number of the order
	Known    bool   // its school has confirmed, with it, that the CIG is on another of its orders too
}

// Season is what a request needs to know of its campaign.
type Season struct {
	ID       string
	Name     string // Rinnovo 2027
	Kind     Kind
	Year     int
	OpensOn  rinnova.Date
	ClosesOn rinnova.Date
	NoticeBy rinnova.Date // until when a school can say that it renews nothing; zero: until the close
	Payments []string     // codes of the payment terms that it allows; empty: all
	Terms    terms.Terms
	Together bool // its order may cover the other kind's request too
}

// Notice is the last day on which a school can say that it renews nothing.
func (s Season) Notice() rinnova.Date {
	if s.NoticeBy.IsZero() {
		return s.ClosesOn
	}
	return s.NoticeBy
}

// Offered are those of the vendor's payment terms that the season allows. Where the vendor offers none of them any more, they are
// all that it offers: a school must be able to choose.
func (s Season) Offered(all []supplier.PaymentTerm) []supplier.PaymentTerm {
	if len(s.Payments) == 0 {
		return all
	}
	var out []supplier.PaymentTerm
	for _, t := range all {
		if slices.Contains(s.Payments, t.Code) {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// Open tells whether schools can work on their requests on a day.
func (s Season) Open(d rinnova.Date) bool { return !d.Before(s.OpensOn) && !d.After(s.ClosesOn) }

// Seasons finds campaigns.
type Seasons interface {
	Season(ctx context.Context, campaignID string) (Season, error)
}

// Schools finds schools.
type Schools interface {
	School(ctx context.Context, id string) (school.School, error)
}

// Vendors gives the vendor's settings.
type Vendors interface {
	Profile(ctx context.Context) (supplier.Profile, error)
}

// Post sends mails about a request; it writes them in the transaction of ctx.
type Post interface {
	Confirmed(ctx context.Context, c Confirmation) error
	SentBack(ctx context.Context, r *Request, v *Revision) error
	// Declined is the receipt of a notice.
	Declined(ctx context.Context, v *View) error
}

// Confirmation is what the receipt of a confirmation tells.
type Confirmation struct {
	Request  *Request
	Proposal *Proposal
	Revision *Revision
	Before   *Revision // the confirmation that this one replaces; nil: none
}

// Service is what schools and clerks do with requests.
type Service struct {
	Store   Store
	Seasons Seasons
	Schools Schools
	Vendors Vendors
	Events  event.Recorder
	Post    Post
	Clock   rinnova.Clock
}

// View is a request with what it answers to.
type View struct {
	Request  *Request
	Proposal *Proposal
	Season   Season
	School   school.School
}

// Totals are the amounts of the draft.
func (v *View) Totals() catalog.Totals {
	return v.Proposal.Totals(v.Request.Draft.Band, v.Request.Ticks())
}

// Editable tells whether the school can change the request now.
func (v *View) Editable(today rinnova.Date) bool {
	return v.Request.State.Allows(Edit) && v.Season.Open(today) && v.School.Open(today)
}

// View reads a request for an actor: the school's own, or any for the office. Another school's is NotFound.
func (s *Service) View(ctx context.Context, actor rinnova.Actor, id string) (*View, error) {
	r, p, err := s.Store.RequestAndProposal(ctx, id)
	if err != nil {
		return nil, err
	}
	if !actor.IsOffice() && !actor.IsSchool(r.SchoolID) && actor.Role != rinnova.RoleSystem {
		return nil, notFound()
	}
	season, err := s.Seasons.Season(ctx, r.CampaignID)
	if err != nil {
		return nil, err
	}
	sch, err := s.Schools.School(ctx, r.SchoolID)
	if err != nil {
		return nil, err
	}
	return &View{Request: r, Proposal: p, Season: season, School: sch}, nil
}

func notFound() error {
	return rinnova.Fail(rinnova.NotFound, "Questa richiesta non c’è, non è della vostra scuola, o l’ufficio l’ha ritirata.")
}

// ChooseBand sets the band of pupils and opens the draft. Seen are the codes of doubts that the school has confirmed with it
// (Proposal.BandDoubts); without its own a doubt stops the confirmation, not the choice.
func (s *Service) ChooseBand(ctx context.Context, actor rinnova.Actor, id string, band catalog.Band, seen ...string) error {
	return s.change(ctx, actor, id, func(ctx context.Context, v *View) error {
		if !v.Proposal.Bands.Has(band) {
			return rinnova.Fail(rinnova.Invalid, "Scegliete una fascia dall’elenco.")
		}
		before, err := s.last(ctx, v.Request)
		if err != nil {
			return err
		}
		draft, was := &v.Request.Draft, v.Request.Draft
		draft.Band, draft.BandSeen = band, ""
		for _, doubt := range v.Proposal.BandDoubts(band, before) {
			if slices.Contains(seen, doubt.Code) {
				draft.BandSeen = doubt.Code
			}
		}
		if draft.Band == was.Band && draft.BandSeen == was.BandSeen && v.Request.State != Offered {
			return nil
		}
		if err := s.saveDraft(ctx, actor, v); err != nil {
			return err
		}
		return s.record(ctx, actor, v.Request, event.BandChosen, "fascia", v.Proposal.Bands.Name(band).String())
	})
}

// Save keeps a draft as it stands, whatever is wrong in it.
func (s *Service) Save(ctx context.Context, actor rinnova.Actor, id string, d Draft) error {
	return s.change(ctx, actor, id, func(ctx context.Context, v *View) error {
		put(v, d)
		return s.saveDraft(ctx, actor, v)
	})
}

// Printed puts on the record that a reminder was drawn.
func (s *Service) Printed(ctx context.Context, actor rinnova.Actor, r *Request) error {
	return s.record(ctx, actor, r, event.ReminderPrinted)
}

// change runs fn on a school's own request while it may be edited.
func (s *Service) change(ctx context.Context, actor rinnova.Actor, id string, fn func(context.Context, *View) error) error {
	return s.upToDate(ctx, func(ctx context.Context) error {
		v, err := s.View(ctx, actor, id)
		if err != nil {
			return err
		}
		if !actor.IsSchool(v.Request.SchoolID) {
			return rinnova.Fail(rinnova.Forbidden, "Solo la scuola può cambiare la propria richiesta.")
		}
		if _, err := v.Request.State.Next(Edit); err != nil {
			return err
		}
		if err := s.open(v); err != nil {
			return err
		}
		return fn(ctx, v)
	})
}

// ErrStale is a request that somebody else has written since it was read.
var ErrStale = rinnova.Fail(rinnova.Conflict, "La richiesta è cambiata mentre ci lavoravate. Ricaricate la pagina e riprovate.")

// upToDate runs fn, which reads a request and then writes it, in one transaction, and once more where somebody else wrote
// it in between: the second time it sees what that was, and answers to it. On SQLite nobody can; on PostgreSQL two meet.
// Before it writes the request fn may write nothing.
func (s *Service) upToDate(ctx context.Context, fn func(context.Context) error) error {
	return s.Store.InTx(ctx, func(ctx context.Context) (err error) {
		for range 4 {
			if err = fn(ctx); !errors.Is(err, ErrStale) {
				break
			}
		}
		return err
	})
}

func (s *Service) open(v *View) error {
	today := s.Clock.Today()
	switch {
	case !v.School.Open(today):
		return rinnova.Fail(rinnova.Conflict, "Per noi la scuola è chiusa dal %s: non può rinnovare. Se non è così, telefonate all’ufficio.", v.School.ClosedOn)
	case today.Before(v.Season.OpensOn):
		return rinnova.Fail(rinnova.Conflict, "%s si apre il %s.", v.Season.Name, v.Season.OpensOn)
	case today.After(v.Season.ClosesOn):
		return rinnova.Fail(rinnova.Conflict, "%s si è chiuso il %s: la richiesta non si può più cambiare. Telefonate all’ufficio.", v.Season.Name, v.Season.ClosesOn)
	}
	return nil
}

// put takes from d what the proposal knows: an unknown band or line is not kept.
func put(v *View, d Draft) {
	draft := &v.Request.Draft
	if v.Proposal.Bands.Has(d.Band) {
		draft.Band = d.Band
	}
	if d.BandSeen != "" {
		draft.BandSeen = d.BandSeen
	}
	draft.Ticks = slices.DeleteFunc(slices.Clone(d.Ticks), func(id string) bool {
		_, known := v.Proposal.Line(id)
		return !known
	})
	slices.Sort(draft.Ticks)
	draft.Ticks = slices.Compact(draft.Ticks)
	draft.Leavings = v.Proposal.leavings(NewTicks(draft.Ticks...), d.Leavings)
	draft.Order, draft.Reply = d.Order, ""
	if v.Request.Corrects() {
		draft.Reply = d.Reply
	}
}

func (s *Service) saveDraft(ctx context.Context, actor rinnova.Actor, v *View) error {
	r := v.Request
	next, err := r.State.Next(Edit)
	if err != nil {
		return err
	}
	r.State = next
	r.DraftAt = s.now()
	if r.Pending, err = s.pending(ctx, r); err != nil {
		return err
	}
	if r.Revision == 0 {
		r.Band = r.Draft.Band
	}
	r.UpdatedAt = r.DraftAt
	return s.Store.Update(ctx, r)
}

// pending tells whether the draft differs from the last confirmation; without one every draft does.
func (s *Service) pending(ctx context.Context, r *Request) (bool, error) {
	if r.Revision == 0 {
		return true, nil
	}
	last, err := s.Store.Revision(ctx, r.ID, r.Revision)
	if err != nil {
		return false, err
	}
	return !last.Same(r.Draft), nil
}

// Same tells whether a draft says what the confirmation said.
func (v *Revision) Same(d Draft) bool {
	return v.Band == d.Band && NewTicks(v.Ticks...).Equal(NewTicks(d.Ticks...)) && maps.Equal(v.Leavings, d.Leavings) &&
		v.Order.Form().equal(d.Order)
}

func (s *Service) record(ctx context.Context, actor rinnova.Actor, r *Request, kind event.Kind, pairs ...string) error {
	e := event.Event{At: s.now(), Kind: kind, Actor: actor, SchoolID: r.SchoolID, AboutID: r.ID}
	if len(pairs) > 0 {
		e.Data = map[string]string{}
		for i := 0; i+1 < len(pairs); i += 2 {
			e.Data[pairs[i]] = pairs[i+1]
		}
	}
	return s.Events.Record(ctx, e)
}

func (s *Service) now() time.Time { return s.Clock().UTC() }
