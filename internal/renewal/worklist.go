package renewal

import (
	"context"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
)

// Filter chooses requests of a campaign for the office. Zero values choose everything.
type Filter struct {
	CampaignID string
	Queue      Queue
	State      State
	Search     string // part of a school's name, code or town, of a CIG or a request's number
	Warned     Warned
	Band       catalog.Band
	Province   string
	Clerk      string // account id; Nobody: not taken
	Sort       Sort
	Limit      int
	Offset     int
}

// Queue is a part of the office's work. Row has a method for each, which says the same of one request.
type Queue string

// The queues; the zero Queue is all requests.
const (
	Waiting    Queue = "waiting"    // submitted or in review
	Changed    Queue = "changed"    // waiting, and confirmed again after a clerk took it in charge
	Ready      Queue = "ready"      // nothing is left to look at before processing
	Unanswered Queue = "unanswered" // the school has not confirmed yet
)

// Nobody as a Filter's clerk chooses requests that nobody has taken in charge.
const Nobody = "-"

// Warned chooses by warnings.
type Warned string

// The choices of Warned.
const (
	WithWarnings    Warned = "with"
	WithoutWarnings Warned = "without"
)

// Sort is the order of a work list.
type Sort string

// The orders; the zero Sort is the newest confirmation first.
const (
	ByOldest     Sort = "oldest"
	BySchool     Sort = "school"
	BySchoolDesc Sort = "school_desc"
	ByAmount     Sort = "amount" // the smallest first
	ByAmountDesc Sort = "amount_desc"
	ByDelta      Sort = "delta" // confirmed amount against the proposal, what was cut most first
	ByDeltaDesc  Sort = "delta_desc"
)

// Row is a request in a work list.
type Row struct {
	ID          string
	Number      string
	State       State
	Revision    int
	ConfirmedAt time.Time
	Band        catalog.Band
	Offered     rinnova.Cents
	Taxable     rinnova.Cents
	CIG         string
	Looks       []string // codes of all that there is to look at: see Looks
	Unseen      []string // of Looks doubts about the order that came up after the confirmation: the school has not seen them
	Taken       Taken
	Pending     bool
	DraftAt     time.Time
	Notice      Notice // with which the school declined it
	School      string // short name, with the town
	Town        string // as the registry writes it
	Province    string // code
	PortalCode  string
	Ministry    string // codice meccanografico
}

// ChangedSinceTaken tells whether the school confirmed again after a clerk took the request in charge.
func (r Row) ChangedSinceTaken() bool { return r.Taken.Revision > 0 && r.Revision > r.Taken.Revision }

// Waiting tells whether the request waits for the office.
func (r Row) Waiting() bool { return r.State == Submitted || r.State == InReview }

// Ready tells whether nothing is left to look at: a clerk has it in charge and it has not changed since, or it came in
// without anything to look at and is not a new confirmation of something that a clerk had already taken.
func (r Row) Ready() bool {
	return r.State == InReview || r.State == Submitted && len(r.Looks) == 0 && r.Taken.Revision == 0
}

// Unanswered tells whether the school has not confirmed yet.
func (r Row) Unanswered() bool { return r.State == Offered || r.State == Drafted }

// Delta is the confirmed amount against the proposal; nothing where the proposal had no band to be computed for.
func (r Row) Delta() rinnova.Cents {
	if r.Offered == 0 {
		return 0
	}
	return r.Taxable - r.Offered
}

// Sums are the count and amounts of the requests that a filter chooses.
type Sums struct {
	Requests, Warned int
	Taxable          rinnova.Cents // of the confirmations
	Offered          rinnova.Cents // of the proposals
}

// Count is the sums of one state of a campaign, and how many of its requests are in the queues Changed and Ready.
type Count struct {
	State          State
	Changed, Ready int
	Sums
}

// Clerk is somebody of the office who has requests in charge.
type Clerk struct{ ID, Name string }

// WorkLists reads requests for the office.
type WorkLists interface {
	List(ctx context.Context, f Filter) ([]Row, error)
	// IDs are those of the rows of List, in the same order.
	IDs(ctx context.Context, f Filter) ([]string, error)
	Sum(ctx context.Context, f Filter) (Sums, error)
	// Rows reads single requests, in the order of ids; those that do not exist are left out.
	Rows(ctx context.Context, ids []string) ([]Row, error)
	Counts(ctx context.Context, campaignID string) ([]Count, error)
	// Waiting counts the requests of a campaign that wait for the office.
	Waiting(ctx context.Context, campaignID string) (int, error)
	// TakenBy counts the waiting requests that a clerk has in charge.
	TakenBy(ctx context.Context, campaignID, accountID string) (int, error)
	// Provinces lists the province codes of all schools.
	Provinces(ctx context.Context) ([]string, error)
	Clerks(ctx context.Context, campaignID string) ([]Clerk, error)
}
