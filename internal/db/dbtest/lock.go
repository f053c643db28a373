package dbtest

import (
	"context"
	"testing"
	"time"

	"rinnova/internal/db"
)

// Lock lets another process write in an SQLite database for so long; it returns once that one has begun. The statements of d then wait
// for hundredths of a second instead of ten.
func Lock(t testing.TB, d *db.DB, held time.Duration) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	var file string
	if err := d.Reader(ctx).QueryRowContext(ctx, `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Writer(ctx).ExecContext(ctx, `PRAGMA busy_timeout = 20`); err != nil {
		t.Fatal(err)
	}
	other, err := db.Open(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	began, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		err := other.InTx(ctx, func(context.Context) error { close(began); time.Sleep(held); return nil })
		if err != nil {
			t.Error(err)
		}
		other.Close()
	}()
	t.Cleanup(func() { <-ended })
	<-began
}
