package renewal

import (
	"rinnova"
	"rinnova/internal/catalog"
)

// raiseWords say how the fees of a list came about from those of the list before, in a sentence for schools.
func raiseWords(r catalog.Raise) rinnova.Text {
	said := changeWords(r.Percent)
	if r.Rounding > 1 {
		said = rinnova.Say("%s, arrotondati a %s", said, r.Rounding)
	}
	if r.Index == nil || r.Index.BaseMilli <= 0 {
		return rinnova.Say("%s.", said)
	}
	return rinnova.Say("%s: %s.", said, indexWords(*r.Index))
}

func changeWords(percent rinnova.BasisPoints) rinnova.Text {
	switch {
	case percent > 0:
		return rinnova.Say("I canoni sono quelli del listino precedente, aumentati %s", of(percent))
	case percent < 0:
		return rinnova.Say("I canoni sono quelli del listino precedente, diminuiti %s", of(-percent))
	}
	return rinnova.Say("I canoni sono quelli del listino precedente")
}

// indexWords say what of an index has entered: the share of its variation, or the floor where that is more.
func indexWords(x catalog.Indexation) rinnova.Text {
	variation := x.Variation()
	change := rinnova.Say("l’indice %s è salito %s fra %s e %s", x.Series, of(variation), monthWords(x.Base), monthWords(x.To))
	if variation < 0 {
		change = rinnova.Say("l’indice %s è sceso %s fra %s e %s", x.Series, of(-variation), monthWords(x.Base), monthWords(x.To))
	}
	if x.Link != nil {
		change = rinnova.Say("%s (con il coefficiente di raccordo %s fra le basi %s e %s)", change, x.Link.Coefficient.String(), x.Link.From, x.Link.To)
	}
	switch {
	case x.Computed() < x.Floor:
		return rinnova.Say("%s, e vale l’aumento minimo %s", change, of(x.Floor))
	case x.Share == 10_000:
		return change
	}
	return rinnova.Say("%s, e conta nella misura %s", change, of(x.Share))
}

// of is a rate with the article that its number wants: del 3%, dell’8%, dello 0,5%.
func of(r rinnova.BasisPoints) rinnova.Text {
	switch whole := r / 100; {
	case whole == 0:
		return rinnova.Say("dello %s", r)
	case whole == 1, whole == 8, whole == 11, whole >= 80 && whole < 90:
		return rinnova.Say("dell’%s", r)
	}
	return rinnova.Say("del %s", r)
}

// monthWords is a month as 09/2026.
func monthWords(m catalog.Month) string {
	if len(m) != len("2026-09") {
		return string(m)
	}
	return string(m[5:] + "/" + m[:4])
}
