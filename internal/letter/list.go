package letter

import (
	"context"
	"time"
)

// Row is a school in the office's list.
type Row struct {
	SchoolID   string
	School     string // short name, with the town
	Town       string
	Province   string
	PortalCode string
	Ministry   string
	Email      string
	State      State
	Facts      *Facts    // of the last signed file; nil where there is none
	At         time.Time // of the last change; zero where the school has not begun
}

// Filter chooses schools.
type Filter struct {
	All    bool  // in whatever state
	State  State // else in this one
	Search string
	Limit  int
	Offset int
}

// Lists reads letters for the office.
type Lists interface {
	List(ctx context.Context, f Filter) ([]Row, error)
	// Count counts what List chooses, whatever its limit.
	Count(ctx context.Context, f Filter) (int, error)
	// Counts are how many schools there are in each state.
	Counts(ctx context.Context) (map[State]int, error)
}
