package school

import "strings"

// Fold brings text into the form that searches compare: lower case, without accents, apostrophes and punctuation, one
// space between words.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if p, accented := plain[r]; accented {
			return p
		}
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '@' {
			return r
		}
		return ' '
	}, strings.ToLower(s))
	return strings.Join(strings.Fields(s), " ")
}

// plain are the accented letters of Italian and its neighbours without their accents.
var plain = map[rune]rune{
	'à': 'a', 'á': 'a', 'â': 'a', 'ä': 'a', 'è': 'e', 'é': 'e', 'ê': 'e', 'ë': 'e', 'ì': 'i', 'í': 'i', 'î': 'i',
	'ò': 'o', 'ó': 'o', 'ô': 'o', 'ö': 'o', 'ù': 'u', 'ú': 'u', 'û': 'u', 'ü': 'u', 'ç': 'c', 'ñ': 'n', 'š': 's', 'č': 'c', 'ž': 'z',
}
