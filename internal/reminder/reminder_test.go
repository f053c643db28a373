package reminder_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/event"
	"rinnova/internal/reminder"
	"rinnova/internal/reminder/reminderdb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// world is renewaltest's with reminders: the campaign is open from 2 November to 15 December 2026.
type world struct {
	*renewaltest.World
	*reminder.Service
	store reminderdb.Store
	setup *campaign.Reminders
	sent  []mailed
}

type mailed struct {
	reminder.Reminder
	number  string
	missing []rinnova.Text
}

// Remind plays the mail.
func (w *world) Remind(_ context.Context, r reminder.Reminder, v *renewal.View, missing []rinnova.Text) error {
	w.sent = append(w.sent, mailed{r, v.Request.Number, missing})
	return nil
}

// campaigns gives the campaigns the reminders of a test.
type campaigns struct {
	campaigndb.Store
	setup *campaign.Reminders
}

func (c campaigns) Campaigns(ctx context.Context) ([]campaign.Campaign, error) {
	all, err := c.Store.Campaigns(ctx)
	for i := range all {
		all[i].Setup.Reminders = *c.setup
	}
	return all, err
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		x := &world{World: w, setup: &campaign.Reminders{}, store: reminderdb.Store{DB: w.DB}}
		x.Service = &reminder.Service{Store: x.store, Campaigns: campaigns{campaigndb.Store{DB: w.DB}, x.setup}, Renewals: w.Renewals, Schools: w.Schools, Post: x,
			Events: w.Events, Clock: w.Clock}
		test(t, x)
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) at(day string, hour int) {
	d := rinnova.MustDate(day)
	w.Now = time.Date(d.Year, d.Month, d.Day, hour, 0, 0, 0, rinnova.Rome)
}

func (w *world) sweep(t *testing.T) []mailed {
	t.Helper()
	before := len(w.sent)
	check(t, w.Sweep(t.Context()))
	return w.sent[before:]
}

var order = renewal.OrderForm{CIG: renewaltest.GoodCIG, Number: "118/2026", Date: "16/11/2026", Payment: "30"}

// A rule reminds each school once, on its day, in office hours; never one that has confirmed; after a rest only of the last day
// that has come.
func TestOnTheirDayAndOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.setup.Before = []int{21, 14, 3}
		w.Confirm(t, w.B, order, renewaltest.Alunni)
		for _, step := range []struct {
			day  string
			hour int
			want int
		}{
			{"2026-11-23", 10, 0}, // Monday, 22 days before
			{"2026-11-24", 7, 0},  // too early
			{"2026-11-24", 8, 1},
			{"2026-11-24", 9, 0},  // once
			{"2026-11-28", 10, 0}, // Saturday
			{"2026-12-05", 10, 0}, // Saturday: 14 days before was 1 December, and nobody looked
			{"2026-12-07", 18, 0}, // too late
			{"2026-12-08", 8, 1},  // the one of 14 days
			{"2026-12-14", 10, 1}, // the one of 3 days
			{"2026-12-15", 17, 0},
			{"2026-12-16", 10, 0}, // closed
		} {
			w.at(step.day, step.hour)
			if got := w.sweep(t); len(got) != step.want {
				t.Errorf("%s at %d: %d reminders, want %d: %+v", step.day, step.hour, len(got), step.want, got)
			}
		}
		for _, m := range w.sent {
			if m.SchoolID != w.A.School.ID || m.Address != w.A.School.Email {
				t.Errorf("a reminder to %s of %s", m.Address, m.SchoolID)
			}
		}
		all, err := w.store.OfSchool(t.Context(), w.A.School.ID, 10)
		check(t, err)
		if len(all) != 3 || all[0].Rule != reminder.BeforeClose(3) || all[0].State != reminder.Sent {
			t.Errorf("on record: %+v", all)
		}
	})
}

