package renewal

import (
	"slices"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/school"
)

// Draft is what the school is working on: it counts only once confirmed.
type Draft struct {
	Band     catalog.Band
	BandSeen string // code of the doubt about the band that the school has confirmed; empty: none
	Ticks    []string
	Leavings Leavings `json:",omitempty"` // why products are not renewed, as far as the school says so
	Order    OrderForm
	Reply    string `json:",omitempty"` // to the office, which has sent the request back
}

// Request is the school's answer to its proposal.
type Request struct {
	ID         string
	Number     string // 2027-004512
	CampaignID string
	SchoolID   string
	ProposalID string
	Kind       Kind
	State      State
	Version    int64 // grows with every write
	Draft      Draft
	DraftAt    time.Time // zero: never touched
	Pending    bool      // the draft differs from what counts

	Revision    int // the last confirmation; 0: none
	ConfirmedAt time.Time
	Band        catalog.Band  // of the last confirmation
	Offered     rinnova.Cents // taxable amount of the proposal as made
	Taxable     rinnova.Cents // of the last confirmation
	CIG         string
	Party       string   // the school's data of a contract, as they were confirmed (school.PartyData)
	Roof        int      // with more pupils than these the confirmed band is too low; 0: never
	Warnings    []string // codes of the warnings that the last confirmation carries, without SharedCIG

	Taken     Taken
	Reason    string // why it was returned
	SentBack  int    // the last confirmation that the office returned; 0: none
	Notice    Notice // with which the school declined it
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Taken is who looks at the request, and at which confirmation.
type Taken struct {
	By       string // account id; empty: nobody
	Name     string
	At       time.Time
	Revision int
}

// ChangedSinceTaken tells whether the school confirmed again after a clerk took the request in charge.
func (r *Request) ChangedSinceTaken() bool {
	return r.Taken.Revision > 0 && r.Revision > r.Taken.Revision
}

// Corrects tells whether the school has to correct what it confirmed, or to answer: the office has sent its last confirmation
// back.
func (r *Request) Corrects() bool {
	return r.State == Returned && r.Revision > 0 && r.SentBack == r.Revision
}

// Settled tells whether what counts is all that the school says: nothing is asked of it any more.
func (r *Request) Settled() bool { return r.State.Confirmed() && !r.Pending }

// Ticks are the lines ticked in the draft.
func (r *Request) Ticks() Ticks { return NewTicks(r.Draft.Ticks...) }

// Revision is one confirmation. It is written once and never changed.
type Revision struct {
	RequestID string
	Number    int
	At        time.Time
	By        rinnova.Actor
	Band      catalog.Band
	Ticks     []string
	Leavings  Leavings `json:",omitempty"` // why products are not renewed, as far as the school said so
	Order     Order
	Totals    catalog.Totals
	TermsID   string
	Terms     string // version
	TermsHash string // SHA-256 of the text that was accepted
	School    school.School
	Warnings  []Warning
	Reply     Reply `json:",omitzero"`

	SHA256 string `json:"-"` // of the confirmation as it is stored: the store tells it, and the event of the confirmation says it
}

// Warning is what a clerk must see of a confirmation: a doubt that the school has seen and confirmed, a missing CIG, a reply.
type Warning struct {
	Field string
	Code  string // without the value: cig.check
	Text  rinnova.Text
}

// SharedCIG is the code of the doubt that another school of the campaign has confirmed the same CIG. A confirmation keeps
// that its school saw it; whether it is so now depends on the other request too, so a work list computes it.
const SharedCIG = "cig.other_school"

// OldCIG is the code of the doubt that the school has used the CIG in another campaign.
const OldCIG = "cig.last_year"

// Warned tells whether the school saw this doubt with the confirmation and confirmed it.
func (v *Revision) Warned(p rinnova.Problem) bool {
	return slices.ContainsFunc(v.Warnings, func(w Warning) bool { return w.Field == p.Field && w.Code == WarningCode(p.Code) })
}

// Says tells whether the confirmation carries a warning with this code.
func (v *Revision) Says(code string) bool {
	return slices.ContainsFunc(v.Warnings, func(w Warning) bool { return w.Code == code })
}

// WarningCode is the stable part of a problem's code: what stands before the value that it speaks of.
func WarningCode(code string) string {
	c, _, _ := strings.Cut(code, ":")
	return c
}
