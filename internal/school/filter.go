package school

import "rinnova"

// Condition is what a list of schools can be narrowed to.
type Condition string

// The conditions. A school may meet several.
const (
	AnyCondition Condition = ""
	IsOpen       Condition = "open"        // neither closed nor vanished
	IsClosed     Condition = "closed"      // on a day, without going on in another
	IsMerged     Condition = "merged"      // goes on in another
	IsVanished   Condition = "vanished"    // no longer in the registry
	NoTaxCode    Condition = "no-tax-code" // without codice fiscale: it gets no contract
	NoEmail      Condition = "no-email"    // without institutional address
)

// Conditions are all of them, as a list offers them.
var Conditions = []Condition{AnyCondition, IsOpen, NoTaxCode, NoEmail, IsVanished, IsClosed, IsMerged}

// Label is the condition as a list offers it.
func (c Condition) Label() rinnova.Text {
	switch c {
	case IsOpen:
		return rinnova.Say("Aperte")
	case IsClosed:
		return rinnova.Say("Chiuse")
	case IsMerged:
		return rinnova.Say("Confluite in un’altra")
	case IsVanished:
		return rinnova.Say("Non più nell’anagrafe")
	case NoTaxCode:
		return rinnova.Say("Senza codice fiscale")
	case NoEmail:
		return rinnova.Say("Senza e-mail")
	}
	return rinnova.Say("Tutte")
}

// Meets tells whether s meets the condition, as the store chooses.
func (s School) Meets(c Condition) bool {
	switch c {
	case IsOpen:
		return s.ClosedOn.IsZero() && s.VanishedOn.IsZero()
	case IsClosed:
		return !s.ClosedOn.IsZero() && s.MergedInto == ""
	case IsMerged:
		return s.MergedInto != ""
	case IsVanished:
		return !s.VanishedOn.IsZero()
	case NoTaxCode:
		return s.TaxCode == ""
	case NoEmail:
		return s.Email == ""
	}
	return true
}

// Filter chooses schools; the zero Filter is all of them.
type Filter struct {
	Search        string // words in codes, names, town, addresses for mail
	Region        string // as the registry writes it
	Province      string // two letters
	Condition     Condition
	Limit, Offset int
}
