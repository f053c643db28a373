package app

import (
	"context"
	"errors"

	"rinnova"
	"rinnova/internal/sign"
)

// signing sets the signer from the configured key; without one, contracts and letters wait, and who processes or accepts one reads why.
func (a *App) signing() error {
	key, err := a.Config.Sign.key(a.Clock)
	if err != nil || key == nil {
		return err
	}
	a.UseKey(key)
	return nil
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