// A school that has closed is not reminded.
func TestAClosedSchoolIsNotReminded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.setup.Before = []int{14}
		w.Confirm(t, w.B, order, renewaltest.Alunni)
		w.at("2026-12-01", 9)
		s := w.A.School
		s.ClosedOn = rinnova.MustDate("2026-12-01")
		check(t, w.World.Schools.Update(t.Context(), s))
		if got := w.sweep(t); len(got) != 0 {
			t.Errorf("reminded: %+v", got)
		}
		all, err := w.store.OfSchool(t.Context(), s.ID, 10)
		check(t, err)
		if len(all) != 1 || all[0].Reason != reminder.SchoolClosed {
			t.Errorf("on record: %+v", all)
		}
	})
}

// A day on a weekend is the Friday before: what waited for Monday could come after the close.
func TestWeekendsComeEarlier(t *testing.T) {
	c := campaign.Campaign{OpensOn: rinnova.MustDate("2026-11-02"), ClosesOn: rinnova.MustDate("2027-01-24")} // a Sunday
	c.Setup.Reminders.Before = []int{1, 8, 15, 16, 20}
	got := map[string]string{}
	for day := c.OpensOn; !day.After(c.ClosesOn); day = day.AddDays(1) {
		for _, r := range reminder.Due(c, day) {
			if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
				continue
			}
			if _, seen := got[string(r.Rule)]; !seen {
				got[string(r.Rule)] = day.String()
			}
		}
	}
	want := map[string]string{string(reminder.BeforeClose(1)): "2027-01-22", string(reminder.BeforeClose(8)): "2027-01-15", string(reminder.BeforeClose(16)): "2027-01-08",
		string(reminder.BeforeClose(20)): "2027-01-04", string(reminder.BeforeClose(15)): "2027-01-08"}
	delete(want, string(reminder.BeforeClose(16))) // on the same day as that of 15 days: one is enough
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What has changed between the plan and its turn counts.
func TestLookedAtAgain(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.setup.Before, w.setup.PerMinute = []int{14}, 1
		w.at("2026-12-01", 9)
		if got := w.sweep(t); len(got) != 1 {
			t.Fatalf("%d reminders in the first minute, want 1", len(got))
		}
		if got := w.sweep(t); len(got) != 0 {
			t.Fatal("two in one minute")
		}
		left := w.A
		if w.sent[0].SchoolID == w.A.School.ID {
			left = w.B
		}
		w.Confirm(t, left, order, renewaltest.Alunni)
		w.Now = w.Now.Add(61 * time.Second)
		if got := w.sweep(t); len(got) != 0 {
			t.Errorf("reminded after its confirmation: %+v", got)
		}
		all, err := w.store.OfSchool(t.Context(), left.School.ID, 10)
		check(t, err)
		if len(all) != 1 || all[0].State != reminder.Dropped || all[0].Reason != reminder.Answered {
			t.Errorf("on record: %+v", all)
		}
	})
}

func TestWithoutCIG(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.setup.NoCIGDays = 5
		draft := w.Request(t, w.A).Draft
		draft.Band, draft.Order = 2, renewal.OrderForm{Number: "118/2026"}
		check(t, w.World.Renewals.Save(t.Context(), w.A.Actor, w.A.Request, draft)) // on Friday 20 November
		draft = w.Request(t, w.B).Draft
		draft.Order.CIG = renewaltest.GoodCIG
		check(t, w.World.Renewals.Save(t.Context(), w.B.Actor, w.B.Request, draft))
		w.at("2026-11-25", 8)
		if got := w.sweep(t); len(got) != 0 {
			t.Errorf("before five days: %+v", got)
		}
		w.at("2026-11-26", 9)
		got := w.sweep(t)
		if len(got) != 1 || got[0].SchoolID != w.A.School.ID || got[0].Rule != reminder.NoCIG {
			t.Fatalf("want one to the school without CIG: %+v", got)
		}
		want := []string{"CIG", "data dell’ordine", "modalità di pagamento", "accettazione delle condizioni"}
		if fmt.Sprint(got[0].missing) != fmt.Sprint(want) {
			t.Errorf("missing %v, want %v", got[0].missing, want)
		}
		w.at("2026-11-27", 9)
		if got := w.sweep(t); len(got) != 0 {
			t.Errorf("twice: %+v", got)
		}
	})
}

