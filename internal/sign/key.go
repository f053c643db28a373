package sign

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"time"

	"rinnova"
	"rinnova/internal/sign/cms"
)

// Key is a key that may sign documents, with its certificate. LoadPEM, LoadPKCS12 and DemoKey make one from files,
// NewKey from any crypto.Signer, such as one in a hardware module.
type Key struct {
	signer crypto.Signer
	chain  []*x509.Certificate // the key's certificate first, no root
}

// NewKey puts a key together with its certificate, which it finds among the given ones along with the chain of its
// issuers. It checks all that could make the signature worthless; each fault is a rinnova.Error of kind Invalid.
func NewKey(signer crypto.Signer, certificates []*x509.Certificate, now time.Time) (*Key, error) {
	if err := checkStrength(signer.Public()); err != nil {
		return nil, err
	}
	leaf := certificateOf(signer.Public(), certificates)
	if leaf == nil {
		return nil, rinnova.Fail(rinnova.Invalid, "Nessuno dei certificati indicati appartiene alla chiave di firma.")
	}
	// ETSI EN 319 412-2: a certificate for signatures has contentCommitment, digitalSignature, or both.
	if leaf.KeyUsage&(x509.KeyUsageContentCommitment|x509.KeyUsageDigitalSignature) == 0 {
		return nil, rinnova.Fail(rinnova.Invalid, "Il certificato «%s» non è destinato alla firma (nell’uso della chiave mancano contentCommitment e digitalSignature).", nameOf(leaf))
	}
	k := &Key{signer, chainOf(leaf, certificates)}
	if err := k.InForce(now); err != nil {
		return nil, err
	}
	return k, nil
}

// Certificate is the certificate of the key.
func (k *Key) Certificate() *x509.Certificate { return k.chain[0] }

// InForce checks that every certificate of the chain is valid at t.
func (k *Key) InForce(t time.Time) error {
	for _, c := range k.chain {
		switch {
		case t.Before(c.NotBefore):
			return rinnova.Fail(rinnova.Invalid, "Il certificato di firma «%s» vale solo dal %s.", nameOf(c), rinnova.DateOf(c.NotBefore))
		case t.After(c.NotAfter):
			return rinnova.Fail(rinnova.Invalid, "Il certificato di firma «%s» è scaduto il %s.", nameOf(c), rinnova.DateOf(c.NotAfter))
		}
	}
	return nil
}

func checkStrength(public crypto.PublicKey) error {
	err := cms.CheckKey(public)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cms.ErrKeyTooSmall):
		return rinnova.Fail(rinnova.Invalid, "La chiave di firma è RSA a %d bit: ne servono almeno %d.", public.(*rsa.PublicKey).N.BitLen(), cms.MinRSABits).Because(err)
	}
	return rinnova.Fail(rinnova.Invalid, "La chiave di firma non è di un tipo ammesso: serve RSA da %d bit, oppure ECDSA P-256 o P-384.", cms.MinRSABits).Because(err)
}

// certificateOf finds the certificate of a public key, nil if there is none.
func certificateOf(public crypto.PublicKey, among []*x509.Certificate) *x509.Certificate {
	key, ok := public.(interface{ Equal(crypto.PublicKey) bool })
	for _, c := range among {
		if ok && key.Equal(c.PublicKey) {
			return c
		}
	}
	return nil
}

// chainOf is leaf, its issuer, the issuer's issuer, as far as they are given. A root is left out: whoever trusts it
// has it, and it would only make every document longer.
func chainOf(leaf *x509.Certificate, among []*x509.Certificate) []*x509.Certificate {
	chain := []*x509.Certificate{leaf}
	for last := leaf; len(chain) <= len(among); {
		issuer := issuerOf(last, among)
		if issuer == nil || isRoot(issuer) {
			break
		}
		chain = append(chain, issuer)
		last = issuer
	}
	return chain
}

func issuerOf(c *x509.Certificate, among []*x509.Certificate) *x509.Certificate {
	for _, i := range among {
		if i != c && bytes.Equal(c.RawIssuer, i.RawSubject) && c.CheckSignatureFrom(i) == nil {
			return i
		}
	}
	return nil
}

func isRoot(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

// nameOf is how people know a certificate.
func nameOf(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return c.Subject.CommonName
	}
	return c.Subject.String()
}
