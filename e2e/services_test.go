package e2e_test

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"

	"rinnova/internal/account/accountweb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/demo"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/surf"
)

// TestServices goes through the second door: services are renewed from the public page to the signed contract, beside the
// renewal of assistance, which they leave alone.
func TestServices(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		s := &servicesJob{program: p, t: t, code: "SG00007"}
		s.entersByItsDoor()
		s.recalculates()
		s.printsReminder()
		s.confirms()
		s.bothDoorsAreAtHome()
		s.isProcessedInItsCampaign()
		s.theOthersAreProcessedInBulk()
		s.contractSaysItAll()
		s.assistanceIsAsItWas()
	})
}

// servicesJob is the renewal of the services of one school.
type servicesJob struct {
	*program
	t             *testing.T
	code          string
	school, clerk *person
}

func (s *servicesJob) view() *renewal.View { return s.viewOf(s.t, renewal.Services, s.code) }

// entersByItsDoor goes from the public page to the form at once: no band is asked for, because no price depends on it.
func (s *servicesJob) entersByItsDoor() {
	v := s.visitor(s.t)
	v.open(supplierweb.SupportPath)
	v.reads("Rinnovo contratti di assistenza", "Aperto fino al 19/01/2027", "Rinnovo servizi", "Aperto fino al 03/02/2027")
	v.follow("Rinnova i servizi")
	v.press("Accedi", surf.Values{accountweb.FieldUsername: {supervisor(s.code)}, accountweb.FieldPassword: {demo.Password}})
	v.at("Rinnovo servizi 2026/27")
	v.reads("Proposta", "1. Ordine e servizi", "2. Conferma ricevuta", "Convitto Annesso al «Turi» Matera", "Condizioni di contratto")
	for _, word := range []string{"etto massimo", "fascia", "Alunni", "alunni"} {
		if strings.Contains(v.Page.Text("main"), word) {
			s.t.Errorf("the form of services speaks of «%s»", word)
		}
	}
	if q := s.view().Request; q.State != renewal.Offered || v.Page.URL.Path != renewalweb.RenewalPath(q.ID) {
		s.t.Errorf("looking at %s left the request %s", v.Page.URL, q.State)
	}
	check(s.t, v.Open(renewalweb.RenewalPath(s.view().Request.ID)+"/fascia"))
	v.at("Rinnovo servizi 2026/27")
	s.school = v
	s.sumsAre(s.view().Proposal.StartTicks())
}

// sumsAre holds that the page shows the sums of these ticks, and none about a cap.
func (s *servicesJob) sumsAre(ticks renewal.Ticks) {
	s.t.Helper()
	x := s.view().Proposal.Totals(1, ticks)
	want := map[string]string{"Importo da fatturare": locale.Euro(x.Taxable), "IVA 22%": locale.Euro(x.VAT), "Totale": locale.Euro(x.Total)}
	got := s.school.sums()
	for label, amount := range want {
		if tight(got[label]) != tight(amount) {
			s.t.Errorf("%s: %s is %q, want %q", s.school.Page.URL, label, got[label], amount)
		}
	}
	if len(got) != len(want) {
		s.t.Errorf("%s: the sums are %v, want %v", s.school.Page.URL, got, want)
	}
}

func (s *servicesJob) recalculates() {
	left := s.school.ticked()[1:]
	s.school.press("Ricalcola", surf.Values{renewal.FieldLines: left})
	s.school.reads("In compilazione")
	s.sumsAre(renewal.NewTicks(left...))
	s.school.press("Spiega", nil)
	s.school.reads("Perché €", "Listino servizi 2026/27, valido dal 01/06/2026", "Se lo rinnovate")
	s.school.press("Annulla modifiche", nil)
	s.school.reads("I dati dell’ordine restano come li avete scritti") // services have no bands
	s.school.press("Annulla e torna alla proposta", nil)
	s.sumsAre(s.view().Proposal.StartTicks())
}

func (s *servicesJob) printsReminder() {
	form := s.school.Page
	s.school.press("Stampa promemoria", orderOf(1))
	text := paperText(s.t, s.school.Page.Body)
	written(s.t, "the reminder", text)
	says(s.t, text, "Promemoria della richiesta", "Rinnovo di servizi · ogni servizio ha il proprio periodo", "Servizi scelti", "In compilazione: non ancora inviata", demo.CIG(1))
	s.saysItsAmounts(text)
	s.school.Page = form
}

