package e2e_test

import (
	"slices"
	"testing"

	"rinnova/internal/event/eventweb"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

// TestNotice is a school that says that it renews nothing, over a confirmation: it is reached from the form, the receipt leaves by mail, the
// office sees the reason and cannot process; then the school changes its mind, the office opens the request again, and it goes
// its way.
func TestNotice(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		const code = "SG00007"
		p.confirm(t, code, 1)
		request := p.request(t, code)
		school, clerk := p.login(t, supervisor(code)), p.login(t, clerkOne)
		school.open(renewalweb.RenewalPath(request.ID))
		school.follow("Non rinnovate?")
		school.reads("La conferma n. 1, di", "non vale più.", "Poi solo l’ufficio può riaprire la richiesta.")
		school.pressFor(422, "Comunica che non rinnovate", nil)
		school.press("Comunica che non rinnovate", map[string][]string{renewal.FieldNoticeWhy: {"vendor"}, renewal.FieldNoticeSure: {"1"}})
		school.reads("La scuola non rinnova", "Motivo: usiamo un altro fornitore.")
		if sum := school.sums()["Importo da fatturare"]; sum != "€ 0,00" {
			t.Errorf("of what is not renewed %q is to be invoiced", sum)
		}
		p.work(t)
		if mails := p.mailsTo(t, p.school(t, code).Email); !slices.Contains(mails, "Richiesta n. "+request.Number+": la scuola non rinnova") {
			t.Errorf("no receipt among the mails %q", mails)
		}
		clerk.open(renewalweb.WorkListPath + "?vista=non-rinnovate")
		clerk.reads("1 richiesta", "usiamo un altro fornitore")
		if status, _ := clerk.post(renewalweb.WorkListPath+"/"+request.ID+"/elabora", map[string]string{"conferma": "1", "stato_visto": "submitted"}); status != 409 {
			t.Errorf("processed all the same: %d", status)
		}
		clerk.open(eventweb.OfSchoolPath(code))
		clerk.reads("Comunicato che non si rinnova", "motivo: «usiamo un altro fornitore»")
		clerk.open(renewalweb.WorkListPath + "/" + request.ID)
		clerk.press("Riapri la richiesta", nil)
		clerk.reads("Rimandata alla scuola", "Riaperta dall’ufficio")
		p.confirm(t, code, 2)
		p.process(t, code)
		p.work(t)
		school.open(renewalweb.RenewalPath(request.ID))
		school.reads("è firmato", "Come si forma il prezzo")
	})
}
