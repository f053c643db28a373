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

// Explanation says why a line costs what it costs.
type Explanation struct {
	Amount   rinnova.Cents
	Steps    []Step // price list and band, months, share of the reduction
	Net      rinnova.Cents
	Ticked   bool
	LastYear rinnova.Text // against last year; zero where there is nothing to compare
	Without  rinnova.Text // what happens to the taxable amount if the line is left out (or, not ticked, put in)
}

// Explain explains one line for a band and a set of ticks. ok is false for a line that the proposal does not have.
func (p *Proposal) Explain(b catalog.Band, ticks Ticks, id string) (x Explanation, ok bool) {
	for i, l := range p.Lines {
		if l.ID != id {
			continue
		}
		totals := p.Totals(b, ticks)
		line := totals.Lines[i]
		x = Explanation{Amount: line.Amount, Net: line.Net, Ticked: ticks[id]}
		x.Steps = append(x.Steps, p.feeStep(l, b),
			Step{rinnova.Say("Periodo %s – %s: %d mesi su 12", l.Period.From, l.Period.To, l.Months), line.Amount})
		if ticks[id] && line.Reduction > 0 {
			x.Steps = append(x.Steps, Step{rinnova.Say("Quota della riduzione per il tetto massimo"), -line.Reduction})
		}
		x.LastYear = l.compareLastYear(p.Bands, b)
		x.Without = p.ifToggled(b, ticks, l, totals)
		return x, true
	}
	return Explanation{}, false
}

// feeStep says where the yearly fee comes from.
func (p *Proposal) feeStep(l Line, b catalog.Band) Step {
	band := p.Band(b)
	if band.IsZero() {
		return Step{rinnova.Say("%s, valido dal %s", p.PriceList, p.PricesFrom), l.Fee(b)}
	}
	return Step{rinnova.Say("%s, valido dal %s, fascia %s", p.PriceList, p.PricesFrom, band), l.Fee(b)}
}

func (l Line) compareLastYear(bands catalog.Bands, b catalog.Band) rinnova.Text {
	y := l.LastYear
	if y == nil {
		return rinnova.Say("Nel contratto precedente non c’era.")
	}
	fee := l.Fee(b)
	var why rinnova.Text
	switch {
	case !bands.Several() && fee == y.Fee:
		why = rinnova.Say("È uguale per tutte le scuole.")
	case !bands.Several():
		why = rinnova.Say("È l’adeguamento del listino, uguale per tutte le scuole.")
	case y.Band != b:
		why = rinnova.Say("La fascia è cambiata: era %s.", bands.Name(y.Band))
	case fee == y.Fee:
		why = rinnova.Say("La fascia è la stessa.")
	default:
		why = rinnova.Say("È l’adeguamento del listino; la fascia è la stessa.")
	}
	switch {
	case fee == y.Fee:
		return rinnova.Say("Nel %d il canone era uguale. %s", y.Year, why)
	case fee > y.Fee:
		return rinnova.Say("Nel %d il canone era %s: sale di %s. %s", y.Year, y.Fee, fee-y.Fee, why)
	}
	return rinnova.Say("Nel %d il canone era %s: scende di %s. %s", y.Year, y.Fee, y.Fee-fee, why)
}

// ifToggled says what the other choice would change: above the cap often nothing.
func (p *Proposal) ifToggled(b catalog.Band, ticks Ticks, l Line, now catalog.Totals) rinnova.Text {
	other := ticks.Clone()
	other[l.ID] = !ticks[l.ID]
	then := p.Totals(b, other)
	diff := then.Taxable - now.Taxable
	if ticks[l.ID] {
		switch {
		case diff == 0 && now.Reduction > 0 && l.InCap:
			return rinnova.Say("Se non lo rinnovate l’imponibile non cambia, perché la somma resta sopra il tetto massimo.")
		case diff == 0:
			return rinnova.Say("Se non lo rinnovate l’imponibile non cambia.")
		case now.Reduction > 0 && l.InCap:
			return rinnova.Say("Se non lo rinnovate l’imponibile scende di %s, a %s, perché la somma torna sotto il tetto massimo.", -diff, then.Taxable)
		}
		return rinnova.Say("Se non lo rinnovate l’imponibile scende di %s, a %s.", -diff, then.Taxable)
	}
	switch {
	case diff == 0 && then.Reduction > 0 && l.InCap:
		return rinnova.Say("Se lo rinnovate l’imponibile non cambia, perché la somma è già al tetto massimo.")
	case diff == 0:
		return rinnova.Say("Se lo rinnovate l’imponibile non cambia.")
	}
	return rinnova.Say("Se lo rinnovate l’imponibile sale di %s, a %s.", diff, then.Taxable)
}
