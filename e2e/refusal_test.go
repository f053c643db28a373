package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/subscription"
)

// closeSchool closes a school from a day; the zero day opens it again.
func (p *program) closeSchool(t *testing.T, code string, day rinnova.Date) {
	t.Helper()
	s := p.school(t, code)
	s.ClosedOn = day
	check(t, p.SchoolStore.Update(t.Context(), s))
}

// A school that is closed neither saves nor confirms, and reads why; opened again it goes on where it was.
func TestAClosedSchoolDoesNotRenew(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00012"
		v := p.login(t, supervisor(code))
		id := p.request(t, code).ID
		p.closeSchool(t, code, rinnova.DateOf(p.clock.Now()))
		v.open(renewalweb.AreaPath)
		v.reads("la scuola è chiusa", "non c’è niente da rinnovare")
		v.open(renewalweb.RenewalPath(id))
		v.reads("La scuola è chiusa dal", "Una scuola chiusa non rinnova")
		if status, _, body := v.sendForm(renewalweb.RenewalPath(id), url.Values(orderOf(1))); status != http.StatusConflict || !strings.Contains(body, "non può rinnovare") {
			t.Errorf("a closed school confirms: status %d", status)
		}
		if r := p.request(t, code); r.State != renewal.Offered {
			t.Errorf("the request is %s", r.State)
		}
		p.closeSchool(t, code, rinnova.Date{})
		p.confirm(t, code, 1)
	})
}

// What a contract has sold is not sold again: the clerk reads by which contract, and nothing is numbered or shortened.
func TestNothingIsSoldTwice(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00012"
		view := p.view(t, code)
		p.confirm(t, code, 1)
		line := view.Proposal.Lines[0]
		period := rinnova.Period{From: line.Period.To.AddDays(-30), To: line.Period.To.AddMonths(6)}
		sold := subscription.Subscription{ID: "gia", SchoolID: view.School.ID, ProductID: line.ProductID, License: catalog.FixedTerm, Period: period, Contract: "2026/000777",
			CreatedAt: p.clock.Now(), UpdatedAt: p.clock.Now()}
		check(t, p.Subscriptions.Store.Add(t.Context(), sold))
		before, err := p.Subscriptions.Store.OfSchool(t.Context(), view.School.ID)
		check(t, err)
		r := p.request(t, code)
		v := p.login(t, clerkOne)
		v.open(renewalweb.WorkListPath + "/" + r.ID)
		v.reads("Prodotti che la scuola ha già", line.Name, "2026/000777")
		_, err = p.Contracts.Process(t.Context(), p.actor(t, clerkOne), r.ID, r.Revision)
		if rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), line.Name) || !strings.Contains(err.Error(), "2026/000777") {
			t.Fatalf("processed: %v", err)
		}
		after, err := p.Subscriptions.Store.OfSchool(t.Context(), view.School.ID)
		check(t, err)
		if len(after) != len(before) || p.request(t, code).State != renewal.Submitted {
			t.Errorf("%d products, then %d; the request is %s", len(before), len(after), p.request(t, code).State)
		}
	})
}
