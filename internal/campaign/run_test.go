package campaign_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/campaign"
	"rinnova/internal/campaign/campaigndb"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogdb"
	"rinnova/internal/event"
	"rinnova/internal/job"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// next prepares a campaign for the year after the one that is open; changes are made before it is written.
func next(t *testing.T, w *renewaltest.World, change func(*campaign.Campaign)) campaign.Campaign {
	t.Helper()
	c := season(t, w)
	c.ID, c.Name, c.Year = rinnova.NewID(w.Now), "Rinnovo 2028", 2028
	c.Period = rinnova.Period{From: rinnova.MustDate("2028-01-01"), To: rinnova.MustDate("2028-12-31")}
	if change != nil {
		change(&c)
	}
	if err := w.Campaigns.Store.Add(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	c, err := w.Campaigns.Store.Campaign(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func begin(t *testing.T, w *renewaltest.World, c campaign.Campaign, kind campaign.RunKind, choice campaign.Choice) *campaign.Run {
	t.Helper()
	run, err := w.Seasons.Start(t.Context(), w.Manager, c.ID, kind, choice)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// do runs to the end and gives what has become of the run.
func do(t *testing.T, w *renewaltest.World, c campaign.Campaign, kind campaign.RunKind, choice campaign.Choice) *campaign.Run {
	t.Helper()
	run := begin(t, w, c, kind, choice)
	if err := w.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return stands(t, w, run, campaign.Finished)
}

func stands(t *testing.T, w *renewaltest.World, run *campaign.Run, want campaign.RunState) *campaign.Run {
	t.Helper()
	got, err := w.Seasons.Store.Run(t.Context(), run.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.State != want {
		t.Fatalf("the run is %+v, want %s", got, want)
	}
	return got
}

func items(t *testing.T, w *renewaltest.World) campaigndb.Store { return campaigndb.Store{DB: w.DB} }

func item(t *testing.T, w *renewaltest.World, c campaign.Campaign, p renewaltest.Party) campaign.Item {
	t.Helper()
	i, err := items(t, w).Item(t.Context(), c.ID, p.School.ID)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// content is all that a rehearsal wrote, without what no two of them have in common.
func content(t *testing.T, w *renewaltest.World, c campaign.Campaign) string {
	t.Helper()
	rows, err := items(t, w).Rows(t.Context(), c.ID, campaign.ItemFilter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var out []campaign.Item
	for _, r := range rows {
		i, err := items(t, w).Item(t.Context(), c.ID, r.SchoolID)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := i.Proposal(); err != nil {
			t.Fatal(err)
		} else if p != nil {
			p.ID, p.MadeAt = "", time.Time{}
			if i.Body, err = json.Marshal(p); err != nil {
				t.Fatal(err)
			}
		}
		i.RunID, i.MadeAt = "", time.Time{}
		out = append(out, i)
	}
	b, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// spoil makes a subscription of a school unreadable.
func spoil(t *testing.T, w *renewaltest.World, p renewaltest.Party) {
	t.Helper()
	if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE subscription SET period_to = 'mai' WHERE school_id = $1 AND product_id = 'prodotto-03'`, p.School.ID); err != nil {
		t.Fatal(err)
	}
}

// dying is a store of runs whose process is killed around the n-th step of the cursor: before its transaction commits, or
// right after.
type dying struct {
	campaign.RunStore
	mu     sync.Mutex
	at     int
	before bool
	dead   bool
}

var errKilled = errors.New("killed")

func (d *dying) Advance(ctx context.Context, r *campaign.Run, cursor string, t campaign.Tally) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at--
	if d.before && d.at == 0 {
		d.dead = true
		return false, errKilled
	}
	return d.RunStore.Advance(ctx, r, cursor, t)
}

func (d *dying) Run(ctx context.Context, id string) (*campaign.Run, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.before && d.at == 0 && !d.dead {
		d.dead = true
		return nil, errKilled
	}
	return d.RunStore.Run(ctx, id)
}

// A rehearsal that is killed around each of its chunks and goes on makes what one in one go makes; so does a publication.
func TestARunThatIsKilledAnywhere(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for range 5 {
			w.Join(t)
		}
		spoil(t, w, w.A)
		w.Seasons.Chunk = 2
		store := w.Seasons.Store
		whole := next(t, w, nil)
		run := do(t, w, whole, campaign.Rehearsal, campaign.Choice{})
		if run.Total != 7 || run.Done != 7 || run.Failed != 1 || run.Skipped != 0 || run.FinishedAt.IsZero() {
			t.Fatalf("in one go: %+v", run)
		}
		want := content(t, w, whole)
		for _, before := range []bool{true, false} {
			for at := 1; at <= 4; at++ {
				w.Now = w.Now.Add(time.Hour)
				w.Seasons.Store = &dying{RunStore: store, at: at, before: before}
				run := begin(t, w, whole, campaign.Rehearsal, campaign.Choice{})
				if err := w.Queue.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				killed := stands(t, w, run, campaign.Running)
				if done := min(7, 2*(at-1)); before && killed.Done != done {
					t.Errorf("killed before the commit of chunk %d, %d are done, want %d", at, killed.Done, done)
				}
				w.Now = w.Now.Add(time.Hour)
				if err := w.Queue.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := stands(t, w, run, campaign.Finished); got.Done != 7 || got.Failed != 1 {
					t.Errorf("resumed: %+v", got)
				}
				if got := content(t, w, whole); got != want {
					t.Errorf("killed at %d (before the commit: %v) and resumed, the rehearsal made\n%s\nin one go\n%s", at, before, got, want)
				}
			}
		}
		for at := 1; at <= 3; at++ {
			w.Now = w.Now.Add(time.Hour)
			w.Seasons.Store = &dying{RunStore: store, at: at, before: at%2 == 1}
			run := begin(t, w, whole, campaign.Publication, campaign.Choice{})
			for range 2 {
				if err := w.Queue.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				w.Now = w.Now.Add(time.Hour)
			}
			if got := stands(t, w, run, campaign.Finished); got.Total != 6 || got.Done != 6 || got.Skipped != 0 {
				t.Errorf("publication killed at %d: %+v", at, got)
			}
			w.Seasons.Store = store
			if got := do(t, w, whole, campaign.Withdrawal, campaign.Choice{}); got.Done != 6 || got.Skipped != 0 {
				t.Errorf("withdrawal: %+v", got)
			}
		}
	})
}

// Two processes on the same run, one of which had lost its lease: every school once.
func TestTwoProcessesOnARun(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for range 9 {
			w.Join(t)
		}
		w.Seasons.Chunk = 1
		c := next(t, w, nil)
		for _, kind := range []campaign.RunKind{campaign.Rehearsal, campaign.Publication, campaign.Withdrawal} {
			run := begin(t, w, c, kind, campaign.Choice{})
			var wg sync.WaitGroup
			for range 2 {
				wg.Go(func() {
					if err := w.Seasons.Work().Run(t.Context(), job.Job{Kind: campaign.RunJob, Args: []byte(`{"Run":"` + run.ID + `"}`)}); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if got := stands(t, w, run, campaign.Finished); got.Done != 11 || got.Skipped != 0 || got.Failed != 0 {
				t.Errorf("%s: %+v", kind, got)
			}
		}
		for _, e := range []event.Kind{event.Published, event.OfferWithdrawn} {
			if n := recorded(t, w, e); n != 11 {
				t.Errorf("%d events %s", n, e)
			}
		}
	})
}

func recorded(t *testing.T, w *renewaltest.World, kind event.Kind) int {
	t.Helper()
	var n int
	if err := w.DB.Reader(t.Context()).QueryRowContext(t.Context(), `SELECT count(*) FROM event WHERE kind = $1`, string(kind)).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestARunIsStoppedAndResumed(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		w.Join(t)
		w.Seasons.Chunk = 1
		c := next(t, w, nil)
		run := begin(t, w, c, campaign.Rehearsal, campaign.Choice{})
		for name, act := range map[string]func() error{
			"a clerk stops": func() error { return w.Seasons.Stop(t.Context(), w.Clerk, run.ID) },
			"a clerk starts": func() error {
				_, err := w.Seasons.Start(t.Context(), w.Clerk, c.ID, campaign.Rehearsal, campaign.Choice{})
				return err
			},
			"a clerk lets it resume": func() error { return w.Seasons.Resume(t.Context(), w.Clerk, run.ID) },
			"a school starts": func() error {
				_, err := w.Seasons.Start(t.Context(), w.A.Actor, c.ID, campaign.Rehearsal, campaign.Choice{})
				return err
			},
		} {
			if err := act(); rinnova.KindOf(err) != rinnova.Forbidden {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := w.Seasons.Stop(t.Context(), w.Manager, run.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, w, run, campaign.Stopped); got.Done != 0 {
			t.Errorf("%+v", got)
		}
		if err := w.Seasons.Sweep(t.Context()); err != nil { // leaves it alone
			t.Fatal(err)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		stands(t, w, run, campaign.Stopped)
		if err := w.Seasons.Resume(t.Context(), w.Manager, run.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Seasons.Start(t.Context(), w.Manager, c.ID, campaign.Rehearsal, campaign.Choice{}); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("a second run while one goes on: %v", err)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := stands(t, w, run, campaign.Finished); got.Done != 3 {
			t.Errorf("%+v", got)
		}
		left := begin(t, w, c, campaign.Rehearsal, campaign.Choice{})
		if err := w.Seasons.Stop(t.Context(), w.Manager, left.ID); err != nil {
			t.Fatal(err)
		}
		w.Now = w.Now.Add(time.Second)
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		for name, id := range map[string]string{"one that another has followed": left.ID, "one that has finished": run.ID} {
			if err := w.Seasons.Resume(t.Context(), w.Manager, id); rinnova.KindOf(err) != rinnova.Conflict {
				t.Errorf("%s is resumed: %v", name, err)
			}
		}
	})
}

// A run without a job, as a restored database may have one, is found by the sweep.
func TestTheSweepFindsRunsThatGotStuck(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		run := begin(t, w, next(t, w, nil), campaign.Rehearsal, campaign.Choice{})
		if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `DELETE FROM job`); err != nil {
			t.Fatal(err)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		stands(t, w, run, campaign.Running)
		if err := w.Seasons.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		stands(t, w, run, campaign.Finished)
	})
}

func TestPublicationInStages(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		clean, fewer, moved, opened := w.Join(t), w.Join(t), w.Join(t), w.Join(t)
		var all []renewaltest.Party
		for i, p := range []renewaltest.Party{clean, fewer, moved, opened} {
			p.School.TaxCode, p.School.Pupils, p.School.Region = fmt.Sprintf("9100230088%d", i), 700, "SICILIA"
			if i == 2 {
				p.School.ProvinceCode = "CT"
			}
			if err := w.Schools.Update(t.Context(), p.School); err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		}
		c := next(t, w, nil)
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		before := item(t, w, c, clean)

		// What changes between rehearsal and publication is named and left out.
		if _, err := w.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE subscription SET fee_cents = 1 WHERE school_id = $1 AND product_id = 'prodotto-02'`, fewer.School.ID); err != nil {
			t.Fatal(err)
		}
		if got := do(t, w, c, campaign.Publication, campaign.Choice{Schools: []string{clean.School.ID, fewer.School.ID}}); got.Total != 2 || got.Done != 2 || got.Skipped != 1 {
			t.Errorf("two picked: %+v", got)
		}
		if i := item(t, w, c, fewer); i.State != campaign.Changed || !strings.Contains(i.Detail, "cambiati dopo la prova") {
			t.Errorf("changed since: %+v", i)
		}
		published := item(t, w, c, clean)
		r, p, err := w.Requests.RequestAndProposal(t.Context(), published.RequestID)
		if err != nil {
			t.Fatal(err)
		}
		rehearsed, err := before.Proposal()
		if err != nil || published.State != campaign.Published || !reflect.DeepEqual(p, rehearsed) || r.Offered != before.Taxable || r.State != renewal.Offered {
			t.Errorf("published %+v\nrehearsed %+v\n%+v, %v", p, rehearsed, r, err)
		}
		if got := w.EventsAbout(t, r.ID); !slices.Equal(got, []event.Kind{event.Published}) {
			t.Errorf("events %v", got)
		}

		// Rehearsed again, all that is not published is made anew, and can be published: one province, then the rest.
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		if i := item(t, w, c, clean); i.State != campaign.Published || i.RequestID != r.ID || string(i.Body) != string(before.Body) {
			t.Errorf("a rehearsal touched what is published: %+v", i)
		}
		if got := do(t, w, c, campaign.Publication, campaign.Choice{Province: "CT"}); got.Done != 1 || item(t, w, c, moved).State != campaign.Published {
			t.Errorf("a province: %+v", got)
		}
		if got := do(t, w, c, campaign.Publication, campaign.Choice{Region: "SICILIA", First: 1}); got.Done != 1 || got.Skipped != 0 {
			t.Errorf("the first of a region: %+v", got)
		}
		do(t, w, c, campaign.Publication, campaign.Choice{})

		// What a school has opened stays; the rest goes as if it had never been, and comes back.
		o := item(t, w, c, opened)
		w.Now = w.Now.Add(time.Minute) // seasons are remembered for a moment
		if err := w.Renewals.ChooseBand(t.Context(), opened.Actor, o.RequestID, 3); err != nil {
			t.Fatal(err)
		}
		got := do(t, w, c, campaign.Withdrawal, campaign.Choice{})
		if got.Done != 6 || got.Skipped != 1 || item(t, w, c, opened).State != campaign.Published || !strings.Contains(item(t, w, c, opened).Detail, "aperta") {
			t.Errorf("withdrawal %+v of %+v", got, item(t, w, c, opened))
		}
		if i := item(t, w, c, clean); i.State != campaign.Withdrawn || i.RequestID != "" {
			t.Errorf("withdrawn: %+v", i)
		}
		if _, err := w.Renewals.View(t.Context(), clean.Actor, r.ID); rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("the school still sees it: %v", err)
		}
		if got := do(t, w, c, campaign.Publication, campaign.Choice{}); got.Done != 5 || got.Skipped != 0 {
			t.Errorf("published again: %+v", got)
		}
		if r, err := w.Requests.Request(t.Context(), item(t, w, c, clean).RequestID); err != nil || r.Number != "2028-"+clean.School.CustomerNumber {
			t.Errorf("%+v, %v", r, err)
		}
		for _, p := range all {
			if r, err := w.Requests.OfSchool(t.Context(), p.School.ID); err != nil || len(r) != 2 {
				t.Errorf("%s has %d requests, %v", p.School.PortalCode, len(r), err)
			}
		}
	})
}

// Schools open their requests while they are taken back: each keeps its request or has none, and is told.
func TestOpenedWhileTakenBack(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		var all []renewaltest.Party
		for range 12 {
			all = append(all, w.Join(t))
		}
		w.Seasons.Chunk = 1
		c := next(t, w, nil)
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		do(t, w, c, campaign.Publication, campaign.Choice{})
		for i := range all {
			all[i].Request = item(t, w, c, all[i]).RequestID
		}
		w.Now = w.Now.Add(time.Minute)
		run := begin(t, w, c, campaign.Withdrawal, campaign.Choice{})
		opened := make([]error, len(all))
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := w.Seasons.Work().Run(t.Context(), job.Job{Kind: campaign.RunJob, Args: []byte(`{"Run":"` + run.ID + `"}`)}); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			for i := range all {
				p := all[len(all)-1-i] // from the other end
				opened[len(all)-1-i] = w.Renewals.ChooseBand(t.Context(), p.Actor, p.Request, 1)
			}
		})
		wg.Wait()
		kept := 0
		for i, p := range all {
			x := item(t, w, c, p)
			r, err := w.Requests.Request(t.Context(), p.Request)
			switch {
			case opened[i] == nil:
				kept++
				if err != nil || r.State != renewal.Drafted || x.State != campaign.Published || x.RequestID != p.Request || x.Detail == "" {
					t.Errorf("opened: %+v, %v, %s %q", r, err, x.State, x.Detail)
				}
			case rinnova.KindOf(opened[i]) != rinnova.NotFound || rinnova.KindOf(err) != rinnova.NotFound || x.State != campaign.Withdrawn || x.RequestID != "":
				t.Errorf("not opened (%v): %v, %+v", opened[i], err, x.State)
			}
		}
		if got := stands(t, w, run, campaign.Finished); got.Done != 14 || got.Skipped != kept {
			t.Errorf("%+v, %d are kept", got, kept)
		}
	})
}

