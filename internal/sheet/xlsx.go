package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
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
)

// book is an XLSX file, opened.
type book struct {
	parts  map[string]*zip.File
	budget int64 // bytes that may still be unpacked
	limits Limits
	shared []string
	dates  []bool // by style: shows a date
	since  bool   // days are counted from 1904
	sheets []sheetRef
}

type sheetRef struct{ name, rel, path string }

func openXLSX(data []byte, name string, l Limits) (source, []rinnova.Text, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, damaged(err)
	}
	b := &book{parts: map[string]*zip.File{}, budget: l.Unpacked, limits: l}
	if err := b.list(z); err != nil {
		return nil, nil, err
	}
	for _, read := range []func() error{b.workbook, b.relations, b.styles, b.strings} {
		if err := read(); err != nil {
			return nil, nil, b.explain(err)
		}
	}
	at, notes := b.pick(name)
	if _, macros := b.parts["xl/vbaProject.bin"]; macros {
		notes = append(notes, rinnova.Say("Il file contiene delle macro: non sono state lette né eseguite."))
	}
	d, err := b.open(b.sheets[at].path)
	if err != nil {
		return nil, nil, b.explain(err)
	}
	return &xlsxSource{book: b, xml: d}, notes, nil
}

// list looks at what the archive holds, and tells other files that are archives too.
func (b *book) list(z *zip.Reader) error {
	if len(z.File) > maxParts {
		return rinnova.Fail(rinnova.Invalid, "Il file contiene %d parti: non è un foglio di Excel.", len(z.File))
	}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return rinnova.Fail(rinnova.Invalid, "Il file è protetto da una password. Apritelo con Excel, togliete la password e salvatelo di nuovo.")
		}
		b.parts[strings.TrimPrefix(f.Name, "/")] = f
	}
	has := func(name string) bool { _, ok := b.parts[name]; return ok }
	switch {
	case has("xl/workbook.xml"):
		return nil
	case has("xl/workbook.bin"):
		return rinnova.Fail(rinnova.Invalid, "Il file è un foglio di Excel binario (.xlsb). Apritelo e salvatelo come «Cartella di lavoro di Excel (.xlsx)».")
	case has("content.xml"):
		return rinnova.Fail(rinnova.Invalid, "Il file è di LibreOffice (.ods). Apritelo e salvatelo come .xlsx o come CSV UTF-8.")
	case has("word/document.xml"), has("ppt/presentation.xml"):
		return rinnova.Fail(rinnova.Invalid, "Il file è un documento di Word o di PowerPoint. Serve un CSV o un file di Excel (.xlsx).")
	}
	return rinnova.Fail(rinnova.Invalid, "Il file è un archivio ZIP. Estraetelo e inviate il CSV o il file di Excel che contiene.")
}

// explain puts what went wrong inside the archive into words.
func (b *book) explain(err error) error {
	var known *rinnova.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, errToken):
		return rinnova.Fail(rinnova.Invalid, "Una cella del file ha un testo di più di %d caratteri: non è un dato.", maxToken).Because(err)
	case errors.Is(err, errBomb):
		return rinnova.Fail(rinnova.Invalid, "Il file, una volta aperto, occupa più di %d MB: non viene letto. Togliete fogli e righe che non servono.", b.limits.Unpacked>>20).Because(err)
	}
	return damaged(err)
}

// decoder reads the tags of a part one by one. Entities of its own and document types are refused: a valid XLSX file has none.
type decoder struct {
	*xml.Decoder
	limit *partLimit
}

func (b *book) open(part string) (*decoder, error) {
	f, ok := b.parts[part]
	if !ok {
		return nil, fmt.Errorf("no part %q", part)
	}
	if f.UncompressedSize64 > uint64(max(0, b.budget)) {
		return nil, errBomb
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	limit := &partLimit{r: r, budget: &b.budget}
	return &decoder{xml.NewDecoder(limit), limit}, nil
}

// token gives the next tag or text.
func (d *decoder) token() (xml.Token, error) {
	d.limit.token = 0
	t, err := d.RawToken()
	if d.limit.failed != nil {
		return nil, d.limit.failed
	}
	if _, doctype := t.(xml.Directive); doctype {
		return nil, rinnova.Fail(rinnova.Invalid, "Il file contiene definizioni XML che un foglio di Excel non ha: non viene letto.")
	}
	return t, err
}

// each goes through the opening tags of a part.
func (d *decoder) each(do func(xml.StartElement) error) error {
	for {
		t, err := d.token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if s, ok := t.(xml.StartElement); ok {
			if err := do(s); err != nil {
				return err
			}
		}
	}
}

// partLimit bounds what is unpacked: of the file, whatever its directory says, and for one tag.
type partLimit struct {
	r      io.Reader
	budget *int64
	token  int
	failed error
}

func (l *partLimit) Read(p []byte) (int, error) {
	switch {
	case *l.budget <= 0:
		l.failed = errBomb
	case l.token > maxToken:
		l.failed = errToken
	}
	if l.failed != nil {
		return 0, l.failed
	}
	n, err := l.r.Read(p)
	l.token += n
	*l.budget -= int64(n)
	return n, err
}

func attr(s xml.StartElement, name string) string {
	for _, a := range s.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func truth(s string) bool { return s == "1" || s == "true" }

func (b *book) workbook() error {
	d, err := b.open("xl/workbook.xml")
	if err != nil {
		return err
	}
	err = d.each(func(s xml.StartElement) error {
		switch s.Name.Local {
		case "workbookPr":
			b.since = truth(attr(s, "date1904"))
		case "sheet":
			ref := sheetRef{name: attr(s, "name")}
			for _, a := range s.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
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

func (b *book) relations() error {
	d, err := b.open("xl/_rels/workbook.xml.rels")
	if err != nil {
		return err
	}
	return d.each(func(s xml.StartElement) error {
		if s.Name.Local != "Relationship" || attr(s, "TargetMode") == "External" {
			return nil
		}
		target := attr(s, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("xl", target)
		}
		for i := range b.sheets {
			if b.sheets[i].rel == attr(s, "Id") {
				b.sheets[i].path = strings.TrimPrefix(target, "/")
			}
		}
		return nil
	})
}

// strings reads the shared texts. One that is longer than a cell may be is cut there: who uses it is told.
func (b *book) strings() error {
	if _, ok := b.parts["xl/sharedStrings.xml"]; !ok {
		return nil
	}
	d, err := b.open("xl/sharedStrings.xml")
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
			return "", err
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
				return out.String(), nil
			}
		case xml.CharData:
			if inside && phonetic == 0 {
				out.Write(x[:min(len(x), max(0, most+1-out.Len()))])
			}
		}
	}
}

// pick chooses the sheet.
func (b *book) pick(name string) (int, []rinnova.Text) {
	at := 0
	for i, s := range b.sheets {
		if name != "" && Fold(s.name) == Fold(name) {
			at = i
			break
		}
	}
	if len(b.sheets) == 1 {
		return at, nil
	}
	return at, []rinnova.Text{rinnova.Say("Il file ha %d fogli: è stato letto «%s».", len(b.sheets), rinnova.Quoted(b.sheets[at].name))}
}
