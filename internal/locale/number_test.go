package locale

import (
	"testing"

	"pgregory.net/rapid"

	"rinnova"
)

func TestParseAmount(t *testing.T) {
	for in, want := range map[string]rinnova.Cents{
		"1.234,56": 123456, "1234,56": 123456, "1234": 123400, "1.234": 123400, "€ 1.234,5": 123450, "0": 0, "0,00": 0, " 12,30 ": 1230,
		"10.000.000,00": rinnova.MaxCents, "007": 700,
	} {
		if got, wrong := ParseAmount(in); got != want || !wrong.IsZero() {
			t.Errorf("%q: %s, %q", in, got, wrong)
		}
	}
	for in, want := range map[string]string{
		"":                          "Scrivete l’importo in cifre con due decimali, per esempio 1.234,56.",
		"dodici":                    "Scrivete l’importo in cifre con due decimali, per esempio 1.234,56.",
		"12,345":                    "Scrivete l’importo in cifre con due decimali, per esempio 1.234,56.",
		"1,2,3":                     "Scrivete l’importo in cifre con due decimali, per esempio 1.234,56.",
		"1.23,4":                    "Scrivete l’importo in cifre con due decimali, per esempio 1.234,56.",
		"=1+1":                      "Scrivete l’importo in cifre con due decimali, per esempio 1.234,56.",
		"12.5":                      "Per i centesimi usate la virgola, per esempio 1.234,56.",
		"1234.56":                   "Per i centesimi usate la virgola, per esempio 1.234,56.",
		"-3":                        "Un importo non può essere negativo.",
		"10.000.000,01":             "L’importo è troppo grande: al massimo €\u00a010.000.000,00.",
		"99999999999999999999999,9": "L’importo è troppo grande: al massimo €\u00a010.000.000,00.",
	} {
		if got, wrong := ParseAmount(in); Italian.Text(wrong) != want {
			t.Errorf("%q: %s, %q", in, got, Italian.Text(wrong))
		}
	}
}

// What is written is read back, whoever writes it.
func TestAmountsAreReadAsTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rinnova.Cents(rapid.Int64Range(0, int64(rinnova.MaxCents)).Draw(t, "cents"))
		for _, s := range []string{Amount(c), Euro(c)} {
			if got, wrong := ParseAmount(s); got != c || !wrong.IsZero() {
				t.Fatalf("%q: %s, %q", s, got, wrong)
			}
		}
	})
}

func TestParsePercent(t *testing.T) {
	for in, want := range map[string]rinnova.BasisPoints{"3,8": 380, "75": 7500, "75 %": 7500, "100%": 10_000, "0,05": 5, "-2,5": -250, "−1": -100, "0": 0} {
		if got, wrong := ParsePercent(in); got != want || !wrong.IsZero() {
			t.Errorf("%q: %d, %q", in, got, wrong)
		}
	}
	for _, in := range []string{"", "%", "tre", "1,234", "3.8", "--1", "999999999"} {
		if got, wrong := ParsePercent(in); wrong.IsZero() {
			t.Errorf("%q: %d", in, got)
		}
	}
}
