// Package identifier checks the codes that Italian schools and the public administration write on orders and invoices:
// CIG, CUP, codice meccanografico, codice fiscale, partita IVA and codice univoco ufficio. It needs nothing but the
// standard library and is meant to be imported by other programs.
//
// Every check takes what a person typed or pasted and returns a [Result]: the code in its normal form, what kind it
// is, a [Verdict], and, where something is not right, a reason in plain Italian and English that says what is wrong,
// what is expected and what to do.
//
// # The verdicts
//
// A code of the wrong length or with characters that it cannot have is [Refused]: no such code exists. A code whose
// check digit fails only [Warn]s, because real codes have been seen that fail; let the person confirm it with a click
// and show the warning to whoever handles the order. Codes whose number is all zeros, the usual filler, are refused.
//
// # Normal form
//
// Letters become upper case; spaces of every kind (the no-break ones of web pages and PDF files too), invisible marks,
// dots and dashes go. A label that was pasted along goes where the rest then has the right length: "CIG: ", "C.F. ",
// "P.IVA ", and the country letters "IT" before a partita IVA.
//
// # The rules and where they come from
//
//   - CIG, ten characters. SIMOG v1 (seven digits, not all zero, then number·211 mod 4091 as three hexadecimal
//     digits), SIMOG v2 and PCP (a letter A–U, six hexadecimal digits, then (number + ordinal of the letter)·211 mod
//     4091), SmartCIG (X, Y or Z, then number·211 mod 251 as two digits, then the number as seven). Source: ANAC,
//     github.com/anticorruzione/npa, "Algoritmo validazione CIG". SIMOG v1 and SmartCIG were issued until 2023.
//   - Reasons for an order without CIG: ES01 to ES27.
//   - CUP, fifteen characters: a letter, two digits, a letter, eleven digits. The format alone is checked.
//   - Codice meccanografico, ten characters: province (2), type of school (2), institute (3), site (2; 00 is the
//     institute itself), control (1). No official rule of the control is published; the one here was worked out from
//     the ministry's open data of 2025/26 and holds for all 7,860 state institutes. It fails for most of Valle d'Aosta
//     and for one in six of the private schools (paritarie): it never refuses.
//   - Codice fiscale of a body and partita IVA, eleven digits, the last one by Luhn's rule (DM 23 December 1976). The
//     codice fiscale of a school starts with 8 or 9. Codice fiscale of a person, sixteen characters, the last one from
//     the two tables of the same decree; letters that stand for digits (omocodia) are accepted. A day of birth that
//     no month or not this one has warns, as does a partita IVA whose office (eighth to tenth digit) is not 001–100, 120,
//     121, 888 or 999: no official list is published; python-stdnum (stdnum.it.iva) has the same.
//   - Codice univoco ufficio of the Indice delle pubbliche amministrazioni (IPA), six letters or digits.
package identifier

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Verdict is the outcome of a check.
type Verdict uint8

// The verdicts, from good to bad.
const (
	OK      Verdict = iota // as it should be, as far as the rules tell
	Warn                   // probably wrong, but such codes exist: ask the person to confirm
	Refused                // no such code exists
)

// String is "ok", "warn" or "refused".
func (v Verdict) String() string {
	switch v {
	case OK:
		return "ok"
	case Warn:
		return "warn"
	case Refused:
		return "refused"
	}
	return fmt.Sprintf("Verdict(%d)", uint8(v))
}

// MarshalText writes the String, so that JSON carries words.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// Text is a few plain sentences in both languages.
type Text struct {
	Italian string `json:"it"`
	English string `json:"en"`
}

// Result is what a check found.
type Result struct {
	Normalised string  `json:"normalised"`     // the normal form, for every verdict; checking it again gives the same Result
	Kind       string  `json:"kind,omitempty"` // one of the Kind constants or, for a school, its type; "" where it cannot be told
	Verdict    Verdict `json:"verdict"`
	Code       string  `json:"code,omitempty"` // names the reason for programs, as "cig.length"; "" when OK
	Why        Text    `json:"why,omitzero"`   // what is wrong, why, what to do; empty when OK
}

