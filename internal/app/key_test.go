package app_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/app"
)

// writeKey writes a key with a certificate from one instant to another.
func writeKey(t *testing.T, from, to time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Firma di prova"}, NotBefore: from, NotAfter: to, KeyUsage: x509.KeyUsageContentCommitment}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	file := filepath.Join(t.TempDir(), "key.pem")
	must(t, os.WriteFile(file, append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...), 0o600))
	return file
}

// A key that is no good, or goes bad while the portal runs, keeps nobody from working: it is in the log, and who would use it reads why.
func TestABadKeyKeepsNobodyFromWorking(t *testing.T) {
	now := start
	good := writeKey(t, start.AddDate(-1, 0, 0), start.AddDate(0, 6, 0))
	broken := filepath.Join(t.TempDir(), "x.pem")
	must(t, os.WriteFile(broken, []byte("x"), 0o600))
	for name, c := range map[string]struct{ file, says string }{
		"over":       {writeKey(t, start.AddDate(-2, 0, 0), start.AddDate(-1, 0, 0)), "è scaduto"},
		"not yet":    {writeKey(t, start.AddDate(1, 0, 0), start.AddDate(2, 0, 0)), "vale solo dal"},
		"unreadable": {broken, "non è in formato PEM"},
		"not there":  {filepath.Join(t.TempDir(), "y.pem"), "non si può leggere"},
		"over later": {good, "è scaduto"},
	} {
		t.Run(name, func(t *testing.T) {
			now = start
			var log bytes.Buffer
			a, err := app.New(t.Context(), app.Config{Addr: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data"), Sign: app.SignConfig{PEM: []string{c.file}}},
				func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil)))
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			if c.file == good {
				if err := a.Contracts.Signer.Ready(); err != nil {
					t.Error(err)
				}
				now = now.AddDate(0, 7, 0)
			} else if !strings.Contains(log.String(), "level=ERROR") {
				t.Errorf("the log says %q", log.String())
			}
			for _, err := range []error{a.Contracts.Signer.Ready(), a.Letters.Signer.Ready()} {
				if rinnova.KindOf(err) != rinnova.Conflict || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "nessun numero viene usato") {
					t.Errorf("the office reads %v", err)
				}
			}
		})
	}
}
