package e2e_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/event/eventweb"
	"rinnova/internal/guide/guideweb"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/supplier/supplierweb"
)

// TestEveryPage looks at every page of the program, in the states that matter, at 1280 and at 320 pixels. Two walks go side by
// side, because a browser draws one page on one processor.
func TestEveryPage(t *testing.T) {
	var renewal, season *walk
	t.Run("walks", func(t *testing.T) {
		t.Run("renewal", func(t *testing.T) {
			t.Parallel()
			renewal = newWalk(t)
			renewal.publicPages()
			renewal.passwordPages()
			renewal.corrections()
			renewal.schoolPages()
			renewal.officePages()
			renewal.checkPages()
			renewal.mailbox()
			renewal.closedSeason()
		})
		t.Run("season", func(t *testing.T) {
			t.Parallel()
			season = newWalk(t)
			season.campaigns()
			season.together()
			season.reminders()
			season.priceLists()
			season.exchange()
			season.terms()
			season.schoolDesk()
		})
	})
	if renewal != nil && season != nil && !t.Failed() {
		nothingWasForgotten(t, renewal, season)
	}
}

// walk goes through the pages and remembers which routes it has seen.
type walk struct {
	*tab
	seen map[string]bool
}

func newWalk(t *testing.T) *walk {
	return &walk{tab: onSQLite(t).tab(t), seen: map[string]bool{}}
}

// look goes to a page and checks it.
func (w *walk) look(path, name string) {
	w.t.Helper()
	w.Go(path)
	w.check(name)
}

// check checks the page as it stands.
func (w *walk) check(name string) {
	w.t.Helper()
	w.Check("app-" + name)
	for _, path := range []string{guideweb.Path, contractweb.VerifyPath} {
		if w.Count("footer a[href='"+path+"']") == 0 {
			w.t.Errorf("%s: nothing leads to %s", w.URL(), path)
		}
	}
	written(w.t, w.URL(), w.Text("body"))
	w.seen[w.p.route(w.URL())] = true
}

// route is the pattern that answers a GET of an address.
func (p *program) route(address string) string {
	m := http.NewServeMux()
	for _, pattern := range p.Mux.Patterns() {
		m.HandleFunc(pattern, func(http.ResponseWriter, *http.Request) {})
	}
	_, pattern := m.Handler(httptest.NewRequest(http.MethodGet, address, nil))
	return pattern
}

func (w *walk) publicPages() {
	w.look(supplierweb.HomePath, "home")
	w.look(supplierweb.SupportPath, "assistenza")
	w.look(supplierweb.PrivacyPath, "privacy")
	w.look(supplierweb.AccessibilityPath, "accessibilita")
	w.look(supplierweb.InventedPath+"guida-in-linea", "fornitore-inventato")
	w.look("/niente/di/niente", "non-trovata")
	w.look(guideweb.Path, "guide")
	w.look(guideweb.ContractsPath, "guida-contratti")
	w.look(guideweb.ServicesPath, "guida-servizi")
	w.look(guideweb.LetterPath, "guida-lettera")
	w.look(guideweb.CorrectionsPath, "guida-correzioni")
	w.look(guideweb.VerifyPath, "guida-verifica")
	w.look(guideweb.PasswordPath, "guida-password")
	w.look(accountweb.LoginPath, "accesso")
	w.Type("#"+accountweb.FieldUsername, "SUPERVISOR.SG00099")
	w.Type("#"+accountweb.FieldPassword, "sbagliata")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("accesso-errore")
	w.Type("#"+accountweb.FieldUsername, "AGIC826004")
	w.Type("#"+accountweb.FieldPassword, "sbagliata")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("accesso-meccanografico")
}

func (w *walk) passwordPages() {
	const code = "SG00012"
	w.look(accountweb.AskPath, "password")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("password-errore")
	w.Type("#"+accountweb.FieldUsername, "SG00012")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("password-nome-incompleto")
	w.Type("#"+accountweb.FieldUsername, "pippo")
	w.follow("main form .btn-primary")
	w.check("password-posta-altri")
	w.Go(accountweb.AskPath)
	w.Type("#"+accountweb.FieldUsername, supervisor(code))
	w.follow("main form .btn-primary")
	w.check("password-posta")
	w.p.work(w.t)
	path, _ := w.p.linkAt(w.t, w.p.URL)
	w.look(path, "password-nuova")
	w.Type("#"+account.FieldNew, "segreteria2027")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("password-nuova-errore")
	w.look(accountweb.LinkPath+"?codice=x", "password-link-finito")
	w.look(accountweb.LoginPath+"?cambiata=1", "accesso-cambiata")
	for range 3 {
		w.Go(accountweb.AskPath)
		w.Type("#"+accountweb.FieldUsername, supervisor("SG00099"))
		w.follow("main form .btn-primary")
	}
	w.Go(accountweb.AskPath)
	w.Type("#"+accountweb.FieldUsername, supervisor("SG00099"))
	w.followFor(http.StatusTooManyRequests, "main form .btn-primary")
	w.check("password-aspettate")
	for n := range 7 {
		w.Go(accountweb.LoginPath)
		w.Type("#"+accountweb.FieldUsername, supervisor("SG00098"))
		w.Type("#"+accountweb.FieldPassword, "sbagliata")
		w.followFor([]int{http.StatusUnprocessableEntity, http.StatusTooManyRequests}[n/6], "main form .btn-primary")
	}
	w.check("accesso-aspettate")
}

