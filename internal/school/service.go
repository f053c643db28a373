package school

import (
	"context"

	"rinnova"
)

// Store keeps schools.
type Store interface {
	// InTx runs fn in a transaction that travels in fn's context; an error rolls everything back.
	InTx(ctx context.Context, fn func(context.Context) error) error
	// All reads every school, ordered by ministry code.
	All(ctx context.Context) ([]School, error)
	// Add writes a new school. A code or number that another school has is a rinnova.Error of kind Conflict.
	Add(ctx context.Context, s School) error
	// UpdateFrom writes what may change of a school where its Version is still the stored one, else ErrStale; the portal
	// code, the customer number and CreatedAt stay.
	UpdateFrom(ctx context.Context, s School) error
	// KeptValues reads the corrected values, by school and field, with what the registry last said of them.
	KeptValues(ctx context.Context) (map[string]map[Field]string, error)
	// Keep notes what the registry says of a corrected value.
	Keep(ctx context.Context, schoolID string, f Field, registry string) error
	Asker
}

// Asker keeps what is asked to be corrected.
type Asker interface {
	// OpenItems reads the values of a school that wait for a decision.
	OpenItems(ctx context.Context, schoolID string) ([]Item, error)
	// AddCorrection writes a correction with its items, all open. Where another open item speaks of the same value it is
	// ErrStale.
	AddCorrection(ctx context.Context, c *Correction) error
	// Settle moves an open item to the state that i has, with who decided, when and why; false where it is not open.
	Settle(ctx context.Context, i Item) (bool, error)
	// CountDown takes n values off those of a correction that wait, and gives what is left.
	CountDown(ctx context.Context, correctionID string, n int) (int, error)
}

// ErrStale is a school or a correction that somebody else has written since it was read.
var ErrStale = rinnova.Fail(rinnova.Conflict, "Nel frattempo qualcun altro ha cambiato i dati della scuola. Ricaricate la pagina e riprovate.")

// Service is what the office does with schools.
type Service struct {
	// Added is told, in the same transaction, of a school that an import has added; it may be nil.
	Added func(ctx context.Context, s School) error

	store Store
	clock rinnova.Clock
}

// NewService makes the service.
func NewService(store Store, clock rinnova.Clock) *Service {
	return &Service{store: store, clock: clock}
}
