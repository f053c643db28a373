package contractdb

import (
	"context"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractdb/query"
	"rinnova/internal/db"
	"rinnova/internal/renewal"
)

// runSeries is the series that numbers runs: all years are one.
const runSeries = "run"

// AddRun writes a run with its requests and gives it its number and campaign.
func (s Store) AddRun(ctx context.Context, r *contract.Run, chosen []contract.Chosen) error {
	q := s.write(ctx)
	campaign, err := q.CampaignOf(ctx, chosen[0].RequestID)
	if db.IsNone(err) {
		return gone()
	}
	if err != nil {
		return wrap("run", err)
	}
	r.CampaignID = campaign
	if r.Number, err = s.NextNumber(ctx, runSeries, 0); err != nil {
		return err
	}
	err = q.AddRun(ctx, query.AddRunParams{ID: r.ID, Number: r.Number, CampaignID: r.CampaignID, StartedBy: r.By.AccountID, StartedName: r.By.Name,
		StartedAt: r.StartedAt.UTC(), Total: int64(r.Total)})
	if err != nil {
		return wrap("run", err)
	}
	for i, c := range chosen {
		n, err := q.AddRunItem(ctx, query.AddRunItemParams{RunID: r.ID, Position: int64(i + 1), Revision: int64(c.Revision), Looks: strings.Join(c.Looks, ","), RequestID: c.RequestID, CampaignID: r.CampaignID})
		if err != nil {
			return wrap("run", err)
		}
		if n == 0 {
			return gone()
		}
	}
	return nil
}

func gone() error {
	return rinnova.Fail(rinnova.Invalid, "Una delle richieste scelte non c’è più, o è di un’altra campagna. Tornate all’elenco e sceglietele di nuovo.")
}

// Run reads one run.
func (s Store) Run(ctx context.Context, id string) (*contract.Run, error) {
	row, err := s.read(ctx).Run(ctx, id)
	if db.IsNone(err) {
		return nil, rinnova.Fail(rinnova.NotFound, "Questa lavorazione non c’è.")
	}
	if err != nil {
		return nil, wrap("run", err)
	}
	return run(row.BulkRun, row.Name), nil
}

// Runs reads the newest runs with the counts of their outcomes.
func (s Store) Runs(ctx context.Context, limit int) ([]contract.Progress, error) {
	rows, err := s.read(ctx).Runs(ctx, int32(limit))
	if err != nil {
		return nil, wrap("runs", err)
	}
	counts, err := s.read(ctx).RunsCounts(ctx, int32(limit))
	if err != nil {
		return nil, wrap("runs", err)
	}
	byRun := map[string]map[contract.Outcome]int{}
	for _, c := range counts {
		if byRun[c.RunID] == nil {
			byRun[c.RunID] = map[contract.Outcome]int{}
		}
		byRun[c.RunID][contract.Outcome(c.Outcome)] = int(c.Items)
	}
	out := make([]contract.Progress, len(rows))
	for i, r := range rows {
		out[i] = contract.Progress{Run: *run(r.BulkRun, r.Name), Counts: byRun[r.BulkRun.ID]}
	}
	return out, nil
}

func run(r query.BulkRun, campaign string) *contract.Run {
	out := &contract.Run{ID: r.ID, Number: r.Number, CampaignID: r.CampaignID, Campaign: campaign, By: rinnova.Actor{AccountID: r.StartedBy, Name: r.StartedName},
		StartedAt: r.StartedAt.UTC(), Total: int(r.Total)}
	if r.FinishedAt.Valid {
		out.FinishedAt = r.FinishedAt.Time.UTC()
	}
	return out
}

// Waiting reads the next queued requests of a run.
func (s Store) Waiting(ctx context.Context, runID string, limit int) ([]contract.Waiting, error) {
	rows, err := s.read(ctx).QueuedItems(ctx, runID, int32(limit))
	if err != nil {
		return nil, wrap("run", err)
	}
	out := make([]contract.Waiting, len(rows))
	for i, r := range rows {
		out[i] = contract.Waiting{Position: r.Position, Chosen: contract.Chosen{RequestID: r.RequestID, Revision: int(r.Revision), Looks: codes(r.Looks)}}
	}
	return out, nil
}

func codes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// Settle records an outcome.
func (s Store) Settle(ctx context.Context, runID string, position int64, o contract.Outcome, why string) error {
	_, err := s.write(ctx).SettleItem(ctx, query.SettleItemParams{Outcome: string(o), Detail: why, RunID: runID, Position: position})
	return wrap("run", err)
}

// Finish records that nothing is queued any more.
func (s Store) Finish(ctx context.Context, runID string, at time.Time) error {
	_, err := s.write(ctx).FinishRun(ctx, db.Instant(at), runID)
	return wrap("run", err)
}

// Progress reads where a run stands.
func (s Store) Progress(ctx context.Context, runID string) (*contract.Progress, error) {
	r, err := s.Run(ctx, runID)
	if err != nil {
		return nil, err
	}
	q := s.read(ctx)
	p := &contract.Progress{Run: *r, Counts: map[contract.Outcome]int{}}
	counts, err := q.RunCounts(ctx, runID)
	if err != nil {
		return nil, wrap("run", err)
	}
	for _, c := range counts {
		p.Counts[contract.Outcome(c.Outcome)] = int(c.Items)
	}
	made, err := q.RunContracts(ctx, runID)
	if err != nil {
		return nil, wrap("run", err)
	}
	p.Signed, p.Sent, p.Undelivered = int(made.Signed), int(made.Sent), int(made.Undelivered)
	p.Taxable, p.First, p.Last = rinnova.Cents(made.Taxable), made.FirstNumber, made.LastNumber
	troubles, err := q.RunTrouble(ctx, runID)
	if err != nil {
		return nil, wrap("run", err)
	}
	for _, t := range troubles {
		p.Troubles = append(p.Troubles, contract.Trouble{Chosen: contract.Chosen{RequestID: t.RequestID, Revision: int(t.Revision)},
			Outcome: contract.Outcome(t.Outcome), Why: t.Detail, School: t.ShortName, PortalCode: t.PortalCode,
			State: renewal.State(t.State), Latest: int(t.Latest), TaxCode: t.TaxCode, Email: t.Email})
	}
	return p, nil
}
