package renewal_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

func view(t *testing.T, w *renewaltest.World, p renewaltest.Party) *renewal.View {
	t.Helper()
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// good is an answer that can be confirmed first.
func good(ticks ...string) renewal.Answer {
	if len(ticks) == 0 {
		ticks = renewaltest.StartTicks()
	}
	return renewal.Answer{Draft: renewal.Draft{Band: 2, Ticks: ticks, Order: renewaltest.Order()}, Accept: true, Terms: "2027-01"}
}

func wantKind(t *testing.T, what string, err error, want rinnova.Kind) {
	t.Helper()
	if err == nil || rinnova.KindOf(err) != want {
		t.Errorf("%s: %v, want an error of kind %d", what, err, want)
	}
}

func wantNothing(t *testing.T, problems rinnova.Problems, err error) {
	t.Helper()
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v", problems, err)
	}
}

func TestADraftIsKeptWhateverIsWrong(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		typed := renewal.OrderForm{CIG: " b4a27 c15—", Number: strings.Repeat("9", 40), Date: "32/13/2026", Payment: "mai", Exclusion: "ES99", Reason: "«è così»", CUP: "x", Acknowledged: []string{"a", "b"}}
		draft := renewal.Draft{Band: 9, Ticks: []string{"p3", "nessuno", "p1", "p3"}, Order: typed}
		if err := w.Renewals.Save(t.Context(), w.A.Actor, w.A.Request, draft); err != nil {
			t.Fatal(err)
		}
		r := view(t, w, w.A).Request
		if r.State != renewal.Drafted || !r.Pending || r.Revision != 0 || !r.DraftAt.Equal(w.Now.Truncate(time.Microsecond)) {
			t.Errorf("%s, pending %v, revision %d, at %v", r.State, r.Pending, r.Revision, r.DraftAt)
		}
		// The band that does not exist leaves the one that the proposal suggested; lines that do not exist are left out.
		want := renewal.Draft{Band: 2, Ticks: []string{"p1", "p3"}, Order: typed}
		if !reflect.DeepEqual(r.Draft, want) {
			t.Errorf("draft\n%+v, want\n%+v", r.Draft, want)
		}
	})
}

func TestChoosingABandOpensTheDraft(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for range 2 { // the second time nothing happens
			if err := w.Renewals.ChooseBand(t.Context(), w.B.Actor, w.B.Request, 3); err != nil {
				t.Fatal(err)
			}
		}
		r := view(t, w, w.B).Request
		if r.State != renewal.Drafted || r.Draft.Band != 3 || r.Band != 3 || r.Version != 2 {
			t.Errorf("%s, band %d and %d, version %d", r.State, r.Draft.Band, r.Band, r.Version)
		}
		if got := w.EventsAbout(t, r.ID); !slices.Equal(got, []event.Kind{event.BandChosen}) {
			t.Errorf("events %v", got)
		}
		for _, no := range []int{-1, 0, 5} {
			wantKind(t, fmt.Sprint("band ", no), w.Renewals.ChooseBand(t.Context(), w.B.Actor, w.B.Request, catalog.Band(no)), rinnova.Invalid)
		}
	})
}

func TestUndoPutsTheProductsBackAndKeepsTheOrder(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.Alunni, renewaltest.Privacy)
		changed := renewaltest.Order()
		changed.Number = "215/2026"
		if err := w.Renewals.Save(t.Context(), w.A.Actor, w.A.Request, renewal.Draft{Band: 2, Ticks: []string{renewaltest.Libri}, Order: changed}); err != nil {
			t.Fatal(err)
		}
		w.Now = w.Now.Add(time.Minute)
		if err := w.Renewals.Undo(t.Context(), w.A.Actor, w.A.Request); err != nil {
			t.Fatal(err)
		}
		v := view(t, w, w.A)
		if !v.Request.Ticks().Equal(v.Proposal.StartTicks()) || v.Request.Draft.Order.Number != "215/2026" || !v.Request.Pending {
			t.Errorf("draft %+v, pending %v", v.Request.Draft, v.Request.Pending)
		}
		if v.Request.Revision != 1 || v.Request.State != renewal.Submitted || v.Request.Taxable == v.Totals().Taxable {
			t.Errorf("%s, revision %d, %s: undoing a draft must not change what counts", v.Request.State, v.Request.Revision, v.Request.Taxable)
		}
		if got := w.EventsAbout(t, v.Request.ID); !slices.Equal(got, []event.Kind{event.Confirmed, event.DraftUndone}) {
			t.Errorf("events %v", got)
		}
	})
}

