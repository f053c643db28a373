package event

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"rinnova"
)

// Link is an event at its place in the chain. Its hash is over everything that it says, its place and the hash of the event
// before it: who changes, removes, inserts or moves one event must write all later ones anew.
type Link struct {
	Seq int64 // 1, 2, 3… without a gap
	Event
	Raw  string // Event.Data as it is stored: JSON
	Prev string // hash of the event before; "" for the first
	Hash string // SHA-256 in lower-case hexadecimal

	Foreign bool // it does not carry the code of this installation's key: it was written by who does not have it
}

// Genuine tells whether the link is what was hashed, and was written here.
func (l Link) Genuine() bool { return !l.Foreign && l.Digest() == l.Hash }

// MAC is the code of an event that whoever has the key makes of its hash: HMAC-SHA256 (RFC 2104) over "rinnova event mac 1", a line feed and
// the hash, in lower-case hexadecimal.
func MAC(key []byte, hash string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("rinnova event mac 1\n" + hash))
	return hex.EncodeToString(h.Sum(nil))
}

// chainFormat names what is hashed; another format would have another name.
const chainFormat = "rinnova event 1"

// Digest is the hash that the link should have: SHA-256 over the following texts, each as a netstring (its length in bytes as
// a decimal number, a colon, the text, a comma), so that no two events are hashed alike:
//
//	"rinnova event 1"
//	place in the chain, as a decimal number
//	hash of the event before, "" for the first
//	id
//	instant in UTC, as 2006-01-02T15:04:05.123456Z (RFC 3339, without zeros at the end of the fraction)
//	kind
//	account, user name and role of who did it
//	id of the school
//	id of what it is about
//	data, as stored
func (l Link) Digest() string {
	b := make([]byte, 0, 512)
	for _, s := range [...]string{
		chainFormat, strconv.FormatInt(l.Seq, 10), l.Prev, l.ID, l.At.UTC().Format(time.RFC3339Nano), string(l.Kind),
		l.Actor.AccountID, l.Actor.Username, string(l.Actor.Role), l.SchoolID, l.AboutID, l.Raw,
	} {
		b = strconv.AppendInt(b, int64(len(s)), 10)
		b = append(b, ':')
		b = append(b, s...)
		b = append(b, ',')
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Head is the end of the chain: place and hash of the last event. Noted outside the database, it later shows that nothing up
// to there was written anew.
type Head struct {
	Seq  int64
	Hash string
}

// Fault is what is wrong with a chain.
type Fault string

// The faults.
const (
	Altered     Fault = "altered"      // the event is not what was hashed
	Missing     Fault = "missing"      // events are not there
	Inserted    Fault = "inserted"     // the event was put between others, or after the end
	Moved       Fault = "moved"        // the event stood at another place
	Unreadable  Fault = "unreadable"   // a value is none of its kind
	HeadAltered Fault = "head"         // the chain's end is not what is noted beside it
	HeadMissing Fault = "head_missing" // nothing is noted beside it
	EndAltered  Fault = "end"          // the last event or what is noted beside the chain: one was changed
	Rewritten   Fault = "rewritten"    // whole, but not the chain whose head was noted
	Foreign     Fault = "foreign"      // whole, but not written with the installation's key
)

// Damage is the first thing that is wrong with a chain.
type Damage struct {
	Fault Fault
	Seq   int64  // the place
	Last  int64  // the last missing place
	Was   int64  // the place where a moved event stood
	Event *Event // nil where there is none
}

// Text says it in words.
func (d Damage) Text() rinnova.Text {
	switch d.Fault {
	case Missing:
		if d.Last > d.Seq {
			return rinnova.Say("Mancano gli eventi dal n. %d al n. %d.", d.Seq, d.Last)
		}
		return rinnova.Say("Manca l’evento n. %d.", d.Seq)
	case Inserted:
		return rinnova.Say("L’evento n. %d è stato inserito: la catena non lo conosce.", d.Seq)
	case Moved:
		return rinnova.Say("L’evento n. %d è fuori posto: era il n. %d.", d.Seq, d.Was)
	case Unreadable:
		return rinnova.Say("L’evento n. %d non si legge: un suo valore è stato cambiato.", d.Seq)
	case HeadAltered:
		return rinnova.Say("La testa della catena è stata cambiata: non indica l’ultimo evento.")
	case HeadMissing:
		return rinnova.Say("Manca la testa della catena: che cosa è stato tolto in fondo non si può sapere.")
	case EndAltered:
		return rinnova.Say("L’ultimo evento, n. %d, e la testa della catena non concordano: uno dei due è stato cambiato.", d.Seq)
	case Foreign:
		return rinnova.Say("L’evento n. %d non porta il codice di questa installazione: l’ha scritto altri, o la chiave dei sigilli è un’altra.", d.Seq)
	case Rewritten:
		return rinnova.Say("Fino al n. %d la catena non è quella annotata: è stata riscritta.", d.Seq)
	}
	return rinnova.Say("L’evento n. %d è stato cambiato.", d.Seq)
}

// Report is what a check of the chain found.
type Report struct {
	Head   Head    // as noted beside the chain
	Damage *Damage // nil: the chain is whole
}
