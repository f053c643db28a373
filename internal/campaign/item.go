package campaign

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

// ItemState is what has become of a school in a campaign.
type ItemState string

// The states of an item.
const (
	Rehearsed ItemState = "rehearsed" // the proposal is made, and nobody outside has seen it
	Failed    ItemState = "failed"    // it could not be made: Detail says why
	Changed   ItemState = "changed"   // what it was made from has changed since: it must be made again
	Published ItemState = "published" // the school can see it
	Withdrawn ItemState = "withdrawn" // it was taken back before the school opened it, and can be published again
	Ceased    ItemState = "ceased"    // its request was withdrawn for good: the school goes on in another
)

// ItemStates are all of them.
var ItemStates = []ItemState{Rehearsed, Failed, Changed, Published, Withdrawn, Ceased}

// Label is the state as people read it.
func (s ItemState) Label() rinnova.Text {
	switch s {
	case Rehearsed:
		return rinnova.Say("Provata")
	case Failed:
		return rinnova.Say("Non riuscita")
	case Changed:
		return rinnova.Say("Da riprovare")
	case Published:
		return rinnova.Say("Pubblicata")
	case Withdrawn:
		return rinnova.Say("Ritirata")
	case Ceased:
		return rinnova.Say("Ritirata per l’accorpamento")
	}
	return rinnova.Say("%s", string(s))
}

// Item is a school in a campaign: what it would be offered, or is.
type Item struct {
	CampaignID string
	SchoolID   string
	RunID      string // that wrote it last
	State      ItemState
	Body       []byte // the proposal as JSON; empty where it could not be made
	Lines      int
	Taxable    rinnova.Cents // of the proposal, in the band that it suggests
	Comparison               // with last year, like for like
	Oddities   []Oddity
	Detail     string // why it could not be made, or stays as it is
	RequestID  string // once published; empty: none
	MadeAt     time.Time

	made *renewal.Proposal // in an item that was just made: what Body says
}

// Publishable tells whether the school can see the proposal next: it is made, nobody sees it, and there is something to renew.
func (i *Item) Publishable() bool {
	return (i.State == Rehearsed || i.State == Withdrawn) && i.Lines > 0
}

// Proposal reads the proposal; nil where it could not be made.
func (i *Item) Proposal() (*renewal.Proposal, error) {
	if len(i.Body) == 0 {
		return nil, nil
	}
	p := &renewal.Proposal{}
	return p, json.Unmarshal(i.Body, p)
}

// become gives the proposal of an item that was just made the id and the instant of another's, and tells whether it is that
// one then, byte by byte.
func (i *Item) become(was Item) (bool, error) {
	var x struct {
		ID     string
		MadeAt time.Time
	}
	if err := json.Unmarshal(was.Body, &x); err != nil {
		return false, err
	}
	i.made.ID, i.made.MadeAt = x.ID, x.MadeAt
	now, err := json.Marshal(i.made)
	return bytes.Equal(now, was.Body), err
}

// Row is an item in a list, with its school.
type Row struct {
	Item
	School     string // short name, with the town
	PortalCode string
	Ministry   string // codice meccanografico
	Province   string // code
	Region     string
}

// ItemFilter chooses items of a campaign. Zero values choose everything.
type ItemFilter struct {
	State    ItemState
	Oddity   Oddity
	Clean    bool // those that were made, have something to renew and no oddity
	Search   string
	Region   string
	Province string
	RunID    string // written last by this run
	Stopped  bool   // failed, changed, or with a detail
	Sort     ItemSort
	Limit    int
	Offset   int
}

// ItemSort is the order of a list of items.
type ItemSort string

// The orders; the zero order is by school.
const (
	BySchool ItemSort = ""
	ByRise   ItemSort = "rise" // against last year, the highest first
	ByAmount ItemSort = "amount"
)

// Sums are count and amounts of items.
type Sums struct {
	Items   int
	Lines   int
	Taxable rinnova.Cents
	Comparison
}

// Count is how many items are in a state.
type Count struct {
	State ItemState
	Empty int // of these, without anything to renew
	Sums
}

// Items keeps what campaigns offer.
type Items interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	Item(ctx context.Context, campaignID, schoolID string) (Item, error)
	// PutItem writes an item, unless the school's is published.
	PutItem(ctx context.Context, i Item) error
	// Settle gives an item in a state another one, with run, detail and request; false where it is in that state no more.
	Settle(ctx context.Context, from ItemState, i Item) (bool, error)
	// DropItem takes away the item of a school that takes part no longer, unless it is published.
	DropItem(ctx context.Context, campaignID, schoolID string) error
	// ToDo reads the next items of a campaign that a run works on, by school, with their bodies.
	ToDo(ctx context.Context, campaignID string, kind RunKind, c Choice, afterSchool string, limit int) ([]Item, error)
	CountToDo(ctx context.Context, campaignID string, kind RunKind, c Choice) (int, error)

	Rows(ctx context.Context, campaignID string, f ItemFilter) ([]Row, error) // without bodies
	Sum(ctx context.Context, campaignID string, f ItemFilter) (Sums, error)
	Counts(ctx context.Context, campaignID string) ([]Count, error)
	// OddityCounts counts the items that are rehearsed, by oddity.
	OddityCounts(ctx context.Context, campaignID string) (map[Oddity]int, error)
	// Shares counts the items that can be compared with last year, by whole percent (rounded down) of the difference.
	Shares(ctx context.Context, campaignID string) (map[int]int, error)

	// OpenLines are what requests of a kind in other campaigns offer to those schools and have not sold yet.
	OpenLines(ctx context.Context, c Campaign, afterSchool, upToSchool string) (map[string][]renewal.Line, error)
	// OpenRequests tells which schools, of those whose ids lie after one and up to another, have a request of a kind for an
	// overlapping period in another campaign that is not declined, expired or withdrawn.
	OpenRequests(ctx context.Context, c Campaign, afterSchool, upToSchool string) (map[string]bool, error)
	// SharedTaxCodes are the tax codes that more than one school has.
	SharedTaxCodes(ctx context.Context) (map[string]bool, error)
	// TakeBack deletes a request and its proposal where the school has not opened it; false where it has.
	TakeBack(ctx context.Context, requestID string) (bool, error)
}

// Schools reads schools.
type Schools interface {
	School(ctx context.Context, id string) (school.School, error)
	// After reads the next schools by id.
	After(ctx context.Context, id string, limit int) ([]school.School, error)
	CountAll(ctx context.Context) (int, error)
}

// Subscriptions reads what schools have.
type Subscriptions interface {
	OfSchool(ctx context.Context, schoolID string) ([]subscription.Subscription, error)
	Between(ctx context.Context, afterSchool, upToSchool string) ([]subscription.Subscription, error)
}
