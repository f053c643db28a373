// Package letter is the letter with which a school appoints the vendor as processor of its personal data (GDPR, art. 28).
//
// A letter is prepared: text, school and vendor are copied into a snapshot, and its PDF is kept. The school signs it and
// sends the signed file back, which is kept as it came; the office accepts it or asks for another one. Nothing is ever
// replaced: each letter and each signed file is added to those before.
package letter

import (
	"fmt"
	"strings"
	"time"

	"rinnova"
)

// State is where a school stands with its letter.
type State string

// The states. A school that has not begun has none.
const (
	Missing  State = ""
	Prepared State = "prepared" // to be signed
	Sent     State = "sent"     // the signed file is here; the office has not looked at it
	ToRedo   State = "redo"     // the office wants another one, and says why
	Accepted State = "accepted"
)

// Held is the outcome of a signed file that is not sent yet: the school has been asked about it.
const Held State = "held"

// States are all of them, those first in which the office has something to do.
var States = []State{Sent, ToRedo, Prepared, Missing, Accepted}

// Label is the state as people read it.
func (s State) Label() rinnova.Text {
	switch s {
	case Prepared:
		return rinnova.Say("Da firmare")
	case Sent:
		return rinnova.Say("Inviata")
	case ToRedo:
		return rinnova.Say("Da rifare")
	case Accepted:
		return rinnova.Say("Accettata")
	}
	return rinnova.Say("Da preparare")
}

// File is what is kept of a file: these bytes and no others.
type File struct {
	Key    string
	SHA256 string // lower-case hex
	Size   int64
}

// Letter is a letter as it was prepared. It is never changed: another text or other data make another letter.
type Letter struct {
	ID       string
	SchoolID string
	Number   int // counts the letters of the school
	TermsID  string
	Document Document
	File     File // the PDF
	By       string
	At       time.Time

	DocumentSHA256 string // of the document as it is stored
}

// FileName is what the letter is called in downloads, with the extension pdf or docx: with its number, so that nobody signs an
// older one.
func (l *Letter) FileName(extension string) string {
	return fmt.Sprintf("lettera-di-nomina-%d-%s.%s", l.Number, strings.ToLower(l.Document.School.MinistryCode), extension)
}

// Signed is a signed letter as the school has sent it, with what the office said of it. A later one is added beside it.
type Signed struct {
	ID       string
	SchoolID string
	Number   int // counts the signed files of the school
	LetterID string
	Name     string // of the file, as the school calls it: one line of text
	Facts    Facts
	File     File
	By       string
	At       time.Time

	Outcome State  // Accepted, ToRedo, Sent while the office has not looked, or Held
	Reason  string // why it is to be done again
	Clerk   string
	Decided time.Time

	Acceptance Acceptance // the vendor's; zero while there is none
}

// Acceptance is the vendor's acceptance of a signed letter, with its digital signature.
type Acceptance struct {
	Kind AcceptanceKind // "" where there is none
	File File
	At   time.Time
}

// AcceptanceKind is how the vendor accepts.
type AcceptanceKind string

// The two ways.
const (
	Countersigned AcceptanceKind = "countersigned" // the school's PDF, to which the vendor's signature was added
	Sheet         AcceptanceKind = "sheet"         // a PDF of its own, which names the school's file by its hash
)

// FileName is what the signed file is called in downloads: never as the school calls it. code is its ministry code.
func (s *Signed) FileName(code string) string {
	name := "lettera-di-nomina-firmata-" + s.place(code)
	if s.Facts.Format == P7M {
		name += ".p7m"
	}
	return name
}

// AcceptanceName is what the vendor's acceptance is called in downloads and mails.
func (s *Signed) AcceptanceName(code string) string {
	if s.Acceptance.Kind == Countersigned {
		return "lettera-di-nomina-controfirmata-" + s.place(code)
	}
	return "accettazione-lettera-di-nomina-" + s.place(code)
}

func (s *Signed) place(code string) string {
	return fmt.Sprintf("%s-invio-%d.pdf", strings.ToLower(code), s.Number)
}

// Scan tells whether the file may be the scan of a paper that was signed by hand: it has no digital signature.
func (s *Signed) Scan() bool { return len(s.Facts.Signatures) == 0 }

// Standing is where a school stands.
type Standing struct {
	State    State
	Prepared int // how many letters: the number of the last one
	Signed   int // how many signed files
	LetterID string
	SignedID string
	At       time.Time // of the last change
}

// History is a school's letter with all that was prepared and sent, the newest first.
type History struct {
	Standing
	Letters []Letter
	Copies  []Signed
	Held    *Signed // what the school has been asked about; nil where nothing is
}

// Outdated tells whether a signed file is of a letter that was prepared again since.
func (h *History) Outdated(s *Signed) bool {
	return s.Facts.Number > 0 && s.Facts.Number < h.Standing.Prepared
}

// Last is the newest prepared letter; nil where there is none.
func (h *History) Last() *Letter {
	if len(h.Letters) == 0 {
		return nil
	}
	return &h.Letters[0]
}

// LastSigned is the newest signed file; nil where there is none.
func (h *History) LastSigned() *Signed {
	if len(h.Copies) == 0 {
		return nil
	}
	return &h.Copies[0]
}
