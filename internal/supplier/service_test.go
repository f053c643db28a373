package supplier_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event/eventdb"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/supplierdb"
)

// counting counts how often the settings are read.
type counting struct {
	supplier.Store
	reads atomic.Int64
	fails atomic.Bool
}

func (c *counting) Profile(ctx context.Context) (supplier.Profile, error) {
	c.reads.Add(1)
	if c.fails.Load() {
		return supplier.Profile{}, errors.New("the database went away")
	}
	return c.Store.Profile(ctx)
}

func TestSettingsAreRememberedForAMoment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)
		clock := func() time.Time { return now }
		store := &counting{Store: supplierdb.Store{DB: d}}
		one := &supplier.Service{Store: store, Events: eventdb.Store{DB: d}, Clock: clock}
		other := &supplier.Service{Store: supplierdb.Store{DB: d}, Events: eventdb.Store{DB: d}, Clock: clock} // another process
		name := func(want string) {
			t.Helper()
			if p, err := one.Profile(t.Context()); err != nil || p.Name != want {
				t.Fatalf("%q, %v, want %q", p.Name, err, want)
			}
		}
		name("") // an installation starts without
		if err := one.Save(t.Context(), rinnova.System, supplier.Profile{Name: "Uno", PaymentTerms: supplier.DefaultPaymentTerms()}); err != nil {
			t.Fatal(err)
		}
		name("Uno") // one's own change at once
		before := store.reads.Load()
		for range 100 {
			name("Uno")
		}
		if n := store.reads.Load() - before; n != 0 {
			t.Errorf("%d readings within a moment", n)
		}
		if err := other.Save(t.Context(), rinnova.System, supplier.Profile{Name: "Due"}); err != nil {
			t.Fatal(err)
		}
		name("Uno")
		now = now.Add(2 * time.Second)
		name("Due") // another's after two seconds
		now = now.Add(-time.Hour)
		name("Due") // the clock was set back: read again
		now = now.Add(time.Hour)
		store.fails.Store(true)
		if _, err := one.Profile(t.Context()); err == nil {
			t.Error("a reading that failed gave settings")
		}
	})
}

// What a school chooses and what its contract says are one deadline, which the law allows: other settings are not saved.
func TestPaymentTerms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &supplier.Service{Store: supplierdb.Store{DB: d}, Events: eventdb.Store{DB: d}, Clock: time.Now}
		save := func(code string, change func(*supplier.PaymentTerm)) error {
			terms := supplier.DefaultPaymentTerms()
			for i := range terms {
				if terms[i].Code == code {
					change(&terms[i])
				}
			}
			return s.Save(t.Context(), rinnova.System, supplier.Profile{Name: "Uno", PaymentTerms: terms})
		}
		for name, x := range map[string]struct {
			code   string
			change func(*supplier.PaymentTerm)
			want   string
		}{
			"60 without a reason":     {"60", func(p *supplier.PaymentTerm) { p.Reason = " " }, "motivo scritto"},
			"the end of the month":    {"30fm", func(p *supplier.PaymentTerm) { p.Reason = "" }, "motivo scritto"},
			"more than the law":       {"60", func(p *supplier.PaymentTerm) { p.Deadline.Days = 61 }, "fra 1 e 60 giorni"},
			"no deadline":             {"30", func(p *supplier.PaymentTerm) { p.Deadline.Days = 0 }, "fra 1 e 60 giorni"},
			"another one in the name": {"30", func(p *supplier.PaymentTerm) { p.Name = "Unica soluzione, 30 giorni data fattura" }, "lo stesso termine"},
			"another in the contract": {"30", func(p *supplier.PaymentTerm) { p.Clause = strings.ReplaceAll(p.Clause, "30 giorni", "60 giorni") }, "lo stesso termine"},
		} {
			if err := save(x.code, x.change); rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), x.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if p, err := s.Profile(t.Context()); err != nil || p.Name != "" {
			t.Errorf("something was saved: %q, %v", p.Name, err)
		}
		if err := save("30", func(p *supplier.PaymentTerm) { p.Reason = "non serve" }); err != nil {
			t.Error(err)
		}
	})
}

// Many transactions that each need the settings, more than the database has connections: none waits for another for ever.
func TestTransactionsDoNotWaitForEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var tick atomic.Int64
		clock := func() time.Time { return time.Unix(tick.Add(10), 0) } // nothing is ever fresh
		s := &supplier.Service{Store: supplierdb.Store{DB: d}, Events: eventdb.Store{DB: d}, Clock: clock}
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				read := func(ctx context.Context) error { _, err := s.Profile(ctx); return err }
				for range 10 {
					err := read(ctx)
					if i%2 == 0 {
						err = d.InTx(ctx, read)
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}
