// Package dbtest gives tests an empty, migrated database of each engine.
package dbtest

import (
	"context"
	"database/sql"
	"errors"
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

// migrated makes, once in a process, a migrated database to copy from.
func migrated(server string) (string, error) {
	once, _ := templates.LoadOrStore(server, sync.OnceValues(func() (string, error) {
		name := fmt.Sprintf("template_%d_%d", os.Getpid(), time.Now().UnixNano())
		if err := exec(server, "CREATE DATABASE "+name); err != nil {
			return "", err
		}
		return name, migrate(onServer(server, name))
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
	return d
}
