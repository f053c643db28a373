package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"rinnova"
)

// recorder remembers the status and size of an answer for the access log.
type recorder struct {
	http.ResponseWriter
	status, bytes int
	broken        *broken // the connection broke while it was written
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	if err != nil && !errors.Is(err, http.ErrBodyNotAllowed) && !errors.Is(err, http.ErrContentLength) {
		w.broken = &broken{err}
		return n, w.broken
	}
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// sent tells whether the answer has begun, so that it cannot become another one.
func sent(w http.ResponseWriter) bool {
	for {
		switch x := w.(type) {
		case *recorder:
			return x.status != 0
		case interface{ Unwrap() http.ResponseWriter }:
			w = x.Unwrap()
		default:
			return false
		}
	}
}

// Status is what was sent; a handler that wrote nothing sent 200.
func (w *recorder) Status() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

func contextWith(r *http.Request, q *request) context.Context {
	return context.WithValue(r.Context(), requestKey{}, q)
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes a page or a part of one. The page is complete before the first byte leaves, so an error while drawing it
// still becomes an error page.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := c.Render(r.Context(), b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	w.Write(b.Bytes()) // fails only when the reader has gone
	return nil
}

// Redirect sends the reader to another page of the portal, after a POST too (303).
func Redirect(w http.ResponseWriter, r *http.Request, path string) error {
	if IsPartial(r) {
		w.Header().Set("HX-Redirect", path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Location", path)
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// IsPartial tells whether a script on the page asks for a part of it; without JavaScript the whole page is asked for.
func IsPartial(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// LocalPath returns s where it is a path of this portal, with or without a query, and "/" otherwise: a redirect must
// never lead to another site.
func LocalPath(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.Contains(s, `\`) {
		return "/"
	}
	if strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return "/"
	}
	if u, err := url.Parse(s); err != nil || u.Scheme != "" || u.Host != "" {
		return "/"
	}
	return s
}

// ParseForm reads the form of a POST into r.PostForm, whose values are valid UTF-8 without control characters but tab and
// the ends of lines. A body that is too large becomes the page for that; one that is not a form is refused as Invalid.
func ParseForm(r *http.Request) error {
	err := r.ParseForm()
	if err == nil {
		clean(r.PostForm)
	}
	if err == nil || tooLarge(err) {
		return err
	}
	return rinnova.Fail(rinnova.Invalid, "I dati non sono arrivati interi. Tornate alla pagina e inviateli di nuovo.").Because(err)
}

func tooLarge(err error) bool {
	var e *http.MaxBytesError
	return errors.As(err, &e)
}
