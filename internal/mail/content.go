package mail

import (
	"strings"
)

// Content is what a mail says, once: Text and HTML are two pictures of it. All strings are plain text; spaces and line
// ends in them do not matter (a no-break space does), control characters are left out.
type Content struct {
	Subject string
	Preview string // what mail programs show after the subject in a list; in the HTML only, and not seen when it is open
	Sender  string // who writes, at the head of the HTML: Esempio Software
	Service string // in what: portale rinnovi
	Title   string // the heading of the HTML; the text begins with the first block
	Blocks  []Block
	// Unsubscribe is the address (https or http) to which a mail program may post to stop mails of this sort (RFC 8058); empty:
	// they cannot be stopped.
	Unsubscribe string
	Foot        []string // lines below the signature dashes: on whose behalf and why this was written
}

// Block is a piece of a mail: a Paragraph, a Heading, Rows, a List, a Notice, a Button, a Link or a Literal.
type Block interface {
	writeText(w *textWriter)
}

// Paragraph is a paragraph.
type Paragraph string

// Heading is the title of the blocks that follow.
type Heading string

// Rows is a table of two columns.
type Rows []Row

// Row is a line of Rows.
type Row struct{ Label, Value string }

// List is a list with bullets, or with numbers.
type List struct {
	Numbered bool
	Items    []string
}

// Notice is a text that must not be missed. Unlike in the other blocks, its line ends are kept: people may have typed it.
type Notice struct{ Label, Text string }

// Button is the way to a page. The address must be absolute, http or https; any other is written but leads nowhere.
type Button struct{ Label, URL string }

// Link is a quiet way to a page: a sentence, and the words of it that lead there. The text has the address after the sentence. The
// address is as of a Button.
type Link struct{ Sentence, Words, URL string }

// Literal is a value that is copied or compared character by character: a hash, an address.
type Literal struct{ Label, Value string }

// Fill returns m with the subject, the text and the HTML of c.
func (m Message) Fill(c Content) Message {
	// Ordinary spaces in the subject: mail programs break it where they like, and searching finds it.
	m.Subject = strings.ReplaceAll(tidy(c.Subject), nbsp, " ")
	m.Text = c.Text()
	m.HTML = c.HTML()
	m.Unsubscribe = c.Unsubscribe
	return m
}

const nbsp = "\u00a0"

// tidy leaves single spaces and no character that could hide or turn round what stands beside it.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case isControl(r):
			return ' '
		case isBidi(r) || r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return oneSpace(s)
}

// isBidi tells whether r turns the direction of the text around it (Unicode Bidi_Control).
func isBidi(r rune) bool {
	return r == '\u061c' || r == '\u200e' || r == '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// lines are the tidy lines of a text that keeps its line ends, without empty ones; at least one.
func lines(s string) []string {
	var out []string
	for l := range strings.SplitSeq(strings.ReplaceAll(s, "\r", "\n"), "\n") {
		if l = tidy(l); l != "" {
			out = append(out, l)
		}
	}
	if out == nil {
		return []string{""}
	}
	return out
}
