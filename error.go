package rinnova

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of failure an Error is; package web maps each to one HTTP status.
type Kind uint8

// The kinds of failure.
const (
	Internal        Kind = iota // a fault of ours: people see a reference number only
	Invalid                     // what was given cannot be taken; the message says what is expected
	NotFound                    // there is no such thing, or not for this actor
	Unauthenticated             // log in first
	Forbidden                   // logged in, but not allowed
	Conflict                    // something changed meanwhile, or the state does not allow it
	TooMany                     // too often; wait
	Unavailable                 // a part we need (database, disk) does not answer
)

// Error is a failure with a message that is safe and useful for people, and a cause for the log.
type Error struct {
	Kind    Kind
	Message Text
	Cause   error
}

// Fail makes an Error of a kind with an Italian message, as Say does.
func Fail(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: Say(format, args...)}
}

// Because adds the cause for the log and returns the same error.
func (e *Error) Because(cause error) *Error {
	e.Cause = cause
	return e
}

// Error is the text for the log.
func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Message.String() + ": " + e.Cause.Error()
	}
	return e.Message.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// KindOf is the kind of the first Error in err's chain, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Text is a sentence for people: Italian, with its values apart, so that package locale can put it into another
// language. Values of type Cents, Date and Text are written in the reader's way.
type Text struct {
	Format  string
	Args    []any
	English string // only where the sentence brings its own translation; else the catalogue has it
}

// Say makes a Text; format takes %s and %d. The Italian sentence is the key of its translation.
func Say(format string, args ...any) Text { return Text{Format: format, Args: args} }

// IsZero tells whether there is nothing to say.
func (t Text) IsZero() bool { return t.Format == "" }

// String writes the Italian sentence for the log.
func (t Text) String() string {
	if len(t.Args) == 0 {
		return t.Format
	}
	return fmt.Sprintf(t.Format, t.Args...)
}

// Faults are what is wrong with something that was checked, a sentence each. As an error they are for the log.
type Faults []Text

// Unfit adds a sentence.
func (f *Faults) Unfit(format string, args ...any) { *f = append(*f, Say(format, args...)) }

// Error implements error.
func (f Faults) Error() string {
	all := make([]string, len(f))
	for i, t := range f {
		all[i] = t.String()
	}
	return strings.Join(all, " ")
}

// Problem is what is wrong with one field of a form. A problem that only warns lets the person go on once it is
// acknowledged; it then reaches the clerk.
type Problem struct {
	Field string
	Warns bool
	Code  string // names the check, so that an acknowledgement covers this warning and no other
	Text  Text
}

// Problems are the problems of a form, in the order of its fields.
type Problems []Problem

// Refuse adds a problem that cannot be passed over.
func (p *Problems) Refuse(field, format string, args ...any) {
	*p = append(*p, Problem{Field: field, Text: Say(format, args...)})
}

// Warn adds a problem that may be acknowledged under code.
func (p *Problems) Warn(field, code, format string, args ...any) {
	*p = append(*p, Problem{Field: field, Warns: true, Code: code, Text: Say(format, args...)})
}

// Of returns the problems of one field.
func (p Problems) Of(field string) Problems {
	var out Problems
	for _, x := range p {
		if x.Field == field {
			out = append(out, x)
		}
	}
	return out
}

// With adds the problems of fields that have none yet: of each field the first counts.
func (p Problems) With(more Problems) Problems {
	for _, x := range more {
		if len(p.Of(x.Field)) == 0 {
			p = append(p, x)
		}
	}
	return p
}

// Refused returns the problems that cannot be passed over.
func (p Problems) Refused() Problems { return p.filter(false) }

// Warnings returns the problems that can be acknowledged.
func (p Problems) Warnings() Problems { return p.filter(true) }

func (p Problems) filter(warns bool) Problems {
	var out Problems
	for _, x := range p {
		if x.Warns == warns {
			out = append(out, x)
		}
	}
	return out
}
