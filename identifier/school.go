package identifier

import (
	"strings"
	"unicode/utf8"
)

var (
	meccRule   = Text{"Il codice meccanografico ha 10 caratteri: due lettere della provincia, poi lettere e cifre, come RGIC82700L.", "A codice meccanografico has 10 characters: two letters for the province, then letters and digits, like RGIC82700L."}
	meccRemedy = Text{"Confrontate il codice con quello sulla carta intestata della scuola.", "Compare the code with the one on the school’s letterhead."}
)

// Meccanografico checks a codice meccanografico, the ministry's code of a school. The Kind is the type of school that
// its third and fourth character name, in Italian; "" for a type that is not known here, as those of private schools.
// A program that has the ministry's registry should look the code up there first.
//
// Reasons: mecc.empty, mecc.length, mecc.characters refuse; mecc.check (the control character does not match) warns.
func Meccanografico(s string) Result {
	r := Result{Normalised: normalise(s, 10)}
	n := r.Normalised
	switch {
	case n == "":
		return r.refuse("mecc.empty", Text{
			"Manca il codice meccanografico. È il codice di 10 caratteri che il ministero dà a ogni scuola. Lo trovate sulla carta intestata.",
			"The codice meccanografico is missing. It is the code of 10 characters that the ministry gives to each school. It is on the letterhead."})
	case utf8.RuneCountInString(n) != 10:
		return r.refuse("mecc.length", wrongLength(n, meccRule, meccRemedy)).named("mecc")
	}
	if i := misfit(n, "AANNNNNNNN"); i >= 0 {
		return r.refuse("mecc.characters", wrongCharacter(n, i, meccRule, meccRemedy)).named("mecc")
	}
	r.Kind = schoolTypes[n[2:4]]
	if !meccControl(n) {
		return r.warn("mecc.check", mistyped(Text{"L’ultimo carattere non corrisponde agli altri nove.", "The last character does not match the other nine."}, meccRemedy))
	}
	return r
}

const meccControls = "123456789ABCDEGLNPQRTVX"

var meccWeights = [9]int{20, 14, 19, 11, 20, 14, 19, 11, 1}

// meccControl tells whether the tenth character is one of the two that the rule gives: letters in positions five to
// nine have been counted in two ways over the years, and nothing in a code says which.
func meccControl(n string) bool {
	return meccControlBy(n, decimalBlocks) || meccControlBy(n, alphabetModTen)
}

func meccControlBy(n string, letterValue func(byte) int) bool {
	sum := 18
	for i, weight := range meccWeights {
		v := 0
		switch c := n[i]; {
		case i < 4:
			v = headValue(c)
		case isDigit(c):
			v = int(c - '0')
		default:
			v = letterValue(c)
		}
		if v < 0 {
			return false
		}
		sum += weight * v
	}
	return meccControls[sum%23] == n[9]
}

// headLetters has each letter at its value in the first four positions; no known code has one of value 21.
const headLetters = "ABCDEGLNPQRTVXFHIMOSU\x00Z"

// headValue is the value of a character in the first four positions, or -1 for one that no known code has there.
func headValue(c byte) int {
	switch c {
	case 'K':
		c = 'A'
	case '1': // the type of many private schools: 1A, 1E, 1M
		c = 'F'
	}
	return strings.IndexByte(headLetters, c)
}

// decimalBlocks values the letters A–I, J–R and S–Z as 1–9, 1–9 and 2–9.
func decimalBlocks(c byte) int {
	switch {
	case c <= 'I':
		return int(c-'A') + 1
	case c <= 'R':
		return int(c-'J') + 1
	}
	return int(c-'S') + 2
}

// alphabetModTen values a letter by its place in the alphabet without I and O, modulo ten; I and O have no value.
func alphabetModTen(c byte) int {
	i := strings.IndexByte("ABCDEFGHJKLMNPQRSTUVWXYZ", c)
	if i < 0 {
		return -1
	}
	return (i + 1) % 10
}

// schoolTypes are the types of school that the ministry's registry of 2025/26 has, by the third and fourth character.
var schoolTypes = map[string]string{
	"AA": "scuola dell’infanzia",
	"CT": "centro territoriale per l’istruzione degli adulti",
	"EE": "scuola primaria",
	"IC": "istituto comprensivo",
	"IS": "istituto superiore",
	"MM": "scuola secondaria di primo grado",
	"PC": "liceo classico",
	"PM": "istituto magistrale",
	"PQ": "scuola magistrale",
	"PS": "liceo scientifico",
	"RA": "istituto professionale per l’agricoltura e l’ambiente",
	"RC": "istituto professionale per i servizi commerciali e turistici",
	"RE": "istituto professionale per ciechi",
	"RF": "istituto professionale per i servizi sociali",
	"RH": "istituto professionale alberghiero",
	"RI": "istituto professionale per l’industria e l’artigianato",
	"RM": "istituto professionale per le attività marinare",
	"RS": "istituto professionale per sordomuti",
	"RV": "istituto professionale per la cinematografia e la televisione",
	"SD": "istituto d’arte",
	"SL": "liceo artistico",
	"TA": "istituto tecnico agrario",
	"TB": "istituto tecnico aeronautico",
	"TD": "istituto tecnico commerciale",
	"TE": "istituto tecnico per attività sociali",
	"TF": "istituto tecnico industriale",
	"TH": "istituto tecnico nautico",
	"TL": "istituto tecnico per geometri",
	"TN": "istituto tecnico per il turismo",
	"VC": "convitto",
	"VE": "educandato",
}
