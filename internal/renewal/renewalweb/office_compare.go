package renewalweb

import (
	"slices"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
)

// comparison is the lines of a request in columns: the proposal, the confirmation before, the one that counts.
type comparison struct {
	Columns []column
	Lines   []comparedLine
	Net     bool // the last column is a confirmation: its lines have a net amount
	Shares  bool // and, inside a cap, a share of its reduction
}

// column is one answer to the proposal, computed anew from what it says.
type column struct {
	Head   rinnova.Text
	Band   catalog.Band
	Ticks  renewal.Ticks
	Totals catalog.Totals
}

// comparedLine is one line through all columns.
type comparedLine struct {
	renewal.Line
	Amounts []amount
	Net     catalog.LineTotal // of the last column
	Change  renewal.ChangeKind
	Detail  rinnova.Text // in which way its product is renewed, and the fees of its parts
	Why     rinnova.Text // why it is not renewed, as far as the school says so
}

// amount is what a line costs in a column, where it is ticked.
type amount struct {
	Cents  rinnova.Cents
	Ticked bool
}

// comparedDatum is one of the order's data in the confirmation before and in the one that counts.
type comparedDatum struct {
	Name          string
	Before, After string
	Changed, Code bool
}

func compare(p *officeRequest) comparison {
	c := comparison{Columns: columns(p), Net: p.Now != nil}
	c.Shares = c.Net && len(lines(p.Proposal, true)) > 0
	for i, line := range p.Proposal.Lines {
		x := comparedLine{Line: line}
		for _, col := range c.Columns {
			x.Amounts = append(x.Amounts, amount{col.Totals.Lines[i].Amount, col.Ticks[line.ID]})
		}
		last := c.Columns[len(c.Columns)-1]
		x.Net = last.Totals.Lines[i]
		if n := len(x.Amounts); n > 1 {
			x.Change = changed(x.Amounts[n-2], x.Amounts[n-1])
		}
		x.Detail, x.Why = p.Proposal.Detail(line, last.Band), p.leavings()[line.ID].Text()
		if !x.beside() {
			c.Lines = append(c.Lines, x)
		}
	}
	return c
}

// beside tells whether nobody has ever chosen a line that needs no answer: one that was only suggested, or another way to renew
// its product.
func (x comparedLine) beside() bool {
	return (x.Suggested || x.Choice != "" && x.Why.IsZero()) && !slices.ContainsFunc(x.Amounts, func(a amount) bool { return a.Ticked })
}

// leavings are the reasons for what is not renewed, of what counts or else of the draft.
func (p *officeRequest) leavings() renewal.Leavings {
	if p.Now != nil {
		return p.Now.Leavings
	}
	return p.Request.Draft.Leavings
}

func changed(before, after amount) renewal.ChangeKind {
	switch {
	case after.Ticked && !before.Ticked:
		return renewal.Added
	case before.Ticked && !after.Ticked:
		return renewal.Removed
	case after.Ticked && after.Cents != before.Cents:
		return renewal.Altered
	}
	return ""
}

// columns are the proposal as it was made, for the band that was suggested, and what the school made of it.
func columns(p *officeRequest) []column {
	band := p.Proposal.Suggested
	if !p.Proposal.Bands.Has(band) {
		band = p.Request.Band
	}
	out := []column{p.column(rinnova.Say("Proposta"), band, p.Proposal.StartTicks())}
	for _, v := range []*renewal.Revision{p.Before, p.Now} {
		if v != nil {
			out = append(out, p.column(rinnova.Say("Conferma %d", v.Number), v.Band, renewal.NewTicks(v.Ticks...)))
		}
	}
	if p.Now == nil && p.Request.State == renewal.Drafted {
		out = append(out, p.column(rinnova.Say("Bozza"), p.Request.Draft.Band, p.Request.Ticks()))
	}
	return out
}

func (p *officeRequest) column(head rinnova.Text, b catalog.Band, ticks renewal.Ticks) column {
	return column{head, b, ticks, p.Proposal.Totals(b, ticks)}
}

// order compares the order's data; what neither confirmation has is left out.
func (p *officeRequest) order(l locale.Lang) []comparedDatum {
	var out []comparedDatum
	add := func(d comparedDatum) {
		d.Changed = d.Changed && p.Before != nil
		if d.Before != "" || d.After != "" {
			out = append(out, d)
		}
	}
	was := p.before()
	before := was.Order.Data()
	for i, d := range p.Now.Order.Data() {
		add(comparedDatum{l.Text(d.Label), l.Text(before[i].Text), l.Text(d.Text), before[i].Value != d.Value, d.Code})
	}
	add(comparedDatum{l.T("Fascia alunni"), l.Text(p.Proposal.Band(was.Band)), l.Text(p.Proposal.Band(p.Now.Band)), was.Band != p.Now.Band, false})
	add(comparedDatum{l.T("Condizioni accettate"), was.Terms, p.Now.Terms, was.Terms != p.Now.Terms, false})
	return out
}

