package contract_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/job"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

func start(t *testing.T, w *renewaltest.World, parties ...renewaltest.Party) *contract.Run {
	t.Helper()
	var chosen []contract.Chosen
	for _, p := range parties {
		chosen = append(chosen, seen(t, w, p))
	}
	run, err := w.Runs.Start(t.Context(), w.Clerk, chosen)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// seen is a request as the page before a run shows it.
func seen(t *testing.T, w *renewaltest.World, p renewaltest.Party) contract.Chosen {
	t.Helper()
	rows, err := w.Requests.Rows(t.Context(), []string{p.Request})
	if err != nil {
		t.Fatal(err)
	}
	return contract.Chosen{RequestID: p.Request, Revision: rows[0].Revision, Looks: rows[0].Looks}
}

func progress(t *testing.T, w *renewaltest.World, run *contract.Run) *contract.Progress {
	t.Helper()
	p, err := w.Lists.Progress(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestARunStopsForNobody(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ready, poor, changed, done, last := confirmed(t, w), confirmed(t, w), confirmed(t, w), confirmed(t, w), confirmed(t, w)
		if err := w.Schools.Update(t.Context(), without(poor, func(p *renewaltest.Party) { p.School.TaxCode = "" })); err != nil {
			t.Fatal(err)
		}
		process(t, w, done) // 2026/000001
		run := start(t, w, ready, poor, changed, done, last)
		w.Confirm(t, changed, order(), renewaltest.Alunni) // after the clerk chose it
		if p := progress(t, w, run); p.Total != 5 || p.Counts[contract.Queued] != 5 || !p.FinishedAt.IsZero() {
			t.Errorf("before: %+v", p)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		p := progress(t, w, run)
		if p.Counts[contract.Done] != 2 || p.Counts[contract.Stopped] != 2 || p.Counts[contract.Skipped] != 1 || p.FinishedAt.IsZero() || p.Signed != 2 {
			t.Errorf("after: %+v", p)
		}
		if p.First != "2026/000002" || p.Last != "2026/000003" || p.Taxable != 2*w.Request(t, ready).Taxable {
			t.Errorf("%s to %s over %s", p.First, p.Last, p.Taxable)
		}
		want := []struct {
			party   renewaltest.Party
			outcome contract.Outcome
			why     string
		}{{poor, contract.Stopped, "codice fiscale"}, {changed, contract.Skipped, "conferma n. 2"}, {done, contract.Stopped, "già elaborata"}}
		if len(p.Troubles) != len(want) {
			t.Fatalf("troubles %+v", p.Troubles)
		}
		for i, x := range want {
			if got := p.Troubles[i]; got.RequestID != x.party.Request || got.Outcome != x.outcome || !strings.Contains(got.Why, x.why) {
				t.Errorf("%+v, want %s because of %q", got, x.outcome, x.why)
			}
		}
		if r := w.Request(t, changed); r.State != renewal.Submitted || r.Revision != 2 {
			t.Errorf("the request that changed is %s", r.State)
		}
	})
}

// failing is a store of runs that breaks at one position, as a database that goes away would.
type failing struct {
	contract.RunStore
	mu sync.Mutex
	at int64
}

func (f *failing) Settle(ctx context.Context, run string, position int64, o contract.Outcome, why string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if position == f.at {
		f.at = 0
		return errors.New("the database went away")
	}
	return f.RunStore.Settle(ctx, run, position, o, why)
}

func TestARunGoesOnWhereItWasInterrupted(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		var parties []renewaltest.Party
		for range 5 {
			parties = append(parties, confirmed(t, w))
		}
		w.Runs.Store = &failing{RunStore: w.Lists, at: 3}
		run := start(t, w, parties...)
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p := progress(t, w, run); p.Counts[contract.Done] != 2 || p.Counts[contract.Queued] != 3 || !p.FinishedAt.IsZero() {
			t.Errorf("interrupted: %+v", p)
		}
		if r := w.Request(t, parties[2]); r.State != renewal.Submitted {
			t.Errorf("the third is %s: its outcome could not be written", r.State)
		}
		w.Now = w.Now.Add(2 * time.Second)
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p := progress(t, w, run); p.Counts[contract.Done] != 5 || p.First != "2026/000001" || p.Last != "2026/000005" || p.Signed != 5 || p.FinishedAt.IsZero() {
			t.Errorf("resumed: %+v", p)
		}
		if len(w.Sent) != 5 {
			t.Errorf("%d mails", len(w.Sent))
		}
	})
}

