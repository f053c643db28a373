// Package accountweb is how people come in: the login page.
package accountweb

import (
	"rinnova"
	"rinnova/internal/supplier"
)

// LoginPath is the login page, and what its form posts to.
const LoginPath = "/accesso"

// Names of the fields of the login form.
const (
	FieldUsername = "utente"
	FieldPassword = "password"
	FieldReturn   = "torna" // where to go after the login; check it with web.LocalPath
)

// LoginForm is what the login page shows.
type LoginForm struct {
	Username string           // as it was typed
	Return   string           // the page that wanted a login
	Purpose  string           // what the reader wants to do: Rinnovo contratti di assistenza; may be ""
	Failed   rinnova.Text     // why the last attempt failed; it must not tell whether the user exists
	Help     supplier.Contact // whom to call
	Back     string           // Torna al portale
}
