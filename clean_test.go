package rinnova_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"rinnova"
)

func TestCleanLeavesWhatCanBeSeen(t *testing.T) {
	for typed, want := range map[string]string{
		"":                                   "",
		"RGIC82700L":                         "RGIC82700L",
		"  Via  Roma\t1\r\nRagusa ":          "Via Roma 1 Ragusa",
		"\ufeffRGIC\u200b82700L\u200f":       "RGIC82700L", // zero width, byte order mark, right-to-left mark
		"\u00a080006890646\u202f":            "80006890646",
		"1\u00a0234,50":                      "1 234,50",
		"a\u2007b\u2009c\u3000d\u205fe":      "a b c d e",
		"\u202eRGIC\u2066827\u206900L\u202c": "RGIC82700L",
		"rgic\u00ad82700l@istru\u00adzione":  "rgic82700l@istruzione",
		"a\u2060b\u180ec\u034fd\ufe0fe":      "abcde",
		"\u3164x\u115f\uffa0":                "x", // fillers of Hangul, which names on the web are hidden with
		"a\u2800b":                           "a b",
		"a\x00b\x7fc\u0085d\u2028e":          "a b c d e",
		"Citt\xe0":                           "Citt\ufffd",
		"«Dell’Àncora» – n° 12":              "«Dell’Àncora» – n° 12",
	} {
		if got := rinnova.Clean(typed); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
	if got := rinnova.CleanLines("\n a\u200b \r\n\r\n b\u00a0c\rd\u2028e\n\n"); got != "a\n\nb c\nd\ne" {
		t.Errorf("lines: %q", got)
	}
}

func TestCleanOfACleanLineIsThatLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "typed")
		once, lines := rinnova.Clean(s), rinnova.CleanLines(s)
		if again := rinnova.Clean(once); again != once {
			t.Fatalf("%q, then %q", once, again)
		}
		if again := rinnova.CleanLines(lines); again != lines {
			t.Fatalf("lines: %q, then %q", lines, again)
		}
		if strings.ContainsFunc(once, func(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Cc) || r != ' ' && unicode.IsSpace(r) }) {
			t.Fatalf("%q", once)
		}
	})
}
