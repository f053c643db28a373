package terms

import (
	"regexp"
	"slices"
	"strings"
)

// Change is what became of a clause from one version to the next. Before is nil for a new clause, After for one that is gone.
type Change struct {
	Title         string
	Before, After []string // paragraphs
}

// Same tells whether the clause says what it said.
func (c Change) Same() bool { return slices.Equal(c.Before, c.After) }

var number = regexp.MustCompile(`^\d+[a-z]*[.)]?\s+`)

// subject is a clause's title without its number: a clause that moves is still the same one.
func (c Clause) subject() string { return strings.ToLower(number.ReplaceAllString(c.Title, "")) }

// Changes compares t with the version before it, clause by clause in the order of t; then come the clauses that are gone.
func (t Terms) Changes(before Terms) []Change {
	old := before.Clauses()
	var out []Change
	for _, c := range t.Clauses() {
		x := Change{Title: c.Title, After: c.Paragraphs}
		if i := slices.IndexFunc(old, func(o Clause) bool { return o.subject() == c.subject() }); i >= 0 {
			x.Before = old[i].Paragraphs
			old = slices.Delete(old, i, i+1)
		}
		out = append(out, x)
	}
	for _, c := range old {
		out = append(out, Change{Title: c.Title, Before: c.Paragraphs})
	}
	return out
}
