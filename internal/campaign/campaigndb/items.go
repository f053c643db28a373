package campaigndb

import (
	"context"
	"encoding/json"
	"strings"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb/query"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
)

// Item reads the item of a school; NotFound where there is none.
func (s Store) Item(ctx context.Context, campaignID, schoolID string) (campaign.Item, error) {
	r, err := s.read(ctx).Item(ctx, campaignID, schoolID)
	if db.IsNone(err) {
		return campaign.Item{}, rinnova.Fail(rinnova.NotFound, "Questa scuola non è nella prova della campagna.")
	}
	return item(r), wrap("campaign item", err)
}

func item(r query.CampaignItem) campaign.Item {
	return campaign.Item{
		CampaignID: r.CampaignID, SchoolID: r.SchoolID, RunID: r.RunID, State: campaign.ItemState(r.State), Body: []byte(r.Body), Lines: int(r.Lines),
		Taxable: rinnova.Cents(r.TaxableCents), Comparison: campaign.Comparison{Now: rinnova.Cents(r.LikeCents), Before: rinnova.Cents(r.BeforeCents)},
		Oddities: oddities(r.Oddities), Detail: r.Detail, RequestID: r.RequestID, MadeAt: r.MadeAt.UTC(),
	}
}

func oddities(s string) []campaign.Oddity {
	var out []campaign.Oddity
	for _, x := range strings.Fields(s) {
		out = append(out, campaign.Oddity(x))
	}
	return out
}

// between puts words between spaces, with one more at each end, so that a part of a word is not taken for one.
func between[T ~string](words []T) string {
	if len(words) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte(' ')
	for _, w := range words {
		b.WriteString(string(w))
		b.WriteByte(' ')
	}
	return b.String()
}

// PutItem implements campaign.Items.
func (s Store) PutItem(ctx context.Context, i campaign.Item) error {
	return wrap("campaign item", s.write(ctx).PutItem(ctx, query.PutItemParams{
		CampaignID: i.CampaignID, SchoolID: i.SchoolID, RunID: i.RunID, State: string(i.State), Body: string(i.Body), Lines: int64(i.Lines),
		TaxableCents: int64(i.Taxable), BeforeCents: int64(i.Before), LikeCents: int64(i.Now), Oddities: between(i.Oddities), Detail: i.Detail, MadeAt: i.MadeAt.UTC(),
	}))
}

// DropItem implements campaign.Items.
func (s Store) DropItem(ctx context.Context, campaignID, schoolID string) error {
	return wrap("campaign item", s.write(ctx).DropItem(ctx, campaignID, schoolID))
}

// Settle implements campaign.Items.
func (s Store) Settle(ctx context.Context, from campaign.ItemState, i campaign.Item) (bool, error) {
	n, err := s.write(ctx).SettleItem(ctx, query.SettleItemParams{
		State: string(i.State), RunID: i.RunID, Detail: i.Detail, RequestID: i.RequestID, CampaignID: i.CampaignID, SchoolID: i.SchoolID, State_2: string(from),
	})
	return n > 0, wrap("campaign item", err)
}

// ToDo implements campaign.Items.
func (s Store) ToDo(ctx context.Context, campaignID string, kind campaign.RunKind, c campaign.Choice, after string, limit int) ([]campaign.Item, error) {
	rows, err := s.write(ctx).ToDo(ctx, query.ToDoParams{CampaignID: campaignID, Kind: string(kind), Clean: c.Clean, Region: c.Region, Province: c.Province,
		Picked: between(c.Schools), After: after, MaxRows: int32(limit)})
	if err != nil {
		return nil, wrap("campaign items", err)
	}
	out := make([]campaign.Item, len(rows))
	for i, r := range rows {
		out[i] = item(r)
	}
	return out, nil
}

// CountToDo implements campaign.Items.
func (s Store) CountToDo(ctx context.Context, campaignID string, kind campaign.RunKind, c campaign.Choice) (int, error) {
	n, err := s.read(ctx).CountToDo(ctx, query.CountToDoParams{CampaignID: campaignID, Kind: string(kind), Clean: c.Clean, Region: c.Region, Province: c.Province, Picked: between(c.Schools)})
	return int(n), wrap("campaign items", err)
}

// Rows implements campaign.Items.
func (s Store) Rows(ctx context.Context, campaignID string, f campaign.ItemFilter) ([]campaign.Row, error) {
	p := sumParams(campaignID, f)
	rows, err := s.read(ctx).ItemRows(ctx, query.ItemRowsParams{
		CampaignID: p.CampaignID, State: p.State, Oddity: p.Oddity, Clean: p.Clean, Search: p.Search, Code: p.Code, Region: p.Region, Province: p.Province, Run: p.Run, Stopped: p.Stopped,
		MaxRows: int32(f.Limit), Sort: string(f.Sort), SkipRows: int32(f.Offset),
	})
	if err != nil {
		return nil, wrap("campaign items", err)
	}
	out := make([]campaign.Row, len(rows))
	for i, r := range rows {
		out[i] = campaign.Row{School: r.ShortName, PortalCode: r.PortalCode, Ministry: r.MinistryCode, Province: r.ProvinceCode, Region: r.Region, Item: item(query.CampaignItem{
			CampaignID: r.CampaignID, SchoolID: r.SchoolID, RunID: r.RunID, State: r.State, Lines: r.Lines, TaxableCents: r.TaxableCents, BeforeCents: r.BeforeCents,
			LikeCents: r.LikeCents, Oddities: r.Oddities, Detail: r.Detail, RequestID: r.RequestID, MadeAt: r.MadeAt,
		})}
	}
	return out, nil
}

