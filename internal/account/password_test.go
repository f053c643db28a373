package account

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rinnova"
)

func TestCheckPassword(t *testing.T) {
	school := Account{Username: "SUPERVISOR.SG00127", Role: rinnova.RoleSchool}
	clerk := Account{Username: "OPERATORE.UNO", Role: rinnova.RoleClerk}
	const good = "cavolo trottola nebbia"
	for _, c := range []struct {
		of              Account
		password, again string
		field, says     string
	}{
		{school, good, good, "", ""},
		{school, "làvò bùio 3ci", "làvò bùio 3ci", "", ""},
		{school, "xk7 vqm2 pzt", "xk7 vqm2 pzt", "", ""}, // 12
		{school, strings.Repeat("cavò", 16) + strings.Repeat("nebù", 16), strings.Repeat("cavò", 16) + strings.Repeat("nebù", 16), "", ""}, // 128
		{clerk, "xk7 vqm2 pzt gb", "xk7 vqm2 pzt gb", "", ""}, // 15
		{school, "", good, FieldNew, "Scrivete la nuova"},
		{school, "xk7 vqm2 pz", "xk7 vqm2 pz", FieldNew, "almeno 12 caratteri. Qui sono 11."},
		{school, "èèkòàùvqm2p", "èèkòàùvqm2p", FieldNew, "Qui sono 11."}, // characters, not bytes
		{clerk, "xk7 vqm2 pzt g", "xk7 vqm2 pzt g", FieldNew, "almeno 15 caratteri. Qui sono 14."},
		{school, strings.Repeat("xk7 vqm2", 16) + "x", "", FieldNew, "al massimo 128 caratteri. Qui sono 129."},
		{school, "supervisor.sg00127 cavolo", "", FieldNew, "contiene il nome utente"},
		{school, "cavolo-Sg00127-trottola", "", FieldNew, "contiene il nome utente"},
		{clerk, "cavolo operatore trottola", "", FieldNew, "contiene il nome utente"},
		{school, "prova-rinnovo-2027", "prova-rinnovo-2027", FieldNew, "molto usata"},
		{school, good, "", FieldAgain, "di nuovo la stessa"},
		{school, good, good + " ", FieldAgain, "non sono uguali"},
	} {
		p := CheckPassword(c.of, nil, c.password, c.again)
		if c.field == "" {
			if len(p) != 0 {
				t.Errorf("%q: %v", c.password, p)
			}
			continue
		}
		if len(p) != 1 || p[0].Field != c.field || !strings.Contains(p[0].Text.String(), c.says) {
			t.Errorf("%q, %q: %v, want %q", c.password, c.again, p, c.says)
		}
	}
}

// An empty form says both that are missing.
func TestCheckNoPassword(t *testing.T) {
	p := CheckPassword(Account{Role: rinnova.RoleSchool}, nil, "", "")
	if len(p) != 2 || p[0].Field != FieldNew || p[1].Field != FieldAgain {
		t.Errorf("an empty form: %v", p)
	}
}

func TestCommonPasswords(t *testing.T) {
	for _, p := range []string{
		"123qweasdzxc", "unbelievable", "PasswordPassword", // on the list
		"123456789012", "abcdefghijkl", "qwertyuiop12", "aaaaaaaaaaaaaaaa", "111111222222", "zxcvbnm,.-zxcvbnm", "9876543210abc", "asdfghjklòà12", // keys in a row
		"xk7vxk7vxk7v", "cavolocavolo", "ab12ab12ab12a", // over and over
		"Password2027!", "segreteria.2027", "Scuola-Primaria-01", "b3nv3nut0 2027", "P@ssw0rd1234", "preside12345678", "ForzaJuve1897!!", "istituto comprensivo",
		"gennaio2027!!!", "LaScuolaItaliana", "  password1234  ",
	} {
		if !isCommon(p) {
			t.Errorf("%q is not found to be common", p)
		}
	}
	for _, p := range []string{"cavolo trottola nebbia", "la mia scuola in una segreteria nuova", "xk7vqm2pztgb", "correct horse battery", "928374650192", "Il gatto salta sul tetto rosso"} {
		if isCommon(p) {
			t.Errorf("%q is found to be common", p)
		}
	}
	if n := len(commonHashes); n != 20_000*hashBytes {
		t.Errorf("the list has %d bytes", n)
	}
}

