package locale_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/locale"
)

// A day of this century is understood however people write it or copy it from elsewhere.
func TestParseDateInEveryShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rinnova.MustDate("2000-01-01").AddDays(rapid.IntRange(0, 36524).Draw(t, "day"))
		y, m, day := d.Year, int(d.Month), d.Day
		for _, s := range []string{
			fmt.Sprintf("%02d/%02d/%04d", day, m, y), fmt.Sprintf(" %d.%d.%d ", day, m, y), fmt.Sprintf("%d-%d-%02d", day, m, y%100), fmt.Sprintf("%d %d %02d", day, m, y%100),
			fmt.Sprintf("%04d-%02d-%02d", y, m, day), fmt.Sprintf("%04d/%d/%d", y, m, day),
		} {
			if got, wrong := locale.ParseDate(s); got != d || !wrong.IsZero() {
				t.Fatalf("%q is %s, %q", s, got, wrong)
			}
		}
	})
}

func TestParseDateSaysWhatIsWanted(t *testing.T) {
	for s, want := range map[string]string{
		"":            "Scrivete la data come giorno/mese/anno, per esempio 16/11/2026.",
		"16/11":       "Scrivete la data come giorno/mese/anno, per esempio 16/11/2026.",
		"16/nov/2026": "Scrivete la data con i numeri, come giorno/mese/anno, per esempio 16/11/2026.",
		"16/11/226":   "Scrivete l’anno con quattro cifre: giorno/mese/anno, per esempio 16/11/2026.",
		"16/11/6":     "Scrivete l’anno con quattro cifre: giorno/mese/anno, per esempio 16/11/2026.",
		"2026-16-11":  "I mesi sono 12 e qui il mese è 16: scrivete prima il giorno, poi il mese.",
		"30/02/26":    "Febbraio 2026 ha 28 giorni: l’ultimo è il 28/02/2026.",
		"0000-01-01":  "Scrivete la data con i numeri, come giorno/mese/anno, per esempio 16/11/2026.",
	} {
		if d, wrong := locale.ParseDate(s); !d.IsZero() || locale.Italian.Text(wrong) != want {
			t.Errorf("%q: %s, %q", s, d, locale.Italian.Text(wrong))
		}
	}
}
