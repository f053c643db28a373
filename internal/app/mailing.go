package app

import (
	"context"
	"errors"
	"strings"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractmail"
	"rinnova/internal/event"
	"rinnova/internal/letter"
	"rinnova/internal/letter/lettermail"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/mail"
	"rinnova/internal/outbox"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalmail"
	"rinnova/internal/school"
)

// mailing sets the mail server; without one, mail waits in the outbox.
func (a *App) mailing() {
	m := a.Config.Mail
	if m.Host == "" {
		a.Outbox.Sender = noServer{}
		return
	}
	a.Outbox.Sender = &mail.SMTP{Host: m.Host, Port: m.Port, User: m.User, Password: m.Password, Security: m.Security}
}

// UseMailbox lets mail land in a folder instead of a mail server.
func (a *App) UseMailbox(f *mail.Folder) {
	a.Mailbox = f
	a.Outbox.Sender = f
}

type noServer struct{}

func (noServer) Send(context.Context, mail.Message) error {
	return &mail.Error{Verb: mail.Connect, Err: errors.New("no mail server is set (RINNOVA_MAIL_HOST)")}
}

// schoolCode names a school in the log.
func (a *App) schoolCode(ctx context.Context, id string) string {
	s, err := a.SchoolStore.School(ctx, id)
	if err != nil {
		return id
	}
	return s.PortalCode
}

// schoolAddress is where a school gets its mail now.
func (a *App) schoolAddress(ctx context.Context, id string) (string, error) {
	s, err := a.SchoolStore.School(ctx, id)
	return s.Email, err
}

// mailResent puts on the record that somebody has sent a mail again.
func (a *App) mailResent(ctx context.Context, actor rinnova.Actor, m *outbox.Message) error {
	return a.Events.Record(ctx, event.Event{At: a.Clock().UTC(), Kind: event.MailResent, Actor: actor, SchoolID: m.SchoolID, AboutID: m.AboutID,
		Data: map[string]string{"oggetto": m.Subject, "destinatario": m.To}})
}

// sender is who mails come from: as configured, else the vendor's address for renewals.
func (a *App) sender(ctx context.Context) (outbox.Addresses, error) {
	p, err := a.Vendors.Profile(ctx)
	if err != nil {
		return outbox.Addresses{}, err
	}
	reply := p.Renewals.Email
	if reply == "" {
		reply = p.Email
	}
	from := a.Config.Mail.From
	if from == "" {
		from = mail.Address(p.ShortName+", rinnovi", reply)
	}
	parsed, err := mail.ParseAddress(from)
	if err != nil {
		return outbox.Addresses{}, err
	}
	_, domain, _ := strings.Cut(parsed.Address, "@")
	return outbox.Addresses{From: from, ReplyTo: reply, Domain: domain}, nil
}

// mailSettled carries the end of a mail to what it was about, and puts it on the record.
func (a *App) mailSettled(ctx context.Context, m *outbox.Message) error {
	switch {
	case m.Kind == outbox.Contract && m.State == outbox.Sent:
		return a.Contracts.MailSent(ctx, m.AboutID)
	case m.Kind == outbox.Contract:
		return a.Contracts.MailFailed(ctx, m.AboutID)
	}
	e := event.Event{At: a.Clock().UTC(), Kind: event.MailSent, Actor: rinnova.System, SchoolID: m.SchoolID, AboutID: m.AboutID,
		Data: map[string]string{"oggetto": m.Subject, "destinatario": m.To}}
	if m.State != outbox.Sent {
		e.Kind = event.MailNotSent
	}
	return a.Events.Record(ctx, e)
}

// post implements renewal.Post, contract.Post and letter.Post: it fills in the mails and puts them into the outbox.
type post struct {
	app *App
}

// Confirmed sends the receipt of a confirmation.
func (p post) Confirmed(ctx context.Context, c renewal.Confirmation) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := renewalmail.Received(c, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.Receipt, SchoolID: c.Request.SchoolID, AboutID: c.Request.ID, To: c.Revision.School.Email}, content)
}

// SentBack tells a school why its request was returned.
func (p post) SentBack(ctx context.Context, r *renewal.Request, v *renewal.Revision) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	season, err := p.app.Campaigns.Season(ctx, r.CampaignID)
	if err != nil {
		return err
	}
	content := renewalmail.ToCorrect(r, v, season.ClosesOn, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.ToCorrect, SchoolID: r.SchoolID, AboutID: r.ID, To: v.School.Email}, content)
}

// Declined sends the receipt of a school's notice.
func (p post) Declined(ctx context.Context, v *renewal.View) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := renewalmail.Declined(v, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.Notice, SchoolID: v.Request.SchoolID, AboutID: v.Request.ID, To: v.School.Email}, content)
}

// Send sends the signed contract to the school's institutional address.
func (p post) Send(ctx context.Context, c *contract.Contract) error {
	content := contractmail.Sent(c.Document, c.File.SHA256, p.app.Base.String())
	file := outbox.File{Name: c.FileName(), ContentType: "application/pdf", Key: c.File.Key}
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.Contract, SchoolID: c.SchoolID, AboutID: c.ID, To: c.Document.School.Email}, content, file)
}

// LetterToRedo tells a school why its letter of appointment is to be done again.
func (p post) LetterToRedo(ctx context.Context, s school.School, why string) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := lettermail.ToRedo(s, why, profile, p.app.Base.String(), letterweb.Path)
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.LetterToRedo, SchoolID: s.ID, AboutID: s.ID, To: s.Email}, content)
}

// LetterAccepted sends a school the vendor's acceptance of its signed letter.
func (p post) LetterAccepted(ctx context.Context, s school.School, c *letter.Signed) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	var files []outbox.File
	if a := c.Acceptance; a.File.Size <= lettermail.MaxAttached {
		files = []outbox.File{{Name: c.AcceptanceName(s.MinistryCode), ContentType: "application/pdf", Key: a.File.Key}}
	}
	content := lettermail.Accepted(s, c, profile, p.app.Base.String(), letterweb.Path)
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.LetterAccepted, SchoolID: s.ID, AboutID: s.ID, To: s.Email}, content, files...)
}
