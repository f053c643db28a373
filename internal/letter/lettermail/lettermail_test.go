package lettermail_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova/internal/letter/lettermail"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestToRedo(t *testing.T) {
	s := school.School{DisplayName: "Istituto Comprensivo Statale «Giovanni Verga»", Address: "via Archimede 12", Postcode: "97100", Town: "Ragusa", ProvinceCode: "RG", MinistryCode: "RGIC00000X"}
	p := supplier.Profile{Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903",
		Renewals: supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example"}}
	m := lettermail.ToRedo(s, "Manca la seconda pagina, <quella> con la firma.\nRifate la scansione.", p, "https://rinnovi.esempiosoftware.example", "/lettera")
	for ext, got := range map[string]string{".txt": "Oggetto: " + m.Subject + "\n\n" + m.Text(), ".html": m.HTML()} {
		path := filepath.Join("testdata", "lettera-da-rifare"+ext)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
		if !strings.Contains(got, "https://rinnovi.esempiosoftware.example/lettera") {
			t.Errorf("%s: no link", path)
		}
	}
}
