package renewal

import (
	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
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
	order  []field
}

type field struct {
	name  rinnova.Text
	value string
}

// Changes lists what a confirmation says differently from the one before.
func Changes(p *Proposal, before, after *Revision) []Change {
	return compare(p, before.answer(), after.answer())
}

// DraftChanges lists what a draft says differently from what counts.
func DraftChanges(p *Proposal, before *Revision, r *Request, payment string) []Change {
	f := r.Draft.Order
	a := answer{band: r.Draft.Band, ticks: r.Ticks(), totals: p.Totals(r.Draft.Band, r.Ticks()), left: r.Draft.Leavings}
	date := f.Date
	if d, ok := parseTyped(f.Date); ok {
		date = locale.Date(d)
	}
	a.order = fields(normalCIG(f.CIG), f.Exclusion, normalCUP(f.CUP), normalSpaces(f.Number), date, payment)
	return compare(p, before.answer(), a)
}

func (v *Revision) answer() answer {
	return answer{band: v.Band, ticks: NewTicks(v.Ticks...), totals: v.Totals, left: v.Leavings,
		order: fields(v.Order.CIG, v.Order.Exclusion, v.Order.CUP, v.Order.Number, locale.Date(v.Order.Date), v.Order.Payment.Name)}
}

func fields(cig, exclusion, cup, number, date, payment string) []field {
	return []field{
		{rinnova.Say("CIG"), cig}, {rinnova.Say("Motivo di esclusione del CIG"), exclusion}, {rinnova.Say("CUP"), cup},
		{rinnova.Say("Numero ordine"), number}, {rinnova.Say("Data ordine"), date}, {rinnova.Say("Pagamento"), payment},
	}
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
	for i, f := range after.order {
		if was := before.order[i].value; was != f.value {
			out = append(out, fieldChange(f, was))
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

func fieldChange(f field, was string) Change {
	switch {
	case was == "":
		return Change{Kind: Altered, Text: rinnova.Say("%s: %s (prima non c’era)", f.name, f.value)}
	case f.value == "":
		return Change{Kind: Altered, Text: rinnova.Say("%s: manca (era %s)", f.name, was)}
	}
	return Change{Kind: Altered, Text: rinnova.Say("%s: %s (era %s)", f.name, f.value, was)}
}