// The kinds of codes.
const (
	KindSIMOGv1   = "SIMOG v1"
	KindSIMOGv2   = "SIMOG v2/PCP"
	KindSmartCIG  = "SmartCIG"
	KindExclusion = "motivo di esclusione"
	KindCUP       = "CUP"
	KindCFNumeric = "codice fiscale numerico"
	KindCFPerson  = "codice fiscale di persona"
	KindPIVA      = "partita IVA"
	KindCUU       = "codice univoco ufficio"
)

func (r Result) refuse(code string, why Text) Result {
	r.Verdict, r.Code, r.Why = Refused, code, why
	return r
}

func (r Result) warn(code string, why Text) Result {
	r.Verdict, r.Code, r.Why = Warn, code, why
	return r
}

// normalise brings s into the normal form and takes one of the labels off where what remains has the wanted length.
func normalise(s string, want int, labels ...string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case r == '.' || r == '−' || unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf):
			return -1
		}
		return r
	}, s)
	for _, label := range labels {
		rest, found := strings.CutPrefix(s, label)
		rest = strings.TrimPrefix(rest, ":")
		if found && utf8.RuneCountInString(rest) == want {
			return rest
		}
	}
	return s
}

// misfit is the index of the first byte of s that its class in shape does not allow, or -1. A shape has one class for
// each character; s must have as many.
func misfit(s, shape string) int {
	for i := range len(shape) {
		if !allowed(shape[i], s[i]) {
			return i // no class allows a part of a longer rune, so byte and character are the same up to here
		}
	}
	return -1
}

// allowed tells whether class allows c: A a letter, 9 a digit, N either, F a hexadecimal digit, O a digit or the letter
// that stands for it (omocodia), M the letter of a month in a codice fiscale.
func allowed(class, c byte) bool {
	digit, letter := '0' <= c && c <= '9', 'A' <= c && c <= 'Z'
	switch class {
	case 'A':
		return letter
	case '9':
		return digit
	case 'N':
		return digit || letter
	case 'F':
		return digit || 'A' <= c && c <= 'F'
	case 'O':
		return digit || strings.IndexByte("LMNPQRSTUV", c) >= 0
	case 'M':
		return strings.IndexByte("ABCDEHLMPRST", c) >= 0
	}
	return false
}

func isDigit(c byte) bool { return allowed('9', c) }

func allZero(s string) bool { return strings.Trim(s, "0") == "" }

// counted says how many characters were given, as "Qui sono 9." does.
func counted(s string) Text {
	if n := utf8.RuneCountInString(s); n != 1 {
		return Text{fmt.Sprintf("Qui sono %d.", n), fmt.Sprintf("There are %d here.", n)}
	}
	return Text{"Qui ce n’è uno.", "There is one here."}
}

// wrongLength joins the rule of a length, the count of s and what to do.
func wrongLength(s string, rule, remedy Text) Text {
	n := counted(s)
	return Text{rule.Italian + " " + n.Italian + " " + remedy.Italian, rule.English + " " + n.English + " " + remedy.English}
}

// wrongCharacter says which character of s, at byte i, does not belong there, then the rule and what to do.
func wrongCharacter(s string, i int, rule, remedy Text) Text {
	r, _ := utf8.DecodeRuneInString(s[i:])
	at := utf8.RuneCountInString(s[:i]) + 1
	it, en := fmt.Sprintf("Il carattere %d, «%c», non può stare lì.", at, r), fmt.Sprintf("Character %d, “%c”, cannot be there.", at, r)
	switch {
	case r == utf8.RuneError || !unicode.IsPrint(r):
		it, en = fmt.Sprintf("Il carattere %d non è una lettera né una cifra.", at), fmt.Sprintf("Character %d is neither a letter nor a digit.", at)
	case r == 'O':
		it, en = it+" Forse è uno zero.", en+" Perhaps it is a zero."
	case r == 'I' || r == 'L':
		it, en = it+" Forse è un uno.", en+" Perhaps it is a one."
	case r == '0':
		it, en = it+" Forse è la lettera O.", en+" Perhaps it is the letter O."
	case r == '1':
		it, en = it+" Forse è la lettera I.", en+" Perhaps it is the letter I."
	}
	return Text{it + " " + rule.Italian + " " + remedy.Italian, en + " " + rule.English + " " + remedy.English}
}

// mistyped is the text of a failed check digit.
func mistyped(why, remedy Text) Text {
	return Text{"Forse c’è un errore di battitura. " + why.Italian + " " + remedy.Italian,
		"Perhaps there is a typing error. " + why.English + " " + remedy.English}
}
