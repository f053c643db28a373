package contractmail_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractmail"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	baseURL = "https://rinnovi.esempiosoftware.example"
	hash    = "a5d0c1f4e7b2489c93e6107d5b8f2a64c0d9e3b7184f6a52708c1db95e3f4a26"
)

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

func document() contract.Document {
	return contract.Document{
		Kind: renewal.Assistance, Number: "2027/000123", Date: rinnova.MustDate("2027-01-18"),
		Period:     rinnova.Period{From: rinnova.MustDate("2027-01-01"), To: rinnova.MustDate("2027-12-31")},
		VerifyCode: "7KQXM4TD92RF", VerifyURL: "rinnovi.esempiosoftware.example/v",
		Vendor: supplier.Profile{
			Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903",
			Renewals: supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example"},
		},
		School: contract.Party{Name: "Istituto Comprensivo Statale «Giovanni Verga»", Address: "via Archimede 12, 97100 Ragusa (RG)", MinistryCode: "RGIC00000X", OfficeCode: "UF0000"},
		Order:  contract.Order{Order: renewal.Order{CIG: "B9A17C451B", Number: "45/2027", Date: rinnova.MustDate("2027-01-12"), Payment: supplier.PaymentTerm{Name: "Unica soluzione, 30 giorni dal ricevimento della fattura"}}},
		Totals: catalog.Quote(nil, []catalog.QuoteLine{{Fee: 2382_22, Months: 12, Ticked: true, VAT: 2200}}),
		Split:  supplier.SplitSentence,
	}
}

func TestSent(t *testing.T) {
	golden(t, "contratto-inviato", contractmail.Sent(document(), hash, baseURL))
}

// Services, without CIG, office code and split payment, from a vendor that is invented.
func TestSentForServices(t *testing.T) {
	d := document()
	d.Kind, d.Number, d.Split, d.School.OfficeCode = renewal.Services, "S-2027/000008", "", ""
	d.Date, d.Period = rinnova.MustDate("2027-10-11"), rinnova.Period{From: rinnova.MustDate("2027-10-08"), To: rinnova.MustDate("2028-10-07")}
	d.Order.CIG, d.Order.Exclusion, d.Order.Reason = "", "ES07", "affidamento in house"
	d.Vendor.Fictional = true
	d.Lines = []contract.DocumentLine{{Name: "Casella PEC aggiuntiva"}, {Name: "Sito web premium", Way: rinnova.Say("%d anni a canone bloccato, fino al %s", 3, rinnova.MustDate("2030-10-07"))}}
	golden(t, "contratto-inviato-servizi", contractmail.Sent(d, hash, baseURL))
}

func TestSentSaysWhatTheContractSays(t *testing.T) {
	d := document()
	text := contractmail.Sent(d, hash, baseURL).Text()
	for _, want := range []string{d.Number, d.Order.CIG, locale.Euro(d.Totals.Taxable), locale.Euro(d.Totals.VAT), locale.Euro(d.Totals.Total),
		hash, contract.ShowCode(d.VerifyCode), d.VerifyURL, d.School.MinistryCode, d.School.OfficeCode, baseURL + "/area"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