// saysItsAmounts holds that a paper has the sums of the request, and does not speak of a cap's.
func (s *servicesJob) saysItsAmounts(text string) {
	s.t.Helper()
	x := s.view().Totals()
	says(s.t, text, "Somma dei servizi"+locale.Amount(x.Taxable), "Imponibile (importo da fatturare)"+locale.Amount(x.Taxable),
		"IVA 22 % su "+locale.Amount(x.Taxable)+locale.Amount(x.VAT), "Totale€ "+locale.Amount(x.Total))
	for _, word := range []string{"Riduzione", "Tetto massimo", "alunni", "fascia"} {
		if strings.Contains(text, tight(word)) {
			s.t.Errorf("a paper of services says «%s»", word)
		}
	}
}

func (s *servicesJob) confirms() {
	s.school.press("Conferma dati", orderOf(1))
	s.school.reads("Conferma n. 1 ricevuta", "Per la scuola è tutto fatto")
	s.sumsAre(s.view().Proposal.StartTicks())
	q := s.view().Request
	if q.State != renewal.Submitted || q.Number != "2026-S100007" {
		s.t.Errorf("request %s is %s", q.Number, q.State)
	}
	m := s.mailOf("Richiesta n. 2026-S100007 ricevuta, conferma n. 1")
	says(s.t, tight(m.Text), "la richiesta di rinnovo servizi n. 2026-S100007", "Servizi scelti,", "versione S-2026-01", locale.Euro(q.Taxable))
	if strings.Contains(m.Text, "Fascia") {
		s.t.Errorf("the receipt of services speaks of a band:\n%s", m.Text)
	}
	s.school.open("/richieste/2026-S100007")
	s.school.reads("Inviata, conferma n. 1")
}

// mailOf is the one mail to the school with this subject.
func (s *servicesJob) mailOf(subject string) mail.Stored {
	s.t.Helper()
	s.work(s.t)
	page, err := s.Mailbox.List(s.t.Context(), mail.Query{Words: s.program.school(s.t, s.code).Email, Limit: 100})
	check(s.t, err)
	var found []mail.Stored
	for _, m := range page.Messages {
		if strings.HasPrefix(m.Subject, subject) {
			whole, err := s.Mailbox.Message(s.t.Context(), m.Key)
			check(s.t, err)
			found = append(found, whole)
		}
	}
	if len(found) != 1 {
		s.t.Fatalf("%d mails «%s», want 1", len(found), subject)
	}
	written(s.t, "a mail", found[0].Subject+found[0].Text)
	return found[0]
}

// bothDoorsAreAtHome holds that the home says for each door until when it is open and where the school stands; what is to
// be done comes first.
func (s *servicesJob) bothDoorsAreAtHome() {
	s.school.open(renewalweb.AreaPath)
	s.school.reads("entro il 19/01/2027", "Rinnovo 2027: la proposta è pronta", "Comincia il rinnovo",
		"Rinnovo servizi 2026/27: per la scuola è tutto fatto", "Inviata, conferma n. 1", "la potete cambiare, entro il 03/02/2027", locale.Euro(s.view().Request.Taxable)+" + IVA")
	titles := s.school.Page.Doc.Find("main section.rn-next h2")
	if first := surf.Words(titles.First()); !strings.HasPrefix(first, "Rinnovo 2027") {
		s.t.Errorf("the next step is %q", first)
	}
	for path, id := range map[string]string{renewalweb.CurrentPath: s.request(s.t, s.code).ID, renewalweb.ServicesPath: s.view().Request.ID} {
		s.school.open(path)
		if !strings.Contains(s.school.Page.URL.Path, id) {
			s.t.Errorf("%s leads to %s, want request %s", path, s.school.Page.URL, id)
		}
		if at := s.school.Page.Doc.Find(".rn-nav [aria-current=page]").AttrOr("href", ""); at != path {
			s.t.Errorf("on %s the navigation is at %q, want %q", s.school.Page.URL, at, path)
		}
	}
}

