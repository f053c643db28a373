package account

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
)

// The queue before the hashes. Nobody who floods it keeps others out:
//
//   - who is known goes first: browsers that have been in, then users at an address that they have come in from;
//   - of the others those go first from whose address fewer wrong passwords have come, then those whose name was guessed at less;
//   - addresses have their turns round by round, one in each: a school with a hundred colleagues and one with three alike;
//   - in a round the newest goes first. A crowd that cannot be told from people is then late by itself, and whoever comes
//     now waits for one hash, not for all that are before;
//   - two tries with one subject are never looked at together: the second waits until the first is settled, and what is in
//     flight need not be counted as if it had failed.
//
// Who has waited for too long, or whose place is taken by a better claim where all are taken, is asked to come again.

// Claim is what somebody has who wants a hash; the zero Claim is before all others.
type Claim struct {
	Subject   string // what is guessed at; "" is nothing
	Address   string // who takes turns
	Rank      Rank
	FromThere int // wrong passwords that have come from the address
	AtName    int // wrong passwords that the name has met
}

// Rank is how well somebody is known.
type Rank int

// The ranks, the best first.
const (
	RankDevice Rank = iota // a browser that this user has come in with
	RankUsual              // an address that this user has come in from
	RankStranger
)

// Place is one's place among those who wait and hash. Leave gives it back.
type Place struct {
	Claim
	h     *Hasher
	round int   // how many of its address are before it
	n     int64 // when it came
	turn  chan bool
	slot  bool // it has one of those that hash
}

// before tells who of two goes first.
func (p *Place) before(q *Place) bool {
	return cmp.Or(cmp.Compare(p.Rank, q.Rank), cmp.Compare(bits.Len(uint(p.FromThere)), bits.Len(uint(q.FromThere))),
		cmp.Compare(bits.Len(uint(p.AtName)), bits.Len(uint(q.AtName))), cmp.Compare(p.round, q.round), cmp.Compare(q.n, p.n)) < 0
}

// Enter waits for a turn; Unavailable where it does not come in time.
func (h *Hasher) Enter(ctx context.Context, c Claim) (*Place, error) {
	p := h.queue(c)
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	select {
	case mine := <-p.turn:
		if !mine {
			return nil, crowded()
		}
		return p, nil
	case <-ctx.Done():
		p.withdraw()
		return nil, crowded().Because(ctx.Err())
	}
}

// queue takes a place. Where all are taken the worst claim loses its own, or gets none.
func (h *Hasher) queue(c Claim) *Place {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.arrived++
	p := &Place{Claim: c, h: h, n: h.arrived, turn: make(chan bool, 1)}
	for _, q := range slices.Concat(h.inside, h.waiting) {
		if q.Address == c.Address {
			p.round++
		}
	}
	h.waiting = append(h.waiting, p)
	h.next()
	if len(h.waiting) > h.most {
		worst := slices.MaxFunc(h.waiting, func(a, b *Place) int {
			if a.before(b) {
				return -1
			}
			return 1
		})
		h.waiting = without(h.waiting, worst)
		worst.turn <- false
	}
	return p
}

// next gives turns to the best of those whose subject is at rest, for as long as somebody can hash. It wants the lock.
func (h *Hasher) next() {
	for h.free > 0 {
		var best *Place
		for _, p := range h.waiting {
			if (best == nil || p.before(best)) && !h.busy(p.Subject) {
				best = p
			}
		}
		if best == nil {
			return
		}
		h.waiting, h.inside = without(h.waiting, best), append(h.inside, best)
		h.free--
		best.slot = true
		best.turn <- true
	}
}

func (h *Hasher) busy(subject string) bool {
	return subject != "" && slices.ContainsFunc(h.inside, func(p *Place) bool { return p.Subject == subject })
}

func without(all []*Place, p *Place) []*Place {
	return slices.DeleteFunc(all, func(q *Place) bool { return q == p })
}

// rest lets the next one hash, while this one is being settled.
func (p *Place) rest() {
	p.h.mu.Lock()
	defer p.h.mu.Unlock()
	if p.slot {
		p.slot = false
		p.h.free++
		p.h.next()
	}
}

// Leave ends a turn: what came of it is settled.
func (p *Place) Leave() {
	p.rest()
	p.h.mu.Lock()
	defer p.h.mu.Unlock()
	p.h.inside = without(p.h.inside, p)
	p.h.next()
}

// withdraw gives up a place, also one whose turn has just come.
func (p *Place) withdraw() {
	p.h.mu.Lock()
	p.h.waiting = without(p.h.waiting, p)
	p.h.mu.Unlock()
	select {
	case mine := <-p.turn:
		if mine {
			p.Leave()
		}
	default:
	}
}
