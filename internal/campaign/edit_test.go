package campaign_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// planned is a campaign that can be prepared.
func planned(t *testing.T, w *renewaltest.World) campaign.Campaign {
	t.Helper()
	c := season(t, w)
	c.Name, c.Period = "Rinnovo 2028", rinnova.Period{From: rinnova.MustDate("2028-01-01"), To: rinnova.MustDate("2028-12-31")}
	c.OpensOn, c.ClosesOn = rinnova.MustDate("2027-11-02"), rinnova.MustDate("2027-12-15")
	c.Setup = campaign.Setup{NoticeBy: rinnova.MustDate("2027-11-30")}
	return c
}

func fields(p rinnova.Problems) (out []string) {
	for _, x := range p {
		if x.Warns {
			out = append(out, x.Field+"?")
		} else {
			out = append(out, x.Field)
		}
	}
	return out
}

func TestWhatACampaignMustSay(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for name, x := range map[string]struct {
			change func(*campaign.Campaign)
			want   []string
		}{
			"no name":              {func(c *campaign.Campaign) { c.Name = " " }, []string{campaign.FieldName}},
			"no kind":              {func(c *campaign.Campaign) { c.Kind = "" }, []string{campaign.FieldKind, campaign.FieldTerms}},
			"the other's terms":    {func(c *campaign.Campaign) { c.Kind = renewal.Services }, []string{campaign.FieldPriceList + "?", campaign.FieldTerms}},
			"no days":              {func(c *campaign.Campaign) { c.Period = rinnova.Period{} }, []string{campaign.FieldFrom, campaign.FieldTo}},
			"the end first":        {func(c *campaign.Campaign) { c.Period.To = rinnova.MustDate("2027-12-31") }, []string{campaign.FieldTo}},
			"closes first":         {func(c *campaign.Campaign) { c.ClosesOn = c.OpensOn.AddDays(-1); c.Setup.NoticeBy = rinnova.Date{} }, []string{campaign.FieldCloses}},
			"notice after the end": {func(c *campaign.Campaign) { c.Setup.NoticeBy = c.ClosesOn.AddDays(1) }, []string{campaign.FieldNotice}},
			"no price list":        {func(c *campaign.Campaign) { c.PriceList = "nessuno" }, []string{campaign.FieldPriceList}},
			"one year as several":  {func(c *campaign.Campaign) { c.Setup.Years = []campaign.YearsOffer{{Years: 1}} }, []string{campaign.FieldYears}},
			"the same years twice": {func(c *campaign.Campaign) { c.Setup.Years = []campaign.YearsOffer{{Years: 2}, {Years: 2, Step: 100}} }, []string{campaign.FieldYears}},
			"a reminder long ago":  {func(c *campaign.Campaign) { c.Setup.Reminders.Before = []int{400} }, []string{campaign.FieldBefore}},
			"a negative threshold": {func(c *campaign.Campaign) { c.Setup.Threshold = -1 }, []string{campaign.FieldThreshold}},
			"a name that is taken": {func(c *campaign.Campaign) { c.Name = " " + strings.ToUpper(season(t, w).Name) }, []string{campaign.FieldName}},
			"no such province":     {func(c *campaign.Campaign) { c.Setup.Filter.Provinces = []string{w.A.School.ProvinceCode, "XX"} }, []string{campaign.FieldProvinces}},
			"no such school":       {func(c *campaign.Campaign) { c.Setup.Filter.Except = []string{w.A.School.MinistryCode, "PIPPO"} }, []string{campaign.FieldExcept}},
			"another for the time": {func(c *campaign.Campaign) { c.Period.From = rinnova.MustDate("2027-12-31") }, []string{campaign.FieldFrom + "?"}},
		} {
			c := planned(t, w)
			x.change(&c)
			id, problems, err := w.Campaigns.Create(t.Context(), w.Manager, c)
			if err != nil || !slices.Equal(fields(problems), x.want) {
				t.Errorf("%s: %v, %v; want %v", name, fields(problems), err, x.want)
			}
			if _, err := w.Campaigns.Store.Campaign(t.Context(), id); err == nil {
				t.Errorf("%s: written", name)
			}
		}
		good, problems, err := w.Campaigns.Create(t.Context(), w.Manager, planned(t, w))
		if err != nil || len(problems) > 0 || !slices.Equal(w.EventsAbout(t, good), []event.Kind{event.CampaignCreated}) {
			t.Errorf("%v, %v, events %v", problems, err, w.EventsAbout(t, good))
		}
		// The doubt can be confirmed, and then there are two for the time.
		c := planned(t, w)
		c.Name, c.Period = "Un’altra", season(t, w).Period
		_, problems, err = w.Campaigns.Create(t.Context(), w.Manager, c)
		if err != nil || len(problems) != 1 || !problems[0].Warns {
			t.Fatal(problems, err)
		}
		id, problems, err := w.Campaigns.Create(t.Context(), w.Manager, c, problems[0].Code)
		if err != nil || len(problems) != 0 {
			t.Fatal(problems, err)
		}
		if c, err := w.Campaigns.Store.Campaign(t.Context(), id); err != nil || c.Round != 2 || c.Published {
			t.Errorf("%+v, %v", c, err)
		}
		for _, actor := range []rinnova.Actor{w.Clerk, w.A.Actor, {}} {
			if _, _, err := w.Campaigns.Create(t.Context(), actor, c); rinnova.KindOf(err) != rinnova.Forbidden {
				t.Errorf("%s creates: %v", actor.Role, err)
			}
			if _, err := w.Campaigns.Change(t.Context(), actor, c); rinnova.KindOf(err) != rinnova.Forbidden {
				t.Errorf("%s changes: %v", actor.Role, err)
			}
		}
	})
}

