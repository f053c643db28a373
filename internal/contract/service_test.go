package contract_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/school"
)

// order is an order that passes every check, of a school that knows that others have the same CIG.
func order() renewal.OrderForm {
	o := renewaltest.Order()
	o.Acknowledged = []string{"cig.other_school:" + o.CIG}
	return o
}

// confirmed is a school that has confirmed once.
func confirmed(t *testing.T, w *renewaltest.World) renewaltest.Party {
	t.Helper()
	p := w.Join(t)
	w.Confirm(t, p, order(), renewaltest.StartTicks()...)
	return p
}

func process(t *testing.T, w *renewaltest.World, p renewaltest.Party) *contract.Contract {
	t.Helper()
	c, err := w.Contracts.Process(t.Context(), w.Clerk, p.Request, w.Request(t, p).Revision)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantConflict(t *testing.T, what string, err error) {
	t.Helper()
	if rinnova.KindOf(err) != rinnova.Conflict {
		t.Errorf("%s: %v, want a conflict", what, err)
	}
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestProcessFreezesTheRequestAndNumbersIt(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		rev := w.Confirm(t, w.A, renewaltest.Order(), renewaltest.StartTicks()...)
		if err := w.Renewals.Save(t.Context(), w.A.Actor, w.A.Request, renewal.Draft{Band: 4, Ticks: []string{"p1"}}); err != nil { // does not count
			t.Fatal(err)
		}
		w.Now = w.Now.Add(time.Minute)
		c := process(t, w, w.A)
		stored, err := w.Lists.Contract(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if c.Number != "2026/000001" || stored.State != contract.Numbered || stored.File != (contract.File{}) || stored.Revision != 1 {
			t.Errorf("contract %+v", stored)
		}
		d := stored.Document
		if d.Totals.Taxable != rev.Totals.Taxable || d.Totals.Taxable != 2_570_00 || len(d.Lines) != len(rev.Ticks) || d.Date != rinnova.MustDate("2026-11-20") ||
			d.Order.CIG != renewaltest.GoodCIG || d.School.TaxCode != w.A.School.TaxCode || d.Split == "" || d.StampDuty == "" || len(d.VerifyCode) != 12 {
			t.Errorf("document %+v", d)
		}
		if !d.At.Equal(w.Now) || !d.At.Equal(stored.NumberedAt) {
			t.Errorf("its paper says that it was numbered at %s, it was at %s", d.At, w.Now)
		}
		if !reflect.DeepEqual(d, c.Document) {
			t.Errorf("stored\n%v, made\n%v", d, c.Document)
		}
		r := w.Request(t, w.A)
		if r.State != renewal.Processed || r.Pending || r.Taken.By != w.Clerk.AccountID {
			t.Errorf("request %+v", r)
		}
		for name, err := range map[string]error{
			"saving":    w.Renewals.Save(t.Context(), w.A.Actor, w.A.Request, renewal.Draft{Band: 1}),
			"restoring": w.Renewals.Restore(t.Context(), w.A.Actor, w.A.Request, 1),
			"undoing":   w.Renewals.Undo(t.Context(), w.A.Actor, w.A.Request),
			"taking":    w.Renewals.TakeInCharge(t.Context(), w.Clerk, w.A.Request, 1, ""),
		} {
			wantConflict(t, name, err)
		}
		_, err = w.Contracts.Process(t.Context(), w.Clerk, w.A.Request, 1)
		wantConflict(t, "processing again", err)
		if got := w.EventsAbout(t, w.A.Request); !slices.Equal(got, []event.Kind{event.Confirmed, event.Processed}) {
			t.Errorf("events %v", got)
		}
	})
}

func TestTheYearOfANumberIsRomes(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		var parties []renewaltest.Party
		for range 5 {
			parties = append(parties, confirmed(t, w))
		}
		for i, c := range []struct{ at, number string }{
			{"2026-12-31T22:59:58Z", "2026/000001"},
			{"2026-12-31T22:59:59Z", "2026/000002"},
			{"2026-12-31T23:00:00Z", "2027/000001"}, // midnight in Rome
			{"2027-01-01T00:00:00Z", "2027/000002"},
			{"2026-12-31T22:59:59Z", "2026/000003"}, // the clock was set back
		} {
			w.Now = at(t, c.at)
			if got := process(t, w, parties[i]); got.Number != c.number || got.Document.Date.Year != got.Year {
				t.Errorf("at %s: %s of %s, want %s", c.at, got.Number, got.Document.Date, c.number)
			}
		}
	})
}

