package renewalweb_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalmail"
	"rinnova/internal/renewal/renewaltest"
)

// anotherValue is, for each field of an order, another good value than those of filled and of withoutCIG.
var anotherValue = map[string]string{
	renewal.FieldCIG: renewaltest.OtherCIG, renewal.FieldExclusion: "ES24", renewal.FieldReason: "Spese economali", renewal.FieldCUP: "B12C34567890123",
	renewal.FieldNumber: "215/2026", renewal.FieldDate: "17/11/2026", renewal.FieldPayment: "60",
}

// withoutCIG is a form of an order that has a reason for having no CIG.
func withoutCIG() url.Values {
	return with(filled(), renewal.FieldCIG, "", renewal.FieldExclusion, "ES07", renewal.FieldReason, "Affidamento in house")
}

// Whatever one field of the order a school changes after it has confirmed: its home and its form say that there are changes which are
// not confirmed, and name the field; and once it confirms again, so do the receipt, its mail, and the office's comparison.
func TestEachFieldOfTheOrderIsToldEverywhere(t *testing.T) {
	for _, x := range renewal.Fields {
		form := filled()
		if x.Name == renewal.FieldExclusion || x.Name == renewal.FieldReason {
			form = withoutCIG()
		}
		value, ok := anotherValue[x.Name]
		if !ok {
			t.Errorf("%s: say here another value of it", x.Name)
			continue
		}
		t.Run(x.Name, func(t *testing.T) { toldEverywhere(t, form, x.Name, value, x.Label.String()) })
	}
}

func toldEverywhere(t *testing.T, form url.Values, name, value, label string) {
	s := began(t)
	if s.get(s.path()).Find(`#ordine [name="`+name+`"]`).Length() != 1 {
		t.Error("the form does not ask for it")
	}
	s.post(s.path(), form).wantRedirect(t, s.path()+"/conferma/1")
	s.get("/area").want(t, 200, "per la scuola è tutto fatto")
	form = with(form, "visto", "1", name, value, "azione", "esci")
	s.post(s.path(), form).wantRedirect(t, "/area")
	s.get("/area").want(t, 200, "modifiche non confermate")
	page := s.get(s.path())
	page.want(t, 200, "Modifiche non confermate", "Avete cambiato una cosa", "cambiato "+label+": ")
	if text := page.text("main"); strings.Contains(text, "Tutto confermato") {
		t.Error("the form says that all is confirmed")
	}
	desk := deskIn(t, s.World)
	if !strings.Contains(desk.get(requestPage(s)).text("main"), "La scuola sta preparando delle modifiche") {
		t.Error("the office does not read that the school is changing something")
	}
	s.post(s.path(), with(form, "azione", "conferma")).wantRedirect(t, s.path()+"/conferma/2")
	s.get(s.path()+"/conferma/2").want(t, 200, "Rispetto alla n. 1", "cambiato "+label+": ")
	mail := renewalmail.Received(s.Receipts[1], renewaltest.Vendor(), "https://rinnovi.example").Text()
	if _, changed, _ := strings.Cut(mail, "Che cosa è cambiato"); !strings.Contains(changed, label+": ") {
		t.Errorf("the mail does not tell that «%s» has changed: %s", label, mail)
	}
	rows := desk.get(requestPage(s)).Find("section[aria-labelledby=ordine] tbody tr.rn-sel th").Map(func(_ int, x *goquery.Selection) string { return x.Text() })
	if len(rows) != 1 || rows[0] != label {
		t.Errorf("the office reads changes of %q, want of %q", rows, label)
	}
	if last := s.Receipts[1].Revision; locale.Italian.Text(datum(last.Order, name).Text) == "" {
		t.Errorf("the confirmation has no %s: %+v", name, last.Order)
	}
}

func requestPage(s *site) string { return page(s.A) }

// datum is a field of an order.
func datum(o renewal.Order, name string) renewal.Datum {
	for _, d := range o.Data() {
		if d.Name == name {
			return d
		}
	}
	return renewal.Datum{}
}
