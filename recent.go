package rinnova

import (
	"sync/atomic"
	"time"
)

// Recent remembers a value for a moment: what every page needs, and another process may change. The zero value is ready.
// Nobody waits in it for anybody else: who reads may hold the last connection of a database.
type Recent[T any] struct {
	last atomic.Pointer[reading[T]]
}

// reading is a value as it was at an instant.
type reading[T any] struct {
	value T
	at    time.Time
}

// fresh is how long a value that was read serves.
const fresh = 2 * time.Second

// Get gives what was read less than two seconds before now, else reads it; an error is not remembered. Whoever gets the
// value must not write to it.
func (r *Recent[T]) Get(now time.Time, read func() (T, error)) (T, error) {
	if x := r.last.Load(); x != nil && !now.Before(x.at) && now.Sub(x.at) < fresh {
		return x.value, nil
	}
	v, err := read()
	if err != nil {
		return v, err
	}
	r.last.Store(&reading[T]{v, now})
	return v, nil
}

// Forget makes the next Get read: this process has changed the value.
func (r *Recent[T]) Forget() { r.last.Store(nil) }
