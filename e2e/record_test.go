package e2e_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/renewal/renewalweb"
)

// TestEverythingIsOnTheRecord plays a renewal and holds that each thing that somebody did is recorded, by whom, and that the
// office reads it in Registro and the school, without names of the office, in Attività.
func TestEverythingIsOnTheRecord(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00007"
		newPostOffice(t, p, p.school(t, code).Email) // knows the school only later
		stranger := p.visitor(t)
		if status, _ := stranger.post(accountweb.LoginPath, map[string]string{"utente": supervisor(code), "password": "sbagliata"}); status != 422 {
			t.Errorf("a wrong password: %d", status)
		}
		school, clerk := p.login(t, supervisor(code)), p.login(t, clerkOne)
		p.confirm(t, code, 1)
		p.work(t) // the receipt is refused
		newPostOffice(t, p, "")
		p.sendBack(t, code, "Il CIG è di un’altra gara.")
		p.confirm(t, code, 2)
		p.work(t)
		c := p.process(t, code)
		p.work(t)
		form := renewalweb.RenewalPath(c.RequestID)
		for _, path := range []string{contractweb.SchoolFilePath(c.ID, c.FileName()), form + "/promemoria.pdf"} {
			school.send("GET", path, "", nil)
		}
		for _, path := range []string{contractweb.FilePath(c), contractweb.RequestPath(c.RequestID) + "/promemoria.pdf"} {
			clerk.send("GET", path, "", nil)
		}
		want := map[string]int{
			"account.login_failed " + supervisor(code): 1, "account.login " + supervisor(code): 1, "request.confirmed " + supervisor(code): 2, "request.returned " + clerkOne: 1,
			"request.published rinnova": 2, "request.processed " + clerkOne: 1, "contract.numbered " + clerkOne: 1, "contract.signed rinnova": 1, "contract.sent rinnova": 1, "mail.not_sent rinnova": 1, "mail.sent rinnova": 2,
			"contract.downloaded " + supervisor(code): 1, "contract.downloaded " + clerkOne: 1, "request.reminder " + supervisor(code): 1, "request.reminder " + clerkOne: 1,
		}
		page, err := p.Events.Page(t.Context(), event.Filter{SchoolID: p.school(t, code).ID, Limit: 100})
		check(t, err)
		got := map[string]int{}
		for _, l := range page.Links {
			got[string(l.Kind)+" "+l.Actor.Username]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("on the record:\n%v\nwant\n%v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
		}
		clerk.open(eventweb.OfSchoolPath(code))
		clerk.reads("E-mail non consegnata", "Accesso non riuscito", clerkOne+" operatore", "motivo: «Il CIG è di un’altra gara.»")
		school.open(eventweb.SchoolPath)
		school.reads("E-mail non consegnata", "Accesso non riuscito", "Non si sa chi, con il nome utente "+supervisor(code), "Promemoria stampato", "· Ufficio")
		if text := school.Page.Text("main"); strings.Contains(text, clerkOne) || strings.Contains(text, "SHA-256") {
			t.Errorf("the school reads what is the office's business:\n%s", text)
		}
	})
}