func TestServicesHaveASeriesOfTheirOwn(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		services := w.Offer(t, w.A)
		w.Confirm(t, services, renewaltest.Order(), renewaltest.Web, renewaltest.Mail)
		w.Confirm(t, w.A, acknowledged("cig.last_year"), renewaltest.Alunni)
		for _, x := range []struct {
			p    renewaltest.Party
			want string
		}{{services, "S-2026/000001"}, {w.A, "2026/000001"}, {confirmed(t, w), "2026/000002"}} {
			if got := process(t, w, x.p); got.Number != x.want {
				t.Errorf("%s, want %s", got.Number, x.want)
			}
		}
		c, err := w.Lists.ByRequest(t.Context(), services.Request)
		if err != nil {
			t.Fatal(err)
		}
		d := c.Document
		if d.Kind != renewal.Services || !d.Band.IsZero() || d.Cap != nil || d.Terms.Version != "S-2026-01" || d.Request != "2026-S004512" ||
			d.Totals.Taxable != 350_00+110_00 || c.FileName() != "contratto-S-2026-000001.pdf" {
			t.Errorf("%s: %+v", c.FileName(), d)
		}
	})
}

func acknowledged(code string) renewal.OrderForm {
	o := renewaltest.Order()
	o.Acknowledged = []string{code + ":" + o.CIG}
	return o
}

func TestARollbackGivesTheNumberBack(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		a, b := confirmed(t, w), confirmed(t, w)
		stop := errors.New("stop")
		for range 3 {
			err := w.Lists.InTx(t.Context(), func(ctx context.Context) error {
				if _, err := w.Contracts.Process(ctx, w.Clerk, a.Request, 1); err != nil {
					return err
				}
				return stop
			})
			if !errors.Is(err, stop) {
				t.Fatal(err)
			}
		}
		if r := w.Request(t, a); r.State != renewal.Submitted {
			t.Errorf("%s after a rollback", r.State)
		}
		if c := process(t, w, b); c.Number != "2026/000001" {
			t.Errorf("number %s", c.Number)
		}
		if c := process(t, w, a); c.Number != "2026/000002" {
			t.Errorf("number %s", c.Number)
		}
	})
}

// ended plays a key whose certificate is over.
type ended struct{ contract.Signer }

func (ended) Ready() error {
	return rinnova.Fail(rinnova.Conflict, "Il certificato di firma è scaduto.")
}

// What was numbered before its key ended waits without a word, and is signed when a good one comes.
func TestANumberedContractWaitsForAGoodKey(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p, signer := confirmed(t, w), w.Contracts.Signer
		c, err := w.Contracts.Process(t.Context(), w.Clerk, p.Request, 1)
		if err != nil {
			t.Fatal(err)
		}
		work := func() contract.State {
			t.Helper()
			if err := errors.Join(w.Queue.Drain(t.Context()), w.Contracts.Sweep(t.Context()), w.Queue.Drain(t.Context())); err != nil {
				t.Fatal(err)
			}
			c, err := w.Contracts.Store.Contract(t.Context(), c.ID)
			if err != nil {
				t.Fatal(err)
			}
			return c.State
		}
		w.Contracts.Signer = ended{signer}
		for range 3 {
			if state := work(); state != contract.Numbered {
				t.Fatalf("with a key that has ended it is %s", state)
			}
			w.Now = w.Now.Add(48 * time.Hour)
		}
		w.Contracts.Signer = signer
		if state := work(); state == contract.Numbered {
			t.Error("with a good key it still waits")
		}
	})
}

func TestWhatAContractNeeds(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p := confirmed(t, w)
		signer := w.Contracts.Signer
		for name, c := range map[string]struct {
			spoil, mend func() error
			says        string
		}{
			"no tax code": {
				func() error {
					return w.Schools.Update(t.Context(), without(p, func(p *renewaltest.Party) { p.School.TaxCode = "" }))
				},
				func() error { return w.Schools.Update(t.Context(), p.School) }, "codice fiscale",
			},
			"no e-mail": {
				func() error {
					return w.Schools.Update(t.Context(), without(p, func(p *renewaltest.Party) { p.School.Email = "" }))
				},
				func() error { return w.Schools.Update(t.Context(), p.School) }, "e-mail",
			},
			"no key": {
				func() error { w.Contracts.Signer = nil; return nil },
				func() error { w.Contracts.Signer = signer; return nil }, "chiave di firma",
			},
			"a key that has ended": {
				func() error { w.Contracts.Signer = ended{Signer: signer}; return nil },
				func() error { w.Contracts.Signer = signer; return nil }, "è scaduto",
			},
			"no IBAN": {
				func() error {
					v := renewaltest.Vendor()
					v.IBAN = ""
					return w.Vendors.Save(t.Context(), rinnova.System, v)
				},
				func() error { return w.Vendors.Save(t.Context(), rinnova.System, renewaltest.Vendor()) }, "IBAN",
			},
		} {
			if err := c.spoil(); err != nil {
				t.Fatal(err)
			}
			_, err := w.Contracts.Process(t.Context(), w.Clerk, p.Request, 1)
			wantConflict(t, name, err)
			if err != nil && !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("%s: %v, want it to name %q", name, err, c.says)
			}
			if r := w.Request(t, p); r.State != renewal.Submitted || r.Taken.By != "" {
				t.Errorf("%s: refused, and the request is %s", name, r.State)
			}
			if err := c.mend(); err != nil {
				t.Fatal(err)
			}
		}
		if c := process(t, w, p); c.Number != "2026/000001" {
			t.Errorf("refusals used up numbers: %s", c.Number)
		}
	})
}

