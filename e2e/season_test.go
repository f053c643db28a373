package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/catalog"
	"rinnova/internal/demo"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/subscription"
	"rinnova/internal/surf"
)

// TestAWholeYear plays a vendor's year: schools confirm and get contracts, the rest expires; a year later a season is prepared from
// what the contracts sold, with a raised price list, rehearsed and published by the pages; its contracts make the season after.
func TestAWholeYear(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		for i, code := range []string{"SG00001", "SG00002"} {
			p.confirm(t, code, i+1)
			p.process(t, code)
		}
		sold := p.view(t, "SG00001")
		p.clock.Advance(time.Duration(rinnova.DateOf(start).DaysUntil(rinnova.MustDate("2027-10-15"))) * 24 * time.Hour)
		check(t, p.Renewals.Sweep(t.Context()))
		if r := p.request(t, "SG00005"); r.State != renewal.Expired {
			t.Errorf("a request that nobody confirmed is %s", r.State)
		}

		year := p.season(t, 2028, p.raised(t))
		v := year.view(t, p, "SG00001")
		year.follows(t, v, sold)
		old := year.view(t, p, "SG00005") // renewed nothing: what it had ended a year ago
		for _, l := range old.Proposal.Lines {
			if l.Ticked && (l.Period != old.Proposal.Period || l.LastYear != nil && l.LastYear.Year != 2026) {
				t.Errorf("SG00005: %+v", l)
			}
		}

		p.clock.Advance(24 * 24 * time.Hour) // 8 November
		rev := p.confirmView(t, v, "SG00001", 7)
		c, err := p.Contracts.Process(t.Context(), p.actor(t, clerkOne), v.Request.ID, rev.Number)
		check(t, err)
		p.work(t)
		has, err := p.Subscriptions.Store.OfSchool(t.Context(), v.School.ID)
		check(t, err)
		n := 0
		for _, x := range subscription.Latest(has) {
			if x.Contract == c.Number && x.Period == v.Proposal.Period {
				n++
			}
		}
		if n != len(rev.Ticks) || c.Number[:5] != "2027/" {
			t.Errorf("contract %s sold %d products of %d", c.Number, n, len(rev.Ticks))
		}
		confirmed := year.view(t, p, "SG00001")
		p.clock.Advance(340 * 24 * time.Hour) // October 2028
		after := p.season(t, 2029, year.PriceList)
		after.follows(t, after.view(t, p, "SG00001"), confirmed)
	})
}

// raised is the price list of a year later: a copy with five percent more that one person makes and another approves.
func (p *program) raised(t *testing.T) string {
	t.Helper()
	list, left, problems, err := p.Prices.Copy(t.Context(), p.actor(t, manager), catalog.Copy{From: "demo-listino-2027", Name: "Listino 2028",
		ValidFrom: rinnova.MustDate("2027-09-01"), Raise: &catalog.Raise{Percent: 500}})
	check(t, err)
	if len(left) > 0 || len(problems) > 0 {
		t.Fatalf("copying the price list: %v left out, %v", left, problems)
	}
	if err := p.Prices.Approve(t.Context(), p.actor(t, manager), list.ID, list.Version); rinnova.KindOf(err) == rinnova.Internal {
		t.Errorf("approved by the one who made it: %v", err)
	}
	check(t, p.Prices.Approve(t.Context(), p.actor(t, admin), list.ID, list.Version))
	return list.ID
}

// played is a season that was published by the pages.
type played struct{ campaign.Campaign }

// season prepares, rehearses and publishes a season by the pages, without a script. A clerk only looks.
func (p *program) season(t *testing.T, year int, list string) played {
	t.Helper()
	name := fmt.Sprint("Rinnovo di prova ", year)
	day := func(dayAndMonth string, year int) string { return fmt.Sprint(dayAndMonth, "/", year) }
	v := p.login(t, manager)
	v.open(campaignweb.Path)
	v.follow("Nuova campagna")
	v.press("Prepara la campagna", surf.Values{
		campaign.FieldName: {name}, campaign.FieldKind: {string(renewal.Assistance)}, campaign.FieldFrom: {day("01/01", year)}, campaign.FieldTo: {day("31/12", year)},
		campaign.FieldPriceList: {list}, campaign.FieldTerms: {"demo-condizioni"}, campaign.FieldOpens: {day("01/11", year-1)}, campaign.FieldCloses: {day("20/12", year-1)},
	})
	v.reads("Adesso: fate la prova")
	v.press("Fai la prova", nil)
	v.reads("0 di 12 scuole", "Potete chiudere questa pagina")
	p.work(t)
	v.open(v.Page.URL.Path)
	v.reads("12 di 12 scuole")
	v.follow("Guarda la prova")
	v.reads("Quanto cambia rispetto all’anno scorso")
	clerk := p.login(t, clerkOne)
	clerk.open(v.Page.URL.Path)
	if text := clerk.Page.Text("main form button"); text == "Fai di nuovo la prova" {
		t.Error("a clerk is offered what only managers may do")
	}
	v.follow("Pubblica…")
	v.press("Pubblica…", surf.Values{"quali": {"tutte"}})
	v.reads("Pubblicare 12 proposte?")
	v.press("Pubblica 12 proposte", nil)
	p.work(t)
	v.open(v.Page.URL.Path)
	v.reads("12 di 12 scuole", "Pubblicate")
	all, err := p.Campaigns.Store.Campaigns(t.Context())
	check(t, err)
	for _, c := range all {
		if c.Name == name {
			return played{c}
		}
	}
	t.Fatalf("there is no campaign %s", name)
	return played{}
}

