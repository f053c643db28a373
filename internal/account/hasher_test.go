package account

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"rinnova"
)

// A flood of logins takes as many processors as there are, and no more; who cannot wait is told to come back.
func TestHashesInFlightAreBounded(t *testing.T) {
	h := NewHasher()
	if n := cap(h.slots); n != runtime.GOMAXPROCS(0) {
		t.Errorf("%d at once on %d processors", n, runtime.GOMAXPROCS(0))
	}
	for range cap(h.slots) {
		if err := h.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := h.Check(short, "x", h.decoy); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("a check beyond the bound: %v", err)
	}
	if _, err := h.Hash(short, "x"); rinnova.KindOf(err) != rinnova.Unavailable {
		t.Errorf("a hash beyond the bound: %v", err)
	}
	h.leave()
	if ok, err := h.Check(t.Context(), "x", h.decoy); err != nil || ok {
		t.Errorf("with a slot free again: %v, %v", ok, err)
	}
}

func TestPasswordsAreComparedWhole(t *testing.T) {
	h := NewHasher()
	long := strings.Repeat("è", MaxPassword/2)
	for _, p := range []string{"prova-rinnovo-2027", " spazi ai lati ", "\x00", long} {
		stored, err := h.Hash(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		for typed, want := range map[string]bool{p: true, p + "x": false, p + "\x00": false, strings.ToUpper(p) + "X": false, "": false} {
			if got, err := h.Check(t.Context(), typed, stored); err != nil || got != want {
				t.Errorf("%.20q against the hash of %.20q: %v, %v", typed, p, got, err)
			}
		}
		if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("stored as %.40s", stored)
		}
	}
	if _, err := h.Check(t.Context(), "x", "not a hash"); err == nil {
		t.Error("a broken hash is no error")
	}
}
