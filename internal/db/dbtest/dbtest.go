// Package dbtest gives tests an empty, migrated database of each engine.
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rinnova"
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
	return open(t, filepath.Join(t.TempDir(), "test.db"))
}

// PostgreSQL is an empty database on the server that RINNOVA_TEST_POSTGRES names.
func PostgreSQL(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgreSQLURL(t))
}

// PostgreSQLURL makes an empty database, which is dropped when the test ends, and returns its URL.
func PostgreSQLURL(t testing.TB) string {
	t.Helper()
	server := os.Getenv("RINNOVA_TEST_POSTGRES")
	if server == "" {
		t.Fatal("RINNOVA_TEST_POSTGRES is not set: run make test, or export RINNOVA_TEST_POSTGRES=$(scripts/postgres.sh start)")
	}
	template, err := migrated(server)
	if err != nil {
		t.Fatalf("PostgreSQL template: %v", err)
	}
	name := "t_" + strings.ReplaceAll(rinnova.NewID(time.Now()), "-", "")
	if err := exec(server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template)); err != nil {
		t.Fatalf("PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := exec(server, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)); err != nil {
			t.Logf("dropping the database: %v", err)
		}
	})
	return onServer(server, name)
}

func onServer(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

var templates sync.Map // server → func() (string, error)

// migrated makes, once in a process, a migrated database to copy from: copying takes a tenth of migrating.
func migrated(server string) (string, error) {
	once, _ := templates.LoadOrStore(server, sync.OnceValues(func() (string, error) {
		name := fmt.Sprintf("template_%d_%d", os.Getpid(), time.Now().UnixNano())
		if err := exec(server, "CREATE DATABASE "+name); err != nil {
			return "", err
		}
		ctx := context.Background()
		d, err := db.Open(ctx, onServer(server, name))
		if err != nil {
			return "", err
		}
		defer d.Close()
		return name, d.Migrate(ctx)
	}))
	return once.(func() (string, error))()
}

func exec(server, statement string) error {
	c, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Exec(statement)
	return err
}

func open(t testing.TB, location string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return d
}
