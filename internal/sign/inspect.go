package sign

import (
	"bytes"
	"context"
	"crypto/sha1" // what others have signed long ago
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign/cms"
)

// Found is a signature that a document of somebody else carries. It says what stands there and whether the document is the
// one that was signed; it does not say that the certificate is good: nobody has asked its authority.
type Found struct {
	Certificate *x509.Certificate // the signer's; nil where it cannot be read
	At          time.Time         // the claimed time of signing; zero where there is none
	Integrity   Integrity
	Continued   bool // something was appended to the document after this signature
	Changed     bool // and that is more than other signatures: what is read now may not be what was signed
	Restricting bool // it says what may follow (ISO 32000-1, 12.8.2): another signature might break that
}

// Integrity tells whether a document is the one that was signed.
type Integrity string

// What can be known of it.
const (
	Unchecked Integrity = "unchecked" // by means that this package does not know
	Intact    Integrity = "intact"
	Altered   Integrity = "altered" // or the signature is not the certificate's
)

// InspectPDF lists the signatures of a PDF file, with those of any program; stamps of time alone are left out. It fails only
// where the file cannot be read as a PDF, or with the error of ctx.
func InspectPDF(ctx context.Context, pdf []byte) ([]Found, error) {
	u, err := incremental.Read(ctx, pdf)
	if err != nil {
		return nil, err
	}
	fields, err := signedFields(u)
	if err != nil {
		return nil, err
	}
	var out []Found
	later := revisions{document: pdf[u.Before():]}
	for _, f := range fields {
		if f.value["Type"] == incremental.Name("DocTimeStamp") || f.value["SubFilter"] == incremental.Name("ETSI.RFC3161") {
			continue
		}
		found, err := f.inspect(ctx, pdf, u.Before(), &later)
		if err != nil {
			return nil, err
		}
		if out = append(out, found...); len(out) > maxSignatures { // each covers all of the file
			return nil, fmt.Errorf("more than %d signatures", maxSignatures)
		}
	}
	return out, nil
}

// maxRevisions bounds how many revisions of a document are held against it: more people do not sign a letter one after the other.
const maxRevisions = 8

// revisions are those of a document that somebody has signed.
type revisions struct {
	document []byte
	changed  map[int]bool // by how long the revision is: whether more than signatures was appended to it
}

// changedAfter tells whether more than signatures follows the first n bytes, or nobody can tell.
func (r *revisions) changedAfter(ctx context.Context, n int) (bool, error) {
	changed, known := r.changed[n]
	switch {
	case known:
		return changed, nil
	case len(r.changed) == maxRevisions:
		return true, nil
	case r.changed == nil:
		r.changed = map[int]bool{}
	}
	_, err := incremental.SignaturesAfter(ctx, r.document, n)
	if r.changed[n] = err != nil; errors.Is(err, incremental.ErrMore) {
		err = nil
	}
	return r.changed[n], err
}

// File is a .p7m file that was opened: its content, and its signatures.
type File struct {
	Content    []byte
	Signatures []Found
	Behind     []byte // what follows the signature and is no part of it, white space and zeros apart
}

// Why a .p7m file does not open.
var (
	ErrDetached  = errors.New("sign: a detached signature, without the document")
	ErrEncrypted = errors.New("sign: not signed but encrypted or compressed")
)

// InspectFile opens a .p7m file.
func InspectFile(p7m []byte) (File, error) {
	all, behind, err := cms.ParseForeign(p7m)
	if errors.Is(err, cms.ErrNotSigned) {
		return File{}, fmt.Errorf("%w: %w", ErrEncrypted, err)
	}
	if err != nil {
		return File{}, err
	}
	f := File{Content: all[0].Content, Behind: behind}
	if f.Content == nil {
		return File{}, ErrDetached
	}
	for _, s := range all {
		f.Signatures = append(f.Signatures, foundBy(s, f.Content))
	}
	return f, nil
}

func foundBy(s *cms.Signature, content ...[]byte) Found {
	f := Found{Certificate: s.Certificate, At: s.SigningTime, Integrity: Intact}
	if err := s.Holds(content...); errors.Is(err, cms.ErrAltered) {
		f.Integrity = Altered
	} else if err != nil {
		f.Integrity = Unchecked
	}
	return f
}

func (f signatureField) inspect(ctx context.Context, pdf []byte, before int, later *revisions) ([]Found, error) {
	at, _ := incremental.ParseDate(f.value["M"]) // zero where there is none
	common := Found{At: at, Integrity: Unchecked, Restricting: f.value["Reference"] != nil}
	covered, rangeErr := f.covered(pdf, before)
	if rangeErr == nil && len(bytes.Trim(covered.rest, "\x00\t\n\f\r ")) > 0 {
		common.Continued = true
		var err error
		if common.Changed, err = later.changedAfter(ctx, len(later.document)-len(covered.rest)); err != nil {
			return nil, err
		}
	}
	contents, _ := incremental.StringBytes(f.value["Contents"])
	all, _, err := cms.ParseForeign(contents)
	if err != nil {
		return []Found{common}, nil
	}
	var out []Found
	for _, s := range all {
		found := common
		found.Certificate, found.Integrity = s.Certificate, Altered
		if rangeErr == nil {
			by := f.found(s, covered)
			if found.Integrity = by.Integrity; at.IsZero() {
				found.At = by.At
			}
		}
		out = append(out, found)
	}
	return out, nil
}

