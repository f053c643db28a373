package renewal_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
	"rinnova/internal/supplier"
)

// orderValues are good values of each field of the order form, and what people call it.
var orderValues = map[string]struct {
	label  string
	values []string
}{
	"CIG":       {"CIG", []string{"B4A27C154F", "B901EEFB35", "B00012EADB"}},
	"Exclusion": {"Motivo di esclusione del CIG", []string{"ES07", "ES24", "ES25"}},
	"Reason":    {"Perché non c’è il CIG", []string{"Affidamento in house", "Minute spese", "Spese economali"}},
	"CUP":       {"CUP", []string{"", "B12C34567890123", "J11B21000000001"}},
	"Number":    {"Numero ordine", []string{"214/2026", "215/2026", "Det. 7"}},
	"Date":      {"Data ordine", []string{"16/11/2026", "15/11/2026", "01/10/2026"}},
	"Payment":   {"Pagamento", []string{"30", "60", "30fm"}},
}

// typedFields are the names of what is typed in an order form.
func typedFields() []string {
	var out []string
	for f := range reflect.TypeFor[renewal.OrderForm]().Fields() {
		if f.Name != "Acknowledged" {
			out = append(out, f.Name)
		}
	}
	return out
}

func field(f *renewal.OrderForm, name string) reflect.Value {
	return reflect.ValueOf(f).Elem().FieldByName(name)
}

// drawOrder is a good order, with a CIG or without, and the fields that count in it.
func drawOrder(r *rapid.T) (renewal.OrderForm, []string) {
	counts := slices.DeleteFunc(typedFields(), func(name string) bool { return name == "Exclusion" || name == "Reason" })
	if rapid.Bool().Draw(r, "without a CIG") {
		counts = slices.DeleteFunc(typedFields(), func(name string) bool { return name == "CIG" })
	}
	var f renewal.OrderForm
	for _, name := range counts {
		known, ok := orderValues[name]
		if !ok {
			r.Fatalf("the order form has the field %s: say here what people call it, and some of its values", name)
		}
		field(&f, name).SetString(rapid.SampledFrom(known.values).Draw(r, name))
	}
	return f, counts
}

// A draft that differs in one field of the order says something else than the confirmation, and what it says differently is that
// field, by its name; so does a second confirmation. The same value typed another way is no difference.
func TestEachFieldOfTheOrderAloneIsADifference(t *testing.T) {
	p := &renewal.Proposal{}
	vendor := renewaltest.Vendor()
	rapid.Check(t, func(r *rapid.T) {
		form, counts := drawOrder(r)
		before := confirmation(r, form)
		same := form
		for _, name := range counts {
			v := field(&same, name)
			v.SetString("  " + v.String() + " ")
		}
		same.CIG, same.CUP = strings.ToLower(same.CIG), strings.ToLower(same.CUP)
		if !before.Same(renewal.Draft{Order: same}) {
			r.Errorf("%+v is not the same as %+v", same, before.Order)
		}
		name := rapid.SampledFrom(counts).Draw(r, "changed")
		other := form
		field(&other, name).SetString(rapid.SampledFrom(orderValues[name].values).Draw(r, "other value"))
		if reflect.DeepEqual(other, form) {
			return
		}
		if before.Same(renewal.Draft{Order: other}) {
			r.Errorf("%s is %q, was %q: the draft is said to be the same", name, field(&other, name), field(&form, name))
		}
		holdChange(r, "draft", renewal.DraftChanges(p, before, &renewal.Request{Draft: renewal.Draft{Order: other}}, vendor.PaymentTerms), name)
		holdChange(r, "confirmation", renewal.Changes(p, before, confirmation(r, other)), name)
	})
}

// confirmation is the confirmation of an order.
func confirmation(r *rapid.T, f renewal.OrderForm) *renewal.Revision {
	o, problems := f.Check(facts)
	if refused := problems.Refused(); len(refused) > 0 {
		r.Fatalf("%+v is refused: %v", f, refused)
	}
	return &renewal.Revision{Order: o}
}

// holdChange wants one change, of the field of this name.
func holdChange(r *rapid.T, what string, got []renewal.Change, name string) {
	r.Helper()
	label := orderValues[name].label
	if len(got) != 1 || !strings.HasPrefix(got[0].Text.String(), label+": ") {
		r.Errorf("%s that differs in %s: changes %v, want one of «%s»", what, name, got, label)
	}
}

// Every field of an order is one row of the table: what is forgotten there is compared, shown, mailed and printed nowhere.
func TestEveryFieldOfTheOrderIsInTheTable(t *testing.T) {
	if got := len(typedFields()); got != len(renewal.Fields) {
		t.Errorf("the order form has %d fields, renewal.Fields %d", got, len(renewal.Fields))
	}
	for _, name := range typedFields() {
		var f renewal.OrderForm
		field(&f, name).SetString("x")
		rows := slices.DeleteFunc(slices.Clone(renewal.Fields), func(x renewal.Field) bool { return x.Typed(f) != "x" })
		if len(rows) != 1 || rows[0].Label.String() != orderValues[name].label {
			t.Errorf("OrderForm.%s is in the rows %v of renewal.Fields, want one, called %q", name, rows, orderValues[name].label)
			continue
		}
		var again renewal.OrderForm
		if rows[0].Put(&again, "x"); !reflect.DeepEqual(f, again) {
			t.Errorf("the row of %s writes to another field", name)
		}
	}
	for f := range reflect.TypeFor[renewal.Order]().Fields() {
		if _, ok := reflect.TypeFor[renewal.OrderForm]().FieldByName(f.Name); !ok {
			t.Errorf("Order.%s is no field of the form", f.Name)
		}
	}
	for name, known := range orderValues {
		f := renewal.OrderForm{}
		field(&f, name).SetString(known.values[len(known.values)-1])
		o := f.Read(supplier.DefaultPaymentTerms())
		if back := o.Form(); !reflect.DeepEqual(back, f) {
			t.Errorf("%s is read and written back as %+v", name, back)
		}
		if i := slices.IndexFunc(o.Data(), func(d renewal.Datum) bool { return d.Value != "" }); i < 0 || o.Data()[i].Label.String() != known.label || o.Data()[i].Text.IsZero() {
			t.Errorf("%s has no value that people can read: %+v", name, o.Data())
		}
	}
}