// Whatever is typed, looking at it ends, and what is taken keeps the rules.
func TestCheckPasswordOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Account{Username: "SUPERVISOR.SG00127", Role: rapid.SampledFrom([]rinnova.Role{rinnova.RoleSchool, rinnova.RoleClerk}).Draw(t, "role")}
		p := rapid.String().Draw(t, "password")
		if n := len([]rune(p)); len(CheckPassword(a, nil, p, p)) == 0 && (n < a.MinPassword() || n > MaxPassword || len(p) > MaxPasswordBytes) {
			t.Fatalf("%q of %d characters is taken", p, n)
		}
		if len(CheckPassword(a, nil, p, p+"x")) == 0 {
			t.Fatalf("%q is taken though typed otherwise the second time", p)
		}
	})
}

// Waits grow, twice as long each time, and never beyond the longest.
func TestWaitsGrow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		over := rapid.IntRange(-10, 1_000_000).Draw(t, "over")
		most := time.Duration(rapid.Int64Range(1, 3600).Draw(t, "most")) * time.Second
		w, next := waitAfter(over, most), waitAfter(over+1, most)
		switch {
		case w < 0 || w > most || next < w:
			t.Fatalf("%s, then %s, at most %s", w, next, most)
		case over <= 0 && w != 0:
			t.Fatalf("a free try waits %s", w)
		case over > 0 && next < most && next != 2*w:
			t.Fatalf("%s, then %s", w, next)
		}
	})
}

func TestMask(t *testing.T) {
	for email, want := range map[string]string{
		"rgic82700l@istruzione.it": "r••••••••l@istruzione.it", "a@b.example": "a••••••••a@b.example", "èù@x.example": "è••••••••ù@x.example",
		"": "", "@b.example": "••••••••@b.example",
	} {
		if got := Mask(email).String(); got != want {
			t.Errorf("%q: %s, want %s", email, got, want)
		}
	}
}

// What everybody knows of a school or of the vendor makes no password, however it is varied; beside other things it may stand.
func TestPasswordsOfWhatEverybodyKnows(t *testing.T) {
	known := []string{"Istituto Comprensivo «Giovanni Verga»", "via Archimede, 12", "97100", "Ragusa", "RGIC82700L", "SG00127", "000127", "80012345678", "UFABCD",
		"rgic82700l@istruzione.it", "segreteria.verga@pec.icverga.example", "Esempio Software S.r.l.", "via delle Querce 15, 20100 Milano (MI)"}
	a := Account{Username: "SUPERVISOR.SG00127", Role: rinnova.RoleSchool}
	for _, p := range []string{
		"ragusaragusa1", "Ragusa2027Ragusa", "IcVergaRagusa", "icvergaragusa2027!", "R4gus4V3rg42027", "Giovanni.Verga.97100", "ViaArchimede12", "archimede12ragusa",
		"RGIC82700L2027", "rgic82700l!!!!", "RGIC82700Lpippo", "verga-rgic82700l-2027", "80012345678!x", "UFABCD2026/27", "istituto verga 1", "esempiosoftware", "Esempio_Software_2026",
		"querce15milano", "segreteria.verga@pec", "15/09/2026Ragusa", "!!R@gus@!!2027!!", "ScuolaRagusa2026", "ragusa123456789", "000127UFABCD97100",
	} {
		if problems := CheckPassword(a, known, p, p); len(problems) != 1 {
			t.Errorf("%q is taken", p)
		}
	}
	for _, p := range []string{
		"cavolo trottola nebbia", "ragusa cavallo nebbia trottola", "un topo in via archimede balla", "x7Kq9-mT2w-verga-pL4z", "il preside Verga ama le lumache fritte", "tramonto viola su sette sedie",
	} {
		if problems := CheckPassword(a, known, p, p); len(problems) != 0 {
			t.Errorf("%q is refused: %v", p, problems[0].Text)
		}
	}
	if !isPublic("RAGUSA-2027-Verga", known) || isPublic("RAGUSA-2027-Verga", nil) || isPublic("", known) {
		t.Error("the rule goes by what is known")
	}
}