// Nothing is published from a draft, and nothing that was not rehearsed.
func TestWhatCannotBePublished(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		c := next(t, w, nil)
		if _, err := w.Seasons.Start(t.Context(), w.Manager, c.ID, campaign.Publication, campaign.Choice{}); rinnova.KindOf(err) != rinnova.Invalid {
			t.Errorf("nothing is rehearsed: %v", err)
		}
		list, err := w.Campaigns.Catalog.PriceList(t.Context(), c.PriceList)
		if err != nil {
			t.Fatal(err)
		}
		list.ID, list.Name, list.State, list.Origin = "bozza", "Listino 2028", catalog.Draft, catalog.Origin{List: c.PriceList, Raise: &catalog.Raise{Percent: 250}}
		if err := (catalogdb.Store{DB: w.DB}).AddPriceList(t.Context(), list, w.Now); err != nil {
			t.Fatal(err)
		}
		d := next(t, w, func(d *campaign.Campaign) { d.PriceList = list.ID })
		do(t, w, d, campaign.Rehearsal, campaign.Choice{})
		if p, err := ptr(item(t, w, d, w.A)).Proposal(); err != nil || p.Raise == nil || p.Raise.Percent != 250 {
			t.Errorf("the raise of the list: %+v, %v", p, err)
		}
		if _, err := w.Seasons.Start(t.Context(), w.Manager, d.ID, campaign.Publication, campaign.Choice{}); rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), "bozza") {
			t.Errorf("from a draft: %v", err)
		}
		do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		w.Now = time.Date(2026, 12, 16, 9, 0, 0, 0, time.UTC)
		if _, err := w.Seasons.Start(t.Context(), w.Manager, c.ID, campaign.Publication, campaign.Choice{}); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("after the close: %v", err)
		}
	})
}