// isProcessedInItsCampaign goes from the work list of assistance to that of services, which the addresses keep.
func (s *servicesJob) isProcessedInItsCampaign() {
	s.clerk = s.login(s.t, clerkOne)
	s.clerk.open(renewalweb.WorkListPath)
	s.clerk.reads("Rinnovo servizi 2026/27 1", "Qui non c’è nulla")
	s.clerk.follow("Rinnovo servizi 2026/27")
	s.clerk.reads("1 richiesta", "imponibile "+locale.Euro(s.view().Request.Taxable))
	if n := s.clerk.Page.Doc.Find("#fascia").Length() + s.clerk.Page.Doc.Find("th:contains(Fascia)").Length(); n != 0 {
		s.t.Error("the work list of services has bands")
	}
	s.clerk.follow("Pronte da elaborare")
	s.clerk.reads("Convitto Annesso al «Turi»")
	s.clerk.open(s.clerk.Page.Doc.Find("[data-open]").AttrOr("href", ""))
	s.clerk.reads("Richiesta n. 2026-S100007 · Rinnovo servizi 2026/27", "Ricalcolati: coincidono al centesimo", "Condizioni accettate")
	for _, word := range []string{"tetto", "Quota", "Fascia", "Inclusi", "Esclusi"} {
		if strings.Contains(s.clerk.Page.Text("main table"), word) {
			s.t.Errorf("the request of services speaks of «%s»", word)
		}
	}
	s.clerk.press("Elabora la conferma n. 1", nil)
	s.clerk.reads("Elaborata", "Contratto n. S-2026/000001")
	s.work(s.t)
	s.clerk.follow("Richieste")
	s.clerk.open(s.clerk.Page.Doc.Find(".rn-crumb a").Eq(1).AttrOr("href", renewalweb.WorkListPath+"?campagna="+demo.ServicesID))
	if at := surf.Words(s.clerk.Page.Doc.Find(".rn-title .rn-views [aria-current]")); !strings.HasPrefix(at, "Rinnovo servizi") {
		s.t.Errorf("the way back leads to %q", at)
	}
}

// theOthersAreProcessedInBulk processes requests of both kinds at once by runs: each run is of one campaign, and each
// series counts by itself.
func (s *servicesJob) theOthersAreProcessedInBulk() {
	t := s.t
	for i, code := range []string{"SG00001", "SG00004"} {
		v := s.viewOf(t, renewal.Services, code)
		s.confirmView(t, v, code, 30+i)
		s.confirm(t, code, 40+i)
	}
	s.clerk.open(renewalweb.WorkListPath + "?vista=pronte&campagna=" + demo.ServicesID)
	s.clerk.reads("2 richieste")
	chosen := s.clerk.Page.Values(contractweb.FieldChosen)
	s.clerk.press("Elabora…", surf.Values{contractweb.FieldChosen: chosen})
	s.clerk.reads("Elaborare 2 richieste?")
	if top := surf.Words(s.clerk.Page.Doc.Find("header")); !strings.Contains(top, "Rinnovo servizi 2026/27") {
		t.Errorf("the page before the run is of %q", top)
	}
	s.clerk.press("Elabora le 2 richieste", nil)
	s.work(t)
	s.clerk.open(s.clerk.Page.URL.Path)
	s.clerk.reads("Rinnovo servizi 2026/27 · avviata", "2 di 2 richieste", "dal S-2026/000002 al S-2026/000003")
	mixed := strings.Join([]string{chosen[0], contractweb.JoinChosen([]contract.Chosen{{RequestID: s.request(t, "SG00001").ID, Revision: 1}})}, " ")
	if status, body := s.clerk.post(contractweb.ProcessPath, map[string]string{contractweb.FieldChosen: mixed}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "di un’altra campagna") {
		t.Errorf("a run of two campaigns: %d, want 422", status)
	}
	s.process(t, "SG00001")
	c, err := s.Lists.ByRequest(t.Context(), s.request(t, "SG00001").ID)
	check(t, err)
	if c.Number != "2026/000001" {
		t.Errorf("the first contract of assistance is %s", c.Number)
	}
}

func (s *servicesJob) contractSaysItAll() {
	c, err := s.Lists.ByRequest(s.t.Context(), s.view().Request.ID)
	check(s.t, err)
	d := c.Document
	s.school.open(renewalweb.AreaPath)
	s.school.reads("Rinnovo servizi 2026/27: il contratto n. S-2026/000001 è firmato")
	s.school.open(contractweb.ArchivePath + "?tipo=services")
	s.school.reads("Periodi che cominciano nel 2026", "S-2026/000001", "Servizi", "01/10/2026 – 30/09/2027")
	link := s.school.Page.Doc.Find(`a[href$=".pdf"]`).First().AttrOr("href", "")
	file, err := s.school.Fetch(link)
	check(s.t, err)
	if file.Status != http.StatusOK || path.Base(link) != "contratto-S-2026-000001.pdf" || sum(file.Body) != c.File.SHA256 {
		s.t.Fatalf("%s: %d, %s", link, file.Status, sum(file.Body))
	}
	text := paperText(s.t, file.Body)
	written(s.t, "the contract", text)
	says(s.t, text, "Contratto di rinnovo servizi", "n. S-2026/000001 del 20 novembre 2026", "Ogni servizio ha il proprio periodo", "Richiesta n. 2026-S100007, conferma n. 1",
		"versione S-2026-01", "il testo è parte del contratto", "Condizioni generali dei servizi", "Inadempimento, correzioni e foro")
	for i, l := range d.Lines {
		says(s.t, text, fmt.Sprint(i+1)+contractRow(d.Kind, l, d.Totals.Lines[i]))
	}
	own, _, _ := strings.Cut(text, tight("Condizioni generali dei servizi")) // the terms say that there is no cap
	s.saysItsAmounts(own)
	if report := signature(s.t, file.Body); !valid(report) {
		s.t.Errorf("the signature of the contract: %s", report)
	}
	m := s.mailOf("Contratto n. S-2026/000001 firmato")
	says(s.t, tight(m.Text), "il contratto di rinnovo servizi, firmato digitalmente", "dal 01/10/2026 al 30/09/2027", locale.Euro(d.Totals.Total), c.File.SHA256)
	v := s.visitor(s.t)
	v.open(contractweb.VerifyPath + "/" + contract.ShowCode(d.VerifyCode))
	v.reads("Contratto n. S-2026/000001", "Servizi", locale.Euro(d.Totals.Total))
}

