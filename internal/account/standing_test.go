package account

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// memory keeps counts as the database does.
type memory struct {
	Store
	counts  map[string]Count
	devices map[string]bool
}

func (m *memory) Counts(_ context.Context, of Subjects) (map[string]Count, error) {
	out := map[string]Count{}
	for _, s := range []string{of.Device, of.Pair, of.Address, of.Name, of.Again} {
		if c, ok := m.counts[s]; ok {
			out[s] = c
		}
	}
	return out, nil
}

func (m *memory) CountAttempt(_ context.Context, subject string, now time.Time, memory time.Duration) (Count, error) {
	c, ok := m.counts[subject]
	if !ok || !c.Since.After(now.Add(-memory)) || c.Since.After(now.Add(memory)) {
		c.Tries, c.Since = 0, now
	}
	c.Tries++
	m.counts[subject] = c
	return c, nil
}

func (m *memory) SetWait(_ context.Context, subject string, now, until, _ time.Time) error {
	c, ok := m.counts[subject]
	if !ok {
		c.Since = now
	}
	c.WaitUntil = until
	m.counts[subject] = c
	return nil
}

func (m *memory) TakeBackAttempts(_ context.Context, subject string, n int) error {
	c := m.counts[subject]
	c.Tries = max(0, c.Tries-n)
	m.counts[subject] = c
	return nil
}

func (m *memory) ClearAttempts(_ context.Context, subject string, now, _ time.Time) error {
	m.counts[subject] = Count{Since: now, WaitUntil: now, Usual: m.counts[subject].Usual}
	return nil
}

func (m *memory) MarkUsual(_ context.Context, subject string, _, _ time.Time) error {
	c := m.counts[subject]
	c.Usual = true
	m.counts[subject] = c
	return nil
}

func (m *memory) KnownDevice(_ context.Context, subject string) (bool, error) {
	return m.devices[subject], nil
}

// rules are a service that counts in memory, under a clock of its own.
type rules struct {
	*Service
	*memory
	k   key
	now time.Time
}

func newRules() *rules {
	r := &rules{memory: &memory{counts: map[string]Count{}, devices: map[string]bool{}}, k: key("prova"), now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	r.Service = &Service{Store: r.memory, Clock: func() time.Time { return r.now }}
	return r
}

// try tries a password that is right or wrong; it gives how long to wait where it was not looked at.
func (r *rules) try(t interface{ Fatal(...any) }, right bool, username string, v Visitor) time.Duration {
	st, err := r.stand(context.Background(), r.k.subjects(username, v))
	if err == nil {
		err = st.wait()
	}
	if w, ok := err.(*Wait); ok {
		return w.Left
	}
	if err == nil && right {
		err = r.clear(context.Background(), st)
	} else if err == nil {
		_, err = r.countFailure(context.Background(), st)
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

// Whatever strangers do, at the same address or from anywhere, with numbers that they make up or that are other users', a
// browser that has been in never waits, and a usual address only for what was typed there.
func TestStrangersKeepNoKnownBrowserOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRules()
		secretary := Visitor{Network: "scuola", Device: r.k.knownBy("")}
		colleague := Visitor{Network: "segreteria"}
		r.devices[r.k.subjects("SCUOLA", secretary).Device] = true
		r.try(t, true, "SCUOLA", secretary)
		r.try(t, true, "SCUOLA", colleague)
		strangers := []string{"", "made.up", r.k.knownBy("")}
		for range rapid.IntRange(1, 300).Draw(t, "actions") {
			v := Visitor{Network: fmt.Sprint("rete", rapid.IntRange(0, 60).Draw(t, "network")), Device: rapid.SampledFrom(strangers).Draw(t, "device")}
			if rapid.IntRange(0, 4).Draw(t, "behind the same address") == 0 {
				v.Network = "scuola"
			}
			name := rapid.SampledFrom([]string{"SCUOLA", "SCUOLA", "SCUOLA", "ALTRA", "NESSUNA"}).Draw(t, "name")
			if w := r.try(t, name == "ALTRA" && rapid.Bool().Draw(t, "right"), name, v); w > 0 && rapid.Bool().Draw(t, "patient") {
				r.now = r.now.Add(w)
			}
			for what, v := range map[string]Visitor{"known browser": secretary, "usual address": colleague} {
				st, err := r.stand(context.Background(), r.k.subjects("SCUOLA", v))
				if err != nil || st.wait() != nil {
					t.Fatalf("%s: %v, %v", what, st.wait(), err)
				}
			}
		}
	})
}

// Guesses at one name in a day are bounded, from however many addresses they come, and whether addresses are used once or again.
func TestGuessesAtANameAreBounded(t *testing.T) {
	for what, addresses := range map[string]int{"ever new addresses": 1 << 20, "400 addresses": 400, "3 addresses": 3} {
		r := newRules()
		end, n, next := r.now.Add(24*time.Hour), 0, 0
		for r.now.Before(end) {
			least := time.Minute
			for _, from := range []int{next, next / 2, next / 3, next / 7} { // new ones, and some that have tried
				wait := r.try(t, false, "SCUOLA", Visitor{Network: fmt.Sprint("rete", from%addresses)})
				if wait == 0 {
					n++
				}
				least = min(least, wait)
			}
			next++
			r.now = r.now.Add(least)
		}
		t.Logf("%s: %d guesses in a day", what, n)
		if n < 100 || n > 4000 {
			t.Errorf("%s: %d guesses in a day", what, n)
		}
	}
}

// Whatever was counted while the clock was ahead, nobody waits for longer than by a clock that is right.
func TestNoWaitOutlastsAClockThatWasAhead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRules()
		ahead := time.Duration(rapid.Int64Range(0, int64(400*24*time.Hour)).Draw(t, "ahead"))
		visitor := func() (string, Visitor) {
			return rapid.SampledFrom([]string{"SCUOLA", "ALTRA"}).Draw(t, "name"), Visitor{Network: fmt.Sprint("rete", rapid.IntRange(0, 20).Draw(t, "network"))}
		}
		r.now = r.now.Add(ahead)
		for range rapid.IntRange(1, 150).Draw(t, "tries") {
			name, v := visitor()
			r.try(t, rapid.IntRange(0, 9).Draw(t, "right") == 0, name, v)
		}
		r.now = r.now.Add(-ahead)
		name, v := visitor()
		if w := r.try(t, true, name, v); w > longestWait {
			t.Fatalf("%s ahead: %s waits for %s", ahead, name, w)
		}
		if w := r.try(t, true, "NESSUNA", v); w > addressWait {
			t.Fatalf("%s ahead: who has done nothing waits for %s", ahead, w)
		}
	})
}

func TestAWaitOverMidnightNamesTheDay(t *testing.T) {
	for now, tomorrow := range map[string]bool{"2026-11-20T22:50:00Z": true, "2026-11-20T22:40:00Z": false, "2026-11-20T23:00:00Z": false} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if w := (&Wait{Until: at.Add(longestWait), Left: longestWait}); w.Tomorrow() != tomorrow {
			t.Errorf("15 minutes from %s: tomorrow is %v", now, w.Tomorrow())
		}
	}
}
