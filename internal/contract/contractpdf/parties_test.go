package contractpdf

import "testing"

// The school's words cannot end before their quotation marks do, whatever they say.
func TestQuoted(t *testing.T) {
	for words, want := range map[string]string{
		"in house": "«in house»", "gratuito». Totale € 1,00. «": "«gratuito”. Totale € 1,00. “»",
	} {
		if got := quoted(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
