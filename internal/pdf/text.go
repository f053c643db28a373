package pdf

import (
	"strings"
	"unicode"
)

// Weight is the weight of a letter. There are two, and no slanted ones.
type Weight uint8

// The weights.
const (
	Regular  Weight = iota // 400
	SemiBold               // 600
)

// Point is one point, 1/72 inch, in millimetres. Font sizes are in points, everything else is in millimetres.
const Point = 25.4 / 72

// Characters with a meaning for line breaking.
const (
	noBreakSpace  = '\u00a0'
	noBreakHyphen = '\u2011'
	breakHere     = '\u200b' // zero width space: a line may end here
)

// Missing stands on paper for a character that the fonts lack: seen, never lost.
const Missing = '◊'

// Span is a run of text in one weight and size.
type Span struct {
	Text   string
	Weight Weight
	Size   float64 // points
}

// Line is one line of text after breaking. Where the text goes on after a space, the line ends with it, so that who
// reads the file without looking at the page knows one word from the next; Width does not count it.
type Line struct {
	Spans []Span
	Width float64 // millimetres
}

// Width measures text as it would be drawn on one line, in millimetres.
func (r *Resources) Width(spans ...Span) float64 {
	var w float64
	for _, s := range spans {
		w += r.fonts[s.Weight].width(s.Text) * s.Size * Point
	}
	return w
}

// width measures a text in ems.
func (f *font) width(text string) float64 {
	n, previous := 0, glyphID(0)
	for _, c := range text {
		if c == breakHere {
			continue
		}
		g := f.glyph(f.drawable(c))
		n += f.advance(g) + f.between(previous, g)
		previous = g
	}
	return float64(n) / float64(f.unitsPerEm)
}

// between is the kerning of two glyphs; there is none beside a space, so that words can be measured one by one.
func (f *font) between(a, b glyphID) int {
	if space := f.glyph(' '); a == 0 || a == space || b == space {
		return 0
	}
	return f.kern.between(a, b)
}

// drawable is the character that is drawn for c: a space for white space and control characters, the plain form of a
// no-break one, and the sign Missing for a character that the font lacks. Invalid UTF-8 counts as one.
func (f *font) drawable(c rune) rune {
	switch {
	case c == noBreakHyphen:
		return '-'
	case unicode.IsSpace(c) || unicode.IsControl(c):
		return ' '
	case f.glyph(c) == 0:
		return Missing
	}
	return c
}

// Break sets text in lines of at most width millimetres. A line ends at a space, at a zero width space, or after a
// hyphen between the words of a compound, not in e-mail and not in a code; a word that is wider than a line is broken anywhere. Empty text gives no line.
func (r *Resources) Break(width float64, spans ...Span) []Line {
	b := breaker{r: r, width: width}
	for _, s := range spans {
		for text := s.Text; text != ""; {
			word, rest := cutWord(text)
			letters := strings.TrimRightFunc(word, isBreakingSpace)
			b.add(Span{strings.TrimSuffix(letters, string(breakHere)), s.Weight, s.Size})
			switch {
			case letters != word:
				b.endWord(r.Width(Span{" ", s.Weight, s.Size}))
			case rest != "":
				b.endWord(0)
			}
			text = rest
		}
	}
	b.endWord(0)
	b.endLine()
	return b.lines
}

// cutWord splits text after its first word and the white space that follows it.
func cutWord(text string) (word, rest string) {
	var last [3]rune // the characters before, the nearest first
	for i, c := range text {
		switch {
		case isBreakingSpace(last[0]) && !isBreakingSpace(c), last[0] == breakHere,
			last[0] == '-' && unicode.IsLower(last[1]) && unicode.IsLetter(last[2]) && unicode.IsLetter(c):
			return text[:i], text[i:]
		}
		last = [3]rune{c, last[0], last[1]}
	}
	return text, ""
}

func isBreakingSpace(c rune) bool { return c != noBreakSpace && unicode.IsSpace(c) }

// breaker fills lines. A word may be made of several spans.
type breaker struct {
	r     *Resources
	width float64
	lines []Line
	line  Line
	word  Line
	gap   float64 // the space between line and word
}

func (b *breaker) add(s Span) {
	if s.Text == "" {
		return
	}
	b.word.Spans = append(b.word.Spans, s)
	b.word.Width += b.r.Width(s)
}

// endWord puts the word on the line, or on the next one, and remembers the space that follows it.
func (b *breaker) endWord(space float64) {
	if len(b.word.Spans) > 0 {
		if len(b.line.Spans) > 0 && b.line.Width+b.gap+b.word.Width > b.width+tolerance {
			goesOn := b.gap > 0
			b.endLine()
			if last := b.lines[len(b.lines)-1]; goesOn {
				last.Spans[len(last.Spans)-1].Text += " "
			}
		}
		if b.word.Width > b.width+tolerance {
			b.splitWord()
		}
		if b.gap > 0 && len(b.line.Spans) > 0 {
			b.line.Spans[len(b.line.Spans)-1].Text += " "
			b.line.Width += b.gap
		}
		b.line.Spans = join(b.line.Spans, b.word.Spans)
		b.line.Width += b.word.Width
		b.word, b.gap = Line{}, 0
	}
	b.gap = max(b.gap, space)
}

// tolerance absorbs the rounding of sums of widths, in millimetres.
const tolerance = 1e-6

// splitWord breaks a word that is wider than a line: full lines are ended, what is left is the word.
func (b *breaker) splitWord() {
	var part Line
	for _, s := range b.word.Spans {
		start := 0
		for i, c := range s.Text {
			w := b.r.Width(Span{string(c), s.Weight, s.Size})
			if part.Width > 0 && part.Width+w > b.width+tolerance {
				b.line = part
				b.line.Spans = join(b.line.Spans, []Span{{s.Text[start:i], s.Weight, s.Size}})
				b.endLine()
				part, start = Line{}, i
			}
			part.Width += w
		}
		part.Spans = join(part.Spans, []Span{{s.Text[start:], s.Weight, s.Size}})
	}
	b.word = part
}

func (b *breaker) endLine() {
	if len(b.line.Spans) > 0 {
		b.line.Width = b.r.Width(b.line.Spans...)
		b.lines = append(b.lines, b.line)
	}
	b.line, b.gap = Line{}, 0
}

// join appends spans, making one of neighbours that look the same.
func join(line, word []Span) []Span {
	for _, s := range word {
		if s.Text == "" {
			continue
		}
		if n := len(line); n > 0 && line[n-1].Weight == s.Weight && line[n-1].Size == s.Size {
			line[n-1].Text += s.Text
		} else {
			line = append(line, s)
		}
	}
	return line
}

// Baseline is how far the baseline lies below the top of a line of text, in millimetres: the letters stand in the
// middle of the leading, as on a web page. Size and leading are in points.
func (r *Resources) Baseline(size, leading float64) float64 {
	f := r.fonts[Regular]
	letters := float64(f.ascent-f.descent) / float64(f.unitsPerEm) * size
	return ((leading-letters)/2 + float64(f.ascent)/float64(f.unitsPerEm)*size) * Point
}
