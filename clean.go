package rinnova

import (
	"strings"
	"unicode"
)

// Clean is what somebody typed, pasted or sent in a file as one line of what can be seen: spaces of every kind (the no-break
// ones of web pages, narrow ones, tabs, ends of lines) become one ordinary space and go at the edges; characters without
// a shape go wherever they stand (zero-width ones, marks of direction, soft hyphens, a byte order mark in the middle);
// bytes that are no text become a sign that shows it. Codes, names, numbers and addresses all go through here, whether
// they come from a page or from a file, so that the same value is the same everywhere. Clean of a clean line is that line.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	return strings.Join(strings.Fields(seen(s)), " ")
}

// isClean tells of most values, at a glance, that there is nothing to do.
func isClean(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = s[i]
	}
	return s == "" || before != ' '
}

// CleanLines is Clean for a text of several lines: each line is clean, and there are no empty lines at the edges.
func CleanLines(s string) string {
	lines := strings.Split(lineEnds.Replace(s), "\n")
	for i, l := range lines {
		lines[i] = Clean(l)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// lineEnds brings the ends of lines that systems and Unicode know into one.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n")

// seen is s without what has no shape, and with a space for each character that controls.
func seen(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2800': // a Braille cell without dots looks like a space
			return ' '
		case shapeless(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// shapeless tells the characters that nobody sees and nobody types: those of format, and what else Unicode lets a program
// leave out when it draws (Default_Ignorable_Code_Point). unicode.Zs, the spaces, are not among them.
func shapeless(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
