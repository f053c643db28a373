package rinnova_test

import (
	"strings"
	"testing"

	"rinnova"
)

func TestMailAddresses(t *testing.T) {
	for _, good := range []string{"rgic82700l@istruzione.it", "a.b@pec.istruzione.it", "d'arzo+x@scuola.edu.it", "a_b-c@x-y.example", "1@2.it", "A@B.IT",
		strings.Repeat("a", 64) + "@x.it", "x@xn--citt-0qa.it"} {
		if !rinnova.IsMailAddress(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{"", "a", "a@", "@x.it", ".a@x.it", "a.@x.it", "a..b@x.it", "a@x", "a@.it", "a@x..it", "a@x.it.", "a@-x.it", "a@x-.it", "a b@x.it", "a@x.1", "a@1.2.3.4",
		"a@[1.2.3.4]", `"a b"@x.it`, "a,b@x.it", "a@x.it, b@x.it", "a<b@x.it>", "à@x.it", "a@città.it", "a@x.i", "a@b@x.it", "a@x_y.it", "a;b@x.it", "a(b)@x.it",
		strings.Repeat("a", 65) + "@x.it", "a@" + strings.Repeat("a", 64) + ".it", "a@" + strings.Repeat("x.", 126) + "it"} {
		if rinnova.IsMailAddress(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestCopiedSecrets(t *testing.T) {
	const secret = "-Ab9_x-"
	for _, copied := range []string{secret, secret + ".", secret + ")", "<" + secret + ">", "(" + secret + ").", secret + " ", "\u00a0" + secret + "\u200b", secret + "%20", secret + "»", "«" + secret + "».",
		"“" + secret + "”", "'" + secret + "'", secret + ",", secret + "]", secret + "&x=1", "-Ab9\r\n_x-", secret + "\n"} {
		if got := rinnova.Copied(copied); got != secret {
			t.Errorf("%q is read as %q", copied, got)
		}
	}
	if got := rinnova.Copied(" .»"); got != "" {
		t.Errorf("%q", got)
	}
}