func (w *walk) schoolPages() {
	const code = "SG00007"
	id := w.p.request(w.t, code).ID
	form := renewalweb.RenewalPath(id)
	w.Go(accountweb.LoginPath)
	w.enter(supervisor(code))
	w.check("area-proposta")
	w.look(eventweb.SchoolPath, "attivita-prima")
	w.look(form+"/fascia", "fascia")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary") // its pupils are not known: no band is chosen
	w.check("fascia-errore")
	w.Click("#fascia-1")
	w.follow("main form .btn-primary")
	w.check("modulo")
	w.followFor(http.StatusUnprocessableEntity, "button[value=conferma]")
	w.check("modulo-errori")
	w.look("/condizioni/"+w.p.view(w.t, code).Season.Terms.ID, "condizioni")
	w.look(contractweb.ArchivePath, "contratti-vuoto")
	w.look(letterweb.Path, "lettera")

	w.p.confirm(w.t, code, 1)
	w.look(form+"/conferma/1", "ricevuta")
	w.Go(form)
	w.Click("input[name=riga]")
	w.WaitText("#avviso-bozza", "Modifiche non confermate")
	w.look(form, "modulo-modifiche")
	w.look(form+"/annulla", "annulla")
	w.look(form+"/non-rinnovate", "non-rinnovate")
	w.look(renewalweb.AreaPath, "area-modifiche")
	w.p.confirm(w.t, code, 2)
	w.look(form+"/conferme", "conferme")
	w.p.sendBack(w.t, code, "Il numero dell’ordine non è quello della determina.\nCorreggetelo e confermate.")
	w.look(renewalweb.AreaPath, "area-da-correggere")
	w.look(form, "modulo-da-correggere")
	w.p.confirm(w.t, code, 3)
	w.p.process(w.t, code)
	w.look(renewalweb.AreaPath, "area-elaborata")
	w.look(form, "elaborata")
	w.look(contractweb.ArchivePath, "contratti")
	w.look(eventweb.SchoolPath, "attivita")
	w.leave()
}

// sendBack returns the request of a school with a reason.
func (p *program) sendBack(t *testing.T, code, reason string) {
	t.Helper()
	r := p.request(t, code)
	check(t, p.Renewals.Return(t.Context(), p.actor(t, clerkOne), r.ID, r.Revision, reason))
}

func (w *walk) officePages() {
	t, p := w.t, w.p
	w.Go(renewalweb.WorkListPath)
	w.enter(clerkOne)
	w.check("ufficio-vuoto")
	for i, code := range []string{"SG00001", "SG00004", "SG00009", "SG00011", "SG00012"} {
		p.confirm(t, code, 10+i)
	}
	changed := p.request(t, "SG00009")
	check(t, p.Renewals.TakeInCharge(t.Context(), p.actor(t, clerkTwo), changed.ID, 1, ""))
	p.confirm(t, "SG00009", 30)
	w.look(renewalweb.WorkListPath, "ufficio-nuove")
	w.look(renewalweb.WorkListPath+"?vista=tutte", "ufficio-tutte")
	w.look(renewalweb.WorkListPath+"?vista=senza-risposta", "ufficio-senza-risposta")
	w.look(renewalweb.WorkListPath+"?cerca=nessuno", "ufficio-nessuna")
	w.look(renewalweb.WorkListPath+"/"+changed.ID, "ufficio-richiesta")
	w.look(renewalweb.WorkListPath+"/"+changed.ID+"/scuola", "ufficio-richiesta-scuola")
	w.look(renewalweb.WorkListPath+"/"+changed.ID+"/rimanda", "ufficio-rimanda")
	w.followFor(http.StatusUnprocessableEntity, "main form .btn-primary")
	w.check("ufficio-rimanda-errore")
	w.stalePage(changed.ID)
	w.look(renewalweb.WorkListPath+"/"+p.request(t, "SG00007").ID, "ufficio-richiesta-elaborata")
	w.look(renewalweb.WorkListPath+"/"+p.request(t, "SG00002").ID, "ufficio-richiesta-proposta")
	w.bulk()
	w.look(contractweb.OfficePath, "ufficio-contratti")
	w.record()
	p.sent(t, "SG00011")
	w.look(letterweb.OfficePath, "ufficio-lettere")
	w.look(letterweb.OfficePath+"/"+p.school(t, "SG00011").ID, "ufficio-lettera")
	w.look(letterweb.OfficePath+"/"+p.school(t, "SG00011").ID+"/accetta", "ufficio-lettera-accetta")
	w.look(letterweb.OfficePath+"/"+p.school(t, "SG00011").ID+"/rifare", "ufficio-lettera-rifare")
	w.leave()
}