// found holds a signature against what it covers. In the oldest kind what is signed is the SHA-1 of that.
func (f signatureField) found(s *cms.Signature, c coverage) Found {
	if f.value["SubFilter"] != incremental.Name("adbe.pkcs7.sha1") {
		return foundBy(s, c.head, c.tail)
	}
	h := sha1.New()
	h.Write(c.head)
	h.Write(c.tail)
	found := foundBy(s, s.Content)
	switch {
	case !bytes.Equal(h.Sum(nil), s.Content):
		found.Integrity = Altered
	case found.Integrity == Intact: // others can be made with the same SHA-1
		found.Integrity = Unchecked
	}
	return found
}

// coverage is what a signature covers, around the signature itself, and what follows it.
type coverage struct{ head, tail, rest []byte }

// covered reads the ByteRange, which counts from the first byte of the file, or from that of the document where something was put
// before it.
func (f signatureField) covered(pdf []byte, before int) (coverage, error) {
	c, err := f.coveredFrom(pdf)
	if err != nil && before > 0 {
		c, err = f.coveredFrom(pdf[before:])
	}
	return c, err
}

// coveredFrom asks for what any reader does: two ranges from the first byte, which leave out nothing but the signature. Whether its
// brackets are signed along does not matter.
func (f signatureField) coveredFrom(pdf []byte) (coverage, error) {
	r, _ := f.value["ByteRange"].(incremental.Array)
	var n [4]int
	for i, o := range r {
		v, ok := o.(incremental.Integer)
		if len(r) != len(n) || !ok || v < 0 || v > incremental.Integer(len(pdf)) {
			return coverage{}, errors.New("bad ByteRange")
		}
		n[i] = int(v)
	}
	start, end, length := n[1], n[2], n[2]+n[3]
	if n[0] != 0 || start < 1 || end < start || length <= end || length > len(pdf) {
		return coverage{}, errors.New("the ByteRange does not cover the document")
	}
	left := pdf[start:end]
	if pdf[start-1] == '<' && pdf[end] == '>' {
		left = pdf[start-1 : end+1]
	}
	contents, _ := incremental.StringBytes(f.value["Contents"])
	if o, err := incremental.ParseObject(bytes.TrimSpace(left)); err != nil || o != incremental.Object(incremental.HexString(contents)) {
		return coverage{}, errors.New("the ByteRange leaves out something else than the signature")
	}
	return coverage{pdf[:start], pdf[end:length], pdf[length:]}, nil
}

// maxFields bounds the fields of a form that are looked at.
const maxFields = 2000

// signedFields are the signature fields that have a value, those in groups too.
func signedFields(u *incremental.Update) ([]signatureField, error) {
	catalog, err := u.Dict(u.Root())
	if err != nil {
		return nil, err
	}
	o, err := u.Resolve(catalog["AcroForm"])
	if err != nil {
		return nil, err
	}
	form, _ := o.(incremental.Dict)
	roots, err := array(u, form["Fields"])
	if err != nil {
		return nil, fmt.Errorf("fields of the form: %w", err)
	}
	w := fieldWalk{update: u, seen: map[incremental.Ref]bool{}}
	for _, r := range roots {
		if err := w.visit(r, nil); err != nil {
			return nil, err
		}
	}
	return w.found, nil
}

// fieldWalk goes through the tree of fields (ISO 32000-1, 12.7.3).
type fieldWalk struct {
	update *incremental.Update
	seen   map[incremental.Ref]bool
	found  []signatureField
}

// visit looks at a field and those below it; kind is the type that they inherit.
func (w *fieldWalk) visit(o, kind incremental.Object) error {
	r, ok := o.(incremental.Ref)
	if !ok || w.seen[r] {
		return nil
	}
	w.seen[r] = true
	if len(w.seen) > maxFields {
		return errors.New("more fields than any form has")
	}
	d, err := w.update.Dict(r)
	if err != nil {
		return err
	}
	if own := d["FT"]; own != nil {
		kind = own
	}
	if d["V"] != nil && kind == incremental.Name("Sig") {
		if err := w.take(d); err != nil {
			return err
		}
	}
	kids, err := array(w.update, d["Kids"])
	if err != nil {
		return err
	}
	for _, k := range kids {
		if err := w.visit(k, kind); err != nil {
			return err
		}
	}
	return nil
}

func (w *fieldWalk) take(d incremental.Dict) error {
	o, err := w.update.Resolve(d["V"])
	if err != nil {
		return err
	}
	value, ok := o.(incremental.Dict)
	if !ok {
		return nil // a field that waits for its signature
	}
	if len(w.found) == maxSignatures {
		return fmt.Errorf("more than %d signatures", maxSignatures)
	}
	name, _ := incremental.StringBytes(d["T"])
	f := signatureField{name: string(name), value: value}
	if r, ok := d["V"].(incremental.Ref); ok {
		f.at, _ = w.update.Offset(r)
	}
	w.found = append(w.found, f)
	return nil
}
