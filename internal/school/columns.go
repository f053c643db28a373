package school

import (
	"regexp"
	"slices"
	"strings"

	"rinnova"
)

// columns says where the values are in the rows of a file; -1: nowhere.
type columns struct {
	names      []string // the header
	year       int
	institute  int
	code, name int
	kind       int
	address    int
	postcode   int
	town       int
	province   int
	region     int
	email, pec int
	website    int
	pupils     int
	pupilsYear string // of the pupils' column: "2024/25"
	extract    bool   // our extract: one row for each institute
}

// maxColumns is far more than any registry has.
const maxColumns = 100

// columnsOf finds the columns by their names: the ministry has added some over the years, and private schools lack
// others.
func columnsOf(header []string) (columns, error) {
	if len(header) > maxColumns {
		return columns{}, notARegistry()
	}
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = strings.ToUpper(rinnova.Clean(h))
	}
	find := func(either ...string) int {
		return slices.IndexFunc(names, func(n string) bool { return slices.Contains(either, n) })
	}
	c := columns{
		names:     names,
		year:      find("ANNOSCOLASTICO"),
		institute: find("CODICEISTITUTORIFERIMENTO"),
		code:      find("CODICESCUOLA", "CODICE"),
		name:      find("DENOMINAZIONESCUOLA", "DENOMINAZIONE"),
		kind:      find("DESCRIZIONETIPOLOGIAGRADOISTRUZIONESCUOLA", "TIPOLOGIA"),
		address:   find("INDIRIZZOSCUOLA", "INDIRIZZO"),
		postcode:  find("CAPSCUOLA", "CAP"),
		town:      find("DESCRIZIONECOMUNE", "COMUNE"),
		province:  find("PROVINCIA"),
		region:    find("REGIONE"),
		email:     find("INDIRIZZOEMAILSCUOLA", "EMAIL"),
		pec:       find("INDIRIZZOPECSCUOLA", "PEC"),
		website:   find("SITOWEBSCUOLA", "SITO"),
		pupils:    slices.IndexFunc(names, pupilsColumn.MatchString),
	}
	c.extract = c.code >= 0 && names[c.code] == "CODICE"
	if c.pupils >= 0 {
		y := pupilsColumn.FindStringSubmatch(names[c.pupils])
		c.pupilsYear = "20" + y[1] + "/" + y[2]
	}
	if c.code < 0 || c.name < 0 || c.town < 0 {
		return c, notARegistry()
	}
	for i, n := range names {
		if n != "" && slices.Contains(names[:i], n) {
			return c, rinnova.Fail(rinnova.Invalid, "L’intestazione del file ha due volte la colonna %s.", n)
		}
	}
	return c, nil
}

// pupilsColumn is the number of pupils of a school year: ALUNNI_2425.
var pupilsColumn = regexp.MustCompile(`^ALUNNI_([0-9]{2})([0-9]{2})$`)

func notARegistry() error {
	return rinnova.Fail(rinnova.Invalid, "Il file non è l’anagrafe delle scuole: nella prima riga mancano le colonne CODICESCUOLA, DENOMINAZIONESCUOLA e DESCRIZIONECOMUNE.")
}
