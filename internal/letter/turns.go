package letter

import (
	"cmp"
	"context"
	"runtime"
	"sync"
	"time"

	"rinnova"
)

// Turns bounds the files that are examined at once: each keeps a processor busy and takes many times its size of memory, while schools
// want pages. One school's files are examined one after the other. The zero value examines as many as there are processors.
type Turns struct {
	AtOnce int           // 0: as many as there are processors
	Wait   time.Duration // for a turn; 0: turnWait

	mu    sync.Mutex
	busy  map[string]bool // schools whose file is being examined
	freed chan struct{}   // closed when the next turn ends
}

// turnWait is as long as the longest look.
const turnWait = longestLook

// take waits for a school's turn; Unavailable where it does not come. leave ends it.
func (t *Turns) take(ctx context.Context, schoolID string) (leave func(), err error) {
	timer := time.NewTimer(cmp.Or(t.Wait, turnWait))
	defer timer.Stop()
	for {
		freed, mine := t.try(schoolID)
		if mine {
			return func() { t.end(schoolID) }, nil
		}
		select {
		case <-freed:
		case <-timer.C:
			return nil, rinnova.Fail(rinnova.Unavailable, "In questo momento il portale sta controllando i file di altre scuole. Riprovate tra mezzo minuto.")
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// try takes a turn if there is one now, else freed says when to try again.
func (t *Turns) try(schoolID string) (freed <-chan struct{}, mine bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy[schoolID] || len(t.busy) >= cmp.Or(t.AtOnce, runtime.GOMAXPROCS(0)) {
		return t.freed, false
	}
	if t.busy == nil {
		t.busy, t.freed = map[string]bool{}, make(chan struct{})
	}
	t.busy[schoolID] = true
	return nil, true
}

func (t *Turns) end(schoolID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, schoolID)
	close(t.freed)
	t.freed = make(chan struct{})
}
