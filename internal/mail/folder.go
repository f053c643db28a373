package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"rinnova"
	"rinnova/internal/latin"
)

// Folder is a Sender that keeps messages as .eml files in a directory and never talks to anybody: for demonstrations.
// A message that is sent again replaces itself. It may be used by many goroutines and processes.
type Folder struct {
	root *os.Root
}

// OpenFolder makes the directory where it is missing. Close it in the end.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	return &Folder{root}, nil
}

// Close frees the directory.
func (f *Folder) Close() error { return f.root.Close() }

// Send writes the message to its file, all of it or nothing, and returns once it is on the disk.
func (f *Folder) Send(ctx context.Context, m Message) error {
	raw, err := m.Bytes()
	if err != nil {
		return &Error{Verb: Compose, Permanent: true, Err: err}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	name := fileName(m)
	draft := name + "." + rinnova.NewID(m.Date) + ".tmp" // two writers at once do not meet
	if err := f.write(draft, raw); err != nil {
		_ = f.root.Remove(draft)
		return fmt.Errorf("mail folder: %w", err)
	}
	if err := f.root.Rename(draft, name); err != nil {
		_ = f.root.Remove(draft)
		return fmt.Errorf("mail folder: %w", err)
	}
	return f.sync()
}

func (f *Folder) write(name string, raw []byte) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(raw)
	return errors.Join(err, file.Sync(), file.Close())
}

// sync makes the new name last.
func (f *Folder) sync() error {
	dir, err := f.root.Open(".")
	if err != nil {
		return fmt.Errorf("mail folder: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// fileName sorts by date and is always the same for the same message.
func fileName(m Message) string {
	sum := sha256.Sum256([]byte(m.ID))
	return m.Date.UTC().Format("20060102T150405.000Z") + "-" + hex.EncodeToString(sum[:8]) + ".eml"
}

var isFileName = regexp.MustCompile(`^\d{8}T\d{6}\.\d{3}Z-[0-9a-f]{16}\.eml$`).MatchString

// Stored is a message in a Folder.
type Stored struct {
	Key  string // names it in the Folder; newer messages have greater keys
	Size int64  // bytes of the file
	Message
}

// Query asks a Folder for a page of messages, newest first.
type Query struct {
	Words  string // each must stand in the recipient, the subject or the text; case and accents do not matter
	Before string // only messages older than this key; empty: from the newest
	Limit  int    // at most so many; 0: 50
}

// Page is a part of a list. The messages have their headers and, after a search, their text; no HTML, no attachments.
type Page struct {
	Messages []Stored
	Next     string // the Before of the page that follows; empty: there is none
}

// List finds messages. A file that is no message of ours is passed over.
func (f *Folder) List(ctx context.Context, q Query) (Page, error) {
	keys, err := f.keys()
	if err != nil {
		return Page{}, err
	}
	want := strings.Fields(latin.Fold(q.Words))
	limit := cmp.Or(max(q.Limit, 0), 50)
	var page Page
	for _, key := range keys {
		if err := ctx.Err(); err != nil {
			return Page{}, err
		}
		if q.Before != "" && key >= q.Before {
			continue
		}
		s, err := f.peek(key, len(want) > 0)
		if err != nil || !s.has(want) {
			continue
		}
		if len(page.Messages) == limit {
			page.Next = page.Messages[limit-1].Key
			return page, nil
		}
		page.Messages = append(page.Messages, s)
	}
	return page, nil
}

// keys are the names of the messages, newest first.
func (f *Folder) keys() ([]string, error) {
	entries, err := fs.ReadDir(f.root.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	var keys []string
	for _, e := range entries {
		if isFileName(e.Name()) {
			keys = append(keys, e.Name())
		}
	}
	slices.Sort(keys)
	slices.Reverse(keys)
	return keys, nil
}

// peek reads the headers and, where wanted, the text, which comes first; attachments are not read.
func (f *Folder) peek(key string, text bool) (Stored, error) {
	file, err := f.root.Open(key)
	if err != nil {
		return Stored{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Stored{}, err
	}
	m, body, err := parseHead(file)
	if err == nil && text {
		err = walkParts(body.header, body.r, func(p part) error {
			if err := p.into(&m); err != nil {
				return err
			}
			return errStop
		})
	}
	return Stored{Key: key, Size: info.Size(), Message: m}, err
}

func (s Stored) has(words []string) bool {
	if len(words) == 0 {
		return true
	}
	all := latin.Fold(s.To + "\n" + s.Subject + "\n" + s.Text)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(all, w) })
}

// Message reads one message whole. A key that names none is an error of kind NotFound.
func (f *Folder) Message(_ context.Context, key string) (Stored, error) {
	if !isFileName(key) {
		return Stored{}, rinnova.Fail(rinnova.NotFound, "Questo messaggio non c’è.")
	}
	raw, err := f.root.ReadFile(key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Stored{}, rinnova.Fail(rinnova.NotFound, "Questo messaggio non c’è.").Because(err)
	case err != nil:
		return Stored{}, fmt.Errorf("mail folder: %w", err)
	}
	m, err := Parse(bytes.NewReader(raw))
	return Stored{Key: key, Size: int64(len(raw)), Message: m}, err
}
