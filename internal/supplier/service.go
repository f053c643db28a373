package supplier

import (
	"context"
	"sync"
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

// Service gives the settings to everybody. It remembers them for a moment: every page needs them, and another process may
// change them.
type Service struct {
	Store  Store
	Events event.Recorder
	Clock  rinnova.Clock

	mu      sync.Mutex
	profile Profile
	readAt  time.Time
}

// fresh is how long a profile that was read serves.
const fresh = 2 * time.Second

// Profile is the vendor's settings.
func (s *Service) Profile(ctx context.Context) (Profile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock()
	if age := now.Sub(s.readAt); !s.readAt.IsZero() && age >= 0 && age < fresh {
		return s.profile, nil
	}
	p, err := s.Store.Profile(ctx)
	if err != nil {
		return Profile{}, err
	}
	s.profile, s.readAt = p, now
	return p, nil
}

// Save replaces the settings.
func (s *Service) Save(ctx context.Context, actor rinnova.Actor, p Profile) error {
	for _, t := range p.PaymentTerms {
		if t.Code == "60" && t.Reason == "" {
			return rinnova.Fail(rinnova.Invalid, "Un termine di 60 giorni vale solo con il suo motivo scritto (D.Lgs. 231/2002, art. 4): indicatelo.")
		}
	}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := s.Store.SaveProfile(ctx, p, s.Clock().UTC()); err != nil {
			return err
		}
		return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: event.SettingsChanged, Actor: actor})
	})
	s.mu.Lock()
	s.readAt = time.Time{}
	s.mu.Unlock()
	return err
}
