package campaigndb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb/query"
	"rinnova/internal/db"
)

// AddRun implements campaign.RunStore.
func (s Store) AddRun(ctx context.Context, r *campaign.Run) error {
	choice, err := json.Marshal(r.Choice)
	if err != nil {
		return err
	}
	return wrap("campaign run", s.write(ctx).AddRun(ctx, query.AddRunParams{
		ID: r.ID, CampaignID: r.CampaignID, Kind: string(r.Kind), State: string(r.State), Choice: string(choice), Total: int64(r.Total),
		StartedBy: r.By.AccountID, StartedName: r.By.Name, StartedAt: r.StartedAt.UTC(),
	}))
}

// Run implements campaign.RunStore.
func (s Store) Run(ctx context.Context, id string) (*campaign.Run, error) {
	r, err := s.read(ctx).Run(ctx, id)
	if db.IsNone(err) {
		return nil, rinnova.Fail(rinnova.NotFound, "Questo lavoro non c’è.")
	}
	if err != nil {
		return nil, wrap("campaign run", err)
	}
	return run(r)
}

// Runs implements campaign.RunStore.
func (s Store) Runs(ctx context.Context, campaignID string, limit int) ([]campaign.Run, error) {
	return runs(s.read(ctx).Runs(ctx, campaignID, int32(limit)))
}

// Unfinished implements campaign.RunStore.
func (s Store) Unfinished(ctx context.Context) ([]campaign.Run, error) {
	return runs(s.read(ctx).UnfinishedRuns(ctx))
}

func runs(rows []query.CampaignRun, err error) ([]campaign.Run, error) {
	if err != nil {
		return nil, wrap("campaign runs", err)
	}
	var out []campaign.Run
	for _, r := range rows {
		x, err := run(r)
		if err != nil {
			return nil, err
		}
		out = append(out, *x)
	}
	return out, nil
}

func run(r query.CampaignRun) (*campaign.Run, error) {
	out := &campaign.Run{
		ID: r.ID, CampaignID: r.CampaignID, Kind: campaign.RunKind(r.Kind), State: campaign.RunState(r.State), Total: int(r.Total), Done: int(r.Done),
		Skipped: int(r.Skipped), Failed: int(r.Failed), Cursor: r.Cursor, By: rinnova.Actor{AccountID: r.StartedBy, Name: r.StartedName}, StartedAt: r.StartedAt.UTC(),
	}
	if r.FinishedAt.Valid {
		out.FinishedAt = r.FinishedAt.Time.UTC()
	}
	if err := json.Unmarshal([]byte(r.Choice), &out.Choice); err != nil {
		return nil, fmt.Errorf("campaign run %s: %w", r.ID, err)
	}
	return out, nil
}

// Advance implements campaign.RunStore.
func (s Store) Advance(ctx context.Context, r *campaign.Run, cursor string, t campaign.Tally) (bool, error) {
	n, err := s.write(ctx).Advance(ctx, query.AdvanceParams{ToCursor: cursor, Done: int64(t.Done), Skipped: int64(t.Skipped), Failed: int64(t.Failed), ID: r.ID, FromCursor: r.Cursor})
	return n > 0, wrap("campaign run", err)
}

// SetRunState implements campaign.RunStore.
func (s Store) SetRunState(ctx context.Context, id string, from, to campaign.RunState, at time.Time) (bool, error) {
	n, err := s.write(ctx).SetRunState(ctx, query.SetRunStateParams{State: string(to), FinishedAt: db.Instant(at), ID: id, State_2: string(from)})
	return n > 0, wrap("campaign run", err)
}
