package latin_test

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"rinnova/internal/latin"
)

func TestBasic(t *testing.T) {
	for in, want := range map[string]string{
		"n° 12":                     "n. 12",
		"N°12":                      "N.12",
		"Nº 7":                      "N. 7",
		"№ 7":                       "N. 7",
		"DET. 12 – 45":              "DET. 12 - 45",
		"DET. 12—45":                "DET. 12-45",
		"1° lotto":                  "1o lotto",
		"Città d’Arte":              "Citta d'Arte",
		"“prot.” «9»":               `"prot." "9"`,
		"ordine…":                   "ordine...",
		"12\u00a0345\u2009/\t26":    "12 345 / 26",
		"Č 5 €":                     "C 5 EUR",
		"£3 § 2":                    "GBP3 par. 2",
		"½":                         "1/2",
		"m²":                        "m2",
		"12 🎒":                      "12",
		"🎒":                         "",
		"12\u200b3\u00ad4":          "1234",
		"e\u0301":                   "e",
		"Straße, Łódź, Đuro, Œuvre": "Strasse, Lodz, Duro, Oeuvre",
		"A&B <C>":                   "A&B <C>",
	} {
		if got, lost := latin.Basic(in); got != want || lost != "" {
			t.Errorf("Basic(%q) = %q, %q, want %q", in, got, lost, want)
		}
	}
	if got, lost := latin.Basic("Ж 12 ЖΩ"); got != "12" || lost != "ЖΩ" {
		t.Errorf("%q, lost %q", got, lost)
	}
}

func TestLatin1(t *testing.T) {
	for in, want := range map[string]string{
		"I.C. «Niccolò Čapek» – L’Aquila": "I.C. «Niccolò Capek» - L'Aquila",
		"Scuola 1° “Šubic” 100 €":         `Scuola 1° "Subic" 100 EUR`,
		"caffe\u0300":                     "caffè",
		"Ǽ ß ø":                           "Æ ß ø",
		"a\u00a0b":                        "a b",
	} {
		if got, lost := latin.Latin1(in); got != want || lost != "" {
			t.Errorf("Latin1(%q) = %q, %q, want %q", in, got, lost, want)
		}
	}
}

// All Latin letters of Unicode's blocks for living languages, its punctuation and its currencies can be carried.
func TestLatinPunctuationAndCurrenciesAreCarried(t *testing.T) {
	blocks := []struct {
		from, to rune
		in       func(r rune) bool
	}{
		{0x00a0, 0x024f, unicode.IsLetter}, // Latin-1, Extended-A, Extended-B
		{0x1e00, 0x1eff, unicode.IsLetter}, // Extended Additional
		{0x00a1, 0x00bf, func(r rune) bool { return !strings.ContainsRune("\u00ad¨¯¸¬¤¦¶", r) }},
		{0x2010, 0x2027, func(r rune) bool {
			return unicode.Is(unicode.Po, r) && !strings.ContainsRune("†‡", r) || unicode.In(r, unicode.Pd, unicode.Pi, unicode.Pf)
		}},
		{0x20a0, 0x20c0, unicode.IsPrint},
	}
	for _, b := range blocks {
		for r := b.from; r <= b.to; r++ {
			if !b.in(r) {
				continue
			}
			for name, f := range map[string]func(string) (string, string){"Latin1": latin.Latin1, "Basic": latin.Basic} {
				if got, lost := f(string(r)); got == "" || lost != "" {
					t.Errorf("%s(%q, %U) = %q, lost %q", name, r, r, got, lost)
				}
			}
		}
	}
}

// What comes out fits the format, is the same once more, and what fitted before is not touched.
func TestWhatIsCarriedFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		for name, c := range map[string]struct {
			carry func(string) (string, string)
			last  rune
		}{"Latin1": {latin.Latin1, 0xff}, "Basic": {latin.Basic, '~'}} {
			got, _ := c.carry(s)
			if strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r > c.last || r > '~' && r < 0xa1 }) {
				t.Fatalf("%s(%q) = %q", name, s, got)
			}
			if again, lost := c.carry(got); again != got || lost != "" {
				t.Fatalf("%s(%q) = %q, and again %q, lost %q", name, s, got, again, lost)
			}
		}
	})
}
