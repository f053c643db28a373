package renewal

import (
	"slices"

	"rinnova"
	"rinnova/internal/catalog"
)

// Origin says how the fees of the lines that are ticked came about; zero where it is not known, or true of none of them.
func (p *Proposal) Origin(b catalog.Band, ticks Ticks) rinnova.Text {
	ticked, apart := 0, 0
	for _, l := range p.Lines {
		if ticks[l.ID] {
			ticked++
			if p.Apart(l, b) {
				apart++
			}
		}
	}
	switch {
	case p.Raise == nil, apart > 0 && apart == ticked:
		return rinnova.Text{}
	case apart > 0:
		return rinnova.Say("%s Fanno eccezione i canoni fissati a parte.", raiseWords(*p.Raise))
	}
	return raiseWords(*p.Raise)
}

// origin says how the fee of a line came about; zero where it is not known.
func (p *Proposal) origin(l Line, b catalog.Band) rinnova.Text {
	switch {
	case p.Raise == nil:
		return rinnova.Text{}
	case p.Apart(l, b):
		return rinnova.Say("Il canone di questo prodotto è stato fissato a parte: non segue il listino precedente.")
	}
	return raiseWords(*p.Raise)
}

// Apart tells whether the fee of a line in a band was set by hand. Proposals that are older than the bands of it knew it of the
// product only: where the raise makes last year's fee this one, it was another band's.
func (p *Proposal) Apart(l Line, b catalog.Band) bool {
	if p.Raise == nil {
		return false
	}
	if l.SomeApart {
		y := p.lastYear(l)
		return y == nil || p.bandBefore(y, b) != b || p.Raise.Of(y.Fee) != l.Fee(b)
	}
	return slices.Contains(l.Apart, b)
}

// before is what a school paid for the product of a line, held against what it pays now. There is one cause for which the list's
// fee of its band is another than then, and one figure for what a change of the band does beside it.
type before struct {
	*LastYear
	now     rinnova.Cents // the fee of the line in the band of today
	band    catalog.Band  // of then; today's where it is not known, or where there is but one
	same    rinnova.Cents // what that band pays now
	changed bool          // the school is in another band now
	known   bool          // in which band it was, or that this does not matter
	cause   cause
}

// cause is why a fee of the list is another than last year's; it is said once.
type cause int

const (
	unmoved  cause = iota // the fee is the same, and that is what was to be expected
	byHand                // it was set by hand, which Origin says
	raised                // the raise of the list makes it, as whoever takes a calculator finds
	rounded               // the raise of the list leaves it as it is
	unlisted              // it was not the fee of the list before
	listed                // how the list was made is not known: it is another list
	unknown               // nobody can tell, because the band of then is not known
)

// before holds a line against last year; false where nobody knows what was paid.
func (p *Proposal) before(l Line, b catalog.Band) (x before, ok bool) {
	y := p.lastYear(l)
	if y == nil {
		return before{}, false
	}
	x = before{LastYear: y, now: l.Fee(b), band: p.bandBefore(y, b), known: !p.Bands.Several() || p.Bands.Has(y.Band)}
	x.same, x.changed = l.Fee(x.band), x.band != b
	x.cause = p.causeOf(x, p.Apart(l, b) || p.Apart(l, x.band))
	return x, true
}

func (p *Proposal) causeOf(x before, apart bool) cause {
	moved := x.same != x.Fee
	switch {
	case apart:
		return byHand
	case p.Raise == nil && moved && x.known:
		return listed
	case p.Raise == nil && !moved, !x.known && !moved:
		return unmoved
	case p.Raise == nil:
		return unknown
	case p.Raise.Of(x.Fee) != x.same && x.known:
		return unlisted
	case p.Raise.Of(x.Fee) != x.same:
		return unknown
	case moved:
		return raised
	case p.Raise.Percent != 0 && x.Fee != 0:
		return rounded
	}
	return unmoved
}

