package sign

import (
	"context"
	"crypto"
	"crypto/sha256"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"rinnova"
	"rinnova/internal/sign/signtest"

	"github.com/digitorus/timestamp"
)

func TestTimestamp(t *testing.T) {
	ca := signtest.NewCA(t)
	server := ca.NewTSA(t)
	digest := sha256.Sum256([]byte("firma"))
	for name, key := range keysOfAuthorities(t) {
		server.Key, server.Certificate = key, ca.Issue(t, "Marche temporali "+name, key.Public(), signtest.ForTimestamps)
		token, err := (&TSA{URL: server.URL}).Timestamp(t.Context(), digest)
		if err != nil {
			t.Fatal(err)
		}
		stamp, err := timestamp.Parse(token)
		if err != nil || !stamp.Time.Equal(signtest.Now) || [32]byte(stamp.HashedMessage) != digest {
			t.Errorf("%s: %+v, %v", name, stamp, err)
		}
	}
}

func keysOfAuthorities(t *testing.T) map[string]crypto.Signer {
	return map[string]crypto.Signer{"P-256": signtest.P256(t), "RSA-3072": signtest.RSA3072(t)}
}

func TestTimestampAuthentication(t *testing.T) {
	server := signtest.NewCA(t).NewTSA(t)
	var user, password string
	server.Instead = func(w http.ResponseWriter, r *http.Request) {
		user, password, _ = r.BasicAuth()
		http.Error(w, "no", http.StatusUnauthorized)
	}
	tsa := &TSA{URL: server.URL, Username: "utente", Password: "segreta"}
	_, err := tsa.Timestamp(t.Context(), [32]byte{})
	if user != "utente" || password != "segreta" {
		t.Errorf("sent %q, %q", user, password)
	}
	if err == nil || !strings.Contains(err.Error(), "401") || strings.Contains(err.Error(), "segreta") {
		t.Errorf("got %v", err)
	}
}

// TestWrongAnswers: whatever the authority does, no document leaves with it, and the office is told in its words.
func TestWrongAnswers(t *testing.T) {
	ca := signtest.NewCA(t)
	plain := signtest.P256(t)
	reply := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			io.WriteString(w, body)
		}
	}
	const kind = "application/timestamp-reply"
	for name, c := range map[string]struct {
		spoil   func(*timestamp.Timestamp)
		instead http.HandlerFunc
		plain   bool // signed by a certificate that is not for time-stamping
		want    string
	}{
		"another nonce":       {spoil: func(s *timestamp.Timestamp) { s.Nonce = big.NewInt(1) }, want: "nonce differs"},
		"no nonce":            {spoil: func(s *timestamp.Timestamp) { s.Nonce = nil }, want: "nonce differs"},
		"another imprint":     {spoil: func(s *timestamp.Timestamp) { s.HashedMessage = make([]byte, 32) }, want: "imprint differs"},
		"another algorithm":   {spoil: func(s *timestamp.Timestamp) { s.HashAlgorithm = crypto.SHA384 }, want: "imprint differs"},
		"no certificate":      {spoil: func(s *timestamp.Timestamp) { s.AddTSACertificate = false }, want: "certificate is not inside"},
		"another certificate": {plain: true, want: "not signed by a certificate for time-stamping"},
		"500":                 {instead: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }, want: "500"},
		"a page":              {instead: reply("text/html; charset=utf-8", "<p>Accesso negato"), want: `answered with "text/html"`},
		"nothing":             {instead: reply(kind, ""), want: "answer of"},
		"garbage":             {instead: reply(kind, "\x30\x03\x02\x01"), want: "answer of"},
		"refusal":             {instead: reply(kind, "\x30\x05\x30\x03\x02\x01\x02"), want: "rejected"},
		"granted, no token":   {instead: reply(kind, "\x30\x05\x30\x03\x02\x01\x00"), want: "no pkcs7 data"},
		"endless":             {instead: reply(kind, strings.Repeat("x", 1<<20)), want: "more than 65536 bytes"},
		"cut off": {instead: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			reply(kind, "\x30")(w, nil)
		}, want: "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			server := ca.NewTSA(t)
			server.Spoil, server.Instead = c.spoil, c.instead
			if c.plain {
				server.Key, server.Certificate = plain, ca.Issue(t, "Non per marche", plain.Public())
			}
			s := NewSigner(someKey(t, ca, signtest.P256(t)), &TSA{URL: server.URL})
			out, err := s.SignPDF(t.Context(), drawn(t), options)
			if out != nil || rinnova.KindOf(err) != rinnova.Unavailable {
				t.Fatalf("%d bytes, error %v", len(out), err)
			}
			if !strings.Contains(err.Error(), "La marca temporale non è disponibile") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want %q in it", err, c.want)
			}
		})
	}
}

func TestAuthorityThatHangs(t *testing.T) {
	server := signtest.NewCA(t).NewTSA(t)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	server.Instead = func(http.ResponseWriter, *http.Request) { <-release }
	tsa := &TSA{URL: server.URL, Timeout: 50 * time.Millisecond}
	if _, err := tsa.Timestamp(t.Context(), [32]byte{}); err == nil || !strings.Contains(err.Error(), "deadline exceeded") {
		t.Errorf("timeout: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	tsa.Timeout = 0
	if _, err := tsa.Timestamp(ctx, [32]byte{}); err == nil {
		t.Error("the caller's context does not end the request")
	}
	if _, err := (&TSA{URL: "http://127.0.0.1:1"}).Timestamp(t.Context(), [32]byte{}); err == nil {
		t.Error("nobody answers, and it passes")
	}
	if _, err := (&TSA{URL: ":"}).Timestamp(t.Context(), [32]byte{}); err == nil {
		t.Error("a URL that is none passes")
	}
}

// FuzzTimestampToken: what stands in a document's time-stamp attribute may be hostile.
func FuzzTimestampToken(f *testing.F) {
	ca := signtest.NewCA(f)
	digest := sha256.Sum256(nil)
	token, err := (&TSA{URL: ca.NewTSA(f).URL}).Timestamp(f.Context(), digest)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Fuzz(func(t *testing.T, token []byte) {
		if stamp, err := timestamp.Parse(token); err == nil {
			checkStamp(stamp, digest)
		}
	})
}
