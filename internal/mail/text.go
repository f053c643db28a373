package mail

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Columns is the width of the plain text. A word that is longer, such as an address, stays whole on a line of its own.
const Columns = 72

// maxLabel is the widest label that a row's value may stand beside; maxShort, where all values of the rows are so short that
// they stand there whole.
const (
	maxLabel = 30
	maxShort = 54
)

// Text is the mail in plain text, for programs and people that want no HTML.
func (c Content) Text() string {
	var w textWriter
	for _, b := range c.Blocks {
		b.writeText(&w)
	}
	if len(c.Foot) > 0 {
		w.gap()
		w.b.WriteString("-- \n") // RFC 3676, 4.3
		for _, l := range c.Foot {
			w.wrap("", "", tidy(l))
		}
	}
	return w.b.String()
}

type textWriter struct{ b strings.Builder }

// gap leaves an empty line between blocks.
func (w *textWriter) gap() {
	if w.b.Len() > 0 {
		w.b.WriteByte('\n')
	}
}

// wrap writes tidy text in lines of at most Columns: first goes before the first line, hang before the others.
func (w *textWriter) wrap(first, hang, text string) {
	line, width, empty := first, utf8.RuneCountInString(first), true
	for word := range strings.SplitSeq(text, " ") {
		n := utf8.RuneCountInString(word)
		if !empty && width+1+n > Columns {
			w.line(line)
			line, width, empty = hang, utf8.RuneCountInString(hang), true
		}
		if !empty {
			line += " "
			width++
		}
		line += word
		width += n
		empty = false
	}
	w.line(line)
}

func (w *textWriter) line(s string) {
	w.b.WriteString(strings.TrimRight(s, " "))
	w.b.WriteByte('\n')
}

func (p Paragraph) writeText(w *textWriter) {
	w.gap()
	w.wrap("", "", tidy(string(p)))
}

func (h Heading) writeText(w *textWriter) {
	w.gap()
	w.wrap("", "", tidy(string(h))+":")
}

func (r Rows) writeText(w *textWriter) {
	w.gap()
	column := r.column()
	hang := strings.Repeat(" ", column)
	for _, row := range r {
		label := tidy(row.Label) + ":"
		n := utf8.RuneCountInString(label)
		if n >= column {
			w.wrap("", "", label)
			w.wrap(hang, hang, tidy(row.Value))
			continue
		}
		w.wrap(label+strings.Repeat(" ", column-n), hang, tidy(row.Value))
	}
}

// column is where the values begin.
func (r Rows) column() int {
	widest := 0
	for _, row := range r {
		widest = max(widest, utf8.RuneCountInString(tidy(row.Value)))
	}
	most := max(maxLabel, min(maxShort, Columns-len(":  ")-widest))
	column := 0
	for _, row := range r {
		if n := utf8.RuneCountInString(tidy(row.Label)); n <= most {
			column = max(column, n)
		}
	}
	return column + len(":  ")
}

func (l List) writeText(w *textWriter) {
	w.gap()
	for i, item := range l.Items {
		mark := "- "
		if l.Numbered {
			mark = strconv.Itoa(i+1) + ". "
		}
		w.wrap(mark, strings.Repeat(" ", len(mark)), tidy(item))
	}
}

func (n Notice) writeText(w *textWriter) {
	w.gap()
	label := tidy(n.Label) + ":"
	for i, l := range lines(n.Text) {
		if i == 0 {
			l = label + " " + l
		}
		w.wrap("  ", "  ", l)
	}
}

func (b Button) writeText(w *textWriter) {
	w.gap()
	w.wrap("", "", tidy(b.Label)+":")
	w.line(tidy(b.URL))
}

func (l Link) writeText(w *textWriter) {
	w.gap()
	w.wrap("", "", tidy(l.Sentence)+" "+tidy(l.Words)+": "+tidy(l.URL))
}

func (l Literal) writeText(w *textWriter) {
	w.gap()
	w.wrap("", "", tidy(l.Label)+":")
	w.line(tidy(l.Value))
}
