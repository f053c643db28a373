// Package letter is the texts that bind, in versions that never change: the terms of contract that a school accepts, and the
// letter with which it appoints the vendor as processor of its personal data (GDPR, art. 28).
//
// A letter is prepared: text, school and vendor are copied into a snapshot, and its PDF is kept. The school signs it and
// sends the signed file back, which is kept as it came; the office accepts it or asks for another one. Nothing is ever
// replaced: each letter and each signed file is added to those before.
package letter

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"rinnova"
)

// Terms is one version of the terms of contract, or of the text of the letter. A change of a single byte is a new version.
type Terms struct {
	ID            string
	Kind          string // assistance or services, as renewal.Kind; or Appointment
	Version       string // 2027-01
	Title         string // Condizioni generali di manutenzione, assistenza e rinnovo licenza
	Body          string // Markdown as published: # title, ## clauses, paragraphs; UTF-8, LF
	EffectiveFrom rinnova.Date
}

// SHA256 is the hash of the text's bytes that acceptance stores and the contract prints, in lower-case hex.
func (t Terms) SHA256() string {
	h := sha256.Sum256([]byte(t.Body))
	return hex.EncodeToString(h[:])
}

// Clause is one numbered clause.
type Clause struct {
	Title      string // 1. Oggetto
	Paragraphs []string
}

var heading = regexp.MustCompile(`(?m)^## +`)

// Clauses splits the text at its second-level headings.
func (t Terms) Clauses() []Clause {
	parts := heading.Split(t.Body, -1)
	var out []Clause
	for _, p := range parts[min(1, len(parts)):] {
		title, rest, _ := strings.Cut(p, "\n")
		c := Clause{Title: strings.TrimSpace(title)}
		for para := range strings.SplitSeq(rest, "\n\n") {
			if s := strings.Join(strings.Fields(para), " "); s != "" {
				c.Paragraphs = append(c.Paragraphs, s)
			}
		}
		out = append(out, c)
	}
	return out
}
