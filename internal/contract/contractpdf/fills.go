package contractpdf

import (
	"strings"

	"rinnova/internal/letter"
	"rinnova/internal/pdf"
)

// spans are the pieces of a paragraph in a style; a line to be filled in is one of underscores, so that who reads the file
// without looking at the page comes upon it too.
func (s *sheet) spans(st style, p letter.Paragraph) []pdf.Span {
	var out []pdf.Span
	for _, r := range p {
		piece := st
		if r.Bold {
			piece = st.bold()
		}
		if r.Text == "" {
			out = append(out, s.toFill(st, r.Blank))
		} else {
			out = append(out, piece.span(glue(r.Text)))
		}
	}
	return out
}

// toFill is a line of so many millimetres to be filled in by hand.
func (s *sheet) toFill(st style, length float64) pdf.Span {
	return st.span(strings.Repeat("_", int(length/s.res.Width(st.span("_"))+0.5)))
}

// fill is a line to be filled in, over the underscores that stand for it: by themselves they are dashes on paper. Measures are
// in millimetres from the left end of the text and from its baseline, the thickness in points.
type fill struct {
	line            int
	from, to, below float64
	thickness       float64
}

// Where the underscore of the font stands, in parts of the size.
const (
	underscoreMiddle    = 0.125
	underscoreThickness = 0.066
)

// withFills sets text in lines like set, and finds the lines to be filled in.
func (s *sheet) withFills(width float64, st style, spans ...pdf.Span) para {
	p := s.set(width, st, spans...)
	for i, l := range p.lines {
		at := 0.0
		for _, sp := range l.Spans {
			for text := sp.Text; text != ""; {
				before, _, found := strings.Cut(text, fillMark)
				at += s.res.Width(pdf.Span{Text: before, Weight: sp.Weight, Size: sp.Size})
				if !found {
					break
				}
				rest := strings.TrimLeft(text[len(before):], "_")
				long := s.res.Width(pdf.Span{Text: text[len(before) : len(text)-len(rest)], Weight: sp.Weight, Size: sp.Size})
				p.fills = append(p.fills, fill{i, at, at + long, underscoreMiddle * sp.Size * pdf.Point, underscoreThickness * sp.Size})
				at += long
				text = rest
			}
		}
	}
	return p
}

// fillMark is more underscores than anybody has in a name.
const fillMark = "____"

// written is a paragraph that may have lines to be filled in.
func (s *sheet) written(gap float64, st style, x letter.Paragraph) block {
	p := s.withFills(width, st, s.spans(st, x)...)
	return block{"a paragraph", gap, p.height(), func(d *pdf.Document, y float64) {
		d.Tag(pdf.P, func() { p.draw(d, left, y) })
	}}
}

// and is the text with another one below it.
func (p para) and(next para) para {
	for _, f := range next.fills {
		f.line += len(p.lines)
		p.fills = append(p.fills, f)
	}
	p.lines = append(p.lines, next.lines...)
	p.leading, p.baseline = next.leading, next.baseline
	return p
}

// part is n lines of a text, from one on.
func (p para) part(from, n int) para {
	all := p.fills
	p.lines, p.fills = p.lines[from:from+n], nil
	for _, f := range all {
		if f.line -= from; f.line >= 0 && f.line < n {
			p.fills = append(p.fills, f)
		}
	}
	return p
}
