package web

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"rinnova"
	"rinnova/internal/locale"
)

// statuses maps each kind of failure to its HTTP status (RFC 9110). It is the only place that does.
var statuses = map[rinnova.Kind]int{
	rinnova.Internal:        http.StatusInternalServerError,
	rinnova.Invalid:         http.StatusUnprocessableEntity,
	rinnova.NotFound:        http.StatusNotFound,
	rinnova.Unauthenticated: http.StatusUnauthorized,
	rinnova.Forbidden:       http.StatusForbidden,
	rinnova.Conflict:        http.StatusConflict,
	rinnova.TooMany:         http.StatusTooManyRequests,
	rinnova.Unavailable:     http.StatusServiceUnavailable,
}

// Status is the HTTP status for a failure.
func Status(err error) int {
	if tooLarge(err) {
		return http.StatusRequestEntityTooLarge
	}
	return statuses[rinnova.KindOf(err)]
}

// Fail answers with the page for an error and writes it in the log. Where the error is Unauthenticated the reader goes
// to the login page and from there back.
func (a *App) Fail(w http.ResponseWriter, r *http.Request, err error) {
	status := Status(err)
	if how, gone := departure(r, err); gone {
		a.farewell(w, r, how, err)
		return
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	a.Log.Log(r.Context(), level, "failed", "id", RequestID(r.Context()), "status", status, "err", err)
	if sent(w) {
		panic(http.ErrAbortHandler) // a part of something else has gone out: whoever gets it must see that it is not whole
	}
	if status == http.StatusUnauthorized && a.Login != "" {
		Redirect(w, r, a.loginFor(r))
		return
	}
	a.showError(w, r, status, messageOf(err, status))
}

// farewell ends the answer to a reader that has left, or does not send what it began. It is no fault of ours and is counted.
func (a *App) farewell(w http.ResponseWriter, r *http.Request, how Departure, err error) {
	requestOf(r.Context()).gone = how
	a.Log.Debug("reader gone", "id", RequestID(r.Context()), "how", how, "err", err)
	if !sent(w) {
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusRequestTimeout)
	}
}

// messageOf is what people may read of an error: nothing of one that is a fault of ours.
func messageOf(err error, status int) rinnova.Text {
	var e *rinnova.Error
	if status == http.StatusInternalServerError || tooLarge(err) || !errors.As(err, &e) {
		return rinnova.Text{}
	}
	return e.Message
}

// loginFor is the login page with the way back to what was asked for, where that can be asked for again; it is told where a
// form was lost, and where the reader had a session that is over.
func (a *App) loginFor(r *http.Request) string {
	var told []string
	if r.Method != http.MethodGet {
		told = append(told, "uscita=1")
	}
	if requestOf(r.Context()).over {
		told = append(told, "finita=1")
	}
	switch {
	case r.Method == http.MethodGet && IsPartial(r) && formPage(r) == "":
	case r.Method != http.MethodGet, IsPartial(r):
		told = append(told, "torna="+url.QueryEscape(formPage(r)))
	case r.URL.Path != "/":
		told = append(told, "torna="+url.QueryEscape(r.URL.RequestURI()))
	}
	if len(told) == 0 {
		return a.Login
	}
	return a.Login + "?" + strings.Join(told, "&")
}

// formPage is the page of ours whose form was sent; "" where the browser does not say.
func formPage(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host {
		return ""
	}
	return u.RequestURI()
}

// showError writes the page of a status. To a script it sends only a message, for the place that each page has for it.
func (a *App) showError(w http.ResponseWriter, r *http.Request, status int, message rinnova.Text) {
	l := LangOf(r.Context())
	title, what := errorWords(l, status)
	if !message.IsZero() {
		what = l.Text(message)
	}
	p := errorPage{Title: title, What: what}
	if status >= 500 {
		p.Reference = RequestID(r.Context())
	}
	if wait := w.Header().Get("Retry-After"); wait == "" && (status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests) {
		w.Header().Set("Retry-After", "30")
	}
	page := errorNote(p)
	if IsPartial(r) {
		w.Header().Set("HX-Retarget", "#"+AlertsID)
		w.Header().Set("HX-Reswap", "innerHTML")
	} else {
		page = errorScreen(a.frame(r).Titled(title), p)
	}
	if err := Render(w, r, status, page); err != nil {
		if how, gone := departure(r, err); gone {
			a.farewell(w, r, how, err)
			return
		}
		a.Log.Error("error page", "id", RequestID(r.Context()), "err", err)
		http.Error(w, title, status)
	}
}

// frame is the shell of an error page, a bare one where even that fails (it may want the session or the database that the
// error is about).
func (a *App) frame(r *http.Request) (s Shell) {
	defer func() {
		if p := recover(); p != nil {
			a.Log.Error("frame of an error page", "id", RequestID(r.Context()), "panic", p)
			s = Shell{Brand: Brand{Name: "Rinnova"}}
		}
	}()
	return a.Shell(r)
}

// errorPage is what the page of an error says.
type errorPage struct {
	Title, What string
	Reference   string // for faults of ours: what to tell on the phone
}

// errorWords are the title of a status and what it says where the error brings no sentence of its own.
func errorWords(l locale.Lang, status int) (title, what string) {
	switch status {
	case http.StatusNotFound:
		return l.T("Pagina non trovata"), l.T("La pagina non c’è, o non è della vostra scuola.")
	case http.StatusMethodNotAllowed:
		return l.T("Questa pagina non si apre così"), l.T("Tornate all’inizio e usate i bottoni delle pagine.")
	case http.StatusUnauthorized:
		return l.T("Serve l’accesso"), l.T("Entrate con nome utente e password e riprovate.")
	case http.StatusForbidden:
		return l.T("Non potete aprire questa pagina"), l.T("Il vostro utente non ha i permessi che servono.")
	case http.StatusConflict:
		return l.T("Nel frattempo qualcosa è cambiato"), l.T("Riaprite la pagina e controllate prima di continuare.")
	case http.StatusRequestEntityTooLarge:
		return l.T("Troppi dati in una volta"), l.T("Quello che avete inviato è più grande di quanto il portale accetta. Se è un file, riducetelo e riprovate.")
	case http.StatusUnprocessableEntity:
		return l.T("Controllate i dati"), l.T("Qualcosa in quello che avete inviato non va bene. Tornate indietro e controllate.")
	case http.StatusTooManyRequests:
		return l.T("Troppi tentativi"), l.T("Aspettate un minuto e riprovate.")
	case http.StatusServiceUnavailable:
		return l.T("Il portale non risponde in questo momento"), l.T("Riprovate tra qualche minuto. Quello che avete già confermato è al sicuro.")
	default:
		return l.T("Qualcosa non ha funzionato"), l.T("È un problema nostro, non vostro. Quello che avete già confermato è al sicuro.")
	}
}
