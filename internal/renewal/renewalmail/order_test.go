package renewalmail_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalmail"
	"rinnova/internal/supplier"
)

func TestOrderRows(t *testing.T) {
	day := rinnova.MustDate("2027-01-11")
	for name, c := range map[string]struct {
		order renewal.Order
		want  mail.Rows
	}{
		"with CIG and CUP": {renewal.Order{CIG: "B9A17C451B", CUP: "J11B21000000001", Number: "45", Date: day},
			mail.Rows{{Label: "CIG", Value: "B9A17C451B"}, {Label: "CUP", Value: "J11B21000000001"}, {Label: "Ordine", Value: "n.\u00a045 dell’11/01/2027"}}},
		"excluded": {renewal.Order{Exclusion: "ES07", Reason: "in house", Number: "45", Date: day},
			mail.Rows{{Label: "CIG", Value: "non previsto (ES07: in house)"}, {Label: "Ordine", Value: "n.\u00a045 dell’11/01/2027"}}},
		"a word of its own": {renewal.Order{CIG: "B9A17C451B", Number: "DET. 12", Date: day}, mail.Rows{{Label: "CIG", Value: "B9A17C451B"}, {Label: "Ordine", Value: "DET. 12 dell’11/01/2027"}}},
		"nothing":           {renewal.Order{Number: "45", Date: day}, mail.Rows{{Label: "CIG", Value: "non previsto"}, {Label: "Ordine", Value: "n.\u00a045 dell’11/01/2027"}}},
	} {
		if d := cmp.Diff(c.want, renewalmail.OrderRows(c.order)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// Whatever one field of an order is, the mails write it.
func TestMailsWriteEachFieldOfTheOrder(t *testing.T) {
	good := renewal.Order{CIG: "B9A17C451B", Number: "45", Date: rinnova.MustDate("2027-01-11"), Payment: supplier.PaymentTerm{Code: "30", Name: "Trenta giorni"}}
	none := good
	none.CIG, none.Exclusion, none.Reason = "", "ES07", "in house"
	values := map[string]string{renewal.FieldDate: "12/01/2027", renewal.FieldPayment: "60"}
	for _, x := range renewal.Fields {
		base := good
		if x.Name == renewal.FieldExclusion || x.Name == renewal.FieldReason {
			base = none
		}
		form, value := base.Form(), values[x.Name]
		if value == "" {
			value = "B12C34567890123"
		}
		x.Put(&form, value)
		other := form.Read([]supplier.PaymentTerm{base.Payment, {Code: "60", Name: "Sessanta giorni"}})
		if text(received(base)) == text(received(other)) {
			t.Errorf("the receipt reads alike with %s %q and another", x.Name, value)
		}
	}
}

func received(o renewal.Order) mail.Content {
	c := renewal.Confirmation{Request: &renewal.Request{Number: "2027-000001"}, Proposal: &renewal.Proposal{}, Revision: &renewal.Revision{Number: 1, Order: o}}
	return renewalmail.Received(c, vendor(), baseURL)
}

func text(c mail.Content) string { return c.Text() }
