package renewal_test

import (
	"testing"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
)

func TestOrigin(t *testing.T) {
	foi := func(to int64, share, floor int64) *catalog.Indexation {
		return &catalog.Indexation{Series: "FOI", Base: "2025-09", To: "2026-09", BaseMilli: 120_000, ToMilli: to, Share: rinnova.BasisPoints(share), Floor: rinnova.BasisPoints(floor)}
	}
	for _, c := range []struct {
		raise catalog.Raise
		says  string
	}{
		{catalog.Raise{}, "I canoni sono quelli del listino precedente."},
		{catalog.Raise{Percent: 350}, "I canoni sono quelli del listino precedente, aumentati del 3.50%."},
		{catalog.Raise{Percent: -100, Rounding: 50}, "I canoni sono quelli del listino precedente, diminuiti dell’1.00%, arrotondati a 0.50."},
		{catalog.Raise{Percent: 200, Index: foi(122_400, 10_000, 0)},
			"I canoni sono quelli del listino precedente, aumentati del 2.00%: l’indice FOI è salito del 2.00% fra 09/2025 e 09/2026."},
		{catalog.Raise{Percent: 150, Index: foi(122_400, 7_500, 0)},
			"I canoni sono quelli del listino precedente, aumentati dell’1.50%: l’indice FOI è salito del 2.00% fra 09/2025 e 09/2026, e conta nella misura del 75.00%."},
		{catalog.Raise{Index: foi(118_800, 7_500, 0)},
			"I canoni sono quelli del listino precedente: l’indice FOI è sceso dell’1.00% fra 09/2025 e 09/2026, e vale l’aumento minimo dello 0.00%."},
	} {
		if got := (&renewal.Proposal{Raise: &c.raise}).Origin(1, nil).String(); got != c.says {
			t.Errorf("%+v says\n%s, want\n%s", c.raise, got, c.says)
		}
	}
}

// The sentence says what the price list was made with: a half is rounded as the list rounds it, and the floor counts where it
// counted there.
func TestOriginFollowsTheList(t *testing.T) {
	x := catalog.Indexation{Series: "FOI", Base: "2025-09", To: "2026-09", BaseMilli: 120_000, ToMilli: 119_994, Share: 7_500, Floor: 0} // −0,5 basis points
	if x.Variation() != 0 || x.Computed() != 0 {
		t.Fatalf("the list counts %d and %d", x.Variation(), x.Computed())
	}
	want := "I canoni sono quelli del listino precedente: l’indice FOI è salito dello 0.00% fra 09/2025 e 09/2026, e conta nella misura del 75.00%."
	if got := (&renewal.Proposal{Raise: &catalog.Raise{Index: &x}}).Origin(1, nil).String(); got != want {
		t.Errorf("says\n%s, want\n%s", got, want)
	}
}
