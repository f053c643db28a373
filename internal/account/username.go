package account

import (
	"regexp"
	"strings"

	"rinnova"
)

// ExampleUsername is the user name of a school wherever texts give an example, and in the pictures of the guides.
const ExampleUsername = supervisor + "SG00012"

// The shapes that user names have, and what people type instead. A school's is made of its portal code; the office's are
// words with dots or hyphens between them.
var (
	schoolName   = regexp.MustCompile(`^SUPERVISOR\.[A-Z]{2}[0-9]{5}$`)
	officeName   = regexp.MustCompile(`^\pL[\pL0-9]*([.'’_-][\pL0-9]+)*$`)
	portalCode   = regexp.MustCompile(`^[A-Z]{2}[0-9]{5}$`)
	ministryCode = regexp.MustCompile(`^[A-Z]{4}[0-9A-Z]{6}$`) // with a figure in it: OPERATRICE is a name
)

// IsSupervisor tells whether a name has the shape of a school's user name, which nothing else has.
func IsSupervisor(username string) bool { return schoolName.MatchString(username) }

// ValidUsername tells whether a user of this role can have the name. No name is valid that WrongName has words for.
func ValidUsername(username string, role rinnova.Role) bool {
	if role == rinnova.RoleSchool {
		return schoolName.MatchString(username)
	}
	return !schoolName.MatchString(username) && WrongName(username).IsZero()
}

// WrongName says how to write a user name that nobody can have as it was typed; the zero Text where somebody could. It goes
// by the shape alone: it tells nothing about who exists.
func WrongName(username string) rinnova.Text {
	bare := strings.TrimLeft(strings.TrimPrefix(username, strings.TrimSuffix(supervisor, ".")), ". ")
	switch {
	case username == "" || schoolName.MatchString(username):
		return rinnova.Text{}
	case strings.Contains(username, "@"):
		return rinnova.Say("È un indirizzo e-mail, non il nome utente. Per una scuola è SUPERVISOR, un punto e il codice portale: per esempio %s.", ExampleUsername)
	case ministryCode.MatchString(bare) && strings.ContainsAny(bare, "0123456789"):
		return rinnova.Say("È un codice meccanografico. Nel nome utente va il codice portale, che è un altro: due lettere e cinque cifre, per esempio %s. È scritto sui contratti e sul promemoria.", ExampleUsername)
	case portalCode.MatchString(username):
		return rinnova.Say("Manca l’inizio: scrivete SUPERVISOR, un punto e poi il codice portale, per esempio %s.", ExampleUsername)
	case strings.HasPrefix(username, strings.TrimSuffix(supervisor, ".")):
		return rinnova.Say("Dopo SUPERVISOR vanno un punto e il codice portale, cioè due lettere e cinque cifre: per esempio %s.", ExampleUsername)
	case !officeName.MatchString(username):
		return rinnova.Say("Non è scritto come un nome utente. Per una scuola è SUPERVISOR, un punto e il codice portale: per esempio %s.", ExampleUsername)
	}
	return rinnova.Text{}
}
