package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"modernc.org/sqlite"
)

// Conn is what generated queries run on: a pool or a transaction.
type Conn interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	PrepareContext(context.Context, string) (*sql.Stmt, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

type txKey struct{ d *DB }

type txState struct {
	conn   Conn
	last   []func(context.Context) error // right before the commit
	commit []func()                      // after it
	local  map[any]any
}

// InTx runs fn in a transaction that travels in fn's context; inside another InTx it joins that one. An error or a panic
// rolls everything back.
func (d *DB) InTx(ctx context.Context, fn func(context.Context) error) error {
	if d.tx(ctx) != nil {
		return fn(ctx)
	}
	tx, err := d.write.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // after a commit it does nothing
	state := &txState{conn: tx}
	if d.write.cache != nil {
		prepared := d.write.in(tx)
		state.conn = prepared
		state.commit = append(state.commit, func() { d.write.learn(ctx, prepared.unknown) })
	}
	inside := context.WithValue(ctx, txKey{d}, state)
	if err := fn(inside); err != nil {
		return err
	}
	if err := state.finish(inside); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range state.commit {
		f()
	}
	return nil
}

// finish runs what waits for the end of the transaction, also what is added meanwhile.
func (s *txState) finish(ctx context.Context) error {
	for len(s.last) > 0 {
		f := s.last[0]
		s.last = s.last[1:]
		if err := f(ctx); err != nil {
			return err
		}
	}
	return nil
}

// BeforeCommit runs f at the end of the transaction of ctx, right before its commit; an error rolls everything back. What
// locks a row that all transactions want belongs here: the lock is taken last, so that none waits for another in a ring,
// and held shortest. Where there is no transaction, f has one of its own, at once.
func (d *DB) BeforeCommit(ctx context.Context, f func(context.Context) error) error {
	if s := d.tx(ctx); s != nil {
		s.last = append(s.last, f)
		return nil
	}
	return d.InTx(ctx, f)
}

// Local is the value of type T that belongs to the transaction of ctx: zero at first, the same for all who ask in it, gone
// with it. There must be a transaction.
func Local[T any](ctx context.Context, d *DB) *T {
	s := d.tx(ctx)
	key := reflect.TypeFor[T]()
	if v, ok := s.local[key]; ok {
		return v.(*T)
	}
	if s.local == nil {
		s.local = map[any]any{}
	}
	v := new(T)
	s.local[key] = v
	return v
}

// AfterCommit runs f once the transaction of ctx has been committed, or at once where there is none.
func (d *DB) AfterCommit(ctx context.Context, f func()) {
	if s := d.tx(ctx); s != nil {
		s.commit = append(s.commit, f)
		return
	}
	f()
}

func (d *DB) tx(ctx context.Context) *txState {
	s, _ := ctx.Value(txKey{d}).(*txState)
	return s
}

// Writer is the transaction of ctx, else the writing pool.
func (d *DB) Writer(ctx context.Context) Conn {
	if s := d.tx(ctx); s != nil {
		return d.watching(s.conn)
	}
	return d.watching(d.write)
}

// Reader is the transaction of ctx, else the reading pool.
func (d *DB) Reader(ctx context.Context) Conn {
	if s := d.tx(ctx); s != nil {
		return d.watching(s.conn)
	}
	return d.watching(d.read)
}

// IsNone tells whether err says that a query found no row.
func IsNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// IsTaken tells whether err says that a unique index refused a row, on either engine.
func IsTaken(err error) bool {
	if err == nil {
		return false
	}
	s := err.Error()
	return strings.Contains(s, "UNIQUE constraint failed") || strings.Contains(s, "SQLSTATE 23505")
}

// busy is SQLite's code for a database that another process writes in (SQLITE_BUSY).
const busy = 5

// IsBusy tells whether err says that another process kept the writer of SQLite for longer than a statement waits: nothing was done, and
// trying again helps.
func IsBusy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == busy
}

// Instant is a nullable column of time: the zero time is NULL.
func Instant(t time.Time) sql.NullTime { return sql.NullTime{Time: t.UTC(), Valid: !t.IsZero()} }