// What schools have before them does not change; dates move forward, reminders as one likes.
func TestWhatChangesOncePublished(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		before := season(t, w) // published, open from 2 November to 15 December, today is the 20th of November
		date := rinnova.MustDate
		for name, x := range map[string]struct {
			change func(*campaign.Campaign)
			want   []string
		}{
			"closes later":   {func(c *campaign.Campaign) { c.ClosesOn = date("2026-12-20") }, nil},
			"closes earlier": {func(c *campaign.Campaign) { c.ClosesOn = date("2026-12-01") }, []string{campaign.FieldCloses}},
			"opens later":    {func(c *campaign.Campaign) { c.OpensOn = date("2026-11-25") }, []string{campaign.FieldOpens}},
			"reminders":      {func(c *campaign.Campaign) { c.Setup.Reminders = campaign.Reminders{Before: []int{7, 2}, NoCIGDays: 10} }, nil},
			"notice":         {func(c *campaign.Campaign) { c.Setup.NoticeBy = date("2026-12-01") }, nil},
			"prices and period": {func(c *campaign.Campaign) {
				c.PriceList, c.Name, c.Setup.Suggest, c.Period.To = "altro", "Altro", false, date("2027-06-30")
			}, nil},
		} {
			c := season(t, w)
			x.change(&c)
			problems, err := w.Campaigns.Change(t.Context(), w.Manager, c)
			if err != nil || !slices.Equal(fields(problems), x.want) {
				t.Errorf("%s: %v, %v; want %v", name, fields(problems), err, x.want)
			}
			after := season(t, w)
			if after.PriceList != before.PriceList || after.Name != before.Name || after.Period != before.Period || !after.Setup.Suggest || after.Round != before.Round {
				t.Errorf("%s: it became %+v", name, after)
			}
			if x.want != nil && after.Version != c.Version {
				t.Errorf("%s was written", name)
			}
		}
		c := season(t, w)
		if c.ClosesOn != date("2026-12-20") || c.Setup.NoticeBy != date("2026-12-01") || len(c.Setup.Reminders.Before) != 2 {
			t.Errorf("%+v", c)
		}
		c.Setup.NoticeBy = date("2026-11-25")
		if problems, err := w.Campaigns.Change(t.Context(), w.Manager, c); err != nil || !slices.Equal(fields(problems), []string{campaign.FieldNotice}) {
			t.Errorf("notice moved back: %v, %v", problems, err)
		}
		c.Version--
		c.Setup.NoticeBy = date("2026-12-05")
		if _, err := w.Campaigns.Change(t.Context(), w.Manager, c); err != campaign.ErrStale {
			t.Errorf("an old version: %v", err)
		}
		w.Now = time.Date(2026, 12, 21, 9, 0, 0, 0, time.UTC)
		c.Version++
		c.ClosesOn = date("2027-01-15")
		if problems, err := w.Campaigns.Change(t.Context(), w.Manager, c); err != nil || !slices.Equal(fields(problems), []string{campaign.FieldCloses}) {
			t.Errorf("after the close: %v, %v", problems, err)
		}
	})
}

