package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"rinnova/internal/db"
	"rinnova/internal/db/dbtest"
)

func set(ctx context.Context, d *db.DB, name, value string) error {
	_, err := d.Writer(ctx).ExecContext(ctx, `INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, '2026-01-01 00:00:00') ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

func get(ctx context.Context, d *db.DB, name string) (string, error) {
	var v string
	err := d.Reader(ctx).QueryRowContext(ctx, `SELECT value FROM setting WHERE name = $1`, name).Scan(&v)
	return v, err
}

func TestTransactions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		stop := errors.New("stop")
		var after []string
		err := d.InTx(ctx, func(ctx context.Context) error {
			d.AfterCommit(ctx, func() { after = append(after, "rolled back") })
			if err := set(ctx, d, "a", "1"); err != nil {
				return err
			}
			if v, err := get(ctx, d, "a"); err != nil || v != "1" {
				t.Errorf("inside: %q, %v", v, err)
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if _, err := get(ctx, d, "a"); !db.IsNone(err) {
			t.Errorf("a rollback left the row: %v", err)
		}
		err = d.InTx(ctx, func(ctx context.Context) error {
			d.AfterCommit(ctx, func() { after = append(after, "committed") })
			return d.InTx(ctx, func(ctx context.Context) error { return set(ctx, d, "b", "2") }) // joins
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := get(ctx, d, "b"); err != nil || v != "2" {
			t.Errorf("after the commit: %q, %v", v, err)
		}
		if len(after) != 1 || after[0] != "committed" {
			t.Errorf("after commit: %v", after)
		}
		func() {
			defer func() { recover() }()
			d.InTx(ctx, func(ctx context.Context) error {
				set(ctx, d, "c", "3")
				panic("fault")
			})
		}()
		if _, err := get(ctx, d, "c"); !db.IsNone(err) {
			t.Errorf("a panic left the row: %v", err)
		}
	})
}

func TestManyWriters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if _, err := d.Writer(ctx).ExecContext(ctx, `INSERT INTO numbering (series, year, last) VALUES ('', 2027, 0)`); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		seen := make([]bool, 201)
		var mu sync.Mutex
		for range 8 {
			wg.Go(func() {
				for range 25 {
					var n int
					err := d.InTx(ctx, func(ctx context.Context) error {
						return d.Writer(ctx).QueryRowContext(ctx, `UPDATE numbering SET last = last + 1 WHERE series = '' AND year = 2027 RETURNING last`).Scan(&n)
					})
					mu.Lock()
					switch {
					case err != nil:
						t.Error(err)
					case n < 1 || n > 200 || seen[n]:
						t.Errorf("number %d twice or out of range", n)
					default:
						seen[n] = true
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
	})
}

func TestMigrateTwiceAndTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 1
		if d.Engine == db.PostgreSQL {
			n = 4
		}
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				if err := d.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

func TestPasswordStaysOutOfErrors(t *testing.T) {
	_, err := db.Open(t.Context(), "postgres://u:geheimnis@127.0.0.1:1/x?connect_timeout=1")
	if err == nil || strings.Contains(fmt.Sprint(err), "geheimnis") {
		t.Fatalf("error: %v", err)
	}
}

// A statement that is known from an earlier transaction runs in the present one: it sees its writes, and goes with it.
func TestKnownStatementsStayInTheirTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		stop := errors.New("stop")
		before := ""
		for i := range 4 {
			value := fmt.Sprint(i)
			var end error
			if i == 2 {
				end = stop
			}
			err := d.InTx(ctx, func(tx context.Context) error {
				if err := set(tx, d, "known", value); err != nil {
					return err
				}
				if v, err := get(tx, d, "known"); err != nil || v != value {
					t.Errorf("inside: %q, %v, want %q", v, err, value)
				}
				if v, err := get(ctx, d, "known"); v != before || err != nil && !db.IsNone(err) {
					t.Errorf("outside: %q, %v, want %q", v, err, before)
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Fatal(err)
			}
			if end == nil {
				before = value
			}
			if v, err := get(ctx, d, "known"); err != nil || v != before {
				t.Errorf("afterwards: %q, %v, want %q", v, err, before)
			}
		}
	})
}

// What waits for the end of a transaction runs in it, in order, also what is added then; an error undoes everything.
func TestBeforeCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, stop := t.Context(), errors.New("stop")
		type words struct{ said []string }
		for _, end := range []error{nil, stop} {
			var w *words
			err := d.InTx(ctx, func(ctx context.Context) error {
				w = db.Local[words](ctx, d)
				err := d.BeforeCommit(ctx, func(ctx context.Context) error {
					db.Local[words](ctx, d).said = append(w.said, "first")
					if err := set(ctx, d, "last", "1"); err != nil {
						return err
					}
					return d.BeforeCommit(ctx, func(context.Context) error { w.said = append(w.said, "third"); return end })
				})
				return errors.Join(err, d.BeforeCommit(ctx, func(context.Context) error { w.said = append(w.said, "second"); return nil }), set(ctx, d, "last", "0"))
			})
			if !errors.Is(err, end) || strings.Join(w.said, " ") != "first second third" {
				t.Errorf("%v: %v", err, w.said)
			}
			if v, err := get(ctx, d, "last"); err != nil || v != "1" {
				t.Errorf("%q, %v", v, err)
			}
			if _, err := d.Writer(ctx).ExecContext(ctx, `UPDATE setting SET value = '1'`); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.BeforeCommit(ctx, func(ctx context.Context) error { return errors.Join(set(ctx, d, "last", "2"), stop) }); !errors.Is(err, stop) {
			t.Errorf("without a transaction: %v", err)
		}
		if v, err := get(ctx, d, "last"); err != nil || v != "1" {
			t.Errorf("without a transaction: %q, %v", v, err)
		}
	})
}

// The log of SQLite does not grow for ever: a checkpoint empties it, once nobody reads what it hides any more.
func TestCheckpointEmptiesALongLog(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "rinnova.db")
	d, err := db.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := set(ctx, d, "before", "x"); err != nil {
		t.Fatal(err)
	}
	reading, err := d.Reader(ctx).QueryContext(ctx, `SELECT name FROM setting`)
	if err != nil || !reading.Next() {
		t.Fatal("nobody reads: ", err)
	}
	for i := range 40 {
		if err := set(ctx, d, fmt.Sprint("long ", i), strings.Repeat("x", 200_000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := reading.Close(); err != nil {
		t.Fatal(err)
	}
	if log := size(t, path+"-wal"); log < 8_000_000 {
		t.Fatalf("the log has %d bytes: this test tests nothing", log)
	}
	if err := d.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	if log := size(t, path+"-wal"); log != 0 {
		t.Errorf("after a checkpoint the log has %d bytes", log)
	}
	if v, err := get(ctx, d, "long 39"); err != nil || len(v) != 200_000 {
		t.Errorf("%d characters are left, %v", len(v), err)
	}
}

func size(t *testing.T, file string) int64 {
	t.Helper()
	f, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return f.Size()
}
