package renewal

import (
	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/supplier"
)

// ChangeKind is what sort of difference there is.
type ChangeKind string

// The kinds of change, which people see as words and a tint.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Altered ChangeKind = "altered"
)

// Change is one difference between what counted and what is said now.
type Change struct {
	Kind ChangeKind
	Line string       // id of the line that was added or removed
	Text rinnova.Text // a whole sentence without its verb: Privacy Web, € 120,00
}

// answer is what two confirmations, or a confirmation and a draft, are compared by.
type answer struct {
	band   catalog.Band
	ticks  Ticks
	totals catalog.Totals
	left   Leavings
	order  []Datum
}

// Changes lists what a confirmation says differently from the one before.
func Changes(p *Proposal, before, after *Revision) []Change {
	return compare(p, before.answer(), after.answer())
}

// DraftChanges lists what a draft says differently from what counts: nothing where it is the same (Revision.Same). Terms are all
// payment terms of the vendor.
func DraftChanges(p *Proposal, before *Revision, r *Request, terms []supplier.PaymentTerm) []Change {
	d := r.Draft
	return compare(p, before.answer(), answer{d.Band, r.Ticks(), p.Totals(d.Band, r.Ticks()), d.Leavings, d.Order.Data(terms)})
}

func (v *Revision) answer() answer {
	return answer{band: v.Band, ticks: NewTicks(v.Ticks...), totals: v.Totals, left: v.Leavings, order: v.Order.Data()}
}

func compare(p *Proposal, before, after answer) []Change {
	out := lineChanges(p, before, after)
	for _, x := range p.Left(after.ticks) {
		if was, is := before.left[x.ID], after.left[x.ID]; was != is {
			out = append(out, leavingChange(x, was, is))
		}
	}
	if before.band != after.band {
		out = append(out, Change{Kind: Altered, Text: rinnova.Say("Fascia alunni: %s (era %s)", p.Bands.Name(after.band), p.Bands.Name(before.band))})
	}
	for i, is := range after.order {
		if was := before.order[i]; was.Value != is.Value {
			out = append(out, fieldChange(was, is))
		}
	}
	return out
}

// lineChanges are the products that were added, removed, or renewed in another way.
func lineChanges(p *Proposal, before, after answer) []Change {
	var out []Change
	for i, l := range p.Lines {
		name := p.Named(l)
		was, is := before.ticks[l.ID], after.ticks[l.ID]
		switch {
		case is && !was:
			out = append(out, Change{Added, l.ID, rinnova.Say("%s, %s", name, after.totals.Lines[i].Amount)})
		case was && !is && before.totals.Taxable == after.totals.Taxable:
			out = append(out, Change{Removed, l.ID, rinnova.Say("%s, %s: l’imponibile resta uguale", name, before.totals.Lines[i].Amount)})
		case was && !is:
			out = append(out, Change{Removed, l.ID, rinnova.Say("%s, %s", name, before.totals.Lines[i].Amount)})
		}
	}
	return out
}

func leavingChange(x Product, was, is Leaving) Change {
	switch {
	case was.IsZero():
		return Change{Kind: Altered, Text: rinnova.Say("%s, perché non si rinnova: %s", x.Name, is.Text())}
	case is.IsZero():
		return Change{Kind: Altered, Text: rinnova.Say("%s, perché non si rinnova: non è più detto (era %s)", x.Name, was.Text())}
	}
	return Change{Kind: Altered, Text: rinnova.Say("%s, perché non si rinnova: %s (era %s)", x.Name, is.Text(), was.Text())}
}

func fieldChange(was, is Datum) Change {
	switch {
	case was.Text.IsZero():
		return Change{Kind: Altered, Text: rinnova.Say("%s: %s (prima non c’era)", is.Label, is.Text)}
	case is.Text.IsZero():
		return Change{Kind: Altered, Text: rinnova.Say("%s: non c’è più (era %s)", is.Label, was.Text)}
	}
	return Change{Kind: Altered, Text: rinnova.Say("%s: %s (era %s)", is.Label, is.Text, was.Text)}
}
