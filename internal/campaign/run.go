package campaign

import (
	"context"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/event"
	"rinnova/internal/job"
	"rinnova/internal/school"
)

// RunKind is what a run does with the schools of a campaign.
type RunKind string

// The kinds of run.
const (
	Rehearsal   RunKind = "rehearsal"   // makes the proposals again
	Publication RunKind = "publication" // shows schools what was rehearsed
	Withdrawal  RunKind = "withdrawal"  // takes back what no school has opened
)

// RunState is where a run stands.
type RunState string

// The states of a run.
const (
	Running  RunState = "running"
	Stopped  RunState = "stopped" // by a person, who can let it go on
	Finished RunState = "finished"
)

// Choice says on which schools a run works. The zero Choice is all that it can work on.
type Choice struct {
	Clean    bool     `json:",omitempty"` // without oddities
	Region   string   `json:",omitempty"`
	Province string   `json:",omitempty"` // code
	First    int      `json:",omitempty"` // so many and no more; 0: all
	Schools  []string `json:",omitempty"` // ids; nothing: not picked one by one
}

// MaxPicked bounds how many schools can be picked one by one.
const MaxPicked = 500

// Run works through the schools of a campaign by their ids, some hundred in a transaction. Its cursor moves in the same
// transaction, so that a run that is killed, stopped, or worked on by two processes does nothing twice and leaves nothing out.
type Run struct {
	ID         string
	CampaignID string
	Kind       RunKind
	State      RunState
	Choice     Choice
	Total      int // schools to look at
	Done       int // of these, looked at
	Skipped    int // of those, left as they were: not of the campaign, changed since, opened by the school
	Failed     int // and those whose proposal could not be made
	Cursor     string
	By         rinnova.Actor
	StartedAt  time.Time
	FinishedAt time.Time // zero: not yet
}

// RunStore keeps runs.
type RunStore interface {
	AddRun(ctx context.Context, r *Run) error
	// Run reads one; NotFound where there is none.
	Run(ctx context.Context, id string) (*Run, error)
	// Runs reads the newest runs of a campaign.
	Runs(ctx context.Context, campaignID string, limit int) ([]Run, error)
	// Unfinished reads the runs that should be going on, of all campaigns.
	Unfinished(ctx context.Context) ([]Run, error)
	// Advance moves the cursor of a run that is where r is, and adds to its counts; false where it is elsewhere, or not running.
	Advance(ctx context.Context, r *Run, cursor string, add Tally) (bool, error)
	// SetRunState changes the state of a run; false where it is not in the state from.
	SetRunState(ctx context.Context, id string, from, to RunState, at time.Time) (bool, error)
}

// Tally counts what a part of a run did.
type Tally struct{ Done, Skipped, Failed int }

// Runs rehearses, publishes and withdraws.
type Runs struct {
	Campaigns     *Service
	Store         RunStore
	Items         Items
	Schools       Schools
	Subscriptions Subscriptions
	Queue         *job.Queue
	// Actor is for whom a run goes on, by the account that started it.
	Actor func(ctx context.Context, accountID string) (rinnova.Actor, error)
	// Closed tells whether the registry says that a school is closed or merged into another; nil: it says nothing.
	Closed func(school.School) bool
	// Chunk is how many schools a transaction takes; 0 is 500.
	Chunk int
}

// RunJob is the kind of the jobs that work on runs.
const RunJob = "campaign.run"

type runArgs struct{ Run string }

// Start begins a run. There is one at a time in a campaign.
func (r *Runs) Start(ctx context.Context, actor rinnova.Actor, campaignID string, kind RunKind, choice Choice) (*Run, error) {
	if err := onlyManagers(actor); err != nil {
		return nil, err
	}
	if len(choice.Schools) > MaxPicked {
		return nil, rinnova.Fail(rinnova.Invalid, "Al massimo %d scuole scelte una per una: qui sono %d.", MaxPicked, len(choice.Schools))
	}
	s := r.Campaigns
	now := s.Clock().UTC()
	choice.Schools = slices.Compact(slices.Sorted(slices.Values(choice.Schools)))
	run := &Run{ID: rinnova.NewID(now), CampaignID: campaignID, Kind: kind, State: Running, Choice: choice, By: actor, StartedAt: now}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		c, err := s.Store.Campaign(ctx, campaignID)
		if err != nil {
			return err
		}
		if err := s.Store.Lock(ctx, c.Kind); err != nil {
			return err
		}
		if err := r.allowed(ctx, c, kind); err != nil {
			return err
		}
		if run.Total, err = r.total(ctx, c, kind, choice); err != nil {
			return err
		}
		if err := r.Store.AddRun(ctx, run); err != nil {
			return err
		}
		if err := s.record(ctx, actor, runEvents[kind], c, "scuole", run.Total); err != nil {
			return err
		}
		return r.Queue.Insert(ctx, RunJob, runArgs{run.ID}, RunJob+":"+run.ID, time.Time{})
	})
	return run, err
}

