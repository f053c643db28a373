package reminder

import (
	"rinnova"
	"rinnova/internal/renewal"
)

// missing is what a draft lacks before it can be confirmed, in the order of the form. The terms are accepted with the confirmation,
// so they always are missing.
func missing(p *renewal.Proposal, d renewal.Draft) []rinnova.Text {
	var out []rinnova.Text
	if !p.Bands.Has(d.Band) {
		out = append(out, rinnova.Say("fascia degli alunni"))
	}
	for _, x := range d.Order.Lacks() {
		out = append(out, x.Missing)
	}
	return append(out, rinnova.Say("accettazione delle condizioni"))
}
