package sign

import (
	"bytes"
	"context"
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign/cms"
	"rinnova/internal/sign/signtest"
)

// continued appends a revision to a document.
func continued(t testing.TB, pdf []byte, change func(u *incremental.Update)) []byte {
	t.Helper()
	u, err := incremental.Open(pdf)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	out, _ := u.Bytes()
	return out
}

// signedBy completes a document with a signature that SignPDF would not make.
func signedBy(t testing.TB, s cms.Signer, o Options) []byte {
	t.Helper()
	d, err := prepare(drawn(t), o, 4096)
	if err != nil {
		t.Fatal(err)
	}
	der, err := s.Detached(t.Context(), d.digest())
	if err != nil {
		t.Fatal(err)
	}
	return d.complete(der)
}

func TestVerifyRefuses(t *testing.T) {
	ca := signtest.NewCA(t)
	s := NewSigner(someKey(t, ca, signtest.P256(t)), nil)
	good := signed(t, s, drawn(t), options)
	anotherStamp := s.cms()
	anotherStamp.Timestamp = func(ctx context.Context, _ []byte) ([]byte, error) {
		return (&TSA{URL: ca.NewTSA(t).URL}).Timestamp(ctx, sha256.Sum256([]byte("another signature")))
	}
	noStamp := s.cms()
	noStamp.Timestamp = func(context.Context, []byte) ([]byte, error) { return []byte{0x30, 3, 2, 1, 1}, nil }
	late := options
	late.At = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	start, end := hole(t, good)
	elsewhere := continued(t, drawn(t), func(u *incremental.Update) {
		u.SetInfo(u.Add(incremental.Dict{"Title": incremental.Text("Un altro documento")}))
	})
	moved := signed(t, s, elsewhere, options)
	movedStart, movedEnd := hole(t, moved)

	for name, c := range map[string]struct {
		pdf  []byte
		want string
	}{
		"no PDF":                      {[]byte("contratto"), "non si legge"},
		"empty":                       {nil, "non si legge"},
		"not signed":                  {drawn(t), "Il documento non è firmato"},
		"a revision appended":         {continued(t, good, func(*incremental.Update) {}), "Dopo la firma è stato aggiunto qualcosa"},
		"a line appended":             {append(bytes.Clone(good), '\n'), "aggiunto"},
		"cut":                         {good[:len(good)-1], ""},
		"the last revision cut off":   {good[:len(drawn(t))], "non è firmato"},
		"the signature of another":    {concat(moved[:movedStart], good[start:end], moved[movedEnd:]), "not the one that was signed"},
		"no signature in the hole":    {concat(good[:start+1], bytes.Repeat([]byte("0"), end-start-2), good[end-1:]), "non è valida"},
		"a time-stamp of another":     {signedBy(t, anotherStamp, options), "imprint differs"},
		"a time-stamp that is none":   {signedBy(t, noStamp, options), "time-stamp"},
		"certificate no longer valid": {signedBy(t, s.cms(), late), "not in force"},
		"the form taken away":         {continued(t, good, withoutForm(t)), "non è firmato"},
		"a first signature broken":    {signed(t, s, flipped(good, 700), options), "«Firma1» non è valida"},
	} {
		_, err := Verify(c.pdf)
		if rinnova.KindOf(err) != rinnova.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
}

func concat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func flipped(pdf []byte, at int) []byte {
	out := bytes.Clone(pdf)
	out[at] ^= 1
	return out
}

func withoutForm(t testing.TB) func(*incremental.Update) {
	return func(u *incremental.Update) {
		catalog, err := u.Dict(u.Root())
		if err != nil {
			t.Fatal(err)
		}
		delete(catalog, "AcroForm")
		u.Set(u.Root(), catalog)
	}
}

// TestForgedFields: signature dictionaries that no signer writes.
func TestForgedFields(t *testing.T) {
	good := signed(t, p256Signer(t), drawn(t), options)
	u, err := incremental.Open(good)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := signatureFields(good)
	if err != nil {
		t.Fatal(err)
	}
	form, err := openForm(u)
	if err != nil {
		t.Fatal(err)
	}
	field, err := u.Dict(form.fields[0].(incremental.Ref))
	if err != nil {
		t.Fatal(err)
	}
	size := incremental.Integer(len(good))
	ints := func(n ...incremental.Integer) incremental.Array {
		var a incremental.Array
		for _, v := range n {
			a = append(a, v)
		}
		return a
	}
	for key, values := range map[incremental.Name][]incremental.Object{
		"SubFilter": {nil, incremental.Name("adbe.pkcs7.detached"), incremental.String(subFilter)},
		"M":         {nil, incremental.String("ieri"), incremental.Integer(1)},
		"Contents":  {nil, incremental.HexString(""), incremental.String("abc"), incremental.HexString("\x30\x00")},
		"ByteRange": {nil, incremental.Integer(1), ints(), ints(0, 1, 2), ints(0, 1, 2, 3, 4), ints(0, 0, 0, 0), ints(0, 0, 0, size), ints(0, size, size, 0),
			ints(1, 100, 200, 10), ints(0, -1, 5, 5), ints(0, 100, 99, 1), ints(0, 1<<40, 1<<41, 1), ints(0, size-1, size, size), ints(0, size-2, size-1, 1),
			incremental.Array{incremental.Name("A"), incremental.Null{}, incremental.Integer(1), incremental.Real(2)}},
	} {
		for _, v := range values {
			pdf := continued(t, good, func(u *incremental.Update) {
				value := fields[0].value.Clone()
				value[key] = v
				f := field.Clone()
				f["V"] = u.Add(value)
				u.Set(form.fields[0].(incremental.Ref), f)
			})
			if _, err := Verify(pdf); rinnova.KindOf(err) != rinnova.Invalid {
				t.Errorf("%s %v: %v", key, v, err)
			}
		}
	}
	for name, fields := range map[string]incremental.Object{
		"no array": incremental.Integer(1),
		"direct":   incremental.Array{incremental.Dict{}},
		"missing":  incremental.Array{incremental.Ref{Number: 999}},
		"too many": append(incremental.Array{}, repeated(form.fields[0], maxSignatures+1)...),
		"none":     incremental.Array{},
		"null":     incremental.Ref{Number: 999},
		"no field": incremental.Array{u.Root()},
	} {
		pdf := continued(t, good, func(u *incremental.Update) {
			catalog, _ := u.Dict(u.Root())
			catalog["AcroForm"] = incremental.Dict{"Fields": fields}
			u.Set(u.Root(), catalog)
		})
		if _, err := Verify(pdf); rinnova.KindOf(err) != rinnova.Invalid {
			t.Errorf("fields %s: %v", name, err)
		}
	}
}

func repeated(o incremental.Object, n int) (out []incremental.Object) {
	for range n {
		out = append(out, o)
	}
	return out
}

func FuzzVerify(f *testing.F) {
	s := p256Signer(f)
	once := signed(f, s, drawn(f), options)
	f.Add(once)
	f.Add(signed(f, s, once, options))
	f.Fuzz(func(t *testing.T, pdf []byte) {
		r, err := Verify(pdf)
		if (err == nil) != (len(r.Signatures) > 0) {
			t.Fatalf("%d signatures, %v", len(r.Signatures), err)
		}
		if err != nil && rinnova.KindOf(err) != rinnova.Invalid {
			t.Fatal(err)
		}
	})
}
