package identifier

import (
	"strings"
	"unicode/utf8"
)

var (
	cfRule = Text{"Il codice fiscale di una scuola o di un ente ha 11 cifre, quello di una persona 16 caratteri.",
		"The codice fiscale of a school or body has 11 digits, that of a person 16 characters."}
	cfRemedy   = Text{"Confrontatelo con il certificato dell’Agenzia delle Entrate.", "Compare it with the certificate of the revenue agency."}
	pivaRule   = Text{"La partita IVA ha 11 cifre.", "A partita IVA has 11 digits."}
	pivaRemedy = Text{"Confrontatela con il certificato dell’Agenzia delle Entrate.", "Compare it with the certificate of the revenue agency."}
	lastDigit  = Text{"L’ultima cifra non corrisponde alle prime dieci.", "The last digit does not match the first ten."}
)

// CF checks a codice fiscale: eleven digits of a body or company, or the sixteen characters of a person.
//
// Reasons: cf.empty, cf.length, cf.characters, cf.zero refuse; cf.check (the last character does not match) and
// cf.day (a day of birth that the month does not have) warn.
func CF(s string) Result {
	r := Result{Normalised: normalise(s, 11, "CF")}
	n := r.Normalised
	switch utf8.RuneCountInString(n) {
	case 0:
		return r.refuse("cf.empty", Text{
			"Manca il codice fiscale. " + cfRule.Italian + " Lo trovate sulla carta intestata.",
			"The codice fiscale is missing. " + cfRule.English + " It is on the letterhead."})
	case 11:
		return elevenDigits(r, "cf", KindCFNumeric, cfRule, cfRemedy).named("cf")
	case 16:
		return personCF(r)
	}
	return r.refuse("cf.length", wrongLength(n, cfRule, cfRemedy)).named("cf")
}

// SchoolCF is CF with two more warnings, for the field of a school: cf.person for the code of a person, and
// cf.notschool for one that does not start with 8 or 9, as those of schools do.
func SchoolCF(s string) Result {
	r := CF(s)
	switch {
	case r.Verdict != OK:
	case r.Kind == KindCFPerson:
		return r.warn("cf.person", Text{
			"Questo è il codice fiscale di una persona. Quello di una scuola ha 11 cifre. " + cfRemedy.Italian,
			"This is the codice fiscale of a person. That of a school has 11 digits. " + cfRemedy.English})
	case r.Normalised[0] != '8' && r.Normalised[0] != '9':
		return r.warn("cf.notschool", Text{
			"Questo sembra una partita IVA o il codice fiscale di un’azienda. Quelli delle scuole cominciano con 8 o con 9. " + cfRemedy.Italian,
			"This looks like a partita IVA or the codice fiscale of a company. Those of schools start with 8 or 9. " + cfRemedy.English})
	}
	return r
}

// PIVA checks a partita IVA; the country letters IT before it are taken off. Most schools have none.
//
// Reasons: piva.empty, piva.length, piva.characters, piva.zero refuse; piva.check (the last digit does not match) and
// piva.office (no office has the number of the one that would have issued it) warn.
func PIVA(s string) Result {
	r := Result{Normalised: normalise(s, 11, "IT", "PIVA", "PIVAIT")}
	n := r.Normalised
	switch utf8.RuneCountInString(n) {
	case 0:
		return r.refuse("piva.empty", Text{
			"Manca la partita IVA. " + pivaRule.Italian + " Le scuole di solito non ce l’hanno: in tal caso lasciate vuoto.",
			"The partita IVA is missing. " + pivaRule.English + " Schools usually have none: then leave it empty."})
	case 11:
		r = elevenDigits(r, "piva", KindPIVA, pivaRule, pivaRemedy)
		if r.Verdict == OK && !issued(n) {
			return r.warn("piva.office", mistyped(Text{"Le cifre dall’ottava alla decima sono l’ufficio che l’ha rilasciata, e questo ufficio non esiste.",
				"The eighth to tenth digits are the office that issued it, and there is no such office."}, pivaRemedy))
		}
		return r.named("piva")
	}
	return r.refuse("piva.length", wrongLength(n, pivaRule, pivaRemedy)).named("piva")
}

