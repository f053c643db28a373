// Package dbtest gives tests an empty, migrated database of each engine.
package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rinnova/internal/db"
)

// Each runs a test on SQLite and on PostgreSQL. It fails, and does not skip, where there is no PostgreSQL; only the quick
// subset (go test -short) is content with SQLite.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	if testing.Short() {
		return
	}
	t.Run("postgresql", func(t *testing.T) { test(t, PostgreSQL(t)) })
}

// SQLite is an empty database in a temporary folder.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	file, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("SQLite template: %v", err)
	}
	name := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, name)
}

// sqliteTemplate is the file of a migrated database, made once in a process: copying takes a tenth of migrating.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "rinnova-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	name := filepath.Join(folder, "template.db")
	if err := migrate(name); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
})

// migrate makes or updates a database and closes it.
func migrate(location string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, location)
	if err != nil {
		return err
	}
	return errors.Join(d.Migrate(ctx), d.Close())
}

// PostgreSQL is an empty database on the server that RINNOVA_TEST_POSTGRES names.
func PostgreSQL(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgreSQLURL(t))
}

// PostgreSQLURL is the URL of such a database. It is the test's alone until the test ends.
func PostgreSQLURL(t testing.TB) string {
	t.Helper()
	address := os.Getenv("RINNOVA_TEST_POSTGRES")
	if address == "" {
		t.Fatal("RINNOVA_TEST_POSTGRES is not set: run make test, or export RINNOVA_TEST_POSTGRES=$(scripts/postgres.sh start)")
	}
	known, _ := servers.LoadOrStore(address, &server{address: address})
	s := known.(*server)
	name, err := s.take()
	if err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := s.giveBack(name); err != nil {
			t.Errorf("PostgreSQL: %v", err)
		}
	})
	return s.url(name)
}

func open(t testing.TB, location string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
