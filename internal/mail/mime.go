package mail

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"strings"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"rinnova"
)

// Bytes is the message as it travels, RFC 5322 and MIME: quoted-printable text and HTML as alternatives, attachments
// in base64, every line within 78 columns. The order and the values of the headers depend on the message alone; the
// boundaries between its parts are random. Values that could break out of a header are refused, not repaired.
func (m Message) Bytes() ([]byte, error) {
	msg, err := m.build()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("writing the message: %w", err)
	}
	return b.Bytes(), nil
}

func (m Message) build() (*gomail.Msg, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	if err := m.address(msg); err != nil {
		return nil, err
	}
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date.In(rinnova.Rome))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no holiday notices in return
	if m.Unsubscribe != "" {
		msg.SetGenHeader("List-Unsubscribe", "<"+m.Unsubscribe+">")
		msg.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058, section 3.1
	}
	msg.Subject(oneSpace(m.Subject))
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Attachments {
		msg.AttachReadSeeker(a.Name, bytes.NewReader(a.Data), gomail.WithFileContentType(gomail.ContentType(a.ContentType)))
	}
	return msg, nil
}

func (m Message) address(msg *gomail.Msg) error {
	from, err := ParseAddress(m.From)
	if err != nil {
		return err
	}
	to, err := ParseAddress(m.To)
	if err != nil {
		return err
	}
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	if m.ReplyTo == "" {
		return nil
	}
	reply, err := ParseAddress(m.ReplyTo)
	if err != nil {
		return err
	}
	msg.ReplyToMailAddress(reply)
	return nil
}

// check refuses what must never stand in a header and what cannot arrive as it left.
func (m Message) check() error {
	row, domain, _ := strings.Cut(m.ID, "@")
	switch {
	case !rinnova.IsDotAtom(row) || !rinnova.IsDotAtom(domain) || len(m.ID) > 250:
		return fmt.Errorf("message-id %q: want row@domain", printable(m.ID))
	case m.Date.IsZero():
		return fmt.Errorf("message %s has no date", m.ID)
	case strings.Trim(m.Subject, " ") == "":
		return fmt.Errorf("message %s has no subject", m.ID)
	case hasControl(m.Subject) || !utf8.ValidString(m.Subject) || len(m.Subject) > 500:
		return fmt.Errorf("message %s: the subject %q is no single line of text", m.ID, printable(m.Subject))
	}
	if err := m.checkUnsubscribe(); err != nil {
		return err
	}
	if err := checkBody("text", m.Text); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	if err := checkBody("HTML", m.HTML); err != nil {
		return fmt.Errorf("message %s: %w", m.ID, err)
	}
	for _, a := range m.Attachments {
		if err := a.check(); err != nil {
			return fmt.Errorf("message %s: %w", m.ID, err)
		}
	}
	return nil
}

func (m Message) checkUnsubscribe() error {
	if m.Unsubscribe == "" {
		return nil
	}
	u, err := url.Parse(m.Unsubscribe)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || hasControl(m.Unsubscribe) || strings.ContainsAny(m.Unsubscribe, "<> ,") {
		return fmt.Errorf("message %s: %q is no address to unsubscribe at", m.ID, printable(m.Unsubscribe))
	}
	return nil
}

func checkBody(name, s string) error {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return fmt.Errorf("the %s is no UTF-8 text", name)
	}
	return nil
}

func (a Attachment) check() error {
	badName := a.Name == "" || len(a.Name) > 120 || strings.HasPrefix(a.Name, ".") || strings.Trim(a.Name, " ") != a.Name ||
		strings.ContainsFunc(a.Name, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"/\:<>?|`, r) })
	if badName {
		return fmt.Errorf("attachment %q: want a file name in printable ASCII", printable(a.Name))
	}
	if hasControl(a.ContentType) {
		return fmt.Errorf("attachment %s: content type %q", a.Name, printable(a.ContentType))
	}
	if media, params, err := mime.ParseMediaType(a.ContentType); err != nil || len(params) > 0 || strings.HasPrefix(media, "multipart/") {
		return fmt.Errorf("attachment %s: content type %q: want type/subtype", a.Name, a.ContentType)
	}
	return nil
}

// oneSpace leaves single spaces: a fold in a run of spaces could make a line of nothing but spaces.
func oneSpace(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
}
