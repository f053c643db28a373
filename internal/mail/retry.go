package mail

import "time"

// Patience is how long a message is tried for.
const Patience = 48 * time.Hour

const (
	firstPause = time.Minute
	maxPause   = 4 * time.Hour
)

// Wait is the pause after the n-th failed attempt, counted from 1: a minute, then twice as long each time up to four
// hours; the last pause ends exactly Patience after the first attempt. No more attempts follow where more is false.
func Wait(n int) (pause time.Duration, more bool) {
	var spent time.Duration
	pause = firstPause
	for range n - 1 {
		spent += pause
		pause = min(2*pause, maxPause)
	}
	pause = min(pause, Patience-spent)
	return max(pause, 0), n >= 1 && pause > 0
}

// Tries counts the attempts of one message that failed, the last one included.
type Tries struct {
	Failed    int // all of them
	Uncertain int // those after which the message may have arrived
}

// Next tells whether to try again after err, and when. A permanent failure ends it at once, Patience in the end, and
// so does a second uncertain attempt: whoever got the mail must not get it more than twice.
func (t Tries) Next(err error) (pause time.Duration, more bool) {
	if e, ok := AsError(err); ok && e.Permanent || t.Uncertain > 1 {
		return 0, false
	}
	return Wait(t.Failed)
}
