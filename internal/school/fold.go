package school

import (
	"strings"

	"rinnova/internal/latin"
)

// FoldRules numbers the rules by which SearchText and SortKey are made. Whoever changes them, or those of package latin, adds
// one: at the next start the store makes both anew for the schools that it has.
const FoldRules = 1

// SearchText is what the office can find the school by: all its codes, as latin.Code writes them, then codes, names, town and
// addresses for mail as latin.Fold does. What is looked for goes through the same two.
func (s School) SearchText() string {
	codes := []string{s.PortalCode, s.CustomerNumber, s.MinistryCode, s.TaxCode, s.VATNumber, s.OfficeCode}
	words := []string{s.CustomerNumber, s.DisplayName, s.Name, s.TownName(), s.ProvinceCode, s.Email, s.PEC}
	var out []string
	for _, c := range codes {
		out = append(out, latin.Code(c))
	}
	for _, w := range words {
		out = append(out, latin.Fold(w))
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}

// SortKey is what lists of schools are sorted by: the short name without what stands before its first letter.
func (s School) SortKey() string { return latin.Key(s.ShortName) }