// before is what the confirmation is held against; an empty one where it is the first.
func (p *officeRequest) before() *renewal.Revision {
	if p.Before != nil {
		return p.Before
	}
	return &renewal.Revision{}
}

// narrowPeriod says the year once where both days are in it, 01/01 – 31/12/2027: the width goes to the products' names.
func narrowPeriod(p rinnova.Period) string {
	from, to := locale.Date(p.From), locale.Date(p.To)
	if p.From.Year == p.To.Year {
		from = from[:len("01/01")]
	}
	return from + " – " + to
}

// differences counts the lines that are not as in the column before.
func (c comparison) differences() int {
	n := 0
	for _, x := range c.Lines {
		if x.Change != "" {
			n++
		}
	}
	return n
}

// group are the lines inside or outside the cap; with onlyDiffs those that differ.
func (c comparison) group(inCap, onlyDiffs bool) []comparedLine {
	var out []comparedLine
	for _, x := range c.Lines {
		if x.InCap == inCap && (!onlyDiffs || x.Change != "") {
			out = append(out, x)
		}
	}
	return out
}

// sumRow is a sum through all columns.
type sumRow struct {
	Label  string
	Values []rinnova.Cents
	Notes  []string // under the values: the cap of each column; nil: none
	Strong bool
	Net    bool // the last column repeats it under the net amounts
}

// sums are the rows of the sums, in the order in which they are written everywhere.
func (c comparison) sums(l locale.Lang, p *renewal.Proposal) []sumRow {
	row := func(label string, strong bool, value func(catalog.Totals) rinnova.Cents) sumRow {
		r := sumRow{Label: label, Strong: strong}
		for _, col := range c.Columns {
			r.Values = append(r.Values, value(col.Totals))
		}
		return r
	}
	var out []sumRow
	if len(c.group(true, false)) > 0 {
		out = append(out, row(l.T("Somma inclusi"), false, func(t catalog.Totals) rinnova.Cents { return t.Included }),
			row(l.T("Riduzione per il tetto"), false, func(t catalog.Totals) rinnova.Cents { return -t.Reduction }),
			row(l.T("Somma esclusi"), false, func(t catalog.Totals) rinnova.Cents { return t.Excluded }))
		out[1].Notes = c.caps(l, p)
	}
	taxable := row(l.T("Imponibile"), true, func(t catalog.Totals) rinnova.Cents { return t.Taxable })
	taxable.Net = c.Net
	return append(out, taxable, row(c.vatLabel(l), false, func(t catalog.Totals) rinnova.Cents { return t.VAT }),
		row(l.T("Totale"), true, func(t catalog.Totals) rinnova.Cents { return t.Total }))
}

// caps names the cap of each column: the proposal's band may be another than the one that was confirmed.
func (c comparison) caps(l locale.Lang, p *renewal.Proposal) []string {
	var out []string
	for _, col := range c.Columns {
		if top := p.Cap(col.Band); top != nil {
			out = append(out, l.T("tetto %s", locale.Amount(*top)))
		} else {
			out = append(out, l.T("nessun tetto"))
		}
	}
	return out
}

// band is the band that a column is computed for; nothing where the vendor has only one.
func (col column) band(l locale.Lang, bands catalog.Bands) string {
	if bands.Count() < 2 {
		return ""
	}
	return l.T("fascia %s", bands.Short(col.Band))
}

// vatLabel names the rate where all columns have one and the same.
func (c comparison) vatLabel(l locale.Lang) string {
	var rate rinnova.BasisPoints
	for _, col := range c.Columns {
		for _, v := range col.Totals.VATByRate {
			if rate != 0 && v.Rate != rate {
				return l.T("IVA")
			}
			rate = v.Rate
		}
	}
	if rate == 0 {
		return l.T("IVA")
	}
	return l.T("IVA %s", locale.Percent(rate))
}

// width is how many columns the table has.
func (c comparison) width() int {
	n := 2 + len(c.Columns)
	if c.Net {
		n++
	}
	if c.Shares {
		n++
	}
	return n
}

// netSum is the sum of the net lines: the taxable amount, added up another way.
func (c comparison) netSum() rinnova.Cents {
	var sum rinnova.Cents
	for _, x := range c.Lines {
		sum += x.Net.Net
	}
	return sum
}
