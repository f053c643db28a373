package incremental

import (
	"context"
	"errors"
)

// ErrTooMuch says that reading a file takes more work than any document is worth.
var ErrTooMuch = errors.New("reading the file takes more work than any document does")

// What may be passed over in one file, in bytes: many times what the largest document has. A value counts for the memory that it takes.
const (
	maxWork   = 256 << 20
	valueWork = 32
)

// work is what reading one file may still take. All that is read of the file counts, each time: bytes that belong to many objects,
// objects that are asked for again and again, what one filter hands to the next.
type work struct {
	ctx  context.Context // ends it; nil: nothing does
	left int
}

func newWork(ctx context.Context) *work { return &work{ctx, maxWork} }

// spend counts n bytes.
func (w *work) spend(n int) {
	if w != nil {
		w.left -= n
	}
}

// over says why nothing more is to be read; nil where nothing speaks against it.
func (w *work) over() error {
	switch {
	case w == nil:
		return nil
	case w.left < 0:
		return ErrTooMuch
	}
	return w.ctx.Err()
}
