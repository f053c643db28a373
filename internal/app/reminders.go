package app

import (
	"context"

	"rinnova"
	"rinnova/internal/outbox"
	"rinnova/internal/reminder"
	"rinnova/internal/reminder/remindermail"
	"rinnova/internal/renewal"
)

// Remind writes the mail of a reminder.
func (p post) Remind(ctx context.Context, r reminder.Reminder, v *renewal.View, missing []rinnova.Text) error {
	profile, err := p.app.Vendors.Profile(ctx)
	if err != nil {
		return err
	}
	content := remindermail.Remind(r, v, missing, profile, p.app.Base.String())
	return p.app.Outbox.Post(ctx, outbox.Message{Kind: outbox.Reminder, SchoolID: r.SchoolID, AboutID: r.RequestID, To: r.Address}, content)
}
