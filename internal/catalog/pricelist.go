package catalog

import (
	"slices"

	"rinnova"
)

// Fee is the fee of a product in a band; false where the product is not on the list.
func (l PriceList) Fee(product string, b Band) (rinnova.Cents, bool) {
	fees := l.Fees[product]
	if !l.Bands.Has(b) || len(fees) < int(b) {
		return 0, false
	}
	return fees[b-1], true
}

// Cap is the cap of a band; nil where it has none.
func (l PriceList) Cap(b Band) *rinnova.Cents {
	if !l.Bands.Has(b) || len(l.Caps) < int(b) {
		return nil
	}
	return l.Caps[b-1]
}

// Raised are the fees and caps of a list after a raise, nil for none: those of a copy. Products that are not sold any more
// are left out and named.
func (l PriceList) Raised(r *Raise, products []Product) (fees map[string][]rinnova.Cents, caps []*rinnova.Cents, left []Product) {
	if r == nil {
		r = &Raise{}
	}
	fees = map[string][]rinnova.Cents{}
	for _, p := range products {
		old, on := l.Fees[p.ID]
		switch {
		case !on:
		case p.Retired:
			left = append(left, p)
		default:
			raised := make([]rinnova.Cents, len(old))
			for i, c := range old {
				raised[i] = r.Of(c)
			}
			fees[p.ID] = raised
		}
	}
	for _, c := range l.Caps {
		if c != nil {
			c = new(*c)
			if r.Caps {
				*c = r.Of(*c)
			}
		}
		caps = append(caps, c)
	}
	return fees, caps, left
}

// Apart are the bands, by product, whose fees are not those of the list that l was copied from after its raise: they were set by
// hand. Of a product that is new on the list, and where the bands are others, it is all of them.
func (l PriceList) Apart(from PriceList, products []Product) map[string][]Band {
	raised, _, _ := from.Raised(l.Origin.Raise, products)
	same := slices.Equal(l.Bands, from.Bands)
	out := map[string][]Band{}
	for id, fees := range l.Fees {
		for i, fee := range fees {
			if was := raised[id]; !same || i >= len(was) || was[i] != fee {
				out[id] = append(out[id], Band(i+1))
			}
		}
	}
	return out
}

// sameCap tells whether two caps are the same; nil is none.
func sameCap(a, b *rinnova.Cents) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// Touched counts the fees and caps of l that differ from others: what was changed by hand.
func (l PriceList) Touched(fees map[string][]rinnova.Cents, caps []*rinnova.Cents) int {
	n := 0
	for product, now := range l.Fees {
		for i, c := range now {
			if was := fees[product]; i >= len(was) || was[i] != c {
				n++
			}
		}
	}
	for product, was := range fees {
		if _, still := l.Fees[product]; !still {
			n += len(was)
		}
	}
	for i := range l.Bands.Count() {
		if !sameCap(at(l.Caps, i), at(caps, i)) {
			n++
		}
	}
	return n
}

func at(caps []*rinnova.Cents, i int) *rinnova.Cents {
	if i < len(caps) {
		return caps[i]
	}
	return nil
}

// check finds what is wrong with a list as it was typed. The fields of its problems are FieldName, FieldValidFrom, FieldBands.
func (l PriceList) check() rinnova.Problems {
	var out rinnova.Problems
	checkHead(&out, l.Name, l.ValidFrom)
	checkBands(&out, l.Bands)
	return out
}

// The names of the fields of a price list, in forms and in problems; fees and caps have FeeField and CapField.
const (
	FieldName      = "nome"
	FieldValidFrom = "dal"
	FieldBands     = "fasce"
)

// Bounds of what can be typed.
const (
	MaxListName = 60
	MaxBands    = 12
	maxPupils   = 100_000
)

func checkHead(out *rinnova.Problems, name string, validFrom rinnova.Date) {
	switch n := len([]rune(name)); {
	case n == 0:
		out.Refuse(FieldName, "Date un nome al listino, per esempio «Listino 2027».")
	case n > MaxListName:
		out.Refuse(FieldName, "Il nome ha %d caratteri: al massimo %d.", n, MaxListName)
	}
	if validFrom.IsZero() {
		out.Refuse(FieldValidFrom, "Scrivete da che giorno vale, come giorno/mese/anno.")
	}
}

func checkBands(out *rinnova.Problems, b Bands) {
	switch {
	case b.Count() > MaxBands:
		out.Refuse(FieldBands, "Le fasce sono %d: al massimo %d.", b.Count(), MaxBands)
	case !slices.IsSorted(b) || len(slices.Compact(slices.Clone(b))) != len(b):
		out.Refuse(FieldBands, "Scrivete i limiti in ordine crescente, ciascuno una volta: per esempio 500, 1000, 1500.")
	case len(b) > 0 && (b[0] < 1 || b[len(b)-1] > maxPupils):
		out.Refuse(FieldBands, "Ogni limite è un numero di alunni fra 1 e %d.", maxPupils)
	}
}
