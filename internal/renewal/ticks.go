package renewal

import (
	"maps"
	"slices"
)

// Ticks is the set of line ids that the school renews.
type Ticks map[string]bool

// NewTicks makes a set of ids.
func NewTicks(ids ...string) Ticks {
	t := Ticks{}
	for _, id := range ids {
		t[id] = true
	}
	return t
}

// IDs are the ids in order.
func (t Ticks) IDs() []string {
	out := make([]string, 0, len(t))
	for id, on := range t {
		if on {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// Equal tells whether both tick the same lines.
func (t Ticks) Equal(o Ticks) bool { return slices.Equal(t.IDs(), o.IDs()) }

// Clone is a copy that can be changed.
func (t Ticks) Clone() Ticks { return maps.Clone(t) }
