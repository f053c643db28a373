package app_test

import (
	"context"
	"database/sql"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rinnova/internal/app"
	"rinnova/internal/db/dbtest"
)

func tryOpen(t *testing.T, c app.Config) error {
	t.Helper()
	c.Addr = "127.0.0.1:0"
	return tryOpenAt(t, c)
}

func tryOpenAt(t *testing.T, c app.Config) error {
	t.Helper()
	a, err := app.New(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err == nil {
		err = a.Close()
	}
	return err
}

// A data folder that others can look into is refused, with the command that closes it; it held passwords.
func TestAnOpenDataFolderIsRefused(t *testing.T) {
	for _, mode := range []fs.FileMode{0o755, 0o750, 0o711, 0o701, 0o770} {
		data := filepath.Join(t.TempDir(), "dati della scuola")
		must(t, os.Mkdir(data, 0o700))
		must(t, tryOpen(t, app.Config{Data: data}))
		must(t, os.Chmod(data, mode))
		if err := tryOpen(t, app.Config{Data: data}); err == nil || !strings.Contains(err.Error(), "chmod -R go= '"+data+"'") {
			t.Errorf("%v: %v", mode, err)
		}
		must(t, os.Chmod(data, 0o700))
		must(t, tryOpen(t, app.Config{Data: data}))
	}
}

// What an older version left readable in a closed folder is closed; what is linked from elsewhere is for a person to look at.
func TestOpenFilesInTheDataFolder(t *testing.T) {
	data := t.TempDir() // empty: somebody has made it for us
	must(t, tryOpen(t, app.Config{Data: data}))
	database := filepath.Join(data, "rinnova.db")
	must(t, os.Chmod(database, 0o644))
	must(t, os.Mkdir(filepath.Join(data, "files"), 0o755))
	must(t, os.WriteFile(filepath.Join(data, "rinnova.db-wal"), nil, 0o644))
	must(t, tryOpen(t, app.Config{Data: data}))
	for _, name := range []string{data, database, filepath.Join(data, "files")} {
		f, err := os.Stat(name)
		must(t, err)
		if f.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", name, f.Mode())
		}
	}
	elsewhere := filepath.Join(t.TempDir(), "files")
	must(t, os.Mkdir(elsewhere, 0o755))
	must(t, os.Remove(filepath.Join(data, "files")))
	must(t, os.Symlink(elsewhere, filepath.Join(data, "files")))
	if err := tryOpen(t, app.Config{Data: data}); err == nil || !strings.Contains(err.Error(), "chmod -R go= ") {
		t.Errorf("files that are linked from elsewhere: %v", err)
	}
}

// A file with the key that others can read is refused; one with certificates only is not secret.
func TestAnOpenKeyFileIsRefused(t *testing.T) {
	key, certificate := filepath.Join(t.TempDir(), "key.pem"), filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(key, []byte("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"), 0o640))
	must(t, os.WriteFile(certificate, []byte("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"), 0o644))
	err := tryOpen(t, app.Config{Data: filepath.Join(t.TempDir(), "data"), Sign: app.SignConfig{PEM: []string{certificate, key}}})
	if err == nil || !strings.Contains(err.Error(), "chmod go= "+key) {
		t.Error(err)
	}
	err = tryOpen(t, app.Config{Data: filepath.Join(t.TempDir(), "data"), Sign: app.SignConfig{PKCS12: key}})
	if err == nil || !strings.Contains(err.Error(), "chmod go= "+key) {
		t.Error(err)
	}
}

// A database URL is one, or is refused: it never becomes a file of that name. A password in it is not repeated.
func TestADatabaseURLIsNoFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, s := range []string{"mysql://u:geheim@host/rinnova", "postgresql+psycopg://u:geheim@host/x", "host=db password=geheim dbname=rinnova", "postgres:/u:geheim@host/x",
		`"postgres://u:geheim@host/x"`, "sqlite:///x.db", "rinnova.db", "jdbc:postgresql://host/geheim"} {
		err := tryOpen(t, app.Config{Data: "data", DatabaseURL: s})
		if err == nil || !strings.Contains(err.Error(), "postgres://user:password@host") || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", s, err)
		}
	}
	if made, err := os.ReadDir("."); err != nil || len(made) > 0 {
		t.Errorf("made %v, %v", made, err)
	}
	if testing.Short() {
		return
	}
	capital := " " + strings.Replace(dbtest.PostgreSQLURL(t), "postgres", "POSTGRES", 1)
	must(t, tryOpen(t, app.Config{Data: "data", DatabaseURL: capital}))
	if _, err := os.Stat("data/rinnova.db"); !os.IsNotExist(err) {
		t.Error("an SQLite database was made")
	}
}

// Where there is no database of ours, a command that works on one says so and makes nothing, on PostgreSQL too.
func TestAnExistingDatabaseIsWanted(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := tryOpen(t, app.Config{Data: data, Existing: true}); err == nil || !strings.Contains(err.Error(), data) {
		t.Error(err)
	}
	must(t, tryOpen(t, app.Config{Data: data}))
	must(t, tryOpen(t, app.Config{Data: data, Existing: true}))
	if testing.Short() {
		return
	}
	url := dbtest.PostgreSQLURL(t)
	must(t, tryOpen(t, app.Config{Data: data, DatabaseURL: url, Existing: true}))
	empty := emptySchema(t, url)
	if err := tryOpen(t, app.Config{Data: data, DatabaseURL: empty, Existing: true}); err == nil || !strings.Contains(err.Error(), "RINNOVA_DATABASE_URL") {
		t.Error(err)
	}
}

// emptySchema is the URL of a place of a database without any tables.
func emptySchema(t *testing.T, url string) string {
	t.Helper()
	d, err := sql.Open("pgx", url)
	must(t, err)
	defer d.Close()
	_, err = d.ExecContext(t.Context(), "CREATE SCHEMA IF NOT EXISTS vuoto")
	must(t, err)
	t.Cleanup(func() {
		if d, err := sql.Open("pgx", url); err == nil {
			_, _ = d.ExecContext(context.Background(), "DROP SCHEMA vuoto")
			d.Close()
		}
	})
	sep := "?"
	if strings.Contains(url, "?") {
		sep = "&"
	}
	return url + sep + "search_path=vuoto"
}

// Settings that would be passed over are all told at once.
func TestFaultsOfSettingsAreToldTogether(t *testing.T) {
	err := tryOpen(t, app.Config{Data: filepath.Join(t.TempDir(), "data"), DatabaseURL: "x", BaseURL: "x", TrustedProxy: []string{"x"},
		Mail: app.MailConfig{Password: "geheim", Port: 70000, From: "x"}, Sign: app.SignConfig{PEM: []string{"a"}, PKCS12: "b", TSA: "x"}})
	if err == nil {
		t.Fatal("taken")
	}
	for _, name := range []string{"DATABASE_URL", "BASE_URL", "TRUSTED_PROXY", "MAIL_HOST", "MAIL_PORT 70000", "MAIL_FROM", "SIGN_PKCS12", "SIGN_TSA"} {
		if !strings.Contains(err.Error(), "RINNOVA_"+name) {
			t.Errorf("%s is not told: %v", name, err)
		}
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Error(err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
