package accountmail_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rinnova/internal/account"
	"rinnova/internal/account/accountmail"
	"rinnova/internal/mail"
	"rinnova/internal/supplier"
)

var update = flag.Bool("update", false, "write the golden files anew")

const baseURL = "https://rinnovi.esempiosoftware.example"

func golden(t *testing.T, name string, c mail.Content) {
	t.Helper()
	for ext, got := range map[string]string{".txt": "Oggetto: " + c.Subject + "\n\n" + c.Text(), ".html": c.HTML()} {
		path := filepath.Join("testdata", name+ext)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), got); d != "" {
			t.Errorf("%s (-want +got):\n%s", path, d)
		}
	}
}

func vendor() supplier.Profile {
	return supplier.Profile{
		Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)", VATNumber: "12345678903",
		Renewals: supplier.Contact{Phone: "02 0000000", Email: "contratti@esempiosoftware.example"},
	}
}

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func school() (account.Account, account.Recipient) {
	return account.Account{Username: "SUPERVISOR.SG00127", SchoolID: "1"}, account.Recipient{
		Email: "ragusa@scuola.example", School: "Istituto Comprensivo Statale «Giovanni Verga»", Address: "via Archimede 12, 97100 Ragusa (RG)", MinistryCode: "RGIC00000X",
	}
}

func link() account.Link {
	a, to := school()
	return account.Link{Reset: account.Reset{Account: a, To: to, At: instant("2027-01-13T08:58:40Z")}, Secret: "Jc8Wq2mVtY0pXhR5nKdA7uLzB3sEo9GfJc8Wq2mVtY0", Until: instant("2027-01-13T09:58:59Z")}
}

func TestReset(t *testing.T) {
	golden(t, "password-reimposta", accountmail.Reset(link(), vendor(), baseURL))
}

// The office's users have no school, and ask their own manager.
func TestResetForTheOffice(t *testing.T) {
	l := link()
	l.Account, l.To = account.Account{Username: "OPERATORE.UNO"}, account.Recipient{Email: "uno@esempiosoftware.example"}
	golden(t, "password-reimposta-ufficio", accountmail.Reset(l, vendor(), baseURL+"/"))
}

// What is stored before the mail leaves says the same without the way to the page.
func TestResetBeforeItLeaves(t *testing.T) {
	l := link()
	l.Secret, l.Until = "", time.Time{}
	golden(t, "password-reimposta-da-inviare", accountmail.Reset(l, vendor(), baseURL))
}

// The clock is Rome's, on both sides of midnight and of summer time.
func TestUntilWhenInRome(t *testing.T) {
	for at, want := range map[string]string{
		"2027-01-13T22:30:00Z": "il\u00a013/01/2027 alle\u00a023:30 … fino alle\u00a000:30",
		"2027-03-28T00:30:00Z": "il\u00a028/03/2027 alle\u00a001:30 … fino alle\u00a003:30", // an hour is left out in between
		"2027-10-31T00:30:00Z": "il\u00a031/10/2027 alle\u00a002:30 … fino alle\u00a002:30", // and here one comes twice
		"2027-07-11T10:00:00Z": "l’11/07/2027 alle\u00a012:00 … fino alle\u00a013:00",
	} {
		l := link()
		l.At, l.Until = instant(at), instant(at).Add(time.Hour)
		text := strings.ReplaceAll(accountmail.Reset(l, vendor(), baseURL).Text(), "\n", " ")
		asked, until, _ := strings.Cut(want, " … ")
		if !strings.Contains(text, asked) || !strings.Contains(text, until+" (ora italiana)") {
			t.Errorf("%s: no %q in\n%s", at, want, text)
		}
	}
}

func TestChanged(t *testing.T) {
	a, to := school()
	golden(t, "password-cambiata", accountmail.Changed(account.Change{Account: a, To: to, At: instant("2027-01-13T09:06:00Z")}, vendor(), baseURL))
}

func TestChangedForTheOffice(t *testing.T) {
	c := account.Change{Account: account.Account{Username: "OPERATORE.UNO"}, To: account.Recipient{Email: "uno@esempiosoftware.example"}, At: instant("2027-01-08T09:06:00Z")}
	golden(t, "password-cambiata-ufficio", accountmail.Changed(c, supplier.Profile{Name: "Solo Nome S.p.A."}, baseURL))
}

func TestBesieged(t *testing.T) {
	a, to := school()
	golden(t, "password-indovinata", accountmail.Besieged(account.Siege{Account: a, To: to, At: instant("2027-01-13T08:58:00Z"), Tries: 31}, vendor(), baseURL))
}
