package mail

import (
	"errors"
	"fmt"
	"strings"

	"rinnova"
)

// Verb is the step of an SMTP conversation at which an attempt failed.
type Verb string

// The steps, in their order.
const (
	Compose  Verb = "compose"   // making the MIME: nothing was sent
	Connect  Verb = "connect"   // the TCP connection, and TLS where it comes first
	Greeting Verb = "greeting"  // the server's first line
	Hello    Verb = "EHLO"      //
	StartTLS Verb = "STARTTLS"  // the command and the handshake
	Auth     Verb = "AUTH"      //
	MailFrom Verb = "MAIL FROM" //
	RcptTo   Verb = "RCPT TO"   //
	Data     Verb = "DATA"      // the command
	Body     Verb = "body"      // the message itself, up to the final dot
	Final    Verb = "final dot" // the answer that makes the server responsible for the message (RFC 5321, 6.1)
)

// Error is an attempt that failed.
type Error struct {
	Verb   Verb
	Code   int    // the server's answer, 421; 0: no answer
	Answer string // its words, on one line: 4.7.0 try again later

	// Permanent: another attempt cannot help. The server answered 5xx, or the message cannot be written.
	Permanent bool
	// Uncertain: the message was all sent and the answer to the final dot never came. It may have arrived.
	Uncertain bool

	Err error // what failed where there was no answer
}

// Error is the record of the attempt: RCPT TO: 550 5.1.1 unknown user.
func (e *Error) Error() string {
	if e.Code != 0 {
		return strings.TrimSpace(fmt.Sprintf("%s: %d %s", e.Verb, e.Code, e.Answer))
	}
	return fmt.Sprintf("%s: %v", e.Verb, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// AsError finds the *Error in err's chain.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// Everybody tells that the failure is not about this message: the server cannot be reached or does not want us, so the
// operator should look at it and every other message will meet the same.
func (e *Error) Everybody() bool {
	return e.Unreached() || e.Code == 421 // the service is closing, at whatever step
}

// Unreached tells that the conversation did not come as far as a message: none was refused, and none should be given up.
func (e *Error) Unreached() bool {
	switch e.Verb {
	case Connect, Greeting, Hello, StartTLS, Auth:
		return true
	}
	return false
}

// Brief says what failed without the server's words, which may repeat an address: RCPT TO 550.
func (e *Error) Brief() string {
	if e.Code != 0 {
		return fmt.Sprintf("%s %d", e.Verb, e.Code)
	}
	return string(e.Verb)
}

// Reason says in words for the office what happened; Error has the server's own.
func (e *Error) Reason() rinnova.Text {
	switch {
	case e.Uncertain:
		return rinnova.Say("Il server di posta non ha confermato la consegna: il messaggio può essere arrivato.")
	case e.Verb == Compose:
		return rinnova.Say("Il messaggio non si può scrivere: controllate gli indirizzi.")
	case e.Verb == StartTLS:
		return rinnova.Say("La connessione sicura con il server di posta non riesce.")
	case e.Verb == Auth && e.Code != 0:
		return rinnova.Say("Il server di posta non accetta le nostre credenziali.")
	case e.Verb == RcptTo && e.Permanent:
		return rinnova.Say("Il server di posta rifiuta l’indirizzo del destinatario.")
	case e.Permanent:
		return rinnova.Say("Il server di posta rifiuta il messaggio.")
	case e.Code != 0:
		return rinnova.Say("Il server di posta non accetta il messaggio per ora.")
	}
	return rinnova.Say("Il server di posta non risponde.")
}
