package renewalweb

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// kept are the products of a request that stands as it is: of a confirmation, of a draft or proposal that cannot be changed. Its
// amounts are those that were kept with it.
type kept struct {
	Proposal *renewal.Proposal
	Band     catalog.Band
	Ticks    renewal.Ticks
	Totals   catalog.Totals
	Left     renewal.Leavings
}

// keptOf are the products of a confirmation.
func keptOf(p *renewal.Proposal, v *renewal.Revision) kept {
	return kept{Proposal: p, Band: v.Band, Ticks: renewal.NewTicks(v.Ticks...), Totals: v.Totals, Left: v.Leavings}
}

// shown are the positions of the lines inside or outside the cap that its table has: what is renewed, and what is left.
func (k kept) shown(inCap bool) []int {
	var out []int
	aside := k.Proposal.Aside(k.Ticks)
	for _, i := range lines(k.Proposal, inCap) {
		if !aside[i] {
			out = append(out, i)
		}
	}
	return out
}

// leaves tells whether a line is shown that is not renewed.
func (k kept) leaves(shown []int) bool {
	return slices.ContainsFunc(shown, func(i int) bool { return !k.Ticks[k.Proposal.Lines[i].ID] })
}

// rows are lines that cannot be changed.
func (k kept) rows(which []int) templ.Component {
	return web.Written(func(ctx context.Context, m *web.Markup) {
		l := web.LangOf(ctx)
		for _, i := range which {
			x := &k.Proposal.Lines[i]
			said := l.Text(k.Proposal.Detail(*x, k.Band))
			if k.Ticks[x.ID] {
				m.HTML(`<tr role="row"><th scope="row" role="rowheader">`)
			} else {
				said = k.whyLeft(l, x.ID)
				m.HTML(`<tr role="row" class="rn-off"><th scope="row" role="rowheader">`)
			}
			m.Text(x.Name)
			if said != "" {
				m.HTML(`<br><span class="rn-muted rn-small">`)
				m.Text(said)
				m.HTML(`</span>`)
			}
			m.HTML(`</th>`)
			lineCells(m, l, x, k.Band, k.Totals.Lines[i])
			m.HTML(`</tr>`)
		}
	})
}

// whyLeft says that a product is not renewed, and why as far as the school said so.
func (k kept) whyLeft(l locale.Lang, id string) string {
	if why := k.Left[id]; !why.IsZero() {
		return l.T("non si rinnova: %s", why.Text())
	}
	return l.T("non si rinnova")
}

// shortWords tells which of the words that tableKey explains the lines have.
func shortWords(all []renewal.Line) (fixed, perpetual, contacts, used bool) {
	for _, x := range all {
		fixed = fixed || x.License == catalog.FixedTerm
		perpetual = perpetual || x.License == catalog.Perpetual
		contacts = contacts || x.Contacts > 0
		used = used || x.Contacts > 0 && x.Known
	}
	return fixed, perpetual, contacts, used
}
