package cms

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"runtime"
	"testing"

	"rinnova/internal/sign/signtest"
)

// allocated is how many bytes do takes, whether or not it gives them back.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Elements whose end nobody tells are copied, not all that may be in them.
func TestManyOpenElementsAreNotCopiedOften(t *testing.T) {
	ber := append(append([]byte{0x30, 0x80}, bytes.Repeat([]byte{0x30, 0x80, 0x24, 0x00, 0, 0}, 20_000)...), 0, 0)
	took := allocated(func() {
		if _, _, err := derOf(ber); err != nil {
			t.Error(err)
		}
	})
	if took > 100*uint64(len(ber)) {
		t.Errorf("%d bytes take %d", len(ber), took)
	}
}

// signedWith is signed data without content, with these sets of digests and signers.
func signedWith(digests, signers []byte) []byte {
	oid := func(b ...byte) []byte { return value(0x06, b) }
	inner := bytes.Join([][]byte{{2, 1, 1}, value(0x31, digests), value(0x30, oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01)), value(0x31, signers)}, nil)
	return value(0x30, append(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02), value(0xa0, value(0x30, inner))...))
}

// aSigner has these attributes.
func aSigner(attributes []byte) []byte {
	algorithm := value(0x30, value(0x06, []byte{0x2a}))
	name := value(0x30, append(value(0x30, nil), 2, 1, 1))
	return value(0x30, bytes.Join([][]byte{{2, 1, 1}, name, algorithm, value(0xa0, attributes), algorithm, value(0x04, []byte{1})}, nil))
}

// Sets of very many members take no more memory than the file.
func TestManyMembersTakeNoMemory(t *testing.T) {
	const n = 100_000
	for name, ber := range map[string][]byte{
		"digests":    signedWith(bytes.Repeat(value(0x30, value(0x06, []byte{0x2a})), n), aSigner(nil)),
		"signers":    signedWith(nil, bytes.Repeat(aSigner(nil), n)),
		"attributes": signedWith(nil, aSigner(bytes.Repeat(value(0x30, []byte{0x06, 1, 0x2a, 0x31, 0}), n))),
		"values":     signedWith(nil, aSigner(value(0x30, append([]byte{0x06, 1, 0x2a}, value(0x31, bytes.Repeat([]byte{5, 0}, n))...)))),
	} {
		took := allocated(func() {
			if _, _, err := ParseForeign(ber); (err != nil) != (name == "signers") {
				t.Errorf("%s: %v", name, err)
			}
		})
		if took > 4*uint64(len(ber)) {
			t.Errorf("%s: %d bytes take %d", name, len(ber), took)
		}
	}
}

// A key that nobody uses is not computed with, for that takes the square of its length.
func TestHugeKeys(t *testing.T) {
	n := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 16_384), big.NewInt(1))
	d := digest{hash: crypto.SHA256}
	err := checkRSA(&rsa.PublicKey{N: n, E: 3}, pkix.AlgorithmIdentifier{Algorithm: oidSHA256WithRSA}, d, d.sum(nil), make([]byte, 16_384/8+1))
	if err == nil || errors.Is(err, ErrAltered) {
		t.Errorf("checked: %v", err)
	}
}

// FuzzParseForeign looks for panics and for work without end.
func FuzzParseForeign(f *testing.F) {
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Add(signedWith(value(0x30, value(0x06, []byte{0x2a})), aSigner(value(0x30, []byte{0x06, 1, 0x2a, 0x31, 0}))))
	for _, key := range []crypto.Signer{signtest.P256(f), signtest.RSA3072(f)} {
		s := signer(f, signtest.NewCA(f), key)
		s.Timestamp = func(context.Context, []byte) ([]byte, error) { return []byte{0x30, 3, 1, 2, 3}, nil }
		der, err := s.Enveloping(f.Context(), content, signtest.Now)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(der)
	}
	f.Fuzz(func(t *testing.T, ber []byte) {
		took := allocated(func() {
			all, _, err := ParseForeign(ber)
			for _, s := range all {
				if err == nil {
					_ = s.Holds(s.Content)
				}
			}
		})
		if most := uint64(1<<20 + 1000*len(ber)); took > most {
			t.Errorf("%d bytes take %d", len(ber), took)
		}
	})
}
