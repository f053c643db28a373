package letter_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"rinnova/internal/pdf/incremental"
	"rinnova/internal/sign/cms"
)

// restricting signs a PDF as programs do that certify it: the signature says which changes may follow (ISO 32000-1, 12.8.2.2).
func restricting(t *testing.T, pdf []byte) []byte {
	t.Helper()
	const room, rangeRoom = 4000, "[0                                 ]"
	u, err := incremental.Open(pdf)
	must(t, err)
	pages, err := u.Pages()
	must(t, err)
	signature := u.Add(incremental.Dict{
		"Type": incremental.Name("Sig"), "Filter": incremental.Name("Adobe.PPKLite"), "SubFilter": incremental.Name("ETSI.CAdES.detached"), "M": incremental.Date(signedAt),
		"ByteRange": incremental.Raw(rangeRoom), "Contents": incremental.Raw("<" + strings.Repeat("0", 2*room) + ">"),
		"Reference": incremental.Array{incremental.Dict{"Type": incremental.Name("SigRef"), "TransformMethod": incremental.Name("DocMDP"),
			"TransformParams": incremental.Dict{"Type": incremental.Name("TransformParams"), "P": incremental.Integer(1), "V": incremental.Name("1.2")}}},
	})
	field := u.Add(incremental.Dict{"Type": incremental.Name("Annot"), "Subtype": incremental.Name("Widget"), "FT": incremental.Name("Sig"), "T": incremental.Text("Certificazione"),
		"V": signature, "P": pages[0], "Rect": incremental.Raw("[0 0 0 0]"), "F": incremental.Integer(132)})
	catalog, err := u.Dict(u.Root())
	must(t, err)
	catalog["AcroForm"] = incremental.Dict{"Fields": incremental.Array{field}, "SigFlags": incremental.Integer(3)}
	u.Set(u.Root(), catalog)
	out, at := u.Bytes()
	begin := at[signature]
	start := begin + bytes.Index(out[begin:], []byte("<0000"))
	end := start + 2*room + 2
	copy(out[begin+bytes.Index(out[begin:], []byte(rangeRoom)):], fmt.Sprintf("[0 %d %d %d", start, end, len(out)-end))
	h := sha256.New()
	h.Write(out[:start])
	h.Write(out[end:])
	der, err := certifier(t).Detached(t.Context(), [sha256.Size]byte(h.Sum(nil)))
	must(t, err)
	hex.Encode(out[start+1:], der)
	return out
}

// certifier is a key with a certificate of its own.
func certifier(t *testing.T) cms.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "Firmatario inventato"}, NotBefore: signedAt.AddDate(-1, 0, 0), NotAfter: signedAt.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageContentCommitment}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	certificate, err := x509.ParseCertificate(der)
	must(t, err)
	return cms.Signer{Key: key, Chain: []*x509.Certificate{certificate}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
