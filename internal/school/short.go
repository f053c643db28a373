package school

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"rinnova/internal/latin"
)

// ShortNameRunes is the greatest length of a short name: it is what the running head of a contract can hold.
const ShortNameRunes = 44

// Bare is a short name without the town that ShortName put at its end, for tables in which the town has a column of its own.
func Bare(shortName, town string) string { return strings.TrimSuffix(shortName, ", "+town) }

// ShortName makes the name for running heads from a DisplayName and a TownName: with the town, unless the name has it
// or it does not fit, and with the type of school and first names abbreviated as far as needed. It is never longer
// than ShortNameRunes and never ends in dots.
func ShortName(name, town string) string {
	if name == "" {
		name, town = town, ""
	}
	abbreviated := abbreviateType(name)
	initials := quotedPair.ReplaceAllString(abbreviated, "$1$2. $3")
	initials = quotedPair.ReplaceAllString(initials, "$1$2. $3") // a pair begins where the one before ended
	if town != "" && !strings.Contains(" "+latin.Fold(name)+" ", " "+latin.Fold(town)+" ") {
		for _, s := range []string{name, abbreviated, initials} {
			if s = s + ", " + town; fits(s) {
				return s
			}
		}
	}
	for _, s := range []string{name, abbreviated, initials} {
		if fits(s) {
			return s
		}
	}
	return cut(initials)
}

func fits(s string) bool { return utf8.RuneCountInString(s) <= ShortNameRunes }

// quotedPair is a first name and a surname, alone in quotes or between dashes there.
var quotedPair = regexp.MustCompile(`(«|– )(\p{Lu})\p{Ll}+ (\p{Lu}\p{Ll}+(?:»| –))`)

func abbreviateType(name string) string {
	for _, t := range typeNames {
		if rest, found := cutPrefixFold(name, t.long); found && (rest == "" || rest[0] == ' ') {
			return t.short + strings.TrimPrefix(rest, " Statale")
		}
	}
	return name
}

// typeNames are the long forms of the types of schools, the longer before the shorter.
var typeNames = []struct{ long, short string }{
	{"Istituto Statale di Istruzione Secondaria Superiore", "ISISS"},
	{"Istituto Statale d’Istruzione Secondaria Superiore", "ISISS"},
	{"Istituto di Istruzione Secondaria Superiore", "IISS"},
	{"Istituto d’Istruzione Secondaria Superiore", "IISS"},
	{"Istituto Statale di Istruzione Superiore", "ISIS"},
	{"Istituto di Istruzione Superiore", "IIS"},
	{"Istituto d’Istruzione Superiore", "IIS"},
	{"Istituto Statale Comprensivo", "IC"},
	{"Istituto Comprensivo", "IC"},
	{"Istituto Omnicomprensivo", "IO"},
	{"Istituto Superiore", "IS"},
	{"Istituto Tecnico Commerciale e per Geometri", "ITCG"},
	{"Istituto Tecnico Economico e Tecnologico", "ITET"},
	{"Istituto Tecnico per Attività Sociali", "ITAS"},
	{"Istituto Tecnico per il Turismo", "ITT"},
	{"Istituto Tecnico per Geometri", "ITG"},
	{"Istituto Tecnico Industriale", "ITI"},
	{"Istituto Tecnico Commerciale", "ITC"},
	{"Istituto Tecnico Agrario", "ITA"},
	{"Istituto Tecnico Nautico", "ITN"},
	{"Istituto Tecnico", "IT"},
	{"Istituto Professionale per i Servizi Alberghieri e Ristorazione", "IPSAR"},
	{"Istituto Professionale per i Servizi Commerciali e Turistici", "IPSCT"},
	{"Istituto Professionale per i Servizi Commerciali", "IPSC"},
	{"Istituto Professionale per i Servizi Sociali", "IPSS"},
	{"Istituto Professionale per l’Agricoltura e l’Ambiente", "IPAA"},
	{"Istituto Professionale per l’Agricoltura", "IPA"},
	{"Istituto Professionale per l’Industria e l’Artigianato per Sordomuti", "IPIA"},
	{"Istituto Professionale per l’Industria e l’Artigianato", "IPIA"},
	{"Istituto Professionale", "IP"},
	{"Istituto Magistrale", "IM"},
	{"Istituto d’Arte", "ISA"},
	{"Scuola Secondaria di Primo Grado", "SSPG"},
	{"Direzione Didattica", "DD"},
	{"Circolo Didattico", "CD"},
	{"Liceo Scientifico", "LS"},
	{"Liceo Classico", "LC"},
	{"Liceo Statale", "Liceo"},
}

func cutPrefixFold(s, prefix string) (rest string, found bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// cut keeps the whole words that fit, closes the quotes and takes off what cannot stand at the end.
func cut(s string) string {
	out := ""
	for w := range strings.FieldsSeq(s) {
		longer := strings.TrimSpace(out + " " + w)
		if utf8.RuneCountInString(longer)+openQuotes(longer) > ShortNameRunes {
			break
		}
		out = longer
	}
	if out == "" { // one endless word
		runes := []rune(strings.Trim(s, "«»"))
		out = string(runes[:min(len(runes), ShortNameRunes-1)])
	}
	out = dangling.ReplaceAllString(out, "")
	return out + strings.Repeat("»", openQuotes(out))
}

// openQuotes counts the quotes that s opens and does not close.
func openQuotes(s string) int { return max(0, strings.Count(s, "«")-strings.Count(s, "»")) }

var dangling = regexp.MustCompile(`([ «–,/.-]+|\s+(di|del|della|dei|degli|delle|da|dal|e|ed|a|al|alla|in|con|per))+$`)
