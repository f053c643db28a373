package school

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"rinnova/internal/latin"
)

// Each kind of apostrophe: a possession, an elision, an accent, a word cut short, a year, a quote.
func TestApostrophes(t *testing.T) {
	for in, want := range map[string]string{
		"VERRE'S":                       "Verre’s",
		"SAINT GEORGE'S":                "Saint George’s",
		`"SAINT GEORGE'S SCHOOL"`:       "«Saint George’s School»",
		"KING'S COLLEGE":                "King’s College",
		"ST. LOUIS'S":                   "St. Louis’s",
		"CHILDREN'S HOUSE":              "Children’s House",
		"SAINT GEORGE`S":                "Saint George’s",
		"SAINT GEORGE´S":                "Saint George’s",
		"I.C. O'NEILL":                  "I.C. O’Neill",
		"DON'T WORRY":                   "Don’t Worry",
		"ROCK'N'ROLL":                   "Rock’n’Roll",
		"PITZ'E SERRA":                  "Pitz’e Serra",
		"PRESQU'ILE":                    "Presqu’Ile",
		"CITTA'S.ANGELO":                "Città S. Angelo",
		"CITTA'S ANGELO":                "Città S Angelo",
		"L'AQUILA":                      "L’Aquila",
		"I.C. L`AQUILA":                 "I.C. L’Aquila",
		"CITTA'":                        "Città",
		"CITTA`":                        "Città",
		"CITTA´ DI CASTELLO":            "Città di Castello",
		"PERCHE'":                       "Perché",
		"POICHE'":                       "Poiché",
		"UNITA ' D'ITALIA":              "Unità d’Italia",
		"NICCOLO' D'ARZO":               "Niccolò d’Arzo",
		"NICOLO'D'ARCA'":                "Nicolò d’Arcà",
		"UNITA'D'ITALIA":                "Unità d’Italia",
		`"E. FERMI"`:                    "«E. Fermi»",
		"“E. FERMI”":                    "«E. Fermi»",
		"‘E. FERMI’":                    "«E. Fermi»",
		"„E. FERMI“":                    "«E. Fermi»",
		"LORENZO DE' MEDICI":            "Lorenzo de’ Medici",
		"DE' MEDICI":                    "De’ Medici",
		"PO'":                           "Po’",
		"CO' DI FIUME":                  "Co’ di Fiume",
		"CPIA 2 ALBA-M.VI'-GINO STRADA": "CPIA 2 Alba-M.vì-Gino Strada",
		"GIOVANNI XXIII'":               "Giovanni XXIII",
		"RAGAZZI DEL '99":               "Ragazzi del ’99",
		"RAGAZZI DEL '99 N. 28":         "Ragazzi del ’99 n. 28",
		"I.C. ALDA FAIP0'":              "I.C. Alda Faip0",
		"1' CIRCOLO":                    "1° Circolo",
		`I.I.S.S. "R. D'ALTAVILLA -`:    "I.I.S.S. «R. d’Altavilla»",
	} {
		got := DisplayName(in)
		if got != want {
			t.Errorf("%s is shown as %s, want %s", in, got, want)
		}
		if again := DisplayName(got); again != got {
			t.Errorf("%s, shown again, becomes %s", got, again)
		}
	}
}

