package contract_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
)

// What contracts of earlier programs have kept of an order is read as it was, and is written in the same form.
func TestKeptOrdersStayReadable(t *testing.T) {
	const kept = `{"CIG":"","Exclusion":"ES07","Reason":"in house","CUP":"B12C34567890123","Number":"45/2027","Date":"2027-01-12","Payment":"Unica soluzione, 30 giorni"}`
	var o contract.Order
	if err := json.Unmarshal([]byte(kept), &o); err != nil {
		t.Fatal(err)
	}
	want := contract.Order{Order: renewal.Order{Exclusion: "ES07", Reason: "in house", CUP: "B12C34567890123", Number: "45/2027", Date: rinnova.MustDate("2027-01-12"),
		Payment: supplier.PaymentTerm{Name: "Unica soluzione, 30 giorni"}}}
	if d := cmp.Diff(want, o); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	again, err := json.Marshal(o)
	if err != nil || string(again) != kept {
		t.Errorf("written as %s (%v)", again, err)
	}
	var empty contract.Order
	if err := json.Unmarshal([]byte(`{"CIG":"B9A17C451B"}`), &empty); err != nil || empty.CIG != "B9A17C451B" {
		t.Errorf("%+v, %v", empty, err)
	}
}

// Every field of an order is kept: of the payment its name.
func TestEveryFieldOfAnOrderIsKept(t *testing.T) {
	var o contract.Order
	v := reflect.ValueOf(&o.Order).Elem()
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.String {
			v.Field(i).SetString("x")
		}
	}
	o.Date, o.Payment.Name = rinnova.MustDate("2027-01-12"), "x"
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var back contract.Order
	if err := json.Unmarshal(b, &back); err != nil || !cmp.Equal(o, back) {
		t.Errorf("kept as %s, read as %+v (%v)", b, back, err)
	}
}
