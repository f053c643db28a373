// Package web is the kit for pages: the frame of a page and its parts (templ components in the look of the portal), and
// the plumbing of handlers (errors to pages, security headers, sessions, language, assets). It knows no word of the
// trade. The README beside it is its manual, with a short example.
package web

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"net/http"
	"net/netip"
	"time"

	"rinnova/internal/locale"
)

// Handler answers a request. An error that it returns becomes a page (see App), so a handler writes only its success.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Guard stands before a Handler: it lets the request through, or answers it, or returns an error.
type Guard func(Handler) Handler

// request is what the kit knows about the request being answered.
type request struct {
	id    string // shown on error pages and written in the log
	uri   string // path and query, to come back to
	route string // pattern that matched, for the log
	lang  locale.Lang
	start time.Time

	client  netip.Addr
	exports *Exports
	uploads *Uploads
	user    string    // id of the account, for the log
	gone    Departure // how the reader left, in the middle of the answer
	session string    // hash of the token that the request came with; "" is none
	over    bool      // the reader’s browser has a session that is no more
}

type requestKey struct{}

func requestOf(ctx context.Context) *request {
	if q, ok := ctx.Value(requestKey{}).(*request); ok {
		return q
	}
	return &request{lang: locale.Italian, exports: &Exports{}, uploads: &Uploads{}}
}

// LangOf is the language that the reader of this request wants; Italian where nothing is known.
func LangOf(ctx context.Context) locale.Lang { return requestOf(ctx).lang }

// WithLang makes a context whose pages speak l. Requests get theirs from the App.
func WithLang(ctx context.Context, l locale.Lang) context.Context {
	q := *requestOf(ctx)
	q.lang = l
	return context.WithValue(ctx, requestKey{}, &q)
}

// RequestID is the reference number of the request: eight letters and digits that people can read out on the phone.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// readable is Crockford's base 32: no I, L, O, U.
var readable = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

func newRequestID() string {
	var b [5]byte
	rand.Read(b[:])
	return readable.EncodeToString(b[:])
}
