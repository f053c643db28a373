package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"rinnova"
)

// Exports bounds the tables that are made at once: whoever exports reads the whole database, while schools want pages. The zero value
// makes one at a time, for which others wait a little.
type Exports struct {
	AtOnce int           // 0: one
	Wait   time.Duration // for a turn; 0: exportWait

	once   sync.Once
	places chan struct{}
}

// exportWait is about how long the longest export takes, twice.
const exportWait = 20 * time.Second

// turn waits for a place; Unavailable where none comes free. leave gives it back.
func (e *Exports) turn(ctx context.Context) (leave func(), err error) {
	e.once.Do(func() { e.places = make(chan struct{}, max(1, e.AtOnce)) })
	t := time.NewTimer(cmp.Or(e.Wait, exportWait))
	defer t.Stop()
	select {
	case e.places <- struct{}{}:
		return func() { <-e.places }, nil
	case <-t.C:
		return nil, rinnova.Fail(rinnova.Unavailable, "Altri colleghi stanno scaricando tabelle in questo momento. Riprovate tra mezzo minuto.")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Export sends a file that write makes from the database. It is made in a temporary file, when its turn comes, and sent from there: while
// the reader takes it, however slowly, it holds no connection, no place and no memory; and what goes wrong still becomes an error page.
func Export(w http.ResponseWriter, r *http.Request, name, contentType string, write func(ctx context.Context, w io.Writer) error) error {
	file, err := temporary()
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer file.Close()
	size, err := fill(r.Context(), file, write)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	_, _ = io.Copy(w, file) // fails only when the reader has gone
	return nil
}

// temporary is a file that nobody else sees and that goes with this process.
func temporary() (*os.File, error) {
	file, err := os.CreateTemp("", "rinnova-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// fill makes the file when its turn comes.
func fill(ctx context.Context, file *os.File, write func(context.Context, io.Writer) error) (size int64, err error) {
	leave, err := requestOf(ctx).exports.turn(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	if err := write(ctx, file); err != nil {
		return 0, err
	}
	size, err = file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	return size, errors.Join(err)
}

// ExportCSV sends a table as CSV does, row by row as write adds them.
func ExportCSV(w http.ResponseWriter, r *http.Request, name string, write func(ctx context.Context, t *Sheet) error) error {
	return Export(w, r, name, csvType, func(ctx context.Context, out io.Writer) error {
		t := newSheet(out)
		if err := write(ctx, t); err != nil {
			return err
		}
		return t.end()
	})
}
