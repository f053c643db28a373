package app

import (
	"context"

	"rinnova/internal/outbox"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolmail"
)

// Decided tells a school what became of its correction, at the address that it has now.
func (p post) Decided(ctx context.Context, c *school.Correction, s school.School) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil || s.Email == "" {
		return err
	}
	content := schoolmail.Decided(c, s, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.CorrectionDecided, SchoolID: s.ID, AboutID: c.ID, To: s.Email}, content)
}

// AddressChanged tells both addresses of a school that the one took the other's place.
func (p post) AddressChanged(ctx context.Context, s school.School, old string) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := schoolmail.AddressChanged(s, old, profile)
	for _, to := range []string{old, s.Email} {
		if to == "" {
			continue
		}
		if err := p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.AddressChanged, SchoolID: s.ID, AboutID: s.ID, To: to}, content); err != nil {
			return err
		}
	}
	return nil
}
