// Package sheettest makes files that no program should choke on: broken, mislabelled, packed to burst, or mangled by a
// spreadsheet. Each comes with the words that whoever sent it must read. They are made when a test runs, never stored.
package sheettest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// File is a hostile file. It pretends to have the columns «codice meccanografico», «codice fiscale» and «partita IVA».
type File struct {
	Name string // of the file that is sent
	Make func() []byte
	Says string // what its sender must read, or a part of it
	// Trade tells that only who knows what the columns mean can say it; package sheet reads such a file without complaint.
	Trade bool
}

const header = "codice meccanografico;codice fiscale;partita IVA\n"

func text(name, s, says string) File {
	return File{name, func() []byte { return []byte(s) }, says, false}
}

func trade(name, rows, says string) File {
	return File{name, func() []byte { return []byte(header + rows) }, says, true}
}

// Files are all hostile files. code is the ministry code of a school that is known.
func Files(code string) []File {
	return append(append(texts(code), workbooks(code)...), meanings(code)...)
}

func texts(code string) []File {
	row := code + ";80006890646;\n"
	big := func(s string, n int) string { return strings.Repeat(s, n) }
	return []File{
		text("vuoto.csv", "", "Il file è vuoto."),
		text("spazi.csv", "\xef\xbb\xbf \r\n\r\n", "Il file è vuoto."),
		text("zeri.csv", header+code+"\x00;80006890646;\n", "Alla riga 2 il file ha un byte zero"),
		text("utf16-senza-segno.csv", big("c\x00o\x00;\x00", 40), "sembra in UTF-16"),
		text("utf16-rotto.csv", "\xff\xfec\x00o", "danneggiato"),
		text("utf16-mezza-coppia.csv", "\xff\xfec\x00\x3d\xd8", "danneggiato"),
		text("utf32.csv", "\xff\xfe\x00\x00c\x00\x00\x00", "UTF-32"),
		text("campana.csv", header+code+"\x07;1;\n", "codice 7"),
		text("codifiche-mischiate.csv", header+"Città è perché;;\nCitt\xe0;;\n", "mescola due codifiche: è in UTF-8, ma alla riga 3 no"),
		text("pagina.xls", "<html><table><tr><td>"+code, "pagina web"),
		text("bomba.xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>`, "un XML"),
		text("ordine.pdf", "%PDF-1.7\n1 0 obj", "un PDF"),
		text("dati.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00", "compresso"),
		text("vecchio.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+big("\x00", 600), "vecchio Excel (.xls)"),
		text("due-volte.csv", "codice meccanografico;Codice Fiscale;CODICE-FISCALE\n"+code+";1;2\n", "La colonna «CODICE-FISCALE» c’è due volte"),
		text("sep.csv", "sep=\"\n"+header+row, "Il separatore scritto nella prima riga"),
		{"milione-di-colonne.csv", func() []byte { return []byte(big("a;", 1_000_000) + "\n") }, "più di 200 colonne", false},
		{"riga-di-un-milione-di-colonne.csv", func() []byte { return []byte(header + big(";", 900_000) + "\n" + row) }, "Ha più di 200 colonne", false},
		{"cella-di-10-MB.csv", func() []byte { return []byte(header + code + ";" + big("9", 10<<20) + ";\n" + row) }, "Dalla riga 2 il file non si può leggere", false},
		{"cella-lunga.csv", func() []byte { return []byte(header + code + ";" + big("9", 9000) + ";\n") }, "Alla riga 2, colonna n. 2, c’è un testo di più di 8192 caratteri", false},
		{"virgolette-che-non-si-chiudono.csv", func() []byte { return []byte(header + code + ";\"8000;\n" + big(row, 100_000)) }, "virgolette che non si chiudono", false},
		text("virgolette.csv", header+row+code+";\"80006890646\"x;\n", "Le virgolette non sono al loro posto"),
		text("virgolette-in-fondo.csv", header+code+";\"8000;\nfine", "Le virgolette che si aprono qui non si chiudono"),
		text("riga-lunga.csv", header+code+";1;2;3\n", "Ha 4 colonne, ma i nomi delle colonne sono 3"),
		text("riga-corta.csv", header+code+";1\n", "Ha solo 2 colonne, ma i nomi delle colonne sono 3"),
		{"troppe-righe.csv", func() []byte { return []byte(header + big("x;;\n", 300_000)) }, "più di 250000 righe", false},
		{"troppo-grande.csv", func() []byte { return bytes.Repeat([]byte("x"), 49<<20) }, "troppo grande", false},
	}
}

// meanings are files that are whole, but not what their columns ask for.
func meanings(code string) []File {
	return []File{
		{"altre-colonne.csv", func() []byte { return []byte("pippo;pluto\n1;2\n") }, "Nessuna colonna ha un nome che conosciamo", true},
		{"solo-nomi.csv", func() []byte { return []byte(header) }, "nessuna riga da importare", true},
		trade("esponente.csv", code+";8,00069E+10;\n", "Excel ha trasformato il codice in un numero"),
		trade("zeri-persi.csv", code+";80006890646;1234567890\n", "forse Excel ha tolto gli zeri iniziali"),
		trade("due-volte-la-scuola.csv", code+";80006890646;\n"+code+";80006890646;\n", "La scuola è già alla riga 2"),
		trade("sconosciuta.csv", "RGIC00000X;80006890646;\n", "Nessuna scuola ha il codice RGIC00000X"),
		trade("senza-scuola.csv", ";80006890646;\n", "Manca la scuola"),
		trade("formula.csv", code+";=cmd|' /C calc'!A0;\n", "codice fiscale"),
		trade("macchina.csv", code+";<script>alert(1)</script>;\n", "codice fiscale"),
		trade("sinistra.csv", "\u202e"+code+";abc;\n", "Qui sono 3"),
	}
}

func workbooks(code string) []File {
	return []File{
		{"archivio.zip", archive(part{"leggimi.txt", repeat("x", 10)}), "archivio ZIP", false},
		{"tronco.xlsx", func() []byte { b := book(code, nil); return b[:len(b)/2] }, "danneggiato o incompleto", false},
		{"lettera.docx", archive(part{"word/document.xml", repeat("x", 10)}), "Word", false},
		{"foglio.ods", archive(part{"content.xml", repeat("x", 10)}), "LibreOffice", false},
		{"binario.xlsb", archive(part{"xl/workbook.bin", repeat("x", 10)}), ".xlsb", false},
		{"protetto.xlsx", func() []byte { return book(code, nil, excelize.Options{Password: "segreta"}) }, "protetto da una password", false},
		{"bomba-zip.xlsx", workbook("<row r=\"1\">", repeat(" ", 300<<20)), "occupa più di 256 MB", false},
		{"bomba-di-righe.xlsx", workbook(`<row><c t="inlineStr"><is><t>codice fiscale</t></is></c></row>`, repeat(`<row><c t="inlineStr"><is><t>x</t></is></c></row>`, 400_000)), "più di 250000 righe", false},
		{"bomba-xml.xlsx", archive(part{"xl/workbook.xml", once(`<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>`)}), "definizioni XML", false},
		{"entita.xlsx", workbook(`<row><c t="inlineStr"><is><t>&xxe;</t></is></c></row>`), "danneggiato", false},
		{"cella-di-10-MB.xlsx", workbook(`<row><c t="inlineStr"><is><t>`, repeat("x", 10<<20), once(`</t></is></c></row>`)), "Alla riga 1 una cella ha un testo di più di", false},
		{"cella-comune-di-10-MB.xlsx", archive(books(part{"xl/sharedStrings.xml", join(once(`<sst xmlns="`+mainSpace+`"><si><t>`), repeat("x", 10<<20), once(`</t></si></sst>`))})...), "Una cella del file ha un testo di più di", false},
		{"milione-di-colonne.xlsx", workbook(`<row>`, repeat(`<c t="inlineStr"><is><t>x</t></is></c>`, 1_000_000), once(`</row>`)), "La riga 1 ha più di 200 colonne", false},
		{"colonna-lontana.xlsx", workbook(`<row><c r="XFD1"><v>1</v></c></row>`), "La riga 1 ha più di 200 colonne", false},
		{"colonna-che-non-c-e.xlsx", workbook(`<row><c r="ZZZZZ1"><v>1</v></c></row>`), "danneggiato", false},
		{"bomba-di-righe-vuote.xlsx", workbook("", repeat(`<row/>`, 40_000_000)), "più di 1048576 righe, anche vuote", false},
		{"bomba-di-celle-vuote.xlsx", workbook("", repeat(`<row>`+strings.Repeat(`<c/>`, 1000)+`</row>`, 40_000)), "milioni di celle o di righe senza nulla dentro", false},
		{"bomba-di-attributi.xlsx", workbook("", repeat(`<row`+strings.Repeat(` a=""`, 1000)+`/>`, 30_000)), "milioni di celle o di righe senza nulla dentro", false},
		{"bomba-di-commenti.xlsx", workbook("", repeat(`<!---->`, 30_000_000)), "milioni di celle o di righe senza nulla dentro", false},
		{"bomba-di-formati.xlsx", archive(books(part{"xl/sharedStrings.xml", join(once(`<sst><si>`), repeat(`<r/>`, 30_000_000), once(`</si></sst>`))})...), "milioni di celle o di righe senza nulla dentro", false},
		{"cella-due-volte.xlsx", workbook(`<row><c r="A1" t="inlineStr"><is><t>codice fiscale</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>`), "La cella A2 c’è due volte", false},
		{"cella-di-altra-riga.xlsx", workbook(`<row r="1"><c r="A1" t="inlineStr"><is><t>codice fiscale</t></is></c></row><row r="2"><c r="A3"><v>1</v></c></row>`), "nella riga 2 c’è una cella che si chiama A3", false},
		{"foglio-interrotto.xlsx", archive(books(part{"xl/worksheets/sheet1.xml", once(`<worksheet><sheetData>` + rows(code, `<c><v>1</v></c>`))})...), "danneggiato o incompleto", false},
		{"parte-due-volte.xlsx", archive(append(sheetParts(once(rows(code, `<c><v>1</v></c>`))), part{"XL/Worksheets/sheet1.xml", once(`<worksheet/>`)})...), "danneggiato o incompleto", false},
		{"righe-a-rovescio.xlsx", workbook(`<row r="2"><c t="inlineStr"><is><t>codice fiscale</t></is></c></row><row r="1"><c><v>1</v></c></row>`), "danneggiato", false},
		{"attributo-enorme.xlsx", workbook(`<row x="`, repeat("x", 20<<20), once(`"><c><v>1</v></c></row>`)), "una cella ha un testo di più di", false},
		{"testi-mancanti.xlsx", headed(code, `<c t="s"><v>99</v></c>`), "il testo di questa cella manca", false},
		{"non-numero.xlsx", headed(code, `<c><v>ciao</v></c>`), "Non è un numero, anche se il file lo dice", false},
		{"infinito.xlsx", headed(code, `<c><v>1e999</v></c>`), "Non è un numero, anche se il file lo dice", false},
		{"codice-numero.xlsx", headed(code, `<c><v>8.0006890646E+19</v></c>`), "più di 15 cifre", false},
		{"zeri-persi.xlsx", headed(code, `<c><v>123456789</v></c>`), "forse Excel ha tolto gli zeri iniziali", true},
		{"formula.xlsx", headed(code, `<c><f>HYPERLINK("http://esempio.example")</f></c>`), "La cella contiene una formula senza risultato", false},
		{"errore.xlsx", headed(code, `<c t="e"><f>1/0</f><v>#DIV/0!</v></c>`), "Contiene un errore di Excel (#DIV/0!)", false},
		{"macro.xlsm", archive(append(sheetParts(once(rows(code, `<c t="inlineStr"><is><t>80006890646</t></is></c>`))), part{"xl/vbaProject.bin", repeat("x", 100)})...), "delle macro: non sono state lette né eseguite", false},
		{"testi-ripetuti.xlsx", archive(append(sheetParts(join(once(`<row><c t="s"><v>1</v></c></row>`), repeat(`<row><c t="s"><v>0</v></c></row>`, 40_000))),
			part{"xl/sharedStrings.xml", join(once(`<sst><si><t>`), repeat("x", 8000), once(`</t></si><si><t>codice fiscale</t></si></sst>`))})...), "occupa più di 256 MB", false},
		{"colonne-nascoste.xlsx", archive(books(part{"xl/worksheets/sheet1.xml", join(once(`<worksheet><cols>`), repeat(`<col min="1" max="200" hidden="1"/>`, 500_000),
			once(`</cols><sheetData>`+rows(code, `<c><v>1</v></c>`)+`</sheetData></worksheet>`))})...), "Nel foglio sono nascoste delle colonne", false},
		{"molte-parti.zip", func() []byte {
			var parts []part
			for i := range 3000 {
				parts = append(parts, part{fmt.Sprintf("%d", i), once("")})
			}
			return archive(parts...)()
		}, "Il file contiene 3000 parti", false},
	}
}

// book is an ordinary file.
func book(code string, change func(*excelize.File), o ...excelize.Options) []byte {
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "codice meccanografico", "B1": "codice fiscale", "C1": "partita IVA", "A2": code, "B2": "80006890646"} {
		f.SetCellValue("Sheet1", cell, v) // of a sheet that is there it cannot fail
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b, o...); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// part is a file in an archive, which is written piece by piece.
type part struct {
	name string
	body func(io.Writer)
}

func once(s string) func(io.Writer) { return func(w io.Writer) { io.WriteString(w, s) } }

func repeat(s string, n int) func(io.Writer) {
	return func(w io.Writer) {
		block := strings.Repeat(s, max(1, min(n, (64<<10)/len(s))))
		for n > 0 {
			take := min(n, len(block)/len(s))
			io.WriteString(w, block[:take*len(s)])
			n -= take
		}
	}
}

func join(all ...func(io.Writer)) func(io.Writer) {
	return func(w io.Writer) {
		for _, f := range all {
			f(w)
		}
	}
}

func archive(parts ...part) func() []byte {
	return func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, p := range parts {
			w, err := z.Create(p.name)
			if err != nil {
				panic(err)
			}
			p.body(w)
		}
		if err := z.Close(); err != nil {
			panic(err)
		}
		return b.Bytes()
	}
}

// books are the parts of a file of Excel but for its sheet, such as other programs open too.
func books(more ...part) []part {
	texts := slices.ContainsFunc(more, func(p part) bool { return p.name == "xl/sharedStrings.xml" })
	var out []part
	for _, p := range frame([]Sheet{{Name: "Dati"}}, texts, false) {
		out = append(out, part{p.Name, once(p.Body)})
	}
	return append(out, more...)
}

func sheetParts(body func(io.Writer)) []part {
	return books(part{"xl/worksheets/sheet1.xml", join(once(`<worksheet xmlns="`+mainSpace+`"><sheetData>`), body, once(`</sheetData></worksheet>`))})
}

// workbook is a file of Excel with a sheet that is put together from pieces.
func workbook(first string, more ...func(io.Writer)) func() []byte {
	return archive(sheetParts(join(append([]func(io.Writer){once(first)}, more...)...))...)
}

func rows(code, cell string) string {
	t := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	return `<row>` + t("codice meccanografico") + t("codice fiscale") + t("partita IVA") + `</row><row>` + t(code) + cell + `</row>`
}

// headed is a file with a header and one row, of which the second cell is given.
func headed(code, cell string) func() []byte { return workbook(rows(code, cell)) }
