package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"sync"

	"rinnova"
)

// Uploads counts the bodies that are too large to wait in memory and that are received and worked on now, of each user: whoever sends
// many at once, or lets them hang, takes room from nobody else.
type Uploads struct {
	mu sync.Mutex
	of map[string]int
}

// uploadsAtOnce is how many a user may have; colleagues share one.
const uploadsAtOnce = 4

// begin counts one more; false where there are too many. leave takes it back.
func (u *Uploads) begin(user string) (leave func(), ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.of[user] >= uploadsAtOnce {
		return nil, false
	}
	if u.of == nil {
		u.of = map[string]int{}
	}
	u.of[user]++
	return func() { u.end(user) }, true
}

func (u *Uploads) end(user string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.of[user]--; u.of[user] == 0 {
		delete(u.of, user)
	}
}

// Receive waits until the body of a request has come, or will not; what reads it then meets the same, at once. Who has to know who the
// reader is asks after it: a body takes its time. A large one waits in a temporary file; done gives it back.
func Receive(r *http.Request) (done func(), err error) {
	var head bytes.Buffer
	b := &received{Reader: &head, Closer: r.Body}
	if _, b.end = io.CopyN(&head, r.Body, DefaultBody); b.end == nil {
		return b.spool(r, &head)
	}
	r.Body = b
	return func() {}, nil
}

// received is a body as far as it has come, and how it ended.
type received struct {
	io.Reader
	io.Closer
	end error
}

func (b *received) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.end
	}
	return n, err
}

// spool puts what comes after the head in a file.
func (b *received) spool(r *http.Request, head io.Reader) (done func(), err error) {
	leave, ok := uploadOf(r.Context())
	if !ok {
		_, _ = io.Copy(io.Discard, r.Body) // the browser wants to send it all before it reads the answer
		return nil, rinnova.Fail(rinnova.TooMany, "Il vostro utente sta già inviando altri file. Aspettate che siano arrivati e riprovate.")
	}
	file, err := temporary()
	if err != nil {
		leave()
		return nil, err
	}
	done = func() { file.Close(); leave() }
	_, err = io.Copy(file, r.Body)
	b.end = err
	if err == nil {
		b.end = io.EOF
	}
	if _, ours := errors.AsType[*fs.PathError](err); !ours { // the reader's errors are for who reads the body
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		done()
		return nil, err
	}
	b.Reader = io.MultiReader(head, file)
	r.Body = b
	return done, nil
}

func uploadOf(ctx context.Context) (leave func(), ok bool) {
	q := requestOf(ctx)
	return q.uploads.begin(q.user)
}