// touched is a store of requests in which a school saves a draft just before the first change is written.
type touched struct {
	renewal.Store
	done bool
}

func (s *touched) Update(ctx context.Context, r *renewal.Request) error {
	if !s.done {
		s.done = true
		return rinnova.Fail(rinnova.Conflict, "La richiesta è cambiata mentre ci lavoravate.")
	}
	return s.Store.Update(ctx, r)
}

func TestADraftThatIsSavedMeanwhileStopsNoRun(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		run := start(t, w, confirmed(t, w), confirmed(t, w))
		w.Renewals.Store = &touched{Store: w.Requests}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if p := progress(t, w, run); p.Counts[contract.Done] != 2 {
			t.Errorf("%+v", p)
		}
	})
}

// The same run in two processes, of which one had lost its lease: nothing happens twice.
func TestTwoProcessesWorkOnARun(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		var parties []renewaltest.Party
		for range 6 {
			parties = append(parties, confirmed(t, w))
		}
		run := start(t, w, parties...)
		work := w.Runs.Work()
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := work.Run(t.Context(), job.Job{Kind: contract.RunJob, Args: []byte(`{"Run":"` + run.ID + `"}`)}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		p := progress(t, w, run)
		if p.Counts[contract.Done] != 6 || p.First != "2026/000001" || p.Last != "2026/000006" {
			t.Errorf("%+v", p)
		}
	})
}

func TestWhatCannotBeStarted(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p := confirmed(t, w)
		good := contract.Chosen{RequestID: p.Request, Revision: 1}
		for name, c := range map[string]struct {
			actor  rinnova.Actor
			chosen []contract.Chosen
			want   rinnova.Kind
		}{
			"a school":         {p.Actor, []contract.Chosen{good}, rinnova.Forbidden},
			"nothing":          {w.Clerk, nil, rinnova.Invalid},
			"an unknown one":   {w.Clerk, []contract.Chosen{good, {RequestID: rinnova.NewID(w.Now), Revision: 1}}, rinnova.Invalid},
			"only an unknown":  {w.Clerk, []contract.Chosen{{RequestID: rinnova.NewID(w.Now), Revision: 1}}, rinnova.Invalid},
			"too many of them": {w.Clerk, slices.Repeat([]contract.Chosen{good}, contract.MaxRun+1), rinnova.Invalid},
		} {
			if run, err := w.Runs.Start(t.Context(), c.actor, c.chosen); rinnova.KindOf(err) != c.want {
				t.Errorf("%s: %v, %v", name, run, err)
			}
		}
		runs, err := w.Lists.Runs(t.Context(), 10)
		if err != nil || len(runs) != 0 {
			t.Errorf("%d runs, %v", len(runs), err)
		}
		if run := start(t, w, p); run.Number != 1 {
			t.Errorf("the first run is n. %d", run.Number)
		}
	})
}

// What has come up after the clerk looked is not processed over: the request is skipped, with what it is.
func TestWhatHasComeUpSinceIsSkipped(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		calm, grown, doubtful := confirmed(t, w), confirmed(t, w), confirmed(t, w)
		shown := []contract.Chosen{seen(t, w, calm), seen(t, w, grown), seen(t, w, doubtful)}
		if !slices.Contains(shown[2].Looks, renewal.SharedCIG) {
			t.Fatalf("looks %v", shown[2].Looks)
		}
		bigger := grown.School
		bigger.Pupils = 2113
		if err := w.Schools.Update(t.Context(), bigger); err != nil {
			t.Fatal(err)
		}
		shown[2].Looks = nil
		run, err := w.Runs.Start(t.Context(), w.Clerk, shown)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		p := progress(t, w, run)
		if p.Counts[contract.Done] != 1 || p.Counts[contract.Skipped] != 2 || len(p.Troubles) != 2 {
			t.Fatalf("%+v", p)
		}
		for i, x := range []struct {
			party renewaltest.Party
			why   string
		}{{grown, "È emerso dopo che l’avete scelta: Alunni oltre la fascia."}, {doubtful, "CIG usato da altra scuola"}} {
			if got := p.Troubles[i]; got.RequestID != x.party.Request || got.Outcome != contract.Skipped || !strings.Contains(got.Why, x.why) {
				t.Errorf("%+v, want %q", got, x.why)
			}
			if r := w.Request(t, x.party); r.State != renewal.Submitted {
				t.Errorf("%s", r.State)
			}
		}
	})
}
