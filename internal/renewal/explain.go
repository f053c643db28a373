package renewal

import (
	"rinnova"
	"rinnova/internal/catalog"
)

// Step is one row of an explanation: words and an amount.
type Step struct {
	Text   rinnova.Text
	Amount rinnova.Cents
}

// Explanation says why a line costs what it costs. Form, reminder and contract say it in the same words.
type Explanation struct {
	Amount   rinnova.Cents
	Steps    []Step // price list and band, months, share of the reduction
	Net      rinnova.Cents
	Ticked   bool
	Origin   rinnova.Text // how the fees of the price list came about; zero where it is not known
	LastYear rinnova.Text // against last year, and why it changed
	Without  rinnova.Text // what happens to the taxable amount if the line is left out (or, not ticked, put in)
}

// Explain explains one line for a band and a set of ticks. ok is false for a line that the proposal does not have.
func (p *Proposal) Explain(b catalog.Band, ticks Ticks, id string) (x Explanation, ok bool) {
	for i, l := range p.Lines {
		if l.ID == id {
			return p.explain(b, ticks, i, p.Totals(b, ticks)), true
		}
	}
	return Explanation{}, false
}

// ExplainAll explains all lines, in their order.
func (p *Proposal) ExplainAll(b catalog.Band, ticks Ticks) []Explanation {
	totals := p.Totals(b, ticks)
	out := make([]Explanation, len(p.Lines))
	for i := range p.Lines {
		out[i] = p.explain(b, ticks, i, totals)
	}
	return out
}

func (p *Proposal) explain(b catalog.Band, ticks Ticks, i int, totals catalog.Totals) Explanation {
	l, line := p.Lines[i], totals.Lines[i]
	x := Explanation{Amount: line.Amount, Net: line.Net, Ticked: ticks[l.ID], Origin: p.origin(l, b)}
	x.Steps = append([]Step{{p.Basis(b), l.Fee(b)}}, l.periodSteps(b, line.Amount)...)
	if x.Ticked && line.Reduction > 0 {
		x.Steps = append(x.Steps, Step{rinnova.Say("Quota della riduzione per il tetto massimo"), -line.Reduction})
	}
	x.LastYear = p.compareLastYear(l, b)
	x.Without = p.ifToggled(b, ticks, l, totals)
	return x
}

// Basis says where the yearly fees of a band come from.
func (p *Proposal) Basis(b catalog.Band) rinnova.Text {
	band := p.Band(b)
	if band.IsZero() {
		return rinnova.Say("%s, valido dal %s", p.PriceList, p.PricesFrom)
	}
	return rinnova.Say("%s, valido dal %s, fascia %s", p.PriceList, p.PricesFrom, band)
}

// periodSteps say what the months of a line come to; of a period in parts each of them, and the sum.
func (l Line) periodSteps(b catalog.Band, amount rinnova.Cents) []Step {
	if len(l.Parts) == 0 {
		if l.Months > 12 {
			return []Step{{rinnova.Say("Periodo %s – %s: %d mesi, ognuno un dodicesimo del canone", l.Period.From, l.Period.To, l.Months), amount}}
		}
		return []Step{{rinnova.Say("Periodo %s – %s: %d mesi su 12", l.Period.From, l.Period.To, l.Months), amount}}
	}
	var out []Step
	for _, part := range l.Parts {
		q := catalog.QuotePart{Fee: part.Fee(b), Months: part.Months}
		out = append(out, Step{rinnova.Say("%s – %s: %d mesi su 12 di %s all’anno", part.Period.From, part.Period.To, part.Months, q.Fee), q.Amount()})
	}
	return append(out, Step{rinnova.Say("In tutto %d mesi", l.Months), amount})
}

// ifToggled says what the other choice would change: above the cap often nothing.
func (p *Proposal) ifToggled(b catalog.Band, ticks Ticks, l Line, now catalog.Totals) rinnova.Text {
	other := ticks.Clone()
	instead := false // it would take the place of another way to renew the product
	if l.Choice != "" {
		for _, x := range p.Lines {
			if x.Choice == l.Choice && other[x.ID] {
				instead = x.ID != l.ID
				delete(other, x.ID)
			}
		}
	}
	other[l.ID] = !ticks[l.ID]
	then := p.Totals(b, other)
	if ticks[l.ID] {
		return ifLeft(l, now, then)
	}
	return p.ifTaken(l, instead, then, then.Taxable-now.Taxable)
}

// ifLeft says what leaving out a line that is ticked would change.
func ifLeft(l Line, now, then catalog.Totals) rinnova.Text {
	less := now.Taxable - then.Taxable
	switch {
	case less == 0 && now.Reduction > 0 && l.InCap:
		return rinnova.Say("Se non lo rinnovate l’imponibile non cambia, perché la somma resta sopra il tetto massimo.")
	case less == 0:
		return rinnova.Say("Se non lo rinnovate l’imponibile non cambia.")
	case now.Reduction > 0 && l.InCap:
		return rinnova.Say("Se non lo rinnovate l’imponibile scende di %s, a %s, perché la somma torna sotto il tetto massimo.", less, then.Taxable)
	}
	return rinnova.Say("Se non lo rinnovate l’imponibile scende di %s, a %s.", less, then.Taxable)
}

// ifTaken says what ticking a line would change by diff: to renew what the school has, to add what it does not have, or to renew
// it in another way than now.
func (p *Proposal) ifTaken(l Line, instead bool, then catalog.Totals, diff rinnova.Cents) rinnova.Text {
	capped := then.Reduction > 0 && l.InCap
	switch held := p.held(l); {
	case instead && diff > 0:
		return rinnova.Say("Se scegliete questo periodo l’imponibile sale di %s, a %s.", diff, then.Taxable)
	case instead && diff < 0:
		return rinnova.Say("Se scegliete questo periodo l’imponibile scende di %s, a %s.", -diff, then.Taxable)
	case instead:
		return rinnova.Say("Se scegliete questo periodo l’imponibile non cambia.")
	case held && diff == 0 && capped:
		return rinnova.Say("Se lo rinnovate l’imponibile non cambia, perché la somma è già al tetto massimo.")
	case held && diff == 0:
		return rinnova.Say("Se lo rinnovate l’imponibile non cambia.")
	case held:
		return rinnova.Say("Se lo rinnovate l’imponibile sale di %s, a %s.", diff, then.Taxable)
	case diff == 0 && capped:
		return rinnova.Say("Se lo aggiungete l’imponibile non cambia, perché la somma è già al tetto massimo.")
	case diff == 0:
		return rinnova.Say("Se lo aggiungete l’imponibile non cambia.")
	}
	return rinnova.Say("Se lo aggiungete l’imponibile sale di %s, a %s.", diff, then.Taxable)
}

// held tells whether the school has the product of a line.
func (p *Proposal) held(l Line) bool {
	for _, x := range p.Products() {
		for _, i := range x.Lines {
			if p.Lines[i].ID == l.ID {
				return x.Held
			}
		}
	}
	return false
}
