package identifier

import "unicode/utf8"

var (
	cuuRule   = Text{"Il codice univoco ha 6 caratteri, lettere e cifre.", "A codice univoco has 6 characters, letters and digits."}
	cuuRemedy = Text{"Lo trovate nell’Indice delle pubbliche amministrazioni (IPA).", "It is in the register of public administrations (IPA)."}
	cupRule   = Text{"Il CUP ha 15 caratteri: lettera, due cifre, lettera, undici cifre, come A12B34567890123.", "A CUP has 15 characters: letter, two digits, letter, eleven digits, like A12B34567890123."}
	cupRemedy = Text{"Confrontatelo con il decreto o la lettera di finanziamento.", "Compare it with the decree or letter of the funds."}
)

// CUU checks a codice univoco ufficio, the six characters that take an electronic invoice to an office of the public
// administration. There is no check digit.
//
// Reasons: cuu.empty, cuu.length, cuu.characters, cuu.zero, all refuse.
func CUU(s string) Result {
	r := Result{Normalised: normalise(s, 6, "CUU")}
	n := r.Normalised
	switch utf8.RuneCountInString(n) {
	case 0:
		return r.refuse("cuu.empty", Text{
			"Manca il codice univoco. Senza, la fattura elettronica non può arrivare alla scuola. " + cuuRemedy.Italian,
			"The codice univoco is missing. Without it the electronic invoice cannot reach the school. " + cuuRemedy.English})
	case 6:
	case 7:
		return r.refuse("cuu.length", wrongLength(n, cuuRule, Text{
			"Quelli di 7 caratteri sono di aziende e privati: indicate quello dell’ufficio della scuola.",
			"Those of 7 characters belong to companies and private persons: give the one of the school’s office."}))
	default:
		return r.refuse("cuu.length", wrongLength(n, cuuRule, cuuRemedy)).named("cuu")
	}
	if i := misfit(n, "NNNNNN"); i >= 0 {
		return r.refuse("cuu.characters", wrongCharacter(n, i, cuuRule, cuuRemedy)).named("cuu")
	}
	r.Kind = KindCUU
	if allZero(n) {
		return r.refuse("cuu.zero", Text{
			"Sono tutti zeri. " + cuuRule.Italian + " " + cuuRemedy.Italian,
			"These are all zeros. " + cuuRule.English + " " + cuuRemedy.English})
	}
	return r
}

// CUP checks the form of a codice unico di progetto, which an order carries when it is paid by public investment funds.
//
// Reasons: cup.empty, cup.length, cup.characters, all refuse.
func CUP(s string) Result {
	r := Result{Normalised: normalise(s, 15, "CUP")}
	n := r.Normalised
	switch utf8.RuneCountInString(n) {
	case 0:
		return r.refuse("cup.empty", Text{
			"Manca il CUP. " + cupRule.Italian + " Se l’ordine non è pagato con fondi di progetto, non serve.",
			"The CUP is missing. " + cupRule.English + " An order that is not paid by project funds needs none."})
	case 15:
	default:
		return r.refuse("cup.length", wrongLength(n, cupRule, cupRemedy)).named("cup")
	}
	if i := misfit(n, "A99A99999999999"); i >= 0 {
		return r.refuse("cup.characters", wrongCharacter(n, i, cupRule, cupRemedy)).named("cup")
	}
	r.Kind = KindCUP
	return r
}
