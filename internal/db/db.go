// Package db opens the one database of the program, SQLite or PostgreSQL, and carries transactions.
//
// Both engines run the same SQL text. On SQLite one connection writes and a few read; on PostgreSQL they are one pool.
// A transaction travels in the context, so that several features write in it without knowing of each other.
package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Engine is the database engine in use.
type Engine string

// The engines.
const (
	SQLite     Engine = "sqlite"
	PostgreSQL Engine = "postgresql"
)

// DB is an open database.
type DB struct {
	Engine Engine
	// Watch is told of each statement, for measurements; nil is nobody. Set it before the first.
	Watch       func(query string)
	write, read *conn
}

// Open opens the database at location: a postgres:// URL, or the path of an SQLite file, which is made with its folder
// where it is missing. It asserts that commits are durable (bars: power loss) and does not migrate.
func Open(ctx context.Context, location string) (*DB, error) {
	if isURL(location) {
		return openPostgreSQL(ctx, location)
	}
	if strings.Contains(location, "://") {
		return nil, errors.New("database: want a postgres:// URL, or the path of a file")
	}
	return openSQLite(ctx, location)
}

// isURL tells the URL of a PostgreSQL server from the path of a file.
func isURL(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

// ErrNone says that there is no database of this program at a location.
var ErrNone = errors.New("no database of Rinnova is there")

// OpenExisting opens a database that Migrate has made before; ErrNone where there is none. It makes nothing.
func OpenExisting(ctx context.Context, location string) (*DB, error) {
	if !isURL(location) {
		if f, err := os.Stat(location); errors.Is(err, fs.ErrNotExist) || err == nil && f.Size() == 0 {
			return nil, ErrNone
		}
	}
	d, err := Open(ctx, location)
	if err != nil {
		return nil, err
	}
	migrated, err := d.Migrated(ctx)
	if err == nil && !migrated {
		err = ErrNone
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// IsDamaged tells whether err says that a file is no whole database of SQLite.
func IsDamaged(err error) bool {
	if err == nil {
		return false
	}
	s := err.Error()
	return strings.Contains(s, "database disk image is malformed") || strings.Contains(s, "file is not a database")
}

// Migrated tells whether the tables of this program are there, of whatever version.
func (d *DB) Migrated(ctx context.Context) (bool, error) {
	tables := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('goose_db_version', 'setting')"
	if d.Engine == PostgreSQL {
		tables = "SELECT (to_regclass('goose_db_version') IS NOT NULL)::int + (to_regclass('setting') IS NOT NULL)::int"
	}
	var n int
	if err := d.read.db.QueryRowContext(ctx, tables).Scan(&n); err != nil {
		return false, fmt.Errorf("database: %w", err)
	}
	return n == 2, nil
}

func openPostgreSQL(ctx context.Context, location string) (*DB, error) {
	pool, err := sql.Open("pgx", location)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	n := 4 + 4*runtime.GOMAXPROCS(0)
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("database: %w", withoutPassword(err, location))
	}
	c := &conn{db: pool}
	return &DB{Engine: PostgreSQL, write: c, read: c}, nil
}

// withoutPassword keeps the password of the URL out of logs.
func withoutPassword(err error, location string) error {
	if u, perr := url.Parse(location); perr == nil && u.User != nil {
		if p, ok := u.User.Password(); ok && p != "" {
			return errors.New(strings.ReplaceAll(err.Error(), p, "…"))
		}
	}
	return err
}

// Every connection gets these: SQLite's settings are per connection. FULL makes each commit durable; the page cache is
// small because each connection has its own.
const pragmas = "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)" +
	"&_pragma=cache_size(-4096)&_pragma=temp_store(memory)&_txlock=immediate&_time_format=sqlite"

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("database folder: %w", err)
	}
	if err := makePrivate(path); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + pragmas
	write, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	write.SetMaxOpenConns(1)
	write.SetConnMaxIdleTime(0)
	if err := assertDurable(ctx, write); err != nil {
		write.Close()
		return nil, err
	}
	read, err := sql.Open("sqlite", dsn+"&_pragma=query_only(1)")
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("database: %w", err)
	}
	n := max(2, runtime.GOMAXPROCS(0))
	read.SetMaxOpenConns(n)
	read.SetMaxIdleConns(n)
	return &DB{Engine: SQLite, write: newConn(write, true), read: newConn(read, true)}, nil
}

// makePrivate makes a missing database file that only its owner reads: SQLite makes it, and the files beside it, as the umask says.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func assertDurable(ctx context.Context, db *sql.DB) error {
	var mode string
	var sync int
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := db.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if mode != "wal" || sync != 2 {
		return fmt.Errorf("database: journal_mode %s, synchronous %d: want wal and 2 (FULL), or a power cut loses confirmations", mode, sync)
	}
	return nil
}

// Close closes all connections.
func (d *DB) Close() error {
	err := d.write.close()
	if d.read != d.write {
		err = errors.Join(err, d.read.close())
	}
	return err
}

// longLog is when the write-ahead log of SQLite is worth emptying, in pages of 4 kB: readers search it before the file.
const longLog = 1000

// Checkpoint moves what SQLite's write-ahead log holds into the database file, and empties a long log: while there is always
// somebody who reads, it would only grow. On PostgreSQL it does nothing.
func (d *DB) Checkpoint(ctx context.Context) error {
	if d.Engine != SQLite {
		return nil
	}
	var busy, pages, moved int
	for _, mode := range []string{"PASSIVE", "TRUNCATE"} {
		if err := d.write.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint("+mode+")").Scan(&busy, &pages, &moved); err != nil {
			return fmt.Errorf("checkpoint: %w", err)
		}
		if pages <= longLog {
			return nil
		}
	}
	return nil
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.read.db.PingContext(ctx) }

// Migrate brings the schema up to date. Several processes may call it at once on PostgreSQL: one migrates, the others wait.
func (d *DB) Migrate(ctx context.Context) error {
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	var options []goose.ProviderOption
	if d.Engine == PostgreSQL {
		dialect = goose.DialectPostgres
		unlock, err := d.lockMigrations(ctx)
		if err != nil {
			return err
		}
		defer unlock()
	}
	p, err := goose.NewProvider(dialect, d.write.db, sub, options...)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

// migrationLock is an arbitrary number that all processes of the program share.
const migrationLock = 0x52494e4e4f5641

func (d *DB) lockMigrations(ctx context.Context) (unlock func(), err error) {
	c, err := d.write.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		c.Close()
		return nil, err
	}
	return func() {
		// The lock ends with the connection in any case.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_, _ = c.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", int64(migrationLock))
		c.Close()
	}, nil
}
