package identifier

import "unicode/utf8"

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
// Reasons: cf.empty, cf.length, cf.characters, cf.zero refuse; cf.check (the last character does not match) warns.
func CF(s string) Result {
	r := Result{Normalised: normalise(s, 11, "CF")}
	n := r.Normalised
	switch utf8.RuneCountInString(n) {
	case 0:
		return r.refuse("cf.empty", Text{
			"Manca il codice fiscale. " + cfRule.Italian + " Lo trovate sulla carta intestata.",
			"The codice fiscale is missing. " + cfRule.English + " It is on the letterhead."})
	case 11:
		return elevenDigits(r, "cf", KindCFNumeric, cfRule, cfRemedy)
	case 16:
		return personCF(r)
	}
	return r.refuse("cf.length", wrongLength(n, cfRule, cfRemedy))
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
			"Questo non sembra il codice fiscale di una scuola. Quelli delle scuole cominciano con 8 o con 9. " + cfRemedy.Italian,
			"This does not look like the codice fiscale of a school. Those of schools start with 8 or 9. " + cfRemedy.English})
	}
	return r
}

// PIVA checks a partita IVA; the country letters IT before it are taken off. Most schools have none.
//
// Reasons: piva.empty, piva.length, piva.characters, piva.zero refuse; piva.check (the last digit does not match) warns.
func PIVA(s string) Result {
	r := Result{Normalised: normalise(s, 11, "IT", "PIVA", "PIVAIT")}
	n := r.Normalised
	switch utf8.RuneCountInString(n) {
	case 0:
		return r.refuse("piva.empty", Text{
			"Manca la partita IVA. " + pivaRule.Italian + " Le scuole di solito non ce l’hanno: in tal caso lasciate vuoto.",
			"The partita IVA is missing. " + pivaRule.English + " Schools usually have none: then leave it empty."})
	case 11:
		return elevenDigits(r, "piva", KindPIVA, pivaRule, pivaRemedy)
	}
	return r.refuse("piva.length", wrongLength(n, pivaRule, pivaRemedy))
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
	return r
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
