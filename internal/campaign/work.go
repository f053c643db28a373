package campaign

import (
	"context"
	"errors"
	"time"

	"rinnova"
	"rinnova/internal/job"
)

// Work is the worker of runs.
func (r *Runs) Work() job.Worker {
	return job.Worker{Run: r.work, Timeout: 10 * time.Minute}
}

func (r *Runs) work(ctx context.Context, j job.Job) error {
	var args runArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	var p *Proposer
	var by rinnova.Actor
	for {
		run, err := r.Store.Run(ctx, args.Run)
		if err != nil || run.State != Running {
			return err
		}
		if p == nil {
			if p, by, err = r.begin(ctx, run); err != nil {
				return err
			}
		}
		run.By = by
		if err := r.chunk(ctx, p, run); err != nil && !errors.Is(err, errElsewhere) {
			return err
		}
	}
}

// begin reads once what all chunks of a run share.
func (r *Runs) begin(ctx context.Context, run *Run) (*Proposer, rinnova.Actor, error) {
	by := rinnova.System
	c, err := r.Campaigns.Store.Campaign(ctx, run.CampaignID)
	if err == nil && run.By.AccountID != "" {
		by, err = r.Actor(ctx, run.By.AccountID)
	}
	if err != nil {
		return nil, by, err
	}
	p, err := r.Campaigns.Proposer(ctx, c)
	if err != nil {
		return nil, by, err
	}
	p.shared, err = r.Items.SharedTaxCodes(ctx)
	return p, by, err
}

// errElsewhere is a run that another process has worked on, or that was stopped, since it was read: what was done of the
// chunk is undone.
var errElsewhere = errors.New("the run is elsewhere")

// chunk works on the next schools of a run, or finishes it.
func (r *Runs) chunk(ctx context.Context, p *Proposer, run *Run) error {
	switch run.Kind {
	case Rehearsal:
		return r.rehearse(ctx, p, run)
	case Publication:
		return r.each(ctx, p.campaign, run, func(ctx context.Context, items []Item) (Tally, error) { return r.publish(ctx, p, run, items) })
	default:
		return r.each(ctx, p.campaign, run, func(ctx context.Context, items []Item) (Tally, error) { return r.withdraw(ctx, p.campaign, run, items) })
	}
}

func (r *Runs) size(run *Run) int {
	n := r.Chunk
	if n == 0 {
		n = 500
	}
	return min(n, run.Total-run.Done)
}

func (r *Runs) finish(ctx context.Context, run *Run) error {
	_, err := r.Store.SetRunState(ctx, run.ID, Running, Finished, r.Campaigns.Clock().UTC())
	return err
}

// advance moves the cursor, or undoes the transaction.
func (r *Runs) advance(ctx context.Context, run *Run, cursor string, t Tally) error {
	ok, err := r.Store.Advance(ctx, run, cursor, t)
	if err == nil && !ok {
		err = errElsewhere
	}
	return err
}
