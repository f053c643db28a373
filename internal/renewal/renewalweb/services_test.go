package renewalweb_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/renewal/renewalweb"
)

// Each door leads to its own request; one that was never opened, to the home.
func TestDoors(t *testing.T) {
	s := newSite(t)
	s.leads(t, renewalweb.ServicesPath, renewalweb.AreaPath)
	services := s.Offer(t, s.A)
	s.leads(t, renewalweb.ServicesPath, renewalweb.RenewalPath(services.Request))
	s.leads(t, renewalweb.CurrentPath, s.path())

	// A proposal for a season that is not open yet is newer, and not what the school works on.
	next, err := s.Campaigns.Store.Campaign(t.Context(), renewaltest.CampaignID)
	if err != nil {
		t.Fatal(err)
	}
	next.ID, next.Name, next.Year = "rinnovo-2028", "Rinnovo 2028", 2028
	next.Period = rinnova.Period{From: next.Period.From.AddMonths(12), To: next.Period.To.AddMonths(12)}
	next.OpensOn, next.ClosesOn = next.OpensOn.AddMonths(12), next.ClosesOn.AddMonths(12)
	if err := s.Campaigns.Store.Add(t.Context(), next); err != nil {
		t.Fatal(err)
	}
	s.Now = s.Now.Add(time.Hour)
	if err := s.Propose(t.Context(), next, s.A.School); err != nil {
		t.Fatal(err)
	}
	s.leads(t, renewalweb.CurrentPath, s.path())
	s.Now = s.Now.AddDate(1, 0, 0)
	if a := s.get(renewalweb.CurrentPath); a.Header.Get("Location") == s.path() {
		t.Error("a year later the door still leads to the old request")
	}
}

func (s *site) leads(t *testing.T, from, to string) {
	t.Helper()
	s.get(from).wantRedirect(t, to)
}

// What is to be done comes first, and of two such things the one whose deadline is nearer.
func TestTheHomeShowsBothDoors(t *testing.T) {
	s := newSite(t)
	services := s.Offer(t, s.A)
	titles := func() (out []string) {
		for _, x := range s.get(renewalweb.AreaPath).Find("main section h2").EachIter() {
			out = append(out, strings.Join(strings.Fields(x.Text()), " "))
		}
		return out
	}
	for _, step := range []struct {
		do   func()
		want []string
	}{
		{func() {}, []string{"Rinnovo 2027: la proposta è pronta", "Rinnovo servizi 2026/27: la proposta è pronta"}},
		{func() { s.Confirm(t, s.A, renewaltest.Order(), renewaltest.Alunni) },
			[]string{"Rinnovo servizi 2026/27: la proposta è pronta", "Rinnovo 2027: per la scuola è tutto fatto"}},
		{func() {
			order := renewaltest.Order()
			order.CIG = renewaltest.OtherCIG
			s.Confirm(t, services, order, renewaltest.Web)
		}, []string{"Rinnovo 2027: per la scuola è tutto fatto", "Rinnovo servizi 2026/27: per la scuola è tutto fatto"}},
	} {
		step.do()
		if got := titles(); strings.Join(got[:2], "|") != strings.Join(step.want, "|") {
			t.Errorf("the home shows %q, want %q", got, step.want)
		}
		if n := s.get(renewalweb.AreaPath).Find("main .btn-primary").Length(); n != 1 {
			t.Errorf("%d filled buttons", n)
		}
	}
}

// The form of services asks for no band and speaks of no cap; it recalculates and confirms like the other.
func TestServicesAreRenewed(t *testing.T) {
	s := newSite(t)
	p := s.Offer(t, s.A)
	path := renewalweb.RenewalPath(p.Request)
	s.leads(t, path+"/fascia", path)
	form := s.get(path)
	form.want(t, 200, "Rinnovo servizi 2026/27", "1. Ordine e servizi", "Somma dei servizi scelti 485,00", "Importo da fatturare € 485,00", "(11 mesi)", "15/11/2026", "Totale € 591,70")
	if got := form.text("main"); strings.Contains(got, "tetto") || strings.Contains(got, "lunni") {
		t.Errorf("the form of services speaks of caps or pupils: %s", got)
	}
	answers := filled()
	answers[renewal.FieldLines], answers["condizioni"] = []string{renewaltest.Web, renewaltest.Mail}, []string{"S-2026-01"}
	recalculated := maps.Clone(answers)
	recalculated.Del("azione")
	patch := s.post(path, recalculated, "HX-Request", "true")
	patch.want(t, 200)
	if targets := patch.Body; strings.Contains(targets, "#somma-inclusi") || strings.Contains(targets, "#nota-tetto") || !strings.Contains(targets, "#somma-esclusi") {
		t.Errorf("the fragment patches what the page does not have:\n%s", targets)
	}
	if a := s.post(path, answers); a.Status != 303 {
		t.Fatalf("%d: %s", a.Status, a.text("main"))
	}
	s.get(path+"/conferma/1").want(t, 200, "2. Conferma ricevuta", "Importo da fatturare € 460,00")
	if r := s.Request(t, p); r.State != renewal.Submitted || r.Taxable != 460_00 || r.Band != 1 {
		t.Errorf("%s, %s, band %d", r.State, r.Taxable, r.Band)
	}
}

