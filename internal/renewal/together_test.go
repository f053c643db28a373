package renewal_test

import (
	"testing"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

func order(t *testing.T, w *renewaltest.World, p renewaltest.Party) (*renewal.View, *renewal.Together) {
	t.Helper()
	v, err := w.Renewals.View(t.Context(), p.Actor, p.Request)
	if err != nil {
		t.Fatal(err)
	}
	both, err := w.Renewals.Together(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	return v, both
}

// One order covers both requests of a school: the second takes it whole, its CIG is no doubt, and the contracts and amounts
// stay apart.
func TestOneOrderForBoth(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		services := w.Offer(t, w.A)
		if _, both := order(t, w, w.A); both != nil {
			t.Fatal("together although the vendor does not allow it")
		}
		w.AllowTogether()
		_, both := order(t, w, w.A)
		if both == nil || both.CanTake() || both.Other.Request.ID != services.Request {
			t.Fatalf("the other request: %+v", both)
		}
		if want := both.Mine.Totals().Taxable + 485_00; both.Taxable() != want {
			t.Errorf("both come to %s, want %s", both.Taxable(), want)
		}
		if err := w.Renewals.TakeOrder(t.Context(), services.Actor, services.Request); rinnova.KindOf(err) != rinnova.Conflict {
			t.Errorf("taking an order that is not there: %v", err)
		}
		first := w.Confirm(t, w.A, renewal.OrderForm{CIG: renewaltest.GoodCIG, Number: "118/2026", Date: "16/11/2026", Payment: "30"}, renewaltest.Alunni)
		if _, both = order(t, w, services); !both.CanTake() {
			t.Fatal("the order of the first request cannot be taken")
		}
		if err := w.Renewals.TakeOrder(t.Context(), services.Actor, services.Request); err != nil {
			t.Fatal(err)
		}
		v, both := order(t, w, services)
		if both.CanTake() || !both.Same() || v.Request.Draft.Order.CIG != renewaltest.GoodCIG {
			t.Errorf("after taking it: %+v", v.Request.Draft.Order)
		}
		_, problems, err := w.Renewals.CheckOrder(t.Context(), v)
		if err != nil || len(problems) > 0 {
			t.Errorf("doubts about the one CIG: %v %v", problems, err)
		}
		second := w.Confirm(t, services, v.Request.Draft.Order, renewaltest.Web)
		if first.Order.CIG != second.Order.CIG || first.Order.Number != second.Order.Number || second.Totals.Taxable != 350_00 {
			t.Errorf("orders %+v and %+v", first.Order, second.Order)
		}
		a, b := w.Process(t, w.A), w.Process(t, services)
		if a.Number == b.Number || a.Document.Order.CIG != b.Document.Order.CIG || a.Document.Totals.Taxable == b.Document.Totals.Taxable {
			t.Errorf("contracts %s and %s", a.Number, b.Number)
		}
	})
}

// Without the vendor's leave the same CIG on both requests is a doubt, as before.
func TestTwoOrdersWithOneCIG(t *testing.T) {
	w := renewaltest.New(t)
	services := w.Offer(t, w.A)
	w.Confirm(t, w.A, renewal.OrderForm{CIG: renewaltest.GoodCIG, Number: "118/2026", Date: "16/11/2026", Payment: "30"}, renewaltest.Alunni)
	v, _ := order(t, w, services)
	v.Request.Draft.Order = renewal.OrderForm{CIG: renewaltest.GoodCIG, Number: "118/2026", Date: "16/11/2026", Payment: "30"}
	_, problems, err := w.Renewals.CheckOrder(t.Context(), v)
	if err != nil || len(problems.Warnings()) != 1 {
		t.Errorf("%v %v, want one doubt", problems, err)
	}
}
