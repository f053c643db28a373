package renewalweb

import (
	"context"
	"html"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/web"
)

// The lines of the product tables are written by hand: a page has up to forty of them with a dozen values each.

// formRows are lines of the form, each with its checkbox and, where it is open, its explanation.
func formRows(f *form, which []int) templ.Component {
	return web.Written(func(ctx context.Context, m *web.Markup) {
		l, path := web.LangOf(ctx), RenewalPath(f.Request.ID)
		for _, i := range which {
			formRow(ctx, m, l, f, i, path)
		}
	})
}

func formRow(ctx context.Context, m *web.Markup, l locale.Lang, f *form, i int, path string) {
	x := &f.Proposal.Lines[i]
	open := slices.Contains(f.Explained, x.ID)
	id := html.EscapeString(x.ID)
	m.HTML(`<tr role="row" id="riga-`, id, `"><td role="cell" class="pick"><input type="checkbox" id="`, id, `" name="`, renewal.FieldLines, `" value="`, id, `"`)
	if f.Ticks[x.ID] {
		m.HTML(` checked`)
	}
	m.HTML(`></td><th scope="row" role="rowheader"><label for="`, id, `" id="nome-`, id, `">`)
	m.Text(x.Name)
	m.HTML(`</label> <span id="segno-`, id, `">`)
	if f.Last != nil {
		m.Part(ctx, changedTag(f, x.ID))
	}
	m.HTML(`</span><br>`)
	explainButton(m, l, x, path, open)
	m.HTML(`</th>`)
	lineCells(m, l, x, f.Request.Draft.Band, f.Totals.Lines[i])
	m.HTML(`</tr>`)
	if open {
		m.Part(ctx, explanation(f, x.ID))
	}
}

// explainButton works as a submit button, and with a script opens its row in place. It is named after its line too.
func explainButton(m *web.Markup, l locale.Lang, x *renewal.Line, path string, open bool) {
	id := html.EscapeString(x.ID)
	m.HTML(`<button class="rn-mini" id="spiega-`, id, `" name="`, fieldExplain, `" value="`, id, `" formnovalidate formaction="`, path, `#riga-`, id,
		`" hx-post="`, path, `" aria-labelledby="spiega-`, id, ` nome-`, id, `" aria-expanded="`)
	word := l.T("Spiega")
	if open {
		m.HTML(`true" aria-controls="x-`, id)
		word = l.T("Chiudi la spiegazione")
	} else {
		m.HTML(`false`)
	}
	m.HTML(`">`)
	m.Text(word)
	m.HTML(`</button>`)
}

// buttonOf is the button of one line alone.
func buttonOf(f *form, x *renewal.Line, open bool) templ.Component {
	return web.Written(func(ctx context.Context, m *web.Markup) {
		explainButton(m, web.LangOf(ctx), x, RenewalPath(f.Request.ID), open)
	})
}

// fixedRows are the lines of a request that cannot be changed.
func fixedRows(f *fixed) templ.Component {
	return web.Written(func(ctx context.Context, m *web.Markup) {
		l := web.LangOf(ctx)
		for i := range f.Proposal.Lines {
			x := &f.Proposal.Lines[i]
			if f.Ticks[x.ID] {
				m.HTML(`<tr role="row"><th scope="row" role="rowheader">`)
				m.Text(x.Name)
			} else {
				m.HTML(`<tr role="row" class="rn-off"><th scope="row" role="rowheader">`)
				m.Text(x.Name)
				m.HTML(` <span class="visually-hidden">`)
				m.Text(l.T("(non rinnovato)"))
				m.HTML(`</span>`)
			}
			m.HTML(`</th>`)
			lineCells(m, l, x, f.Band, f.Totals.Lines[i])
			m.HTML(`</tr>`)
		}
	})
}

// lineCells are the cells of a line after its name.
func lineCells(m *web.Markup, l locale.Lang, x *renewal.Line, b catalog.Band, t catalog.LineTotal) {
	m.HTML(`<td role="cell" data-l="`, l.T("Tipo"), `"><abbr title="`)
	if x.License == catalog.Perpetual {
		m.HTML(l.T("Licenza a tempo indeterminato"), `">TI`)
	} else {
		m.HTML(l.T("Licenza a tempo determinato"), `">TD`)
	}
	m.HTML(`</abbr></td><td role="cell" class="nw" data-l="`, l.T("Dal"), `">`, locale.Date(x.Period.From),
		`</td><td role="cell" class="nw" data-l="`, l.T("Al"), `">`, locale.Date(x.Period.To),
		`</td><td role="cell" class="r" data-l="`, l.T("Canone"), `">`, locale.Amount(x.Fee(b)),
		`</td><td role="cell" class="r" data-l="`, l.T("Importo"), `"><span class="amt">`, locale.Amount(t.Amount), `</span>`)
	if x.Months != 12 {
		m.HTML(`<br><span class="rn-muted rn-small">`, months(l, x.Months), `</span>`)
	}
	m.HTML(`</td><td role="cell" class="r" data-l="`, l.T("Contatti"), `">`, contacts(l, x), `</td>`)
}

func months(l locale.Lang, n int) string {
	if n == 1 {
		return l.T("(1 mese)")
	}
	return l.T("(%d mesi)", n)
}

// contacts are the support contacts that a line includes, with those of last year that were used.
func contacts(l locale.Lang, x *renewal.Line) string {
	switch {
	case x.Contacts == 0:
		return "–"
	case x.Known:
		return l.T("%d di %d", x.Used, x.Contacts)
	}
	return strconv.Itoa(x.Contacts)
}
