package web

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"rinnova"
)

// Rate is how often something may be done: N times at once, and then N times in each Per.
type Rate struct {
	N   int
	Per time.Duration
}

// Limiter bounds how often something may be done, by each reader and by all together. It remembers at most as many
// readers as it was made for, in memory.
type Limiter struct {
	clock     rinnova.Clock
	each, all Rate
	most      int

	mu      sync.Mutex
	total   bucket
	buckets map[netip.Addr]bucket
}

// bucket is what is left of a rate at an instant.
type bucket struct {
	left float64
	at   time.Time
}

// NewLimiter makes a limiter that remembers up to most readers.
func NewLimiter(clock rinnova.Clock, each, all Rate, most int) *Limiter {
	return &Limiter{clock: clock, each: each, all: all, most: most, total: all.full(clock()), buckets: map[netip.Addr]bucket{}}
}

func (r Rate) full(now time.Time) bucket { return bucket{float64(r.N), now} }

// at is b filled up to now. A clock that goes back fills nothing.
func (r Rate) at(b bucket, now time.Time) bucket {
	since := max(0, now.Sub(b.at))
	return bucket{min(float64(r.N), b.left+float64(r.N)*since.Seconds()/r.Per.Seconds()), now}
}

// wait is how long it takes until one is left.
func (r Rate) wait(b bucket) time.Duration {
	return time.Duration((1 - b.left) * float64(r.Per) / float64(r.N))
}

// Take uses one up for a reader; where none is left it says how long to wait, and uses nothing.
func (l *Limiter) Take(reader netip.Addr) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	reader = network(reader)
	total := l.all.at(l.total, now)
	own, known := l.buckets[reader]
	if !known {
		own = l.each.full(now)
	}
	own = l.each.at(own, now)
	if l.total = total; known { // also where nothing is left: what a clock that was ahead has noted is noted anew
		l.buckets[reader] = own
	}
	if own.left < 1 || total.left < 1 {
		return max(l.each.wait(own), l.all.wait(total)), false
	}
	if !known && len(l.buckets) >= l.most {
		l.forget(now)
	}
	own.left--
	total.left--
	l.buckets[reader], l.total = own, total
	return 0, true
}

// forget makes room: readers who have not come for so long that they may do everything again, and if there are none of
// them all the others. The rate of all together still holds.
func (l *Limiter) forget(now time.Time) {
	for k, b := range l.buckets {
		if l.each.at(b, now).left >= float64(l.each.N) {
			delete(l.buckets, k)
		}
	}
	if len(l.buckets) >= l.most {
		clear(l.buckets)
	}
}

// Guard refuses readers that come too often: TooMany, with the header Retry-After.
func (l *Limiter) Guard(next Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		wait, ok := l.Take(ClientAddr(r))
		if !ok {
			seconds := int(math.Ceil(wait.Seconds()))
			w.Header().Set("Retry-After", strconv.Itoa(max(1, seconds)))
			return rinnova.Fail(rinnova.TooMany, "Troppe richieste in poco tempo. Aspettate %d secondi e riprovate.", max(1, seconds)).Because(fmt.Errorf("reader %s", ClientAddr(r)))
		}
		return next(w, r)
	}
}

// network is what one reader can easily have many addresses of: of IPv6 the /64.
func network(a netip.Addr) netip.Addr {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