func ptr[T any](v T) *T { return &v }

// Two campaigns of a kind for the same time, or times that overlap: a school keeps the first offer. Two of a year have
// different numbers.
func TestTwoCampaignsOfAKind(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		half := func(c *campaign.Campaign) { c.Period.From = rinnova.MustDate("2028-07-01") }
		late := func(c *campaign.Campaign) {
			c.Period.From, c.Period.To = rinnova.MustDate("2028-12-31"), rinnova.MustDate("2029-06-30")
		}
		first := next(t, w, func(c *campaign.Campaign) { c.Period.To = rinnova.MustDate("2028-12-30") })
		second, third := next(t, w, half), next(t, w, late)
		if first.Round != 1 || second.Round != 2 || third.Round != 3 {
			t.Errorf("rounds %d, %d, %d", first.Round, second.Round, third.Round)
		}
		for _, c := range []campaign.Campaign{first, second, third} {
			do(t, w, c, campaign.Rehearsal, campaign.Choice{})
		}
		do(t, w, first, campaign.Publication, campaign.Choice{Schools: []string{w.A.School.ID}})
		if got := do(t, w, second, campaign.Publication, campaign.Choice{}); got.Done != 2 || got.Skipped != 1 {
			t.Errorf("the second offers %+v", got)
		}
		do(t, w, second, campaign.Rehearsal, campaign.Choice{})
		if i := item(t, w, second, w.A); !slices.Contains(i.Oddities, campaign.OpenRequest) {
			t.Errorf("rehearsed again, the school has %v", i.Oddities)
		}
		if got := do(t, w, third, campaign.Publication, campaign.Choice{Schools: []string{w.A.School.ID}}); got.Skipped != 0 {
			t.Errorf("the third offers %+v", got)
		}
		numbers := map[string]string{}
		for _, x := range []struct {
			c campaign.Campaign
			p renewaltest.Party
		}{{first, w.A}, {second, w.B}, {third, w.A}} {
			r, err := w.Requests.Request(t.Context(), item(t, w, x.c, x.p).RequestID)
			if err != nil {
				t.Fatal(err)
			}
			numbers[x.c.ID] = r.Number
		}
		if want := map[string]string{first.ID: "2028-004512", second.ID: "2028-004513-2", third.ID: "2028-004512-3"}; !reflect.DeepEqual(numbers, want) {
			t.Errorf("numbers %v, want %v", numbers, want)
		}
	})
}
