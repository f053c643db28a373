package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Identified remembers who makes the request, by the id of the account, for the access log.
func Identified(ctx context.Context, account string) { requestOf(ctx).user = account }

// identify gives the request its reference number, language and reader, and writes the access log.
func (a *App) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{id: newRequestID(), uri: r.URL.RequestURI(), lang: langCookie(r), start: a.Clock(), client: a.clientOf(r), exports: &a.Exports, uploads: &a.Uploads}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = body{r.Body}
		}
		rec := &recorder{ResponseWriter: w}
		defer func() { a.access(rec, r, q) }() // also where the connection is broken off
		next.ServeHTTP(rec, r.WithContext(contextWith(r, q)))
	})
}

// access writes the line of a request, and counts a reader that left. What looks after the page (style, pictures, the question
// whether all is well) and what went to nobody is told only to who looks for it.
func (a *App) access(w *recorder, r *http.Request, q *request) {
	gone := q.gone
	if gone == "" && w.broken != nil {
		gone = w.broken.how()
	}
	if gone != "" {
		a.Departures.Add(gone, q.client)
	}
	if !a.Access {
		return
	}
	level := slog.LevelInfo
	switch {
	case w.Status() >= 500:
		level = slog.LevelWarn // what went wrong is an error of its own
	case gone != "", r.URL.Path == HealthPath, strings.HasPrefix(r.URL.Path, AssetPath) && w.Status() < 400:
		level = slog.LevelDebug
	}
	log := []any{
		"id", q.id, "method", shortened(r.Method), "path", shortened(loggedPath(r.URL.Path, q.route)), "route", q.route, "status", w.Status(), "bytes", w.bytes,
		"ms", float64(a.Clock().Sub(q.start).Microseconds()) / 1000, "client", q.client.String(), "agent", shortened(r.UserAgent()),
	}
	if q.user != "" {
		log = append(log, "user", q.user)
	}
	if gone != "" {
		log = append(log, "gone", string(gone))
	}
	a.Log.Log(r.Context(), level, "request", log...)
}

// secretSegments are the names of the segments of a path that open something: they are not written down. Nor is any query.
var secretSegments = map[string]bool{"{token}": true, "{code}": true, "{key}": true}

// loggedPath is a path without what its route says is a secret.
func loggedPath(path, route string) string {
	if !strings.Contains(route, "{") {
		return path
	}
	_, pattern, _ := strings.Cut(route, "/")
	names, parts := strings.Split("/"+pattern, "/"), strings.Split(path, "/")
	for i, name := range names {
		if secretSegments[name] && i < len(parts) {
			parts[i] = "…"
		}
	}
	return strings.Join(parts, "/")
}

// longest is how much of what readers say of themselves is written in the log, in bytes.
const longest = 200

// shortened is s, cut where it is longer than anybody needs. Lines and quotes in it are the log's to write safely.
func shortened(s string) string {
	if len(s) <= longest {
		return s
	}
	s = s[:longest]
	for !utf8.ValidString(s) && len(s) > longest-utf8.UTFMax {
		s = s[:len(s)-1]
	}
	return s + "…"
}
