package school

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		field Field
		typed string
		want  string // the value; where it is refused, what the message says
		code  string // of a warning
	}{
		{FieldDisplayName, "  I.C.   \"G. Verga\" ", "I.C. «G. Verga»", ""},
		{FieldDisplayName, "LICEO CLASSICO DANTE", "Liceo Classico Dante", ""},
		{FieldDisplayName, strings.Repeat("Liceo ", 20), "!Al massimo 80 caratteri, perché va nella fattura elettronica. Qui sono 119.", ""},
		{FieldDisplayName, "12345", "!Servono delle lettere", ""},
		{FieldDisplayName, "Scuola 学校", "!La fattura elettronica non può portare «学校»", ""},
		{FieldDisplayName, "<script>alert(1)</script>", "!La fattura elettronica non può portare «<>»", ""},
		{FieldDisplayName, "", "!non può restare vuoto", ""},
		{FieldAddress, "VIA DELLA LIBERTA' 8", "Via della Libertà 8", ""},
		{FieldTown, "REGGIO NELL'EMILIA", "Reggio nell’Emilia", ""},
		{FieldPostcode, " 97100 ", "97100", ""},
		{FieldPostcode, "9710", "!Il CAP ha 5 cifre", ""},
		{FieldPostcode, "00000", "!Il CAP ha 5 cifre", ""},
		{FieldProvinceCode, "(rg)", "RG", ""},
		{FieldProvinceCode, "Ragusa", "!sigla di 2 lettere", ""},
		{FieldProvinceCode, "ZZ", "ZZ", "province.unknown:ZZ"},
		{FieldTaxCode, "8000 6890 646", "80006890646", ""},
		{FieldTaxCode, "80006890647", "80006890647", "cf.check:80006890647"},
		{FieldTaxCode, "12345678903", "12345678903", "cf.notschool:12345678903"},
		{FieldTaxCode, "RSSMRA80A01H501U", "RSSMRA80A01H501U", "cf.person:RSSMRA80A01H501U"},
		{FieldTaxCode, "8000689064", "!Qui sono 10.", ""},
		{FieldTaxCode, "", "!non può restare vuoto", ""},
		{FieldVATNumber, "IT 12345678903", "12345678903", ""},
		{FieldVATNumber, "12345678904", "12345678904", "piva.check:12345678904"},
		{FieldVATNumber, "", "", ""},
		{FieldOfficeCode, "ufk3zr", "UFK3ZR", ""},
		{FieldOfficeCode, "UFK3Z", "!Qui sono 5.", ""},
		{FieldEmail, "RGIC82700L@Istruzione.example", "rgic82700l@istruzione.example", ""},
		{FieldEmail, "rgic82700l@pec.istruzione.example", "rgic82700l@pec.istruzione.example", "email.pec:rgic82700l@pec.istruzione.example"},
		{FieldEmail, "a@b.example, c@d.example", "!Non è un indirizzo di posta", ""},
		{FieldEmail, "a@b.example\r\nBcc: altri@altrove.example", "!Non è un indirizzo di posta", ""},
		{FieldEmail, "a@b.example\x00", "a@b.example", ""},
		{FieldEmail, "a..b@c.example", "!Non è un indirizzo di posta", ""},
		{FieldEmail, strings.Repeat("a", 65) + "@b.example", "!Non è un indirizzo di posta", ""},
		{FieldEmail, "", "!non può restare vuoto", ""},
		{FieldPEC, "rgic82700l@pec.istruzione.example", "rgic82700l@pec.istruzione.example", ""},
		{FieldPEC, "", "", ""},
		{FieldPEC, "rgic82700l", "!come rgic000001@pec.istruzione.it", ""},
		{FieldWebsite, "https://www.scuola.edu.example/chi-siamo", "https://www.scuola.edu.example/chi-siamo", ""},
		{FieldWebsite, "javascript:alert(1)", "!Non è l’indirizzo di un sito", ""},
		{FieldWebsite, `=HYPERLINK("http://altrove.example")`, "!Non è l’indirizzo di un sito", ""},
	} {
		got, problems := Check(c.field, c.typed)
		refused, warned := problems.Refused(), problems.Warnings()
		if why, bad := strings.CutPrefix(c.want, "!"); bad {
			if len(refused) != 1 || !strings.Contains(refused[0].Text.String(), why) || refused[0].Field != string(c.field) {
				t.Errorf("%s %q: %v, want %q", c.field, c.typed, problems, why)
			}
			continue
		}
		if got != c.want || len(refused) > 0 {
			t.Errorf("%s %q: %q %v, want %q", c.field, c.typed, got, problems, c.want)
		}
		if (len(warned) == 1) != (c.code != "") || c.code != "" && warned[0].Code != c.code {
			t.Errorf("%s %q warns %v, want %q", c.field, c.typed, warned, c.code)
		}
	}
}

