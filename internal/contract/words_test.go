package contract_test

import (
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/supplier"
)

// A contract without a CIG asks nobody to write one, and the one who confirmed is named as who they are.
func TestAContractSaysWhatIsTrueOfItsOrder(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for _, without := range []bool{false, true} {
			p, o := w.Join(t), order()
			if without {
				o.CIG, o.Exclusion, o.Reason, o.Acknowledged = "", "ES07", "Servizio fuori dal codice dei contratti.", nil
			}
			w.Confirm(t, p, o, renewaltest.Alunni)
			d := process(t, w, p).Document
			if asks := strings.Contains(d.PaymentClause, "indicando il CIG"); asks == without {
				t.Errorf("CIG %q: %s", d.Order.CIG, d.PaymentClause)
			}
			if d.ConfirmedBy != p.Actor.Username {
				t.Errorf("confirmed by %q, the user is %q", d.ConfirmedBy, p.Actor.Username)
			}
		}
	})
}

// A band that was only proposed is nobody's word yet: the reminder says so, and that it is missing.
func TestAReminderSaysThatABandIsOnlyProposed(t *testing.T) {
	for _, c := range []struct {
		bands catalog.Bands
		state renewal.State
		open  bool
	}{{catalog.Bands{500}, renewal.Offered, true}, {catalog.Bands{500}, renewal.Drafted, false}, {nil, renewal.Offered, false}} {
		p := &renewal.Proposal{Kind: renewal.Assistance, Bands: c.bands, Lines: []renewal.Line{{ID: "a", Fees: []rinnova.Cents{100, 200}, Months: 12}}}
		v := &renewal.View{Proposal: p, Request: &renewal.Request{State: c.state, Draft: renewal.Draft{Band: 1}}}
		r := contract.ReminderOf(v, nil, supplier.Profile{}, nil, time.Time{})
		if said := len(r.Missing) > 0 && strings.Contains(r.Missing[0].String(), "Fascia"); r.BandOpen != c.open || said != c.open {
			t.Errorf("%v, %s: open %v, missing %v", c.bands, c.state, r.BandOpen, r.Missing)
		}
	}
}
