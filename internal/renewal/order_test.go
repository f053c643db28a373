package renewal_test

import (
	"fmt"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/renewal"
	"rinnova/internal/supplier"
)

var facts = renewal.OrderFacts{Today: rinnova.MustDate("2026-11-22"), Offered: supplier.DefaultPaymentTerms()}

func goodForm() renewal.OrderForm {
	return renewal.OrderForm{CIG: "B00012EADB", Number: "214/2026", Date: "16/11/2026", Payment: "30"}
}

func TestGoodOrder(t *testing.T) {
	f := goodForm()
	f.CIG, f.Number, f.Date, f.CUP = " b0001-2ea.db ", "  214/2026  ", "16.11.2026", "b12c34567890123"
	f.CUP = "B12C34567890123"
	o, problems := f.Check(facts)
	if len(problems) != 0 {
		t.Fatalf("%+v", problems)
	}
	if o.CIG != "B00012EADB" || o.Number != "214/2026" || o.Date != rinnova.MustDate("2026-11-16") || o.CUP != "B12C34567890123" || o.Payment.Code != "30" {
		t.Errorf("%+v", o)
	}
}

func TestOrderProblems(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*renewal.OrderForm)
		field  string
		warns  bool
		says   string
	}{
		"no CIG":              {func(f *renewal.OrderForm) { f.CIG = " " }, renewal.FieldCIG, false, "Manca il CIG"},
		"short CIG":           {func(f *renewal.OrderForm) { f.CIG = "B00012EAD" }, renewal.FieldCIG, false, "10"},
		"bad characters":      {func(f *renewal.OrderForm) { f.CIG = "B00012EÀDB" }, renewal.FieldCIG, false, ""},
		"all zero":            {func(f *renewal.OrderForm) { f.CIG = "0000000000" }, renewal.FieldCIG, false, ""},
		"check fails":         {func(f *renewal.OrderForm) { f.CIG = "B2F4E81A07" }, renewal.FieldCIG, true, "errore di battitura"},
		"old kind":            {func(f *renewal.OrderForm) { f.CIG = "Z6037968C2" }, renewal.FieldCIG, true, "2023"},
		"CIG and exclusion":   {func(f *renewal.OrderForm) { f.Exclusion, f.Reason = "ES07", "x" }, renewal.FieldCIG, false, "tutti e due"},
		"unknown exclusion":   {func(f *renewal.OrderForm) { f.CIG, f.Exclusion, f.Reason = "", "ES28", "x" }, renewal.FieldExclusion, false, "ES27"},
		"exclusion, no why":   {func(f *renewal.OrderForm) { f.CIG, f.Exclusion = "", "ES07" }, renewal.FieldReason, false, "perché"},
		"exclusion, long why": {func(f *renewal.OrderForm) { f.CIG, f.Exclusion, f.Reason = "", "ES07", strings.Repeat("à", 201) }, renewal.FieldReason, false, "201"},
		"bad CUP":             {func(f *renewal.OrderForm) { f.CUP = "X1" }, renewal.FieldCUP, false, ""},
		"no number":           {func(f *renewal.OrderForm) { f.Number = "" }, renewal.FieldNumber, false, "Manca"},
		"long number":         {func(f *renewal.OrderForm) { f.Number = strings.Repeat("1", 21) }, renewal.FieldNumber, false, "21"},
		"number of no Latin":  {func(f *renewal.OrderForm) { f.Number = "214 Ж" }, renewal.FieldNumber, false, "non può portare «Ж»"},
		"number of a picture": {func(f *renewal.OrderForm) { f.Number = "🎒" }, renewal.FieldNumber, false, "niente"},
		"number that grows":   {func(f *renewal.OrderForm) { f.Number = "1234567890123456 €€" }, renewal.FieldNumber, false, "Lì si scrive «1234567890123456 EUREUR», e sono 23"},
		"no date":             {func(f *renewal.OrderForm) { f.Date = "" }, renewal.FieldDate, false, "Manca la data"},
		"no such day":         {func(f *renewal.OrderForm) { f.Date = "31/11/2026" }, renewal.FieldDate, false, "30"},
		"month first":         {func(f *renewal.OrderForm) { f.Date = "11/16/2026" }, renewal.FieldDate, false, "mesi"},
		"three-digit year":    {func(f *renewal.OrderForm) { f.Date = "16/11/226" }, renewal.FieldDate, false, "quattro cifre"},
		"markup in number":    {func(f *renewal.OrderForm) { f.Number = "<b>1</b>" }, renewal.FieldNumber, false, "non può portare «<>»"},
		"number in words":     {func(f *renewal.OrderForm) { f.Number = "prot. uno" }, renewal.FieldNumber, true, "nessuna cifra"},
		"far away":            {func(f *renewal.OrderForm) { f.Date = "16/11/2062" }, renewal.FieldDate, false, "anno"},
		"tomorrow":            {func(f *renewal.OrderForm) { f.Date = "23/11/2026" }, renewal.FieldDate, true, "futuro"},
		"old order":           {func(f *renewal.OrderForm) { f.Date = "01/11/2025" }, renewal.FieldDate, true, "un anno"},
		"no payment":          {func(f *renewal.OrderForm) { f.Payment = "" }, renewal.FieldPayment, false, "Scegliete"},
		"foreign payment":     {func(f *renewal.OrderForm) { f.Payment = "90" }, renewal.FieldPayment, false, "Scegliete"},
	} {
		t.Run(name, func(t *testing.T) {
			f := goodForm()
			c.change(&f)
			_, problems := f.Check(facts)
			if len(problems) != 1 {
				t.Fatalf("%d problems: %+v", len(problems), problems)
			}
			p := problems[0]
			if p.Field != c.field || p.Warns != c.warns || !strings.Contains(p.Text.String(), c.says) {
				t.Errorf("%+v, says %q", p, p.Text)
			}
			blocks := len(f.Blocking(problems)) > 0
			f.Acknowledged = []string{p.Code}
			if !blocks || len(f.Blocking(problems)) > 0 != !c.warns {
				t.Error("a warning stops until it is acknowledged, a refusal always")
			}
		})
	}
}