// The work list counts what waits in each campaign, and its addresses keep the one that was chosen.
func TestTheOfficeWorksOnBothKinds(t *testing.T) {
	d := newDesk(t)
	p := d.Offer(t, d.A)
	d.Confirm(t, p, renewaltest.Order(), renewaltest.Web, renewaltest.Mail)
	list := d.get("/ufficio/richieste?vista=tutte")
	if got := list.text(".rn-title .rn-views"); got != "Rinnovo 2027 0 Rinnovo servizi 2026/27 1" {
		t.Errorf("the switch says %q", got)
	}
	href := list.Find(".rn-title .rn-views a:not([aria-current])").AttrOr("href", "")
	if href != "/ufficio/richieste?campagna=servizi-2026&vista=tutte" {
		t.Errorf("the switch leads to %s", href)
	}
	list = d.get(href)
	if n := list.Find("[data-row]").Length() + list.Find("select[name=campagna], select[name=fascia]").Length(); n != 1 {
		t.Errorf("%d rows and choices, want 1 row and no choice of campaign or band", n)
	}
	for _, a := range list.Find(".rn-undertabs a, nav[aria-label=Viste] a, .rn-end a").EachIter() {
		if to := a.AttrOr("href", ""); !strings.Contains(to, "campagna=servizi-2026") {
			t.Errorf("%q forgets the campaign: %s", a.Text(), to)
		}
	}
	if got := list.Find("form.rn-filters input[name=campagna], form#scelte input[name=campagna]").Length(); got != 2 {
		t.Errorf("%d forms of the list carry the campaign, want 2", got)
	}
	page := d.get("/ufficio/richieste/" + p.Request)
	if got := page.text("main table"); strings.Contains(got, "Quota tetto") || strings.Contains(got, "Riduzione") || strings.Contains(got, "Fascia") {
		t.Errorf("the request of services speaks of caps or bands: %s", got)
	}
	if to := page.Find(".rn-crumb a").First().AttrOr("href", ""); to != "/ufficio/richieste?campagna=servizi-2026" {
		t.Errorf("the way back leads to %s", to)
	}
	table := d.get("/ufficio/richieste.csv?campagna=servizi-2026")
	if !strings.Contains(table.Body, "460,00") || strings.Contains(table.Body, "tutte le scuole") ||
		!strings.Contains(table.Header.Get("Content-Disposition"), "richieste-servizi-nuove-2026-11-20.csv") {
		t.Errorf("%s: %s", table.Header.Get("Content-Disposition"), table.Body)
	}
}

// Pages of services speak of services and those of assistance of products: headings, columns, sums, help, errors, what undoing does.
func TestEachKindSpeaksOfItsGoods(t *testing.T) {
	s := began(t)
	services := s.Offer(t, s.A)
	for _, x := range []struct {
		party        renewaltest.Party
		ticks        []string
		says, avoids string
	}{
		{s.A, renewaltest.StartTicks(), "prodott", "serviz"}, {services, []string{renewaltest.Web}, "serviz", "prodott"},
	} {
		path := renewalweb.RenewalPath(x.party.Request)
		answers := filled()
		delete(answers, renewal.FieldLines)
		pages := map[string]answer{"the form": s.get(path), "nothing chosen": s.post(path, answers), "undoing": s.get(path + "/annulla")}
		order := renewaltest.Order()
		order.Acknowledged = []string{renewal.OldCIG + ":" + order.CIG}
		s.Confirm(t, x.party, order, x.ticks...)
		pages["a receipt"] = s.get(path + "/conferma/1")
		s.Process(t, x.party)
		pages["a processed request"] = s.get(path)
		for name, a := range pages {
			doc := a.Find("main")
			doc.Find("h1, tbody th, option, section[aria-labelledby=insieme], [aria-labelledby=prezzi] summary").Remove() // names of seasons and of what is renewed
			text := strings.ToLower(strings.Join(strings.Fields(doc.Text()), " "))
			if !strings.Contains(text, x.says) || strings.Contains(text, x.avoids) {
				at := max(0, strings.Index(text, x.avoids)-60)
				t.Errorf("%s of %s: %q", name, x.says, text[at:min(len(text), at+160)])
			}
		}
	}
}
