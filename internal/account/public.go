package account

import (
	"slices"
	"strings"
	"unicode"
)

// What everybody knows of a school and of the vendor is what is tried first, with a year or a sign behind it. A password may
// hold a piece of it among other things; it may not consist of it.

const (
	shortestFact = 4 // letters of a word that counts as known by itself; shorter ones only fill up: via, san, IC
	fewestOwn    = 7 // pieces that a password has of its own beside what is known
)

// isPublic tells whether a password is made of what is known: words of names and addresses, codes, parts of e-mail addresses; in
// any case, with figures for letters, and with figures and signs around and between them.
func isPublic(password string, known []string) bool {
	typed := []rune(strings.ToLower(password))
	read := []rune(written.Replace(string(typed))) // as long: letter for letter
	if len(read) != len(typed) {
		read = typed
	}
	covered := make([]bool, len(typed))
	found := false
	for _, w := range factsOf(known) {
		found = cover(covered, typed, w) && len(w) >= shortestFact || found
		found = cover(covered, read, []rune(written.Replace(string(w)))) && len(w) >= shortestFact || found
	}
	if !found {
		return false
	}
	for _, w := range words {
		if len(w) >= shortestFact {
			cover(covered, read, []rune(w))
		}
	}
	return own(typed, covered) < fewestOwn
}

// factsOf are the words and codes in what is known, and codes without what stands between their parts.
func factsOf(known []string) [][]rune {
	var out [][]rune
	add := func(w string) {
		if r := []rune(w); len(r) >= 2 && !slices.ContainsFunc(out, func(x []rune) bool { return slices.Equal(x, r) }) {
			out = append(out, r)
		}
	}
	for _, s := range known {
		s = strings.ToLower(s)
		for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }) {
			add(w)
		}
	}
	return out
}

// cover marks where a word stands in a text; false where it does not.
func cover(covered []bool, text, word []rune) bool {
	found := false
	for i := 0; i+len(word) <= len(text); i++ {
		if slices.Equal(text[i:i+len(word)], word) {
			found = true
			for j := range word {
				covered[i+j] = true
			}
		}
	}
	return found
}

// own counts the pieces of what is not covered: a row of figures is one, a year or a date, and signs are none.
func own(typed []rune, covered []bool) int {
	n := 0
	var run []rune
	end := func() {
		n += pieces(string(run))
		run = run[:0]
	}
	figures := false
	for i, r := range typed {
		figure := !covered[i] && unicode.IsNumber(r)
		if figure && !figures {
			n++
		}
		figures = figure
		if covered[i] || !unicode.IsLetter(r) {
			end()
			continue
		}
		run = append(run, r)
	}
	end()
	return n
}