func without(p renewaltest.Party, spoil func(*renewaltest.Party)) school.School {
	spoil(&p)
	return p.School
}

func TestManyClerksAtOnce(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		var parties []renewaltest.Party
		for range 6 {
			parties = append(parties, confirmed(t, w))
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		numbers := map[string]int{}
		for i := range 18 { // three clerks press the button for each request
			wg.Go(func() {
				c, err := w.Contracts.Process(t.Context(), w.Clerk, parties[i%6].Request, 1)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					numbers[c.Number]++
				case rinnova.KindOf(err) != rinnova.Conflict:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i := range 6 {
			if n := fmt.Sprintf("2026/%06d", i+1); numbers[n] != 1 {
				t.Errorf("%s came out %d times", n, numbers[n])
			}
		}
		if len(numbers) != 6 {
			t.Errorf("numbers %v", numbers)
		}
	})
}

func TestFromTheNumberToTheMail(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p := confirmed(t, w)
		w.Now = w.Now.Add(time.Second)
		c := process(t, w, p)
		_, _, err := w.Contracts.Open(t.Context(), w.Clerk, c.ID, c.FileName())
		wantConflict(t, "opening it before it is signed", err)
		w.Now = w.Now.Add(time.Second)
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.Now = w.Now.Add(time.Second)
		opened, data, err := w.Contracts.Open(t.Context(), p.Actor, c.ID, c.FileName())
		if err != nil {
			t.Fatal(err)
		}
		if opened.State != contract.Signed || opened.File.Size != int64(len(data)) || !strings.Contains(string(data), c.Number) {
			t.Errorf("%s, %+v", opened.State, opened.File)
		}
		if len(w.Sent) != 1 || w.Sent[0].File != opened.File {
			t.Errorf("mailed %+v", w.Sent)
		}
		_, _, err = w.Contracts.Open(t.Context(), w.A.Actor, c.ID, c.FileName())
		if rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("another school: %v", err)
		}
		_, _, err = w.Contracts.Open(t.Context(), rinnova.Actor{}, c.ID, c.FileName())
		if rinnova.KindOf(err) != rinnova.NotFound {
			t.Errorf("nobody: %v", err)
		}
		w.Now = w.Now.Add(time.Second)
		for range 2 { // told twice, marked once
			if err := w.Contracts.MailSent(t.Context(), c.ID); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Contracts.MailFailed(t.Context(), c.ID); err != nil { // too late
			t.Fatal(err)
		}
		if c, err = w.Lists.Contract(t.Context(), c.ID); err != nil || c.State != contract.Sent || !c.SentAt.Equal(w.Now.Truncate(time.Microsecond)) {
			t.Errorf("%s at %v, %v", c.State, c.SentAt, err)
		}
		want := []event.Kind{event.Confirmed, event.Processed, event.ContractSigned, event.ContractFetched, event.ContractSent}
		if got := w.EventsAbout(t, p.Request); !slices.Equal(got, want) {
			t.Errorf("events %v, want %v", got, want)
		}
	})
}

func TestAMailThatFailedIsShown(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p := confirmed(t, w)
		c := w.Process(t, p)
		w.Now = w.Now.Add(time.Second)
		if err := w.Contracts.MailFailed(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		c, err := w.Lists.Contract(t.Context(), c.ID)
		if err != nil || c.State != contract.Undelivered {
			t.Errorf("%s, %v", c.State, err)
		}
		if got := w.EventsAbout(t, p.Request); got[len(got)-1] != event.ContractNotSent {
			t.Errorf("events %v", got)
		}
		if _, _, err := w.Contracts.Open(t.Context(), p.Actor, c.ID, c.FileName()); err != nil {
			t.Errorf("the school cannot fetch it: %v", err)
		}
	})
}

func TestAnAlteredFileIsNotGivenOut(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		c := w.Process(t, confirmed(t, w))
		name := filepath.Join(w.Folder, "files", filepath.FromSlash(c.File.Key))
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)/2] ^= 1
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, got, err := w.Contracts.Open(t.Context(), w.Clerk, c.ID, c.FileName()); err == nil || got != nil || rinnova.KindOf(err) != rinnova.Unavailable {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Contracts.Open(t.Context(), w.Clerk, c.ID, c.FileName()); err == nil {
			t.Error("a file that is gone was given out")
		}
	})
}

