package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
)

// server is a PostgreSQL server with the databases that this process made on it. Making one takes half a second, emptying
// it a hundredth of that: a test that ends hands its database on to the next one.
type server struct {
	address string

	mu    sync.Mutex
	made  int
	empty []string
}

var servers sync.Map // address → *server

// take gives the name of an empty database.
func (s *server) take() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.empty); n > 0 {
		name := s.empty[n-1]
		s.empty = s.empty[:n-1]
		return name, nil
	}
	if s.made == 0 {
		if err := s.sweep(); err != nil {
			return "", err
		}
	}
	s.made++
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), s.made)
	if err := execute(s.address, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	return name, migrate(s.url(name))
}

// giveBack empties a database for the next test.
func (s *server) giveBack(name string) error {
	err := execute(s.address, fmt.Sprintf("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'", name), "ALTER DATABASE "+name+" RESET ALL")
	if err != nil {
		return err
	}
	tables, err := list(s.url(name), `SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version'`)
	if err != nil {
		return err
	}
	if err := execute(s.url(name), "TRUNCATE "+strings.Join(tables, ", ")); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.empty = append(s.empty, name)
	return nil
}

// sweep drops what processes that have ended left behind.
func (s *server) sweep() error {
	names, err := list(s.address, `SELECT datname FROM pg_database WHERE datname ~ '^t_[0-9]+_[0-9]+$'`)
	if err != nil {
		return err
	}
	for _, name := range names {
		var pid, n int
		if _, err := fmt.Sscanf(name, "t_%d_%d", &pid, &n); err != nil {
			return err
		}
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
			// Another process may be sweeping too; what stays is swept the next time.
			_ = execute(s.address, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		}
	}
	return nil
}

func (s *server) url(name string) string {
	u, err := url.Parse(s.address)
	if err != nil {
		return s.address
	}
	u.Path = "/" + name
	return u.String()
}

func execute(address string, statements ...string) error {
	c, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer c.Close()
	for _, x := range statements {
		if _, err := c.ExecContext(context.Background(), x); err != nil {
			return err
		}
	}
	return nil
}

func list(address, query string) ([]string, error) {
	c, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	rows, err := c.QueryContext(context.Background(), query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
