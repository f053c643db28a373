package renewaldb

import (
	"sync"

	"rinnova/internal/renewal"
)

// Proposals remembers proposals that were read lately, decoded. They never change, and decoding one costs a quarter of the
// page that shows it. Whoever gets one must not write to it.
type Proposals struct {
	mu    sync.Mutex
	known map[string]*renewal.Proposal
}

// rememberedProposals bounds the memory: about eight kB each.
const rememberedProposals = 1000

func (c *Proposals) get(id string) *renewal.Proposal {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[id]
}

func (c *Proposals) put(p *renewal.Proposal) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) >= rememberedProposals || c.known == nil {
		c.known = map[string]*renewal.Proposal{} // begin again: simpler than choosing, and as good for a season
	}
	c.known[p.ID] = p
}
