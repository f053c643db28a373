package renewalweb_test

import (
	"strings"
	"testing"

	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// The clerk reads what the school answers where the request is checked, in its history and in the list; nothing is ready before that.
func TestTheClerkReadsTheReply(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := confirmed(t, w)
		if err := w.Renewals.Return(t.Context(), d.Clerk, d.A.Request, 1, "Manca la firma <b>?"); err != nil {
			t.Fatal(err)
		}
		v, err := w.Renewals.View(t.Context(), d.A.Actor, d.A.Request)
		if err != nil {
			t.Fatal(err)
		}
		draft := v.Request.Draft
		draft.Reply = "C’è, <i>a pagina 2</i>."
		_, problems, err := w.Renewals.Confirm(t.Context(), d.A.Actor, d.A.Request, renewal.Answer{Draft: draft, Accept: true, Seen: 1, SentBack: 1, Unchanged: true, Terms: v.Season.Terms.Version})
		if err != nil || len(problems) > 0 {
			t.Fatal(problems, err)
		}
		a := d.get(page(d.A))
		a.want(t, 200, "Rimandata, e confermata di nuovo senza cambiare nulla", "L’ufficio aveva scritto Manca la firma <b>?", "La scuola risponde C’è, <i>a pagina 2</i>.")
		if got := a.text("[aria-labelledby=controlli]"); !strings.Contains(got, "1 da guardare") || !strings.Contains(got, "Risposta della scuola Confermata di nuovo senza cambiare nulla") {
			t.Errorf("checks: %s", got)
		}
		if got := a.text("#storia"); !strings.Contains(got, "senza cambiare nulla · risposta: «C’è, <i>a pagina 2</i>.»") {
			t.Errorf("history: %s", got)
		}
		list := d.get("/ufficio/richieste?vista=avvisi")
		if got := list.text("tbody"); !strings.Contains(got, "Confermata di nuovo uguale") {
			t.Errorf("list: %s", got)
		}
		if got := list.text(`.rn-views a[href*="pronte"] .rn-count`); got != "0" {
			t.Errorf("%s are ready although nobody has read the answer", got)
		}
	})
}

// The office is told which doubts the school has seen, and which order has the same CIG.
func TestWhatTheSchoolHasSeen(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		d := confirmed(t, w)
		other := w.Join(t)
		same := renewaltest.Order()
		same.Acknowledged = []string{renewal.SharedCIG + ":" + same.CIG}
		w.Confirm(t, other, same, renewaltest.Alunni)
		const unseen, seen = "La scuola non l’ha visto: è emerso dopo la conferma.", "La scuola l’ha visto e confermato."
		if got := d.get(page(d.A)).text("[aria-labelledby=controlli]"); !strings.Contains(got, unseen) || strings.Contains(got, seen) {
			t.Errorf("who confirmed first: %s", got)
		}
		if got := d.get(page(other)).text("[aria-labelledby=controlli]"); strings.Contains(got, unseen) || !strings.Contains(got, seen) {
			t.Errorf("who confirmed after: %s", got)
		}
		list := d.get("/ufficio/richieste?vista=avvisi")
		if n := strings.Count(list.text("tbody"), "CIG usato da altra scuola non visto dalla scuola"); n != 1 {
			t.Errorf("%d of two not seen: %s", n, list.text("tbody"))
		}

		services := w.Offer(t, d.A)
		mine := renewaltest.Order()
		mine.Number, mine.Acknowledged = "215/2026", []string{renewal.OldCIG + ":" + mine.CIG}
		w.Confirm(t, services, mine, renewaltest.Web)
		checks := d.get(page(d.A)).text("[aria-labelledby=controlli]")
		if want := "ordine 215/2026 La scuola l’ha visto e confermato con l’altro ordine."; !strings.Contains(checks, want) {
			t.Errorf("the other order is not named: %s", checks)
		}
		if got := d.get(page(services)).Find(`[aria-labelledby=controlli] a[href="` + page(d.A) + `"]`).Text(); got != "Rinnovo 2027, ordine 214/2026" {
			t.Errorf("the link says %q", got)
		}
	})
}