// assistanceIsAsItWas holds that nobody has touched the school's other request.
func (s *servicesJob) assistanceIsAsItWas() {
	if q := s.request(s.t, s.code); q.State != renewal.Offered || q.Version != 1 {
		s.t.Errorf("the request of assistance is %s, version %d", q.State, q.Version)
	}
}

// TestServicesInABrowser renews services with JavaScript, looking at every page at 1280 and at 320 pixels.
func TestServicesInABrowser(t *testing.T) {
	const code = "SG00012"
	p := onSQLite(t)
	b := p.tab(t)
	b.Go(renewalweb.ServicesPath)
	b.enter(supervisor(code))
	b.reads("Rinnovo servizi 2026/27", "Ordine e servizi")
	b.Check("servizi-modulo")
	start := p.viewOf(t, renewal.Services, code).Proposal.StartTicks().IDs()
	b.Click("#" + start[0])
	amount := func(ids []string) string {
		return locale.Euro(p.viewOf(t, renewal.Services, code).Proposal.Totals(1, renewal.NewTicks(ids...)).Total)
	}
	b.WaitText("#somme", amount(start[1:]))
	b.WaitText("#totale-barra", amount(start[1:]))
	b.Click("#spiega-" + start[1])
	b.WaitText("#x-"+start[1], "Listino servizi 2026/27")
	b.Check("servizi-spiega")
	b.Click("#" + start[0])
	b.WaitText("#somme", amount(start))
	b.Go(renewalweb.AreaPath)
	b.reads("Rinnovo 2027: la proposta è pronta", "Rinnovo servizi 2026/27: completate la richiesta")
	b.Check("servizi-area")
	b.Go(renewalweb.ServicesPath)
	b.confirmsWithWarning()
	b.Check("servizi-ricevuta")
	b.look("servizi-condizioni", "/condizioni/"+p.viewOf(t, renewal.Services, code).Season.Terms.ID)

	b.leave()
	b.Go(renewalweb.WorkListPath)
	b.enter(clerkOne)
	b.follow(".rn-title .rn-views a:not([aria-current])")
	b.reads("1 richiesta", "IC Treviso 5 «Coletti»")
	b.Check("servizi-ufficio")
	b.follow("[data-open]")
	b.Check("servizi-richiesta")
	b.follow("main a[href*='/elabora']")
	b.follow("form[action*='/elabora'] button")
	b.reads("Elaborata", "Contratto n. S-2026/000001")
	p.work(t)
	b.leave()
	b.Go(renewalweb.AreaPath)
	b.enter(supervisor(code))
	b.reads("Rinnovo servizi 2026/27: il contratto n. S-2026/000001 è firmato")
	b.Check("servizi-area-firmato")
	b.look("servizi-contratti", contractweb.ArchivePath)
	b.look("servizi-elaborata", renewalweb.ServicesPath)
	b.leave()
	b.look("servizi-assistenza", supplierweb.SupportPath)
	p.clock.Advance(100 * 24 * 3600 * 1e9)
	b.look("servizi-assistenza-chiusa", supplierweb.SupportPath)
	b.reads("Ora non è aperto: si è chiuso il 19/01/2027.", "Ora non è aperto: si è chiuso il 03/02/2027.")
}

// look goes to a page and checks it.
func (b *tab) look(name, path string) {
	b.t.Helper()
	b.Go(path)
	b.Check(name)
}
