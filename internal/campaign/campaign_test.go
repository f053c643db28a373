package campaign_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

func season(t *testing.T, w *renewaltest.World) campaign.Campaign {
	t.Helper()
	c, err := w.Campaigns.Store.Campaign(t.Context(), renewaltest.CampaignID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func view(t *testing.T, w *renewaltest.World, p renewaltest.Party) *renewal.View {
	t.Helper()
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAProposalCarriesEverything(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		v := view(t, w, w.A)
		p := v.Proposal
		if p.Suggested != 2 || p.Pupils != 887 || p.PupilsYear != "2024/25" || !p.Split || p.PriceList != "Listino 2027" || len(p.Caps) != 4 || len(p.Lines) != 13 {
			t.Errorf("proposal %+v", p)
		}
		orario, ok := p.Line(renewaltest.Orario)
		if !ok || orario.Months != 9 || orario.Period.From != rinnova.MustDate("2027-04-01") || orario.Fees[1] != 145_00 || len(orario.Fees) != 4 {
			t.Errorf("line %+v", orario)
		}
		if v.Request.Offered != 2_570_00 || v.Request.Number != "2027-004512" || v.Request.Draft.Band != 2 {
			t.Errorf("request %+v", v.Request)
		}
		// Pupils that nobody knows suggest no band, and the offer is not worth anything yet.
		if b := view(t, w, w.B); b.Proposal.Suggested != 0 || b.Request.Offered != 0 {
			t.Errorf("%+v", b.Request)
		}
	})
}

// Whatever happens to price lists, products, settings and schools afterwards, what was offered stays what it was.
func TestLaterPricesChangeNothing(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		frozen, err := json.Marshal(view(t, w, w.A).Proposal)
		if err != nil {
			t.Fatal(err)
		}
		stop := errors.New("roll back")
		rapid.Check(t, func(rt *rapid.T) {
			err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
				for range rapid.IntRange(1, 4).Draw(rt, "changes") {
					disturb(ctx, rt, w)
				}
				v, err := w.Renewals.View(ctx, w.A.Actor, w.A.Request)
				if err != nil {
					rt.Fatal(err)
				}
				now, err := json.Marshal(v.Proposal)
				if err != nil {
					rt.Fatal(err)
				}
				if string(now) != string(frozen) || v.Totals().Taxable != 2_570_00 {
					rt.Fatalf("the offer became\n%s, was\n%s", now, frozen)
				}
				return stop
			})
			if !errors.Is(err, stop) {
				rt.Fatal(err)
			}
		})
	})
}

// disturb changes something that proposals were made from.
func disturb(ctx context.Context, rt *rapid.T, w *renewaltest.World) {
	cents := rapid.IntRange(0, 900_000)
	product := fmt.Sprintf("prodotto-%02d", rapid.IntRange(1, 13).Draw(rt, "product"))
	change := rapid.SampledFrom([]struct {
		statement string
		args      func() []any
	}{
		{`UPDATE fee SET cents = $1 WHERE product_id = $2`, func() []any {
			return []any{fmt.Sprintf("[%d,%d,%d,%d]", cents.Draw(rt, "1"), cents.Draw(rt, "2"), cents.Draw(rt, "3"), cents.Draw(rt, "4")), product}
		}},
		{`UPDATE price_list SET caps = $1, bands = $2`, func() []any { return []any{fmt.Sprintf("[%d]", cents.Draw(rt, "cap")), "[]"} }},
		{`UPDATE product SET vat_bp = $1, in_cap = $2, name = 'Altro' WHERE id = $3`, func() []any {
			return []any{rapid.IntRange(0, 2500).Draw(rt, "vat"), rapid.Bool().Draw(rt, "in cap"), product}
		}},
		{`DELETE FROM fee WHERE product_id = $1`, func() []any { return []any{product} }},
		{`UPDATE school SET pupils = $1`, func() []any { return []any{cents.Draw(rt, "pupils")} }},
		{`UPDATE setting SET value = $1`, func() []any { return []any{`{"Name":"Altro"}`} }},
		{`UPDATE campaign SET period_from = $1, name = 'Altra'`, func() []any { return []any{"2028-01-01"} }},
	}).Draw(rt, "change")
	if _, err := w.DB.Writer(ctx).ExecContext(ctx, change.statement, change.args()...); err != nil {
		rt.Fatal(err)
	}
}

