package account

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rinnova"
)

func TestWrongName(t *testing.T) {
	for typed, says := range map[string]string{
		"SUPERVISOR.SG00012": "", "supervisor.ab12345 ": "", // whether or not there is such a school
		"OPERATORE.UNO": "", "RESPONSABILE": "", "OPERATRICE": "", "ANNA-MARIA.D’ELIA": "", "PIPPO": "",
		"AGIC826004": "codice meccanografico", "rgic82700l": "codice meccanografico", "SUPERVISOR.AGIC826004": "codice meccanografico",
		"SUPERVISOR AGIC826004": "codice meccanografico", "SUPERVISORAGIC826004": "codice meccanografico",
		"SG00012":    "Manca l’inizio",
		"SUPERVISOR": "Dopo SUPERVISOR", "SUPERVISOR.": "Dopo SUPERVISOR", "SUPERVISOR SG00012": "Dopo SUPERVISOR", "SUPERVISORSG00012": "Dopo SUPERVISOR",
		"SUPERVISOR.SG0012": "Dopo SUPERVISOR", "SUPERVISOR.SG000012": "Dopo SUPERVISOR", "SUPERVISOR.004512": "Dopo SUPERVISOR",
		"agic826004@istruzione.it": "indirizzo e-mail",
		"IC Roncalli":              "Non è scritto come", "004512": "Non è scritto come", `SUPER"><B>`: "Non è scritto come", "UNO.": "Non è scritto come",
	} {
		got := WrongName(NormalUsername(typed))
		if says == "" && !got.IsZero() || !strings.Contains(got.String(), says) {
			t.Errorf("%q: %q, want %q", typed, got, says)
		}
		if says != "" && !strings.Contains(got.String(), ExampleUsername) {
			t.Errorf("%q: no example in %q", typed, got)
		}
	}
}

func TestValidUsername(t *testing.T) {
	for _, c := range []struct {
		username string
		role     rinnova.Role
		valid    bool
	}{
		{ExampleUsername, rinnova.RoleSchool, true}, {ExampleUsername, rinnova.RoleClerk, false}, {"OPERATORE.UNO", rinnova.RoleSchool, false},
		{"OPERATORE.UNO", rinnova.RoleClerk, true}, {"AMMINISTRATORE", rinnova.RoleAdmin, true}, {"AGIC826004", rinnova.RoleClerk, false}, {"", rinnova.RoleSchool, false},
	} {
		if got := ValidUsername(c.username, c.role); got != c.valid {
			t.Errorf("%q for %s: %v", c.username, c.role, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) { // who can exist is never told that the name is wrong
		name := NormalUsername(rapid.OneOf(rapid.String(), rapid.StringMatching(`SUPERVISOR\.?[A-Z]{1,4}[0-9]{4,6}`)).Draw(t, "name"))
		for _, role := range []rinnova.Role{rinnova.RoleSchool, rinnova.RoleClerk} {
			if ValidUsername(name, role) && !WrongName(name).IsZero() {
				t.Errorf("a %s can be called %q, which is said to be wrong", role, name)
			}
		}
	})
}

// What came along when a name was copied does not count.
func TestNamesAsTheyAreCopied(t *testing.T) {
	for typed, want := range map[string]string{"SUPERVISOR.SG00021.": "SUPERVISOR.SG00021", " supervisor. sg 00021 ": "SUPERVISOR.SG00021", "operatore.uno": "OPERATORE.UNO"} {
		if got := NormalUsername(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