// record looks at the record: whole, of one school, with a filter that is wrong and one that finds nothing.
func (w *walk) record() {
	w.look(eventweb.OfficePath, "ufficio-registro")
	w.look(eventweb.OfSchoolPath("SG00007")+"&tipo=contract", "ufficio-registro-scuola")
	w.reads("Contratto firmato", "contratto n.", "Il programma")
	w.look(eventweb.OfficePath+"?utente=NESSUNO", "ufficio-registro-nulla")
	w.Type("#scuola", "SG99999")
	w.Type("#dal", "32/11/2026")
	w.followFor(http.StatusUnprocessableEntity, "main form button")
	w.check("ufficio-registro-errore")
}

// stalePage acts on a request that another clerk has processed meanwhile: the page says so.
func (w *walk) stalePage(id string) {
	w.look(renewalweb.WorkListPath+"/"+id+"/elabora", "ufficio-richiesta-avvisi") // it asks first: the school has confirmed again
	w.p.process(w.t, "SG00009")
	w.followFor(http.StatusConflict, "form[action*='/elabora'] button")
	w.check("ufficio-richiesta-rifiutata")
}

// bulk processes several requests, of which one is stopped and one is skipped.
func (w *walk) bulk() {
	t, p := w.t, w.p
	w.Go(renewalweb.WorkListPath + "?vista=pronte")
	w.Click("[data-all]")
	w.WaitText("[data-bulk-count]", "4 selezionate")
	w.check("ufficio-selezionate")
	w.Go(renewalweb.WorkListPath + "?vista=pronte")
	w.Click("[data-all]")
	w.follow("button[form=scelte][formaction$='/elabora']:not([name])")
	w.check("ufficio-elabora")
	poor := p.school(t, "SG00004")
	poor.TaxCode = ""
	check(t, p.SchoolStore.Update(t.Context(), poor))
	p.confirm(t, "SG00012", 40)
	w.follow("form[action='/ufficio/elabora'] button")
	w.check("ufficio-lavorazione-in-corso")
	p.work(t)
	w.Go(w.URL())
	w.reads("4 di 4 richieste", "Da sistemare: 2")
	w.check("ufficio-lavorazione")
	w.look(contractweb.RunsPath, "ufficio-lavorazioni")
}

func (w *walk) checkPages() {
	c, err := w.p.Lists.ByRequest(w.t.Context(), w.p.request(w.t, "SG00007").ID)
	check(w.t, err)
	w.look(contractweb.VerifyPath, "verifica")
	w.look(contractweb.VerifyPath+"?codice=7KQX", "verifica-errore")
	w.look(contractweb.VerifyPath+"/7KQX-M4TD-92RF", "verifica-sconosciuto")
	w.look(contractweb.VerifyPath+"/"+contract.ShowCode(c.Document.VerifyCode), "verifica-contratto")
}

func (w *walk) mailbox() {
	w.look(mailweb.Path, "posta")
	w.follow("main table a")
	w.check("posta-messaggio")
	w.seen["GET "+mailweb.Path+"/{key}/html"] = true // the frame in that page
}

func (w *walk) closedSeason() {
	w.p.clock.Advance(90 * 24 * time.Hour)
	w.Go(renewalweb.CurrentPath)
	w.enter(supervisor("SG00002"))
	w.check("chiusa")
	w.look(renewalweb.AreaPath, "area-chiusa")
}

// noPage are the routes that answer with something else than a page of their own.
var noPage = []string{
	"GET /healthz", "GET " + supplierweb.LogoPath, "GET " + renewalweb.OfficeHome, "GET " + renewalweb.CurrentPath, "GET " + renewalweb.ServicesPath,
	"GET /richieste/{number}",
	"GET " + mailweb.Path + "/{key}/allegati/{n}/{name}", "GET " + guideweb.Path + "/figure/{name}",
}

// nothingWasForgotten holds that a walk looked at each route with a page.
func nothingWasForgotten(t *testing.T, walks ...*walk) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range noPage {
		seen[r] = true
	}
	for _, w := range walks {
		maps.Copy(seen, w.seen)
	}
	for _, pattern := range walks[0].p.Mux.Patterns() {
		if !seen[pattern] && strings.HasPrefix(pattern, "GET ") && !strings.HasSuffix(pattern, ".pdf") && !strings.HasSuffix(pattern, ".csv") && !strings.HasSuffix(pattern, "{file}") {
			t.Errorf("no test has looked at %s in a browser", pattern)
		}
	}
}