// Proposals may be made again and again, in any order and by several at once: a school has one for each kind and period.
func TestOneProposalForEachSchoolKindAndPeriod(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		schools := []renewaltest.Party{w.A, w.B, w.Join(t)}
		base := season(t, w)
		stop := errors.New("roll back")
		rapid.Check(t, func(rt *rapid.T) {
			err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
				type slot struct {
					school string
					kind   renewal.Kind
					from   rinnova.Date
				}
				taken := map[slot]bool{}
				for _, p := range schools {
					taken[slot{p.School.ID, base.Kind, base.Period.From}] = true
				}
				for i := range rapid.IntRange(1, 6).Draw(rt, "proposals") {
					c := base
					c.ID = fmt.Sprintf("campagna-%d", i)
					c.Kind = rapid.SampledFrom([]renewal.Kind{renewal.Assistance, renewal.Services}).Draw(rt, "kind")
					year := rapid.IntRange(2027, 2028).Draw(rt, "year")
					c.Year, c.Period = year, rinnova.Period{From: rinnova.Date{Year: year, Month: 1, Day: 1}, To: rinnova.Date{Year: year, Month: 12, Day: 31}}
					if err := w.Campaigns.Store.Add(ctx, c); err != nil {
						rt.Fatal(err)
					}
					p := rapid.SampledFrom(schools).Draw(rt, "school")
					made := offer(ctx, rt, w, c, p.School, one("prodotto-01"))
					s := slot{p.School.ID, c.Kind, c.Period.From}
					if made == taken[s] {
						rt.Fatalf("made %v although there was one: %v", made, taken[s])
					}
					taken[s] = true
				}
				total := 0
				for _, p := range schools {
					all, err := w.Requests.OfSchool(ctx, p.School.ID)
					if err != nil {
						rt.Fatal(err)
					}
					total += len(all)
				}
				if total != len(taken) {
					rt.Fatalf("%d requests for %d schools, kinds and periods", total, len(taken))
				}
				return stop
			})
			if !errors.Is(err, stop) {
				rt.Fatal(err)
			}
		})
	})
}

// Whatever is rehearsed, published and withdrawn in whatever order, in campaigns whose periods overlap as they may: at most one
// open request of a kind covers a day of a school, and no two requests have one number.
func TestOneOpenRequestForEachDay(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Join(t)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			var all []campaign.Campaign
			for i := range 3 {
				c := season(t, w)
				from := rinnova.Date{Year: 2030 + 5*n, Month: 1, Day: 1}.AddMonths(rapid.IntRange(0, 20).Draw(rt, "from"))
				c.ID, c.Kind, c.Year = fmt.Sprintf("c-%d-%d", n, i), rapid.SampledFrom(renewal.Kinds).Draw(rt, "kind"), from.Year
				c.Setup.Rhythm = rapid.SampledFrom([]campaign.Rhythm{"", campaign.OwnRhythm}).Draw(rt, "rhythm")
				c.Period = rinnova.Period{From: from, To: from.AddMonths(rapid.IntRange(1, 14).Draw(rt, "months")).AddDays(-1)}
				if err := w.Campaigns.Store.Add(t.Context(), c); err != nil {
					rt.Fatal(err)
				}
				all = append(all, c)
			}
			for range rapid.IntRange(2, 8).Draw(rt, "runs") {
				c := rapid.SampledFrom(all).Draw(rt, "campaign")
				kind := rapid.SampledFrom([]campaign.RunKind{campaign.Rehearsal, campaign.Publication, campaign.Publication, campaign.Withdrawal}).Draw(rt, "run")
				w.Now = w.Now.Add(time.Second)
				if _, err := w.Seasons.Start(t.Context(), w.Manager, c.ID, kind, campaign.Choice{}); err != nil && rinnova.KindOf(err) != rinnova.Invalid {
					rt.Fatal(err)
				}
				if err := w.Queue.Drain(t.Context()); err != nil {
					rt.Fatal(err)
				}
				for _, p := range []renewaltest.Party{w.A, w.B} {
					holdOneForEachDay(rt, w, p, fmt.Sprintf("c-%d-", n))
				}
			}
		})
	})
}

// holdOneForEachDay looks at the requests of the campaigns with a prefix: those of earlier examples are for earlier years.
func holdOneForEachDay(rt *rapid.T, w *renewaltest.World, p renewaltest.Party, prefix string) {
	all, err := w.Requests.OfSchool(rt.Context(), p.School.ID)
	if err != nil {
		rt.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(r renewal.Request) bool { return !strings.HasPrefix(r.CampaignID, prefix) })
	var periods []rinnova.Period
	offered := map[string][]rinnova.Period{} // of each product
	for i, r := range all {
		_, proposal, err := w.Requests.RequestAndProposal(rt.Context(), r.ID)
		if err != nil {
			rt.Fatal(err)
		}
		for j, x := range periods {
			if all[j].Number == r.Number {
				rt.Fatalf("two requests are %s", r.Number)
			}
			if all[j].Kind == r.Kind && x.Overlaps(proposal.Period) {
				rt.Fatalf("%s (%v) and %s (%v) are both open", all[j].Number, x, all[i].Number, proposal.Period)
			}
		}
		periods = append(periods, proposal.Period)
		for _, l := range proposal.Lines {
			if l.Variant != renewal.Usual {
				continue
			}
			for _, x := range offered[string(r.Kind)+l.ProductID] {
				if x.Overlaps(l.Period) {
					rt.Fatalf("%s is offered from %s and, by %s, from %s", l.Name, x.From, r.Number, l.Period.From)
				}
			}
			offered[string(r.Kind)+l.ProductID] = append(offered[string(r.Kind)+l.ProductID], l.Period)
		}
	}
}

