package contract

import (
	"context"
	"time"

	"rinnova"
	"rinnova/internal/renewal"
)

// Row is a contract in a list.
type Row struct {
	ID         string
	Number     string
	Kind       renewal.Kind
	Date       rinnova.Date
	Period     rinnova.Period
	Taxable    rinnova.Cents
	State      State
	Size       int64 // of the file; 0: not signed yet
	SignedAt   time.Time
	SentAt     time.Time
	CIG        string
	School     string // short name, with the town
	Town       string
	Province   string
	PortalCode string
	RequestID  string
}

// FileName is what the PDF is called in downloads.
func (r Row) FileName() string { return fileName(r.Number) }

// Count is how many contracts stand in a state, and what they are worth.
type Count struct {
	State     State
	Contracts int
	Taxable   rinnova.Cents
}

// Public is what anybody who holds a contract may check: nothing that is not printed on it.
type Public struct {
	ID       string
	Number   string
	Kind     renewal.Kind
	Date     rinnova.Date
	School   string
	Address  string
	CIG      string
	Total    rinnova.Cents
	SHA256   string // of the signed file; empty while it is being made
	Size     int64
	SignedAt time.Time
	Doubtful bool // what is stored of it is not what was signed: nothing of it may be believed
}

// Lists reads contracts for pages.
type Lists interface {
	OfSchool(ctx context.Context, schoolID string) ([]Row, error)
	List(ctx context.Context, state State, search string, limit, offset int) ([]Row, error)
	// Sum counts what List chooses.
	Sum(ctx context.Context, state State, search string) (Count, error)
	Counts(ctx context.Context) ([]Count, error)
}
