// Package latin brings text in Latin letters into the forms in which machines compare it, sort it and carry it.
//
// Fold and Code are for searches, where text and query go through the same function; Key is for lists; Latin1 and Basic are
// for files whose format knows few characters. What people read stays as it was written.
package latin

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rinnova"
)

// Fold is a text as searches compare it: small letters without accents, digits, and one space where there was anything else.
// Letters that are not Latin stay. An @ stays, so that an address for mail is no text like another.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(ordinals.Replace(rinnova.Clean(s))) {
		switch {
		case unicode.IsMark(r): // an accent of the letter before
		case unicode.Is(unicode.Lm, r): // what is no letter but looks like a part of one: ʼ
			b.WriteByte(' ')
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteString(strings.ToLower(letter(r)))
		case r == '@':
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// ordinals are the marks behind numbers, which people also write as letters, or not at all.
var ordinals = strings.NewReplacer("ª", " ", "º", " ", "°", " ")

// Code is a text as searches compare codes: the letters and digits of Fold alone, so that it does not matter where somebody
// puts spaces, dots and dashes.
func Code(s string) string {
	return strings.NewReplacer(" ", "", "@", "").Replace(Fold(s))
}

// Key is what a list is sorted by. It begins with the first letter or digit, whatever quotes stand before it; accents do not
// count, and 2 comes before 10. It is made of small letters and digits alone, which every database has in the same order: a
// 0 stands before each word, and before a number its length.
func Key(s string) string {
	var b strings.Builder
	for _, w := range runs(Fold(s)) {
		b.WriteByte('0')
		if digits := strings.TrimLeft(w, "0"); w[0] >= '0' && w[0] <= '9' {
			b.WriteString(length(digits))
			w = digits
		}
		b.WriteString(w)
	}
	return b.String()
}

// runs cuts a folded text into its words, and words where digits begin or end.
func runs(folded string) []string {
	var out []string
	for w := range strings.FieldsSeq(strings.ReplaceAll(folded, "@", " ")) {
		start := 0
		for i := 1; i < len(w); i++ {
			if isDigit(w[i]) != isDigit(w[i-1]) {
				out = append(out, w[start:i])
				start = i
			}
		}
		out = append(out, w[start:])
	}
	return out
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// length is that of a number, in one digit: longer numbers are greater, and what has more than nine digits is none.
func length(digits string) string { return string(rune('0' + min(len(digits), 9))) }
