package identifier

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

type vectors struct {
	CIGOK    map[string][]string `json:"cig_ok"`
	CIGKO    []string            `json:"cig_ko"`
	MeccOK   []string            `json:"mecc_ok"`
	MeccWarn []string            `json:"mecc_warn"`
	ElevenOK []string            `json:"piva_cf11_ok"`
	ElevenKO []string            `json:"piva_cf11_ko"`
	PersonOK []string            `json:"cf16_ok"`
	PersonKO []string            `json:"cf16_ko"`
}

func loadVectors(t testing.TB) vectors {
	t.Helper()
	b, err := os.ReadFile("testdata/test_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVectors(t *testing.T) {
	v := loadVectors(t)
	kinds := map[string]string{"SIMOG1 (cifra iniziale)": KindSIMOGv1, "SMARTCIG": KindSmartCIG, "SIMOG2/PCP": KindSIMOGv2}
	if len(v.CIGOK) != len(kinds) {
		t.Errorf("kinds of CIG in the vectors: %d, want %d", len(v.CIGOK), len(kinds))
	}
	for name, codes := range v.CIGOK {
		for _, s := range codes {
			want(t, "CIG", s, CIG(s), OK, kinds[name], "")
		}
	}
	for _, s := range v.CIGKO {
		want(t, "CIG", s, CIG(s), Warn, CIG(s).Kind, "cig.check")
	}
	for _, s := range v.MeccOK {
		want(t, "Meccanografico", s, Meccanografico(s), OK, schoolTypes[s[2:4]], "")
	}
	for _, s := range v.MeccWarn {
		want(t, "Meccanografico", s, Meccanografico(s), Warn, schoolTypes[s[2:4]], "mecc.check")
	}
	for _, s := range v.ElevenOK {
		want(t, "CF", s, CF(s), OK, KindCFNumeric, "")
		want(t, "PIVA", s, PIVA(s), OK, KindPIVA, "")
	}
	for _, s := range v.ElevenKO {
		verdict, code := Warn, "check"
		if strings.Trim(s, "0") == "" {
			verdict, code = Refused, "zero"
		}
		want(t, "CF", s, CF(s), verdict, KindCFNumeric, "cf."+code)
		want(t, "PIVA", s, PIVA(s), verdict, KindPIVA, "piva."+code)
	}
	for _, s := range v.PersonOK {
		want(t, "CF", s, CF(s), OK, KindCFPerson, "")
	}
	for _, s := range v.PersonKO {
		want(t, "CF", s, CF(s), Warn, KindCFPerson, "cf.check")
	}
}

func want(t *testing.T, check, in string, r Result, v Verdict, kind, code string) {
	t.Helper()
	if r.Verdict != v || r.Kind != kind || r.Code != code {
		t.Errorf("%s(%q) = %v, %q, %q; want %v, %q, %q", check, in, r.Verdict, r.Kind, r.Code, v, kind, code)
	}
	if r.Normalised != in {
		t.Errorf("%s(%q): normalised %q", check, in, r.Normalised)
	}
}

func TestReasons(t *testing.T) {
	in2026 := func(s string) Result { return CIGForOrder(s, 2026) }
	for _, c := range []struct {
		name    string
		check   func(string) Result
		in      string
		norm    string
		verdict Verdict
		code    string
		says    string // part of the Italian reason
	}{
		{"cig", CIG, "", "", Refused, "cig.empty", "Manca il CIG"},
		{"cig", CIG, " .- ", "", Refused, "cig.empty", "Manca il CIG"},
		{"cig", CIG, "B00012EAD", "B00012EAD", Refused, "cig.length", "Il CIG ha 10 caratteri, cifre e lettere. Qui sono 9. Confrontate"},
		{"cig", CIG, "B00012EADBB", "B00012EADBB", Refused, "cig.length", "Qui sono 11."},
		{"cig", CIG, "B", "B", Refused, "cig.length", "Qui ce n’è uno."},
		{"cig", CIG, "BÈ", "BÈ", Refused, "cig.length", "Qui sono 2."},
		{"cig", CIG, "B0OO12EADB", "B0OO12EADB", Refused, "cig.characters", "Il carattere 3, «O», non può stare lì. Forse è uno zero. Dopo la prima lettera"},
		{"cig", CIG, "Z6o37968C2", "Z6O37968C2", Refused, "cig.characters", "Il carattere 3, «O»"},
		{"cig", CIG, "696OO46BA5", "696OO46BA5", Refused, "cig.characters", "comincia con una cifra ha sette cifre"},
		{"cig", CIG, "6960046BAG", "6960046BAG", Refused, "cig.characters", "Il carattere 10, «G»"},
		{"cig", CIG, "V00012EADB", "V00012EADB", Refused, "cig.characters", "da A a U o con X, Y, Z"},
		{"cig", CIG, "è00012EADB", "è00012EADB", Refused, "cig.characters", "Il carattere 1, «è»"},
		{"cig", CIG, "B00012EAD\x00", "B00012EAD\x00", Refused, "cig.characters", "Il carattere 10 non è una lettera né una cifra."},
		{"cig", CIG, "B00012EAD\xff", "B00012EAD\uFFFD", Refused, "cig.characters", "Il carattere 10 non è una lettera né una cifra."},
		{"cig", CIG, "0000000000", "0000000000", Refused, "cig.zero", "fatto di zeri"},
		{"cig", CIG, "0000000ABC", "0000000ABC", Refused, "cig.zero", "fatto di zeri"},
		{"cig", CIG, "Z000000000", "Z000000000", Refused, "cig.zero", "fatto di zeri"},
		{"cig", CIG, "B123456789", "B123456789", Warn, "cig.check", "Forse c’è un errore di battitura. Gli ultimi tre caratteri non corrispondono ai primi sette. Confrontate il codice con quello rilasciato dalla piattaforma."},
		{"cig", CIG, "Z6137968C2", "Z6137968C2", Warn, "cig.check", "Il secondo e il terzo carattere"},
		{"cig", CIG, "J00012E465", "J00012E465", Warn, "cig.check", "Gli ultimi tre"},
		{"cig", CIG, "b0-001.2 ead–b", "B00012EADB", OK, "", ""},
		{"cig", CIG, "\ufeffCIG:\u00a0B00012\u200bEADB\n", "B00012EADB", OK, "", ""},
		{"cig", CIG, "C.I.G. B00012EADB", "B00012EADB", OK, "", ""},
		{"cig", CIG, "CIGB00012EAD", "CIGB00012EAD", Refused, "cig.length", "Qui sono 12."},
		{"order", in2026, "6960046BA5", "6960046BA5", Warn, "cig.old", "(SIMOG v1) rilasciato fino al 2023. L’ordine è del 2026."},
		{"order", in2026, "Z6037968C2", "Z6037968C2", Warn, "cig.old", "(SmartCIG)"},
		{"order", in2026, "B00012EADB", "B00012EADB", OK, "", ""},
		{"order", in2026, "6960046BA6", "6960046BA6", Warn, "cig.check", "Gli ultimi tre"},
		{"exclusion", CIGExclusion, "es 01", "ES01", OK, "", ""},
		{"exclusion", CIGExclusion, "ES27", "ES27", OK, "", ""},
		{"exclusion", CIGExclusion, "ES00", "ES00", Refused, "exclusion.unknown", "da ES01 a ES27"},
		{"exclusion", CIGExclusion, "ES28", "ES28", Refused, "exclusion.unknown", "da ES01 a ES27"},
		{"exclusion", CIGExclusion, "ES+1", "ES+1", Refused, "exclusion.unknown", "da ES01 a ES27"},
		{"exclusion", CIGExclusion, "XX01", "XX01", Refused, "exclusion.unknown", "da ES01 a ES27"},
		{"exclusion", CIGExclusion, "", "", Refused, "exclusion.empty", "Manca il motivo"},
		{"mecc", Meccanografico, "", "", Refused, "mecc.empty", "Manca il codice meccanografico"},
		{"mecc", Meccanografico, "rgic 82700l", "RGIC82700L", OK, "", ""},
		{"mecc", Meccanografico, "RGIC8270L", "RGIC8270L", Refused, "mecc.length", "Qui sono 9."},
		{"mecc", Meccanografico, "RGIC82700È", "RGIC82700È", Refused, "mecc.characters", "Il carattere 10, «È»"},
		{"mecc", Meccanografico, "R0IC82700L", "R0IC82700L", Refused, "mecc.characters", "Forse è la lettera O."},
		{"mecc", Meccanografico, "1GIC82700L", "1GIC82700L", Refused, "mecc.characters", "Forse è la lettera I."},
		{"mecc", Meccanografico, "0000000000", "0000000000", Refused, "mecc.characters", "due lettere della provincia"},
		{"mecc", Meccanografico, "RGIC82700R", "RGIC82700R", Warn, "mecc.check", "Forse c’è un errore di battitura. L’ultimo carattere"},
		{"mecc", Meccanografico, "RGJW82700R", "RGJW82700R", Warn, "mecc.check", "carta intestata"},
		{"cf", CF, "", "", Refused, "cf.empty", "Manca il codice fiscale"},
		{"cf", CF, "8000689064", "8000689064", Refused, "cf.length", "ha 11 cifre, quello di una persona 16 caratteri. Qui sono 10."},
		{"cf", CF, "C.F. 80006890646", "80006890646", OK, "", ""},
		{"cf", CF, "8000689O646", "8000689O646", Refused, "cf.characters", "Il carattere 8, «O», non può stare lì. Forse è uno zero."},
		{"cf", CF, "8000689L646", "8000689L646", Refused, "cf.characters", "Forse è un uno."},
		{"cf", CF, "80006890647", "80006890647", Warn, "cf.check", "L’ultima cifra"},
		{"cf", CF, "00000000000", "00000000000", Refused, "cf.zero", "Sono tutti zeri."},
		{"cf", CF, "rss mra 80a01 h501u", "RSSMRA80A01H501U", OK, "", ""},
		{"cf", CF, "RSSMRA80F01H501U", "RSSMRA80F01H501U", Refused, "cf.characters", "Il carattere 9, «F»"},
		{"cf", CF, "RSSMRA8OA01H501U", "RSSMRA8OA01H501U", Refused, "cf.characters", "Il carattere 8, «O»"},
		{"cf", CF, "RSSMRA80A01H501X", "RSSMRA80A01H501X", Warn, "cf.check", "altri quindici"},
		{"cf", CF, "ÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀ", "ÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀÀ", Refused, "cf.characters", "Il carattere 1, «À»"},
		{"school cf", SchoolCF, "80006890646", "80006890646", OK, "", ""},
		{"school cf", SchoolCF, "12345678903", "12345678903", Warn, "cf.notschool", "con 8 o con 9"},
		{"school cf", SchoolCF, "RSSMRA80A01H501U", "RSSMRA80A01H501U", Warn, "cf.person", "di una persona"},
		{"school cf", SchoolCF, "", "", Refused, "cf.empty", "Manca"},
		{"piva", PIVA, "", "", Refused, "piva.empty", "lasciate vuoto"},
		{"piva", PIVA, "IT 12345678903", "12345678903", OK, "", ""},
		{"piva", PIVA, "P.IVA: 12345678903", "12345678903", OK, "", ""},
		{"piva", PIVA, "P.IVA IT12345678903", "12345678903", OK, "", ""},
		{"piva", PIVA, "IT1234567890", "IT1234567890", Refused, "piva.length", "La partita IVA ha 11 cifre. Qui sono 12."},
		{"piva", PIVA, "IT345678903", "IT345678903", Refused, "piva.characters", "Il carattere 1, «I»"},
		{"piva", PIVA, "12345678904", "12345678904", Warn, "piva.check", "L’ultima cifra"},
		{"piva", PIVA, "00000000000", "00000000000", Refused, "piva.zero", "Sono tutti zeri."},
		{"cuu", CUU, "", "", Refused, "cuu.empty", "Manca il codice univoco"},
		{"cuu", CUU, "uf 1a2b", "UF1A2B", OK, "", ""},
		{"cuu", CUU, "UF1A2", "UF1A2", Refused, "cuu.length", "Il codice univoco ha 6 caratteri, lettere e cifre. Qui sono 5."},
		{"cuu", CUU, "UF1A2B3", "UF1A2B3", Refused, "cuu.length", "Quelli di 7 caratteri sono di aziende"},
		{"cuu", CUU, "UF1A_B", "UF1A_B", Refused, "cuu.characters", "Il carattere 5, «_»"},
		{"cuu", CUU, "000000", "000000", Refused, "cuu.zero", "Sono tutti zeri."},
		{"cup", CUP, "", "", Refused, "cup.empty", "Manca il CUP"},
		{"cup", CUP, "CUP a12 b34567890123", "A12B34567890123", OK, "", ""},
		{"cup", CUP, "A12B3456789012", "A12B3456789012", Refused, "cup.length", "Qui sono 14."},
		{"cup", CUP, "A12534567890123", "A12534567890123", Refused, "cup.characters", "Il carattere 4, «5», non può stare lì. Il CUP ha 15 caratteri"},
	} {
		r := c.check(c.in)
		if r.Verdict != c.verdict || r.Code != c.code || r.Normalised != c.norm {
			t.Errorf("%s(%q) = %q, %v, %q; want %q, %v, %q", c.name, c.in, r.Normalised, r.Verdict, r.Code, c.norm, c.verdict, c.code)
		}
		if !strings.Contains(r.Why.Italian, c.says) {
			t.Errorf("%s(%q) says %q, want %q in it", c.name, c.in, r.Why.Italian, c.says)
		}
		if strings.ContainsAny(r.Why.Italian+r.Why.English, `'"`) {
			t.Errorf("%q: typewriter quotes in %q", c.in, r.Why)
		}
		checkShape(t, c.in, r)
	}
}

// checkShape holds what is true of every Result.
func checkShape(t testing.TB, in string, r Result) {
	t.Helper()
	if r.Verdict == OK != (r.Code == "") || r.Verdict == OK != (r.Why == Text{}) || (r.Why.Italian == "") != (r.Why.English == "") {
		t.Errorf("%q: %v with code %q and reason %v", in, r.Verdict, r.Code, r.Why)
	}
	if r.Verdict != Refused && r.Normalised == "" {
		t.Errorf("%q: %v without a code", in, r.Verdict)
	}
	if !utf8.ValidString(r.Normalised) || !utf8.ValidString(r.Why.Italian) {
		t.Errorf("%q: not UTF-8: %q %q", in, r.Normalised, r.Why.Italian)
	}
	if strings.Contains(r.Why.Italian, "  ") || r.Code != "" && !strings.HasSuffix(r.Why.Italian, ".") {
		t.Errorf("%q: not well-formed: %q", in, r.Why.Italian)
	}
}

func TestVerdictInJSON(t *testing.T) {
	b, err := json.Marshal(CUU("000000"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"verdict":"refused"`, `"code":"cuu.zero"`, `"it":"Sono tutti zeri.`, `"normalised":"000000"`} {
		if !strings.Contains(string(b), part) {
			t.Errorf("JSON %s lacks %s", b, part)
		}
	}
	if s := Verdict(9).String(); s != "Verdict(9)" {
		t.Errorf("unknown verdict: %s", s)
	}
	if s := OK.String() + " " + Warn.String(); s != "ok warn" {
		t.Errorf("verdicts: %s", s)
	}
}

// withControl puts the right control behind fifteen characters of a person's code, or ten digits.
func withControl(head string) string {
	if len(head) == 10 {
		return head + string(luhn(head))
	}
	return head + string(personControl(head))
}

func TestDaysOfBirth(t *testing.T) {
	for day, code := range map[string]string{
		"80A01": "", "80A31": "", "80A41": "", "80A71": "", "80A00": "cf.day", "80A32": "cf.day", "80A40": "cf.day", "80A72": "cf.day", "80A99": "cf.day",
		"80D30": "", "80D31": "cf.day", "80D71": "cf.day", "80B29": "", "81B29": "cf.day", "81B28": "", "80B30": "cf.day", "80B69": "", "00B29": "", "8LALM": "", "80ALL": "cf.day", "80AP0": "",
	} {
		if r := CF(withControl("RSSMRA" + day + "H501")); r.Code != code || code != "" && r.Verdict != Warn {
			t.Errorf("%s: %v %q, want %q", day, r.Verdict, r.Code, code)
		}
	}
}

func TestOfficesOfPIVA(t *testing.T) {
	for office, code := range map[string]string{"001": "", "058": "", "100": "", "120": "", "121": "", "888": "", "999": "", "000": "piva.office", "101": "piva.office", "119": "piva.office", "122": "piva.office",
		"500": "piva.office", "889": "piva.office", "998": "piva.office"} {
		if r := PIVA(withControl("0123456" + office)); r.Code != code || code != "" && r.Verdict != Warn {
			t.Errorf("%s: %v %q, want %q", office, r.Verdict, r.Code, code)
		}
	}
	if r := SchoolPIVA("80006890646"); r.Verdict != Warn || r.Code != "piva.schoolcf" || !strings.Contains(r.Why.Italian, "codice fiscale della scuola") {
		t.Errorf("%+v", r)
	}
	if r := SchoolPIVA(withControl("9401234500")); r.Code != "piva.schoolcf" { // whatever office it would be of
		t.Errorf("%+v", r)
	}
	if r := SchoolPIVA("00838520880"); r.Verdict != OK {
		t.Errorf("%+v", r)
	}
}

// A code in the field of another is called by its name.
func TestCodesInTheWrongField(t *testing.T) {
	for _, c := range []struct {
		r    Result
		name string
	}{
		{CUU("RGIC82700L"), "il codice meccanografico"}, {CUU("80006890646"), "il codice fiscale della scuola"}, {CUU("00838520880"), "una partita IVA"}, {CUU("B1565A6E0C"), "un CIG"},
		{Meccanografico("UFABC1"), "il codice univoco ufficio"}, {Meccanografico("B1565A6E0C"), "un CIG"}, {Meccanografico("80006890646"), "il codice fiscale della scuola"},
		{CIG("RGIC82700L"), "il codice meccanografico"}, {CIG("A12B34567890123"), "un CUP"}, {CIG("80006890646"), "il codice fiscale della scuola"}, {CIG("UFABC1"), "il codice univoco ufficio"},
		{CUP("B1565A6E0C"), "un CIG"}, {CF("RGIC82700L"), "il codice meccanografico"}, {CF("UFABC1"), "il codice univoco ufficio"}, {PIVA("RSSMRA80A01H501U"), "il codice fiscale di una persona"},
		{PIVA("RGIC82700L"), "il codice meccanografico"},
	} {
		if c.r.Verdict != Refused || !strings.HasPrefix(c.r.Why.Italian, "Questo sembra "+c.name+". ") {
			t.Errorf("%s: %v, %s; want %s", c.r.Normalised, c.r.Verdict, c.r.Why.Italian, c.name)
		}
	}
	if r := CUU("ABC"); strings.Contains(r.Why.Italian, "sembra") {
		t.Error(r.Why.Italian)
	}
}
