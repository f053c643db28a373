package sheettest

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Part is a file inside a workbook.
type Part struct{ Name, Body string }

// Archive packs parts in their order.
func Archive(parts ...Part) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.Name)
		if err == nil {
			_, err = w.Write([]byte(p.Body))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Sheet is one of the sheets of a workbook: what stands in its sheetData, and how it is to be shown.
type Sheet struct{ Name, State, Rows string }

// The namespaces of an ordinary workbook.
const (
	mainSpace      = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRelation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace   = "http://schemas.openxmlformats.org/package/2006/"
)

// Relations is the text of a .rels part: pairs of a type, without the beginning that all have, and a target.
func Relations(pairs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><Relationships xmlns="%srelationships">`, packageSpace)
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>`, i/2+1, officeRelation, pairs[i], pairs[i+1])
	}
	return b.String() + `</Relationships>`
}

// Workbook is a whole file as Excel itself would open it, with more parts where it needs them (xl/styles.xml and
// xl/sharedStrings.xml are known to it).
func Workbook(sheets []Sheet, more ...Part) []byte {
	has := func(name string) bool { return slices.ContainsFunc(more, func(p Part) bool { return p.Name == name }) }
	parts := frame(sheets, has("xl/sharedStrings.xml"), has("xl/styles.xml"))
	for i, s := range sheets {
		parts = append(parts, Part{"xl/" + sheetPart(i), `<?xml version="1.0"?><worksheet xmlns="` + mainSpace + `"><sheetData>` + s.Rows + `</sheetData></worksheet>`})
	}
	return Archive(append(parts, more...)...)
}

func sheetPart(i int) string { return fmt.Sprintf("worksheets/sheet%d.xml", i+1) }

// frame is what a workbook has beside its sheets.
func frame(sheets []Sheet, texts, styles bool) []Part {
	types := `<?xml version="1.0"?><Types xmlns="` + packageSpace + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>`
	override := func(part, kind string) {
		types += `<Override PartName="/` + part + `" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.` + kind + `+xml"/>`
	}
	override("xl/workbook.xml", "sheet.main")
	book := `<?xml version="1.0"?><workbook xmlns="` + mainSpace + `" xmlns:r="` + officeRelation + `"><sheets>`
	var relations []string
	for i, s := range sheets {
		state := s.State
		if state != "" {
			state = ` state="` + state + `"`
		}
		book += fmt.Sprintf(`<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, s.Name, i+1, state, i+1)
		relations = append(relations, "worksheet", sheetPart(i))
		override("xl/"+sheetPart(i), "worksheet")
	}
	if texts {
		relations = append(relations, "sharedStrings", "sharedStrings.xml")
		override("xl/sharedStrings.xml", "sharedStrings")
	}
	if styles {
		relations = append(relations, "styles", "styles.xml")
		override("xl/styles.xml", "styles")
	}
	return []Part{
		{"[Content_Types].xml", types + `</Types>`},
		{"_rels/.rels", Relations("officeDocument", "xl/workbook.xml")},
		{"xl/workbook.xml", book + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", Relations(relations...)},
	}
}

// Rows are rows of a sheet, each cell a text without a reference; a cell that begins with a tag is taken as it is.
func Rows(rows ...[]string) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString("<row>")
		for _, c := range r {
			if strings.HasPrefix(c, "<") {
				b.WriteString(c)
			} else {
				fmt.Fprintf(&b, `<c t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, c)
			}
		}
		b.WriteString("</row>")
	}
	return b.String()
}
