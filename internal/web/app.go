package web

import (
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"

	"rinnova"
	"rinnova/internal/locale"
)

// App is what all pages of an installation share.
type App struct {
	Log      *slog.Logger
	Clock    rinnova.Clock
	BaseURL  *url.URL                    // how people reach the portal; its scheme decides about cookies and HSTS
	Shell    func(r *http.Request) Shell // the frame of error pages; it must work whatever is broken
	Login    string                      // path of the login page, for requests that need one
	Sessions *Sessions                   // nil: no sessions
	Proxies  []netip.Prefix              // whose word about the reader's address counts
	Hosts    []string                    // other names than BaseURL's by which the portal may be called
	Access   bool                        // writes a line of the log for each request

	Departures *Departures // nil: readers that leave are not counted
	Exports    Exports     // how many tables are made at once
	Uploads    Uploads     // how many files each user sends at once
}

// DefaultBody is how many bytes a request's body may have; Mux.Limit sets another figure for single routes.
const DefaultBody = 256 << 10

// Secure tells whether people reach the portal over https.
func (a *App) Secure() bool { return a.BaseURL != nil && a.BaseURL.Scheme == "https" }

// Handler is the whole server: assets, then everything that each page needs, then the routes of m.
func (a *App) Handler(m *Mux) http.Handler {
	pages := a.recover(a.crossOrigin(m)) // here too, where the session is known: the page can say who reads it
	if a.Sessions != nil {
		pages = a.Sessions.middleware(a, pages)
	}
	top := http.NewServeMux()
	top.Handle("GET "+AssetPath, Assets())
	top.Handle("/", pages)
	return a.identify(a.recover(a.headers(a.hosts(top))))
}

// recover turns a panic into the same page as an unknown error.
func (a *App) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				a.Log.Error("panic", "id", RequestID(r.Context()), "panic", p, "stack", string(debug.Stack()))
				if sent(w) {
					panic(http.ErrAbortHandler) // too late for another page: the connection breaks off
				}
				a.showError(w, r, http.StatusInternalServerError, rinnova.Text{})
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// contentSecurity allows what the portal itself serves and nothing else: no inline script or style, no frames.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func (a *App) headers(next http.Handler) http.Handler {
	fixed := map[string]string{
		"Content-Security-Policy":      contentSecurity,
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cache-Control":                "no-store",
	}
	if a.Secure() {
		fixed["Strict-Transport-Security"] = "max-age=31536000"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for k, v := range fixed {
			h.Set(k, v)
		}
		next.ServeHTTP(w, r)
	})
}

// crossOrigin refuses what a form on another site sends in the reader's name.
func (a *App) crossOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	if a.BaseURL != nil {
		if err := p.AddTrustedOrigin(a.BaseURL.Scheme + "://" + a.BaseURL.Host); err != nil {
			a.Log.Error("base address cannot be a trusted origin", "err", err)
		}
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.Fail(w, r, rinnova.Fail(rinnova.Forbidden, "La richiesta viene da un altro sito e non è stata eseguita. Aprite il portale e riprovate da lì."))
	}))
	return p.Handler(next)
}

// LanguageForm is the path that the language button in the footer posts to; Mux serves it.
const LanguageForm = "/lingua"

const langCookieName = "lingua"

func langCookie(r *http.Request) locale.Lang {
	if c, err := r.Cookie(langCookieName); err == nil {
		return locale.Parse(c.Value)
	}
	return locale.Italian
}

// chooseLanguage remembers the reader's language for a year and goes back to the page.
func (a *App) chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	if err := ParseForm(r); err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: langCookieName, Value: string(locale.Parse(r.PostForm.Get("lingua"))), Path: "/", MaxAge: 365 * 24 * 3600,
		Secure: a.Secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return Redirect(w, r, LocalPath(r.PostForm.Get("torna")))
}
