package schoolmail_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/mail"
	"rinnova/internal/school"
	"rinnova/internal/school/schoolmail"
	"rinnova/internal/supplier"
)

var update = flag.Bool("update", false, "write the golden files anew")

const baseURL = "https://rinnovi.esempiosoftware.example"

func golden(t *testing.T, name string, c mail.Content) {
	t.Helper()
	for ext, got := range map[string]string{".txt": "Oggetto: " + c.Subject + "\n\n" + c.Text(), ".html": c.HTML()} {
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
	}
}

func vendor() supplier.Profile {
	return supplier.Profile{
		Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903",
		Renewals: supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example"},
	}
}

func ragusa() school.School {
	return school.School{
		DisplayName: "Istituto Comprensivo Statale «Giovanni Verga»", Address: "via Archimede 12", Postcode: "97100", Town: "Ragusa", ProvinceCode: "RG",
		MinistryCode: "RGIC00000X", PortalCode: "SG00001", Email: "nuova@scuola.example", TaxCode: "80006890646",
	}
}

func correction(states ...school.ItemState) *school.Correction {
	c := &school.Correction{At: time.Date(2026, 11, 20, 9, 51, 7, 0, time.UTC), By: rinnova.Actor{Username: "SUPERVISOR.SG00001", Role: rinnova.RoleSchool}}
	for i, s := range states {
		c.Items = append(c.Items, []school.Item{
			{Field: school.FieldAddress, Old: "Via Venezia 41", New: "via Archimede 12"},
			{Field: school.FieldTaxCode, Old: "80006890646", New: "80006890647", Reason: "La cifra di controllo non torna.\nMandate il certificato."},
			{Field: school.FieldWebsite, Old: "", New: "www.scuola.example"},
			{Field: school.FieldPEC, Old: "a@pec.scuola.example", New: ""},
		}[i])
		c.Items[i].State = s
	}
	return c
}

func TestMails(t *testing.T) {
	golden(t, "correzione-decisa", schoolmail.Decided(correction(school.Accepted, school.Rejected, school.Accepted, school.Replaced), ragusa(), vendor(), baseURL))
	golden(t, "indirizzo-cambiato", schoolmail.AddressChanged(ragusa(), "vecchia@scuola.example", vendor()))
}

func TestSubjects(t *testing.T) {
	for want, c := range map[string]*school.Correction{
		"accettata":              correction(school.Accepted),
		"non accettata":          correction(school.Replaced, school.Rejected),
		"tutte e 2 accettate":    correction(school.Accepted, school.Withdrawn, school.Accepted),
		"nessuna delle 2 accett": correction(school.Rejected, school.Rejected),
		"1 su 2 accettate":       correction(school.Accepted, school.Rejected),
	} {
		if got := schoolmail.Decided(c, ragusa(), vendor(), baseURL).Subject; !strings.HasPrefix(got, "Correzione dei dati della scuola: "+want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestWithoutOldAddressAndPhone(t *testing.T) {
	text := schoolmail.AddressChanged(ragusa(), "", supplier.Profile{Name: "Esempio Software S.r.l."}).Text()
	if !strings.Contains(text, "nessuno") || !strings.Contains(text, "rispondete subito a questo messaggio") {
		t.Error(text)
	}
}

// What a school or a clerk wrote stays text: no header, no markup, no line of its own.
func TestHostileWords(t *testing.T) {
	c := correction(school.Rejected)
	c.Items[0].New = "x\r\nBcc: altri@altrove.example"
	c.Items[0].Reason = "<script>alert(1)</script>\u202e"
	m := schoolmail.Decided(c, ragusa(), vendor(), baseURL)
	if strings.Contains(m.HTML(), "<script>") || strings.Contains(m.Text(), "\nBcc:") || strings.ContainsAny(m.Text()+m.HTML(), "\u202e\r") {
		t.Error(m.Text())
	}
}
