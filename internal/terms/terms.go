// Package terms is the texts that bind, in versions that never change: the terms of contract that a school accepts, and the
// text of the letter with which it appoints the vendor as processor of its personal data (GDPR, art. 28).
//
// A version is published with the day from which it holds. From then on it is part of what schools accept: it is never changed,
// a change of a single byte is a new version. Until that day it can be taken back.
package terms

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"rinnova"
)

// Kind tells what a text is for.
type Kind string

// The kinds: terms of contract for each kind of renewal, and the letter of appointment.
const (
	Assistance  Kind = "assistance"
	Services    Kind = "services"
	Appointment Kind = "appointment"
)

// Kinds are all of them, as pages list them.
var Kinds = []Kind{Assistance, Services, Appointment}

// Terms is one version of a text.
type Terms struct {
	ID            string
	Kind          Kind
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
