package identifier

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// TestEveryInstitute runs the check over the ministry's registry: the rule was worked out from it and must hold for
// all of it.
func TestEveryInstitute(t *testing.T) {
	f, err := os.Open("../internal/demo/istituti_principali_202526.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(rows) - 1; n != 7860 {
		t.Fatalf("%d institutes, want 7860", n)
	}
	for _, row := range rows[1:] {
		if r := Meccanografico(row[0]); r.Verdict != OK || r.Kind == "" || r.Normalised != row[0] {
			t.Errorf("Meccanografico(%q) = %+v", row[0], r)
		}
	}
}

// classes are the characters that may replace one of a class without leaving the kind of the code.
const (
	digits  = "0123456789"
	hexes   = "0123456789ABCDEF"
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// flips replaces each character of code by every other one of its class and counts those that check takes as OK.
func flips(t *testing.T, name, code string, check func(string) Result, classes []string) {
	t.Helper()
	if r := check(code); r.Verdict != OK {
		t.Fatalf("%s(%q) is %v (%s) before any change", name, code, r.Verdict, r.Code)
	}
	for i, class := range classes {
		for _, c := range class {
			changed := code[:i] + string(c) + code[i+1:]
			if r := check(changed); changed != code && r.Verdict == OK {
				t.Errorf("%s: %q passes, and so does %q", name, code, changed)
			}
		}
	}
}

func repeat(class string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = class
	}
	return out
}

// TestOneWrongCharacterInACIG: the moduli 4091 and 251 are primes greater than any step of one character, so one
// wrong character always shows; only the first letter of a SmartCIG is not covered.
func TestOneWrongCharacterInACIG(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n := 1 + rnd.IntN(9_999_999)
		flips(t, "SIMOG v1", fmt.Sprintf("%07d%03X", n, n*211%4091), CIG, append(repeat(digits, 7), repeat(hexes, 3)...))
		n, letter := rnd.IntN(1<<24), rnd.IntN(9)
		code := fmt.Sprintf("%c%06X%03X", 'A'+letter, n, (n+letter+1)*211%4091)
		flips(t, "SIMOG v2", code, CIG, append([]string{letters[:21]}, repeat(hexes, 9)...))
		n = 1 + rnd.IntN(1<<28-1)
		code = fmt.Sprintf("%c%02X%07X", 'X'+rnd.IntN(3), n*211%251, n)
		flips(t, "SmartCIG", code, CIG, append([]string{""}, repeat(hexes, 9)...))
	}
}

func TestLateSeriesOfCIGWarns(t *testing.T) {
	for c := byte('A'); c <= 'U'; c++ {
		n := 0x12EA
		code := fmt.Sprintf("%c%06X%03X", c, n, (n+int(c-'A')+1)*211%4091)
		verdict, reason := OK, ""
		if c >= 'J' {
			verdict, reason = Warn, "cig.series"
		}
		want(t, "CIG", code, CIG(code), verdict, KindSIMOGv2, reason)
	}
}

func TestOldKindsOfCIG(t *testing.T) {
	v := loadVectors(t)
	for _, codes := range v.CIGOK {
		for _, s := range codes {
			old := s[0] < 'A' || s[0] > 'U'
			if got := CIGIssuedUntil2023(CIG(s).Kind); got != old {
				t.Errorf("%s issued until 2023: %v", s, got)
			}
			if r := CIGForOrder(s, 2023); r.Verdict != OK {
				t.Errorf("CIGForOrder(%q, 2023) = %v", s, r.Verdict)
			}
			if r := CIGForOrder(s, 2024); (r.Code == "cig.old") != old {
				t.Errorf("CIGForOrder(%q, 2024) = %q", s, r.Code)
			}
		}
	}
}

func TestOneWrongDigitOfEleven(t *testing.T) {
	for _, s := range loadVectors(t).ElevenOK {
		flips(t, "CF", s, CF, repeat(digits, 11))
		flips(t, "PIVA", s, PIVA, repeat(digits, 11))
	}
}

func TestOneWrongCharacterOfAPerson(t *testing.T) {
	const omocodia = "LMNPQRSTUV"
	for _, s := range loadVectors(t).PersonOK {
		classes := repeat(letters, 16)
		for _, i := range []int{6, 7, 9, 10, 12, 13, 14} {
			classes[i] = digits + omocodia
		}
		flips(t, "CF", s, CF, classes)
	}
}

// TestOneWrongCharacterInAMeccanografico holds where positions five to nine have digits only, so that the two ways of
// counting letters agree. In the head A counts as K does and 1 as F, and the control knows 23 characters.
func TestOneWrongCharacterInAMeccanografico(t *testing.T) {
	head := strings.Map(func(r rune) rune {
		if strings.ContainsRune("KF", r) {
			return -1
		}
		return r
	}, letters)
	classes := append(repeat(head, 4), repeat(digits, 5)...)
	classes = append(classes, digits+letters)
	n := 0
	for _, s := range loadVectors(t).MeccOK {
		if strings.ContainsAny(s[4:9], letters) || strings.ContainsAny(s[:4], "KF") {
			continue
		}
		flips(t, "Meccanografico", s, Meccanografico, classes)
		n++
	}
	if n < 10 {
		t.Errorf("only %d codes tried", n)
	}
}

var checks = map[string]func(string) Result{
	"CIG": CIG, "CIGExclusion": CIGExclusion, "Meccanografico": Meccanografico, "CF": CF, "SchoolCF": SchoolCF, "PIVA": PIVA, "CUU": CUU, "CUP": CUP,
	"CIGForOrder": func(s string) Result { return CIGForOrder(s, 2026) },
}

// FuzzChecks: whatever comes in, no check panics, every Result is well-formed, and its normal form is a fixed point
// that gets the same Result again.
func FuzzChecks(f *testing.F) {
	v := loadVectors(f)
	for _, list := range [][]string{v.CIGKO, v.MeccOK, v.ElevenOK, v.PersonOK, {"", "\xff", "CIG:B00012EADB", "IT", "ES01", "é²½ſ\u0130", "CIGCIGB00012EADB", `0000000"00`}} {
		for _, s := range list {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, check := range checks {
			r := check(s)
			checkShape(t, s, r)
			if again := check(r.Normalised); again != r {
				t.Errorf("%s(%q) = %+v, but of its normal form %+v", name, s, r, again)
			}
		}
	})
}

func BenchmarkCIG(b *testing.B) {
	for b.Loop() {
		CIG("B1565A6E0C")
	}
}

func BenchmarkMeccanografico(b *testing.B) {
	for b.Loop() {
		Meccanografico("MIIC8F0003")
	}
}

func BenchmarkCFPerson(b *testing.B) {
	for b.Loop() {
		CF("RSSMRA80A01H501U")
	}
}
