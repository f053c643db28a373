package suppliermail_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova/internal/catalog"
	"rinnova/internal/mail"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/suppliermail"
)

func TestPaperSaysOnlyWhatIsKnown(t *testing.T) {
	c := suppliermail.Paper(supplier.Profile{}, suppliermail.School{Name: "IC «G. Verga»"})
	want := []string{"Scuola: IC «G. Verga»", "Messaggio automatico del portale rinnovi. Rispondendo scrivete all’ufficio contratti."}
	if d := cmp.Diff(want, c.Foot); d != "" {
		t.Errorf("foot (-want +got):\n%s", d)
	}
	for _, p := range []supplier.Profile{
		{Phone: "02 1", Email: "a@esempio.example"},
		{Renewals: supplier.Contact{Phone: "02 1", Email: "a@esempio.example"}, Phone: "02 2", Email: "b@esempio.example"},
	} {
		if got := suppliermail.Contact(p); got != "tel.\u00a002\u00a01, a@esempio.example" {
			t.Errorf("contact %q", got)
		}
		if got := suppliermail.Phone(p); got != "tel.\u00a002\u00a01" {
			t.Errorf("phone %q", got)
		}
	}
	if got := suppliermail.Contact(supplier.Profile{Renewals: supplier.Contact{Email: "a@esempio.example"}, Phone: "02 2"}); got != "a@esempio.example" {
		t.Errorf("contact %q", got)
	}
}

func TestPaperOfADemonstrationSaysSo(t *testing.T) {
	foot := func(fictional bool) string {
		return strings.Join(suppliermail.Paper(supplier.Profile{Fictional: fictional}, suppliermail.School{}).Foot, "\n")
	}
	if !strings.Contains(foot(true), "inventati") || strings.Contains(foot(false), "inventati") {
		t.Errorf("%s\n---\n%s", foot(true), foot(false))
	}
}

func TestAmountRows(t *testing.T) {
	totals := catalog.Quote(nil, []catalog.QuoteLine{
		{Fee: 100_00, Months: 12, Ticked: true, VAT: 2200}, {Fee: 50_00, Months: 12, Ticked: true, VAT: 400}, {Fee: 1, Months: 12, VAT: 1000},
	})
	want := mail.Rows{
		{Label: "Imponibile", Value: "€\u00a0150,00"}, {Label: "IVA\u00a04\u00a0% su €\u00a050,00", Value: "€\u00a02,00"},
		{Label: "IVA\u00a022\u00a0% su €\u00a0100,00", Value: "€\u00a022,00"}, {Label: "Totale", Value: "€\u00a0174,00"},
	}
	if d := cmp.Diff(want, suppliermail.AmountRows(totals)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestLink(t *testing.T) {
	for _, base := range []string{"https://a.example", "https://a.example/"} {
		if got := suppliermail.Link(base, "/richieste/1"); got != "https://a.example/richieste/1" {
			t.Errorf("%s: %s", base, got)
		}
	}
}
