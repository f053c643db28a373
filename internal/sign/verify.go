package sign

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"rinnova"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign/cms"
	"rinnova/internal/sign/tsp"
)

// Report says who signed a document that Verify has found in order.
type Report struct {
	Signatures []Signature // the oldest first; the last one covers the whole file
}

// Last is the signature that covers the whole file.
func (r Report) Last() Signature { return r.Signatures[len(r.Signatures)-1] }

// Signature is one valid signature of a document.
type Signature struct {
	Field       string
	Certificate *x509.Certificate
	At          time.Time // the claimed time of signing
	Timestamp   time.Time // by a time-stamping authority; zero where there is none

	end int // of the bytes that it covers, its own among them
}

// maxSignatures bounds the work that a hostile document can make.
const maxSignatures = 32

// Verify checks a document that this package has signed: each signature is valid under the certificate inside, which
// was in force, each covers its revision without a gap, and the last covers the whole file, so that no byte of it can
// have changed. It does not ask who issued the certificates: compare Last().Certificate with the one that must have
// signed.
//
// The errors are rinnova.Errors of kind Invalid: not signed, altered, or something appended.
func Verify(pdf []byte) (Report, error) {
	found, err := signatureFields(pdf)
	if err != nil {
		return Report{}, rinnova.Fail(rinnova.Invalid, "Il documento non si legge come PDF firmato.").Because(err)
	}
	if len(found) == 0 {
		return Report{}, rinnova.Fail(rinnova.Invalid, "Il documento non è firmato.")
	}
	var r Report
	for _, f := range found {
		s, err := f.verify(pdf)
		if err != nil {
			return Report{}, rinnova.Fail(rinnova.Invalid, "La firma «%s» non è valida: il documento è stato alterato o la firma è difettosa.", f.name).Because(err)
		}
		r.Signatures = append(r.Signatures, s)
	}
	slices.SortStableFunc(r.Signatures, func(a, b Signature) int { return a.end - b.end })
	if r.Last().end != len(pdf) {
		return Report{}, rinnova.Fail(rinnova.Invalid, "Dopo la firma è stato aggiunto qualcosa al documento.")
	}
	return r, nil
}

// signatureField is a signed field: its name, its signature dictionary, and where that stands.
type signatureField struct {
	name  string
	value incremental.Dict
	at    int
}

func signatureFields(pdf []byte) ([]signatureField, error) {
	u, err := incremental.Open(pdf)
	if err != nil {
		return nil, err
	}
	form, err := openForm(u)
	if err != nil {
		return nil, err
	}
	fields, err := form.dicts()
	if err != nil {
		return nil, err
	}
	var found []signatureField
	for _, d := range fields {
		r, signed := d["V"].(incremental.Ref)
		if d["FT"] != incremental.Name("Sig") || !signed {
			continue
		}
		value, err := u.Dict(r)
		if err != nil {
			return nil, err
		}
		name, _ := incremental.StringBytes(d["T"])
		at, _ := u.Offset(r)
		found = append(found, signatureField{string(name), value, at})
	}
	if len(found) > maxSignatures {
		return nil, fmt.Errorf("%d signatures", len(found))
	}
	return found, nil
}

func (f signatureField) verify(pdf []byte) (Signature, error) {
	if f.value["SubFilter"] != subFilter {
		return Signature{}, fmt.Errorf("kind of signature %v, want %s", f.value["SubFilter"], subFilter)
	}
	start, end, length, err := f.hole(pdf)
	if err != nil {
		return Signature{}, err
	}
	if length < len(pdf) {
		if _, err := incremental.Open(pdf[:length]); err != nil {
			return Signature{}, fmt.Errorf("the signed revision: %w", err)
		}
	}
	contents, _ := incremental.StringBytes(f.value["Contents"])
	signature, err := cms.Parse(contents)
	if err != nil {
		return Signature{}, err
	}
	if err := signature.Verify(digestAround(pdf[:length], start, end)); err != nil {
		return Signature{}, err
	}
	s := Signature{Field: f.name, Certificate: signature.Certificate, end: length}
	if s.At, err = incremental.ParseDate(f.value["M"]); err != nil {
		return Signature{}, err
	}
	if c := s.Certificate; s.At.Before(c.NotBefore) || s.At.After(c.NotAfter) {
		return Signature{}, fmt.Errorf("the certificate was not in force on %s", s.At.Format(time.RFC3339))
	}
	if signature.Timestamp != nil {
		s.Timestamp, err = verifyTimestamp(signature)
	}
	return s, err
}

// hole reads the ByteRange: which bytes the signature leaves out, and where the revision that it covers ends. What is
// left out must be exactly the Contents of this signature; whether the rest is a complete document is for the caller to see.
func (f signatureField) hole(pdf []byte) (start, end, length int, err error) {
	r, _ := f.value["ByteRange"].(incremental.Array)
	var n [4]int
	for i, o := range r {
		v, ok := o.(incremental.Integer)
		if len(r) != len(n) || !ok || v < 0 || v > incremental.Integer(len(pdf)) {
			return 0, 0, 0, errors.New("bad ByteRange")
		}
		n[i] = int(v)
	}
	start, end, length = n[1], n[2], n[2]+n[3]
	if n[0] != 0 || start <= f.at || end < start+2 || length < end || length > len(pdf) {
		return 0, 0, 0, errors.New("the ByteRange does not cover the document")
	}
	contents, ok := f.value["Contents"].(incremental.HexString)
	if !ok || pdf[start] != '<' || pdf[end-1] != '>' {
		return 0, 0, 0, errors.New("the ByteRange leaves out something else than the signature")
	}
	left, err := hex.DecodeString(string(pdf[start+1 : end-1]))
	if err != nil || !bytes.Equal(left, []byte(contents)) {
		return 0, 0, 0, errors.New("the ByteRange leaves out something else than the signature")
	}
	return start, end, length, nil
}

func verifyTimestamp(s *cms.Signature) (time.Time, error) {
	token, err := tsp.Parse(s.Timestamp)
	if err != nil {
		return time.Time{}, err
	}
	if token.Digest != sha256.Sum256(s.Value) {
		return time.Time{}, errors.New("the time-stamp is for something else (imprint differs)")
	}
	return token.Time, nil
}
