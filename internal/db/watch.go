package db

import (
	"context"
	"database/sql"
)

// watched tells of each statement before it runs.
type watched struct {
	Conn
	tell func(query string)
}

// watching is c, told of where somebody watches.
func (d *DB) watching(c Conn) Conn {
	if d.Watch == nil {
		return c
	}
	return watched{c, d.Watch}
}

// ExecContext runs a statement.
func (w watched) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	w.tell(query)
	return w.Conn.ExecContext(ctx, query, args...)
}

// QueryContext runs a query.
func (w watched) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	w.tell(query)
	return w.Conn.QueryContext(ctx, query, args...)
}

// QueryRowContext runs a query of one row.
func (w watched) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	w.tell(query)
	return w.Conn.QueryRowContext(ctx, query, args...)
}
