package contractpdf

import "sync"

// cache keeps what is in nearly every document and costs to make: an installation has one logo and a terms text or two.
type cache[K comparable, V any] struct {
	mu    sync.Mutex
	known map[K]V
}

// maxKnown bounds a cache; a full one starts anew.
const maxKnown = 8

// get returns what is known by key, or makes it.
func (c *cache[K, V]) get(key K, make func() V) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.known[key]; ok {
		return v
	}
	if c.known == nil || len(c.known) >= maxKnown {
		c.known = map[K]V{}
	}
	v := make()
	c.known[key] = v
	return v
}