// Services know no cap, also where they are offered from a list that has one, products inside it, and bands.
func TestServicesHaveNoCap(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		c := season(t, w)
		c.ID, c.Kind = "servizi", renewal.Services
		if err := w.Campaigns.Store.Add(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		var all []subscription.Subscription
		for i := range 13 {
			all = append(all, one(fmt.Sprintf("prodotto-%02d", i+1))...)
		}
		if !offer(t.Context(), t, w, c, w.A.School, all) {
			t.Fatal("not offered")
		}
		w.Offer(t, w.A)
		own := proposalOf(t, w, renewaltest.ServicesID)
		for _, p := range []*renewal.Proposal{proposalOf(t, w, c.ID), own} {
			rapid.Check(t, func(rt *rapid.T) {
				band, ticks, sum := catalog.Band(rapid.IntRange(1, p.Bands.Count()).Draw(rt, "band")), renewal.Ticks{}, rinnova.Cents(0)
				for i, l := range p.Lines {
					if ticks[l.ID] = rapid.Bool().Draw(rt, l.ID); ticks[l.ID] {
						sum += p.Totals(band, nil).Lines[i].Amount
					}
				}
				if x := p.Totals(band, ticks); x.Reduction != 0 || x.Included != 0 || x.Taxable != sum || x.Excluded != sum || p.Cap(band) != nil {
					rt.Fatalf("%+v, cap %v; want %s and nothing taken off", x, p.Cap(band), sum)
				}
			})
		}
		if x := own.Totals(1, own.StartTicks()); own.Bands.Several() || own.Suggested != 1 || x.Taxable != 485_00 {
			t.Errorf("services without bands: %+v come to %s", own, x.Taxable)
		}
	})
}

// proposalOf is the proposal to the first school in a campaign.
func proposalOf(t *testing.T, w *renewaltest.World, campaignID string) *renewal.Proposal {
	t.Helper()
	all, err := w.Requests.OfSchool(t.Context(), w.A.School.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.CampaignID == campaignID {
			_, p, err := w.Requests.RequestAndProposal(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
	}
	t.Fatalf("nothing is offered in %s", campaignID)
	return nil
}

// one is a product that a school had until the end of 2026.
func one(product string) []subscription.Subscription {
	return []subscription.Subscription{{ProductID: product, License: catalog.FixedTerm, Period: rinnova.Period{From: rinnova.MustDate("2026-01-01"), To: rinnova.MustDate("2026-12-31")}}}
}

// offer makes a proposal and publishes it; false where the school has one.
func offer(ctx context.Context, t interface{ Fatal(...any) }, w *renewaltest.World, c campaign.Campaign, s school.School, has []subscription.Subscription) bool {
	c, err := w.Campaigns.Store.Campaign(ctx, c.ID) // with its round
	if err != nil {
		t.Fatal(err)
	}
	proposer, err := w.Campaigns.Proposer(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	made, err := proposer.Make(s, has)
	if err != nil {
		t.Fatal(err)
	}
	_, ok, err := proposer.Offer(ctx, s, made.Proposal)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestTheCurrentCampaign(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		later := season(t, w)
		later.ID, later.Name, later.Year, later.CreatedAt = "rinnovo-2028", "Rinnovo 2028", 2028, later.CreatedAt.Add(time.Hour)
		later.OpensOn, later.ClosesOn = rinnova.MustDate("2027-11-02"), rinnova.MustDate("2027-12-15")
		if err := w.Campaigns.Store.Add(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		if doors, err := w.Campaigns.Doors(t.Context(), later.OpensOn); err != nil || doors[0].Name != "Rinnovo 2027" {
			t.Errorf("schools see a campaign that is not published: %v, %v", doors, err)
		}
		later.Period = rinnova.Period{From: rinnova.MustDate("2028-01-01"), To: rinnova.MustDate("2028-12-31")}
		if err := w.Campaigns.Store.Update(t.Context(), later); err != nil {
			t.Fatal(err)
		}
		offer(t.Context(), t, w, later, w.A.School, one("prodotto-01"))
		w.Now = w.Now.Add(time.Minute) // campaigns are remembered for a moment
		for day, want := range map[string]string{
			"2026-11-02": "Rinnovo 2027", "2026-12-15": "Rinnovo 2027", "2027-11-02": "Rinnovo 2028", "2027-12-15": "Rinnovo 2028",
			"2027-06-01": "Rinnovo 2028", // none is open: the newest
		} {
			doors, err := w.Campaigns.Doors(t.Context(), rinnova.MustDate(day))
			if err != nil || len(doors) != 1 || doors[0].Name != want {
				t.Errorf("on %s: %v, %v, want %s alone", day, doors, err, want)
			}
		}
		first, err := w.Campaigns.Season(t.Context(), later.ID)
		if err != nil || first.Terms.Version != "2027-01" {
			t.Fatal(first, err)
		}
		if again, err := w.Campaigns.Season(t.Context(), later.ID); err != nil || !reflect.DeepEqual(first, again) {
			t.Errorf("%v, %v", again, err)
		}
		if _, err := w.Campaigns.Season(t.Context(), "nessuna"); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("unknown: %v", err)
		}
	})
}
