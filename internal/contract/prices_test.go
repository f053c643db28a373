package contract_test

import (
	"testing"

	"rinnova"
	"rinnova/internal/renewal/renewaltest"
)

// A contract keeps the ways in which its products are renewed, the fees of their parts and the words of how each price came about: they
// are read back as they were.
func TestAContractExplainsItsPrices(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		p := w.OfferChoices(t, w.A)
		w.Confirm(t, p, renewaltest.Order(), renewaltest.SiteYears, renewaltest.Mailbox)
		d := w.Process(t, p).Document
		if len(d.Lines) != 2 || d.Lines[0].Way.String() != "3 anni con un canone già fissato per ogni anno, fino al 2029-09-30" || len(d.Lines[0].Parts) != 3 ||
			d.Lines[0].Parts[2].Fee != 364_15 || !d.Lines[1].Way.IsZero() {
			t.Errorf("lines %+v", d.Lines)
		}
		if d.Period.From != rinnova.MustDate("2026-10-01") || d.Period.To != rinnova.MustDate("2029-09-30") {
			t.Errorf("the contract runs from %s to %s, its longest line to 2029", d.Period.From, d.Period.To)
		}
		x := d.Prices
		if x == nil || len(x.Lines) != 2 || x.Basis.String() != "Listino servizi, valido dal 2026-06-01" ||
			x.Origin.String() != "I canoni sono quelli del listino precedente, aumentati del 2.10%, arrotondati a 0.50." {
			t.Fatalf("prices %+v", x)
		}
		var sum rinnova.Cents
		for _, l := range x.Lines {
			sum += l.Net
			if !l.Without.IsZero() || l.LastYear.IsZero() {
				t.Errorf("%s: %q, %q", l.Name, l.LastYear, l.Without)
			}
		}
		site := x.Lines[0]
		if sum != d.Totals.Taxable || len(site.Steps) != 5 || site.Steps[2].Text.String() != "2027-10-01 – 2028-09-30: 12 mesi su 12 di 357.01 all’anno" || site.Steps[2].Amount != 357_01 {
			t.Errorf("%s in all, steps %+v", sum, site.Steps)
		}
	})
}
