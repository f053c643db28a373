package db

import (
	"context"
	"database/sql"
	"sync"
)

// conn is a pool that, on SQLite, keeps the prepared form of every statement: parsing costs as much as running there.
// The statements of the program are few and fixed, so the cache never grows. (pgx keeps its own.)
type conn struct {
	db    *sql.DB
	cache *sync.Map // query → *sql.Stmt; nil: none
}

func newConn(db *sql.DB, prepare bool) *conn {
	c := &conn{db: db}
	if prepare {
		c.cache = &sync.Map{}
	}
	return c
}

func (c *conn) close() error {
	if c.cache != nil {
		c.cache.Range(func(_, s any) bool {
			s.(*sql.Stmt).Close()
			return true
		})
	}
	return c.db.Close()
}

func (c *conn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.cache.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	// Not bound to ctx: the statement outlives the request that first needs it.
	s, err := c.db.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, err
	}
	if old, taken := c.cache.LoadOrStore(query, s); taken {
		s.Close()
		return old.(*sql.Stmt), nil
	}
	return s, nil
}

// ExecContext runs a statement.
func (c *conn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if c.cache == nil {
		return c.db.ExecContext(ctx, query, args...)
	}
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// PrepareContext prepares a statement that the caller closes.
func (c *conn) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return c.db.PrepareContext(ctx, query)
}

// QueryContext runs a query.
func (c *conn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if c.cache == nil {
		return c.db.QueryContext(ctx, query, args...)
	}
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext runs a query of one row.
func (c *conn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if c.cache == nil {
		return c.db.QueryRowContext(ctx, query, args...)
	}
	s, err := c.stmt(ctx, query)
	if err != nil {
		return c.db.QueryRowContext(ctx, query, args...) // reports the error in its own way
	}
	return s.QueryRowContext(ctx, args...)
}

// in is the same inside a transaction.
func (c *conn) in(tx *sql.Tx) *txConn {
	return &txConn{tx: tx, pool: c.cache, cache: map[string]*sql.Stmt{}}
}

// learn prepares statements that a transaction met for the first time. Inside it they could not be prepared on the pool:
// that would have waited for the one writing connection, which the transaction held.
func (c *conn) learn(ctx context.Context, queries []string) {
	for _, q := range queries {
		if _, err := c.stmt(ctx, q); err != nil {
			return // the next transaction prepares it again
		}
	}
}

// txConn uses the pool's prepared statements, and prepares each other one once: bulk work repeats the same few.
type txConn struct {
	tx      *sql.Tx
	pool    *sync.Map // query → *sql.Stmt
	cache   map[string]*sql.Stmt
	unknown []string // to the pool
}

func (c *txConn) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.cache[query]; ok {
		return s, nil
	}
	if s, ok := c.pool.Load(query); ok {
		c.cache[query] = c.tx.StmtContext(ctx, s.(*sql.Stmt)) // closed with the transaction, as is the other one
		return c.cache[query], nil
	}
	s, err := c.tx.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.cache[query] = s
	c.unknown = append(c.unknown, query)
	return s, nil
}

func (c *txConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (c *txConn) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return c.tx.PrepareContext(ctx, query)
}

func (c *txConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (c *txConn) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := c.stmt(ctx, query)
	if err != nil {
		return c.tx.QueryRowContext(ctx, query, args...)
	}
	return s.QueryRowContext(ctx, args...)
}
