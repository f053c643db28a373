package renewal_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

func TestTheSecondClerkIsToldOfTheFirst(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ctx, id := t.Context(), w.A.Request
		wantKind(t, "before a confirmation", w.Renewals.TakeInCharge(ctx, w.Clerk, id, 0, ""), rinnova.Conflict)
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		wantKind(t, "at another confirmation", w.Renewals.TakeInCharge(ctx, w.Clerk, id, 2, ""), rinnova.Conflict)

		// Both look, both press the button.
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, clerk := range []rinnova.Actor{w.Clerk, w.Other} {
			wg.Go(func() { errs[i] = w.Renewals.TakeInCharge(ctx, clerk, id, 1, "") })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("%v and %v: exactly one takes it", errs[0], errs[1])
		}
		winner, loser := w.Clerk, w.Other
		if errs[0] != nil {
			winner, loser = loser, winner
		}
		r := w.Request(t, w.A)
		if r.State != renewal.InReview || r.Taken.By != winner.AccountID || r.Taken.Name != winner.Name || r.Taken.Revision != 1 {
			t.Errorf("%s, taken %+v", r.State, r.Taken)
		}
		if err := w.Renewals.TakeInCharge(ctx, winner, id, 1, ""); err != nil {
			t.Errorf("again: %v", err)
		}
		err := w.Renewals.TakeInCharge(ctx, loser, id, 1, "")
		wantKind(t, "the second", err, rinnova.Conflict)
		if err != nil && !strings.Contains(err.Error(), winner.Name) {
			t.Errorf("%v does not name %s", err, winner.Name)
		}
		if err := w.Renewals.TakeInCharge(ctx, loser, id, 1, winner.AccountID); err != nil {
			t.Errorf("taking it over knowingly: %v", err)
		}
	})
}

func TestANewConfirmationComesBackFromTheReview(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ctx, id := t.Context(), w.A.Request
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		if err := w.Renewals.TakeInCharge(ctx, w.Clerk, id, 1, ""); err != nil {
			t.Fatal(err)
		}
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.Alunni)
		r := w.Request(t, w.A)
		if r.State != renewal.Submitted || !r.ChangedSinceTaken() || r.Taken.By != w.Clerk.AccountID {
			t.Errorf("%s, taken %+v", r.State, r.Taken)
		}
		_, err := w.Contracts.Process(ctx, w.Clerk, id, 1)
		wantKind(t, "processing the old confirmation", err, rinnova.Conflict)
		wantKind(t, "returning the old confirmation", w.Renewals.Return(ctx, w.Clerk, id, 1, "perché"), rinnova.Conflict)
	})
}

func TestReturn(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ctx, id := t.Context(), w.A.Request
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		wantKind(t, "no reason", w.Renewals.Return(ctx, w.Clerk, id, 1, " \n"), rinnova.Invalid)
		wantKind(t, "a novel", w.Renewals.Return(ctx, w.Clerk, id, 1, strings.Repeat("è", renewal.MaxReason+1)), rinnova.Invalid)
		w.Now = w.Now.Add(time.Minute)
		if err := w.Renewals.Return(ctx, w.Clerk, id, 1, " Il CIG è di un altro ordine. "); err != nil {
			t.Fatal(err)
		}
		r := w.Request(t, w.A)
		if r.State != renewal.Returned || r.Reason != "Il CIG è di un altro ordine." || len(w.Returned) != 1 {
			t.Errorf("%s, %q, %d mails", r.State, r.Reason, len(w.Returned))
		}
		_, err := w.Contracts.Process(ctx, w.Clerk, id, 1)
		wantKind(t, "processing what was returned", err, rinnova.Conflict)
		// The same again is a new confirmation: the school says that it stands.
		w.Now = w.Now.Add(time.Minute)
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		if r := w.Request(t, w.A); r.State != renewal.Submitted || r.Revision != 2 || r.Reason != "" {
			t.Errorf("%s, revision %d, %q", r.State, r.Revision, r.Reason)
		}
		if got := w.EventsAbout(t, id); !slices.Equal(got, []event.Kind{event.Confirmed, event.SentBack, event.Confirmed}) {
			t.Errorf("events %v", got)
		}
	})
}

// sharedOrder is an order of a school that knows that others have the same CIG.
func sharedOrder() renewal.OrderForm {
	o := renewaltest.Order()
	o.Acknowledged = []string{"cig.other_school:" + o.CIG}
	return o
}

func TestTakingManyAtOnce(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		var seen []renewal.Seen
		parties := []renewaltest.Party{w.A, w.B, w.Join(t), w.Join(t), w.Join(t)}
		for i, p := range parties {
			if i != 4 { // the last has not confirmed
				w.Confirm(t, p, sharedOrder(), renewaltest.Alunni)
			}
			seen = append(seen, renewal.Seen{RequestID: p.Request, Revision: 1})
		}
		if err := w.Renewals.TakeInCharge(t.Context(), w.Other, parties[1].Request, 1, ""); err != nil {
			t.Fatal(err)
		}
		w.Confirm(t, parties[2], sharedOrder(), renewaltest.Libri) // confirmed again since the list was shown
		seen = append(seen, renewal.Seen{RequestID: rinnova.NewID(w.Now), Revision: 1})
		taken, refused, err := w.Renewals.TakeAll(t.Context(), w.Clerk, seen)
		if err != nil || taken != 2 || len(refused) != 4 {
			t.Fatalf("%d taken, %d refused, %v", taken, len(refused), err)
		}
		for i, p := range parties {
			by := w.Request(t, p).Taken.By
			want := map[int]string{0: w.Clerk.AccountID, 1: w.Other.AccountID, 3: w.Clerk.AccountID}[i]
			if by != want {
				t.Errorf("school %d is with %q, want %q", i, by, want)
			}
		}
	})
}
