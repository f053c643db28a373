package app

import (
	"context"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/account/accountmail"
	"rinnova/internal/mail"
	"rinnova/internal/outbox"
	"rinnova/internal/school/schooldb"
	"rinnova/internal/supplier"
)

// addresses implements account.Schools.
type addresses struct {
	schools schooldb.Store
	vendors *supplier.Service
}

// Recipient is the school's institutional address on record.
func (x addresses) Recipient(ctx context.Context, schoolID string) (account.Recipient, error) {
	s, err := x.schools.School(ctx, schoolID)
	if rinnova.KindOf(err) == rinnova.NotFound {
		return account.Recipient{}, nil
	}
	return account.Recipient{Email: s.Email, School: s.DisplayName, Address: s.PostalAddress(), MinistryCode: s.MinistryCode}, err
}

// EmailNear is the address of some school.
func (x addresses) EmailNear(ctx context.Context, code string) (string, error) {
	return x.schools.EmailNear(ctx, code)
}

// Public is what everybody knows of a school and of the vendor.
func (x addresses) Public(ctx context.Context, schoolID string) ([]string, error) {
	p, err := x.vendors.Profile(ctx)
	if err != nil {
		return nil, err
	}
	s, err := x.schools.School(ctx, schoolID)
	if err != nil && rinnova.KindOf(err) != rinnova.NotFound {
		return nil, err
	}
	return []string{p.Name, p.ShortName, p.Address, p.VATNumber, p.Email, s.Name, s.DisplayName, s.ShortName, s.Address, s.Postcode, s.Town, s.Province, s.MinistryCode,
		s.PortalCode, s.CustomerNumber, s.TaxCode, s.VATNumber, s.OfficeCode, s.Email, s.PEC, s.Website}, nil
}

// ResetAsked writes the mail for a new password, without its link.
func (p post) ResetAsked(ctx context.Context, r account.Reset) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := accountmail.Reset(account.Link{Reset: r}, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.Password, SchoolID: r.Account.SchoolID, AboutID: r.ID, To: r.To.Email}, content)
}

// complete makes the link at the moment at which its mail leaves.
func (p post) complete(ctx context.Context, m *outbox.Message) (mail.Content, bool, error) {
	if m.Kind != outbox.Password {
		return mail.Content{}, false, nil
	}
	link, err := p.app.Accounts.IssueLink(ctx, m.AboutID, m.To, m.CreatedAt)
	if rinnova.KindOf(err) == rinnova.Conflict {
		return mail.Content{}, false, &mail.Error{Verb: mail.Compose, Permanent: true, Err: err}
	}
	if err != nil {
		return mail.Content{}, false, err
	}
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return mail.Content{}, false, err
	}
	return accountmail.Reset(link, profile, p.app.Base.String()), true, nil
}

// PasswordChanged tells that a password was changed.
func (p post) PasswordChanged(ctx context.Context, c account.Change) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := accountmail.Changed(c, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.Changed, SchoolID: c.Account.SchoolID, AboutID: c.Account.ID, To: c.To.Email}, content)
}

// Besieged tells a person that many guess at the user name.
func (p post) Besieged(ctx context.Context, b account.Siege) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := accountmail.Besieged(b, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.Besieged, SchoolID: b.Account.SchoolID, AboutID: b.Account.ID, To: b.To.Email}, content)
}
