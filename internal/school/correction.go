package school

import (
	"time"

	"rinnova"
)

// Correction is what somebody asks to change of a school's data at one time: the school itself, or the program
// (rinnova.System) where the registry says something else of a value that was corrected.
type Correction struct {
	ID       string
	SchoolID string
	By       rinnova.Actor
	At       time.Time // UTC
	Note     string    // of the school, to the office
	Waiting  int       // items that nobody has decided on
	Items    []Item    // in the order of Correctable
}

// FromRegistry tells whether the registry asks, not the school.
func (c *Correction) FromRegistry() bool { return c.By.Role == rinnova.RoleSystem }

// Item is one value that a correction would change.
type Item struct {
	CorrectionID string
	Field        Field
	Old          string // as it was shown when it was asked
	New          string
	Warnings     []rinnova.Text // the doubts about New that the school has seen and confirmed
	State        ItemState
	DecidedBy    string    // account id
	DecidedName  string    // for people
	DecidedAt    time.Time // UTC; zero: not yet
	Reason       string    // why it was rejected

	AskedAt  time.Time // UTC; of its correction
	Registry bool      // its correction is the registry's
}

// ItemState is where an item stands.
type ItemState string

// The states of an item. All but Open are final.
const (
	Open      ItemState = "open"
	Accepted  ItemState = "accepted"
	Rejected  ItemState = "rejected"
	Replaced  ItemState = "replaced"  // by a newer correction of the same value
	Withdrawn ItemState = "withdrawn" // by the school
)

// Decided tells whether the office has decided.
func (s ItemState) Decided() bool { return s == Accepted || s == Rejected }

// Label is the state as people read it.
func (s ItemState) Label() rinnova.Text {
	switch s {
	case Open:
		return rinnova.Say("In attesa")
	case Accepted:
		return rinnova.Say("Accettata")
	case Rejected:
		return rinnova.Say("Non accettata")
	case Replaced:
		return rinnova.Say("Sostituita")
	case Withdrawn:
		return rinnova.Say("Ritirata")
	}
	return rinnova.Say("%s", string(s))
}

// moved is the item in another state.
func (i Item) moved(to ItemState, by rinnova.Actor, at time.Time, reason string) Item {
	i.State, i.DecidedBy, i.DecidedName, i.DecidedAt, i.Reason = to, by.AccountID, by.Name, at, reason
	return i
}

// Asked is what the school's form sends.
type Asked struct {
	Values map[Field]string // as typed
	// Shown are the values that the form showed: a value that was left as it was is not asked for, also where it has changed
	// since.
	Shown        map[Field]string
	Note         string
	Acknowledged []string // codes of the warnings that the school has seen and confirmed
}

// Outcome is what came of a form.
type Outcome struct {
	Asked     int // values that now wait for the office
	Withdrawn int // values that were put back to what they are
}

// Decision is what a clerk decides on one item.
type Decision struct {
	Field  Field
	Accept bool
	Reason string // for a rejection
	Seen   string // the value that the clerk's page showed as today's
}

// MaxReason and MaxNote bound what a clerk and a school write, in characters.
const (
	MaxReason = 600
	MaxNote   = 600
)

// FieldNote is the name of the note in forms.
const FieldNote = "note"

// ReasonField is the name of the reason for an item in forms.
func ReasonField(f Field) string { return "reason-" + string(f) }

// DecisionField is the name of the decision on an item in forms.
func DecisionField(f Field) string { return "decision-" + string(f) }
