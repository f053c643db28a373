package renewal_test

import (
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// again is the answer of who has read why the office has sent confirmation 1 back.
func again(order renewal.OrderForm) renewal.Answer {
	a := good()
	a.Draft.Order, a.Seen, a.SentBack = order, 1, 1
	return a
}

// returned is a request whose odd CIG the school had confirmed, and that the office has sent back.
func returned(t *testing.T, w *renewaltest.World) renewal.OrderForm {
	t.Helper()
	odd := renewaltest.Order()
	odd.CIG, odd.Acknowledged = renewaltest.OddCIG, []string{"cig.check:" + renewaltest.OddCIG}
	w.Confirm(t, w.A, odd, renewaltest.StartTicks()...)
	if err := w.Renewals.Return(t.Context(), w.Clerk, w.A.Request, 1, "Il CIG è sbagliato."); err != nil {
		t.Fatal(err)
	}
	return odd
}

// fields are the fields of problems, in order.
func fields(all rinnova.Problems) string {
	var out []string
	for _, p := range all {
		out = append(out, p.Field)
	}
	return strings.Join(out, " ")
}

// What the office has sent back is asked again: the doubts that were confirmed, and whether it is meant so although nothing changed.
func TestWhatWasSentBackIsAskedAgain(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		odd := returned(t, w)
		r := w.Request(t, w.A)
		if !r.Corrects() || len(r.Draft.Order.Acknowledged) != 0 {
			t.Fatalf("%+v: the doubts are still confirmed", r)
		}
		if err := w.Renewals.Restore(t.Context(), w.A.Actor, r.ID, 1); err != nil || len(w.Request(t, w.A).Draft.Order.Acknowledged) != 0 {
			t.Errorf("going back to the confirmation confirms its doubts: %v", err)
		}
		unseen := again(odd)
		unseen.SentBack = 0
		_, _, err := w.Renewals.Confirm(t.Context(), w.A.Actor, r.ID, unseen)
		wantKind(t, "without having read why", err, rinnova.Conflict)

		asked := odd
		asked.Acknowledged = nil
		long := again(asked)
		long.Draft.Reply = strings.Repeat("è", renewal.MaxReply+1)
		_, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, r.ID, long)
		if err != nil || fields(problems) != "cig risposta come_prima" {
			t.Errorf("%v, %v", problems, err)
		}
		if got := w.Request(t, w.A); got.Draft.Reply != long.Draft.Reply || got.State != renewal.Returned {
			t.Error("what was typed is lost")
		}

		w.Now = w.Now.Add(time.Minute)
		sure := again(odd)
		sure.Unchanged, sure.Draft.Reply = true, " L’ho richiesto io:\nè giusto. "
		rev, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, r.ID, sure)
		wantNothing(t, problems, err)
		if want := (renewal.Reply{Reason: "Il CIG è sbagliato.", Words: "L’ho richiesto io:\nè giusto."}); rev.Reply != want || !rev.Says(renewal.RepliedSame) || rev.Says(renewal.Replied) {
			t.Errorf("%+v, %v", rev.Reply, rev.Warnings)
		}
		stored, err := w.Requests.Revision(t.Context(), r.ID, 2)
		if err != nil || stored.Reply != rev.Reply {
			t.Errorf("kept %+v, %v", stored.Reply, err)
		}
		r = w.Request(t, w.A)
		if r.Corrects() || r.Draft.Reply != "" || !r.Settled() || strings.Join(r.Warnings, " ") != "cig.check reply.same" {
			t.Errorf("%+v", r)
		}
		all, err := w.Events.About(t.Context(), r.ID, 1)
		if err != nil || all[0].Kind != event.Confirmed || all[0].Data["risposta"] != rev.Reply.Words || all[0].Data["uguale"] == "" {
			t.Errorf("record %+v, %v", all, err)
		}
		rows, err := w.Requests.Rows(t.Context(), []string{r.ID})
		if err != nil || rows[0].Ready() {
			t.Errorf("a clerk must see the reply first: %+v, %v", rows, err)
		}
	})
}

// Who corrects something needs no word more, and may add some.
func TestACorrectionNeedsNoWord(t *testing.T) {
	for words, codes := range map[string]string{"": "", "Avevate ragione.": renewal.Replied} {
		w := renewaltest.New(t)
		returned(t, w)
		a := again(renewaltest.Order())
		a.Draft.Reply = words
		rev, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, a)
		wantNothing(t, problems, err)
		if rev.Reply.Words != words || rev.Reply.Reason == "" || strings.Join(w.Request(t, w.A).Warnings, " ") != codes {
			t.Errorf("%q: %+v, %v", words, rev.Reply, rev.Warnings)
		}
	}
}

