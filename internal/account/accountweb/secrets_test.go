package accountweb_test

import (
	"slices"
	"testing"

	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/web"
)

// What is typed into these fields reaches us as it was typed: a space at an edge is a part of a password.
func TestPasswordsAreNotCleaned(t *testing.T) {
	for _, name := range []string{accountweb.FieldPassword, account.FieldNew, account.FieldAgain} {
		if !slices.Contains(web.Secrets, name) {
			t.Errorf("%s is cleaned", name)
		}
	}
}
