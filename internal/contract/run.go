package contract

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/event"
	"rinnova/internal/job"
	"rinnova/internal/renewal"
)

// Run is the processing of many requests at once. It goes on by itself, also after a restart; one request that cannot be
// processed stops no other.
type Run struct {
	ID         string
	Number     int64
	CampaignID string
	Campaign   string // its name: Rinnovo 2027
	By         rinnova.Actor
	StartedAt  time.Time
	FinishedAt time.Time // zero: still running
	Total      int
}

// Chosen is a request at the confirmation that the clerk saw when choosing it, with what there was to look at in it.
type Chosen struct {
	RequestID string
	Revision  int
	Looks     []string // codes: renewal.Looks
}

// Outcome is what became of one request of a run.
type Outcome string

// The outcomes.
const (
	Queued  Outcome = "queued"
	Done    Outcome = "processed"
	Stopped Outcome = "stopped" // something is missing; it says what
	Skipped Outcome = "skipped" // it changed meanwhile, or something has come up that the clerk was not shown
)

// Trouble is a request of a run that was stopped or skipped, with how it stands now: it may have been put right since.
type Trouble struct {
	Chosen
	Outcome    Outcome
	Why        string
	School     string
	PortalCode string
	State      renewal.State
	Latest     int // the last confirmation
	TaxCode    string
	Email      string
}

// Progress is where a run stands.
type Progress struct {
	Run
	Counts      map[Outcome]int
	Signed      int
	Sent        int
	Undelivered int
	Taxable     rinnova.Cents
	First, Last string // numbers of its contracts
	Troubles    []Trouble
}

// Settled is how many requests are no longer waiting.
func (p *Progress) Settled() int { return p.Total - p.Counts[Queued] }

// RunStore keeps runs.
type RunStore interface {
	// AddRun writes a run with its requests and gives it its number; Invalid where a request does not exist or is of another
	// campaign than the others.
	AddRun(ctx context.Context, r *Run, chosen []Chosen) error
	Run(ctx context.Context, id string) (*Run, error)
	// Runs reads the newest runs; only their counts are filled in beside the run itself.
	Runs(ctx context.Context, limit int) ([]Progress, error)
	// Waiting reads the next queued requests of a run, with their positions.
	Waiting(ctx context.Context, runID string, limit int) ([]Waiting, error)
	// Settle records an outcome, where the request is still queued.
	Settle(ctx context.Context, runID string, position int64, o Outcome, why string) error
	Finish(ctx context.Context, runID string, at time.Time) error
	Progress(ctx context.Context, runID string) (*Progress, error)
}

// Waiting is a queued request of a run.
type Waiting struct {
	Chosen
	Position int64
}

// Runs processes requests in bulk.
type Runs struct {
	Contracts *Service
	Store     RunStore
	Requests  interface {
		Rows(ctx context.Context, ids []string) ([]renewal.Row, error)
	}
	// Accounts gives the actor for whom the run goes on after a restart.
	Actor func(ctx context.Context, accountID string) (rinnova.Actor, error)
}

// RunJob is the kind of the jobs that work on runs.
const RunJob = "contract.run"

type runArgs struct{ Run string }

// MaxRun bounds how many requests one run takes.
const MaxRun = 20_000

// Start begins a run of requests of one campaign.
func (r *Runs) Start(ctx context.Context, actor rinnova.Actor, chosen []Chosen) (*Run, error) {
	if !actor.IsOffice() {
		return nil, rinnova.Fail(rinnova.Forbidden, "Solo l’ufficio può farlo.")
	}
	if len(chosen) == 0 {
		return nil, rinnova.Fail(rinnova.Invalid, "Selezionate almeno una richiesta.")
	}
	if len(chosen) > MaxRun {
		return nil, rinnova.Fail(rinnova.Invalid, "Al massimo %d richieste per volta: qui sono %d.", MaxRun, len(chosen))
	}
	s := r.Contracts
	run := &Run{ID: rinnova.NewID(s.Clock()), By: actor, StartedAt: s.Clock().UTC(), Total: len(chosen)}
	err := s.Store.InTx(ctx, func(ctx context.Context) error {
		if err := r.Store.AddRun(ctx, run, chosen); err != nil {
			return err
		}
		if err := s.Events.Record(ctx, event.Event{At: s.Clock().UTC(), Kind: event.ProcessingStarted, Actor: actor, AboutID: run.ID}); err != nil {
			return err
		}
		return s.Queue.Insert(ctx, RunJob, runArgs{run.ID}, RunJob+":"+run.ID, time.Time{})
	})
	return run, err
}