// There is nothing to answer where nothing was sent back: words that are sent all the same are not kept.
func TestNoReplyWithoutAReturn(t *testing.T) {
	w := renewaltest.New(t)
	a := good()
	a.Draft.Reply, a.Unchanged = "Salve.", true
	rev, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, a)
	wantNothing(t, problems, err)
	if rev.Reply != (renewal.Reply{}) || len(rev.Warnings) > 0 || w.Request(t, w.A).Draft.Reply != "" {
		t.Errorf("%+v, %v", rev.Reply, rev.Warnings)
	}
}

// asked are the fields that the school is asked about, and seen those that the office sees doubts about.
func asked(t *testing.T, w *renewaltest.World, p renewaltest.Party) (school, office string) {
	t.Helper()
	v := view(t, w, p)
	_, found, err := w.Renewals.AskOrder(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	_, all, err := w.Renewals.CheckOrder(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return fields(found), fields(all)
}

// What counts is asked no more because another order has taken the same CIG since; the office sees it.
func TestAConfirmedOrderStaysComplete(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		services := w.Offer(t, w.A)
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		same := renewaltest.Order()
		same.Acknowledged = []string{renewal.OldCIG + ":" + renewaltest.GoodCIG}
		w.Confirm(t, services, same, renewaltest.Web)
		if school, office := asked(t, w, w.A); school != "" || office != "cig" {
			t.Errorf("asked %q, the office sees %q", school, office)
		}
		uses, err := w.Requests.SameCIG(t.Context(), renewaltest.GoodCIG, w.A.Request)
		if err != nil || len(uses) != 1 || !uses[0].Known || uses[0].Campaign == "" || uses[0].Order != "214/2026" {
			t.Errorf("%+v, %v", uses, err)
		}

		// Its own CIG on both orders is said once: a change of the first is not asked again, unless the office has sent it back.
		changed := renewaltest.Order()
		changed.Number = "99/2026"
		if err := w.Renewals.Save(t.Context(), w.A.Actor, w.A.Request, renewal.Draft{Band: 2, Ticks: renewaltest.StartTicks(), Order: changed}); err != nil {
			t.Fatal(err)
		}
		if school, office := asked(t, w, w.A); school != "" || office != "cig" {
			t.Errorf("with a change: asked %q, the office sees %q", school, office)
		}
		if err := w.Renewals.Return(t.Context(), w.Clerk, w.A.Request, 1, "Il CIG?"); err != nil {
			t.Fatal(err)
		}
		if school, _ := asked(t, w, w.A); school != "cig" {
			t.Errorf("sent back: asked %q", school)
		}
	})
}

// Another school's CIG is asked before a confirmation, not after it; a change after it is asked. The work list tells what was seen.
func TestAnotherSchoolsCIGAfterwards(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		other := w.Join(t)
		same := renewaltest.Order()
		same.Acknowledged = []string{renewal.SharedCIG + ":" + renewaltest.GoodCIG}
		w.Confirm(t, other, same, renewaltest.Alunni)
		if school, office := asked(t, w, w.A); school != "" || office != "cig" {
			t.Errorf("asked %q, the office sees %q", school, office)
		}
		rows, err := w.Requests.Rows(t.Context(), []string{w.A.Request, other.Request})
		if err != nil || strings.Join(rows[0].Looks, " ") != renewal.SharedCIG || strings.Join(rows[0].Unseen, " ") != renewal.SharedCIG {
			t.Errorf("%+v, %v", rows, err)
		}
		if strings.Join(rows[1].Looks, " ") != renewal.SharedCIG || len(rows[1].Unseen) != 0 {
			t.Errorf("%+v: its school has seen it", rows[1])
		}
		changed := renewaltest.Order()
		changed.Number = "99/2026"
		a := good()
		a.Draft.Order, a.Seen = changed, 1
		_, problems, err := w.Renewals.Confirm(t.Context(), w.A.Actor, w.A.Request, a)
		if err != nil || fields(problems) != "cig" {
			t.Errorf("a new confirmation: %v, %v", problems, err)
		}
	})
}
