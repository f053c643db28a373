package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"rinnova"
)

// parts are the files in an archive, by their names as OPC compares them (ECMA-376, part 2): capitals do not matter, and
// what some programs write as xl\workbook.xml or /xl/workbook.xml is the same part.
type parts struct {
	files  map[string]*zip.File
	twice  map[string]bool
	budget int64 // bytes that may still be unpacked
	tags   tagCount
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(s, `\`, "/")), "/"))
}

func newParts(z *zip.Reader, budget int64) (*parts, error) {
	if len(z.File) > maxParts {
		return nil, rinnova.Fail(rinnova.Invalid, "Il file contiene %d parti: non è un foglio di Excel.", len(z.File))
	}
	p := &parts{files: map[string]*zip.File{}, twice: map[string]bool{}, budget: budget}
	for _, f := range z.File {
		if f.Flags&1 != 0 {
			return nil, rinnova.Fail(rinnova.Invalid, "Il file è protetto da una password. Apritelo con Excel, togliete la password e salvatelo di nuovo.")
		}
		name := partName(f.Name)
		_, p.twice[name] = p.files[name]
		p.files[name] = f
	}
	return p, nil
}

func (p *parts) has(name string) bool { _, ok := p.files[partName(name)]; return ok }

// open begins to read a part. One that is there twice is refused: other programs may take the other one.
func (p *parts) open(name string) (*decoder, error) {
	f, ok := p.files[partName(name)]
	switch {
	case !ok:
		return nil, fmt.Errorf("no part %q", name)
	case p.twice[partName(name)]:
		return nil, fmt.Errorf("part %q is there twice", name)
	case f.UncompressedSize64 > uint64(max(0, p.budget)):
		return nil, errBomb
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	limit := &partLimit{r: r, budget: &p.budget}
	return &decoder{xml.NewDecoder(limit), limit, &p.tags}, nil
}

// relation is what a part says of another: what it is, and where.
type relation struct{ id, kind, target string }

// relations reads what a part refers to; none where it does not say. The empty name is the archive itself.
func (p *parts) relations(of string) ([]relation, error) {
	folder, file := path.Split(of)
	rels := path.Join(folder, "_rels", file+".rels")
	if !p.has(rels) {
		return nil, nil
	}
	d, err := p.open(rels)
	if err != nil {
		return nil, err
	}
	var out []relation
	return out, d.each(func(s xml.StartElement) error {
		if s.Name.Local == "Relationship" && attr(s, "TargetMode") != "External" {
			kind := attr(s, "Type")
			out = append(out, relation{attr(s, "Id"), kind[strings.LastIndexByte(kind, '/')+1:], resolved(folder, attr(s, "Target"))})
		}
		return nil
	})
}

// resolved is the name of a part that is referred to from a folder.
func resolved(folder, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if plain, err := url.PathUnescape(target); err == nil {
		target = plain
	}
	if strings.HasPrefix(target, "/") {
		return partName(target)
	}
	return partName(path.Join(folder, target))
}

// tagCount bounds how many pieces of XML a file may have: 400 kB of <row/> are 40 million, and take the processor a quarter
// of a minute. A table needs some ten for each value that it holds.
type tagCount struct{ all, values int }

// The pieces that every file may have, and those for each value or shared text that it holds.
const (
	freeTags     = 3_000_000
	tagsForValue = 64
	maxTags      = 60_000_000
)

func (c *tagCount) add(n int) error {
	if c.all += n; c.all > min(maxTags, freeTags+tagsForValue*c.values) {
		return errTags
	}
	return nil
}

// decoder reads the tags of a part one by one. Entities of its own and document types are refused: a valid XLSX file has none.
type decoder struct {
	*xml.Decoder
	limit *partLimit
	count *tagCount
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
	pieces := 1
	if s, ok := t.(xml.StartElement); ok {
		pieces += len(s.Attr)
	}
	if many := d.count.add(pieces); many != nil {
		return nil, many
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

// rest reads what is left of a part without looking at it: at its end its checksum is held against what was read.
func (d *decoder) rest() error {
	d.limit.token = 0
	for {
		var chunk [32 << 10]byte
		_, err := d.limit.Read(chunk[:])
		d.limit.token = 0
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
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

// attr is an attribute without a prefix.
func attr(s xml.StartElement, name string) string {
	for _, a := range s.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func truth(s string) bool { return s == "1" || s == "true" || s == "on" }
