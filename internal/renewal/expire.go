package renewal

import (
	"context"

	"rinnova"
	"rinnova/internal/event"
)

// expiring is how many requests expire in one transaction.
const expiring = 500

// Sweep lets requests expire for which no confirmation counts when their campaign has closed: nobody confirmed them, or they were
// returned and not confirmed again.
func (s *Service) Sweep(ctx context.Context) error {
	for {
		n := 0
		err := s.Store.InTx(ctx, func(ctx context.Context) error {
			expired, err := s.Store.Expire(ctx, s.Clock.Today(), s.Clock().UTC(), expiring)
			if err != nil {
				return err
			}
			n = len(expired)
			for i := range expired {
				if err := s.record(ctx, rinnova.System, &expired[i], event.RequestExpired); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || n < expiring {
			return err
		}
	}
}
