package renewal

import (
	"rinnova"
	"rinnova/internal/catalog"
)

// Product is one thing that a proposal offers: a line, or the lines of a choice, each of them a way to renew it.
type Product struct {
	ID        string // of its first line
	Name      string
	Lines     []int // positions in Proposal.Lines, in order
	Held      bool  // the school has it: what is not renewed of it is left
	Suggested bool  // the school does not have it, and it is offered beside
}

// Several tells whether there is more than one way to renew it.
func (x Product) Several() bool { return len(x.Lines) > 1 }

// Products are what the proposal offers, in the order of its lines.
func (p *Proposal) Products() []Product {
	out := make([]Product, 0, len(p.Lines))
	positions := make([]int, len(p.Lines))
	var at map[string]int // of choices in out
	for i := range p.Lines {
		l := &p.Lines[i]
		held := !l.Suggested && (l.Ticked || l.LastYear != nil)
		if l.Choice != "" {
			if n, ok := at[l.Choice]; ok {
				out[n].Lines = append(out[n].Lines, i)
				out[n].Held = out[n].Held || held
				continue
			}
			if at == nil {
				at = map[string]int{}
			}
			at[l.Choice] = len(out)
		}
		positions[i] = i
		out = append(out, Product{ID: l.ID, Name: l.Name, Lines: positions[i : i+1 : i+1], Held: held, Suggested: l.Suggested})
	}
	return out
}

// Chosen are the lines of a product that are ticked.
func (p *Proposal) Chosen(x Product, ticks Ticks) []int {
	var out []int
	for _, i := range x.Lines {
		if ticks[p.Lines[i].ID] {
			out = append(out, i)
		}
	}
	return out
}

// Left are the products that the school has and does not renew.
func (p *Proposal) Left(ticks Ticks) []Product {
	var out []Product
	for _, x := range p.Products() {
		if x.Held && len(p.Chosen(x, ticks)) == 0 {
			out = append(out, x)
		}
	}
	return out
}

// Aside tells of each line whether it is not ticked and nothing is missing: it was only suggested, or its product is renewed in
// another way. Of a product that is not renewed at all its first line is missing.
func (p *Proposal) Aside(ticks Ticks) []bool {
	out := make([]bool, len(p.Lines))
	for _, x := range p.Products() {
		chosen := len(p.Chosen(x, ticks)) > 0
		for n, i := range x.Lines {
			out[i] = !ticks[p.Lines[i].ID] && (chosen || x.Suggested || n > 0)
		}
	}
	return out
}

// Count is how many products are renewed, and of how many: suggested ones count once they are ticked.
func (p *Proposal) Count(ticks Ticks) (chosen, of int) {
	for _, x := range p.Products() {
		on := len(p.Chosen(x, ticks)) > 0
		if on {
			chosen++
		}
		if on || !x.Suggested {
			of++
		}
	}
	return chosen, of
}

// Doubled stops a confirmation that renews a product in two ways.
func (p *Proposal) Doubled(ticks Ticks) rinnova.Problems {
	var out rinnova.Problems
	for _, x := range p.Products() {
		if !x.Several() {
			continue
		}
		if on := p.Chosen(x, ticks); len(on) > 1 {
			out.Refuse(FieldLines, "«%s» è scelto in due modi (%s; %s): tenetene uno solo.", x.Name, p.Way(p.Lines[on[0]]), p.Way(p.Lines[on[1]]))
		}
	}
	return out
}

// Way says in which way a line of a choice renews its product; zero for a line that stands alone.
func (p *Proposal) Way(l Line) rinnova.Text {
	long := duration(l.Months)
	switch {
	case l.Choice == "":
		return rinnova.Text{}
	case l.Variant == Aligned && p.Period.To == l.Period.To && l.Period.To.Month == 12 && l.Period.To.Day == 31:
		return rinnova.Say("fino al %s, %s: da lì in poi coincide con l’anno solare", l.Period.To, long)
	case l.Variant == Aligned:
		return rinnova.Say("fino al %s, %s: da lì in poi coincide con il periodo degli altri", l.Period.To, long)
	case l.Variant == Years && l.Months%12 == 0:
		long = rinnova.Say("%d anni", l.Months/12)
		fallthrough
	case l.Variant == Years:
		if l.level() {
			return rinnova.Say("%s a canone bloccato, fino al %s", long, l.Period.To)
		}
		return rinnova.Say("%s con un canone già fissato per ogni anno, fino al %s", long, l.Period.To)
	}
	return rinnova.Say("%s, dal %s al %s", long, l.Period.From, l.Period.To)
}

// duration is a number of months in words.
func duration(months int) rinnova.Text {
	if months == 1 {
		return rinnova.Say("un mese")
	}
	return rinnova.Say("%d mesi", months)
}

// level tells whether the yearly fee is the same through all of a line's period.
func (l Line) level() bool {
	for _, part := range l.Parts {
		for b, x := range part.Fees {
			if b < len(l.Parts[0].Fees) && x != l.Parts[0].Fees[b] {
				return false
			}
		}
	}
	return true
}

// Named is the product of a line, with the way in which it is renewed where there are several.
func (p *Proposal) Named(l Line) rinnova.Text {
	if l.Choice == "" {
		return rinnova.Say("%s", l.Name)
	}
	return rinnova.Say("%s (%s)", l.Name, p.Way(l))
}

// Steps says the yearly fees of a period in parts, one after the other; zero where one fee is of all of it.
func (l Line) Steps(b catalog.Band) rinnova.Text {
	var out rinnova.Text
	for _, part := range l.Parts {
		one := rinnova.Say("dal %s %s all’anno", part.Period.From, part.Fee(b))
		if out.IsZero() {
			out = one
		} else {
			out = rinnova.Say("%s, %s", out, one)
		}
	}
	return out
}

// Detail is the way in which a line is renewed with the fees of its parts; zero where there is nothing to say beside its period.
func (p *Proposal) Detail(l Line, b catalog.Band) rinnova.Text {
	way, steps := p.Way(l), l.Steps(b)
	switch {
	case way.IsZero():
		return steps
	case steps.IsZero() || l.level():
		return way
	}
	return rinnova.Say("%s: %s", way, steps)
}
