package reminderweb

import (
	"cmp"
	"time"

	"rinnova/internal/campaign"
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

// pace is how many reminders leave in a minute at most.
func (x season) pace() int {
	return cmp.Or(x.Campaign.Setup.Reminders.PerMinute, campaign.DefaultPace)
}

// question asks before schools are reminded by hand, or says why there is nothing to ask.
func question(l locale.Lang, x season) string {
	switch {
	case !x.Manager:
		return l.T("I solleciti li inviano i responsabili")
	case !x.Campaign.Open(x.Today):
		return l.T("%s non è aperto", x.Campaign.Name)
	case x.Waiting == 0:
		return l.T("Hanno confermato tutte")
	case x.Waiting == 1:
		return l.T("Sollecitare una scuola?")
	}
	return l.T("Sollecitare %s scuole?", locale.Count(x.Waiting))
}

// send is the button that answers the question.
func send(l locale.Lang, x season) string {
	if x.Waiting == 1 {
		return l.T("Sollecita una scuola")
	}
	return l.T("Sollecita %s scuole", locale.Count(x.Waiting))
}