// broken is a printer or a signer that fails for a while, in one of its steps.
type broken struct {
	contract.Printer
	contract.Signer
	step string
}

func (b *broken) Contract(d contract.Document) ([]byte, error) {
	if b.step == "draw" {
		return nil, errors.New("no paper")
	}
	return b.Printer.Contract(d)
}

func (b *broken) Sign(ctx context.Context, pdf []byte, reason string) ([]byte, error) {
	switch b.step {
	case "sign":
		return nil, errors.New("no key")
	case "alter":
		return append(slices.Clone(pdf), "nothing"...), nil
	}
	return b.Signer.Sign(ctx, pdf, reason)
}

func TestNothingUnsignedLeaves(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		b := &broken{Printer: w.Contracts.Printer, Signer: w.Contracts.Signer}
		w.Contracts.Printer, w.Contracts.Signer = b, b
		for i, step := range []string{"draw", "sign"} {
			b.step = step
			c := w.Process(t, confirmed(t, w))
			if c.State != contract.Numbered || len(w.Sent) != i {
				t.Errorf("%s: %s, %d mails", step, c.State, len(w.Sent))
			}
			b.step = ""
			w.Now = w.Now.Add(2 * time.Second) // the job's next attempt
			if err := w.Queue.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			c, err := w.Lists.Contract(t.Context(), c.ID)
			if err != nil || c.State != contract.Signed || len(w.Sent) != i+1 {
				t.Errorf("after %s: %s, %d mails, %v", step, c.State, len(w.Sent), err)
			}
		}
		b.step = "alter"
		c := w.Process(t, confirmed(t, w))
		if c.State != contract.Numbered || len(w.Sent) != 2 {
			t.Errorf("a bad signature: %s, %d mails", c.State, len(w.Sent))
		}
	})
}

// A run that was killed after keeping the file finds it: signing again would make a second original.
func TestTheFileThatIsKeptIsTheOriginal(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p := confirmed(t, w)
		c := process(t, w, p)
		pdf, err := w.Contracts.Printer.Contract(c.Document)
		if err != nil {
			t.Fatal(err)
		}
		first, err := w.Contracts.Signer.Sign(t.Context(), append(pdf, " at an earlier second"...), "")
		if err != nil {
			t.Fatal(err)
		}
		key := "contracts/2026/contratto-2026-000001-" + c.ID + ".pdf"
		if err := w.Contracts.Files.Put(t.Context(), key, first); err != nil {
			t.Fatal(err)
		}
		if err := w.Queue.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, data, err := w.Contracts.Open(t.Context(), w.Clerk, c.ID, c.FileName())
		if err != nil || string(data) != string(first) {
			t.Errorf("the original is another file now (%v)", err)
		}
	})
}

func TestTheSweepFindsLostJobs(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		ctx := t.Context()
		signed := w.Process(t, confirmed(t, w))
		lost, givenUp := process(t, w, confirmed(t, w)), process(t, w, confirmed(t, w))
		for statement, id := range map[string]string{
			`DELETE FROM job WHERE unique_key = $1`: lost.ID, `UPDATE job SET state = 'discarded' WHERE unique_key = $1`: givenUp.ID,
		} {
			if _, err := w.DB.Writer(ctx).ExecContext(ctx, statement, contract.SignJob+":"+id); err != nil {
				t.Fatal(err)
			}
		}
		sweep := func(after time.Duration) (states []contract.State) {
			w.Now = w.Now.Add(after)
			if err := errors.Join(w.Contracts.Sweep(ctx), w.Queue.Drain(ctx)); err != nil {
				t.Fatal(err)
			}
			for _, c := range []*contract.Contract{signed, lost, givenUp} {
				now, err := w.Lists.Contract(ctx, c.ID)
				if err != nil {
					t.Fatal(err)
				}
				states = append(states, now.State)
			}
			return states
		}
		if got := sweep(9 * time.Minute); !slices.Equal(got, []contract.State{contract.Signed, contract.Numbered, contract.Numbered}) {
			t.Errorf("too early: %v", got)
		}
		if got := sweep(2 * time.Minute); !slices.Equal(got, []contract.State{contract.Signed, contract.Signed, contract.Signed}) {
			t.Errorf("after the sweep: %v", got)
		}
		if stuck, err := w.Lists.Stuck(ctx, w.Now.Add(time.Hour), 100); err != nil || len(stuck) != 0 {
			t.Errorf("still stuck: %v, %v", stuck, err)
		}
	})
}
