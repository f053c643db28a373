package sheet_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rinnova/internal/sheet"
	"rinnova/internal/sheet/sheettest"
)

// complaints is everything that is said of a file.
func complaints(data []byte) (said []string, rows int) {
	r, err := sheet.Open(data, "Dati", sheet.DefaultLimits)
	if err == nil {
		err = r.Twice()
	}
	for err == nil {
		var row sheet.Row
		if row, err = r.Next(); err != nil {
			break
		}
		rows++
		if !row.Fault.IsZero() {
			said = append(said, row.Fault.String())
		}
		for _, c := range row.Cells {
			if !c.Fault.IsZero() {
				said = append(said, c.Fault.String())
			}
		}
	}
	if r != nil {
		for _, n := range r.Notes() {
			said = append(said, n.String())
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		said = append(said, err.Error())
	}
	return said, rows
}

// most is how much memory reading one file may take beside the file itself, in bytes.
const most = 160 << 20

// Every hostile file gets its message, and none takes more memory than most: the heap is looked at every few milliseconds
// while a file is read, the file itself left out.
func TestHostileFiles(t *testing.T) {
	files := sheettest.Files("RGIC82700L")
	if len(files) < 30 {
		t.Fatalf("only %d files", len(files))
	}
	highest := ""
	var top uint64
	for _, f := range files {
		t.Run(f.Name, func(t *testing.T) {
			data := f.Make()
			runtime.GC()
			before := heap()
			var peak atomic.Uint64
			stop, stopped := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(stopped)
				tick := time.NewTicker(2 * time.Millisecond)
				defer tick.Stop()
				for {
					peak.Store(max(peak.Load(), heap()))
					select {
					case <-stop:
						return
					case <-tick.C:
					}
				}
			}()
			said, _ := complaints(data)
			close(stop)
			<-stopped
			if all := strings.Join(said, "\n"); !f.Trade && !strings.Contains(all, f.Says) || f.Trade && len(said) > 0 {
				t.Errorf("says %.500q, want %q (of the trade: %v)", all, f.Says, f.Trade)
			}
			taken := peak.Load() - min(peak.Load(), before)
			if taken > most {
				t.Errorf("took %d MB for a file of %d kB", taken>>20, len(data)>>10)
			}
			if taken > top {
				top, highest = taken, f.Name
			}
		})
	}
	t.Logf("%d files; the most memory was %d MB, for %s", len(files), top>>20, highest)
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
