// Package exchange brings data in and out by files: schools, what they have, price lists, tax codes and codici univoci, the
// ministry's registry. Layouts are data; what is exported can be imported again and then changes nothing.
//
// An import is first a plan: every row with what would come of it. It is applied only as it was shown, in one transaction: the
// file is kept by its hash, planned again, and where the plan is no longer the one that was seen it is shown anew.
package exchange

import (
	"slices"

	"rinnova"
	"rinnova/internal/sheet"
)

// What names a kind of data, in addresses and files too.
type What string

// The kinds of data.
const (
	Schools       What = "scuole"
	Subscriptions What = "prodotti-delle-scuole"
	Prices        What = "listini"
	Codes         What = "codici"
	Registry      What = "anagrafe"
)

// Column is a column of a layout.
type Column struct {
	Key      string
	Name     string   // as we write it in the header
	Other    []string // what else it may be called; capitals, accents and signs do not matter
	Required bool     // in every row
	Info     bool     // for people: written, never read
	Kind     sheet.Kind
	Euro     bool // an amount
	Meaning  rinnova.Text
	Example  string
	Digits   int // a code of so many digits: Excel takes the zeros off its beginning
}

// Layout describes a file.
type Layout struct {
	What    What
	Title   rinnova.Text
	About   rinnova.Text
	Columns []Column
	Whole   bool // nothing is applied while a row is refused
	Foreign bool // somebody else's: it has columns that nobody here reads
}

// LayoutOf finds the layout of a kind; ok is false where there is none.
func LayoutOf(w What) (l Layout, ok bool) {
	i := slices.IndexFunc(Layouts, func(l Layout) bool { return l.What == w })
	if i < 0 {
		return Layout{}, false
	}
	return Layouts[i], true
}

// Exports tells whether the kind can be written too: the registry is the ministry's.
func (l Layout) Exports() bool { return l.What != Registry }

func (l Layout) column(key string) Column {
	for _, c := range l.Columns {
		if c.Key == key {
			return c
		}
	}
	return Column{Key: key, Name: key}
}

// Verdict is what would come of a row.
type Verdict string

// The verdicts.
const (
	Added     Verdict = "added"
	Changed   Verdict = "changed"
	Unchanged Verdict = "unchanged"
	Refused   Verdict = "refused"
)

// Row is a row of a file with what would come of it.
type Row struct {
	Line     int
	Verdict  Verdict
	Name     string    // what it is about
	Changes  []Change  `json:",omitempty"`
	Problems []Problem `json:",omitempty"`
}

// Change is a value before and after, as people read it.
type Change struct{ Column, Old, New string }

// Problem is what is wrong with a value, or with the whole row where it names no column.
type Problem struct {
	Column  string `json:",omitempty"`
	Refuses bool   `json:",omitempty"` // else it only warns
	Text    rinnova.Text
}

// Warns tells whether there is something to look at in a row that is taken.
func (r Row) Warns() bool { return r.Verdict != Refused && len(r.Problems) > 0 }

// Refuse says what is wrong with a value of the row, or with the whole row where column is empty; the row is not taken.
func (r *Row) Refuse(column, format string, args ...any) {
	r.add(Problem{column, true, rinnova.Text{Format: format, Args: args}})
}

func (r *Row) add(p Problem) {
	if r.Problems = append(r.Problems, p); p.Refuses {
		r.Verdict = Refused
	}
}

func (r *Row) change(column, before, after string) {
	r.Changes = append(r.Changes, Change{column, before, after})
}

// settle gives the verdict of a row that nothing refused.
func (r *Row) settle(isNew bool) {
	switch {
	case r.Verdict == Refused:
		r.Changes = nil
	case isNew:
		r.Verdict = Added
	case len(r.Changes) > 0:
		r.Verdict = Changed
	default:
		r.Verdict = Unchanged
	}
}

// Counts count the rows of a file by what would come of them. Ignored are good rows that are none of ours.
type Counts struct{ Added, Changed, Unchanged, Refused, Warned, Ignored int }

// Writes tells whether there is anything to write.
func (c Counts) Writes() bool { return c.Added+c.Changed > 0 }