// Going back to the confirmation leaves nothing pending, whatever was typed, and keeps the doubts that were confirmed.
func TestRestorePutsTheConfirmationBack(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ctx, id := t.Context(), w.A.Request
		wantKind(t, "before a confirmation", w.Renewals.Restore(ctx, w.A.Actor, id, 0), rinnova.Conflict)
		odd := renewaltest.Order()
		odd.CIG, odd.Acknowledged = renewaltest.OddCIG, []string{"cig.check:" + renewaltest.OddCIG}
		w.Confirm(t, w.A, odd, renewaltest.Alunni, renewaltest.Privacy)
		before := w.Request(t, w.A)
		typed := renewal.OrderForm{CIG: "?", Exclusion: "ES24", Reason: "boh", CUP: "x", Number: "9", Date: "mai", Payment: "60"}
		if err := w.Renewals.Save(ctx, w.A.Actor, id, renewal.Draft{Band: 4, Ticks: []string{renewaltest.Libri}, Order: typed}); err != nil {
			t.Fatal(err)
		}
		w.Now = w.Now.Add(time.Minute)
		wantKind(t, "to another confirmation", w.Renewals.Restore(ctx, w.A.Actor, id, 2), rinnova.Conflict)
		wantKind(t, "of another school", w.Renewals.Restore(ctx, w.B.Actor, id, 1), rinnova.NotFound)
		if err := w.Renewals.Restore(ctx, w.A.Actor, id, 1); err != nil {
			t.Fatal(err)
		}
		after := w.Request(t, w.A)
		if after.Pending || !reflect.DeepEqual(after.Draft, before.Draft) {
			t.Errorf("pending %v, draft\n%+v, want\n%+v", after.Pending, after.Draft, before.Draft)
		}
		if after.State != before.State || after.Revision != 1 || after.Taxable != before.Taxable || after.CIG != renewaltest.OddCIG {
			t.Errorf("what counts has changed: %+v", after)
		}
		if got := w.EventsAbout(t, id); !slices.Equal(got, []event.Kind{event.Confirmed, event.DraftUndone}) {
			t.Errorf("events %v", got)
		}
		v := view(t, w, w.A)
		_, problems, err := w.Renewals.CheckOrder(ctx, v)
		if err != nil || len(problems) != 1 || len(v.Request.Draft.Order.Blocking(problems)) != 0 {
			t.Errorf("problems %v, %v: the doubt was confirmed already", problems, err)
		}
	})
}

func TestConfirm(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		rev, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, good())
		wantNothing(t, problems, err)
		v := view(t, w, w.A)
		r := v.Request
		if r.State != renewal.Submitted || r.Revision != 1 || r.Pending || r.Taxable != 2_570_00 || r.CIG != renewaltest.GoodCIG || r.Band != 2 || len(r.Warnings) != 0 {
			t.Errorf("request %+v", r)
		}
		stored, err := w.Requests.Revision(t.Context(), r.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(stored, rev) {
			t.Errorf("stored\n%+v, want\n%+v", stored, rev)
		}
		if stored.Totals.Taxable != 2_570_00 || stored.TermsHash != v.Season.Terms.SHA256() || stored.School.TaxCode != w.A.School.TaxCode || stored.By != w.A.Actor {
			t.Errorf("revision %+v", stored)
		}
		if len(w.Receipts) != 1 || w.Receipts[0].Revision.Number != 1 || w.Receipts[0].Before != nil {
			t.Errorf("%d receipts", len(w.Receipts))
		}
	})
}