// Whatever is typed, what passes the checks is one line of text that passes them again as it is.
func TestCheckedValuesStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(Correctable).Draw(t, "field")
		typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z'’ 0-9@.]{0,30}`), rapid.StringMatching(`[a-z]{1,8}@[a-z]{1,8}\.it`), rapid.StringMatching(`[0-9]{11}`)).Draw(t, "typed")
		v, problems := Check(f, typed)
		if len(problems.Refused()) > 0 {
			return
		}
		if !utf8.ValidString(v) || strings.ContainsAny(v, "\x00\r\n\t<>") {
			t.Fatalf("%s %q became %q", f, typed, v)
		}
		again, problems := Check(f, v)
		if again != v || len(problems.Refused()) > 0 {
			t.Fatalf("%s %q became %q, then %q %v", f, typed, v, again, problems)
		}
	})
}

// What is corrected is what is shown, and nothing else changes but the names that are made of it.
func TestCorrect(t *testing.T) {
	old := School{Name: `I.C. "G. VERGA"`, Type: "ISTITUTO COMPRENSIVO", Address: "VIA ROMA 1", Postcode: "97100", Town: "RAGUSA", Province: "RAGUSA", ProvinceCode: "RG"}
	old.Rename(old.Name)
	for f, value := range map[Field]string{FieldDisplayName: "I.C. «Giovanni Verga»", FieldAddress: "Via Archimede 12", FieldPostcode: "97013", FieldTown: "Comiso",
		FieldProvinceCode: "CT", FieldTaxCode: "80006890646", FieldVATNumber: "12345678903", FieldOfficeCode: "UFK3ZR", FieldEmail: "a@b.example",
		FieldPEC: "a@pec.b.example", FieldWebsite: "www.b.example"} {
		s := old
		s.Set(f, value)
		for _, g := range Correctable {
			if got := s.Shown(g); g == f && got != value || g != f && got != old.Shown(g) {
				t.Errorf("%s was corrected: %s is %q", f, g, got)
			}
		}
	}
	s := old
	s.Set(FieldTown, "Comiso")
	s.Set(FieldProvinceCode, "CT")
	s.Set(FieldDisplayName, "I.C. «Giovanni Verga»")
	if s.ShortName != "I.C. «Giovanni Verga», Comiso" || s.Province != "CATANIA" || s.Name != old.Name || !strings.Contains(s.SearchText(), "giovanni verga") {
		t.Errorf("%+v", s)
	}
}

func TestProvincesAreThoseOfTheRegistry(t *testing.T) {
	for code, name := range provinceNames {
		if got := provinceOf(code+"IC000001", name); got != code {
			t.Errorf("%s is %s, of a school there %s", name, code, got)
		}
	}
}

// What the e-invoice cannot have as it is, is shown as it will be: of names and places only, and not for other quotes alone.
func TestInInvoice(t *testing.T) {
	for _, c := range []struct {
		field    Field
		v, wants string
	}{
		{FieldDisplayName, "I.C. «Ivan Čedermac»", "I.C. «Ivan Cedermac»"}, {FieldAddress, "Via Škofja Loka 3 – 4", "Via Skofja Loka 3 - 4"}, {FieldTown, "Doberdò", ""},
		{FieldDisplayName, "I.C. “G. Verga” – l’Aquila", ""}, {FieldOfficeCode, "Č", ""}, {FieldEmail, "č@scuola.example", ""},
	} {
		if got := InInvoice(c.field, c.v); got != c.wants {
			t.Errorf("%s %q: %q, want %q", c.field, c.v, got, c.wants)
		}
	}
}
