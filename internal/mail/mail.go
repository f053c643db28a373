// Package mail writes, sends and keeps electronic mail. It knows no word of the trade.
//
// A Content is a mail as its author thinks of it: a subject and blocks (paragraphs, a table, a list, a button). It
// gives the plain text and the HTML, so that both say the same. A Message adds the envelope and becomes MIME. A Sender
// hands one Message over: SMTP to a mail server, Folder to a directory, for demonstrations that must not reach anybody.
//
// Sending may be repeated: an attempt that fails says in its *Error whether another can help, Tries.Next says when, and
// the Message-ID never changes, so that a mail that arrives twice is seen to be the same.
package mail

import (
	"context"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"

	"rinnova"
)

// Message is one mail to one recipient.
type Message struct {
	ID          string // the Message-ID without angle brackets, as MessageID makes it; the same at each attempt
	From        string // an RFC 5322 address with or without a name, as Address writes it; also the envelope's sender
	ReplyTo     string // where answers go; empty: to From
	To          string // one RFC 5322 address
	Subject     string // one line
	Text        string // plain text, lines ended by \n
	HTML        string // the same in HTML; empty: text only
	Attachments []Attachment
	Unsubscribe string    // where one post stops mails of this sort (RFC 8058); empty: nowhere
	Date        time.Time // when the mail was written; the same at each attempt
}

// Attachment is a file that goes with a mail.
type Attachment struct {
	Name        string // printable ASCII without path: contratto-2027-000123.pdf
	ContentType string // application/pdf
	Data        []byte
}

// Sender hands a message over. An error that is an *Error tells whether another attempt can help; any other error is
// temporary.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// MessageID makes the Message-ID of the mail that is stored under a row's id: always the same for the same row, and
// unique in the world if the domain belongs to the sender.
func MessageID(row, domain string) string { return row + "@" + domain }

// Address writes an address with a name as a header wants it: quoted or encoded where the name needs it. An empty name
// gives the bare address.
func Address(name, email string) string {
	if name == "" {
		return email
	}
	return (&netmail.Address{Name: name, Address: email}).String()
}

// ParseAddress reads one address, with or without a name. It takes what every mail server takes: ASCII, no quoted local
// part, a domain with a dot. The error is safe for people and names the address.
func ParseAddress(s string) (*netmail.Address, error) {
	refuse := func(cause error) (*netmail.Address, error) {
		return nil, rinnova.Fail(rinnova.Invalid, "L’indirizzo e-mail «%s» non è valido: serve un solo indirizzo, come nome@esempio.it.", printable(s)).Because(cause)
	}
	if hasControl(s) {
		return refuse(fmt.Errorf("control character"))
	}
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return refuse(err)
	}
	if hasControl(a.Name) { // it may come out of an encoded word
		return refuse(fmt.Errorf("control character in the name"))
	}
	if !rinnova.IsMailAddress(a.Address) {
		return refuse(fmt.Errorf("no mail server takes %q", a.Address))
	}
	return a, nil
}

// hasControl tells whether s has a character that no header may have: C0, DEL, C1, or a line or paragraph separator.
func hasControl(s string) bool { return strings.ContainsFunc(s, isControl) }

func isControl(r rune) bool {
	return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029'
}

// printable is s for an error message: on one line, and not endless.
func printable(s string) string { return rinnova.Short(visible(s), 100) }

func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if isControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}
