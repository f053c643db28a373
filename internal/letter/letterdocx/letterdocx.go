// Package letterdocx writes the letter of appointment as a file that word processors open: Office Open XML (ECMA-376, part 1),
// with no more than such a file needs. It has no macros and refers to nothing outside.
package letterdocx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"time"

	"rinnova"
	"rinnova/internal/letter"
)

// ContentType is the media type of the file.
const ContentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// Write makes the file of a letter. The same letter gives the same bytes.
func Write(d letter.Document) ([]byte, error) {
	parts, err := d.Parts()
	if err != nil {
		return nil, err
	}
	w := &writer{letter: d, parts: parts}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	at := time.Date(d.Date.Year, d.Date.Month, d.Date.Day, 12, 0, 0, 0, rinnova.Rome)
	for _, f := range []struct {
		name    string
		content any
	}{
		{"[Content_Types].xml", contentTypes()}, // readers want it first
		{"_rels/.rels", packageRelations()},
		{"docProps/core.xml", coreProperties(d.Title(), d.School.Name, at)},
		{"word/document.xml", w.document()},
		{"word/_rels/document.xml.rels", documentRelations()},
		{"word/styles.xml", raw(styles)},
		{"word/numbering.xml", raw(numbering)},
		{"word/settings.xml", raw(settings)},
		{"word/footer1.xml", w.footer()},
	} {
		content, err := marshal(f.content)
		if err != nil {
			return nil, fmt.Errorf("letterdocx: %s: %w", f.name, err)
		}
		part, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: at.UTC()})
		if err != nil {
			return nil, fmt.Errorf("letterdocx: %w", err)
		}
		if _, err := part.Write(content); err != nil {
			return nil, fmt.Errorf("letterdocx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("letterdocx: %w", err)
	}
	return b.Bytes(), nil
}
