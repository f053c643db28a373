package mail

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
)

// Parse reads a message as Bytes writes it: its headers, text and HTML with lines ended by \n, and attachments. It is
// for showing our own mail, not for reading the world's; what it does not know is an error.
func Parse(r io.Reader) (Message, error) {
	m, body, err := parseHead(r)
	if err != nil {
		return Message{}, err
	}
	err = walkParts(body.header, body.r, func(p part) error { return p.into(&m) })
	if err != nil {
		return Message{}, fmt.Errorf("message %s: %w", m.ID, err)
	}
	return m, nil
}

// header is what message and part headers have in common.
type header interface{ Get(key string) string }

type part struct {
	header header
	r      io.Reader
}

var words mime.WordDecoder

// parseHead reads the headers and leaves the rest in body.
func parseHead(r io.Reader) (m Message, body part, err error) {
	msg, err := netmail.ReadMessage(bufio.NewReader(r))
	if err != nil {
		return m, body, fmt.Errorf("reading the headers: %w", err)
	}
	m.ID = strings.Trim(msg.Header.Get("Message-ID"), " <>")
	if m.Subject, err = words.DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return m, body, fmt.Errorf("subject: %w", err)
	}
	if m.Date, err = msg.Header.Date(); err != nil {
		return m, body, fmt.Errorf("date: %w", err)
	}
	for _, f := range []struct {
		key  string
		into *string
	}{{"From", &m.From}, {"To", &m.To}, {"Reply-To", &m.ReplyTo}} {
		if msg.Header.Get(f.key) == "" {
			continue
		}
		a, err := netmail.ParseAddress(msg.Header.Get(f.key))
		if err != nil {
			return m, body, fmt.Errorf("%s: %w", f.key, err)
		}
		*f.into = Address(a.Name, a.Address)
	}
	return m, part{msg.Header, msg.Body}, nil
}

// maxDepth bounds multiparts within multiparts; ours have two levels.
const maxDepth = 4

// walkParts calls visit for each part that is no multipart, in order. errStop ends the walk without error.
func walkParts(h header, r io.Reader, visit func(part) error) error {
	err := walk(part{h, r}, visit, maxDepth)
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

var errStop = errors.New("stop")

func walk(p part, visit func(part) error, depth int) error {
	media, params, err := mime.ParseMediaType(p.header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("content type: %w", err)
	}
	if !strings.HasPrefix(media, "multipart/") {
		return visit(p)
	}
	if depth == 0 {
		return errors.New("too many parts within parts")
	}
	mr := multipart.NewReader(p.r, params["boundary"])
	for {
		next, err := mr.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := walk(part{next.Header, next}, visit, depth-1); err != nil {
			return err
		}
	}
}

// into adds the part to the message: the first text, the first HTML, every attachment.
func (p part) into(m *Message) error {
	media, _, _ := mime.ParseMediaType(p.header.Get("Content-Type"))
	data, err := p.decode()
	if err != nil {
		return err
	}
	switch {
	case p.attached():
		_, params, _ := mime.ParseMediaType(p.header.Get("Content-Disposition"))
		m.Attachments = append(m.Attachments, Attachment{Name: params["filename"], ContentType: media, Data: data})
	case media == "text/plain" && m.Text == "":
		m.Text = lf(data)
	case media == "text/html" && m.HTML == "":
		m.HTML = lf(data)
	}
	return nil
}

func (p part) attached() bool {
	disposition, _, _ := mime.ParseMediaType(p.header.Get("Content-Disposition"))
	return disposition == "attachment"
}

func (p part) decode() ([]byte, error) {
	switch encoding := strings.ToLower(p.header.Get("Content-Transfer-Encoding")); encoding {
	case "quoted-printable":
		return io.ReadAll(quotedprintable.NewReader(p.r))
	case "base64":
		return io.ReadAll(base64.NewDecoder(base64.StdEncoding, p.r))
	case "", "7bit", "8bit":
		return io.ReadAll(p.r)
	default:
		return nil, fmt.Errorf("transfer encoding %q", encoding)
	}
}

func lf(b []byte) string { return strings.ReplaceAll(string(b), "\r\n", "\n") }
