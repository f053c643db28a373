package renewal

import (
	"context"
	"strings"

	"rinnova"
	"rinnova/internal/event"
)

// Withdraw takes back a request that does not count: nobody has confirmed it, or the office has sent it back. What a school has
// confirmed is processed or sent back first. The school reads the reason among its events.
func (s *Service) Withdraw(ctx context.Context, actor rinnova.Actor, id, reason string) error {
	if !actor.IsManager() && actor.Role != rinnova.RoleSystem {
		return rinnova.Fail(rinnova.Forbidden, "Possono farlo solo i responsabili e gli amministratori.")
	}
	return s.upToDate(ctx, func(ctx context.Context) error {
		r, err := s.Store.Request(ctx, id)
		if err != nil {
			return err
		}
		if r.State.Confirmed() && r.State.Allows(Withdraw) {
			return rinnova.Fail(rinnova.Conflict, "La richiesta %s è confermata: elaboratela, o rimandatela alla scuola, prima di ritirarla.", r.Number)
		}
		if r.State, err = r.State.Next(Withdraw); err != nil {
			return err
		}
		r.UpdatedAt = s.now()
		if err := s.Store.Update(ctx, r); err != nil {
			return err
		}
		return s.record(ctx, actor, r, event.OfferWithdrawn, "motivo", strings.TrimSpace(reason))
	})
}
