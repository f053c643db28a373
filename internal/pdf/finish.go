package pdf

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"rinnova/internal/pdf/incremental"
)

const language = "it-IT"

// Producer is who every file of this package says that it is made by.
const Producer = "Rinnova"

// Bytes ends the document and returns the file. Nothing can be drawn afterwards.
func (d *Document) Bytes() ([]byte, error) {
	if len(d.pages) == 0 {
		return nil, errors.New("pdf: a document without pages")
	}
	if d.current != d.root {
		return nil, fmt.Errorf("pdf: element %s was not closed", d.current.role)
	}
	d.closeMark()
	f := d.res.newFile()
	catalog, root := f.reserve(), f.reserve()
	pages := d.addPages(f, root)
	kids := make(incremental.Array, len(pages))
	for i, p := range pages {
		kids[i] = p
	}
	f.set(root, incremental.Dict{
		"Type": incremental.Name("Pages"), "Kids": kids, "Count": incremental.Integer(len(kids)),
		"MediaBox": incremental.Raw("[0 0 595.28 841.89]"), "Resources": d.addResources(f),
	})
	profile := f.add(&incremental.Stream{Data: d.res.profile, Dict: incremental.Dict{
		"N": incremental.Integer(3), "Alternate": incremental.Name("DeviceRGB"), "Filter": incremental.Name("FlateDecode"),
	}})
	f.set(catalog, incremental.Dict{
		"Type":  incremental.Name("Catalog"),
		"Pages": root,
		"Lang":  incremental.String(language),
		"Metadata": f.add(&incremental.Stream{Data: d.info.xmp(), Dict: incremental.Dict{
			"Type": incremental.Name("Metadata"), "Subtype": incremental.Name("XML"),
		}}),
		"OutputIntents": incremental.Array{incremental.Dict{
			"Type": incremental.Name("OutputIntent"), "S": incremental.Name("GTS_PDFA1"),
			"OutputConditionIdentifier": incremental.String("sRGB"), "Info": incremental.String("sRGB IEC61966-2.1"),
			"DestOutputProfile": profile,
		}},
		"MarkInfo":          incremental.Dict{"Marked": incremental.Bool(true)},
		"StructTreeRoot":    addTree(f, d.root, pages),
		"ViewerPreferences": incremental.Dict{"DisplayDocTitle": incremental.Bool(true)},
	})
	return f.end(catalog, f.add(d.info.object())), nil
}

// object is the document information dictionary (14.3.3).
func (i Info) object() incremental.Dict {
	d := incremental.Dict{
		"Title":        incremental.Text(i.Title),
		"Producer":     incremental.Text(Producer),
		"CreationDate": incremental.LocalDate(i.Created),
		"ModDate":      incremental.LocalDate(i.Created),
	}
	if i.Author != "" {
		d["Author"] = incremental.Text(i.Author)
	}
	return d
}

func (d *Document) addPages(f *file, parent incremental.Ref) []incremental.Ref {
	var out []incremental.Ref
	for i, p := range d.pages {
		out = append(out, f.add(incremental.Dict{
			"Type": incremental.Name("Page"), "Parent": parent, "Contents": f.addStream(p.b, nil),
			"StructParents": incremental.Integer(i), "Tabs": incremental.Name("S"),
		}))
	}
	return out
}

// addResources writes what all pages share: fonts and pictures.
func (d *Document) addResources(f *file) incremental.Dict {
	fonts := incremental.Dict{}
	for w, s := range d.fonts {
		if len(s.glyphs) > 1 {
			fonts[incremental.Name(fontNames[w][1:])] = d.addFont(f, s)
		}
	}
	out := incremental.Dict{"Font": fonts}
	if len(d.images) > 0 {
		images := incremental.Dict{}
		for i, image := range d.images {
			images[incremental.Name(imageName(i))] = f.add(image.object())
		}
		out["XObject"] = images
	}
	return out
}

// addFont writes a font as a composite one whose codes are the numbers of its glyphs (9.7).
func (d *Document) addFont(f *file, s *subset) incremental.Ref {
	data := s.file()
	name := incremental.Name(subsetTag(data) + "+" + s.font.name)
	descriptor := f.add(incremental.Dict{
		"Type": incremental.Name("FontDescriptor"), "FontName": name, "Flags": incremental.Integer(4), // symbolic: codes of its own
		"FontBBox": incremental.Raw(fmt.Sprintf("[%d %d %d %d]", s.font.box[0], s.font.box[1], s.font.box[2], s.font.box[3])),
		"Ascent":   incremental.Integer(s.font.ascent), "Descent": incremental.Integer(s.font.descent),
		"CapHeight": incremental.Integer(s.font.capHeight), "ItalicAngle": incremental.Integer(0),
		"StemV":     incremental.Integer(50 + s.font.weight*s.font.weight/(65*65)), // an estimate from the weight, as others make it
		"FontFile2": f.addStream(data, incremental.Dict{"Length1": incremental.Integer(len(data))}),
		"CIDSet":    f.addStream(allOf(len(s.glyphs)), nil),
	})
	widths := make(incremental.Array, len(s.glyphs))
	for i, g := range s.glyphs {
		widths[i] = incremental.Integer(s.font.advance(g))
	}
	descendant := f.add(incremental.Dict{
		"Type": incremental.Name("Font"), "Subtype": incremental.Name("CIDFontType2"), "BaseFont": name,
		"CIDSystemInfo":  incremental.Raw("<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"),
		"FontDescriptor": descriptor, "W": incremental.Array{incremental.Integer(0), widths}, "CIDToGIDMap": incremental.Name("Identity"),
	})
	return f.add(incremental.Dict{
		"Type": incremental.Name("Font"), "Subtype": incremental.Name("Type0"), "BaseFont": name,
		"Encoding": incremental.Name("Identity-H"), "DescendantFonts": incremental.Array{descendant},
		"ToUnicode": f.addStream(s.characters(), nil),
	})
}

// allOf is a set of the first n numbers as a string of bits, the first in the highest bit (table 124).
func allOf(n int) []byte {
	b := make([]byte, (n+7)/8)
	for i := range n {
		b[i/8] |= 0x80 >> (i % 8)
	}
	return b
}

// subsetTag is the six letters that tell subsets of a font apart (9.6.4).
func subsetTag(data []byte) string {
	sum := sha256.Sum256(data)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// characters is the table from codes to Unicode (9.10.3), by which text can be searched, copied and read aloud.
func (s *subset) characters() []byte {
	b := []byte("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n" +
		"1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	var codes []int
	for n, c := range s.runes {
		if c != 0 {
			codes = append(codes, n)
		}
	}
	const atMost = 100 // in one block, says the format
	for len(codes) > 0 {
		block := codes[:min(len(codes), atMost)]
		codes = codes[len(block):]
		b = fmt.Appendf(b, "%d beginbfchar\n", len(block))
		for _, n := range block {
			b = fmt.Appendf(b, "<%04X><%04X>\n", n, s.runes[n])
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap CMapName currentdict/CMap defineresource pop end end\n"...)
}
