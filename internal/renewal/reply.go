package renewal

import (
	"strings"

	"rinnova"
)

// Reply is what a school says to the office with a confirmation after one that was sent back. The zero Reply is none: nothing
// had been sent back.
type Reply struct {
	Reason string // for which the office sent the confirmation before back
	Words  string // the school's; empty: it has corrected, or confirmed again, without a word
}

// MaxReply bounds the words of a reply, in characters, like the reason that they answer.
const MaxReply = MaxReason

// The fields of a form that answers what was sent back.
const (
	FieldReply     = "risposta"
	FieldUnchanged = "come_prima"
)

// The codes of what a clerk sees of a reply.
const (
	RepliedSame = "reply.same"  // confirmed again as it was sent back, with or without words
	Replied     = "reply.words" // corrected, with words
)

// SameAgain tells whether the draft still says what the office has sent back: before is that confirmation.
func (v *View) SameAgain(before *Revision) bool {
	return v.Request.Corrects() && before != nil && before.Same(v.Request.Draft)
}

// replyStops are what is wrong with the answer to what was sent back: words beyond measure, or nothing changed and nobody said that
// it is meant so.
func (v *View) replyStops(a Answer, before *Revision, stops *rinnova.Problems) {
	if !v.Request.Corrects() {
		return
	}
	if n := len([]rune(strings.TrimSpace(v.Request.Draft.Reply))); n > MaxReply {
		stops.Refuse(FieldReply, "La risposta ha al massimo %d caratteri: qui sono %d.", MaxReply, n)
	}
	if v.SameAgain(before) && !a.Unchanged {
		stops.Refuse(FieldUnchanged, "È tutto come nella conferma n. %d, che l’ufficio ha rimandato. Correggete quello che chiede; se invece va bene così, segnate la casella.", before.Number)
	}
}

// reply is what a confirmation of the draft says to the office.
func (v *View) reply() Reply {
	if !v.Request.Corrects() {
		return Reply{}
	}
	return Reply{Reason: v.Request.Reason, Words: strings.TrimSpace(v.Request.Draft.Reply)}
}

// replied is what the clerk must see of it.
func (v *View) replied(before *Revision) []Warning {
	switch {
	case v.SameAgain(before):
		return []Warning{{Field: FieldReply, Code: RepliedSame, Text: rinnova.Say("Confermata di nuovo senza cambiare nulla dopo che l’avevate rimandata.")}}
	case v.reply().Words != "":
		return []Warning{{Field: FieldReply, Code: Replied, Text: rinnova.Say("La scuola ha corretto e risponde all’ufficio.")}}
	}
	return nil
}
