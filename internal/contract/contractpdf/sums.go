package contractpdf

import (
	"strings"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/locale"
	"rinnova/internal/pdf"
	"rinnova/internal/renewal"
)

// sums is the table of sums and what stands on its left.
type sums struct {
	heading  string // none: the table of lines is just above
	rows     []sumLine
	split    bool
	toVendor rinnova.Cents
	toState  rinnova.Cents
	sentence string // of split payment
	legend   string // above the box
}

// sumLine is a line of the sums. A note stands apart from the column of the sums: it is not added to them.
type sumLine struct {
	label, value string
	note         bool
	style        sumStyle
}

type sumStyle uint8

const (
	plainSum sumStyle = iota
	taxableSum
	totalSum
)

func contractSums(d contract.Document) sums {
	out := sums{
		rows:  sumLines(d.Kind, d.Totals, d.Cap, d.Band),
		split: d.Split != "", sentence: d.Split,
		toVendor: d.Totals.ToVendor(true), toState: d.Totals.ToState(true),
	}
	if d.Kind.Capped() {
		out.heading = "Importi"
	}
	return out
}

func reminderSums(r contract.Reminder) sums {
	return sums{
		rows: sumLines(r.Kind, r.Totals, r.Cap, r.Band), split: r.Split, legend: r.Vendor.Sentences.LicenseKeys,
		toVendor: r.Totals.ToVendor(true), toState: r.Totals.ToState(true),
	}
}

// sumLines are the sums from the lines to the total.
func sumLines(kind renewal.Kind, t catalog.Totals, yearlyCap *rinnova.Cents, band rinnova.Text) []sumLine {
	var out []sumLine
	if kind.Capped() {
		limit := sumLine{label: "Tetto massimo", value: notPlanned, note: true}
		if b := bandWords(band); b != "" {
			limit.label += " (" + b + ")"
		}
		if yearlyCap != nil {
			limit.value = locale.Amount(*yearlyCap)
		}
		out = []sumLine{
			{label: "Somma dei prodotti inclusi", value: locale.Amount(t.Included)},
			limit,
			{label: "Riduzione per il tetto massimo", value: locale.Amount(-t.Reduction)},
			{label: "Somma dei prodotti esclusi", value: locale.Amount(t.Excluded)},
		}
	}
	out = append(out, sumLine{label: "Imponibile (importo da fatturare)", value: locale.Amount(t.Taxable), style: taxableSum})
	for _, v := range t.VATByRate {
		rate := strings.Replace(locale.Percent(v.Rate), "%", locale.NBSP+"%", 1)
		out = append(out, sumLine{label: "IVA " + rate + " su " + locale.Amount(v.Taxable), value: locale.Amount(v.VAT)})
	}
	return append(out, sumLine{label: "Totale", value: locale.Euro(t.Total), style: totalSum})
}

// Measures of the sums in millimetres.
const (
	boxWidth  = 58.0
	sumsX     = left + boxWidth + 8
	noteRight = right - 27 // right edge of notes
)

// addSums places the sums with the box on their left: they stand on one line below, and are never parted.
func (s *sheet) addSums(m sums) {
	var blocks []block
	if m.heading != "" {
		blocks = append(blocks, s.heading(left, width, m.heading))
	}
	table := s.sumTable(m.rows)
	beside := s.besideSums(m)
	height := max(table.height, beside.height)
	blocks = append(blocks, block{"the sums", 0, height, func(d *pdf.Document, y float64) {
		beside.draw(d, y+height-beside.height)
		table.draw(d, y+height-table.height)
	}})
	if m.heading == "" {
		blocks[0].gap = 2
	}
	s.add(stack("the sums", blocks...))
}

// setSum is a line of the sums, set.
type setSum struct {
	sumLine
	labels, values para
	pad, height    float64
}