func TestConfirmingTheSameAgainChangesNothing(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		first, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, good())
		wantNothing(t, problems, err)
		w.Now = w.Now.Add(time.Minute)
		again := good()
		again.Draft.Order.CIG = "b4a27-c154f" // the same, typed in another way
		again.Draft.Order.Number = "  214/2026 "
		for _, seen := range []int{0, 1, 1} { // double click; the page sent again; the new page without a change
			again.Seen = seen
			same, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, again)
			wantNothing(t, problems, err)
			if same.Number != 1 || !same.At.Equal(first.At) {
				t.Errorf("confirmation %d at %v", same.Number, same.At)
			}
		}
		r := view(t, w, w.A).Request
		if r.Revision != 1 || r.Pending || len(w.Receipts) != 1 || len(w.EventsAbout(t, r.ID)) != 1 {
			t.Errorf("revision %d, pending %v, %d receipts", r.Revision, r.Pending, len(w.Receipts))
		}
	})
}

func TestAStaleFormIsRefused(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		before := view(t, w, w.A).Request
		stale := good(renewaltest.Alunni) // a colleague's form, opened before the confirmation
		rev, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, stale)
		wantKind(t, "stale form", err, rinnova.Conflict)
		if rev != nil || problems != nil {
			t.Errorf("%v, %v", rev, problems)
		}
		if after := view(t, w, w.A).Request; !reflect.DeepEqual(before, after) {
			t.Errorf("a refused form changed\n%+v into\n%+v", before, after)
		}
		stale.Seen = 1
		_, problems, err = w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, stale)
		wantNothing(t, problems, err)
		if n := view(t, w, w.A).Request.Revision; n != 2 {
			t.Errorf("revision %d", n)
		}
		if b := w.Receipts[1].Before; b == nil || b.Number != 1 {
			t.Errorf("the second receipt compares with %+v", b)
		}
	})
}

func TestOnlyWhileTheCampaignIsOpen(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		acts := map[string]func(context.Context) error{
			"band": func(ctx context.Context) error { return w.Renewals.ChooseBand(ctx, w.A.Actor, w.A.Request, 3) },
			"save": func(ctx context.Context) error { return w.Renewals.Save(ctx, w.A.Actor, w.A.Request, good().Draft) },
			"undo": func(ctx context.Context) error { return w.Renewals.Undo(ctx, w.A.Actor, w.A.Request) },
			"confirm": func(ctx context.Context) error {
				_, _, err := w.Renewals.Confirm(ctx, w.A.Actor, w.A.Request, good())
				return err
			},
		}
		day := func(s string) time.Time {
			at, err := time.ParseInLocation("2006-01-02 15:04:05", s, rinnova.Rome)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
		for _, shut := range []string{"2026-11-01 23:59:59", "2026-12-16 00:00:00"} {
			w.Now = day(shut)
			for name, act := range acts {
				wantKind(t, name+" at "+shut, act(t.Context()), rinnova.Conflict)
			}
		}
		if r := view(t, w, w.A).Request; r.State != renewal.Offered || r.Version != 1 {
			t.Errorf("%s, version %d: nothing may have changed", r.State, r.Version)
		}
		for _, open := range []string{"2026-11-02 00:00:00", "2026-12-15 23:59:59"} {
			w.Now = day(open)
			for name, act := range acts {
				if err := act(t.Context()); err != nil {
					t.Errorf("%s at %s: %v", name, open, err)
				}
			}
		}
	})
}

