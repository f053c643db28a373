package letter

import (
	"context"
	"errors"
	"testing"
	"time"

	"rinnova"
)

// A school's files are examined one after the other, and no more at once than may be; whose turn does not come reads when to try again.
func TestTurns(t *testing.T) {
	turns := Turns{AtOnce: 2, Wait: time.Millisecond}
	take := func(school string) func() {
		t.Helper()
		leave, err := turns.take(t.Context(), school)
		if err != nil {
			t.Fatalf("%s: %v", school, err)
		}
		return leave
	}
	refused := func(school string) {
		t.Helper()
		if _, err := turns.take(t.Context(), school); rinnova.KindOf(err) != rinnova.Unavailable {
			t.Errorf("%s: %v", school, err)
		}
	}
	a := take("a")
	refused("a")
	b := take("b")
	refused("c")
	a()
	take("c")()
	take("a")()
	b()
	gone, leave := context.WithCancel(t.Context())
	leave()
	a = take("a")
	defer a()
	if _, err := turns.take(gone, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone: %v", err)
	}
}

// Who waits gets the next turn.
func TestTurnsPassOn(t *testing.T) {
	turns := Turns{AtOnce: 1, Wait: time.Minute}
	leave, err := turns.take(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	const waiting = 5
	got := make(chan error, waiting)
	for i := range waiting {
		go func() {
			end, err := turns.take(t.Context(), string(rune('b'+i)))
			if err == nil {
				end()
			}
			got <- err
		}()
	}
	leave()
	for range waiting {
		if err := <-got; err != nil {
			t.Error(err)
		}
	}
}
