package mail

import (
	"errors"
	"testing"
	"time"
)

func TestWaitAddsUpToPatience(t *testing.T) {
	var spent, before time.Duration
	for n := 1; ; n++ {
		pause, more := Wait(n)
		if !more {
			if spent != Patience || pause != 0 {
				t.Errorf("after %d attempts %s are over, pause %s", n, spent, pause)
			}
			if n < 15 || n > 30 {
				t.Errorf("%d attempts in %s", n, spent)
			}
			return
		}
		if pause <= 0 || pause > 4*time.Hour || pause < before && spent+pause != Patience {
			t.Errorf("pause %d is %s after %s", n, pause, before)
		}
		spent += pause
		before = pause
	}
}

func TestWaitFirstSteps(t *testing.T) {
	for n, want := range []time.Duration{0, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute} {
		if pause, more := Wait(n); n > 0 && (pause != want || !more) {
			t.Errorf("Wait(%d) = %s, %t", n, pause, more)
		}
	}
	for _, n := range []int{-1, 0, 1000} {
		if _, more := Wait(n); more {
			t.Errorf("Wait(%d) goes on", n)
		}
	}
}

func TestNext(t *testing.T) {
	temporary, permanent := &Error{Verb: RcptTo, Code: 450}, &Error{Verb: RcptTo, Code: 550, Permanent: true}
	for name, c := range map[string]struct {
		tries Tries
		err   error
		want  time.Duration
		more  bool
	}{
		"temporary":        {Tries{Failed: 1}, temporary, time.Minute, true},
		"no word of which": {Tries{Failed: 2}, errors.New("disk full"), 2 * time.Minute, true},
		"permanent":        {Tries{Failed: 1}, permanent, 0, false},
		"uncertain once":   {Tries{Failed: 1, Uncertain: 1}, &Error{Verb: Final, Uncertain: true}, time.Minute, true},
		"uncertain twice":  {Tries{Failed: 2, Uncertain: 2}, &Error{Verb: Final, Uncertain: true}, 0, false},
		"after two days":   {Tries{Failed: 50}, temporary, 0, false},
	} {
		if pause, more := c.tries.Next(c.err); pause != c.want || more != c.more {
			t.Errorf("%s: %s, %t", name, pause, more)
		}
	}
}