func TestCIGSeenElsewhere(t *testing.T) {
	seen := facts
	seen.LastCIG, seen.CIGUsers = "B00012EADB", []string{"IC «G. Verga»"}
	_, problems := goodForm().Check(seen)
	if len(problems) != 2 || len(problems.Warnings()) != 2 {
		t.Fatalf("%+v", problems)
	}
}

// An acknowledgement is of one value: another wrong CIG is asked about again.
func TestAcknowledgementIsOfOneValue(t *testing.T) {
	f := goodForm()
	f.CIG = "B2F4E81A07"
	_, first := f.Check(facts)
	f.Acknowledged = []string{first[0].Code}
	f.CIG = "B2F1A9C0E7"
	_, second := f.Check(facts)
	if len(f.Blocking(second)) != 1 {
		t.Errorf("acknowledged %q, now %q", first[0].Code, second[0].Code)
	}
}

func FuzzOrderForm(f *testing.F) {
	f.Add("B00012EADB", "", "", "", "214/2026", "16/11/2026", "30")
	f.Add("", "ES07", "perché sì", "B12C34567890123", "\x00", "31/11/2026", "")
	f.Fuzz(func(t *testing.T, cig, exclusion, reason, cup, number, date, payment string) {
		form := renewal.OrderForm{CIG: cig, Exclusion: exclusion, Reason: reason, CUP: cup, Number: number, Date: date, Payment: payment}
		o, problems := form.Check(facts)
		if len(problems.Refused()) > 0 {
			return
		}
		if len(o.CIG) != 10 && o.Exclusion == "" || o.Number == "" || len(o.Number) > renewal.MaxOrderNumber || o.Date.IsZero() || o.Payment.Code == "" {
			t.Errorf("taken: %+v", o)
		}
	})
}

// Each code of the select says what it means, but for the one whose official words say nothing.
func TestExclusionsHaveWords(t *testing.T) {
	seen := map[string]bool{}
	for i, code := range renewal.Exclusions {
		if want := fmt.Sprintf("ES%02d", i+1); code != want {
			t.Errorf("code %d is %s, want %s", i+1, code, want)
		}
		name := renewal.ExclusionName(code).String()
		if seen[name] || (name == code) != (code == "ES25") {
			t.Errorf("%s is called %q", code, name)
		}
		seen[name] = true
	}
	if n := len(renewal.Exclusions); n != 27 {
		t.Errorf("%d codes, want 27", n)
	}
	for code, want := range map[string]string{"ES01": "ES01 – acquisto o locazione di terreni e fabbricati", "ES04": "ES04 – contratti di lavoro",
		"ES12": "ES12 – affidamento in house", "ES24": "ES24 – spese economali", "ES27": "ES27 – trasferimento di fondi", "": "", "ES28": "ES28"} {
		if got := renewal.ExclusionName(code).String(); got != want {
			t.Errorf("%q is %q, want %q", code, got, want)
		}
	}
}

// What an e-invoice cannot carry is written otherwise there, and the school is told how; its order keeps the number that it has.
func TestOrderNumbersInTheInvoice(t *testing.T) {
	for typed, want := range map[string]string{
		"n° 12": "n. 12", "DET. 12 – 45": "DET. 12 - 45", "214 è": "214 e", "Č 5/2026": "C 5/2026", "12 €": "12 EUR", "“7” d’Arte": `"7" d'Arte`, "12/2026": "", "A&B 7": "", "7 🎒": "7",
	} {
		f := goodForm()
		f.Number = typed
		o, problems := f.Check(facts)
		if len(problems.Of(renewal.FieldNumber)) != 0 || o.Number != typed || renewal.InInvoice(typed) != want {
			t.Errorf("%q: %+v, kept as %q, in the invoice %q, want %q", typed, problems, o.Number, renewal.InInvoice(typed), want)
		}
	}
}
