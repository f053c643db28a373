package supplier

import (
	"context"
	"time"

	"rinnova"
	"rinnova/internal/event"
)

// Store keeps the profile.
type Store interface {
	InTx(ctx context.Context, fn func(context.Context) error) error
	// Profile reads the settings; the zero profile where there are none yet.
	Profile(ctx context.Context) (Profile, error)
	SaveProfile(ctx context.Context, p Profile, at time.Time) error
}

// Service gives the settings to everybody.
type Service struct {
	Store  Store
	Events event.Recorder
	Clock  rinnova.Clock

	last rinnova.Recent[Profile]
}

// Profile is the vendor's settings.
func (s *Service) Profile(ctx context.Context) (Profile, error) {
	return s.last.Get(s.Clock(), func() (Profile, error) { return s.Store.Profile(ctx) })
}

// Save replaces the settings.
func (s *Service) Save(ctx context.Context, actor rinnova.Actor, p Profile) error {
	for _, t := range p.PaymentTerms {
		if err := t.check(); err != nil {
			return err
		}
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveProfile(ctx, p, s.Clock().UTC()); err != nil {
			return err
		}
		return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: event.SettingsChanged, Actor: actor})
	})
	s.last.Forget()
	return err
}
