package renewal

import (
	"strings"

	"rinnova"
	"rinnova/identifier"
	"rinnova/internal/locale"
)

// The forms in which typed values are compared and stored.

func normalCIG(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return identifier.CIG(s).Normalised
}

func normalCUP(s string) string {
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return identifier.CUP(s).Normalised
}

func normalSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

func parseTyped(s string) (rinnova.Date, bool) {
	d, wrong := locale.ParseDate(s)
	return d, wrong.IsZero()
}
