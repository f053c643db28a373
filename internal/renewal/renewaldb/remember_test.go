package renewaldb

import (
	"fmt"
	"testing"

	"rinnova/internal/renewal"
)

func TestProposalsAreRememberedWithinBounds(t *testing.T) {
	var none *Proposals
	none.put(&renewal.Proposal{ID: "a"})
	if none.get("a") != nil {
		t.Error("nobody remembered something")
	}
	c := &Proposals{}
	for i := range 3 * rememberedProposals {
		p := &renewal.Proposal{ID: fmt.Sprint(i)}
		c.put(p)
		if c.get(p.ID) != p {
			t.Fatalf("%d is forgotten at once", i)
		}
		if len(c.known) > rememberedProposals {
			t.Fatalf("%d proposals are remembered", len(c.known))
		}
	}
	if c.get("x") != nil {
		t.Error("remembered what never was")
	}
}
