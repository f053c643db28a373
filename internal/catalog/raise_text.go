package catalog

import "rinnova"

// Text says how the fees of a list came about from those of the list before.
func (r Raise) Text() rinnova.Text {
	said := r.change()
	if r.Rounding > 1 {
		said = rinnova.Say("%s, arrotondati a %s", said, r.Rounding)
	}
	if r.Index == nil || r.Index.BaseMilli <= 0 {
		return rinnova.Say("%s.", said)
	}
	return rinnova.Say("%s: %s.", said, r.Index.Text())
}

func (r Raise) change() rinnova.Text {
	switch {
	case r.Percent > 0:
		return rinnova.Say("I canoni sono quelli del listino precedente, aumentati del %s", r.Percent)
	case r.Percent < 0:
		return rinnova.Say("I canoni sono quelli del listino precedente, diminuiti del %s", -r.Percent)
	}
	return rinnova.Say("I canoni sono quelli del listino precedente")
}

// Text says what of an index has entered: the share of its variation, or the floor where that is more.
func (x Indexation) Text() rinnova.Text {
	variation := rinnova.BasisPoints(divRound(10_000*(x.ToMilli-x.BaseMilli), x.BaseMilli))
	change := rinnova.Say("l’indice %s è cambiato del %s fra %s e %s", x.Series, variation, x.Base.Text(), x.To.Text())
	part := rinnova.BasisPoints(divRound(int64(variation)*int64(x.Share), 10_000))
	switch {
	case part < x.Floor:
		return rinnova.Say("%s, e vale l’aumento minimo del %s", change, x.Floor)
	case x.Share == 10_000:
		return change
	}
	return rinnova.Say("%s, e ne entra il %s", change, x.Share)
}

// Text is the month as 09/2026.
func (m Month) Text() rinnova.Text {
	if len(m) != len("2026-09") {
		return rinnova.Say("%s", string(m))
	}
	return rinnova.Say("%s", string(m[5:]+"/"+m[:4]))
}

// divRound is a / b, half away from zero.
func divRound(a, b int64) int64 {
	if a < 0 {
		return -((-2*a + b) / (2 * b))
	}
	return (2*a + b) / (2 * b)
}
