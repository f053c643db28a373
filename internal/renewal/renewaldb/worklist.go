package renewaldb

import (
	"context"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaldb/query"
)

var _ renewal.WorkLists = Store{}

// List reads a page of requests: first which, from the index alone, then each.
func (s Store) List(ctx context.Context, f renewal.Filter) ([]renewal.Row, error) {
	ids, err := s.IDs(ctx, f)
	if err != nil {
		return nil, err
	}
	return s.Rows(ctx, ids)
}

// IDs implements renewal.WorkLists.
func (s Store) IDs(ctx context.Context, f renewal.Filter) ([]string, error) {
	ids, err := s.read(ctx).WorkListIDs(ctx, query.WorkListIDsParams{
		CampaignID: f.CampaignID, State: string(f.State), Queue: string(f.Queue), Search: db.Words(f.Search), Code: db.Code(f.Search), Warned: string(f.Warned),
		Band: int64(f.Band), Province: f.Province, Clerk: f.Clerk, Sort: string(f.Sort), MaxRows: int32(f.Limit), SkipRows: int32(f.Offset),
	})
	return ids, wrap("work list", err)
}

// Rows reads single requests; those that do not exist are left out.
func (s Store) Rows(ctx context.Context, ids []string) ([]renewal.Row, error) {
	q := s.read(ctx)
	var out []renewal.Row
	for _, id := range ids {
		r, err := q.WorkListRow(ctx, id)
		if db.IsNone(err) {
			continue
		}
		if err != nil {
			return nil, wrap("work list", err)
		}
		look, err := q.RequestLook(ctx, id)
		if err != nil && !db.IsNone(err) { // none: it does not wait for the office
			return nil, wrap("what there is to look at", err)
		}
		row := workRow(r, look)
		if row.Notice, err = notice(r.ID, r.Notice); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

func workRow(r query.WorkListRowRow, look query.RequestLookRow) renewal.Row {
	arisen, unseen := arisen(r, look)
	return renewal.Row{
		ID: r.ID, Number: r.Number, State: renewal.State(r.State), Revision: int(r.Revision), ConfirmedAt: r.ConfirmedAt.Time.UTC(),
		Band: catalog.Band(r.Band), Offered: rinnova.Cents(r.OfferedCents), Taxable: rinnova.Cents(r.TaxableCents), CIG: r.Cig,
		Looks: renewal.Looks(strings.Fields(r.Warnings), arisen), Unseen: unseen, Taken: renewal.Taken{By: r.TakenBy.String, Name: r.TakenName, Revision: int(r.TakenRevision)},
		Pending: r.Pending, DraftAt: r.DraftAt.Time.UTC(), School: r.ShortName, Town: r.Town, Province: r.ProvinceCode,
		PortalCode: r.PortalCode, Ministry: r.MinistryCode,
	}
}

// arisen is what has come up in a request beside what its confirmation carries, and which of it the school has not seen.
func arisen(r query.WorkListRowRow, look query.RequestLookRow) (all, unseen []string) {
	for _, x := range []struct {
		code string
		is   int64
		seen bool // by the school, or nothing for it to see
	}{
		{renewal.SharedCIG, r.SharesCig, r.SawSharedCig != 0}, {renewal.OldCIG, look.OwnCig, strings.Contains(r.Warnings, renewal.OldCIG)},
		{renewal.LookCorrection, look.Corrected, true}, {renewal.LookClosed, look.Closed, true}, {renewal.LookIncomplete, look.Incomplete, true},
		{renewal.LookChanged, look.Changed, true}, {renewal.LookGrown, look.Grown, true}, {renewal.LookHeld, look.Held, true},
		{renewal.LookAgain, look.Again, true}, {renewal.LookEditing, look.Editing, true},
	} {
		if x.is != 0 {
			all = append(all, x.code)
		}
		if x.is != 0 && !x.seen {
			unseen = append(unseen, x.code)
		}
	}
	return all, unseen
}

// Sum counts what a filter chooses.
func (s Store) Sum(ctx context.Context, f renewal.Filter) (renewal.Sums, error) {
	r, err := s.read(ctx).WorkListSums(ctx, query.WorkListSumsParams{
		CampaignID: f.CampaignID, State: string(f.State), Queue: string(f.Queue), Search: db.Words(f.Search), Code: db.Code(f.Search), Warned: string(f.Warned),
		Band: int64(f.Band), Province: f.Province, Clerk: f.Clerk,
	})
	sums := renewal.Sums{Requests: int(r.Requests), Warned: int(r.Warned), Taxable: rinnova.Cents(r.Taxable), Offered: rinnova.Cents(r.Offered)}
	return sums, wrap("work list", err)
}

// Counts are the sums of each state of a campaign.
func (s Store) Counts(ctx context.Context, campaignID string) ([]renewal.Count, error) {
	rows, err := s.read(ctx).StateCounts(ctx, campaignID)
	if err != nil {
		return nil, wrap("counts", err)
	}
	out := make([]renewal.Count, len(rows))
	for i, r := range rows {
		out[i] = renewal.Count{State: renewal.State(r.State), Changed: int(r.Changed), Ready: int(r.Ready), Sums: renewal.Sums{
			Requests: int(r.Requests), Warned: int(r.Warned), Taxable: rinnova.Cents(r.Taxable), Offered: rinnova.Cents(r.Offered)}}
	}
	return out, nil
}

// Waiting counts the requests of a campaign that wait for the office.
func (s Store) Waiting(ctx context.Context, campaignID string) (int, error) {
	n, err := s.read(ctx).CountWaiting(ctx, campaignID)
	return int(n), wrap("count", err)
}

// TakenBy counts the waiting requests that a clerk has in charge.
func (s Store) TakenBy(ctx context.Context, campaignID, accountID string) (int, error) {
	n, err := s.read(ctx).CountTakenBy(ctx, campaignID, nullString(accountID))
	return int(n), wrap("count", err)
}

// Provinces lists the province codes of all schools.
func (s Store) Provinces(ctx context.Context) ([]string, error) {
	out, err := s.read(ctx).Provinces(ctx)
	return out, wrap("provinces", err)
}

// Clerks lists who has requests of a campaign in charge.
func (s Store) Clerks(ctx context.Context, campaignID string) ([]renewal.Clerk, error) {
	rows, err := s.read(ctx).Clerks(ctx, campaignID)
	if err != nil {
		return nil, wrap("clerks", err)
	}
	out := make([]renewal.Clerk, len(rows))
	for i, r := range rows {
		out[i] = renewal.Clerk{ID: r.TakenBy.String, Name: r.TakenName}
	}
	return out, nil
}
