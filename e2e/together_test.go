package e2e_test

import (
	"testing"
	"time"

	"rinnova/internal/demo"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

// allowTogether lets one order cover both seasons.
func (p *program) allowTogether(t *testing.T) {
	t.Helper()
	_, err := p.DB.Writer(t.Context()).ExecContext(t.Context(), `UPDATE campaign SET setup = '{"Together": true}'`)
	check(t, err)
	p.clock.Advance(5 * time.Second) // campaigns are remembered for two
}

// TestOneOrderForBothDoors is a school that renews assistance and services with one order and one CIG, and gets two contracts.
func TestOneOrderForBothDoors(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		p.allowTogether(t)
		v := p.login(t, supervisor(editable))
		v.open(renewalweb.ServicesPath)
		v.reads("Un solo ordine per assistenza e servizi", "chiedete un CIG per la somma qui sotto")
		first := p.confirm(t, editable, 1)
		v.open(renewalweb.ServicesPath)
		v.reads("Per Rinnovo 2027 avete già indicato il CIG "+demo.CIG(1), "Ordine, con l’IVA")
		v.press("Usa lo stesso ordine anche qui", nil)
		v.reads("L’ordine è lo stesso di Rinnovo 2027: un CIG solo, due richieste e due contratti.")
		v.press("Conferma dati", map[string][]string{renewal.FieldAccept: {"1"}})
		v.reads("ricevuta")
		second := p.viewOf(t, renewal.Services, editable)
		last, err := p.Requests.Revision(t.Context(), second.Request.ID, 1)
		check(t, err)
		if last.Order.CIG != first.Order.CIG || last.Order.Number != first.Order.Number || len(last.Warnings) > 0 {
			t.Errorf("the second order %+v with %v, the first %+v", last.Order, last.Warnings, first.Order)
		}
	})
}

func (w *walk) together() {
	w.p.allowTogether(w.t)
	w.Go(renewalweb.ServicesPath)
	w.enter(supervisor(editable))
	w.check("modulo-insieme")
	w.p.confirm(w.t, editable, 77)
	w.Go(renewalweb.ServicesPath)
	w.check("modulo-insieme-ordine")
	w.leave()
}
