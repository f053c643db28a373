package app

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"rinnova"
	"rinnova/internal/contract"
	"rinnova/internal/outbox"
	"rinnova/internal/sign"
)

// soon is how long before its end a key is spoken of in the log.
const soon = 30 * 24 * time.Hour

// signing sets the signer from the configured key. Without a good one nobody is kept from working: contracts and letters wait, who would
// process or accept one reads why, and the log says it.
func (a *App) signing() {
	earlier, err := a.Config.Sign.earlier()
	if err != nil {
		a.Log.Error("certificates of earlier keys (RINNOVA_SIGN_EARLIER)", "error", err)
	}
	for _, c := range earlier {
		a.known.add(c)
	}
	key, err := a.Config.Sign.key(a.Clock)
	switch {
	case err != nil:
		a.Log.Error("the signing key is no good: contracts and letters of appointment wait for another", "error", err)
		p := noPen{err}
		a.Contracts.Signer, a.Letters.Signer = p, p
	case key != nil:
		if end := key.InForce(a.Clock().Add(soon)); end != nil {
			a.Log.Warn("the signing key ends within a month: after that contracts and letters wait", "error", end)
		}
		a.UseKey(key)
	}
}

// noPen implements contract.Signer and letter.Signer where the configured key is no good.
type noPen struct{ why error }

// Ready says why nothing can be signed.
func (p noPen) Ready() error { return badKey(p.why) }

// Sign refuses.
func (p noPen) Sign(context.Context, []byte, string) ([]byte, error) { return nil, p.Ready() }

// SignedLast cannot tell either.
func (p noPen) SignedLast(context.Context, []byte) error { return p.Ready() }

// badKey is what the office reads of a key that cannot sign.
func badKey(why error) error {
	reason := rinnova.Say("La chiave di firma non si può usare.")
	if e, ok := errors.AsType[*rinnova.Error](why); ok {
		reason = e.Message
	}
	return rinnova.Fail(rinnova.Conflict, "%s Finché non c’è una chiave valida, contratti e lettere aspettano e nessun numero viene usato: avvisate chi gestisce il programma.", reason).Because(why)
}

// keyTrouble is why nothing can be signed now, in words for the office; nothing where all is well.
func (a *App) keyTrouble() (rinnova.Text, bool) {
	if a.Contracts.Signer == nil {
		return rinnova.Text{}, false // not set up yet; who processes reads it
	}
	e, ok := errors.AsType[*rinnova.Error](a.Contracts.Signer.Ready())
	if !ok {
		return rinnova.Text{}, false
	}
	return e.Message, true
}

// UseKey lets contracts and acceptances of letters be signed with key.
func (a *App) UseKey(key *sign.Key) {
	var tsa *sign.TSA
	if a.Config.Sign.TSA != "" {
		tsa = &sign.TSA{URL: a.Config.Sign.TSA}
	}
	s := signer{sign.NewSigner(key, tsa), a.Clock}
	a.Contracts.Signer, a.Letters.Signer = certifier{s}, s
	a.known.add(key.Certificate())
}

// signer implements contract.Signer and letter.Signer.
type signer struct {
	*sign.Signer
	clock rinnova.Clock
}

// Ready tells whether the key can sign now: it may have ended since the start.
func (s signer) Ready() error {
	if err := s.Key().InForce(s.clock()); err != nil {
		return badKey(err)
	}
	return nil
}

// Sign signs in the name of the certificate's subject.
func (s signer) Sign(ctx context.Context, pdf []byte, reason string) ([]byte, error) {
	return s.SignPDF(ctx, pdf, sign.Options{Name: s.Key().Certificate().Subject.CommonName, Reason: reason, At: s.clock()})
}

// certifier implements contract.Signer: a contract is certified, so that every reader names what was changed after the signature. A
// letter is not: the school signs it first.
type certifier struct{ signer }

// Sign certifies.
func (s certifier) Sign(ctx context.Context, pdf []byte, reason string) ([]byte, error) {
	return s.SignPDF(ctx, pdf, sign.Options{Name: s.Key().Certificate().Subject.CommonName, Reason: reason, At: s.clock(), Certify: true})
}

// certificates are those with which this installation has signed, by the SHA-256 of each.
type certificates struct {
	mu    sync.RWMutex
	known map[string]bool
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func (k *certificates) add(c *x509.Certificate) { k.addPrint(fingerprint(c)) }

func (k *certificates) addPrint(print string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil {
		k.known = map[string]bool{}
	}
	k.known[print] = true
}

func (k *certificates) has(print string) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.known[print]
}

// Check implements contract.Checker.
func (k *certificates) Check(pdf []byte) (contract.Signature, error) {
	report, err := sign.Verify(pdf)
	if err != nil {
		return contract.Signature{}, err
	}
	c := report.Last().Certificate
	print := fingerprint(c)
	return contract.Signature{Certificate: print, Name: c.Subject.CommonName, Ours: k.has(print)}, nil
}

// attachments implements outbox.Files: what is mailed has passed the checks of whoever keeps it.
type attachments struct{ app *App }

// Attached reads the file of a message.
func (x attachments) Attached(ctx context.Context, m *outbox.Message, key string) ([]byte, error) {
	if m.Kind == outbox.Contract {
		return x.app.Contracts.Original(ctx, m.AboutID)
	}
	return x.app.Letters.Attached(ctx, m.SchoolID, key)
}

// SignedLast checks that the last signature of a PDF is of our key and covers all of it, whoever has signed before.
func (s signer) SignedLast(ctx context.Context, pdf []byte) error {
	found, err := sign.InspectPDF(ctx, pdf)
	if err != nil {
		return err
	}
	for _, f := range found {
		if !f.Continued && f.Integrity == sign.Intact && s.Key().Certificate().Equal(f.Certificate) {
			return nil
		}
	}
	return errors.New("the last signature is not of our key, or does not fit")
}