func TestNobodyElsesRequest(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ctx, id := t.Context(), w.A.Request
		for name, c := range map[string]struct {
			actor rinnova.Actor
			want  rinnova.Kind
		}{"another school": {w.B.Actor, rinnova.NotFound}, "nobody": {rinnova.Actor{}, rinnova.NotFound}, "the office": {w.Clerk, rinnova.Forbidden}} {
			_, _, err := w.Renewals.Confirm(ctx, c.actor, id, good())
			wantKind(t, name+" confirms", err, c.want)
			wantKind(t, name+" saves", w.Renewals.Save(ctx, c.actor, id, good().Draft), c.want)
			wantKind(t, name+" undoes", w.Renewals.Undo(ctx, c.actor, id), c.want)
			wantKind(t, name+" chooses", w.Renewals.ChooseBand(ctx, c.actor, id, 1), c.want)
		}
		_, err := w.Renewals.View(ctx, w.B.Actor, id)
		wantKind(t, "another school looks", err, rinnova.NotFound)
		if _, err := w.Renewals.View(ctx, w.Clerk, id); err != nil {
			t.Errorf("the office looks: %v", err)
		}
		for name, act := range map[string]error{
			"takes": w.Renewals.TakeInCharge(ctx, w.A.Actor, id, 0, ""), "returns": w.Renewals.Return(ctx, w.A.Actor, id, 0, "x"),
		} {
			wantKind(t, "a school "+name, act, rinnova.Forbidden)
		}
		_, _, err = w.Renewals.Freeze(ctx, w.A.Actor, id, 0)
		wantKind(t, "a school processes", err, rinnova.Forbidden)
		_, err = w.Renewals.View(ctx, w.Clerk, rinnova.NewID(w.Now))
		wantKind(t, "a request that does not exist", err, rinnova.NotFound)
	})
}

func TestWhatStopsAConfirmation(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for name, c := range map[string]struct {
			spoil func(*renewal.Answer)
			field string
		}{
			"terms not accepted": {func(a *renewal.Answer) { a.Accept = false }, renewal.FieldAccept},
			"another version":    {func(a *renewal.Answer) { a.Terms = "2026-01" }, renewal.FieldAccept},
			"no product":         {func(a *renewal.Answer) { a.Draft.Ticks = nil }, renewal.FieldLines},
			"unknown products":   {func(a *renewal.Answer) { a.Draft.Ticks = []string{"p99"} }, renewal.FieldLines},
			"no order number":    {func(a *renewal.Answer) { a.Draft.Order.Number = "" }, renewal.FieldNumber},
			"odd CIG":            {func(a *renewal.Answer) { a.Draft.Order.CIG = renewaltest.OddCIG }, renewal.FieldCIG},
		} {
			a := good()
			c.spoil(&a)
			rev, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, a)
			if err != nil || rev != nil || len(problems) != 1 || problems[0].Field != c.field {
				t.Errorf("%s: %v, %v, %v: want one problem of %s", name, rev, problems, err, c.field)
			}
			r := view(t, w, w.A).Request
			if r.Revision != 0 || r.State != renewal.Drafted || r.Draft.Order.CIG != a.Draft.Order.CIG || r.Draft.Order.Number != a.Draft.Order.Number {
				t.Errorf("%s: %s, revision %d, draft %+v: what was typed is kept and does not count", name, r.State, r.Revision, r.Draft)
			}
		}
		// A school whose pupils nobody knows has to choose a band.
		a := good()
		a.Draft.Band = 0
		if _, problems, err := w.Renewals.Confirm(t.Context(), w.B.Actor, w.B.Request, a); err != nil || len(problems) != 1 || problems[0].Field != renewal.FieldBand {
			t.Errorf("no band: %v, %v", problems, err)
		}
		if len(w.Receipts) != 0 {
			t.Errorf("%d receipts of nothing", len(w.Receipts))
		}
	})
}

