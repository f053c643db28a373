// Package contract is the vendor's answer to a processed request: the numbered, digitally signed contract, its delivery
// and its public verification.
//
// Processing writes, in one transaction, the frozen request, the next number of the year's series and the whole text of
// the contract as a snapshot. Everything irreversible (the PDF, its signature, the mail) comes strictly after, by jobs that
// the row drives and that may run twice: a contract is numbered, then signed, then sent.
package contract

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"rinnova"
	"rinnova/internal/latin"
	"rinnova/internal/renewal"
)

// State is where a contract stands.
type State string

// The states of a contract.
const (
	Numbered    State = "numbered"    // has its number; the PDF is being made
	Signed      State = "signed"      // the signed PDF is kept
	Sent        State = "sent"        // a mail server has taken it
	Delivered   State = "delivered"   // a receipt says that it arrived
	Undelivered State = "undelivered" // the mail was refused, or tried for 48 hours
)

// States are all of them, in order.
var States = []State{Numbered, Signed, Sent, Delivered, Undelivered}

// Label is the state as people read it.
func (s State) Label() rinnova.Text {
	switch s {
	case Numbered:
		return rinnova.Say("Numerato")
	case Signed:
		return rinnova.Say("Firmato")
	case Sent:
		return rinnova.Say("Inviato")
	case Delivered:
		return rinnova.Say("Consegnato")
	case Undelivered:
		return rinnova.Say("Non consegnato")
	}
	return rinnova.Text{}
}

// Contract is a contract with its record.
type Contract struct {
	ID         string
	Number     string
	Series     string // of the kind: "" for assistance, S for services
	Year       int
	Seq        int64
	RequestID  string
	Revision   int
	SchoolID   string
	CampaignID string
	State      State
	Document   Document
	Row        Columns
	File       File // empty until it is signed
	NumberedAt time.Time
	SignedAt   time.Time
	SentAt     time.Time
}

// Columns are what lists and the public check read beside the document, as they are stored. The document is the truth.
type Columns struct {
	Kind           renewal.Kind
	Dated          string
	From, To       string // of the period
	Taxable, Total rinnova.Cents
	CIG            string
	VerifyCode     string
	DocumentSHA256 string // of the document as it is stored, in lower-case hex
}

// columns are what a document puts there.
func (d *Document) columns(hash string) Columns {
	return Columns{Kind: d.Kind, Dated: d.Date.String(), From: d.Period.From.String(), To: d.Period.To.String(), Taxable: d.Totals.Taxable, Total: d.Totals.Total,
		CIG: d.Order.CIG, VerifyCode: d.VerifyCode, DocumentSHA256: hash}
}

// Counter is a series of numbers in a year.
type Counter struct {
	Series string
	Year   int
	Last   int64
}

// File is the signed PDF: these bytes and no others are the contract.
type File struct {
	Key    string
	SHA256 string // lower-case hex
	Size   int64
}

// FileName is what the PDF is called in mails and downloads.
func (c *Contract) FileName() string { return fileName(c.Number) }

func fileName(number string) string {
	return "contratto-" + strings.ReplaceAll(number, "/", "-") + ".pdf"
}

// number writes 2027/000123, or S-2027/000123 in the series S.
func number(year int, series string, seq int64) string {
	if series != "" {
		series += "-"
	}
	return fmt.Sprintf("%s%d/%06d", series, year, seq)
}

// crockford is Douglas Crockford's base 32: no I, L, O, U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newVerifyCode makes 12 random characters, 60 bits.
func newVerifyCode() string {
	var b [12]byte
	rand.Read(b[:]) // never fails
	for i := range b {
		b[i] = crockford[b[i]&31]
	}
	return string(b[:])
}

// NormalCode reads a verification code as people type it, or the address that ends with it: spaces, dashes and all other signs
// are left out, O is 0, I and L are 1. Text that cannot be a code gives "".
func NormalCode(s string) string {
	if slash := strings.LastIndexByte(strings.TrimRight(s, "/"), '/'); slash >= 0 {
		s = s[slash:]
	}
	s = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(latin.Code(rinnova.Clean(strings.ReplaceAll(s, "%20", " ")))))
	if len(s) != 12 || strings.Trim(s, crockford) != "" {
		return ""
	}
	return s
}

// ShowCode groups a code by four: 7KQX-M4TD-92RF.
func ShowCode(s string) string {
	if len(s) != 12 {
		return s
	}
	return s[:4] + "-" + s[4:8] + "-" + s[8:]
}
