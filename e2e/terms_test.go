package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rinnova/internal/demo"
	"rinnova/internal/surf"
	"rinnova/internal/terms"
	"rinnova/internal/terms/termsweb"
)

// newTerms is the form of a new version of the demonstration's terms: with a clause more, from a day.
func (p *program) newTerms(t *testing.T, name, from string) surf.Values {
	t.Helper()
	now, err := p.Terms.Terms(t.Context(), "demo-condizioni")
	check(t, err)
	return surf.Values{terms.FieldVersion: {name}, terms.FieldFrom: {from},
		terms.FieldBody: {now.Next() + "\n## 99. Clausola di prova\nQuesta clausola è nuova nella versione " + name + ".\n"}}
}

// publishesTerms goes through the form as a manager does: looks at what changes, then publishes. The page is then the version's.
func (v *person) publishesTerms(form surf.Values) {
	v.t.Helper()
	v.open(termsweb.Path)
	v.open(termsweb.Path + "/nuova?" + terms.FieldKind + "=" + string(terms.Assistance))
	v.press("Guarda che cosa cambia", form)
	v.reads("Ancora non è pubblicata", "Clausola di prova", "nuovo")
	v.press("Pubblica la versione "+form[terms.FieldVersion][0], nil)
	v.reads("Condizioni di contratto, versione "+form[terms.FieldVersion][0], "Che cosa cambia rispetto alla versione")
}

// A manager publishes a version that holds from a day; who confirms before it accepts the old one, who confirms from then on
// the new one, and each contract carries what was accepted.
func TestNewTermsHoldFromTheirDay(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		v := p.login(t, manager)
		first := p.confirm(t, "SG00001", 1)
		day := p.clock.Now().AddDate(0, 0, 2).Format("02/01/2006")
		v.publishesTerms(p.newTerms(t, "2027-02", day))
		before := p.confirm(t, "SG00002", 2)
		p.clock.Advance(48 * time.Hour)
		after := p.confirm(t, "SG00011", 3)
		if first.Terms != "2027-01" || before.Terms != "2027-01" || after.Terms != "2027-02" {
			t.Errorf("accepted: %s, %s, then %s", first.Terms, before.Terms, after.Terms)
		}
		for code, has := range map[string]bool{"SG00002": false, "SG00011": true} {
			p.process(t, code)
			p.work(t)
			c, err := p.Lists.ByRequest(t.Context(), p.request(t, code).ID)
			check(t, err)
			if got := strings.Contains(c.Document.Terms.Body, "nella versione 2027-02"); got != has {
				t.Errorf("the contract of %s has the new clause: %v", code, got)
			}
		}
		newest, err := p.Texts.Newest(t.Context(), terms.Assistance)
		check(t, err)
		v = p.login(t, manager)
		v.open(termsweb.VersionPath(newest.ID) + "/togli")
		v.pressFor(http.StatusConflict, "Togli la versione", nil) // it holds now
		v.reads("vale già")
	})
}

// A version that nobody could accept yet is taken away, unless a campaign waits with it.
func TestTermsAreTakenAway(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		v := p.login(t, manager)
		v.publishesTerms(p.newTerms(t, "2028-01", "01/01/2028"))
		v.follow("Togli questa versione")
		v.press("Togli la versione", nil)
		if all, err := p.Texts.Versions(t.Context()); err != nil || len(all) != 3 {
			t.Errorf("%d versions are left, %v", len(all), err)
		}
		v.publishesTerms(p.newTerms(t, "2028-02", "01/01/2028"))
		v.follow("Togli questa versione")
		newest, err := p.Texts.Newest(t.Context(), terms.Assistance)
		check(t, err)
		c, err := p.Campaigns.Store.Campaign(t.Context(), demo.CampaignID)
		check(t, err)
		c.Terms = newest.ID
		check(t, p.Campaigns.Store.Update(t.Context(), c))
		v.pressFor(http.StatusConflict, "Togli la versione", nil)
		v.reads("è di una campagna")
	})
}

// terms looks at the pages of the texts: the list, a form with mistakes, what would change, and the version.
func (w *walk) terms() {
	w.Go(termsweb.Path)
	w.enter(manager)
	w.check("condizioni-testi")
	w.look(termsweb.Path+"/nuova?tipo=appointment", "condizioni-nuova-lettera")
	w.look(termsweb.Path+"/nuova", "condizioni-nuova")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("condizioni-nuova-errori")
	w.Type("#"+terms.FieldVersion, "2027-02")
	w.Type("#"+terms.FieldFrom, w.p.clock.Now().AddDate(0, 1, 0).Format("02/01/2006"))
	w.Type("#"+terms.FieldBody, "## 1. Oggetto\nIl contratto è un altro.\n\n## 2. Prova\nUna clausola nuova.")
	w.follow("main form .btn-primary")
	w.check("condizioni-guardate")
	w.follow("[form=nuova-versione]")
	w.check("condizioni-versione")
	w.follow("main .rn-note a")
	w.check("condizioni-togli")
	w.leave()
}
