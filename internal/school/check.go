package school

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rinnova"
	"rinnova/identifier"
	"rinnova/internal/latin"
)

// The greatest lengths, in characters: what an e-invoice takes (FatturaPA 1.2.3, Denominazione 80, Indirizzo 60, Comune 60).
const (
	maxName    = 80
	maxAddress = 60
	maxTown    = 60
	maxWebsite = 200
)

// Check brings a typed value into the form in which it is kept, or says what is wrong with it; problems carry the field's
// name. What only warns leaves the value.
func Check(f Field, typed string) (string, rinnova.Problems) {
	v := rinnova.Clean(typed)
	c := checker{field: string(f)}
	if v == "" {
		if !f.Optional() {
			c.problems.Refuse(c.field, "Questo dato non può restare vuoto: scrivete quello giusto.")
		}
		return "", c.problems
	}
	switch f {
	case FieldDisplayName:
		v = c.text(DisplayName(v), maxName)
	case FieldAddress:
		v = c.text(DisplayPlace(v), maxAddress)
	case FieldTown:
		v = c.text(DisplayPlace(v), maxTown)
	case FieldPostcode:
		v = c.postcode(v)
	case FieldProvinceCode:
		v = c.province(v)
	case FieldTaxCode:
		v = c.code(identifier.SchoolCF(v))
	case FieldVATNumber:
		v = c.code(identifier.SchoolPIVA(v))
	case FieldOfficeCode:
		v = c.code(identifier.CUU(v))
	case FieldEmail, FieldPEC:
		v = c.mail(f, v)
	case FieldWebsite:
		v = c.website(v)
	}
	return v, c.problems
}

type checker struct {
	field    string
	problems rinnova.Problems
}

func (c *checker) text(v string, most int) string {
	invoiced, lost := latin.Latin1(v)
	switch n := max(utf8.RuneCountInString(v), utf8.RuneCountInString(invoiced)); {
	case n > most:
		c.problems.Refuse(c.field, "Al massimo %d caratteri, perché va nella fattura elettronica. Qui sono %d.", most, n)
	case !strings.ContainsFunc(v, unicode.IsLetter):
		c.problems.Refuse(c.field, "Servono delle lettere: scrivetelo per esteso.")
	case lost != "", strings.ContainsAny(v, "<>{}\\^~|`"):
		for _, sign := range "<>{}\\^~|`" { // of pages and programs: no name has them
			if strings.ContainsRune(v, sign) {
				lost += string(sign)
			}
		}
		c.problems.Refuse(c.field, "La fattura elettronica non può portare «%s»: usate lettere dell’alfabeto latino, cifre e segni di scrittura.", rinnova.Quoted(lost))
	}
	return v
}

// InInvoice is a value as the e-invoice writes it: of names and places, which know Latin-1 alone there (FatturaPA 1.2.3), Čedermac is
// Cedermac. It is "" where that is nothing else but other quotes and dashes, which nobody need be told of, and for other fields.
func InInvoice(f Field, v string) string {
	if f != FieldDisplayName && f != FieldAddress && f != FieldTown {
		return ""
	}
	invoiced, _ := latin.Latin1(v)
	if plainSigns.Replace(v) == invoiced {
		return ""
	}
	return invoiced
}

var plainSigns = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "„", `"`, "–", "-", "—", "-")

func (c *checker) postcode(v string) string {
	v = strings.ReplaceAll(v, " ", "")
	if !postcodeShape.MatchString(v) || v == "00000" {
		c.problems.Refuse(c.field, "Il CAP ha 5 cifre, come 97100.")
	}
	return v
}

func (c *checker) province(v string) string {
	v = strings.ToUpper(strings.Trim(v, "()"))
	if !prefixShape.MatchString(v) {
		c.problems.Refuse(c.field, "La provincia è una sigla di 2 lettere, come RG.")
	} else if _, known := provinceNames[v]; !known {
		c.warn("province.unknown", v, rinnova.Say("Questa sigla non è fra quelle delle province che conosciamo. Controllatela."))
	}
	return v
}

// code takes the verdict of package identifier: what it refuses cannot be, what it warns of can be confirmed.
func (c *checker) code(r identifier.Result) string {
	text := rinnova.Text{Format: r.Why.Italian, English: r.Why.English}
	switch r.Verdict {
	case identifier.Refused:
		c.problems = append(c.problems, rinnova.Problem{Field: c.field, Text: text})
	case identifier.Warn:
		c.warn(r.Code, r.Normalised, text)
	}
	return r.Normalised
}

func (c *checker) warn(code, value string, text rinnova.Text) {
	c.problems = append(c.problems, rinnova.Problem{Field: c.field, Warns: true, Code: code + ":" + value, Text: text})
}

var certified = regexp.MustCompile(`@pec\.|@[a-z0-9.-]*pec\.|@legalmail\.|@postecert\.`)

func (c *checker) mail(f Field, v string) string {
	v = strings.ToLower(v)
	switch {
	case !rinnova.IsMailAddress(v):
		example := "rgic000001@istruzione.it"
		if f == FieldPEC {
			example = "rgic000001@pec.istruzione.it"
		}
		c.problems.Refuse(c.field, "Non è un indirizzo di posta: serve qualcosa come %s, uno solo e senza spazi.", example)
	case f == FieldEmail && certified.MatchString(v):
		c.warn("email.pec", v, rinnova.Say("Sembra un indirizzo PEC. Qui serve la posta ordinaria, a cui arrivano i contratti. Controllatelo."))
	}
	return v
}

var siteShape = regexp.MustCompile(`^(https?://)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?(/[A-Za-z0-9._~%/?#&=+-]*)?$`)

func (c *checker) website(v string) string {
	if !siteShape.MatchString(v) || len(v) > maxWebsite {
		c.problems.Refuse(c.field, "Non è l’indirizzo di un sito: serve qualcosa come www.scuola.edu.it.")
	}
	return v
}