func (s *sheet) sumTable(rows []sumLine) block {
	set := make([]setSum, len(rows))
	height := 0.0
	for i, r := range rows {
		st, pad := textStyle, 0.55
		switch r.style {
		case taxableSum:
			st, pad = textStyle.bold(), 0.9
		case totalSum:
			st = numberStyle
		}
		room := right - sumsX - 25
		if r.note {
			room = noteRight - sumsX - 20
		}
		set[i] = setSum{r, s.text(room, st, r.label), s.text(width, st, r.value), pad, 0}
		set[i].height = max(set[i].labels.height(), set[i].values.height()) + 2*pad + line
		height += set[i].height
	}
	return block{"the sums", 0, height, func(d *pdf.Document, y float64) {
		d.Tag(pdf.Table, func() {
			for _, r := range set {
				d.Tag(pdf.TR, func() { r.draw(d, y) })
				y += r.height
			}
		})
	}}
}

func (r setSum) draw(d *pdf.Document, y float64) {
	x, valueRight := sumsX, right
	if r.note {
		x, valueRight = sumsX+3, noteRight
	}
	d.Tag(pdf.RowTH, func() { r.labels.draw(d, x, y+r.pad) })
	d.Tag(pdf.TD, func() { r.values.drawRight(d, valueRight, y+r.pad) })
	foot := y + r.height - line/2
	switch r.style {
	case taxableSum:
		d.Rule(sumsX, y-line/2, right, y-line/2, thin)
		d.Rule(sumsX, foot, right, foot, thin)
	case totalSum:
		d.Rule(sumsX, foot, right, foot, thick)
	default:
		d.Rule(sumsX, foot, right, foot, hair)
	}
}

// besideSums is the legend and the box "Chi paga che cosa"; both may be missing.
func (s *sheet) besideSums(m sums) block {
	var blocks []block
	if m.legend != "" {
		p := s.text(boxWidth, smallStyle, m.legend)
		blocks = append(blocks, block{height: p.height() + 2.4, draw: func(d *pdf.Document, y float64) {
			d.Tag(pdf.P, func() { p.draw(d, left, y) })
		}})
	}
	if m.split {
		blocks = append(blocks, s.splitBox(m))
	}
	if len(blocks) == 0 {
		return block{draw: func(*pdf.Document, float64) {}}
	}
	return stack("", blocks...)
}

// splitBox says who pays what to whom under split payment.
func (s *sheet) splitBox(m sums) block {
	const padX, padTop, padBottom = 2.4, 1.6, 1.8
	inner := boxWidth - 2*padX - 2*line
	title := s.text(inner, style{9, 12, pdf.SemiBold}, "Chi paga che cosa")
	labels := []para{s.text(inner, textStyle, "Al fornitore (imponibile)"), s.text(inner, textStyle, "Allo Stato (IVA)")}
	values := []para{s.text(inner, textStyle, locale.Amount(m.toVendor)), s.text(inner, textStyle, locale.Amount(m.toState))}
	note := s.text(inner, smallStyle, glue(m.sentence))
	height := padTop + title.height() + 2*labels[0].height() + padBottom + 2*line
	if len(note.lines) > 0 {
		height += 1 + note.height()
	}
	return block{height: height, draw: func(d *pdf.Document, y float64) {
		d.Frame(pdf.Rect{X: left, Y: y, W: boxWidth, H: height}, thin, 0)
		x := left + line + padX
		y += padTop + line
		d.Tag(pdf.P, func() { title.draw(d, x, y) })
		y += title.height()
		d.Tag(pdf.Table, func() {
			for i := range labels {
				d.Tag(pdf.TR, func() {
					d.Tag(pdf.RowTH, func() { labels[i].draw(d, x, y) })
					d.Tag(pdf.TD, func() { values[i].drawRight(d, x+inner, y) })
				})
				y += labels[i].height()
			}
		})
		if len(note.lines) > 0 {
			d.Tag(pdf.P, func() { note.draw(d, x, y+1) })
		}
	}}
}