func sumParams(campaignID string, f campaign.ItemFilter) query.ItemSumsParams {
	p := query.ItemSumsParams{CampaignID: campaignID, State: string(f.State), Clean: f.Clean, Search: db.Words(f.Search), Code: db.Code(f.Search), Region: f.Region, Province: f.Province, Run: f.RunID, Stopped: f.Stopped}
	if f.Oddity != "" {
		p.Oddity = "% " + string(f.Oddity) + " %"
	}
	return p
}

// Sum implements campaign.Items.
func (s Store) Sum(ctx context.Context, campaignID string, f campaign.ItemFilter) (campaign.Sums, error) {
	r, err := s.read(ctx).ItemSums(ctx, sumParams(campaignID, f))
	return sums(r.Items, r.Lines, r.Taxable, r.BeforeSum, r.LikeSum), wrap("campaign items", err)
}

func sums(items, lines, taxable, before, like int64) campaign.Sums {
	return campaign.Sums{Items: int(items), Lines: int(lines), Taxable: rinnova.Cents(taxable), Comparison: campaign.Comparison{Now: rinnova.Cents(like), Before: rinnova.Cents(before)}}
}

// Counts implements campaign.Items.
func (s Store) Counts(ctx context.Context, campaignID string) ([]campaign.Count, error) {
	rows, err := s.read(ctx).StateSums(ctx, campaignID)
	if err != nil {
		return nil, wrap("campaign items", err)
	}
	out := make([]campaign.Count, len(rows))
	for i, r := range rows {
		out[i] = campaign.Count{State: campaign.ItemState(r.State), Empty: int(r.Empty), Sums: sums(r.Items, r.Lines, r.Taxable, r.BeforeSum, r.LikeSum)}
	}
	return out, nil
}

// OddityCounts implements campaign.Items.
func (s Store) OddityCounts(ctx context.Context, campaignID string) (map[campaign.Oddity]int, error) {
	rows, err := s.read(ctx).OddityGroups(ctx, campaignID)
	out := map[campaign.Oddity]int{}
	for _, r := range rows {
		for _, o := range oddities(r.Oddities) {
			out[o] += int(r.Items)
		}
	}
	return out, wrap("campaign items", err)
}

// Shares implements campaign.Items.
func (s Store) Shares(ctx context.Context, campaignID string) (map[int]int, error) {
	rows, err := s.read(ctx).Shares(ctx, campaignID)
	out := map[int]int{}
	for _, r := range rows {
		out[int(r.Percent)] = int(r.Items)
	}
	return out, wrap("campaign items", err)
}

// OpenRequests implements campaign.Items.
func (s Store) OpenRequests(ctx context.Context, c campaign.Campaign, first, last string) (map[string]bool, error) {
	ids, err := s.read(ctx).OpenRequests(ctx, query.OpenRequestsParams{SchoolID: first, SchoolID_2: last, Kind: string(c.Kind), CampaignID: c.ID,
		PeriodFrom: c.Period.To.String(), PeriodTo: c.Period.From.String()})
	return set(ids), wrap("open requests", err)
}

// OpenLines implements campaign.Items.
func (s Store) OpenLines(ctx context.Context, c campaign.Campaign, first, last string) (map[string][]renewal.Line, error) {
	rows, err := s.read(ctx).OpenProposals(ctx, query.OpenProposalsParams{SchoolID: first, SchoolID_2: last, Kind: string(c.Kind), CampaignID: c.ID})
	if err != nil {
		return nil, wrap("open proposals", err)
	}
	out := map[string][]renewal.Line{}
	for _, r := range rows {
		var p renewal.Proposal
		if err := json.Unmarshal([]byte(r.Body), &p); err != nil {
			return nil, wrap("open proposals", err)
		}
		out[r.SchoolID] = append(out[r.SchoolID], p.Lines...)
	}
	return out, nil
}

// SharedTaxCodes implements campaign.Items.
func (s Store) SharedTaxCodes(ctx context.Context) (map[string]bool, error) {
	codes, err := s.read(ctx).SharedTaxCodes(ctx)
	return set(codes), wrap("tax codes", err)
}

func set(words []string) map[string]bool {
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}

// TakeBack implements campaign.Items.
func (s Store) TakeBack(ctx context.Context, requestID string) (bool, error) {
	proposals, err := s.write(ctx).TakeBackRequest(ctx, requestID)
	if err != nil || len(proposals) == 0 {
		return false, wrap("request", err)
	}
	return true, wrap("proposal", s.write(ctx).DeleteProposal(ctx, proposals[0]))
}

// Cease says of an item that its request, which stays, was withdrawn because the school goes on in another.
func (s Store) Cease(ctx context.Context, requestID string) error {
	return wrap("campaign item", s.write(ctx).CeaseItem(ctx, requestID))
}