func TestDisplayName(t *testing.T) {
	for in, want := range map[string]string{
		// quotes
		`L.CLASSICO "GABRIELE D'ANNUNZIO" PE`:              "L. Classico «Gabriele d’Annunzio» PE",
		`I.C." MATTIA DE MARE "`:                           "I.C. «Mattia De Mare»",
		`IPSSEOA "RAFFAELE VIVIANI"C/MMARE`:                "IPSSEOA «Raffaele Viviani» C/mmare",
		`I.C. "FRANCESCO D'ESTE"-MASSA L.`:                 "I.C. «Francesco d’Este» – Massa L.",
		`IC "C. LEONETTI" - "C. GUIDI"`:                    "IC «C. Leonetti» – «C. Guidi»",
		`I.C."LOMBARDO RADICE"-"OVIDIO"`:                   "I.C. «Lombardo Radice» – «Ovidio»",
		`IST.ISTRUZ.SUP.'REMO BRINDISI'`:                   "Ist. Istruz. Sup. «Remo Brindisi»",
		`I.C. 'G. PERLASCA' - FERRARA`:                     "I.C. «G. Perlasca» – Ferrara",
		`I.C. "PASIANO - CHIONS - PRAVIS`:                  "I.C. «Pasiano – Chions – Pravis»", // cut off by the registry
		`IC RAFFAELLO GIOVAGNOLI"`:                         "IC Raffaello Giovagnoli",
		`I.C.S. GRAMSCI+RODARI" - SESTU`:                   "I.C.S. Gramsci + Rodari – Sestu",
		`IC "A" ""`:                                        "IC «A»",
		`ISS_CPIA BR"ANNA LORENZETTO"`:                     "ISS CPIA BR «Anna Lorenzetto»",
		`I.C. "DON BOSCO" (SEDE "A")`:                      "I.C. «Don Bosco» (Sede «A»)",
		`"`:                                                "",
		`Istituto Comprensivo "Giovanni Verga"`:            "Istituto Comprensivo «Giovanni Verga»", // written by a person
		`Liceo dell'Immacolata "L. da Vinci" - PE`:         "Liceo dell’Immacolata «L. da Vinci» - PE",
		`SCUOLA SECONDARIA DI 1'GRADO`:                     "Scuola Secondaria di 1° Grado",
		`I.C. SASSUOLO 3^ SUD`:                             "I.C. Sassuolo 3° Sud",
		`1? ISTITUTO COMPRENSIVO`:                          "1° Istituto Comprensivo",
		`IC I^ DARFO BOARIO TERME`:                         "IC I Darfo Boario Terme",
		`I.C. N.8 BOLOGNA CA' SELVATICA`:                   "I.C. n. 8 Bologna Ca’ Selvatica",
		`I.I.S." TELESI@ "`:                                "I.I.S. «Telesi@»",
		`D.D. C/O CONV."NIFO"- SESSA A.`:                   "D.D. c/o Conv. «Nifo» – Sessa A.",
		`IC - G.VERGA`:                                     "IC – G. Verga",
		`ARQUATA SCR. /VIGNOLE BORBERA`:                    "Arquata Scr. / Vignole Borbera",
		`LICEO SC/CL "EUCLIDE" CAGLIARI`:                   "Liceo SC/CL «Euclide» Cagliari",
		`I.C. "VALLE E LA PIANA"`:                          "I.C. «Valle e La Piana»",
		`I.P. PER IL TURISMO`:                              "I.P. per il Turismo",
		`TORTONA "A" - IST. COMPR.`:                        "Tortona «A» – Ist. Compr.",
		`LASTRA A SIGNA`:                                   "Lastra a Signa",
		`GIOVANNI XXIII`:                                   "Giovanni XXIII",
		`NA IC - TITO LIVIO-FIORELLI`:                      "NA IC – Tito Livio-Fiorelli",
		`IC CHIGNOLO PO`:                                   "IC Chignolo Po",
		`CPIA 2AL "ROBERTO NANI"`:                          "CPIA 2AL «Roberto Nani»",
		`OSIMO "F.LLI TRILLINI"`:                           "Osimo «F.lli Trillini»",
		`I.O. "S.G.BOSCO" - NAZ.LE`:                        "I.O. «S.G. Bosco» – Naz.le",
		`I.OC. "D'APOLITO"`:                                "I.OC. «D’Apolito»",
		`I.I.S. SANT'AGATA DI M.LLO "L.SCIASCIA"`:          "I.I.S. Sant’Agata di M.llo «L. Sciascia»",
		`ED.S.BENEDETTO`:                                   "Ed. S. Benedetto",
		`IC "G. FALCONE E P.BORSELLINO"`:                   "IC «G. Falcone e P. Borsellino»",
		`IC GENERALE C.A. DALLA CHIESA`:                    "IC Generale C.A. Dalla Chiesa",
		`IC "G. DI VITTORIO"`:                              "IC «G. Di Vittorio»",
		`IC "F. DI SVEVIA"`:                                "IC «F. di Svevia»",
		`IC DI CASTENASO`:                                  "IC di Castenaso",
		`"DA VINCI-PASCOLI"`:                               "«Da Vinci-Pascoli»",
		`"LEONARDO DA VINCI"`:                              "«Leonardo da Vinci»",
		`LICEO "DE AMICIS"`:                                "Liceo «De Amicis»",
		`ISTITUTO D'ISTRUZIONE SUPERIORE SALVO D'ACQUISTO`: "Istituto d’Istruzione Superiore Salvo D’Acquisto",
		`I.C. D' ANNUNZIO`:                                 "I.C. d’Annunzio",
		`I.I.S.S. "G. DELL'OLIO - S. COSMAI"`:              "I.I.S.S. «G. Dell’Olio – S. Cosmai»",
		`I.M. "D'ARBOREA" CAGLIARI`:                        "I.M. «D’Arborea» Cagliari",
		`NICOLO' PALMERI`:                                  "Nicolò Palmeri",
		`IC NICOLO'PALMERI`:                                "IC Nicolò Palmeri",
		`LICEO F. DE ANDRE'`:                               "Liceo F. De André",
		`BUSCA "GIOSUE' CARDUCCI"`:                         "Busca «Giosuè Carducci»",
		`IC CITTA'DEI BAMBINI`:                             "IC Città dei Bambini",
		`I.C "G CALO''"`:                                   "I.C «G Calò»",
		`"A.M.DE' LIGUORI" S.AGATA DE' GOTI`:               "«A.M. de’ Liguori» S. Agata de’ Goti",
		`I.C. FRA' T. BONGETTI OME`:                        "I.C. Fra’ T. Bongetti Ome",
		`SCUOLA VANN'ANTO'`:                                "Scuola Vann’Antò",
		"  IC   ROMA  ":                                    "IC Roma",
		"":                                                 "",
	} {
		if got := DisplayName(in); got != want {
			t.Errorf("DisplayName(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestDisplayPlace(t *testing.T) {
	for in, want := range map[string]string{
		"REGGIO NELL'EMILIA":                 "Reggio nell’Emilia",
		"L'AQUILA":                           "L’Aquila",
		"SANT'ANGELO A CUPOLO":               "Sant’Angelo a Cupolo",
		"CASTELNOVO NE' MONTI":               "Castelnovo ne’ Monti",
		"CAVA DE' TIRRENI":                   "Cava de’ Tirreni",
		"PATERNO'":                           "Paternò",
		"TAGLIO DI PO":                       "Taglio di Po",
		"FORLI'-CESENA":                      "Forlì-Cesena",
		"VERBANO-CUSIO-OSSOLA":               "Verbano-Cusio-Ossola",
		"VIA DELLA LIBERTA'8":                "Via della Libertà 8",
		"VIA PANZERA28":                      "Via Panzera 28",
		"VIA AMSICORA N.6":                   "Via Amsicora n. 6",
		"VIA TAVECCHIO N? 10":                "Via Tavecchio n. 10",
		"VIA A.TRONCONI N. 22":               "Via A. Tronconi n. 22",
		"V.LE UMBERTO I 88/A":                "V.le Umberto I 88/A",
		"P.ZZA MARCONI":                      "P.zza Marconi",
		"CORSO CAVOUR 6 A":                   "Corso Cavour 6 A",
		"VIA GIOVANNI PAOLO II SNC":          "Via Giovanni Paolo II snc",
		"VIA XXV APRILE 7":                   "Via XXV Aprile 7",
		"VIA I MAGGIO 88":                    "Via I Maggio 88",
		"CONTRADA CICIVIZZO-S.S.580":         "Contrada Cicivizzo-S.S. 580",
		"VIA UGO LA MALFA 113":               "Via Ugo La Malfa 113",
		"VIA G. D' ANNUNZIO N. 18":           "Via G. d’Annunzio n. 18",
		"VIA CARLO ALBERTO DALLA CHIESA":     "Via Carlo Alberto Dalla Chiesa",
		"via Archimede 12":                   "via Archimede 12",
		"IST PER L'AGRICOLTURA E L'AMBIENTE": "Ist per l’Agricoltura e l’Ambiente",
	} {
		if got := DisplayPlace(in); got != want {
			t.Errorf("DisplayPlace(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestFullName(t *testing.T) {
	for _, c := range []struct{ name, kind, want string }{
		{`MARCO POLO`, "ISTITUTO TECNICO PER IL TURISMO", "Istituto Tecnico per il Turismo Marco Polo"},
		{`"MANZONI"`, "ISTITUTO COMPRENSIVO", "Istituto Comprensivo «Manzoni»"},
		{`C. GRASSI`, "ISTITUTO TECNICO INDUSTRIALE", "Istituto Tecnico Industriale C. Grassi"},
		{`R.LEVI MONTALCINI`, "ISTITUTO SUPERIORE", "Istituto d’Istruzione Superiore R. Levi Montalcini"},
		{`A.MORO`, "IST PROF PER I SERVIZI SOCIALI", "Istituto Professionale per i Servizi Sociali A. Moro"},
		{`I.C. "G. VERGA"`, "ISTITUTO COMPRENSIVO", "I.C. «G. Verga»"},
		{`I.C. G.PASCOLI`, "ISTITUTO COMPRENSIVO", "I.C. G. Pascoli"},
		{`I.C VILLAPUTZU`, "ISTITUTO COMPRENSIVO", "I.C Villaputzu"},
		{`I. C. F.ROSSELLI`, "ISTITUTO COMPRENSIVO", "I. C. F. Rosselli"},
		{`I C CASTELL'ALFERO`, "ISTITUTO COMPRENSIVO", "I C Castell’Alfero"},
		{`L.SCIENT. "EUCLIDE"`, "LICEO SCIENTIFICO", "L. Scient. «Euclide»"},
		{`NAPOLI I.C. 83`, "ISTITUTO COMPRENSIVO", "Napoli I.C. 83"},
		{`II I.C. DI PALAZZOLO`, "ISTITUTO COMPRENSIVO", "II I.C. di Palazzolo"},
		{`IC ROMA`, "", "IC Roma"},
		{`LEARDI`, "", "Leardi"},
		{``, "ISTITUTO COMPRENSIVO", ""},
	} {
		got := FullName(c.name, c.kind)
		if got != c.want {
			t.Errorf("FullName(%q, %q) = %q, want %q", c.name, c.kind, got, c.want)
		}
		if again := FullName(got, c.kind); again != got {
			t.Errorf("FullName(%q, %q) = %q, then %q", c.name, c.kind, got, again)
		}
	}
}

func TestDisplayType(t *testing.T) {
	for in, want := range map[string]string{
		"ISTITUTO COMPRENSIVO":                              "Istituto Comprensivo",
		"SCUOLA PRIMO GRADO":                                "Scuola Secondaria di Primo Grado",
		"IST PROF PER I SERVIZI ALBERGHIERI E RISTORAZIONE": "Istituto Professionale per i Servizi Alberghieri e Ristorazione",
		"IST PROF INDUSTRIA E ARTIGIANATO":                  "Istituto Professionale per l’Industria e l’Artigianato",
		"IST PROF PER L'AGRICOLTURA E L'AMBIENTE":           "Istituto Professionale per l’Agricoltura e l’Ambiente",
		"IST TEC COMMERCIALE E PER GEOMETRI":                "Istituto Tecnico Commerciale e per Geometri",
		"IST TECNICO ECONOMICO E TECNOLOGICO":               "Istituto Tecnico Economico e Tecnologico",
		"ISTITUTO TECNICO PER ATTIVITA' SOCIALI (GIA' ITF)": "Istituto Tecnico per Attività Sociali",
		"ISTITUTO D'ARTE":                                   "Istituto d’Arte",
		"":                                                  "",
	} {
		if got := DisplayType(in); got != want {
			t.Errorf("DisplayType(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestShortName(t *testing.T) {
	for _, c := range []struct{ name, town, want string }{
		{"IC «G. Verga»", "Ragusa", "IC «G. Verga», Ragusa"},
		{"Istituto Comprensivo Statale «Giovanni Verga»", "Ragusa", "IC «Giovanni Verga», Ragusa"},
		{"Istituto Comprensivo «Papa Giovanni – Alda Merini»", "Casalnuovo", "IC «Papa Giovanni – Alda Merini», Casalnuovo"},
		{"Istituto Comprensivo «Giovanni Verga – Alda Merini»", "Vittoria", "IC «Giovanni Verga – Alda Merini», Vittoria"},
		{"Istituto Comprensivo «Giovanni Verga – Alda Merini»", "Casalnuovo di Napoli", "IC «Giovanni Verga – Alda Merini»"},
		{"Istituto Comprensivo «Ermenegildo Verga – Massimiliana Merini»", "Enna", "IC «E. Verga – M. Merini», Enna"},
		{"I.C. di Marzabotto", "Marzabotto", "I.C. di Marzabotto"},
		{"IC Forli 2", "Forlì", "IC Forli 2"},
		{"Alessandro Volta", "Alessandria", "Alessandro Volta, Alessandria"},
		{"IC Roma", "", "IC Roma"},
		{"Istituto Statale di Istruzione Secondaria Superiore «Principessa Maria Clotilde di Savoia – Guglielmo Marconi»", "Ragusa",
			"ISISS «Principessa Maria Clotilde di Savoia»"},
		{"Scuola con un nome che è davvero molto lungo e della quale", "Ragusa", "Scuola con un nome che è davvero molto lungo"},
		{"Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "Bolzano", "Donaudampfschifffahrtselektrizitätenhauptbe"},
		{"", "", ""},
		{"", "Roma", "Roma"},
		{strings.Repeat("«", 60), "Roma", ""},
	} {
		if got := ShortName(c.name, c.town); got != c.want {
			t.Errorf("ShortName(%q, %q) = %q, want %q", c.name, c.town, got, c.want)
		}
	}
}

// institutes are the rows of our extract of the registry.
func institutes(t testing.TB) [][]string {
	t.Helper()
	f, err := os.Open("../demo/istituti_principali_202526.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// TestDisplayEveryInstitute holds, for every name and address of the registry, what makes a text fit for a document.
func TestDisplayEveryInstitute(t *testing.T) {
	for _, row := range institutes(t) {
		town := DisplayPlace(row[5])
		for _, in := range []string{row[1], row[5], row[8]} {
			out := DisplayName(in)
			if in != row[1] {
				out = DisplayPlace(in)
			}
			if strings.ContainsAny(out, `"'^_`) || strings.Contains(out, "  ") || strings.Count(out, "«") != strings.Count(out, "»") {
				t.Errorf("%s is shown as %s", in, out)
			}
			if letters(in) != letters(out) {
				t.Errorf("%s loses letters: %s", in, out)
			}
		}
		name := FullName(row[1], row[2])
		if FullName(name, row[2]) != name {
			t.Errorf("%s: full name %s, then %s", row[1], name, FullName(name, row[2]))
		}
		short := ShortName(name, town)
		if bare := Bare(short, town); bare == "" || strings.HasSuffix(bare, ", "+town) || !strings.HasPrefix(short, bare) {
			t.Errorf("%q without the town is %q", short, bare)
		}
		if n := utf8.RuneCountInString(short); n == 0 || n > ShortNameRunes || strings.HasSuffix(short, "…") {
			t.Errorf("%s, %s: short name of %d runes: %s", name, town, n, short)
		}
		if strings.Count(short, "«") != strings.Count(short, "»") {
			t.Errorf("%s: quotes of the short name: %s", name, short)
		}
	}
}

// letters are the letters and digits of s, folded: display changes only how they look.
func letters(s string) string { return latin.Code(s) }

func TestDisplayIsStable(t *testing.T) {
	for _, row := range institutes(t) {
		if once := DisplayName(row[1]); DisplayName(once) != once {
			t.Errorf("%s: %s, then %s", row[1], once, DisplayName(once))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom([]rune(`ABCDEILNORSTUVX'".-/ 19^«»()’À`)), 0, 30, -1).Draw(t, "registry")
		once := DisplayName(s)
		if twice := DisplayName(once); twice != once {
			t.Errorf("%q: %q, then %q", s, once, twice)
		}
	})
}

func TestShortNameAlwaysFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name, town := rapid.String().Draw(t, "name"), rapid.String().Draw(t, "town")
		if s := ShortName(name, town); utf8.RuneCountInString(s) > ShortNameRunes {
			t.Errorf("%q, %q: %q", name, town, s)
		}
	})
}

func FuzzDisplay(f *testing.F) {
	for _, s := range []string{`L.CLASSICO "GABRIELE D'ANNUNZIO" PE`, "'", "A'", "'A", "''", "1'", "N.", "«»", "\xff'", "C/O", "D'", "XX'", "É'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, out := range []string{DisplayName(s), DisplayPlace(s)} {
			if strings.ContainsFunc(out, func(r rune) bool { return r != ' ' && unicode.IsSpace(r) }) {
				t.Errorf("%q: %q", s, out)
			}
		}
		ShortName(DisplayName(s), DisplayPlace(s))
	})
}

func BenchmarkFullName(b *testing.B) {
	for b.Loop() {
		FullName(`L.CLASSICO "GABRIELE D'ANNUNZIO" PE`, "LICEO CLASSICO")
	}
}

func BenchmarkDisplayPlace(b *testing.B) {
	for b.Loop() {
		DisplayPlace("SAN GIOVANNI IN PERSICETO")
	}
}
