package school

import (
	"regexp"
	"strings"

	"rinnova/internal/latin"
)

// FullName is the DisplayName with the type of school before it where the registry's name does not say it: MARCO POLO,
// an ISTITUTO TECNICO PER IL TURISMO, is Istituto Tecnico per il Turismo Marco Polo; I.C. "G. VERGA" stays I.C. «G. Verga».
func FullName(registry, registryType string) string {
	name := DisplayName(registry)
	if name == "" || saysType(name) {
		return name
	}
	return strings.TrimSpace(DisplayType(registryType) + " " + name)
}

// DisplayType makes a type of the registry pleasant to read: IST PROF PER I SERVIZI SOCIALI becomes Istituto
// Professionale per i Servizi Sociali.
func DisplayType(registryType string) string {
	s := strings.Join(strings.Fields(registryType), " ")
	if long, found := longTypes[s]; found {
		return long
	}
	s, _, _ = strings.Cut(s, " (GIA'")
	if rest, found := strings.CutPrefix(s, "IST PROF "); found {
		s = "ISTITUTO PROFESSIONALE " + rest
	}
	if rest, found := strings.CutPrefix(s, "IST TEC "); found {
		s = "ISTITUTO TECNICO " + rest
	}
	if rest, found := strings.CutPrefix(s, "IST TECNICO "); found {
		s = "ISTITUTO TECNICO " + rest
	}
	return DisplayPlace(s)
}

// longTypes are those of which the registry leaves words out.
var longTypes = map[string]string{
	"ISTITUTO SUPERIORE":                             "Istituto d’Istruzione Superiore",
	"SCUOLA PRIMO GRADO":                             "Scuola Secondaria di Primo Grado",
	"SCUOLA INFANZIA":                                "Scuola dell’Infanzia",
	"IST PROF INDUSTRIA E ARTIGIANATO":               "Istituto Professionale per l’Industria e l’Artigianato",
	"IST PROF INDUSTRIA E ARTIGIANATO PER SORDOMUTI": "Istituto Professionale per l’Industria e l’Artigianato per Sordomuti",
	"IST PROF INDUSTRIA E ARTIGIANATO PER CIECHI":    "Istituto Professionale per l’Industria e l’Artigianato per Ciechi",
	"IST PROF INDUSTRIA E ATTIVITA' MARINARE":        "Istituto Professionale per l’Industria e le Attività Marinare",
}

// saysType tells whether a name that is shown tells the type of school, in words (Liceo, Ist. Compr.) or letters (I.C.).
func saysType(name string) bool {
	for _, s := range initials.FindAllString(name, -1) {
		s = onlyLetters.Replace(s)
		for i := range len(s) - 1 { // II I.C. F. Rosselli: a number may come before, the initial of a person after
			for n := i + 2; n <= len(s); n++ {
				if acronyms[s[i:n]] || typeLetters[s[i:n]] {
					return true
				}
			}
		}
	}
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !isWordRune(r) }) {
		if acronyms[w] || typeLetters[w] || typeWords[strings.ToUpper(latin.Fold(w))] {
			return true
		}
	}
	return false
}

// initials are letters with dots or spaces between: I.C., I. I. S., I C.
var (
	initials    = regexp.MustCompile(`\b[A-Z](?:\.? ?[A-Z]\b)+`)
	onlyLetters = strings.NewReplacer(".", "", " ", "")
)

// typeLetters are acronyms of types that recase keeps without a list or cannot tell from words.
var typeLetters = set("IP IT LA LC LS CD DD SMS SSPG SSIG SS LSS LSC LCS CTP CN DT TT")

var typeWords = set("ISTITUTO ISTITUTI IST ISTIT LICEO LICEI LIC LICEALE SCUOLA SCUOLE CONVITTO CONV EDUCANDATO EDUC ED CPIA DIREZIONE CIRCOLO CIRC " +
	"COMPRENSIVO COMPR COMP OMNICOMPRENSIVO OMNICOMPR OMNIC OMN TECNICO PROFESSIONALE CLASSICO CLASS CLAS CL SCIENTIFICO SCIENT SCIE SC ARTISTICO ART ISTRUZIONE SUPERIORE STAT LINGUISTICO LING " +
	"MAGISTRALE MAG MUSICALE ANNESSA ANNESSO ANN MEDIA PRIMARIA SECONDARIA SEC")
