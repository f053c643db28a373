package renewalweb_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"rinnova/internal/renewal"
)

// A band that looks too low is asked about once; the answer stays with the draft, the confirmation and the clerk's list.
func TestABandThatLooksTooLow(t *testing.T) {
	s := newSite(t)
	low := url.Values{"fascia": {"1"}}
	asked := s.post(s.path()+"/fascia", low)
	asked.want(t, 422, "La fascia sembra bassa", "L’anagrafe del Ministero dà 887 alunni (a.s. 2024/25), che stanno nella fascia da 501 a 1000.", "È giusto così, l’ho controllato")
	if asked.Find("#fascia[checked]").Length() != 1 {
		t.Error("the choice was lost")
	}
	if r := s.Request(t, s.A); r.State != renewal.Offered {
		t.Errorf("%s: a question keeps nothing", r.State)
	}
	s.post(s.path()+"/fascia", with(low, "controllato", "band.pupils:2")).want(t, 422, "La fascia sembra bassa")
	s.post(s.path()+"/fascia", with(low, "controllato", asked.Find("input[name=controllato]").AttrOr("value", ""))).wantRedirect(t, s.path())
	again := s.get(s.path() + "/fascia")
	if again.Find("input[name=controllato][checked]").Length() != 1 || again.Find(".rn-note[role=alert]").Length() != 0 {
		t.Error("a doubt that was confirmed must come back confirmed, without a summary of errors")
	}
	s.post(s.path(), with(filled(), "fascia_vista", "1")).wantRedirect(t, s.path()+"/conferma/1")
	if r := s.Request(t, s.A); r.Band != 1 || !slices.Equal(r.Warnings, []string{renewal.BandBelowPupils}) {
		t.Errorf("band %d, warnings %v", r.Band, r.Warnings)
	}
	d := deskIn(t, s.World)
	if got := d.get("/ufficio/richieste?vista=avvisi").text("tbody"); !strings.Contains(got, "Fascia sotto l’anagrafe") {
		t.Errorf("list: %q", got)
	}
	got := d.get(page(s.A)).text("[aria-labelledby=controlli]")
	for _, want := range []string{"Fascia alunni L’anagrafe del Ministero dà 887 alunni (a.s. 2024/25)", "La scuola l’ha visto e confermato."} {
		if !strings.Contains(got, want) {
			t.Errorf("checks %q lack %q", got, want)
		}
	}
}

// A school that has grown since its proposal was made, as by a merger, is a doubt for the clerk.
func TestMorePupilsThanWhenItWasProposed(t *testing.T) {
	s := newSite(t)
	s.post(s.path()+"/fascia", url.Values{"fascia": {"2"}}).wantRedirect(t, s.path())
	s.post(s.path(), filled()).wantRedirect(t, s.path()+"/conferma/1")
	grown := s.A.School
	grown.Pupils = 2113
	if err := s.Schools.Update(t.Context(), grown); err != nil {
		t.Fatal(err)
	}
	d := deskIn(t, s.World)
	if got := d.get(page(s.A)).text("[aria-labelledby=controlli]"); !strings.Contains(got, "oggi sono 2113, fascia oltre 1500. Confermata: da 501 a 1000") {
		t.Errorf("checks: %q", got)
	}
}

// Lower than what counts is a doubt too, and a draft that somebody made low without being asked cannot be confirmed.
func TestABandLowerThanBefore(t *testing.T) {
	s := newSite(t)
	s.post(s.path()+"/fascia", url.Values{"fascia": {"4"}}).wantRedirect(t, s.path())
	s.post(s.path(), with(filled(), "fascia_vista", "4")).wantRedirect(t, s.path()+"/conferma/1")
	three := url.Values{"fascia": {"3"}}
	s.post(s.path()+"/fascia", three).want(t, 422, "È più bassa di quella della conferma n. 1, che era oltre 1500.")
	if err := s.Renewals.ChooseBand(t.Context(), s.A.Actor, s.A.Request, 3); err != nil {
		t.Fatal(err)
	}
	a := s.post(s.path(), with(filled(), "visto", "1", "fascia_vista", "3"))
	a.want(t, 422, "Fascia alunni: È più bassa di quella della conferma n. 1", "Fascia alunni: da controllare")
	if a.Find(`[role=alert] a[href="`+s.path()+`/fascia"]`).Length() != 1 {
		t.Error("the summary does not lead to the band")
	}
	s.post(s.path()+"/fascia", with(three, "controllato", "band.lower:3")).wantRedirect(t, s.path())
	s.post(s.path(), with(filled(), "visto", "1", "fascia_vista", "3")).wantRedirect(t, s.path()+"/conferma/2")
	if got := deskIn(t, s.World).get(page(s.A)).text("[aria-labelledby=controlli]"); !strings.Contains(got, "Fascia alunni È più bassa di quella della conferma n. 1") {
		t.Errorf("checks: %q", got)
	}
}
