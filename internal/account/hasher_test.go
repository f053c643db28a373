package account

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"rinnova"
)

// newQueue is a hasher of which one hashes, and that one is taken: others wait until leave.
func newQueue(t *testing.T) (h *Hasher, leave func()) {
	t.Helper()
	h = NewHasher()
	h.free, h.most = 1, 100
	first, err := h.Enter(t.Context(), Claim{Rank: RankStranger, Address: "first"})
	if err != nil {
		t.Fatal(err)
	}
	return h, first.Leave
}

// come lets somebody wait, and returns when the place is taken.
func come(t *testing.T, h *Hasher, name string, c Claim, served chan<- string) {
	t.Helper()
	h.mu.Lock()
	before := h.arrived
	h.mu.Unlock()
	go func() {
		p, err := h.Enter(context.WithoutCancel(t.Context()), c)
		if err != nil {
			served <- name + " sent away"
			return
		}
		served <- name
		p.Leave()
	}()
	for {
		h.mu.Lock()
		here := h.arrived > before
		h.mu.Unlock()
		if here {
			return
		}
		runtime.Gosched()
	}
}

func order(served <-chan string, n int) string {
	var all []string
	for range n {
		all = append(all, <-served)
	}
	return strings.Join(all, ", ")
}

// A flood of logins leaves a processor to the pages.
func TestHashesInFlightAreBounded(t *testing.T) {
	h := NewHasher()
	n := max(1, runtime.GOMAXPROCS(0)-1)
	var inside []*Place
	for range n {
		p, err := h.Enter(t.Context(), Claim{})
		if err != nil {
			t.Fatal(err)
		}
		inside = append(inside, p)
	}
	h.patience = time.Millisecond
	if _, err := h.Enter(t.Context(), Claim{}); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("one beyond %d: %v", n, err)
	}
	if _, err := h.Hash(t.Context(), "x"); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("a hash beyond %d: %v", n, err)
	}
	h.patience = patience
	inside[0].Leave()
	p, err := h.Enter(t.Context(), Claim{})
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := p.Check("x", h.decoy); err != nil || ok {
		t.Errorf("with a slot free again: %v, %v", ok, err)
	}
}

// Who is known goes first, then those from whose address and at whose name least has failed, then one of each address, the
// newest first.
func TestTurns(t *testing.T) {
	h, leave := newQueue(t)
	served := make(chan string, 20)
	for _, x := range []struct {
		name string
		c    Claim
	}{
		{"guesser", Claim{Rank: RankStranger, Address: "a", FromThere: 4}},
		{"old", Claim{Rank: RankStranger, Address: "b"}},
		{"first of three", Claim{Rank: RankStranger, Address: "c"}}, {"second of three", Claim{Rank: RankStranger, Address: "c"}}, {"third of three", Claim{Rank: RankStranger, Address: "c"}},
		{"besieged", Claim{Rank: RankStranger, Address: "d", AtName: 100}},
		{"usual", Claim{Rank: RankUsual, Address: "e", FromThere: 50}},
		{"device", Claim{Rank: RankDevice, Address: "f", FromThere: 90, AtName: 90}},
		{"new", Claim{Rank: RankStranger, Address: "g"}},
	} {
		come(t, h, x.name, x.c, served)
	}
	leave()
	if got, want := order(served, 9), "device, usual, new, first of three, old, second of three, third of three, besieged, guesser"; got != want {
		t.Errorf("turns:\n%s\nwant\n%s", got, want)
	}
}

// Two with one subject are never inside together, though there is room; others go on.
func TestOneAfterTheOtherAtOneSubject(t *testing.T) {
	h := NewHasher()
	h.free = 3
	first, err := h.Enter(t.Context(), Claim{Subject: "name"})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan string, 2)
	come(t, h, "same", Claim{Subject: "name"}, served)
	come(t, h, "other", Claim{Subject: "other"}, served)
	if got := <-served; got != "other" {
		t.Errorf("%s went on", got)
	}
	if _, err := first.Check("x", h.decoy); err != nil { // hashed, and not settled yet
		t.Fatal(err)
	}
	select {
	case got := <-served:
		t.Errorf("%s went on before the first was settled", got)
	default:
	}
	first.Leave()
	if got := <-served; got != "same" {
		t.Errorf("%s went on", got)
	}
}

// The queue is bounded: where all places are taken the worst claim loses its own, and one address does not take others'.
func TestTheQueueIsBounded(t *testing.T) {
	h, leave := newQueue(t)
	h.most = 3
	served := make(chan string, 10)
	for i := range 3 {
		come(t, h, fmt.Sprint("crowd ", i), Claim{Rank: RankStranger, Address: "crowd"}, served)
	}
	come(t, h, "one more of the crowd", Claim{Rank: RankStranger, Address: "crowd"}, served)
	if got := <-served; got != "one more of the crowd sent away" {
		t.Error(got)
	}
	come(t, h, "somebody", Claim{Rank: RankStranger, Address: "elsewhere"}, served)
	if got := <-served; got != "crowd 2 sent away" {
		t.Error(got)
	}
	leave()
	if got := order(served, 3); got != "somebody, crowd 0, crowd 1" {
		t.Error(got)
	}
}

// Who gives up leaves no trace, also where the turn comes at the same moment.
func TestWhoGivesUpLeavesThePlace(t *testing.T) {
	h, leave := newQueue(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		if _, err := h.Enter(ctx, Claim{}); err == nil {
			t.Fatal("somebody went on")
		}
	}
	leave()
	for range 100 {
		if p, err := h.Enter(ctx, Claim{}); err == nil {
			p.Leave()
		}
	}
	if h.free != 1 || len(h.waiting) != 0 || len(h.inside) != 0 {
		t.Errorf("%d free, %d waiting, %d inside", h.free, len(h.waiting), len(h.inside))
	}
}

func TestPasswordsAreComparedWhole(t *testing.T) {
	h := NewHasher()
	compare := func(typed, stored string) (bool, error) {
		place, err := h.Enter(t.Context(), Claim{})
		if err != nil {
			t.Fatal(err)
		}
		defer place.Leave()
		return place.Check(typed, stored)
	}
	long := strings.Repeat("è", MaxPasswordBytes/2)
	for _, p := range []string{"prova-rinnovo-2027", " spazi ai lati ", "\x00", long} {
		stored, err := h.Hash(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]bool{p: true, p + "x": false, p + "\x00": false, strings.ToUpper(p) + "X": false, "": false} {
			if got, err := compare(typed, stored); err != nil || got != want {
				t.Errorf("%.20q against the hash of %.20q: %v, %v", typed, p, got, err)
			}
		}
		if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("stored as %.40s", stored)
		}
	}
	if _, err := compare("x", "not a hash"); err == nil {
		t.Error("a broken hash is no error")
	}
}
