package reminder

import (
	"context"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
)

// waiting are the states of requests that a school has still to confirm: a returned one counts no more than a draft.
var waiting = []renewal.State{renewal.Offered, renewal.Drafted, renewal.Returned}

// Office hours, in Rome: a reminder at night or on a Sunday is read as a nuisance.
const (
	opens  = 8
	closes = 18
)

func officeHours(t time.Time) bool {
	t = t.In(rinnova.Rome)
	return isWorkday(t.Weekday()) && t.Hour() >= opens && t.Hour() < closes
}

// workday is the day, or the Friday before where it falls on a weekend: a reminder of the last days that waited for Monday would
// come after the close.
func workday(d rinnova.Date) rinnova.Date {
	for !isWorkday(d.Weekday()) {
		d = d.AddDays(-1)
	}
	return d
}

func isWorkday(w time.Weekday) bool { return w != time.Saturday && w != time.Sunday }

// Sweep plans what is due and sends the next few. It is called every minute, by every process.
func (s *Service) Sweep(ctx context.Context) error {
	if !officeHours(s.Clock()) {
		return nil
	}
	all, err := s.Campaigns.Campaigns(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if !c.Open(s.Clock.Today()) {
			continue
		}
		if err := s.plan(ctx, c); err != nil {
			return err
		}
		if err := s.send(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Due are the rounds of a campaign that are due on a day, which for a weekend is the Friday before: of the days before the close only the last one that has come, so
// that a server which was off for a week does not send three mails at once.
func Due(c campaign.Campaign, today rinnova.Date) []Round {
	var out []Round
	days := slices.Sorted(slices.Values(c.Setup.Reminders.Before)) // the nearest to the close first
	for _, n := range days {
		if day := workday(c.ClosesOn.AddDays(-n)); n > 0 && !today.Before(day) && !day.Before(c.OpensOn) {
			out = append(out, Round{Rule: BeforeClose(n), Day: day})
			break
		}
	}
	if c.Setup.Reminders.NoCIGDays > 0 {
		out = append(out, Round{Rule: NoCIG, Day: today})
	}
	return out
}

func (s *Service) plan(ctx context.Context, c campaign.Campaign) error {
	for _, r := range Due(c, s.Clock.Today()) {
		search := Search{States: waiting}
		if r.Rule == NoCIG {
			search = Search{States: []renewal.State{renewal.Drafted}, Touched: s.Clock().UTC().AddDate(0, 0, -c.Setup.Reminders.NoCIGDays)}
		}
		if _, err := s.round(ctx, c.ID, r, search); err != nil {
			return err
		}
	}
	return nil
}

// round plans a rule once; the first process that comes does it.
func (s *Service) round(ctx context.Context, campaignID string, r Round, search Search) (planned int, err error) {
	r.At = s.Clock().UTC()
	return planned, s.Store.InTx(ctx, func(ctx context.Context) error {
		first, err := s.Store.AddRound(ctx, campaignID, r)
		if err != nil || !first {
			return err
		}
		if planned, err = s.Store.Plan(ctx, campaignID, r.Rule, search, r.At); err != nil {
			return err
		}
		r.Planned = planned
		return s.Store.CountPlanned(ctx, campaignID, r)
	})
}

// RemindNow plans a reminder to every school of a campaign that has not confirmed, once a day, and counts them.
func (s *Service) RemindNow(ctx context.Context, actor rinnova.Actor, campaignID string) (int, error) {
	if !actor.IsManager() {
		return 0, rinnova.Fail(rinnova.Forbidden, "Solo un responsabile o un amministratore può inviare solleciti a tutte le scuole.")
	}
	c, err := s.Campaigns.Campaign(ctx, campaignID)
	if err != nil {
		return 0, err
	}
	today := s.Clock.Today()
	if !c.Open(today) {
		return 0, rinnova.Fail(rinnova.Conflict, "%s non è aperto: i solleciti si inviano dal %s al %s.", c.Name, c.OpensOn, c.ClosesOn)
	}
	var planned int
	err = s.Store.InTx(ctx, func(ctx context.Context) error {
		if planned, err = s.round(ctx, c.ID, Round{Rule: ByHand(today), Day: today}, Search{States: waiting}); err != nil {
			return err
		}
		if planned == 0 {
			return rinnova.Fail(rinnova.Conflict, "Non c’è nessun sollecito da inviare: oggi sono già partiti, oppure tutte le scuole hanno confermato.")
		}
		return s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: event.RemindersAsked, Actor: actor, AboutID: c.ID,
			Data: map[string]string{"campagna": c.Name, "solleciti": rinnova.Say("%d", planned).String()}})
	})
	return planned, err
}
