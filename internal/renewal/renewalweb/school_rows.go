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

// formRows are products of the form: a line with its checkbox, or the ways to renew one with a radio button each. Where it is
// open, the explanation follows.
func formRows(f *form, which []renewal.Product) templ.Component {
	return web.Written(func(ctx context.Context, m *web.Markup) {
		l, path := web.LangOf(ctx), RenewalPath(f.Request.ID)
		for _, x := range which {
			if x.Several() {
				choiceRows(ctx, m, l, f, x, path)
			} else {
				formRow(ctx, m, l, f, x, x.Lines[0], path)
			}
		}
	})
}

func formRow(ctx context.Context, m *web.Markup, l locale.Lang, f *form, p renewal.Product, i int, path string) {
	x := &f.Proposal.Lines[i]
	id := html.EscapeString(x.ID)
	class := ""
	if p.Suggested {
		class = ` class="rn-more"`
	}
	m.HTML(`<tr role="row"`, class, ` id="riga-`, id, `"><td role="cell" class="pick"><input type="checkbox" id="`, id, `" name="`, renewal.FieldLines, `" value="`, id, `"`)
	checked(m, f, x.ID)
	m.HTML(`></td><th scope="row" role="rowheader"><label for="`, id, `" id="nome-`, id, `">`)
	m.Text(x.Name)
	m.HTML(`</label>`)
	underName(ctx, m, l, f, x, path)
	m.HTML(`</th>`)
	endRow(ctx, m, l, f, i)
	if p.Held && !f.Ticks[x.ID] {
		m.Part(ctx, askWhy(f, p))
	}
}

// choiceRows are the ways to renew one product, and not to renew it.
func choiceRows(ctx context.Context, m *web.Markup, l locale.Lang, f *form, p renewal.Product, path string) {
	group := html.EscapeString(p.ID)
	m.HTML(`<tr role="row" class="rn-many"><td role="cell" class="pick"></td><th scope="rowgroup" role="rowheader" colspan="7"><span id="prodotto-`, group, `">`)
	m.Text(p.Name)
	m.HTML(`</span> <span class="rn-muted rn-small fw-normal">`)
	m.Text(l.T("Scegliete un periodo."))
	m.HTML(`</span></th></tr>`)
	for _, i := range p.Lines {
		x := &f.Proposal.Lines[i]
		id := html.EscapeString(x.ID)
		m.HTML(`<tr role="row" class="rn-way" id="riga-`, id, `"><td role="cell" class="pick"><input type="radio" id="`, id, `" name="`, fieldChoice, group, `" value="`, id,
			`" aria-labelledby="prodotto-`, group, ` nome-`, id, `"`)
		checked(m, f, x.ID)
		m.HTML(`></td><th scope="row" role="rowheader"><label for="`, id, `" id="nome-`, id, `">`)
		m.Text(l.Text(f.Proposal.Way(*x)))
		m.HTML(`</label>`)
		underName(ctx, m, l, f, x, path)
		m.HTML(`</th>`)
		endRow(ctx, m, l, f, i)
	}
	m.HTML(`<tr role="row" class="rn-way" id="`, lineUnderWhich(p), `"><td role="cell" class="pick"><input type="radio" id="no-`, group, `" name="`, fieldChoice, group,
		`" value="" aria-labelledby="prodotto-`, group, ` nome-no-`, group, `"`)
	none := len(f.Proposal.Chosen(p, f.Ticks)) == 0
	m.HTML(checkedWhen(none, f.ReadOnly), `></td><th scope="row" role="rowheader" colspan="7"><label for="no-`, group, `" id="nome-no-`, group, `">`)
	if p.Suggested {
		m.Text(l.T("Non aggiungerlo"))
	} else {
		m.Text(l.T("Non rinnovarlo"))
	}
	m.HTML(`</label></th></tr>`)
	if p.Held && none {
		m.Part(ctx, askWhy(f, p))
	}
}

// lineUnderWhich is the id of the row under which a product that is not renewed is asked about.
func lineUnderWhich(p renewal.Product) string {
	if p.Several() {
		return "riga-no-" + html.EscapeString(p.ID)
	}
	return "riga-" + html.EscapeString(p.ID)
}

func checked(m *web.Markup, f *form, id string) { m.HTML(checkedWhen(f.Ticks[id], f.ReadOnly)) }

// checkedWhen are the attributes of a checkbox or a radio button.
func checkedWhen(on, readOnly bool) string {
	switch {
	case on && readOnly:
		return ` checked disabled`
	case on:
		return ` checked`
	case readOnly:
		return ` disabled`
	}
	return ""
}

// underName is what stands below the name of a line: what has changed of it, the fees of its parts, the way to its explanation.
func underName(ctx context.Context, m *web.Markup, l locale.Lang, f *form, x *renewal.Line, path string) {
	if len(x.Parts) > 0 {
		m.HTML(`<br><span class="rn-muted rn-small">`)
		m.Text(l.Text(x.Steps(f.Request.Draft.Band)))
		m.HTML(`</span>`)
	}
	m.HTML(` <span id="segno-`, html.EscapeString(x.ID), `">`)
	if f.Last != nil {
		m.Part(ctx, changedTag(f, x.ID))
	}
	m.HTML(`</span>`)
	if !f.ReadOnly {
		m.HTML(`<br>`)
		explainButton(m, l, x, path, slices.Contains(f.Explained, x.ID))
	}
}

// endRow is the rest of a line after its name, and its explanation where that is open.
func endRow(ctx context.Context, m *web.Markup, l locale.Lang, f *form, i int) {
	x := &f.Proposal.Lines[i]
	lineCells(m, l, x, f.Request.Draft.Band, f.Totals.Lines[i])
	m.HTML(`</tr>`)
	if f.ReadOnly || slices.Contains(f.Explained, x.ID) {
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
		`</td><td role="cell" class="r" data-l="`, l.T("Canone annuale"), `">`, locale.Amount(x.Fee(b)),
		`</td><td role="cell" class="r" data-l="`, l.T("Importo"), `"><span class="amt">`, locale.Amount(t.Amount), `</span>`)
	if x.Months != 12 {
		m.HTML(`<br><span class="rn-muted rn-small">`, months(l, x.Months), `</span>`)
	}
	m.HTML(`</td><td role="cell" class="r" data-l="`, l.T("Contatti"), `">`)
	contacts(m, l, x)
	m.HTML(`</td>`)
}

func months(l locale.Lang, n int) string {
	if n == 1 {
		return l.T("(1 mese)")
	}
	return l.T("(%d mesi)", n)
}

// contacts are the support contacts that a line includes, and how many the school has used of those that it has now.
func contacts(m *web.Markup, l locale.Lang, x *renewal.Line) {
	if x.Contacts == 0 {
		m.HTML("–")
		return
	}
	m.HTML(strconv.Itoa(x.Contacts))
	if x.Known {
		m.HTML(`<br><span class="rn-muted rn-small nw">`)
		m.Text(l.T("usati %d", x.Used))
		m.HTML(`</span>`)
	}
}
