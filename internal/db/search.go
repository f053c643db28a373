package db

import (
	"strings"

	"rinnova/internal/latin"
)

// Words makes a LIKE pattern of what people look for, for texts that latin.Fold has folded: its words in their order, with
// anything between. The wildcards of LIKE are no letters and so go with all signs.
func Words(search string) string { return pattern(strings.Fields(latin.Fold(search))) }

// Code makes a LIKE pattern of what people look for as a code, for texts of which latin.Code has made codes: it does not
// matter where somebody has put spaces, dots and dashes.
func Code(search string) string { return pattern(strings.Fields(latin.Code(search))) }

func pattern(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "%" + strings.Join(words, "%") + "%"
}