// What was rehearsed from another campaign than there is now is not published.
func TestAChangeOutdatesTheRehearsal(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		c := next(t, w, nil)
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		for name, x := range map[string]struct {
			change func(*campaign.Campaign)
			want   campaign.ItemState
		}{
			"dates": {func(c *campaign.Campaign) { c.OpensOn = c.OpensOn.AddDays(-1) }, campaign.Rehearsed},
			"empty lists": {func(c *campaign.Campaign) {
				c.Setup.Filter.Regions, c.Setup.Years = []string{}, []campaign.YearsOffer{}
			}, campaign.Rehearsed},
			"reminders":   {func(c *campaign.Campaign) { c.Setup.Reminders.Before = []int{3} }, campaign.Rehearsed},
			"name":        {func(c *campaign.Campaign) { c.Name = "Rinnovo " + c.Name }, campaign.Changed},
			"period":      {func(c *campaign.Campaign) { c.Period.To = c.Period.To.AddDays(-1) }, campaign.Changed},
			"suggestions": {func(c *campaign.Campaign) { c.Setup.Suggest = !c.Setup.Suggest }, campaign.Changed},
			"who":         {func(c *campaign.Campaign) { c.Setup.Filter.Provinces = []string{"RG"} }, campaign.Changed},
		} {
			c, err := w.Campaigns.Store.Campaign(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			x.change(&c)
			if problems, err := w.Campaigns.Change(t.Context(), w.Manager, c); err != nil || len(problems) > 0 {
				t.Fatal(name, problems, err)
			}
			if got := item(t, w, c, w.A).State; got != x.want {
				t.Errorf("%s: the rehearsal is %s, want %s", name, got, x.want)
			}
			w.Now = w.Now.Add(time.Second)
			do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		}
	})
}

// A request expires where its campaign has closed and no confirmation of it counts, and nowhere else.
func TestRequestsExpire(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		offered, drafted, submitted, returned, processed, other := w.A, w.B, w.Join(t), w.Join(t), w.Join(t), w.Offer(t, w.Join(t))
		if err := w.Renewals.ChooseBand(t.Context(), drafted.Actor, drafted.Request, 2); err != nil {
			t.Fatal(err)
		}
		for i, p := range []renewaltest.Party{submitted, returned, processed} {
			order := renewaltest.Order()
			order.CIG = []string{renewaltest.GoodCIG, renewaltest.OtherCIG, "B903DDE22F"}[i]
			w.Confirm(t, p, order, renewaltest.StartTicks()...)
		}
		if err := w.Renewals.Return(t.Context(), w.Clerk, returned.Request, 1, "Il CIG è di un’altra gara."); err != nil {
			t.Fatal(err)
		}
		w.Process(t, processed)
		want := map[string]renewal.State{offered.Request: renewal.Offered, drafted.Request: renewal.Drafted, submitted.Request: renewal.Submitted,
			returned.Request: renewal.Returned, processed.Request: renewal.Processed, other.Request: renewal.Offered}
		stand := func(when string) {
			t.Helper()
			for range 2 {
				if err := w.Renewals.Sweep(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for id, state := range want {
				if r, err := w.Requests.Request(t.Context(), id); err != nil || r.State != state {
					t.Errorf("%s: %s, want %s; %v", when, r.State, state, err)
				}
			}
		}
		w.Now = season(t, w).ClosesOn.EndOfDay().Add(-time.Second)
		stand("on the last day")
		w.Now = season(t, w).ClosesOn.EndOfDay()
		want[offered.Request], want[drafted.Request], want[returned.Request] = renewal.Expired, renewal.Expired, renewal.Expired
		stand("the day after")
		if n := recorded(t, w, event.RequestExpired); n != 4 { // and what the last school was offered of assistance
			t.Errorf("%d events", n)
		}
		for s := range map[renewal.State]bool{renewal.Offered: true, renewal.Drafted: true, renewal.Returned: true} {
			if next, err := s.Next(renewal.Expire); err != nil || next != renewal.Expired {
				t.Errorf("%s expires to %s, %v", s, next, err)
			}
		}
	})
}
