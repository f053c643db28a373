package sign

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"rinnova/internal/pdf/incremental"
)

// subFilter is the kind of signature that PAdES prescribes.
const subFilter = incremental.Name("ETSI.CAdES.detached")

// rangeRoom keeps the place of a ByteRange with offsets of up to ten digits each.
const rangeRoom = "[0                                 ]"

// draft is a document that is complete but for the signature itself. The hole is the hexadecimal string for it, with
// its angle brackets; everything else is signed.
type draft struct {
	bytes      []byte
	start, end int // of the hole
}

// prepare appends a signature field on the first page, with room for a signature of so many bytes.
func prepare(pdf []byte, o Options, room int) (*draft, error) {
	u, err := incremental.Open(pdf)
	if err != nil {
		return nil, err
	}
	// The keys are written in alphabetical order, so that ByteRange and Contents come first and stand at known places.
	value := incremental.Dict{
		"Type":      incremental.Name("Sig"),
		"Filter":    incremental.Name("Adobe.PPKLite"),
		"SubFilter": subFilter,
		"ByteRange": incremental.Raw(rangeRoom),
		"Contents":  incremental.Raw("<" + strings.Repeat("0", 2*room) + ">"),
		"M":         incremental.Date(o.At),
	}
	for key, text := range map[incremental.Name]string{"Name": o.Name, "Reason": o.Reason, "Location": o.Location} {
		if text != "" {
			value[key] = incremental.Text(text)
		}
	}
	if o.Certify {
		value["Reference"] = incremental.Array{certification}
	}
	signature := u.Add(value)
	if o.Certify {
		if err := certify(u, signature); err != nil {
			return nil, err
		}
	}
	if err := addField(u, signature, o.FieldName); err != nil {
		return nil, err
	}
	out, at := u.Bytes()
	const before, between = "<</ByteRange", "/Contents"
	rangeAt := at[signature] + len(before)
	d := &draft{bytes: out, start: rangeAt + len(rangeRoom) + len(between)}
	d.end = d.start + 2*room + 2
	if !bytes.HasPrefix(out[at[signature]:], []byte(before+rangeRoom+between+"<0")) || out[d.end-1] != '>' {
		return nil, errors.New("the signature dictionary is not laid out as expected")
	}
	byteRange := fmt.Sprintf("[0 %d %d %d", d.start, d.end, len(out)-d.end)
	if len(byteRange) >= len(rangeRoom) {
		return nil, errors.New("the document is too long to sign")
	}
	copy(out[rangeAt:], byteRange)
	return d, nil
}

// certification says what may follow: signatures (P 2). With P 1 the signature of the other party would be a forbidden change too.
var certification = incremental.Dict{
	"Type":            incremental.Name("SigRef"),
	"TransformMethod": incremental.Name("DocMDP"),
	"TransformParams": incremental.Dict{"Type": incremental.Name("TransformParams"), "P": incremental.Integer(2), "V": incremental.Name("1.2")},
}

// certify names the signature as the document's certification; a document that is signed already cannot have one.
func certify(u *incremental.Update, signature incremental.Ref) error {
	signed, err := signedFields(u)
	if err != nil {
		return err
	}
	if len(signed) > 0 {
		return errors.New("a certification must be the first signature")
	}
	catalog, err := u.Dict(u.Root())
	if err != nil {
		return err
	}
	catalog["Perms"] = incremental.Dict{"DocMDP": signature}
	u.Set(u.Root(), catalog)
	return nil
}

// digest is the SHA-256 of what the signature covers.
func (d *draft) digest() [sha256.Size]byte { return digestAround(d.bytes, d.start, d.end) }

func digestAround(b []byte, start, end int) (sum [sha256.Size]byte) {
	h := sha256.New()
	h.Write(b[:start])
	h.Write(b[end:])
	h.Sum(sum[:0])
	return sum
}

// complete puts the signature into the hole; what is left of it stays zero.
func (d *draft) complete(der []byte) []byte {
	hex.Encode(d.bytes[d.start+1:], der)
	return d.bytes
}

// addField adds the form field and its widget, in one object, to the document's form and to its first page.
func addField(u *incremental.Update, signature incremental.Ref, name string) error {
	pages, err := u.Pages()
	if err != nil {
		return err
	}
	if len(pages) == 0 {
		return errors.New("the document has no page")
	}
	form, err := openForm(u)
	if err != nil {
		return err
	}
	if name, err = form.freeName(name); err != nil {
		return err
	}
	field := u.Add(incremental.Dict{
		"Type":    incremental.Name("Annot"),
		"Subtype": incremental.Name("Widget"),
		"FT":      incremental.Name("Sig"),
		"T":       incremental.Text(name),
		"TU":      incremental.Text("Firma digitale"), // what a screen reader says (PDF/UA)
		"F":       incremental.Integer(4 | 128),       // Print, which PDF/A asks for, and Locked
		"Rect":    incremental.Raw("[0 0 0 0]"),       // invisible
		"P":       pages[0],
		"V":       signature,
	})
	if err := form.add(field); err != nil {
		return err
	}
	return addAnnotation(u, pages[0], field)
}

func addAnnotation(u *incremental.Update, page, annotation incremental.Ref) error {
	d, err := u.Dict(page)
	if err != nil {
		return err
	}
	annotations, err := array(u, d["Annots"])
	if err != nil {
		return fmt.Errorf("annotations of the first page: %w", err)
	}
	d["Annots"] = append(annotations, annotation)
	d["Tabs"] = incremental.Name("S") // PDF/UA asks for it on every page with an annotation
	u.Set(page, d)
	return nil
}

// array resolves o to a copy of an array; a missing one is empty.
func array(u *incremental.Update, o incremental.Object) (incremental.Array, error) {
	o, err := u.Resolve(o)
	if err != nil {
		return nil, err
	}
	switch a := o.(type) {
	case nil, incremental.Null:
		return nil, nil
	case incremental.Array:
		return append(incremental.Array(nil), a...), nil
	}
	return nil, errors.New("not an array")
}
