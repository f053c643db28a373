package renewaltest

import (
	"fmt"
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/renewal"
)

// causes are what an explanation may give as the reason why a fee is another than last year's, but for the band, which has a
// figure of its own.
var causes = []string{
	"fissato a parte", "Il listino è aumentato", "Il listino è sceso", "È l’adeguamento del listino", "non era quello del listino precedente",
}

// Contradiction finds what does not fit together in the explanation of a line as schools read it; nothing where it is whole.
func Contradiction(p *renewal.Proposal, b catalog.Band, ticks renewal.Ticks, l renewal.Line) string {
	x, _ := p.Explain(b, ticks, l.ID)
	said := x.Origin.String() + " " + x.LastYear.String()
	for _, find := range []string{twoCauses(said), unlikeTheFees(p, b, l, x), unlikeTheSums(x), unlikeWhatItHad(p, l, x)} {
		if find != "" {
			return fmt.Sprintf("%s, band %d, %s: %s\n%s", p.Title, b, l.Name, find, said)
		}
	}
	return ""
}

func twoCauses(said string) string {
	var named []string
	for _, c := range causes {
		for range strings.Count(said, c) {
			named = append(named, c)
		}
	}
	if len(named) > 1 {
		return fmt.Sprintf("%d causes of one difference: %q", len(named), named)
	}
	return ""
}

// unlikeTheFees holds what is said of last year against the two fees: the amounts, and the raise of the list, with which a
// calculator must come from the one to the other.
func unlikeTheFees(p *renewal.Proposal, b catalog.Band, l renewal.Line, x renewal.Explanation) string {
	y, fee, said := l.LastYear, l.Fee(b), x.LastYear.String()
	if y == nil {
		return ""
	}
	if change := max(fee-y.Fee, y.Fee-fee); change > 0 && (!strings.Contains(said, "era "+y.Fee.String()+":") || !strings.Contains(said, "di "+change.String())) {
		return fmt.Sprintf("from %s to %s is %s", y.Fee, fee, change)
	}
	was := b
	if p.Bands.Several() && p.Bands.Has(y.Band) {
		was = y.Band
	}
	if was != b && !strings.Contains(said, l.Fee(was).String()) {
		return fmt.Sprintf("the band was %d, whose fee is %s", was, l.Fee(was))
	}
	byHand := strings.Contains(x.Origin.String()+said, "fissato a parte")
	known := !p.Bands.Several() || p.Bands.Has(y.Band)
	if p.Raise == nil || byHand || !known || p.Raise.Of(y.Fee) == l.Fee(was) || strings.Contains(said, "non era quello del listino precedente") {
		return ""
	}
	return fmt.Sprintf("the fees are said to be those of the list before after its raise: %s gives %s, the fee is %s", y.Fee, p.Raise.Of(y.Fee), l.Fee(was))
}

// unlikeTheSums adds up the steps: months come to the amount, and what the cap takes off to the net.
func unlikeTheSums(x renewal.Explanation) string {
	var sum rinnova.Cents
	for _, s := range x.Steps[1:] {
		switch {
		case s.Text.Format == "In tutto %d mesi":
			if sum != s.Amount {
				return fmt.Sprintf("the parts come to %s, all of it is said to be %s", sum, s.Amount)
			}
		default:
			sum += s.Amount
		}
	}
	want := x.Net
	if !x.Ticked {
		want = x.Amount
	}
	if sum != want {
		return fmt.Sprintf("the steps come to %s, %s is said", sum, want)
	}
	return ""
}

func unlikeWhatItHad(p *renewal.Proposal, l renewal.Line, x renewal.Explanation) string {
	if l.Ticked && !l.Suggested && strings.Contains(x.LastYear.String(), "non c’era") {
		return "it is renewed, and was not there"
	}
	return ""
}
