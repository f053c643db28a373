package merger

import (
	"cmp"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/subscription"
)

// Ended is the reason that a duplicate gets which does not go on.
const Ended = "Duplicato per accorpamento"

// Duplicate is a product that several of the schools have for periods that overlap: only those of one of them can go on.
type Duplicate struct {
	Key       string // names it in forms: the id of its first subscription
	ProductID string
	Held      []subscription.Subscription // by school, then by period
	Owners    []string                    // ids of the schools whose periods can go on
	Default   string                      // the owner whose periods have the most days left; of equals the school in which they go on
}

// Of are the periods of one school in the duplicate.
func (d Duplicate) Of(schoolID string) []subscription.Subscription {
	return slices.DeleteFunc(slices.Clone(d.Held), func(x subscription.Subscription) bool { return x.SchoolID != schoolID })
}

// Compare finds what moves from some schools into one on a day: whatever runs then or later. What ended before stays where it
// was. Periods that overlap one that the other has, whenever, are duplicates.
func Compare(into string, from []string, day rinnova.Date, has []subscription.Subscription) (moves []subscription.Subscription, duplicates []Duplicate) {
	var live, past []subscription.Subscription
	for _, x := range has {
		switch {
		case x.SchoolID == into, slices.Contains(from, x.SchoolID) && !x.Period.To.Before(day):
			live = append(live, x)
		case slices.Contains(from, x.SchoolID):
			past = append(past, x)
		}
	}
	slices.SortFunc(live, func(a, b subscription.Subscription) int {
		return cmp.Or(strings.Compare(a.ProductID, b.ProductID), b.Period.From.DaysUntil(a.Period.From), strings.Compare(a.ID, b.ID))
	})
	for group := range groups(live) {
		owners := owners(group)
		switch {
		case len(owners) > 1:
			duplicates = append(duplicates, duplicate(into, owners, day, group, past))
		case owners[0] != into:
			moves = append(moves, group...)
		}
	}
	return moves, duplicates
}

// groups are the runs of periods of one product that hang together by overlaps; all comes by product and first day.
func groups(all []subscription.Subscription) func(yield func([]subscription.Subscription) bool) {
	return func(yield func([]subscription.Subscription) bool) {
		for len(all) > 0 {
			n, last := 1, all[0].Period.To
			for n < len(all) && all[n].ProductID == all[0].ProductID && !all[n].Period.From.After(last) {
				if all[n].Period.To.After(last) {
					last = all[n].Period.To
				}
				n++
			}
			if !yield(all[:n]) {
				return
			}
			all = all[n:]
		}
	}
}

func owners(group []subscription.Subscription) []string {
	var out []string
	for _, x := range group {
		if !slices.Contains(out, x.SchoolID) {
			out = append(out, x.SchoolID)
		}
	}
	return out
}

// duplicate makes a group of periods into one. The school into which all goes can always keep its own; another's periods can take
// their place where there is room at home for what they push out.
func duplicate(into string, all []string, day rinnova.Date, group, past []subscription.Subscription) Duplicate {
	d := Duplicate{Key: group[0].ID, ProductID: group[0].ProductID, Held: slices.Clone(group)}
	slices.SortStableFunc(d.Held, func(a, b subscription.Subscription) int {
		if a.SchoolID == b.SchoolID {
			return 0
		}
		return slices.Index(all, a.SchoolID) - slices.Index(all, b.SchoolID)
	})
	most := -1
	slices.SortStableFunc(all, func(a, b string) int { // the one into which all goes first, so that it wins among equals
		switch into {
		case a:
			return -1
		case b:
			return 1
		}
		return 0
	})
	for _, owner := range all {
		if owner != into && crowded(d.Of(into), owner, past) {
			continue
		}
		d.Owners = append(d.Owners, owner)
		days := 0
		for _, x := range d.Of(owner) {
			days += max(0, later(x.Period.From, day).DaysUntil(x.Period.To)+1)
		}
		if days > most {
			most, d.Default = days, owner
		}
	}
	return d
}

func later(a, b rinnova.Date) rinnova.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// crowded tells whether periods have no room among what a school had of the product before.
func crowded(periods []subscription.Subscription, schoolID string, past []subscription.Subscription) bool {
	return slices.ContainsFunc(periods, func(x subscription.Subscription) bool {
		return slices.ContainsFunc(past, func(y subscription.Subscription) bool {
			return y.SchoolID == schoolID && y.ProductID == x.ProductID && x.Period.Overlaps(y.Period)
		})
	})
}

// Outcome is every subscription that changes, as it is afterwards; choices say by Duplicate.Key whose periods go on, else the
// default's do. What goes on belongs to the school into which all goes; what does not is ended, and belongs to the school that
// closes: its own stay, and those that its periods have pushed out take their place.
func Outcome(into string, moves []subscription.Subscription, duplicates []Duplicate, choices map[string]string) []subscription.Subscription {
	var out []subscription.Subscription
	move := func(x subscription.Subscription, to string) subscription.Subscription {
		if x.SchoolID != to {
			x.MovedFrom, x.SchoolID = x.SchoolID, to
		}
		return x
	}
	for _, x := range moves {
		out = append(out, move(x, into))
	}
	for _, d := range duplicates {
		owner := d.Chosen(choices)
		for _, x := range d.Held {
			switch {
			case x.SchoolID == owner && owner == into: // stays as it is
				continue
			case x.SchoolID == owner:
				x = move(x, into)
			default:
				x.Ended = cmp.Or(x.Ended, Ended)
				if x.SchoolID == into {
					x = move(x, owner)
				}
			}
			out = append(out, x)
		}
	}
	return out
}

// Chosen is the school whose periods go on.
func (d Duplicate) Chosen(choices map[string]string) string {
	if owner := choices[d.Key]; slices.Contains(d.Owners, owner) {
		return owner
	}
	return d.Default
}