func TestWarningsReachTheRequest(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Confirm(t, w.B, renewaltest.Order(), renewaltest.Alunni) // the same CIG as below
		other := w.Join(t)
		for name, c := range map[string]struct {
			order renewal.OrderForm
			want  []string
		}{
			"odd CIG":      {renewal.OrderForm{CIG: renewaltest.OddCIG, Acknowledged: []string{"cig.check:" + renewaltest.OddCIG}}, []string{"cig.check"}},
			"no CIG":       {renewal.OrderForm{Exclusion: "ES24", Reason: "spesa economale"}, []string{"cig.none"}},
			"other school": {renewal.OrderForm{CIG: renewaltest.GoodCIG, Acknowledged: []string{"cig.other_school:" + renewaltest.GoodCIG}}, []string{"cig.other_school"}},
			"future": {renewal.OrderForm{CIG: renewaltest.OtherCIG, Date: "01/12/2026", Acknowledged: []string{"date.future:2026-12-01"}},
				[]string{"date.future"}},
			"nothing": {renewal.OrderForm{CIG: renewaltest.OtherCIG}, nil},
		} {
			o := c.order
			o.Number, o.Payment = "214/2026", "30"
			if o.Date == "" {
				o.Date = "16/11/2026"
			}
			rev := w.Confirm(t, other, o, renewaltest.StartTicks()...)
			var codes []string
			for _, x := range rev.Warnings {
				codes = append(codes, x.Code)
				if x.Text.IsZero() {
					t.Errorf("%s: a warning without words", name)
				}
			}
			r := w.Request(t, other)
			kept := slices.DeleteFunc(slices.Clone(c.want), func(code string) bool { return code == renewal.SharedCIG })
			if !slices.Equal(codes, c.want) || !slices.Equal(r.Warnings, kept) {
				t.Errorf("%s: warnings %v on the confirmation, %v on the request, want %v and %v", name, codes, r.Warnings, c.want, kept)
			}
		}
	})
}

func TestConfirmationsAreNeverChanged(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		body := func(n int) (s string) {
			t.Helper()
			row := w.DB.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT body FROM revision WHERE request_id = $1 AND number = $2`, w.A.Request, n)
			if err := row.Scan(&s); err != nil {
				t.Fatal(err)
			}
			return s
		}
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.Alunni)
		first := body(1)
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.Alunni, renewaltest.Privacy)
		second := body(2)
		w.Process(t, w.A)
		if body(1) != first || body(2) != second || first == second {
			t.Error("a confirmation was changed")
		}
		rev, err := w.Requests.Revision(t.Context(), w.A.Request, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Requests.AddRevision(t.Context(), rev); err == nil {
			t.Error("a confirmation was written twice")
		}
	})
}

func TestOfTwoWritersOneWins(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		one, other := w.Request(t, w.A), w.Request(t, w.A)
		if err := w.Requests.Update(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		wantKind(t, "the second", w.Requests.Update(t.Context(), other), rinnova.Conflict)

		// Eight colleagues confirm something different at the same moment.
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range 8 {
			wg.Go(func() {
				a := good(fmt.Sprintf("p%d", i+1))
				_, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, a)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil && len(problems) == 0:
					won++
				case rinnova.KindOf(err) != rinnova.Conflict:
					t.Errorf("%v, %v", problems, err)
				}
			})
		}
		wg.Wait()
		revisions, err := w.Requests.Revisions(t.Context(), w.A.Request)
		if err != nil || won != 1 || len(revisions) != 1 || len(w.Receipts) != 1 {
			t.Errorf("%d won, %d confirmations, %d receipts, %v", won, len(revisions), len(w.Receipts), err)
		}
	})
}

func TestAtMostOneProposalForAPeriod(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		v := view(t, w, w.A)
		p, r := *v.Proposal, *v.Request
		p.ID, r.ID, r.Number = rinnova.NewID(w.Now), rinnova.NewID(w.Now), "2027-999999"
		r.ProposalID = p.ID
		if made, err := w.Requests.Add(t.Context(), &p, &r); err != nil || made {
			t.Errorf("a second proposal: %v, %v", made, err)
		}
		if all, err := w.Requests.OfSchool(t.Context(), w.A.School.ID); err != nil || len(all) != 1 {
			t.Errorf("%d requests, %v", len(all), err)
		}
	})
}