// Whoever follows the link gets no more, in this campaign or another, until the school asks for them again.
func TestStop(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.setup.Before = []int{14, 7}
		w.at("2026-12-01", 9)
		if got := w.sweep(t); len(got) != 2 {
			t.Fatalf("%d reminders, want 2", len(got))
		}
		token := w.sent[0].Token
		stopped := w.sent[0].SchoolID
		if _, err := w.ByToken(t.Context(), token+"A"); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("an invented link: %v", err)
		}
		asked, err := w.ByToken(t.Context(), token)
		check(t, err)
		if !asked.Since.IsZero() {
			t.Error("opening the link stopped them")
		}
		check(t, w.Stop(t.Context(), token))
		check(t, w.Stop(t.Context(), token))
		w.at("2026-12-09", 9)
		if got := w.sweep(t); len(got) != 1 || got[0].SchoolID == stopped {
			t.Errorf("after the stop: %+v", got)
		}
		actor := w.A.Actor
		if stopped == w.B.School.ID {
			actor = w.B.Actor
		}
		check(t, w.Resume(t.Context(), actor))
		manager := rinnova.Actor{AccountID: "capo", Username: "RESPONSABILE", Role: rinnova.RoleManager}
		if n, err := w.RemindNow(t.Context(), manager, renewaltest.CampaignID); err != nil || n != 2 {
			t.Errorf("by hand: %d, %v", n, err)
		}
		if got := w.sweep(t); len(got) != 2 {
			t.Errorf("after it was taken back: %+v", got)
		}
		if _, err := w.RemindNow(t.Context(), manager, renewaltest.CampaignID); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("twice a day: %v", err)
		}
		if _, err := w.RemindNow(t.Context(), w.Clerk, renewaltest.CampaignID); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("a clerk: %v", err)
		}
		kinds := w.EventsAbout(t, w.sent[0].RequestID)
		n := 0
		for _, k := range kinds {
			if k == event.RemindersStopped {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d events of the stop, want 1: %v", n, kinds)
		}
	})
}

// Two processes that sweep at once send each reminder once.
func TestTwoProcesses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.setup.Before = []int{14}
		w.at("2026-12-01", 9)
		done := make(chan error, 4)
		posts := make(chan string, 64)
		for range 4 {
			s := *w.Service
			s.Post = counted(posts)
			go func() { done <- s.Sweep(context.WithoutCancel(t.Context())) }()
		}
		for range 4 {
			check(t, <-done)
		}
		close(posts)
		seen := map[string]int{}
		for id := range posts {
			seen[id]++
		}
		if len(seen) != 2 || seen[w.A.Request] != 1 || seen[w.B.Request] != 1 {
			t.Errorf("reminders by request: %v", seen)
		}
	})
}

type counted chan string

func (c counted) Remind(_ context.Context, r reminder.Reminder, _ *renewal.View, _ []rinnova.Text) error {
	c <- r.RequestID
	return nil
}

// The stop link of whatever address and the label of every rule and reason are there.
func TestWords(t *testing.T) {
	for _, r := range []reminder.Rule{reminder.NoCIG, reminder.BeforeClose(14), reminder.BeforeClose(1), reminder.ByHand(rinnova.MustDate("2026-11-25"))} {
		if r.Label().IsZero() {
			t.Errorf("%s says nothing", r)
		}
	}
	for _, r := range []reminder.Reason{reminder.Answered, reminder.Closed, reminder.Stopped, reminder.NoAddress, reminder.HasCIG, reminder.Gone} {
		if r.Label().IsZero() {
			t.Errorf("%s says nothing", r)
		}
	}
}
