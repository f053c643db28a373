package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"rinnova"
)

// Sessions keeps who is logged in, by a cookie with a random token of which the store only sees the hash. What a session
// holds is read and written with the methods of scs (Put, GetString, RenewToken, Destroy).
type Sessions struct {
	*scs.SessionManager
	store SessionStore
}

// SessionStore keeps sessions, by the hashes of their tokens. CommitCtx begins one.
type SessionStore interface {
	scs.CtxStore
	// ChangeCtx writes a session that is there; false where it is over.
	ChangeCtx(ctx context.Context, token string, b []byte) (bool, error)
}

// NewSessions makes sessions that end after lifetime, kept in store. With secure (https) the cookie is bound to this very
// host by the __Host- prefix. Nothing is written for a visitor without a session.
func NewSessions(store SessionStore, lifetime time.Duration, secure bool) *Sessions {
	// Not scs.New: it starts a store of its own with a goroutine that never ends.
	s := &scs.SessionManager{
		Store:            once{store},
		Codec:            codec{},
		HashTokenInStore: true,
		Lifetime:         lifetime,
		Cookie:           scs.SessionCookie{Name: "rinnova", Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode},
	}
	if secure {
		s.Cookie.Name = "__Host-rinnova"
	}
	return &Sessions{s, store}
}

// once is a store in which a session begins once: one that a request came with, and that has ended while the request was under way,
// is not begun again by writing it.
type once struct{ SessionStore }

// errOver says that a session has ended while its request was under way.
var errOver = errors.New("the session is over")

// FindCtx reads a session, and remembers that the request came with it.
func (o once) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	b, ok, err := o.SessionStore.FindCtx(ctx, token)
	if ok {
		requestOf(ctx).session = token
	}
	return b, ok, err
}

// CommitCtx writes a session.
func (o once) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	if requestOf(ctx).session != token {
		return o.SessionStore.CommitCtx(ctx, token, b, expiry)
	}
	ok, err := o.ChangeCtx(ctx, token, b)
	if err == nil && !ok {
		return errOver
	}
	return err
}

// Holds tells whether the session that the request came with is still there.
func (s *Sessions) Holds(ctx context.Context) (bool, error) {
	_, ok, err := s.store.FindCtx(ctx, requestOf(ctx).session)
	if err != nil {
		return false, unavailable(err)
	}
	requestOf(ctx).over = !ok
	return ok, nil
}

// codec stores sessions as JSON. A session holds only strings; gob, which scs uses, would take longer to read one than the
// database.
type codec struct{}

type stored struct {
	Deadline time.Time
	Values   map[string]string
}

// Encode implements scs.Codec.
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	s := stored{deadline, make(map[string]string, len(values))}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("session: %s is %T, want a string", k, v)
		}
		s.Values[k] = text
	}
	return json.Marshal(s)
}

// Decode implements scs.Codec.
func (codec) Decode(b []byte) (time.Time, map[string]any, error) {
	var s stored
	if err := json.Unmarshal(b, &s); err != nil {
		return time.Time{}, nil, fmt.Errorf("session: %w", err)
	}
	values := make(map[string]any, len(s.Values))
	for k, v := range s.Values {
		values[k] = v
	}
	return s.Deadline, values, nil
}

const flashKey = "flash"

// Flash keeps a short sentence for the next page: a small success («Bozza salvata alle 10:42»), never an error.
func (s *Sessions) Flash(ctx context.Context, sentence string) { s.Put(ctx, flashKey, sentence) }

// TakeFlash returns the sentence that Flash kept, once.
func (s *Sessions) TakeFlash(ctx context.Context) string { return s.PopString(ctx, flashKey) }

// middleware loads the session before the page and stores it before the first byte of the answer leaves. Unlike
// scs.LoadAndSave, a session that cannot be stored is an error page instead of the page.
func (s *Sessions) middleware(app *App, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if c, err := r.Cookie(s.Cookie.Name); err == nil {
			token = c.Value
		}
		ctx, err := s.Load(r.Context(), token)
		if err != nil {
			app.Fail(w, r, unavailable(err))
			return
		}
		requestOf(ctx).over = token != "" && s.Token(ctx) == ""
		r = r.WithContext(ctx)
		sw := &sessionWriter{ResponseWriter: w, r: r, app: app, sessions: s}
		next.ServeHTTP(sw, r)
		sw.commit()
	})
}

func unavailable(err error) error {
	return rinnova.Fail(rinnova.Unavailable, "Non riusciamo a leggere la vostra sessione. Riprovate tra qualche minuto.").Because(err)
}

// sessionWriter stores the session at the first write.
type sessionWriter struct {
	http.ResponseWriter
	r        *http.Request
	app      *App
	sessions *Sessions
	done     bool
	failed   error
}

func (w *sessionWriter) commit() {
	if w.done {
		return
	}
	w.done = true
	ctx := w.r.Context()
	switch w.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := w.sessions.Commit(ctx)
		if err != nil {
			w.fail(err)
			return
		}
		w.sessions.WriteSessionCookie(ctx, w.ResponseWriter, token, expiry)
	case scs.Destroyed:
		w.sessions.WriteSessionCookie(ctx, w.ResponseWriter, "", time.Time{})
	default:
		return
	}
	w.Header().Set("Cache-Control", "no-store")
}

// fail answers otherwise, where the session cannot be stored. Where it has ended meanwhile, what was asked for is done or read, and who
// asked is nobody any more.
func (w *sessionWriter) fail(err error) {
	w.failed = err
	for _, name := range []string{"Location", "Content-Length", "Content-Type", "Content-Disposition", "HX-Redirect"} {
		w.Header().Del(name)
	}
	if errors.Is(err, errOver) && w.app.Login != "" {
		Redirect(w.ResponseWriter, w.r, w.app.Login)
		return
	}
	w.app.Fail(w.ResponseWriter, w.r, unavailable(err))
}

// WriteHeader stores the session, then sends the status; where storing failed the error page has been sent instead.
func (w *sessionWriter) WriteHeader(status int) {
	w.commit()
	if w.failed == nil {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write stores the session before the first byte.
func (w *sessionWriter) Write(b []byte) (int, error) {
	w.commit()
	if w.failed != nil {
		return 0, w.failed
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
