package school

// provinceOf is the two-letter code of a province as addresses carry it. The ministry's codes start with the province
// as it was when they were made: it kept the old letters of Forlì and Pesaro, and never gave letters of their own to
// Fermo and Sud Sardegna.
func provinceOf(ministryCode, province string) string {
	switch province {
	case "FERMO":
		return "FM"
	case "SUD SARDEGNA":
		return "SU"
	}
	if len(ministryCode) < 2 {
		return ""
	}
	switch code := ministryCode[:2]; code {
	case "FO":
		return "FC"
	case "PS":
		return "PU"
	default:
		return code
	}
}