// view is the request of a school in the season.
func (y played) view(t *testing.T, p *program, code string) *renewal.View {
	t.Helper()
	all, err := p.Requests.OfSchool(t.Context(), p.school(t, code).ID)
	check(t, err)
	for _, r := range all {
		if r.CampaignID == y.ID {
			v, err := p.Renewals.View(t.Context(), rinnova.System, r.ID)
			check(t, err)
			return v
		}
	}
	t.Fatalf("%s has no request in %s", code, y.Name)
	return nil
}

// follows holds that a proposal renews what the contract of the year before sold, at today's fees, and says what was paid.
func (y played) follows(t *testing.T, v, before *renewal.View) {
	t.Helper()
	ticks, n := before.Request.Ticks(), 0
	for _, l := range before.Proposal.Lines {
		if !ticks[l.ID] {
			continue
		}
		n++
		found := false
		for _, x := range v.Proposal.Lines {
			if x.ProductID == l.ProductID && x.Ticked {
				found = x.LastYear != nil && x.LastYear.Year == y.Year-1 && x.LastYear.Fee == l.Fee(before.Request.Band) && x.LastYear.Band == before.Request.Band &&
					x.Period == v.Proposal.Period && x.Months == 12
				if !found {
					t.Errorf("%s: %+v, %+v after %s", x.Name, x, x.LastYear, l.Fee(before.Request.Band))
				}
			}
		}
		if !found {
			t.Errorf("%s is not renewed in %d", l.Name, y.Year)
		}
	}
	if got := len(v.Proposal.StartTicks()); got != n {
		t.Errorf("%d are renewed of %d", got, n)
	}
	if want := y.Number(v.School); v.Request.Number != want || v.Season.Year != y.Year {
		t.Errorf("request %s of %d, want %s", v.Request.Number, v.Season.Year, want)
	}
}

// Two seasons of a kind at once: a school meets both, by name, in the menu and on its home, first the one that closes first; who is
// in one only meets that one; the office switches between all.
func TestTwoOpenCampaignsOfAKind(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const both, one = "SG00012", "SG00011"
		first, err := p.Campaigns.Store.Campaign(t.Context(), demo.CampaignID)
		check(t, err)
		next := first
		next.ID, next.Name, next.Year, next.Version, next.Published = "seconda", "Rinnovo 2028", 2028, 0, false
		next.Period = rinnova.Period{From: rinnova.MustDate("2028-01-01"), To: rinnova.MustDate("2028-12-31")}
		next.ClosesOn = first.ClosesOn.AddDays(30)
		check(t, p.Campaigns.Store.Add(t.Context(), next))
		choice := campaign.Choice{Schools: []string{p.school(t, both).ID}}
		for _, kind := range []campaign.RunKind{campaign.Rehearsal, campaign.Publication} {
			_, err := p.Seasons.Start(t.Context(), p.actor(t, manager), next.ID, kind, choice)
			check(t, err)
			p.work(t)
		}
		names := func(v *person) string { return surf.Words(v.Page.Doc.Find("nav")) }
		v := p.login(t, supervisor(both))
		v.open(renewalweb.AreaPath)
		v.reads("Rinnovo 2027: la proposta è pronta", "Rinnovo 2028: la proposta è pronta")
		if menu := names(v); !strings.Contains(menu, "Rinnovo 2027") || !strings.Contains(menu, "Rinnovo 2028") {
			t.Errorf("menu: %s", menu)
		}
		if first := v.Page.Doc.Find("main h2").First().Text(); !strings.Contains(first, "2027") {
			t.Errorf("the first to do is %s", first)
		}
		v.follow("Rinnovo 2028")
		v.at("Rinnovo 2028: alunni iscritti")
		other := p.login(t, supervisor(one))
		other.open(renewalweb.AreaPath)
		if menu := names(other); strings.Contains(menu, "Rinnovo 2028") {
			t.Errorf("who is not in it reads: %s", menu)
		}
		clerk := p.login(t, clerkOne)
		clerk.open(renewalweb.WorkListPath)
		clerk.reads("Rinnovo 2027", "Rinnovo 2028", "Rinnovo servizi")
	})
}
