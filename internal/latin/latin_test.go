package latin_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova/internal/latin"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"I.C. «G. Verga» – Comiso":   "i c g verga comiso",
		"Gabriele d’Annunzio":        "gabriele d annunzio",
		"GABRIELE D'ANNUNZIO":        "gabriele d annunzio",
		"Città":                      "citta",
		"CITTA'":                     "citta",
		"“Fermi”–Ragusa":             "fermi ragusa",
		"Škofja Loka, Łódź, Straße":  "skofja loka lodz strasse",
		"Dvořák ŒUVRE Ørsted":        "dvorak oeuvre orsted",
		"r.verga@istruzione.it":      "r verga@istruzione it",
		"n° 12/2026":                 "n 12 2026",
		"1º Circolo":                 "1 circolo",
		"\u200bSG00\u00ad001\u00a0x": "sg00001 x",
		"e\u0301cole":                "ecole",
		"Школа 5":                    "школа 5",
		"  ":                         "",
		"%_":                         "",
		"İstanbul, ﬁne":              "istanbul fine",
	} {
		if got := latin.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldIsItsOwnFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		folded := latin.Fold(s)
		if again := latin.Fold(folded); again != folded {
			t.Fatalf("%q folds to %q, that to %q", s, folded, again)
		}
		if latin.Fold(strings.ToUpper(folded)) != folded && !strings.ContainsFunc(folded, func(r rune) bool { return r > 127 }) {
			t.Fatalf("%q is another in capitals", folded)
		}
	})
}

func TestCode(t *testing.T) {
	for _, in := range []string{"B1565A6E0C", "b156 5a6e 0c", "B156-5A6E.0C", "B156\u00a05A6E\u200b0C"} {
		if got := latin.Code(in); got != "b1565a6e0c" {
			t.Errorf("Code(%q) = %q", in, got)
		}
	}
}

func TestKeySorts(t *testing.T) {
	want := []string{
		"2° Circolo", "10° Circolo", "«Albe Steiner»", "Àlbori", "“Alfa”", "D’Annunzio", "D'Annunzio II", "I.C. 1 Ragusa", "I.C. 2 Ragusa", "I.C. 10 Ragusa",
		"I.C. «B» Ragusa", "Istituto A", "Ò Omicron", "‘Omero’", "«Zeta»", "Zz",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortStableFunc(got, func(a, b string) int { return strings.Compare(latin.Key(a), latin.Key(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted\n%q, want\n%q", got, want)
	}
}

// Whatever the collation of a database says of signs, spaces and capitals: there are none in a key.
func TestKeysAreLettersAndDigits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := latin.Key(rapid.String().Draw(t, "name"))
		if strings.ContainsFunc(key, func(r rune) bool { return r < 128 && !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
			t.Fatalf("%q", key)
		}
	})
}
