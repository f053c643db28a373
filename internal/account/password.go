package account

import (
	"strings"
	"unicode/utf8"

	"rinnova"
)

// Names of the fields of a new password.
const (
	FieldNew   = "nuova"
	FieldAgain = "ripeti"
)

// Lengths of passwords, in characters (bars: school, office, most).
const (
	MinSchool   = 12
	MinOffice   = 15
	MaxPassword = 128
)

// MaxPasswordBytes bounds what is hashed: four bytes for each character.
const MaxPasswordBytes = 4 * MaxPassword

// MinPassword is how many characters the password of an account has at least.
func (a Account) MinPassword() int {
	if a.Role == rinnova.RoleSchool {
		return MinSchool
	}
	return MinOffice
}

// CheckPassword says what is wrong with a new password, typed twice; public is what everybody knows of whose it is. There are no rules about kinds of characters: they make
// passwords harder to remember and no harder to guess (NIST SP 800-63B, 3.1.1.2).
func CheckPassword(a Account, public []string, password, again string) rinnova.Problems {
	var p rinnova.Problems
	n := utf8.RuneCountInString(password)
	switch {
	case password == "":
		p.Refuse(FieldNew, "Scrivete la nuova password.")
	case n < a.MinPassword():
		p.Refuse(FieldNew, "La password ha almeno %d caratteri. Qui sono %d.", a.MinPassword(), n)
	case n > MaxPassword:
		p.Refuse(FieldNew, "La password ha al massimo %d caratteri. Qui sono %d.", MaxPassword, n)
	case namesUser(password, a.Username):
		p.Refuse(FieldNew, "La password contiene il nome utente, la prima cosa che prova chi vuole indovinare. Sceglietene una che non c’entra.")
	case isPublic(password, public):
		p.Refuse(FieldNew, "È fatta di ciò che tutti sanno: nomi, comune, indirizzo, codici o e-mail della scuola o nostri, anche con numeri o segni. È la prima cosa che prova chi vuole indovinare: sceglietene una che non c’entra.")
	case isCommon(password):
		p.Refuse(FieldNew, "È una password molto usata, o fatta di parole, numeri e tasti in fila che si indovinano presto. Sceglietene un’altra.")
	}
	switch {
	case again == "" && (p == nil || password == ""):
		p.Refuse(FieldAgain, "Scrivete di nuovo la stessa password.")
	case p == nil && again != password:
		p.Refuse(FieldAgain, "Le due password non sono uguali. Riscrivete qui la stessa.")
	}
	return p
}

// namesUser tells whether a password holds the user name, or the part of it that tells one user from another.
func namesUser(password, username string) bool {
	p := strings.ToUpper(password)
	for _, part := range append(strings.Split(username, "."), username) {
		if utf8.RuneCountInString(part) >= 5 && part+"." != supervisor && strings.Contains(p, part) {
			return true
		}
	}
	return false
}
