package contractpdf

import (
	"strings"

	"rinnova/internal/pdf"
)

// cell is a cell of a strip: a label above a value. Lines, where given, stand for the value.
type cell struct {
	label, value string
	lines        [][]pdf.Span
}

// Paddings of a strip's cells in millimetres.
const (
	cellX      = 1.8
	cellTop    = 0.9
	cellBottom = 1.0
)

var (
	cellLabel = style{7.5, 9.4, pdf.Regular}
	cellValue = style{9, 11.6, pdf.Regular}
)

// strip is a row of boxed cells over the whole width, each as wide as its text asks for.
func (s *sheet) strip(cells []cell) block {
	return s.stripOf(cells, s.stripWidths(cells))
}

func (s *sheet) stripOf(cells []cell, widths []float64) block {
	labels := make([]para, len(cells))
	values := make([]column, len(cells))
	height := 0.0
	for i, c := range cells {
		inner := widths[i] - 2*cellX - 2*line
		labels[i] = s.text(inner, cellLabel, c.label)
		for _, l := range c.content() {
			values[i] = append(values[i], s.set(inner, cellValue, l...))
		}
		height = max(height, labels[i].height()+values[i].height())
	}
	height += cellTop + cellBottom + line
	return block{"a row of boxes", 0, height, func(d *pdf.Document, y float64) {
		d.Begin(pdf.Table)
		drawStripRow(d, pdf.TH, widths, func(i int, x float64) { labels[i].draw(d, x, y+cellTop+line/2) })
		drawStripRow(d, pdf.TD, widths, func(i int, x float64) {
			if at := y + cellTop + line/2 + labels[i].height(); len(values[i]) == 1 {
				values[i][0].draw(d, x, at)
			} else {
				values[i].draw(d, pdf.P, x, at)
			}
		})
		d.End()
		d.Frame(pdf.Rect{X: left, Y: y, W: width, H: height}, thin, 0)
		x := left
		for _, w := range widths[:len(widths)-1] {
			x += w
			d.Rule(x, y, x, y+height, thin)
		}
	}}
}

func drawStripRow(d *pdf.Document, role pdf.Role, widths []float64, draw func(i int, x float64)) {
	d.Tag(pdf.TR, func() {
		x := left
		for i, w := range widths {
			d.Tag(role, func() { draw(i, x+cellX+line) })
			x += w
		}
	})
}

func (c cell) content() [][]pdf.Span {
	if c.lines != nil {
		return c.lines
	}
	return [][]pdf.Span{{cellValue.bold().span(c.value)}}
}

// stripWidths shares the width as a browser does: each cell gets what its text needs on one line, and its part of what
// is left; where there is not enough, long texts give way down to their longest word.
func (s *sheet) stripWidths(cells []cell) []float64 {
	wanted, least := make([]float64, len(cells)), make([]float64, len(cells))
	var sumWanted, sumLeast float64
	for i, c := range cells {
		wanted[i] = s.res.Width(cellLabel.span(c.label))
		for _, l := range c.content() {
			wanted[i] = max(wanted[i], s.res.Width(l...))
			for _, span := range l {
				least[i] = max(least[i], s.longestWord(span))
			}
		}
		wanted[i] += 2*cellX + 2*line
		least[i] = min(max(least[i], s.res.Width(cellLabel.span(c.label)))+2*cellX+2*line, width/3, wanted[i])
		sumWanted += wanted[i]
		sumLeast += least[i]
	}
	out := make([]float64, len(cells))
	for i := range cells {
		switch {
		case sumWanted <= width:
			out[i] = wanted[i] * width / sumWanted
		case sumLeast >= width:
			out[i] = least[i] * width / sumLeast
		default:
			out[i] = least[i] + (wanted[i]-least[i])*(width-sumLeast)/(sumWanted-sumLeast)
		}
	}
	return out
}

func (s *sheet) longestWord(span pdf.Span) (w float64) {
	for word := range strings.FieldsSeq(span.Text) {
		w = max(w, s.res.Width(pdf.Span{Text: word, Weight: span.Weight, Size: span.Size}))
	}
	return w
}
