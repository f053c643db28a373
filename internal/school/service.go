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
	// Update writes what may change of a school; the portal code, the customer number and CreatedAt stay.
	Update(ctx context.Context, s School) error
}

// Service is what the office does with schools.
type Service struct {
	store Store
	clock rinnova.Clock
}

// NewService makes the service.
func NewService(store Store, clock rinnova.Clock) *Service {
	return &Service{store: store, clock: clock}
}
