package lettermail_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rinnova/internal/letter"
	"rinnova/internal/letter/lettermail"
	"rinnova/internal/mail"
	"rinnova/internal/school"
	"rinnova/internal/supplier"
)

var update = flag.Bool("update", false, "write the golden files anew")

const base = "https://rinnovi.esempiosoftware.example"

func someSchool() school.School {
	return school.School{DisplayName: "Istituto Comprensivo Statale «Giovanni Verga»", Address: "via Archimede 12", Postcode: "97100", Town: "Ragusa", ProvinceCode: "RG", MinistryCode: "RGIC00000X"}
}

func vendor() supplier.Profile {
	return supplier.Profile{Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903",
		Renewals: supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example"}}
}

func TestToRedo(t *testing.T) {
	golden(t, "lettera-da-rifare", lettermail.ToRedo(someSchool(), "Manca la seconda pagina, <quella> con la firma.\nRifate la scansione.", vendor(), base, "/lettera"))
}

func TestAccepted(t *testing.T) {
	at := time.Date(2027, 1, 14, 8, 30, 5, 0, time.UTC)
	c := &letter.Signed{Name: "nomina <firmata>.pdf", At: at, Decided: at.Add(time.Hour),
		Acceptance: letter.Acceptance{Kind: letter.Countersigned, File: letter.File{SHA256: strings.Repeat("0123456789abcdef", 4), Size: 100_000}}}
	golden(t, "lettera-controfirmata", lettermail.Accepted(someSchool(), c, vendor(), base, "/lettera"))
	c.Acceptance.Kind, c.Acceptance.File.Size = letter.Sheet, lettermail.MaxAttached+1
	m := lettermail.Accepted(someSchool(), c, vendor(), base, "/lettera")
	golden(t, "lettera-accettata", m)
	if strings.Contains(m.Text(), "allegato") {
		t.Error("it speaks of an attachment that is too large to go along")
	}
}

func golden(t *testing.T, name string, m mail.Content) {
	t.Helper()
	for ext, got := range map[string]string{".txt": "Oggetto: " + m.Subject + "\n\n" + m.Text(), ".html": m.HTML()} {
		path := filepath.Join("testdata", name+ext)
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
		if !strings.Contains(got, base+"/lettera") {
			t.Errorf("%s: no link", path)
		}
	}
}
