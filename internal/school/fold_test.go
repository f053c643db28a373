package school

import (
	"strings"
	"testing"

	"rinnova/internal/latin"
)

// Whatever stands on a school's page finds it, however it is typed: with the keyboard's signs, in capitals, without accents,
// codes with spaces and dashes.
func TestSearchText(t *testing.T) {
	s := School{PortalCode: "SG00001", CustomerNumber: "C-100/01", MinistryCode: "CTIC000001", Town: "PATERNO'", ProvinceCode: "CT", Email: "r.verga@b.it",
		TaxCode: "80006890646", VATNumber: "00838520880", OfficeCode: "UFABC1"}
	s.Rename(`IC "NICOLO' D'ANNUNZIO" - SAN GIOVANNI`)
	for _, typed := range []string{
		"sg00001", "SG 00001", "sg-00001", "C-100/01", "c10001", "c 100 01", "ctic000001", "CTIC 0000 01", "80006890646", "80 006 890 646", "00838520880", "ufabc1", "UF ABC1",
		"nicolò d’annunzio", "nicolo d annunzio", "NICOLO' D'ANNUNZIO", "«Nicolò", `"nicolo`, "annunzio – san", "annunzio - san", "PATERNÒ", "paterno'", "r.verga@b.it", "ct",
		"c\u200btic000001\u00a0",
	} {
		if !strings.Contains(s.SearchText(), latin.Fold(typed)) && !strings.Contains(s.SearchText(), latin.Code(typed)) {
			t.Errorf("%q does not find %q", typed, s.SearchText())
		}
	}
}
