package renewal

import (
	"slices"

	"rinnova"
	"rinnova/internal/supplier"
)

// Field is one of the data of an order, and all that is the same of it wherever an order is typed, compared, shown, mailed or
// printed. Only its check stands elsewhere (OrderForm.Check).
type Field struct {
	Name    string       // of its input, and of the messages about it
	Label   rinnova.Text // what people call it
	Missing rinnova.Text // what an order without it lacks, in the middle of a sentence; zero: it may be left empty
	Code    bool         // its value is a code, which is read character by character

	place  func(*OrderForm) *string                        // where the form holds it
	normal func(string) string                             // what was typed, in the form in which it counts
	words  func(string, supplier.PaymentTerm) rinnova.Text // its value as people read it; nil: as it stands
}

// Fields are the data of an order, in the order in which they are asked, compared and written everywhere. One more has its
// place in Order and OrderForm (with Form and Read), its row here, its input in the form, and its check.
var Fields = []Field{
	{Name: FieldCIG, Label: rinnova.Say("CIG"), Missing: rinnova.Say("CIG"), Code: true, normal: normalCIG,
		place: func(f *OrderForm) *string { return &f.CIG }},
	{Name: FieldExclusion, Label: rinnova.Say("Motivo di esclusione del CIG"), normal: normalExclusion, words: exclusionName,
		place: func(f *OrderForm) *string { return &f.Exclusion }},
	{Name: FieldReason, Label: rinnova.Say("Perché non c’è il CIG"), normal: normalSpaces,
		place: func(f *OrderForm) *string { return &f.Reason }},
	{Name: FieldCUP, Label: rinnova.Say("CUP"), Code: true, normal: normalCUP,
		place: func(f *OrderForm) *string { return &f.CUP }},
	{Name: FieldNumber, Label: rinnova.Say("Numero ordine"), Missing: rinnova.Say("numero dell’ordine"), normal: normalSpaces,
		words: func(n string, _ supplier.PaymentTerm) rinnova.Text { return NumberWords(n) },
		place: func(f *OrderForm) *string { return &f.Number }},
	{Name: FieldDate, Label: rinnova.Say("Data ordine"), Missing: rinnova.Say("data dell’ordine"), normal: normalDate,
		place: func(f *OrderForm) *string { return &f.Date }},
	{Name: FieldPayment, Label: rinnova.Say("Pagamento"), Missing: rinnova.Say("modalità di pagamento"), normal: normalSpaces, words: termName,
		place: func(f *OrderForm) *string { return &f.Payment }},
}

// OrderField is the field of an order with this name; false where an order has none.
func OrderField(name string) (Field, bool) {
	if i := slices.IndexFunc(Fields, func(x Field) bool { return x.Name == name }); i >= 0 {
		return Fields[i], true
	}
	return Field{}, false
}

// Required tells whether an order lacks something without it.
func (x Field) Required() bool { return !x.Missing.IsZero() }

// Typed is what a form holds of the field, as it was typed.
func (x Field) Typed(f OrderForm) string { return *x.place(&f) }

// Put makes a form hold what was typed.
func (x Field) Put(f *OrderForm, typed string) { *x.place(f) = typed }

// Datum is a field of an order with its value.
type Datum struct {
	Field
	Value string       // in the form in which it counts and is compared; of a choice its code
	Text  rinnova.Text // as people read it; zero: there is none
}

// Data are all fields of the order with their values. People read what the order has kept: a contract that is drawn again says what it
// said, whatever form counts by then.
func (o Order) Data() []Datum { return data(o.Form(), o.Payment) }

// Data are all fields of what was typed with their values, as they would count; among terms is the one that was chosen.
func (f OrderForm) Data(terms []supplier.PaymentTerm) []Datum {
	f = f.counting()
	return data(f, term(terms, f.Payment))
}

func data(f OrderForm, t supplier.PaymentTerm) []Datum {
	out, counts := make([]Datum, len(Fields)), f.counting()
	for i, x := range Fields {
		out[i] = Datum{Field: x, Value: x.Typed(counts), Text: x.text(x.Typed(f), t)}
	}
	return out
}

// text is a value as people read it.
func (x Field) text(value string, t supplier.PaymentTerm) rinnova.Text {
	switch {
	case x.words != nil:
		return x.words(value, t)
	case value == "":
		return rinnova.Text{}
	}
	return rinnova.Say("%s", value)
}

// counting is what was typed, in the form in which it counts. Of an order with a CIG nobody asks why there is none.
func (f OrderForm) counting() OrderForm {
	for _, x := range Fields {
		x.Put(&f, x.normal(x.Typed(f)))
	}
	if f.CIG != "" {
		f.Reason = ""
	}
	return f
}

// equal tells whether both say the same order.
func (f OrderForm) equal(g OrderForm) bool {
	f, g = f.counting(), g.counting()
	return !slices.ContainsFunc(Fields, func(x Field) bool { return x.Typed(f) != x.Typed(g) })
}

// Lacks are the fields without which the order cannot be confirmed and in which nothing is typed. An order has a CIG or a reason for
// having none.
func (f OrderForm) Lacks() []Field {
	f = f.counting()
	return slices.DeleteFunc(slices.Clone(Fields), func(x Field) bool {
		return !x.Required() || x.Typed(f) != "" || x.Name == FieldCIG && f.Exclusion != ""
	})
}

func exclusionName(code string, _ supplier.PaymentTerm) rinnova.Text {
	if code == "" {
		return rinnova.Text{}
	}
	return ExclusionName(code)
}

func termName(_ string, t supplier.PaymentTerm) rinnova.Text {
	if t.Name == "" {
		return rinnova.Text{}
	}
	return rinnova.Say("%s", t.Name)
}

// term is the payment term with this code; zero where there is none.
func term(terms []supplier.PaymentTerm, code string) supplier.PaymentTerm {
	if i := slices.IndexFunc(terms, func(t supplier.PaymentTerm) bool { return t.Code == code }); i >= 0 {
		return terms[i]
	}
	return supplier.PaymentTerm{}
}
