package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"rinnova"
)

// Bounds of the parts of an XLSX file beside the cells.
const (
	maxParts   = 2000     // files in the archive
	maxToken   = 1 << 20  // bytes of one tag or text
	maxShared  = 48 << 20 // bytes of all shared texts
	maxStrings = 2_000_000
	maxSheets  = 200
	maxStyles  = 70_000 // Excel itself takes 65,490
)

var (
	errBomb  = errors.New("sheet: more is unpacked than allowed")
	errToken = errors.New("sheet: a tag or text is longer than allowed")
	errTags  = errors.New("sheet: more tags than a table has")
)

// book is an XLSX file, opened.
type book struct {
	*parts
	limits  Limits
	shared  []string
	formats []format // by style
	since   bool     // days are counted from 1904
	anew    bool     // whoever opens it is to compute all formulas: a result of 0 may be none
	sheets  []sheetRef
	notes   []rinnova.Text
}

// sheetRef is a sheet of cells; a chart has none and is not among them.
type sheetRef struct {
	name, rel, part string
	hidden          bool
}

func openBook(data []byte, l Limits) (*book, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged(err)
	}
	p, err := newParts(z, l.Unpacked)
	if err != nil {
		return nil, err
	}
	b := &book{parts: p, limits: l}
	if err := b.read(); err != nil {
		return nil, b.explain(err)
	}
	return b, nil
}

func (b *book) read() error {
	main, err := b.main()
	if err != nil {
		return err
	}
	if err := b.workbook(main); err != nil {
		return err
	}
	styles, texts, err := b.locate(main)
	if err != nil {
		return err
	}
	if b.has("xl/vbaProject.bin") {
		b.notes = append(b.notes, rinnova.Say("Il file contiene delle macro: non sono state lette né eseguite."))
	}
	if err := b.styles(styles); err != nil {
		return err
	}
	return b.strings(texts)
}

// main is the name of the workbook: where the archive says, else where it usually is. Other files that are archives too are
// told.
func (b *book) main() (string, error) {
	all, err := b.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range all {
		if r.kind == "officeDocument" && b.has(r.target) && !strings.HasSuffix(r.target, ".bin") && isWorkbook(r.target) {
			return r.target, nil
		}
	}
	switch {
	case b.has("xl/workbook.xml"):
		return "xl/workbook.xml", nil
	case b.has("xl/workbook.bin"):
		return "", rinnova.Fail(rinnova.Invalid, "Il file è un foglio di Excel binario (.xlsb). Apritelo e salvatelo come «Cartella di lavoro di Excel (.xlsx)».")
	case b.has("content.xml"):
		return "", rinnova.Fail(rinnova.Invalid, "Il file è di LibreOffice (.ods). Apritelo e salvatelo come .xlsx o come CSV UTF-8.")
	case b.has("word/document.xml"), b.has("ppt/presentation.xml"):
		return "", rinnova.Fail(rinnova.Invalid, "Il file è un documento di Word o di PowerPoint. Serve un CSV o un file di Excel (.xlsx).")
	}
	return "", rinnova.Fail(rinnova.Invalid, "Il file è un archivio ZIP. Estraetelo e inviate il CSV o il file di Excel che contiene.")
}

func isWorkbook(part string) bool {
	return !strings.HasPrefix(part, "word/") && !strings.HasPrefix(part, "ppt/")
}

// explain puts what went wrong inside the archive into words.
func (b *book) explain(err error) error {
	var known *rinnova.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, errToken):
		return rinnova.Fail(rinnova.Invalid, "Una cella del file ha un testo di più di %d caratteri: non è un dato.", maxToken).Because(err)
	case errors.Is(err, errTags):
		return rinnova.Fail(rinnova.Invalid, "Il file ha milioni di celle o di righe senza nulla dentro: non viene letto. Copiate le righe che servono in un file nuovo.").Because(err)
	case errors.Is(err, errBomb):
		return rinnova.Fail(rinnova.Invalid, "Il file, una volta aperto, occupa più di %d MB: non viene letto. Togliete fogli e righe che non servono.", b.limits.Unpacked>>20).Because(err)
	}
	return damaged(err)
}

