// Package merger is the dimensionamento: from a day on, usually a 1 September, two or more schools go on as one of them. What
// the others have moves to it, duplicates are shown and chosen, its pupils are counted again; what was before stays where it
// was, and can be read by both.
//
// A merger is previewed, and carried out exactly as it was shown (Preview.Hash): at once where its day has come, else on its
// day by Service.Sweep. What is no longer as it was shown by then is held until a manager looks again.
package merger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

// State is where a merger stands.
type State string

// The states.
const (
	Planned   State = "planned"   // its day is still to come
	Held      State = "held"      // on its day it was no longer as it was shown: somebody must look
	Applied   State = "applied"   // final
	Cancelled State = "cancelled" // final
)

// Label is the state as people read it.
func (s State) Label() rinnova.Text {
	switch s {
	case Planned:
		return rinnova.Say("Programmato")
	case Held:
		return rinnova.Say("Da riguardare")
	case Applied:
		return rinnova.Say("Eseguito")
	case Cancelled:
		return rinnova.Say("Annullato")
	}
	return rinnova.Say("%s", string(s))
}

// Open tells whether it is still to be carried out.
func (s State) Open() bool { return s == Planned || s == Held }

// Party is a school of a merger, as it was when it was looked at.
type Party struct {
	ID, Name, PortalCode, MinistryCode string
	Email, Address                     string
	Pupils                             int // 0: not known
	PupilsYear                         string
}

func party(s school.School) Party {
	return Party{s.ID, s.ShortName, s.PortalCode, s.MinistryCode, s.Email, s.PostalAddress(), s.Pupils, s.PupilsYear}
}

// Pupils is how many the school has afterwards, and why.
type Pupils struct {
	Before, After int
	Year          string   // the school year of After
	Summed        bool     // the sum of all; else the registry's own number, which is of the new school
	Unknown       []string // names of the schools whose number is not known: the sum lacks them
	Band          catalog.Band
	BandBefore    catalog.Band
	Bands         catalog.Bands
}

// Pending is a request of a school that goes on in another, which is not closed.
type Pending struct {
	ID, Number, SchoolID string
	State                renewal.State
}

// Blocks tells whether the request must be dealt with first: it counts. The others are withdrawn.
func (p Pending) Blocks() bool { return p.State.Confirmed() }

// Preview is all that a merger would do.
type Preview struct {
	Into       Party
	From       []Party
	Day        rinnova.Date
	Moves      []subscription.Subscription
	Duplicates []Duplicate
	Products   map[string]string // names, by id
	Pupils     Pupils
	Requests   []Pending // of those who close
	Heirs      []Pending // of the school that goes on: they stay as they are
}

// Blocked tells whether something must be dealt with first.
func (p *Preview) Blocked() bool {
	for _, r := range p.Requests {
		if r.Blocks() {
			return true
		}
	}
	return false
}

// School is one of the parties; the zero Party where none has the id.
func (p *Preview) School(id string) Party {
	for _, x := range append([]Party{p.Into}, p.From...) {
		if x.ID == id {
			return x
		}
	}
	return Party{}
}

// IDs are the ids of the schools that go on in another.
func (p *Preview) IDs() []string {
	out := make([]string, len(p.From))
	for i, x := range p.From {
		out[i] = x.ID
	}
	return out
}

// Outcome is every subscription that changes, as it is afterwards.
func (p *Preview) Outcome(choices map[string]string) []subscription.Subscription {
	return Outcome(p.Into.ID, p.Moves, p.Duplicates, choices)
}

// Hash is over everything that the merger would change. What must be dealt with first is not in it: that only ever stops it.
func (p *Preview) Hash() (string, error) {
	withdrawn := []string{}
	for _, r := range p.Requests {
		if !r.Blocks() {
			withdrawn = append(withdrawn, r.ID)
		}
	}
	type period struct{ ID, School, Product, From, To, Ended string }
	var moves []period
	plain := func(all []subscription.Subscription) {
		for _, x := range all {
			moves = append(moves, period{x.ID, x.SchoolID, x.ProductID, x.Period.From.String(), x.Period.To.String(), x.Ended})
		}
	}
	plain(p.Moves)
	for _, d := range p.Duplicates {
		plain(d.Held)
	}
	b, err := json.Marshal([]any{p.Into.ID, p.IDs(), p.Day.String(), moves, len(p.Moves), p.Pupils.After, p.Pupils.Year, withdrawn})
	if err != nil {
		return "", fmt.Errorf("merger: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Stamp is who did something, and when.
type Stamp struct {
	By   string // account id
	Name string
	At   time.Time // UTC
}

// Merger is one on the record.
type Merger struct {
	ID      string
	State   State
	Preview Preview           // as it was shown and, once applied, as it was done
	Choices map[string]string // by Duplicate.Key: whose periods go on
	Hash    string
	Planned Stamp
	Settled Stamp  // who applied or cancelled it
	Detail  string // why it is held
}

// Store keeps mergers.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	Add(ctx context.Context, m *Merger) error
	// Move writes state, preview, settlement and detail of one that is in the state before; false where it is not.
	Move(ctx context.Context, m *Merger, before State) (bool, error)
	// Merger reads one; NotFound where there is none.
	Merger(ctx context.Context, id string) (*Merger, error)
	// List reads the newest ones; those that are still to be carried out come first, by their day.
	List(ctx context.Context, limit int) ([]Merger, error)
	// OfSchool reads those that a school is in, the newest first.
	OfSchool(ctx context.Context, schoolID string) ([]Merger, error)
	// Due reads the planned ones whose day has come, in the order of their days.
	Due(ctx context.Context, today rinnova.Date) ([]Merger, error)
	// CountHeld counts those that somebody must look at.
	CountHeld(ctx context.Context) (int, error)
}

// Schools reads and writes schools.
type Schools interface {
	School(ctx context.Context, id string) (school.School, error)
	ByCode(ctx context.Context, code string) (s school.School, ok bool, err error)
	UpdateFrom(ctx context.Context, s school.School) error
	MergedInto(ctx context.Context, id string) ([]school.School, error)
}

// Requests are the requests of schools.
type Requests interface {
	OfSchool(ctx context.Context, schoolID string) ([]renewal.Request, error)
}

// Withdrawer takes back requests that do not count.
type Withdrawer interface {
	Withdraw(ctx context.Context, actor rinnova.Actor, id, reason string) error
}

// Service merges schools.
type Service struct {
	Store         Store
	Schools       Schools
	Subscriptions *subscription.Service
	Requests      Requests
	Renewals      Withdrawer
	Products      func(ctx context.Context) ([]catalog.Product, error)
	Bands         func(ctx context.Context) (catalog.Bands, error)
	Events        event.Recorder
	Clock         rinnova.Clock
}
