package sheet_test

import (
	"slices"
	"testing"

	"rinnova/internal/sheet/sheettest"
)

// The same table in the ways in which programs write it: with prefixes, in the strict format, out of order, with what a person
// sees made by formats.
func TestXLSXInAllItsWays(t *testing.T) {
	plain := `<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row><row r="2"><c r="B2"><v>2</v></c><c r="A2" t="s"><v>0</v></c></row></sheetData>`
	book := func(name string) string {
		return `<x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:rel="r"><x:sheets><x:sheet name="` + name + `" sheetId="1" rel:id="rId1"/></x:sheets><x:calcPr fullCalcOnLoad="1"/></x:workbook>`
	}
	styles := `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="9"/></cellXfs></styleSheet>`
	texts := `<x:sst xmlns:x="m"><x:si><x:r><x:t>uno</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:si></x:sst>`
	noResult := "[La cella contiene una formula senza risultato: aprite il file con Excel o LibreOffice, salvatelo e inviatelo di nuovo.]"
	row := func(cells string) string {
		return `<sheetData><row><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row><row xmlns:r="q">` + cells + `</row></sheetData>`
	}
	for name, x := range map[string]struct{ sheet, want string }{
		"out of order":        {plain, "uno|2 numero"},
		"prefixes":            {`<x:sheetData><x:row><x:c t="str"><x:v>a</x:v></x:c><x:c t="str"><x:v>b</x:v></x:c></x:row><x:row><x:c t="s"><x:v>0</x:v></x:c><x:c><x:v>2</x:v></x:c></x:row></x:sheetData>`, "uno|2 numero"},
		"strict dates":        {row(`<c t="d"><v>2027-01-31T00:00:00</v></c><c><v>2</v></c>`), "2027-01-31 data|2 numero"},
		"zeros of a format":   {row(`<c s="1"><v>7100</v></c><c s="2"><v>0.05</v></c>`), "07100|5%"},
		"a 0 that holds room": {row(`<c t="str"><v>x</v></c><c><f>1+1</f><v>0</v></c>`), "x|" + noResult},
		"a typed 0":           {row(`<c t="str"><v>x</v></c><c><v>0</v></c>`), "x|0 numero"},
		"an empty text":       {row(`<c t="str"><v></v></c><c><v>2</v></c>`), "|2 numero"},
		"text that may come":  {row(`<c t="str"><f>""</f><v></v></c><c><v>2</v></c>`), noResult + "|2 numero"},
		"a number of Go":      {row(`<c t="str"><v>x</v></c><c><v>1_000</v></c>`), "x|[Non è un numero, anche se il file lo dice.]"},
		"no number":           {row(`<c t="str"><v>x</v></c><c><v>0x1p4</v></c>`), "x|[Non è un numero, anche se il file lo dice.]"},
	} {
		data := sheettest.Archive(sheettest.Part{Name: "_rels/.rels", Body: sheettest.Relations("officeDocument", "xl/workbook.xml")}, sheettest.Part{Name: "xl/workbook.xml", Body: book("Dati")},
			sheettest.Part{Name: "xl/_rels/workbook.xml.rels", Body: sheettest.Relations("worksheet", "worksheets/sheet1.xml", "styles", "styles.xml", "sharedStrings", "sharedStrings.xml")},
			sheettest.Part{Name: "xl/worksheets/sheet1.xml", Body: "<x:worksheet>" + x.sheet + "</x:worksheet>"}, sheettest.Part{Name: "xl/styles.xml", Body: styles}, sheettest.Part{Name: "xl/sharedStrings.xml", Body: texts})
		if got := read(t, data); !slices.Equal(got, []string{x.want}) {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
}

func read(t *testing.T, data []byte) []string { return texts(all(t, open(t, data))) }
