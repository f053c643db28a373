package school

import "testing"

func TestPostalAddress(t *testing.T) {
	for _, c := range []struct {
		s    School
		want string
	}{
		{School{Address: "VIA VENEZIA 41", Postcode: "65121", Town: "PESCARA", ProvinceCode: "PE"}, "Via Venezia 41, 65121 Pescara (PE)"},
		{School{Address: "via Archimede 12", Postcode: "97100", Town: "Ragusa", ProvinceCode: "RG"}, "via Archimede 12, 97100 Ragusa (RG)"},
		{School{Postcode: "65121", Town: "PESCARA"}, "65121 Pescara"},
		{School{Address: "VIA VENEZIA 41", ProvinceCode: "PE"}, "Via Venezia 41"},
		{School{ProvinceCode: "PE"}, ""},
	} {
		if got := c.s.PostalAddress(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.s, got, c.want)
		}
	}
}

func TestRename(t *testing.T) {
	s := School{Type: "ISTITUTO COMPRENSIVO", Town: "PATERNO'"}
	s.Rename(`"G. VERGA"`)
	if s.Name != `"G. VERGA"` || s.DisplayName != "Istituto Comprensivo «G. Verga»" || s.ShortName != "Istituto Comprensivo «G. Verga», Paternò" {
		t.Errorf("%+v", s)
	}
}

func TestProvinceOf(t *testing.T) {
	for _, c := range []struct{ code, province, want string }{
		{"RGIC82700L", "RAGUSA", "RG"},
		{"RMIC8GM00X", "ROMA", "RM"},
		{"FOTF010008", "FORLI'-CESENA", "FC"},
		{"PSIC82600B", "PESARO E URBINO", "PU"},
		{"APIC84300X", "FERMO", "FM"},
		{"CAIC80200L", "SUD SARDEGNA", "SU"},
		{"", "RAGUSA", ""},
	} {
		if got := provinceOf(c.code, c.province); got != c.want {
			t.Errorf("provinceOf(%s, %s) = %s, want %s", c.code, c.province, got, c.want)
		}
	}
}