// Work is the worker of runs.
func (r *Runs) Work() job.Worker {
	return job.Worker{Run: r.step, Timeout: 5 * time.Minute}
}

// batch is how many requests one look at the queue takes; each is processed in a transaction of its own.
const batch = 100

func (r *Runs) step(ctx context.Context, j job.Job) error {
	var args runArgs
	if err := j.Decode(&args); err != nil {
		return err
	}
	run, err := r.Store.Run(ctx, args.Run)
	if err != nil {
		return err
	}
	actor, err := r.Actor(ctx, run.By.AccountID)
	if err != nil {
		return err
	}
	for {
		waiting, err := r.Store.Waiting(ctx, run.ID, batch)
		if err != nil {
			return err
		}
		if len(waiting) == 0 {
			return r.Store.Finish(ctx, run.ID, r.Contracts.Clock().UTC())
		}
		for _, w := range waiting {
			if err := r.one(ctx, actor, run.ID, w); err != nil {
				return err
			}
		}
	}
}

// one processes one request of a run. Its outcome is written in the same transaction as the processing, so a run that is
// killed and goes on processes nothing twice; a refusal is an outcome too, written after the rollback.
func (r *Runs) one(ctx context.Context, actor rinnova.Actor, runID string, w Waiting) error {
	err := r.process(ctx, actor, runID, w)
	if rinnova.KindOf(err) == rinnova.Conflict {
		err = r.process(ctx, actor, runID, w) // the school may just have saved a draft, which does not matter
	}
	if err == nil {
		return nil
	}
	known, ok := errors.AsType[*rinnova.Error](err)
	if !ok {
		return err // a fault of ours: try again later
	}
	outcome := Stopped
	if errors.Is(err, errArisen) {
		outcome = Skipped
	} else if v, verr := r.Contracts.Renewals.Store.Request(ctx, w.RequestID); verr == nil && v.Revision != w.Revision {
		outcome = Skipped
	}
	return r.Store.Settle(ctx, runID, w.Position, outcome, known.Message.String())
}

func (r *Runs) process(ctx context.Context, actor rinnova.Actor, runID string, w Waiting) error {
	return r.Contracts.Store.InTx(ctx, func(ctx context.Context) error {
		arisen := r.arisen(ctx, w.Chosen)
		if _, err := r.Contracts.Process(ctx, actor, w.RequestID, w.Revision); err != nil {
			return err // what makes it impossible is told rather than what is to be looked at
		}
		if arisen != nil {
			return arisen
		}
		return r.Store.Settle(ctx, runID, w.Position, Done, "")
	})
}

var errArisen = errors.New("there is something that the clerk was not shown")

// arisen refuses a request in which there is something to look at that the clerk was not shown. One that has been confirmed again, or can
// no longer be processed, is for Process to refuse.
func (r *Runs) arisen(ctx context.Context, c Chosen) error {
	rows, err := r.Requests.Rows(ctx, []string{c.RequestID})
	if err != nil || len(rows) == 0 || rows[0].Revision != c.Revision || !rows[0].State.Allows(renewal.Process) {
		return err
	}
	var names []string
	for _, code := range rows[0].Looks {
		if !slices.Contains(c.Looks, code) {
			names = append(names, renewal.LookLabel(code).String())
		}
	}
	if len(names) == 0 {
		return nil
	}
	return rinnova.Fail(rinnova.Conflict, "È emerso dopo che l’avete scelta: %s. Guardatela prima di elaborarla.", strings.Join(names, ", ")).Because(errArisen)
}
