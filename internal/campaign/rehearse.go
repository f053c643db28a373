package campaign

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/school"
	"rinnova/internal/subscription"
)

// rehearse makes the proposals to the next schools. They are made before the transaction: it only writes.
func (r *Runs) rehearse(ctx context.Context, p *Proposer, run *Run) error {
	schools, err := r.next(ctx, run)
	if err != nil {
		return err
	}
	if len(schools) == 0 {
		return r.finish(ctx, run)
	}
	about, err := r.about(ctx, p.campaign, schools)
	if err != nil {
		return err
	}
	items, t, err := r.makeAll(p, run, schools, about)
	if err != nil {
		return err
	}
	return r.Items.InTx(ctx, func(ctx context.Context) error {
		if err := r.advance(ctx, run, schools[len(schools)-1].ID, t); err != nil {
			return err
		}
		for i, item := range items {
			if item == nil {
				err = r.Items.DropItem(ctx, run.CampaignID, schools[i].ID)
			} else {
				err = r.Items.PutItem(ctx, *item)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// makeAll makes the items of schools, nil for one that takes no part, and counts.
func (r *Runs) makeAll(p *Proposer, run *Run, schools []school.School, a about) ([]*Item, Tally, error) {
	items, t := make([]*Item, len(schools)), Tally{Done: len(schools)}
	for i, s := range schools {
		item := r.item(p, run, s, a)
		switch {
		case item == nil:
			t.Skipped++
			continue
		case item.State == Failed:
			t.Failed++
		default:
			var err error
			if item.Body, err = json.Marshal(item.made); err != nil {
				return nil, t, err
			}
		}
		items[i] = item
	}
	return items, t, nil
}

// next are the schools after the cursor of a rehearsal.
func (r *Runs) next(ctx context.Context, run *Run) ([]school.School, error) {
	n := r.size(run)
	if n == 0 {
		return nil, nil
	}
	if len(run.Choice.Schools) == 0 {
		return r.Schools.After(ctx, run.Cursor, n)
	}
	at, _ := slices.BinarySearch(run.Choice.Schools, run.Cursor+"\x00")
	var out []school.School
	for _, id := range run.Choice.Schools[at:min(at+n, len(run.Choice.Schools))] {
		s, err := r.Schools.School(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// about is what is known of some schools besides themselves.
type about struct {
	has    map[string][]subscription.Subscription
	broken map[string]error          // schools whose subscriptions cannot be read
	open   map[string]bool           // schools with a request for an overlapping period
	lines  map[string][]renewal.Line // what requests of other campaigns offer them
}

func (r *Runs) about(ctx context.Context, c Campaign, schools []school.School) (about, error) {
	a := about{has: map[string][]subscription.Subscription{}, broken: map[string]error{}}
	first, last := schools[0].ID, schools[len(schools)-1].ID
	own, failed := r.Subscriptions.OfSchool(ctx, first)
	others, err := r.Subscriptions.Between(ctx, first, last)
	if err == nil && failed == nil {
		for _, x := range append(own, others...) {
			a.has[x.SchoolID] = append(a.has[x.SchoolID], x)
		}
	} else { // a row that cannot be understood is one school's trouble
		for _, s := range schools {
			if a.has[s.ID], err = r.Subscriptions.OfSchool(ctx, s.ID); err != nil {
				a.broken[s.ID] = err
			}
		}
	}
	if a.lines, err = r.Items.OpenLines(ctx, c, first, last); err != nil {
		return a, err
	}
	a.open, err = r.Items.OpenRequests(ctx, c, first, last)
	return a, err
}

// offeredTwice tells whether another request offers a product for some of the same days. Alternatives do not count: they are
// longer than what is proposed, and what is sold is looked at again when the request is processed.
func offeredTwice(lines, others []renewal.Line) bool {
	return slices.ContainsFunc(lines, func(l renewal.Line) bool {
		return l.Variant == renewal.Usual && slices.ContainsFunc(others, func(o renewal.Line) bool {
			return o.Variant == renewal.Usual && o.ProductID == l.ProductID && o.Period.Overlaps(l.Period)
		})
	})
}

// item makes the item of a school, without its body; nil where it takes no part.
func (r *Runs) item(p *Proposer, run *Run, s school.School, a about) *Item {
	c := p.campaign
	i := &Item{CampaignID: c.ID, SchoolID: s.ID, RunID: run.ID, State: Failed, MadeAt: r.Campaigns.Clock().UTC()}
	if err := a.broken[s.ID]; err != nil {
		i.Detail = rinnova.Say("Quello che la scuola ha non si legge: %s", err.Error()).String()
		return i
	}
	has := a.has[s.ID]
	var products []string
	if len(c.Setup.Filter.Products) > 0 {
		products = productsOf(has)
	}
	if !c.Setup.Filter.Takes(s, products) {
		return nil
	}
	made, err := protect(p, s, has)
	if err != nil {
		i.Detail = err.Error()
		return i
	}
	proposal := made.Proposal
	i.made = proposal
	closed := r.Closed != nil && r.Closed(s)
	around := around{open: a.open[s.ID] || offeredTwice(proposal.Lines, a.lines[s.ID]), twin: p.shared[s.TaxCode], closed: closed, dropped: made.Dropped, uncovered: made.Uncovered}
	i.State, i.Lines, i.Comparison = Rehearsed, rank(proposal), Compare(proposal)
	i.Taxable = proposal.Totals(proposal.Suggested, proposal.StartTicks()).Taxable
	i.Oddities = judge(proposal, s, around, c.Setup.OddAbove())
	var details []string
	if len(made.Dropped) > 0 {
		details = append(details, rinnova.Say("Non è più nel listino: %s", strings.Join(made.Dropped, ", ")).String())
	}
	if len(made.Uncovered) > 0 {
		details = append(details, rinnova.Say("Resta scoperto: %s", strings.Join(made.Uncovered, ", ")).String())
	}
	i.Detail = strings.Join(details, ". ")
	return i
}

// protect makes a proposal; a panic is one school's trouble.
func protect(p *Proposer, s school.School, has []subscription.Subscription) (m Made, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = rinnova.Fail(rinnova.Invalid, "La proposta non si può fare: %s", fmt.Sprint(x))
		}
	}()
	return p.Make(s, has)
}

// productsOf are the products that a school has: not those that it gives up.
func productsOf(has []subscription.Subscription) []string {
	var out []string
	for _, x := range subscription.Latest(has) {
		if x.Ended == "" {
			out = append(out, x.ProductID)
		}
	}
	return out
}
