package db_test

import (
	"testing"

	"rinnova/internal/db"
)

func TestPatterns(t *testing.T) {
	for _, c := range []struct{ typed, words, code string }{
		{"I.C. Verga", "%i%c%verga%", "%icverga%"},
		{"Nicolo' D'Annunzio", "%nicolo%d%annunzio%", "%nicolodannunzio%"},
		{"«Nicolò» – D’Annunzio", "%nicolo%d%annunzio%", "%nicolodannunzio%"},
		{"2026/000 012", "%2026%000%012%", "%2026000012%"},
		{"b156 5a6e 0c", "%b156%5a6e%0c%", "%b1565a6e0c%"},
		{"100%_x", "%100%x%", "%100x%"},
		{" «%_» ", "", ""},
		{"", "", ""},
	} {
		if words, code := db.Words(c.typed), db.Code(c.typed); words != c.words || code != c.code {
			t.Errorf("%q: %q and %q, want %q and %q", c.typed, words, code, c.words, c.code)
		}
	}
}
