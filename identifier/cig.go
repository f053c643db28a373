package identifier

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

var (
	cigRule   = Text{"Il CIG ha 10 caratteri, cifre e lettere.", "A CIG has 10 characters, digits and letters."}
	cigRemedy = Text{"Confrontate il codice con quello rilasciato dalla piattaforma.", "Compare the code with the one that the platform issued."}
)

// CIG checks a codice identificativo gara, the code that every public order carries.
//
// Reasons: cig.empty, cig.length, cig.characters, cig.zero refuse; cig.check (the check characters do not match) and
// cig.series (a first letter J to U, foreseen but not seen in use) warn.
func CIG(s string) Result {
	r := Result{Normalised: normalise(s, 10, "CIG")}
	n := r.Normalised
	switch {
	case n == "":
		return r.refuse("cig.empty", Text{
			"Manca il CIG. " + cigRule.Italian + " Lo rilascia la piattaforma di acquisto.",
			"The CIG is missing. " + cigRule.English + " The purchasing platform issues it."})
	case utf8.RuneCountInString(n) != 10:
		return r.refuse("cig.length", wrongLength(n, cigRule, cigRemedy)).named("cig")
	case allZero(n):
		return r.refuse("cig.zero", cigZero)
	}
	switch c := n[0]; {
	case isDigit(c):
		return simog1(r)
	case 'A' <= c && c <= 'U':
		return simog2(r)
	case 'X' <= c && c <= 'Z':
		return smartCIG(r)
	}
	rule := Text{"Il CIG comincia con una cifra, con una lettera da A a U o con X, Y, Z.", "A CIG starts with a digit, a letter A to U, or X, Y, Z."}
	return r.refuse("cig.characters", wrongCharacter(n, 0, rule, cigRemedy)).named("cig")
}

// CIGForOrder is CIG with one more warning, cig.old, for a code of a kind that was issued until 2023 on an order of a
// later year.
func CIGForOrder(s string, orderYear int) Result {
	r := CIG(s)
	if r.Verdict != OK || orderYear <= lastYearOfOldCIG || !CIGIssuedUntil2023(r.Kind) {
		return r
	}
	return r.warn("cig.old", Text{
		fmt.Sprintf("Questo CIG è di un tipo (%s) rilasciato fino al 2023. L’ordine è del %d. %s", r.Kind, orderYear, cigRemedy.Italian),
		fmt.Sprintf("This CIG is of a kind (%s) that was issued until 2023. The order is of %d. %s", r.Kind, orderYear, cigRemedy.English)})
}

const lastYearOfOldCIG = 2023

// CIGIssuedUntil2023 tells whether CIGs of this kind have no longer been issued since January 2024.
func CIGIssuedUntil2023(kind string) bool { return kind == KindSIMOGv1 || kind == KindSmartCIG }

// CIGExclusion checks the code of the reason for which an order has no CIG, ES01 to ES27.
//
// Reasons: exclusion.empty, exclusion.unknown, both refuse.
func CIGExclusion(s string) Result {
	r := Result{Normalised: normalise(s, 4)}
	if r.Normalised == "" {
		return r.refuse("exclusion.empty", Text{
			"Manca il motivo per cui l’ordine non ha il CIG. È un codice da ES01 a ES27. Indicatelo, oppure indicate il CIG.",
			"The reason for which the order has no CIG is missing. It is a code from ES01 to ES27. Give it, or give the CIG."})
	}
	if n := r.Normalised; len(n) != 4 || n[:2] != "ES" || misfit(n, "AA99") >= 0 || n[2:] < "01" || n[2:] > "27" {
		return r.refuse("exclusion.unknown", Text{
			"Questo motivo di esclusione dal CIG non esiste. I codici vanno da ES01 a ES27. Sceglietene uno, oppure indicate il CIG.",
			"There is no such reason for having no CIG. The codes run from ES01 to ES27. Choose one, or give the CIG."})
	}
	r.Kind = KindExclusion
	return r
}

var (
	cigZero = Text{
		"Questo CIG è fatto di zeri. Un CIG così non è mai stato rilasciato, anche se a volte si usa come riempitivo. " + cigRemedy.Italian,
		"This CIG is made of zeros. No such CIG was ever issued, although it is sometimes used as a filler. " + cigRemedy.English}
	cigMismatch   = mistyped(Text{"Gli ultimi tre caratteri non corrispondono ai primi sette.", "The last three characters do not match the first seven."}, cigRemedy)
	smartMismatch = mistyped(Text{"Il secondo e il terzo carattere non corrispondono agli ultimi sette.",
		"The second and third character do not match the last seven."}, cigRemedy)
)

func simog1(r Result) Result {
	n := r.Normalised
	if i := misfit(n, "9999999FFF"); i >= 0 {
		rule := Text{"Un CIG che comincia con una cifra ha sette cifre e poi tre caratteri, cifre o lettere da A a F.",
			"A CIG that starts with a digit has seven digits and then three characters, digits or letters A to F."}
		return r.refuse("cig.characters", wrongCharacter(n, i, rule, cigRemedy)).named("cig")
	}
	r.Kind = KindSIMOGv1
	if allZero(n[:7]) {
		return r.refuse("cig.zero", cigZero)
	}
	if number(n[:7], 10)*211%4091 != number(n[7:], 16) {
		return r.warn("cig.check", cigMismatch)
	}
	return r
}

func simog2(r Result) Result {
	n := r.Normalised
	if i := misfit(n, "AFFFFFFFFF"); i >= 0 {
		return r.refuse("cig.characters", wrongCharacter(n, i, hexRule, cigRemedy)).named("cig")
	}
	r.Kind = KindSIMOGv2
	ordinal := int(n[0]-'A') + 1
	if (number(n[1:7], 16)+ordinal)*211%4091 != number(n[7:], 16) {
		return r.warn("cig.check", cigMismatch)
	}
	if n[0] > 'I' {
		return r.warn("cig.series", Text{
			fmt.Sprintf("Il CIG comincia con %c. La regola lo ammette, ma i CIG rilasciati finora cominciano con lettere da A a I. %s", n[0], cigRemedy.Italian),
			fmt.Sprintf("The CIG starts with %c. The rule allows it, but those issued so far start with letters A to I. %s", n[0], cigRemedy.English)})
	}
	return r
}

func smartCIG(r Result) Result {
	n := r.Normalised
	if i := misfit(n, "AFFFFFFFFF"); i >= 0 {
		return r.refuse("cig.characters", wrongCharacter(n, i, hexRule, cigRemedy)).named("cig")
	}
	r.Kind = KindSmartCIG
	if allZero(n[3:]) {
		return r.refuse("cig.zero", cigZero)
	}
	if number(n[3:], 16)*211%251 != number(n[1:3], 16) {
		return r.warn("cig.check", smartMismatch)
	}
	return r
}

var hexRule = Text{"Dopo la prima lettera un CIG ha solo cifre e lettere da A a F.", "After its first letter a CIG has only digits and letters A to F."}

// number reads at most seven digits that have been checked.
func number(digits string, base int) int {
	n, _ := strconv.ParseUint(digits, base, 32)
	return int(n)
}
