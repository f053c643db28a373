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

func normalExclusion(s string) string { return strings.ToUpper(strings.TrimSpace(s)) }

func normalSpaces(s string) string { return rinnova.Clean(s) }

// normalDate writes a day that can be read as screens and papers do; anything else stays as it was typed.
func normalDate(s string) string {
	if d, wrong := locale.ParseDate(s); wrong.IsZero() {
		return locale.Date(d)
	}
	return strings.TrimSpace(s)
}
