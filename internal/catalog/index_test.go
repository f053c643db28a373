package catalog_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
	"rinnova/internal/catalog"
	"rinnova/internal/locale"
	"rinnova/internal/sheet/sheettest"
)

func TestReadIndex(t *testing.T) {
	for name, file := range map[string]string{
		"SDMX-CSV":           "DATAFLOW,FREQ,REF_AREA,DATA_TYPE,MEASURE,E_COICOP,TIME_PERIOD,OBS_VALUE,BASE_PER\nIT1:FOI(1.0),M,IT,39,4,00ST,2026-08,121.9,2015\nIT1:FOI(1.0),M,IT,39,4,00ST,2026-09,122.1,2015\n",
		"with labels":        "\uFEFF\"FREQ: Frequenza\",\"TIME_PERIOD: Tempo\",\"OBS_VALUE: Valore\",\"BASE_PER: Base\"\r\n\"M: mensile\",2026-09,122.1,2015=100\r\n\"M: mensile\",2026-08,121.9,2015=100\r\n",
		"with years":         "FREQ;TIME_PERIOD;OBS_VALUE;BASE\nA;2025;120.8;2015\nM;2026-08;121,9;2015\nM;2026-09;122,1;2015\nM;2026-10;;2015\n",
		"older export":       "\"Territorio\",\"TIME\",\"Value\",\"BASE\"\n\"Italia\",\"2025\",119.5,\"2015\"\n\"Italia\",\"2026-08\",121.9,\"2015\"\n\"Italia\",\"2026-09\",122.1,\"2015\"\n",
		"our own":            "mese;indice;base\n08/2026;121,9;2015=100\n09/2026;122,100;2015=100\n\n",
		"our own, in words":  "indice\tmese\tbase\n121,9\tagosto 2026\t2015\n122,1\tSettembre 2026\t2015\n",
		"months with an M":   "TIME_PERIOD,OBS_VALUE,BASE\n2026-M08,121.900000,2015\n2026-M09,122.1,2015\n",
		"binary fractions":   "mese;indice;base\n08/2026;121,90000000000001;2015\n09/2026;122,0999999999;2015\n",
		"old Mac, marked":    "\"sep=;\"\rmese;indice;base\r08/2026;121,9;2015\r09/2026;122,1;2015\r\n",
		"Windows-1252":       "mese;indice;base;perché\n08/2026;121,9;2015;\xe8\n09/2026;122,1;2015;\xe8\n",
		"invisible signs":    "\u200bmese;indice\u00a0;base\n\u200e08/2026;121,9\u00a0;\u00ad2015\n09/2026;\u202f122,1;2015\n",
		"both ids and names": "FREQ,Frequency,TIME_PERIOD,Time period,OBS_VALUE,Observation value,BASE_PER\nM,Mensile,2026-08,ago,121.9,,2015\nM,Mensile,2026-09,set,122.1,,2015\n",
		"Excel": string(sheettest.Workbook([]sheettest.Sheet{{Name: "Copertina", Rows: sheettest.Rows([]string{"Indici"})}, {Name: "FOI", Rows: sheettest.Rows(
			[]string{"mese", "indice", "base"}, []string{`<c t="d"><v>2026-08-01</v></c>`, "<c><v>121.90000000000001</v></c>", "2015"}, []string{"09/2026", "<c><v>122.1</v></c>", "2015"})}})),
		"twice the same row": "mese;indice;base\n08/2026;121,9;2015\n09/2026;122,1;2015\n09/2026;122,1;2015\n",
	} {
		got, err := catalog.ReadIndex([]byte(file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := []catalog.IndexPoint{{Month: "2026-08", Milli: 121_900, Base: "2015=100"}, {Month: "2026-09", Milli: 122_100, Base: "2015=100"}}
		if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestReadIndexRefuses(t *testing.T) {
	for file, want := range map[string]string{
		"":                                        "Il file è vuoto.",
		"\uFEFF \n":                               "Il file è vuoto.",
		"a;b\n1;2\n":                              "Nel file non trovo le colonne.",
		"mese;indice\n":                           "Nel file non c’è nessun mese",
		"mese;indice\nieri;121,4":                 "Riga 2: «ieri» non è un mese.",
		"mese;indice\n13/2026;1":                  "Riga 2: «13/2026» non è un mese.",
		"mese;indice\n\n09/2026;tre":              "Riga 3: «tre» non è un indice.",
		"mese;indice\n09/2026;-1":                 "Riga 2: «-1» non è un indice.",
		"mese;indice\n09/2026;0":                  "Riga 2: «0» non è un indice.",
		"mese;indice\n09/2026;1,2345":             "Riga 2: «1,2345» non è un indice.",
		"mese;indice\n09/2026;1,230002":           "Riga 2: «1,230002» non è un indice.",
		"mese;indice\n09/2026;=1+1":               "Riga 2: «=1+1» non è un indice.",
		"mese;indice\n09/2026":                    "Riga 2: Ha solo 1 colonne",
		"mese;indice\n\"09/2026;1":                "Riga 2: Le virgolette che si aprono qui non si chiudono",
		"mese;indice\n09/2026;120\n09/2026;121\n": "Riga 3: settembre 2026 ha già un altro valore, 120,0.",
		"REF_AREA,TIME_PERIOD,OBS_VALUE\nIT,2026-08,121.9\nITC1,2026-09,120\n": "Riga 3: il file contiene più di una serie.",
		"mese;indice\n09/2026;\xff":                                 "Riga 2: «ÿ» non è un indice.",
		"PK\x03\x04\x00\x00":                                        "Il file è danneggiato",
		"mese;indice;base\n09/2026;120;base 2015":                   "Riga 2: «base 2015» non è una base",
		"mese;indice;base\n09/2026;120;2015\n09/2026;101;2025":      "Riga 3: settembre 2026 c’è già nella base 2015=100.",
		"mese;indice;raccordo\n09/2026;1;zero":                      "Riga 2: «zero» non è un coefficiente di raccordo",
		"mese;indice;raccordo\n09/2026;1;0,001":                     "Riga 2: «0,001» non è un coefficiente di raccordo",
		"mese;indice\n" + strings.Repeat("x", catalog.MaxIndexFile): "Il file è troppo grande",
		"mese;indice\n" + strings.Repeat("2025;1\n", 30_000):        "Il file ha più di 20000 righe.",
	} {
		_, err := catalog.ReadIndex([]byte(file))
		e, ok := err.(*rinnova.Error)
		if !ok || e.Kind != rinnova.Invalid || !strings.HasPrefix(locale.Italian.Text(e.Message), want) {
			t.Errorf("%.40q: %v, want %q", file, err, want)
		}
	}
}

// Whatever comes as a file is read or refused, and what is read is in order and within bounds.
func TestReadIndexOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := rapid.OneOf(
			rapid.SliceOf(rapid.Byte()),
			rapid.Custom(func(t *rapid.T) []byte {
				cell := rapid.SampledFrom([]string{"2026-09", "09/2026", "121,4", "120.2", "mese", "indice", "TIME_PERIOD", "OBS_VALUE", "", "\"", "x", "2025", "-1", "9999999999"})
				return []byte("mese;indice\n" + strings.Join(rapid.SliceOf(cell).Draw(t, "cells"), rapid.SampledFrom([]string{";", "\n"}).Draw(t, "separator")))
			}),
		).Draw(t, "file")
		points, err := catalog.ReadIndex(file)
		if err != nil && rinnova.KindOf(err) != rinnova.Invalid {
			t.Fatal(err)
		}
		for i, p := range points {
			if !p.Month.Valid() || p.Milli <= 0 || i > 0 && points[i-1].Month >= p.Month {
				t.Fatalf("%+v", points)
			}
		}
	})
}

// A series whose base changes: the months of both come in, with the coefficient where the file brings it; another data flow for
// another base is the same series.
func TestReadIndexOfTwoBases(t *testing.T) {
	got, err := catalog.ReadIndex([]byte("DATAFLOW,FREQ,TIME_PERIOD,OBS_VALUE,BASE_PER,raccordo\nFOI_2015,M,2025-10,121.4,2015=100,\nFOI_2025,M,2026-01,100.3,2025=100,1.213\n"))
	if err != nil || len(got) != 2 || got[1] != (catalog.IndexPoint{Month: "2026-01", Milli: 100_300, Base: "2025=100", Link: 1_213_000}) {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := catalog.ReadIndex([]byte("DATAFLOW,FREQ,TIME_PERIOD,OBS_VALUE,BASE_PER\nFOI,M,2025-10,121.4,2015=100\nNIC,M,2026-01,121.3,2015=100\n")); rinnova.KindOf(err) != rinnova.Invalid {
		t.Errorf("two series: %v", err)
	}
}

func TestCoefficients(t *testing.T) {
	for typed, want := range map[string]string{"1,213": "1,213", "1.071": "1,071", "\u00a01,3730000": "1,373", "2": "2", "0,5": "0,5"} {
		if c, err := catalog.ParseCoefficient(typed); err != nil || c.String() != want {
			t.Errorf("%q: %s, %v", typed, c, err)
		}
	}
	for _, typed := range []string{"", "-1", "0", "10", "1,2130001", "uno", "1,2,3", "99999999999"} {
		if c, err := catalog.ParseCoefficient(typed); err == nil {
			t.Errorf("%q: %s", typed, c)
		}
	}
}
