package identifier

import (
	"strings"
	"unicode/utf8"
)

// named tells of a refused code that it is a sound one of another kind, which has come into the wrong field: the reason then
// begins with its name. self is the kind of the field, as the codes of its reasons begin.
func (r Result) named(self string) Result {
	if r.Verdict != Refused {
		return r
	}
	what := kindOf(r.Normalised, self)
	if what == (Text{}) {
		return r
	}
	r.Why = Text{"Questo sembra " + what.Italian + ". " + r.Why.Italian, "This looks like " + what.English + ". " + r.Why.English}
	return r
}

// kindOf is the kind that a code in its normal form is of; empty where none is sure.
func kindOf(n, self string) Text {
	switch utf8.RuneCountInString(n) {
	case 6:
		if self != "cuu" && misfit(n, "NNNNNN") < 0 && strings.HasPrefix(n, "UF") {
			return Text{"il codice univoco ufficio", "the codice univoco ufficio"}
		}
	case 10:
		switch {
		case self != "mecc" && misfit(n, "AANNNNNNNN") < 0 && schoolTypes[n[2:4]] != "" && meccControl(n):
			return Text{"il codice meccanografico", "the codice meccanografico"}
		case self != "cig" && CIG(n).Verdict == OK:
			return Text{"un CIG", "a CIG"}
		}
	case 11:
		if misfit(n, "99999999999") >= 0 || luhn(n[:10]) != n[10] || self == "cf" || self == "piva" {
			return Text{}
		}
		if n[0] == '8' || n[0] == '9' {
			return Text{"il codice fiscale della scuola", "the codice fiscale of the school"}
		}
		return Text{"una partita IVA", "a partita IVA"}
	case 15:
		if self != "cup" && misfit(n, "A99A99999999999") < 0 {
			return Text{"un CUP", "a CUP"}
		}
	case 16:
		if self != "cf" && misfit(n, personShape) < 0 {
			return Text{"il codice fiscale di una persona", "the codice fiscale of a person"}
		}
	}
	return Text{}
}
