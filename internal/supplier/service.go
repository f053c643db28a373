package supplier

import (
	"context"
	"sync/atomic"
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

	last atomic.Pointer[reading]
}

// reading is a profile as it was at an instant.
type reading struct {
	profile Profile
	at      time.Time
}

// fresh is how long a profile that was read serves.
const fresh = 2 * time.Second

// Profile is the vendor's settings. Nobody waits here for anybody else: who reads may hold the last connection of a
// database.
func (s *Service) Profile(ctx context.Context) (Profile, error) {
	now := s.Clock()
	if r := s.last.Load(); r != nil && !now.Before(r.at) && now.Sub(r.at) < fresh {
		return r.profile, nil
	}
	p, err := s.Store.Profile(ctx)
	if err != nil {
		return Profile{}, err
	}
	s.last.Store(&reading{p, now})
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
	s.last.Store(nil)
	return err
}
