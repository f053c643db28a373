package reminderweb

import (
	"time"

	"rinnova/internal/locale"
	"rinnova/internal/reminder"
)

// rows are the rounds, those of one rule on several days as one: its reminders are counted together.
func (x season) rows() []reminder.Round {
	var out []reminder.Round
	at := map[reminder.Rule]int{}
	for _, r := range x.Rounds {
		if i, seen := at[r.Rule]; seen {
			out[i].Planned += r.Planned
			continue
		}
		at[r.Rule] = len(out)
		out = append(out, r)
	}
	return out
}

// instant is when a reminder was settled, else planned.
func instant(r reminder.Reminder) time.Time {
	if r.SettledAt.IsZero() {
		return r.PlannedAt
	}
	return r.SettledAt
}

// outcome is what became of a reminder.
func outcome(l locale.Lang, r reminder.Reminder) string {
	switch r.State {
	case reminder.Sent:
		return l.T("inviato a %s", r.Address)
	case reminder.Dropped:
		return l.T("non inviato: %s", l.Text(r.Reason.Label()))
	}
	return l.T("da inviare")
}
