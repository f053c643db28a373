package renewal_test

import (
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

func sure(seen int) renewal.NoticeForm {
	return renewal.NoticeForm{Seen: seen, Sure: true, Leaving: renewal.Leaving{Why: renewal.OtherVendor}}
}

// A school gives notice over its confirmation: the request is declined, a receipt leaves, and nobody processes it any more. Giving it
// twice changes nothing.
func TestNotice(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		w.Now = w.Now.Add(time.Hour)
		for range 2 {
			problems, err := w.Renewals.GiveNotice(t.Context(), w.A.Actor, w.A.Request, sure(1))
			if err != nil || len(problems) > 0 {
				t.Fatal(problems, err)
			}
		}
		r := w.Request(t, w.A)
		if r.State != renewal.Declined || r.Notice.By != w.A.Actor.Username || r.Notice.Why != renewal.OtherVendor || !r.Notice.At.Equal(w.Now) {
			t.Errorf("the request is %s, %+v", r.State, r.Notice)
		}
		if len(w.Notices) != 1 {
			t.Errorf("%d receipts", len(w.Notices))
		}
		if kinds := w.EventsAbout(t, w.A.Request); kinds[len(kinds)-1] != event.Declined {
			t.Errorf("events %v", kinds)
		}
		if _, err := w.Contracts.Process(t.Context(), w.Clerk, w.A.Request, 1); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("processed: %v", err)
		}
		rows, err := w.Requests.List(t.Context(), renewal.Filter{CampaignID: renewaltest.CampaignID, State: renewal.Declined, Limit: 10})
		if err != nil || len(rows) != 1 || rows[0].Notice.Why != renewal.OtherVendor {
			t.Errorf("the work list: %+v, %v", rows, err)
		}
		if _, err := w.Renewals.GiveNotice(t.Context(), w.A.Actor, w.B.Request, sure(0)); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("another school's: %v", err)
		}
		if _, err := w.Renewals.GiveNotice(t.Context(), w.Clerk, w.B.Request, sure(0)); rinnova.KindOf(err) != rinnova.Forbidden {
			t.Errorf("the office's: %v", err)
		}
	})
}

// What is missing is said, and then nothing counts.
func TestNoticeNeedsAReasonAndASureHand(t *testing.T) {
	w := renewaltest.New(t)
	for field, f := range map[string]renewal.NoticeForm{
		renewal.FieldNoticeWhy:   {Sure: true, Leaving: renewal.Leaving{Why: "boh"}},
		renewal.FieldNoticeWords: {Sure: true, Leaving: renewal.Leaving{Why: renewal.OtherWhy, Words: "  "}},
		renewal.FieldNoticeSure:  {Leaving: renewal.Leaving{Why: renewal.TooDear}},
	} {
		problems, err := w.Renewals.GiveNotice(t.Context(), w.A.Actor, w.A.Request, f)
		if err != nil || len(problems) != 1 || problems[0].Field != field {
			t.Errorf("%s: %v, %v", field, problems, err)
		}
	}
	if r := w.Request(t, w.A); r.State != renewal.Offered || len(w.Notices) != 0 {
		t.Errorf("the request is %s", r.State)
	}
}

// Notice is given until its date, which may be before the close, and not over a colleague's confirmation.
func TestNoticeHasItsDates(t *testing.T) {
	w := renewaltest.New(t)
	w.Set(t, renewaltest.CampaignID, campaign.Setup{NoticeBy: rinnova.MustDate("2026-11-30")})
	w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
	refused := func(p renewaltest.Party, seen int) {
		t.Helper()
		if _, err := w.Renewals.GiveNotice(t.Context(), p.Actor, p.Request, sure(seen)); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("on %s: %v", w.Now, err)
		}
	}
	refused(w.A, 0)
	opened := w.Now
	w.Now = opened.AddDate(0, 0, -30)
	refused(w.B, 0)
	w.Now = opened.AddDate(0, 0, 11)
	refused(w.B, 0)
	w.Now = opened.AddDate(0, 0, 10)
	if problems, err := w.Renewals.GiveNotice(t.Context(), w.B.Actor, w.B.Request, sure(0)); err != nil || len(problems) > 0 {
		t.Errorf("on the last day: %v, %v", problems, err)
	}
	if got := (renewal.Season{ClosesOn: rinnova.MustDate("2026-12-15")}).Notice(); got != rinnova.MustDate("2026-12-15") {
		t.Errorf("without a date it is %s", got)
	}
}

// A notice that meets the processing of the same request: exactly one of them wins, and there is a contract only where it was not
// the notice.
func TestNoticeAgainstProcessing(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for range 8 {
			p := w.Join(t)
			o := renewaltest.Order()
			o.Acknowledged = []string{renewal.SharedCIG + ":" + o.CIG}
			w.Confirm(t, p, o, renewaltest.Alunni)
			var notice, processing error
			var both sync.WaitGroup
			both.Go(func() { _, notice = w.Renewals.GiveNotice(t.Context(), p.Actor, p.Request, sure(1)) })
			both.Go(func() { _, processing = w.Contracts.Process(t.Context(), w.Clerk, p.Request, 1) })
			both.Wait()
			c, err := w.Lists.ByRequest(t.Context(), p.Request)
			if err != nil {
				t.Fatal(err)
			}
			state := w.Request(t, p).State
			switch {
			case notice == nil && rinnova.KindOf(processing) == rinnova.Conflict && state == renewal.Declined && c == nil:
			case processing == nil && rinnova.KindOf(notice) == rinnova.Conflict && state == renewal.Processed && c != nil:
			default:
				t.Errorf("notice: %v, processing: %v, the request is %s, contract %v", notice, processing, state, c)
			}
		}
	})
}

// Only the office opens a declined request again, as long as the season is open; one that was never confirmed becomes a draft.
func TestReopen(t *testing.T) {
	w := renewaltest.New(t)
	if err := w.Renewals.Reopen(t.Context(), w.Clerk, w.A.Request); rinnova.KindOf(err) != rinnova.Conflict {
		t.Errorf("a proposal: %v", err)
	}
	if _, err := w.Renewals.GiveNotice(t.Context(), w.A.Actor, w.A.Request, sure(0)); err != nil {
		t.Fatal(err)
	}
	if err := w.Renewals.Reopen(t.Context(), w.A.Actor, w.A.Request); rinnova.KindOf(err) != rinnova.Forbidden {
		t.Errorf("the school: %v", err)
	}
	opened := w.Now
	w.Now = opened.AddDate(0, 1, 0)
	if err := w.Renewals.Reopen(t.Context(), w.Clerk, w.A.Request); rinnova.KindOf(err) != rinnova.Conflict {
		t.Errorf("after the close: %v", err)
	}
	w.Now = opened.Add(time.Hour)
	if err := w.Renewals.Reopen(t.Context(), w.Clerk, w.A.Request); err != nil {
		t.Fatal(err)
	}
	r := w.Request(t, w.A)
	if r.State != renewal.Drafted || !r.Notice.At.IsZero() || !r.DraftAt.Equal(w.Now) || r.Reason != "" {
		t.Errorf("the request is %+v", r)
	}
	w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
}