func (b *book) workbook(main string) error {
	d, err := b.open(main)
	if err != nil {
		return err
	}
	err = d.each(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "workbookPr":
			b.since = truth(attr(s, "date1904"))
		case "calcPr":
			b.anew = truth(attr(s, "fullCalcOnLoad"))
		case "sheet":
			state := attr(s, "state")
			ref := sheetRef{name: rinnova.Clean(attr(s, "name")), hidden: state == "hidden" || state == "veryHidden"}
			for _, a := range s.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" && a.Name.Space != "xmlns" {
					ref.rel = a.Value
				}
			}
			if b.sheets = append(b.sheets, ref); len(b.sheets) > maxSheets {
				return rinnova.Fail(rinnova.Invalid, "Il file ha più di %d fogli.", maxSheets)
			}
		}
		return nil
	})
	if err == nil && len(b.sheets) == 0 {
		err = errors.New("a workbook without sheets")
	}
	return err
}

// withoutCells are the kinds of sheets that are no tables.
var withoutCells = []string{"chartsheet", "dialogsheet", "macrosheet", "xlMacrosheet", "xlIntlMacrosheet"}

// locate finds where the sheets, the styles and the shared texts are. Sheets that hold no cells go.
func (b *book) locate(main string) (styles, texts string, err error) {
	all, err := b.relations(main)
	if err != nil {
		return "", "", err
	}
	styles, texts = "xl/styles.xml", "xl/sharedStrings.xml"
	var cells []sheetRef
	for _, s := range b.sheets {
		for _, r := range all {
			if r.id == s.rel && !slices.Contains(withoutCells, r.kind) {
				s.part = r.target
				cells = append(cells, s)
				break
			}
		}
	}
	for _, r := range all {
		switch r.kind {
		case "styles":
			styles = r.target
		case "sharedStrings":
			texts = r.target
		}
	}
	if b.sheets = cells; len(cells) == 0 {
		return "", "", errors.New("no sheet has a part of its own")
	}
	return styles, texts, nil
}

// strings reads the shared texts. One that is longer than a cell may be is cut there: who uses it is told.
func (b *book) strings(part string) error {
	if !b.has(part) {
		return nil
	}
	d, err := b.open(part)
	if err != nil {
		return err
	}
	total := 0
	for {
		t, err := d.token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		s, ok := t.(xml.StartElement)
		if !ok || s.Name.Local != "si" {
			continue
		}
		text, err := d.richText("si", b.limits.Cell)
		if err != nil {
			return err
		}
		b.shared = append(b.shared, text)
		if text != "" {
			b.tags.values++
		}
		if total += len(text); total > maxShared || len(b.shared) > maxStrings {
			return errBomb
		}
	}
}

// richText puts together the texts up to the end of an element, without the readings of Japanese words; it keeps no more
// than one byte over most.
func (d *decoder) richText(end string, most int) (string, error) {
	var out strings.Builder
	inside, phonetic := false, 0
	for {
		t, err := d.token()
		if err != nil {
			return "", unfinished(err)
		}
		switch x := t.(type) {
		case xml.StartElement:
			inside = x.Name.Local == "t"
			if x.Name.Local == "rPh" {
				phonetic++
			}
		case xml.EndElement:
			inside = false
			if x.Name.Local == "rPh" {
				phonetic--
			}
			if x.Name.Local == end {
				return unescaped(out.String()), nil
			}
		case xml.CharData:
			if inside && phonetic == 0 {
				out.Write(x[:min(len(x), max(0, most+1-out.Len()))])
			}
		}
	}
}

// unfinished is an end where none may be.
func unfinished(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
