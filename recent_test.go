package rinnova_test

import (
	"errors"
	"testing"
	"time"

	"rinnova"
)

func TestRecent(t *testing.T) {
	var r rinnova.Recent[int]
	start := time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC)
	stored, broken := 1, false
	read := func() (int, error) {
		if broken {
			return 0, errors.New("the database went away")
		}
		return stored, nil
	}
	for _, step := range []struct {
		after          time.Duration
		stored, want   int
		broken, forget bool
	}{
		{after: 0, stored: 1, want: 1},
		{after: 2*time.Second - 1, stored: 2, want: 1},
		{after: 2 * time.Second, stored: 2, want: 2},
		{after: 2 * time.Second, stored: 3, forget: true, want: 3},
		{after: -time.Hour, stored: 4, want: 4}, // the clock was set back
		{after: time.Hour, stored: 5, broken: true, want: 0},
		{after: time.Hour, stored: 5, want: 5}, // the error is not remembered
	} {
		stored, broken = step.stored, step.broken
		if step.forget {
			r.Forget()
		}
		if got, err := r.Get(start.Add(step.after), read); got != step.want || (err != nil) != step.broken {
			t.Errorf("%v later: %d, %v, want %d", step.after, got, err, step.want)
		}
	}
}
