package eventdb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"rinnova"
	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
	"rinnova/internal/event"
	"rinnova/internal/event/eventdb"
)

// Transactions that lock other things in any order, and record several events each, make one chain without a gap; those that
// fail leave none.
func TestManyWritersMakeOneChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := eventdb.Store{DB: d}
		const writers, each = 8, 12
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					err := d.InTx(t.Context(), func(ctx context.Context) error {
						for n := range 1 + i%3 {
							if err := s.Record(ctx, event.Event{At: start, Kind: event.Confirmed, AboutID: fmt.Sprint(w, i, n)}); err != nil {
								return err
							}
							_, err := d.Writer(ctx).ExecContext(ctx, `INSERT INTO numbering (series, year, last) VALUES ($1, 2027, 1) ON CONFLICT (series, year) DO UPDATE SET last = numbering.last + 1`, fmt.Sprint(w))
							if err != nil {
								return err
							}
						}
						if i%4 == 3 {
							return errUndo
						}
						return nil
					})
					if err != nil && !errors.Is(err, errUndo) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		const want = writers * (4*(1+2+3) - (1 + 2 + 3)) // what those with i = 3, 7 and 11 recorded is gone with them
		if r := verify(t, t.Context(), s, nil); r.Damage != nil || r.Head.Seq != want {
			t.Errorf("%+v, %+v, want %d events", r.Head, r.Damage, want)
		}
	})
}

// What is added while the chain is checked is no damage.
func TestAChainIsCheckedWhileItGrows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := eventdb.Store{DB: d}
		fill(t, s, 5)
		r, err := s.Verify(t.Context(), nil, func(int64, int64) { fill(t, s, 1) })
		if err != nil || r.Damage != nil || r.Head.Seq != 5 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// An empty record is a whole chain.
func TestNoEventsAreAChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if r := verify(t, t.Context(), eventdb.Store{DB: d}, nil); r.Damage != nil || r.Head != (event.Head{}) {
			t.Errorf("%+v", r)
		}
	})
}

// The hash is what its description says: this one was computed from it by hand, with printf and sha256sum.
func TestTheHashIsAsDescribed(t *testing.T) {
	l := event.Link{Seq: 2, Prev: strings.Repeat("0", 64), Raw: `{"conferma":"1"}`, Event: event.Event{
		ID: "0199a3b2-c4d5-7000-8000-000000000001", At: time.Date(2026, 11, 20, 10, 51, 7, 120000000, time.FixedZone("", 3600)), Kind: event.Confirmed,
		Actor: rinnova.Actor{AccountID: "a", Username: "SUPERVISOR.SG00001", Name: "è", Role: rinnova.RoleSchool}, SchoolID: "s", AboutID: "r"}}
	const want = "4c370390c1cbaadd6b514a643360b5aca9492e1f9cd757317b559a33353dc313"
	if got := l.Digest(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Events from before there was a chain get their place and hashes, once.
func TestEventsFromBeforeTheChain(t *testing.T) {
	each := map[string]func(t *testing.T) (driver, address string){
		"sqlite": func(t *testing.T) (string, string) { return "sqlite", filepath.Join(t.TempDir(), "old.db") },
		"postgresql": func(t *testing.T) (string, string) {
			if testing.Short() {
				t.Skip("PostgreSQL: not among the quick tests")
			}
			return "pgx", dbtest.PostgreSQLURL(t)
		},
	}
	for name, place := range each {
		t.Run(name, func(t *testing.T) {
			driver, address := place(t)
			old(t, driver, address, 2345)
			d, err := db.Open(t.Context(), address)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if err := d.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			s := eventdb.Store{DB: d}
			if err := s.Record(t.Context(), event.Event{At: start, Kind: event.Confirmed}); err == nil {
				t.Error("an event follows one without a hash")
			}
			for range 2 {
				if err := s.ChainOld(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			fill(t, s, 1)
			if r := verify(t, t.Context(), s, nil); r.Damage != nil || r.Head.Seq != 2346 {
				t.Errorf("%+v, %+v", r.Head, r.Damage)
			}
			all, err := s.About(t.Context(), "old", 3000)
			if err != nil || len(all) != 2345 || all[0].Data["n"] != "2344" || !all[0].At.Equal(start.Add(2344*time.Second).Truncate(time.Microsecond)) {
				t.Errorf("%d old events, the last is %+v, %v", len(all), all[0], err)
			}
		})
	}
}

// old makes a database as it was before the chain, with n events.
func old(t *testing.T, driver, address string, n int) {
	t.Helper()
	c, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	dialect := goose.DialectSQLite3
	if driver == "pgx" {
		dialect = goose.DialectPostgres
		if _, err := c.ExecContext(t.Context(), `DROP SCHEMA public CASCADE; CREATE SCHEMA public`); err != nil {
			t.Fatal(err)
		}
	}
	p, err := goose.NewProvider(dialect, c, os.DirFS("../../db/migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	tx, err := c.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for i := range n {
		at := start.Add(time.Duration(i) * time.Second).Truncate(time.Microsecond)
		_, err := tx.ExecContext(t.Context(), `INSERT INTO event (id, at, kind, actor_id, actor_name, actor_role, school_id, about_id, data) VALUES ($1, $2, 'request.confirmed', '', '', '', '', 'old', $3)`,
			rinnova.NewID(at), at.Format("2006-01-02 15:04:05.999999-07:00"), fmt.Sprintf(`{"n":"%d"}`, i))
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
