package contract_test

import (
	"strings"
	"testing"

	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/supplier"
)

// Whatever payment a school chooses, the contract's clause says the deadline of that choice and no other, with everything filled in.
func TestTheContractSaysThePaymentThatWasChosen(t *testing.T) {
	renewaltest.Each(t, func(t *testing.T, w *renewaltest.World) {
		for _, term := range supplier.DefaultPaymentTerms() {
			p := w.Join(t)
			o := order()
			o.Payment = term.Code
			w.Confirm(t, p, o, renewaltest.Alunni)
			d := process(t, w, p).Document
			if d.Order.Payment.Name != term.Name || !strings.Contains(d.Order.Payment.Name, term.Deadline.String()) ||
				!strings.Contains(d.PaymentClause, "entro "+term.Deadline.String()) && !strings.Contains(d.PaymentClause, "scadono "+term.Deadline.String()) {
				t.Errorf("chosen %q, written %q", d.Order.Payment.Name, d.PaymentClause)
			}
			if strings.Contains(d.PaymentClause, "{{") || strings.Contains(d.PaymentClause, "data fattura") || !strings.Contains(d.PaymentClause, term.Reason) {
				t.Errorf("the clause is %q", d.PaymentClause)
			}
		}
	})
}
