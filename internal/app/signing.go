package app

import (
	"context"
	"errors"
	"time"

	"rinnova"
	"rinnova/internal/sign"
)

// soon is how long before its end a key is spoken of in the log.
const soon = 30 * 24 * time.Hour

// signing sets the signer from the configured key. Without a good one nobody is kept from working: contracts and letters wait, who would
// process or accept one reads why, and the log says it.
func (a *App) signing() {
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

// Verify cannot tell whose signature it is.
func (p noPen) Verify([]byte) error { return p.Ready() }

// SignedLast cannot tell either.
func (p noPen) SignedLast([]byte) error { return p.Ready() }

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
	a.Contracts.Signer, a.Letters.Signer = s, s
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

// Verify checks that a PDF is whole and that the last signature is of our key.
func (s signer) Verify(pdf []byte) error {
	report, err := sign.Verify(pdf)
	if err != nil {
		return err
	}
	if !report.Last().Certificate.Equal(s.Key().Certificate()) {
		return errors.New("signed with another key")
	}
	return nil
}

// SignedLast checks that the last signature of a PDF is of our key and covers all of it, whoever has signed before.
func (s signer) SignedLast(pdf []byte) error {
	found, err := sign.InspectPDF(pdf)
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
