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
	State      State
	Waiting    bool   // submitted or in review
	Search     string // part of a school's name, code or town, of a CIG or a request's number
	Warned     Warned
	Band       catalog.Band
	Province   string
	Clerk      string // account id; Nobody: not taken
	Changed    bool   // confirmed again after it was taken in charge
	Sort       Sort
	Limit      int
	Offset     int
}

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

// The orders: the newest confirmation first where it is empty.
const (
	BySchool Sort = "school"
	ByAmount Sort = "amount"
	ByOldest Sort = "oldest"
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
	Warnings    []string
	Taken       Taken
	Pending     bool
	DraftAt     time.Time
	School      string // short name, with the town
	Town        string
	Province    string
	PortalCode  string
}

// ChangedSinceTaken tells whether the school confirmed again after a clerk took the request in charge.
func (r Row) ChangedSinceTaken() bool { return r.Taken.Revision > 0 && r.Revision > r.Taken.Revision }

// Sums are the count and amount of the requests that a filter chooses.
type Sums struct {
	Requests, Warned int
	Taxable          rinnova.Cents
}

// Count is the sums of one state of a campaign.
type Count struct {
	State   State
	Changed int
	Sums
}

// WorkLists reads requests for the office.
type WorkLists interface {
	List(ctx context.Context, f Filter) ([]Row, error)
	Sum(ctx context.Context, f Filter) (Sums, error)
	Counts(ctx context.Context, campaignID string) ([]Count, error)
	TakenBy(ctx context.Context, campaignID, accountID string) (int, error)
	Provinces(ctx context.Context, campaignID string) ([]string, error)
}
