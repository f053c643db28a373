// Package accountweb is how people come in: the login page, and the pages for those who have forgotten their password.
package accountweb

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"rinnova"
	"rinnova/internal/account"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// LoginPath is the login page, and what its form posts to.
const LoginPath = "/accesso"

// Names of the fields of the login form.
const (
	FieldUsername = "utente"
	FieldPassword = "password"
	FieldReturn   = "torna"    // where to go after the login; check it with web.LocalPath
	FieldChanged  = "cambiata" // "1" on the way from a new password
	FieldEnded    = "uscita"   // "1" where a form was sent after the session had ended
	FieldOver     = "finita"   // "1" where the session has ended by itself
)

// LoginForm is what the login page shows.
type LoginForm struct {
	Username string           // as it was typed
	Return   string           // the page that wanted a login
	Purpose  string           // what the reader wants to do: Rinnovo contratti di assistenza; may be ""
	Failed   rinnova.Text     // why the last attempt failed; it must not tell whether the user exists
	Wait     *account.Wait    // until when there is no next attempt
	Changed  bool             // the reader has just chosen a new password
	Ended    bool             // the reader sent a form after the session had ended: it did not arrive
	Over     bool             // the session has ended by itself
	Idle     time.Duration    // how long sessions last that nobody uses
	Help     supplier.Contact // whom to call
	Back     string           // Torna al portale
	Guides   []web.Link
}

// askFor is the page for a new password, filled in with the user name where one was typed that can only be one: addresses are
// kept by browsers and proxies, and people type their password in the wrong field.
func askFor(username string) templ.SafeURL {
	if !account.IsSupervisor(account.NormalUsername(username)) {
		return AskPath
	}
	return templ.URL(AskPath + "?" + FieldUsername + "=" + url.QueryEscape(username))
}
