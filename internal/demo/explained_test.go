package demo_test

import (
	"log/slog"
	"net"
	"testing"
	"time"

	"rinnova/internal/app"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/demo"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/school"
)

// TestNoLineOfTheDemonstrationContradictsItself reads the explanation of every line that the demonstration's campaigns offer
// to schools from all over the country, in every band.
func TestNoLineOfTheDemonstrationContradictsItself(t *testing.T) {
	const schools = 60
	a, err := app.New(t.Context(), app.Config{Addr: free(t), Data: t.TempDir()}, func() time.Time { return time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC) },
		slog.New(slog.DiscardHandler))
	check(t, err)
	t.Cleanup(func() { a.Close() })
	check(t, demo.Seed(t.Context(), a, demo.Options{Schools: schools}, func(string) {}))
	all, err := a.SchoolStore.All(t.Context())
	check(t, err)
	campaigns, err := a.Campaigns.Store.Campaigns(t.Context())
	check(t, err)
	lines, by := 0, map[string]int{}
	for _, c := range campaigns {
		maker, err := a.Campaigns.Proposer(t.Context(), c)
		check(t, err)
		for _, s := range all {
			p := proposal(t, a, maker, c, s)
			for b := catalog.Band(1); p.Bands.Has(b); b++ {
				for _, l := range p.Lines {
					lines++
					if found := renewaltest.Contradiction(p, b, p.StartTicks(), l); found != "" {
						by[c.ID]++
						if by[c.ID] < 3 {
							t.Errorf("%s: %s", s.PortalCode, found)
						}
					}
				}
			}
		}
	}
	holdByHand(t, a)
	if t.Failed() || lines < 50*schools {
		t.Errorf("%d lines read, contradictions by campaign: %v", lines, by)
	}
}

// holdByHand holds that the raise makes most fees of this year's list, and a hand some: a demonstration has both to show.
func holdByHand(t *testing.T, a *app.App) {
	t.Helper()
	c, err := a.Campaigns.Store.Campaign(t.Context(), demo.CampaignID)
	check(t, err)
	list, err := a.Catalog.PriceList(t.Context(), c.PriceList)
	check(t, err)
	before, err := a.Catalog.PriceList(t.Context(), list.Origin.List)
	check(t, err)
	products, err := a.Catalog.Products(t.Context())
	check(t, err)
	if apart := list.Apart(before, products); len(apart) == 0 || len(apart) > len(list.Fees)/4 {
		t.Errorf("by hand are %v of %d products", apart, len(list.Fees))
	}
}

// proposal is what a school was offered; of a campaign that is being prepared what it would be.
func proposal(t *testing.T, a *app.App, maker *campaign.Proposer, c campaign.Campaign, s school.School) *renewal.Proposal {
	t.Helper()
	if c.Published {
		item, err := a.Seasons.Items.Item(t.Context(), c.ID, s.ID)
		check(t, err)
		p, err := item.Proposal()
		check(t, err)
		return p
	}
	has, err := a.Subscriptions.Store.OfSchool(t.Context(), s.ID)
	check(t, err)
	made, err := maker.Make(s, has)
	check(t, err)
	return made.Proposal
}

// free is an address that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	return l.Addr().String()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
