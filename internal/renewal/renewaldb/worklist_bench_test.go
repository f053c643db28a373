package renewaldb_test

import (
	"context"
	"fmt"
	"testing"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/school"
)

// all is how many state institutes there are in Italy (a.s. 2025/26).
const all = 7860

// nation is a world in which every institute has a proposal, and each seventh has confirmed.
func nation(b *testing.B, d *db.DB) *renewaltest.World {
	b.Helper()
	w := renewaltest.On(b, d)
	err := w.DB.InTx(b.Context(), func(ctx context.Context) error {
		_, p, err := w.Requests.RequestAndProposal(ctx, w.A.Request)
		if err != nil {
			return err
		}
		for i := range all {
			if err := settle(ctx, w, *p, i); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return w
}

// settle adds a school with its proposal, and a confirmation for some.
func settle(ctx context.Context, w *renewaltest.World, p renewal.Proposal, i int) error {
	s := school.School{ID: rinnova.NewID(w.Now), PortalCode: fmt.Sprintf("AA%05d", i), CustomerNumber: fmt.Sprintf("9%05d", i), MinistryCode: fmt.Sprintf("AAIC%06d", i),
		Name: fmt.Sprintf("I.C. N. %d", i*7919%all), Town: fmt.Sprintf("COMUNE %d", i%900), ProvinceCode: fmt.Sprintf("%c%c", 'A'+i%26, 'A'+i%4), CreatedAt: w.Now, UpdatedAt: w.Now}
	s.Rename(s.Name)
	if err := w.Schools.Add(ctx, s); err != nil {
		return err
	}
	p.ID, p.SchoolID = rinnova.NewID(w.Now), s.ID
	r := &renewal.Request{ID: rinnova.NewID(w.Now), Number: fmt.Sprintf("2027-%s", s.CustomerNumber), CampaignID: p.CampaignID, SchoolID: s.ID, ProposalID: p.ID,
		Kind: p.Kind, State: renewal.Offered, Offered: 257000, CreatedAt: w.Now, Draft: renewal.Draft{Band: 2, Ticks: p.StartTicks().IDs()}}
	if _, err := w.Requests.Add(ctx, &p, r); err != nil || i%7 != 0 {
		return err
	}
	r.State, r.Version, r.Revision, r.ConfirmedAt, r.Band, r.Taxable = renewal.Submitted, 1, 1, w.Now, 2, rinnova.Cents(200000+i)
	return w.Requests.Update(ctx, r)
}

// BenchmarkWorkList reads what one page of the work list needs from a nation of requests.
func BenchmarkWorkList(b *testing.B) {
	for name, d := range map[string]*db.DB{"sqlite": dbtest.SQLite(b), "postgresql": dbtest.PostgreSQL(b)} {
		b.Run(name, func(b *testing.B) { workLists(b, nation(b, d)) })
	}
}

func workLists(b *testing.B, w *renewaltest.World) {
	for _, c := range []struct {
		name   string
		filter renewal.Filter
	}{
		{"new", renewal.Filter{State: renewal.Submitted}},
		{"all", renewal.Filter{}},
		{"search", renewal.Filter{Search: "comune 77"}},
		{"by-school", renewal.Filter{Sort: renewal.BySchool}},
	} {
		b.Run(c.name, func(b *testing.B) {
			f := c.filter
			f.CampaignID, f.Limit = renewaltest.CampaignID, 50
			for b.Loop() {
				if err := readPage(b.Context(), w, f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func readPage(ctx context.Context, w *renewaltest.World, f renewal.Filter) error {
	if _, err := w.Requests.List(ctx, f); err != nil {
		return err
	}
	if _, err := w.Requests.Sum(ctx, f); err != nil {
		return err
	}
	if _, err := w.Requests.Counts(ctx, f.CampaignID); err != nil {
		return err
	}
	if _, err := w.Requests.TakenBy(ctx, f.CampaignID, w.Clerk.AccountID); err != nil {
		return err
	}
	if _, err := w.Requests.Provinces(ctx); err != nil {
		return err
	}
	_, err := w.Requests.Clerks(ctx, f.CampaignID)
	return err
}