func elevenDigits(r Result, prefix, kind string, rule, remedy Text) Result {
	n := r.Normalised
	if i := misfit(n, "99999999999"); i >= 0 {
		return r.refuse(prefix+".characters", wrongCharacter(n, i, rule, remedy))
	}
	r.Kind = kind
	if allZero(n) {
		return r.refuse(prefix+".zero", Text{
			"Sono tutti zeri. " + rule.Italian + " " + remedy.Italian,
			"These are all zeros. " + rule.English + " " + remedy.English})
	}
	if luhn(n[:10]) != n[10] {
		return r.warn(prefix+".check", mistyped(lastDigit, remedy))
	}
	return r
}

// SchoolPIVA is PIVA with one more warning, for the field of a school: piva.schoolcf for a number that starts with 8 or 9, as the
// codici fiscali of schools do, which are often written there.
func SchoolPIVA(s string) Result {
	r := PIVA(s)
	if n := r.Normalised; r.Verdict != Refused && len(n) == 11 && luhn(n[:10]) == n[10] && (n[0] == '8' || n[0] == '9') {
		return r.warn("piva.schoolcf", Text{
			"Questo sembra il codice fiscale della scuola, non una partita IVA. Le scuole di solito non hanno la partita IVA: in tal caso lasciate vuoto.",
			"This looks like the codice fiscale of the school, not a partita IVA. Schools usually have none: then leave it empty."})
	}
	return r
}

// issued tells whether an office could have given a partita IVA: its eighth to tenth digit are a province, 001 to 100, or one of
// four offices for bodies and taxpayers without a province.
func issued(n string) bool {
	switch office := n[7:10]; office {
	case "120", "121", "888", "999":
		return true
	default:
		return "001" <= office && office <= "100" || n == sample
	}
}

// sample is the number that forms and documentation show as an example: it is nobody's, and no doubt need be raised about it.
const sample = "12345678903"

// luhn is the check digit of ten digits.
func luhn(digits string) byte {
	sum := 0
	for i := range len(digits) {
		v := int(digits[i] - '0')
		if i%2 == 1 {
			v *= 2
			if v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return byte('0' + (10-sum%10)%10)
}

func personCF(r Result) Result {
	n := r.Normalised
	if i := misfit(n, personShape); i >= 0 {
		rule := Text{"Il codice fiscale di una persona è fatto come RSSMRA80A01H501U.", "The codice fiscale of a person is made like RSSMRA80A01H501U."}
		return r.refuse("cf.characters", wrongCharacter(n, i, rule, cfRemedy))
	}
	r.Kind = KindCFPerson
	if personControl(n[:15]) != n[15] {
		return r.warn("cf.check", mistyped(Text{"L’ultimo carattere non corrisponde agli altri quindici.", "The last character does not match the other fifteen."}, cfRemedy))
	}
	if !born(n) {
		return r.warn("cf.day", mistyped(Text{"I caratteri 10 e 11 sono il giorno di nascita, e il mese indicato non ha questo giorno.",
			"Characters 10 and 11 are the day of birth, and the month has no such day."}, cfRemedy))
	}
	return r
}

// born tells whether the day of birth exists: 1 to 31 as the month has it, 40 more for women. Of the year there are two digits: any
// century may be meant.
func born(n string) bool {
	day := omocodia(n[9])*10 + omocodia(n[10])
	if day > 40 {
		day -= 40
	}
	last := 31
	switch n[8] {
	case 'D', 'H', 'P', 'S': // April, June, September, November
		last = 30
	case 'B':
		last = 28
		if (omocodia(n[6])*10+omocodia(n[7]))%4 == 0 {
			last = 29
		}
	}
	return day >= 1 && day <= last
}

// omocodia is the digit that a character of a person's code stands for.
func omocodia(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	return strings.IndexByte("LMNPQRSTUV", c)
}

// personShape is the name (six letters), the year, the letter of the month, the day, the place and the control.
const personShape = "AAAAAAOOMOOAOOOA"

// oddValues are the values of 0–9 and of A–Z in the first, third, … position of a person's code (DM 23 December 1976).
var (
	oddDigits  = [10]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21}
	oddLetters = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}
)

func personControl(first15 string) byte {
	sum := 0
	for i := range len(first15) {
		c := first15[i]
		switch odd := i%2 == 0; {
		case odd && isDigit(c):
			sum += oddDigits[c-'0']
		case odd:
			sum += oddLetters[c-'A']
		case isDigit(c):
			sum += int(c - '0')
		default:
			sum += int(c - 'A')
		}
	}
	return byte('A' + sum%26)
}