var runEvents = map[RunKind]event.Kind{Rehearsal: event.CampaignRehearsed, Publication: event.CampaignPublished, Withdrawal: event.CampaignWithdrawn}

func onlyManagers(a rinnova.Actor) error {
	if !a.IsManager() && a.Role != rinnova.RoleSystem {
		return rinnova.Fail(rinnova.Forbidden, "Le campagne le preparano i responsabili e gli amministratori.")
	}
	return nil
}

// allowed tells why a run cannot begin.
func (r *Runs) allowed(ctx context.Context, c Campaign, kind RunKind) error {
	runs, err := r.Store.Runs(ctx, c.ID, 1)
	if err != nil {
		return err
	}
	if len(runs) > 0 && runs[0].State == Running {
		return rinnova.Fail(rinnova.Conflict, "In questa campagna c’è già un lavoro in corso. Aspettate che finisca, o fermatelo.")
	}
	if kind == Withdrawal {
		return nil
	}
	if today := r.Campaigns.Clock.Today(); today.After(c.ClosesOn) {
		return rinnova.Fail(rinnova.Conflict, "%s si è chiusa il %s.", c.Name, c.ClosesOn)
	}
	if kind == Rehearsal {
		return nil
	}
	prices, err := r.Campaigns.Catalog.PriceList(ctx, c.PriceList)
	if err == nil && prices.State != catalog.Approved {
		return rinnova.Fail(rinnova.Conflict, "%s è ancora una bozza: si può provare, non pubblicare. Fatelo approvare da un’altra persona.", prices.Name)
	}
	return err
}

// total is how many schools a run has before it.
func (r *Runs) total(ctx context.Context, c Campaign, kind RunKind, choice Choice) (n int, err error) {
	switch {
	case kind != Rehearsal:
		n, err = r.Items.CountToDo(ctx, c.ID, kind, choice)
	case len(choice.Schools) > 0:
		n = len(choice.Schools)
		for _, id := range choice.Schools {
			if _, err := r.Schools.School(ctx, id); err != nil {
				return 0, err
			}
		}
	default:
		n, err = r.Schools.CountAll(ctx)
	}
	if choice.First > 0 {
		n = min(n, choice.First)
	}
	if err == nil && n == 0 {
		err = rinnova.Fail(rinnova.Invalid, "Con questa scelta non c’è nessuna scuola. Cambiate la scelta.")
	}
	return n, err
}

// Stop lets a run come to rest where it is.
func (r *Runs) Stop(ctx context.Context, actor rinnova.Actor, id string) error {
	if err := onlyManagers(actor); err != nil {
		return err
	}
	ok, err := r.Store.SetRunState(ctx, id, Running, Stopped, time.Time{})
	if err == nil && !ok {
		err = rinnova.Fail(rinnova.Conflict, "Questo lavoro non è più in corso.")
	}
	return err
}

// Resume lets a run that was stopped go on, unless another has begun since.
func (r *Runs) Resume(ctx context.Context, actor rinnova.Actor, id string) error {
	if err := onlyManagers(actor); err != nil {
		return err
	}
	return r.Campaigns.Store.InTx(ctx, func(ctx context.Context) error {
		run, err := r.Store.Run(ctx, id)
		if err != nil {
			return err
		}
		c, err := r.Campaigns.Store.Campaign(ctx, run.CampaignID)
		if err != nil {
			return err
		}
		if err := r.Campaigns.Store.Lock(ctx, c.Kind); err != nil { // nobody starts another now
			return err
		}
		latest, err := r.Store.Runs(ctx, c.ID, 1)
		if err != nil {
			return err
		}
		ok := false
		if latest[0].ID == id {
			if ok, err = r.Store.SetRunState(ctx, id, Stopped, Running, time.Time{}); err != nil {
				return err
			}
		}
		if !ok {
			return rinnova.Fail(rinnova.Conflict, "Questo lavoro non può riprendere: non è fermo, o dopo ne è cominciato un altro.")
		}
		// A key of its own: the job that saw the run stopped may not have ended yet.
		return r.Queue.Insert(ctx, RunJob, runArgs{id}, RunJob+":"+rinnova.NewID(r.Campaigns.Clock()), time.Time{})
	})
}

// Sweep gives each run that should be going on a job; where it has one, nothing happens.
func (r *Runs) Sweep(ctx context.Context) error {
	runs, err := r.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, x := range runs {
		if err := r.Queue.Insert(ctx, RunJob, runArgs{x.ID}, RunJob+":"+x.ID, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}