// compareLastYear holds a line against what the school paid for it last year.
func (p *Proposal) compareLastYear(l Line, b catalog.Band) rinnova.Text {
	x, ok := p.before(l, b)
	switch {
	case !ok && p.held(l):
		return rinnova.Say("Non risulta quanto costava nel contratto precedente.")
	case !ok:
		return rinnova.Say("Nel contratto precedente non c’era.")
	}
	said := x.change()
	for _, more := range []rinnova.Text{p.why(x), p.whyBand(x, p.Apart(l, x.band) && !p.Apart(l, b))} {
		if !more.IsZero() {
			said = rinnova.Say("%s %s", said, more)
		}
	}
	if l.Months < 12 {
		said = rinnova.Say("%s Il periodo è di %d mesi: si paga in proporzione.", said, l.Months)
	}
	return said
}

// change is by how much the fee is another; as a percentage too, unless the raise of the list is going to be named, which is
// rounded otherwise.
func (x before) change() rinnova.Text {
	bare := x.Fee == 0 || x.cause == raised
	switch up, down := x.now-x.Fee, x.Fee-x.now; {
	case up == 0:
		return rinnova.Say("Nel %d il canone era uguale.", x.Year)
	case up > 0 && bare:
		return rinnova.Say("Nel %d il canone era %s: sale di %s.", x.Year, x.Fee, up)
	case up > 0:
		return rinnova.Say("Nel %d il canone era %s: sale di %s (%s).", x.Year, x.Fee, up, shareOf(up, x.Fee))
	case bare:
		return rinnova.Say("Nel %d il canone era %s: scende di %s.", x.Year, x.Fee, down)
	default:
		return rinnova.Say("Nel %d il canone era %s: scende di %s (%s).", x.Year, x.Fee, down, shareOf(down, x.Fee))
	}
}

// shareOf is a change as a percentage of what was; what was is not nothing.
func shareOf(change, was rinnova.Cents) rinnova.BasisPoints {
	return rinnova.BasisPoints(change.MulDiv(10_000, int64(was)))
}

// why says the cause; zero where there is none to say, or where Origin says it.
func (p *Proposal) why(x before) rinnova.Text {
	switch x.cause {
	case raised:
		if p.Raise.Percent < 0 {
			return rinnova.Say("Il listino è sceso %s.", of(-p.Raise.Percent))
		}
		return rinnova.Say("Il listino è aumentato %s.", of(p.Raise.Percent))
	case rounded:
		return rinnova.Say("Con l’arrotondamento il canone resta quello.")
	case unlisted:
		return rinnova.Say("Il canone di allora non era quello del listino precedente.")
	case listed:
		return rinnova.Say("È l’adeguamento del listino.")
	case unknown:
		return rinnova.Say("Non risulta in quale fascia fosse la scuola.")
	}
	return rinnova.Text{}
}

// whyBand says what became of the band; zero where it is not known, or where it does not matter.
func (p *Proposal) whyBand(x before, apart bool) rinnova.Text {
	switch {
	case x.changed && apart:
		return rinnova.Say("La fascia è cambiata: era %s, dove oggi il canone è %s, fissato a parte.", p.Bands.Name(x.band), x.same)
	case x.changed:
		return rinnova.Say("La fascia è cambiata: era %s, dove oggi il canone è %s.", p.Bands.Name(x.band), x.same)
	case !p.Bands.Several() && x.cause != unlisted:
		return rinnova.Say("Il canone è uguale per tutte le scuole.")
	case !p.Bands.Several(), !x.known:
		return rinnova.Text{}
	}
	return rinnova.Say("La fascia è la stessa.")
}

// lastYear is what the school paid for the product of a line last year, whichever way it is renewed; nil where it had none.
func (p *Proposal) lastYear(l Line) *LastYear {
	for _, x := range p.Lines {
		if l.LastYear == nil && l.Choice != "" && x.Choice == l.Choice && x.LastYear != nil {
			return x.LastYear
		}
	}
	return l.LastYear
}

// bandBefore is the band of last year; today's where it is not known, is none of today's, or where there is but one.
func (p *Proposal) bandBefore(y *LastYear, b catalog.Band) catalog.Band {
	if p.Bands.Several() && p.Bands.Has(y.Band) {
		return y.Band
	}
	return b
}
