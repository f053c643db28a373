package account

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"rinnova"
)

// A flood of logins leaves a processor to the pages; who cannot wait is told to come back.
func TestHashesInFlightAreBounded(t *testing.T) {
	h := NewHasher()
	if n := cap(h.slots); n != max(1, runtime.GOMAXPROCS(0)-1) {
		t.Errorf("%d at once on %d processors", n, runtime.GOMAXPROCS(0))
	}
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	p, err := h.Enter()
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := p.Check(short, "x", h.decoy); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("a check beyond the bound: %v", err)
	}
	if _, err := p.Hash(short, "x"); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("a hash beyond the bound: %v", err)
	}
	<-h.slots
	if ok, err := p.Check(t.Context(), "x", h.decoy); err != nil || ok {
		t.Errorf("with a slot free again: %v, %v", ok, err)
	}
}

// Not everybody may wait: who comes when the queue is full is sent away at once, and let in when somebody has left.
func TestTheQueueIsBounded(t *testing.T) {
	h := NewHasher()
	var places []Place
	for range cap(h.places) {
		p, err := h.Enter()
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, p)
	}
	if want := cap(h.slots) * (1 + waiting); len(places) != want {
		t.Errorf("%d places, want %d", len(places), want)
	}
	if _, err := h.Enter(); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	if _, err := h.Hash(t.Context(), "x"); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	places[0].Leave()
	if _, err := h.Enter(); err != nil {
		t.Errorf("after one has left: %v", err)
	}
}

func TestPasswordsAreComparedWhole(t *testing.T) {
	h := NewHasher()
	place, err := h.Enter()
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("è", MaxPasswordBytes/2)
	for _, p := range []string{"prova-rinnovo-2027", " spazi ai lati ", "\x00", long} {
		stored, err := h.Hash(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]bool{p: true, p + "x": false, p + "\x00": false, strings.ToUpper(p) + "X": false, "": false} {
			if got, err := place.Check(t.Context(), typed, stored); err != nil || got != want {
				t.Errorf("%.20q against the hash of %.20q: %v, %v", typed, p, got, err)
			}
		}
		if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("stored as %.40s", stored)
		}
	}
	if _, err := place.Check(t.Context(), "x", "not a hash"); err == nil {
		t.Error("a broken hash is no error")
	}
}
