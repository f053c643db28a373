package e2e_test

import (
	"testing"

	"rinnova/internal/exchange"
	"rinnova/internal/surf"
)

// A school that comes in by a file can log in: its user has no password that anybody knows, and gets one by mail.
func TestANewSchoolComesIn(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		i := p.imports(t, exchange.Schools, "nuova.csv", []byte("codice meccanografico;codice portale;denominazione;comune;e-mail\n"+
			"RGIC82700L;SG77777;Istituto Comprensivo «Prova»;Ragusa;rgic82700l@istruzione.example\n"))
		check(t, p.Exchange.Apply(t.Context(), p.actor(t, chief), i.ID, i.Digest))
		p.work(t)
		const code = "SG77777"
		v := p.visitor(t)
		v.open("/password")
		v.press("Procedi", map[string][]string{"utente": {supervisor(code)}})
		p.work(t)
		path, _ := p.linkAt(t, p.URL)
		v.changesPassword(path, code)
		v.press("Accedi", surf.Values{"password": {newPassword}})
		v.at("Istituto Comprensivo «Prova», Ragusa")
	})
}
