package contract_test

import (
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/terms"
)

// A newer version of the terms is what later confirmations accept, from the day on which it comes into force; a contract
// carries the version that was accepted, whole, whatever is in force when it is made.
func TestANewerVersionOfTheTermsTouchesNothingAccepted(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		old := version(t, w, w.A)
		w.Confirm(t, w.A, renewaltest.Order(), renewaltest.Alunni)
		tomorrow := rinnova.DateOf(w.Now.AddDate(0, 0, 1))
		newer := terms.Terms{ID: "condizioni-2027-bis", Kind: terms.Assistance, Version: "2027-02", Title: "Condizioni generali di assistenza",
			Body: "# Condizioni generali di assistenza\n\n## 1. Oggetto\n\nTutto è cambiato.\n", EffectiveFrom: tomorrow}
		if err := w.Terms.Add(t.Context(), newer); err != nil {
			t.Fatal(err)
		}
		if v := version(t, w, w.B); v != old {
			t.Errorf("before its day, version %s is in force, want %s", v, old)
		}
		w.Now = w.Now.Add(24 * time.Hour)
		if v := version(t, w, w.B); v != newer.Version {
			t.Errorf("on its day, version %s is in force, want %s", v, newer.Version)
		}
		if problems := accepting(t, w, old); len(problems.Of(renewal.FieldAccept)) != 1 {
			t.Errorf("the old version can still be accepted: %v", problems)
		}
		b := confirmed(t, w)
		for p, want := range map[renewaltest.Party]string{w.A: old, b: newer.Version} {
			c := process(t, w, p)
			v, err := w.Requests.Revision(t.Context(), p.Request, 1)
			if err != nil {
				t.Fatal(err)
			}
			if d := c.Document.Terms; d.Version != want || d.SHA256() != v.TermsHash {
				t.Errorf("the contract %s carries version %s, accepted was %s", c.Number, d.Version, want)
			}
		}
	})
}

// version is the version of the terms that the school's form shows.
func version(t *testing.T, w *renewaltest.World, p renewaltest.Party) string {
	t.Helper()
	w.Now = w.Now.Add(3 * time.Second) // what is remembered for a moment is over
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	if err != nil {
		t.Fatal(err)
	}
	return v.Season.Terms.Version
}

// accepting is what stops a confirmation of the school B that accepts a version.
func accepting(t *testing.T, w *renewaltest.World, version string) rinnova.Problems {
	t.Helper()
	draft := renewal.Draft{Band: 2, Ticks: []string{renewaltest.Alunni}, Order: order()}
	_, problems, err := w.Renewals.Confirm(t.Context(), w.B.Actor, w.B.Request, renewal.Answer{Draft: draft, Accept: true, Terms: version})
	if err != nil {
		t.Fatal(err)
	}
	return problems
}
