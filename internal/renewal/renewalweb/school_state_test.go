package renewalweb_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rinnova/internal/event"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewaltest"
)

// A colleague confirms while the form is open: nothing is lost, nothing is mixed, both answers are shown.
func TestOvertaken(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled()).wantRedirect(t, s.path()+"/conferma/1")
	mine := with(filled(), "numero", "99/2026", "riga", renewaltest.PagoPA)
	a := s.post(s.path(), mine)
	a.want(t, 409, "Nel frattempo un collega ha inviato la conferma n. 1", "Numero ordine: 99/2026 (era 214/2026)", "tolto Registro elettronico, € 680,00", "€ 2.570,00 + IVA")
	if a.value("numero") != "99/2026" || a.value("visto") != "1" {
		t.Errorf("number %q, seen %q: want what was typed, 1", a.value("numero"), a.value("visto"))
	}
	if r := s.Request(t, s.A); r.Pending || r.Draft.Order.Number != "214/2026" {
		t.Errorf("the draft was changed: %+v", r.Draft)
	}
	for _, button := range []string{"esci", "ricalcola", "stampa"} {
		s.post(s.path(), with(mine, "azione", button)).want(t, 409, "Nel frattempo")
	}
	part := s.post(s.path(), with(mine, "azione", ""), "HX-Request", "true")
	part.want(t, 409, "quello che scrivete qui non viene più salvato")
	if got := part.Header.Get("HX-Retarget"); got != "#avvisi" {
		t.Errorf("the message goes to %q", got)
	}
	again := a.values()
	again.Set("azione", "conferma")
	s.post(s.path(), again).wantRedirect(t, s.path()+"/conferma/2")
	if r := s.Request(t, s.A); r.Revision != 2 || r.Taxable != 150_00 {
		t.Errorf("confirmation %d, %s", r.Revision, r.Taxable)
	}
}

// Another window chooses another band while the form is open: nothing goes that its page did not show, and nothing typed is lost.
func TestAnotherBandMeanwhile(t *testing.T) {
	s := began(t)
	seen := s.get(s.path())
	if got := seen.value("fascia_vista"); got != "2" {
		t.Fatalf("the form says that it shows band %q", got)
	}
	mine := with(filled(), "numero", "99/2026")
	s.post(s.path()+"/fascia", url.Values{"fascia": {"3"}}).wantRedirect(t, s.path())
	a := s.post(s.path(), mine)
	a.want(t, 409, "Nel frattempo è stata scelta un’altra fascia di alunni", "La vostra pagina era per la fascia", "€ 3.135,40", "La vostra conferma non è stata inviata")
	if a.value("numero") != "99/2026" || a.value("fascia_vista") != "3" || a.Find(`[name=accetta][checked]`).Length() != 1 {
		t.Errorf("number %q, band %q: want what was typed, and the band that is shown now", a.value("numero"), a.value("fascia_vista"))
	}
	for _, button := range []string{"ricalcola", "esci", "stampa"} {
		s.post(s.path(), with(mine, "azione", button)).want(t, 409, "un’altra fascia")
	}
	s.post(s.path(), with(mine, "azione", ""), "HX-Request", "true").want(t, 409, "un’altra fascia", "non viene più salvato")
	s.post(s.path(), with(mine, "azione", "conferma", "fascia_vista", "")).want(t, 409, "Ora la fascia è")
	if r := s.Request(t, s.A); r.Revision != 0 || r.Draft.Band != 3 || r.Draft.Order.Number != "" {
		t.Fatalf("confirmation %d, draft %+v", r.Revision, r.Draft)
	}
	again := a.values()
	again.Set("azione", "conferma")
	s.post(s.path(), again).wantRedirect(t, s.path()+"/conferma/1")
	if r := s.Request(t, s.A); r.Band != 3 || r.Taxable == 2570_00 {
		t.Errorf("band %d, %s", r.Band, r.Taxable)
	}
}

func TestNumberOfConfirmationThatNeverWas(t *testing.T) {
	s := began(t)
	for _, seen := range []string{"", "x", "-1", "7", "99999999999999999999"} {
		s.post(s.path(), with(filled(), "visto", seen)).want(t, 422, "I dati non sono arrivati interi")
	}
}

// The office processes while the form is open.
func TestProcessedMeanwhile(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled())
	s.Process(t, s.A)
	mine := with(filled(), "visto", "1", "numero", "99/2026")
	for _, button := range []string{"conferma", "esci", "ricalcola"} {
		a := s.post(s.path(), with(mine, "azione", button))
		a.want(t, 409, "Quello che avete inviato non è stato salvato", "già elaborata", "Numero ordine: 99/2026 (era 214/2026)", "Il contratto n. 2026/000001 è firmato")
		if a.Find("form#rinnovo").Length() != 0 {
			t.Error("there is still a form")
		}
	}
	s.post(s.path(), with(mine, "azione", ""), "HX-Request", "true").want(t, 409, "già elaborata")
	page := s.get(s.path())
	page.want(t, 200, "Elaborata, conferma n. 1", "B4A27C154F", "Scarica l’originale firmato", "Conferma n. 1")
	if page.Find("form#rinnovo").Length() != 0 {
		t.Error("a processed request has a form")
	}
	s.get(s.path()+"/conferma/1").want(t, 200, "Il contratto n. 2026/000001 è firmato")
	s.get(s.path()+"/annulla").wantRedirect(t, s.path())
	s.get(s.path()+"/fascia").wantRedirect(t, s.path())
	s.post(s.path()+"/fascia", url.Values{"fascia": {"3"}}).want(t, 409, "già elaborata")
	s.post(s.path()+"/annulla", url.Values{}).want(t, 409, "già elaborata")
}

// While the contract is in preparation the pages ask for themselves again, and stop when it is signed.
func TestPagesWaitForTheContract(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled())
	if _, err := s.Contracts.Process(t.Context(), s.Clerk, s.A.Request, 1); err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{s.path(): "#esito", "/area": "#adesso"}
	for path, id := range pages {
		a := s.get(path)
		a.want(t, 200, "in preparazione")
		if a.Find(id+` [hx-get="`+path+`"][hx-trigger="every 2s"]`).Length() != 1 || !strings.Contains(a.Find(id+" noscript").Text(), "Aggiorna") {
			t.Errorf("%s does not ask again, or has no link for those without scripts", path)
		}
		if part := s.get(path, "HX-Request", "true"); part.Find("body > "+id).Length() != 1 || part.Find("[hx-get]").Length() != 1 || part.text("[role=status]") != "" {
			t.Errorf("%s answers a script with %s", path, part.Body)
		}
	}
	if err := s.Queue.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, id := range pages {
		part := s.get(path, "HX-Request", "true")
		if part.Find("body > "+id).Length() != 1 || part.Find("[hx-get]").Length() != 0 || !strings.Contains(part.text("[role=status]"), "firmato") {
			t.Errorf("%s answers a script with %s", path, part.Body)
		}
		if a := s.get(path); a.Find("main [hx-get]").Length() != 0 || a.text("main [role=status]") != "" {
			t.Errorf("%s, opened at rest, asks again or says what nobody waited for", path)
		}
	}
}

func TestClosedCampaign(t *testing.T) {
	s := began(t)
	s.Now = s.Now.AddDate(0, 1, 0)
	s.post(s.path(), filled()).want(t, 409, "Rinnovo 2027 si è chiuso il 15/12/2026", "Quello che avete inviato non è stato salvato")
	s.get(s.path()).want(t, 200, "La richiesta non è stata inviata", "02 0000000")
	s.get("/area").want(t, 200, "Rinnovo 2027 si è chiuso il 15/12/2026", "02 0000000")
}

func TestNotYetOpen(t *testing.T) {
	s := newSite(t)
	s.Now = s.Now.AddDate(0, -1, 0)
	s.get("/area").want(t, 200, "Rinnovo 2027 si apre il 02/11/2026")
	s.get(s.path()).want(t, 200, "Rinnovo 2027 si apre il 02/11/2026", "Registro elettronico")
}

func TestLastDay(t *testing.T) {
	s := began(t)
	s.Now = s.Now.AddDate(0, 0, 25).Add(12 * 60e9 * 60) // 15 December, 22:51 in Rome
	s.post(s.path(), filled()).wantRedirect(t, s.path()+"/conferma/1")
	s.Now = s.Now.Add(2 * 60e9 * 60) // 16 December, 00:51
	s.get(s.path()).want(t, 200, "Rinnovo 2027 si è chiuso", "La conferma n. 1 vale")
}

func TestReturned(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled())
	if err := s.Renewals.Return(t.Context(), s.Clerk, s.A.Request, 1, "Il CIG è di un <b>altro</b> affidamento."); err != nil {
		t.Fatal(err)
	}
	s.get("/area").want(t, 200, "Da correggere · entro il 15/12/2026", "Il CIG è di un <b>altro</b> affidamento.")
	form := s.get(s.path())
	form.want(t, 200, "L’ufficio chiede una correzione", "Il CIG è di un <b>altro</b> affidamento.")
	s.get(s.path()+"/conferma/1").want(t, 200, "L’ufficio chiede una correzione")
	s.post(s.path(), with(filled(), "visto", "1", "rimandata", "1", "come_prima", "1")).wantRedirect(t, s.path()+"/conferma/2") // the same once more
	s.get("/area").want(t, 200, "Inviata, conferma n. 2")
}

func TestInReview(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled())
	if err := s.Renewals.TakeInCharge(t.Context(), s.Clerk, s.A.Request, 1, ""); err != nil {
		t.Fatal(err)
	}
	s.get("/area").want(t, 200, "Presa in carico, conferma n. 1", "L’ufficio ha preso in carico la richiesta")
	s.get(s.path()+"/conferma/1").want(t, 200, "L’ha presa in carico il 20/11/2026, ore 10:51")
	s.post(s.path(), with(filled(), "visto", "1", "numero", "1/A")).wantRedirect(t, s.path()+"/conferma/2")
	if r := s.Request(t, s.A); r.State != renewal.Submitted || !r.ChangedSinceTaken() {
		t.Errorf("%s, changed since taken %v", r.State, r.ChangedSinceTaken())
	}
}

// What still counts is said loudly while a draft says something else.
func TestDraftOverConfirmation(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled())
	draft := with(filled(), "visto", "1", "azione", "esci", "numero", "99/2026")
	draft["riga"] = slices.DeleteFunc(draft["riga"], func(x string) bool { return x == renewaltest.Libri })
	s.post(s.path(), draft).wantRedirect(t, "/area")
	s.get("/area").want(t, 200, "Modifiche non confermate", "Vale ancora la conferma n. 1", "Numero ordine: 99/2026 (era 214/2026)")
	s.get(s.path()).want(t, 200, "Avete cambiato 2 cose dal 20/11/2026", "Vale ancora la conferma n. 1 (€ 2.570,00 + IVA)", "tolto ora", "Sarà la conferma n. 2 e sostituirà la n. 1")
	ask := s.get(s.path() + "/annulla")
	ask.want(t, 200, "Annullare le modifiche? Scegliete a che cosa tornare.", "Alla conferma del 20/11/2026 (€ 2.570,00 + IVA)", "Annulla e torna alla conferma n. 1", "Tornano i prodotti della proposta",
		"In ogni caso vale la conferma n. 1, finché non ne inviate un’altra.")
	s.post(s.path()+"/annulla", url.Values{}).wantRedirect(t, s.path())
	after := s.get(s.path())
	if after.value("numero") != "99/2026" || after.Find("#"+renewaltest.Libri+"[checked]").Length() != 1 {
		t.Error("giving up the changes must bring the products back and leave the order as it was typed")
	}
}

func TestBackToTheConfirmation(t *testing.T) {
	s := began(t)
	s.post(s.path()+"/annulla", url.Values{"torna": {"1"}}).want(t, 409, "non è ancora confermata")
	s.post(s.path(), filled())
	ask := s.get(s.path() + "/annulla")
	ask.want(t, 200, "Non ci sono modifiche da annullare. Tornare alla proposta?", "In ogni caso vale la conferma n. 1")
	if ask.Find("button[name=torna]").Length() != 1 {
		t.Error("a draft that says what was confirmed can only go back to the proposal")
	}
	s.post(s.path(), with(filled(), "visto", "1", "azione", "esci", "numero", "99/2026", "riga", renewaltest.Libri)).wantRedirect(t, "/area")
	s.post(s.path()+"/annulla", url.Values{"torna": {"due"}}).want(t, 422, "non sono arrivati interi")
	s.post(s.path()+"/annulla", url.Values{"torna": {"2"}}).want(t, 409, "guardatela prima di tornare indietro")
	s.post(s.path()+"/annulla", url.Values{"torna": {"1"}}).wantRedirect(t, s.path())
	after := s.get(s.path())
	after.want(t, 200, "È quello che avete già confermato con la n. 1")
	if after.value("numero") != "214/2026" || s.Request(t, s.A).Pending {
		t.Errorf("number %q, pending %v", after.value("numero"), s.Request(t, s.A).Pending)
	}
}

// Where the office has sent the request back nothing counts, and the page does not say so.
func TestBackWhenReturned(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled())
	if err := s.Renewals.Return(t.Context(), s.Clerk, s.A.Request, 1, "Il CIG è sbagliato."); err != nil {
		t.Fatal(err)
	}
	s.post(s.path(), with(filled(), "visto", "1", "rimandata", "1", "azione", "esci", "numero", "99/2026"))
	ask := s.get(s.path() + "/annulla")
	ask.want(t, 200, "Annulla e torna alla conferma n. 1", "la richiesta è ferma finché non confermate di nuovo")
	if strings.Contains(ask.text("main"), "vale la conferma") {
		t.Error("a confirmation that was sent back does not count")
	}
}

// A script gets only the parts that follow the ticks: nothing that the reader types or ticks.
func TestRecalculated(t *testing.T) {
	s := began(t)
	form := filled()
	form.Del("azione")
	form["riga"] = append(form["riga"], renewaltest.Privacy)
	form.Set("aperta", renewaltest.Registro)
	a := s.post(s.path(), form, "HX-Request", "true")
	a.want(t, 200, "Importo da fatturare € 2.690,00", "Totale € 3.281,80")
	if strings.Contains(a.Body, "<html") || a.Find("input, select").Length() != 0 {
		t.Error("the answer brings fields along")
	}
	for _, id := range []string{"somme", "scissione", "da-fare", "avviso-bozza", "che-cosa", "totale-barra", "somma-inclusi", "somma-esclusi", "segno-" + renewaltest.Privacy, "spiegazione-" + renewaltest.Registro} {
		if a.Find(`hx-partial[hx-target="#`+id+`"]`).Length() != 1 {
			t.Errorf("the answer lacks %s", id)
		}
		if s.post(s.path(), with(form, "azione", "ricalcola")).Find("#"+id).Length() != 1 {
			t.Errorf("the page has no %s", id)
		}
	}
	if r := s.Request(t, s.A); !slices.Contains(r.Draft.Ticks, renewaltest.Privacy) {
		t.Error("the draft was not kept")
	}
}

// After a confirmation that did not go, messages go or change as their fields are mended, and nobody is told of a field that
// was not looked at.
func TestMessagesFollowWhatIsMended(t *testing.T) {
	s := began(t)
	bad := with(filled(), "cig", renewaltest.ShortCIG, "numero", "", "accetta", "", "data", "")
	page := s.post(s.path(), bad)
	page.want(t, 422, "completate e controllate queste cose", "Manca il numero dell’ordine")
	form := page.values()
	var left []string
	left = append(left, form["lasciato"]...)
	if !slices.Equal(left, []string{"cig", "numero", "data", "accetta"}) || form.Get("fermata") != "1" {
		t.Fatalf("the form remembers %v and %q", left, form.Get("fermata"))
	}
	part := func(form url.Values) answer {
		t.Helper()
		form.Del("azione")
		a := s.post(s.path(), form, "HX-Request", "true")
		a.want(t, 200)
		return a
	}
	messages := func(a answer, name string) string { return a.text(`hx-partial[hx-target="#` + name + `-msg"]`) }
	form.Set("numero", "214/2026")
	form.Set("cig", renewaltest.OddCIG)
	a := part(form)
	if got := messages(a, "numero"); got != "" || a.Find(`hx-partial[hx-target="#numero-msg"]`).Length() != 1 {
		t.Errorf("the number was mended, but: %q", got)
	}
	if got := messages(a, "cig"); !strings.Contains(got, "errore di battitura") || !strings.Contains(got, "È giusto così") {
		t.Errorf("the CIG is another one, but: %q", got)
	}
	if got := messages(a, "data"); !strings.Contains(got, "Manca la data") {
		t.Errorf("the date is still missing, but: %q", got)
	}
	if a.Find(`hx-partial[hx-target="#pagamento-msg"], hx-partial[hx-target="#riga-msg"]`).Length() != 0 {
		t.Error("messages of fields that nobody has been at")
	}
	top := a.text(`hx-partial[hx-target="#errori"]`)
	if strings.Contains(top, "numero dell’ordine") || !strings.Contains(top, "Manca la data dell’ordine") || a.Find(`[data-focus], [role=alert]`).Length() != 0 {
		t.Errorf("at the top: %q", top)
	}
	for k, v := range filled() {
		form[k] = v
	}
	form.Set("visto", "0")
	if a = part(form); a.text(`hx-partial[hx-target="#errori"]`) != "" || messages(a, "cig")+messages(a, "data")+messages(a, "accetta") != "" {
		t.Errorf("everything is mended: %s", a.Body)
	}

	// Without a confirmation that did not go, only what was left is judged.
	first := filled()
	for _, name := range []string{"numero", "data"} {
		first.Set(name, "")
	}
	a = part(with(first, "lasciato", "numero", "cig", "B4"))
	if got := messages(a, "numero"); !strings.Contains(got, "Manca il numero") {
		t.Errorf("the number was left empty: %q", got)
	}
	if a.Find(`hx-partial[hx-target="#data-msg"], hx-partial[hx-target="#cig-msg"], hx-partial[hx-target="#errori"]`).Length() != 0 {
		t.Error("messages of what is still being typed")
	}
}

func TestExplain(t *testing.T) {
	s := began(t)
	open := s.post(s.path(), with(filled(), "azione", "", "spiega", renewaltest.Registro))
	open.want(t, 200, "Perché € 680,00", "Listino 2027, valido dal 01/09/2026, fascia da 501 a 1000", "Nel 2026 il canone era € 675,00", "Se non lo rinnovate")
	button := open.Find("#spiega-" + renewaltest.Registro)
	if button.AttrOr("aria-expanded", "") != "true" || button.AttrOr("formaction", "") != s.path()+"#riga-"+renewaltest.Registro {
		t.Errorf("button: %v", button.Nodes[0].Attr)
	}
	two := open.values()
	two.Set("spiega", renewaltest.Orario)
	both := s.post(s.path(), two)
	both.want(t, 200, "Perché € 680,00", "Perché € 108,75", "9 mesi su 12")
	closed := both.values()
	closed.Set("spiega", renewaltest.Registro)
	one := s.post(s.path(), closed)
	if one.Find("#x-"+renewaltest.Registro).Length() != 0 || one.Find("#x-"+renewaltest.Orario).Length() != 1 {
		t.Error("closing one explanation must leave the other")
	}
	part := s.post(s.path(), with(filled(), "azione", "", "spiega", renewaltest.Registro), "HX-Request", "true")
	part.want(t, 200, "Perché € 680,00")
	if strings.Contains(part.Body, "<html") || part.Find("input[name=riga]").Length() != 0 {
		t.Error("the answer to the script brings the line's checkbox along")
	}
	if a := s.post(s.path(), with(filled(), "azione", "", "spiega", "p99"), "HX-Request", "true"); a.Status != 200 {
		t.Errorf("a line that is not there: status %d", a.Status)
	}
}

func TestUndoAskedInThePage(t *testing.T) {
	s := began(t)
	a := s.post(s.path(), with(filled(), "azione", "annulla"), "HX-Request", "true")
	a.want(t, 200, "Annullare le modifiche?")
	if a.Find(`button[formaction="`+s.path()+`/annulla"]`).Length() != 1 {
		t.Error("no button that does it")
	}
}

func TestBand(t *testing.T) {
	s := newSite(t)
	for _, band := range []string{"", "0", "5", "-1", "due", "2;3"} {
		a := s.post(s.path()+"/fascia", url.Values{"fascia": {band}})
		a.want(t, 422, "Scegliete la fascia degli alunni")
	}
	s.post(s.path()+"/fascia", url.Values{"fascia": {"4"}}).wantRedirect(t, s.path())
	s.get(s.path()).want(t, 200, "alunni: oltre 1500")
	b := s.get("/rinnovo/"+s.B.Request+"/fascia", actorHeader, "B")
	b.want(t, 200, "Non conosciamo il numero dei vostri alunni")
	if b.Find("input[name=fascia][checked]").Length() != 0 {
		t.Error("a band is chosen for a school whose pupils are not known")
	}
	s.get("/area", actorHeader, "B").want(t, 200, "L’importo dipende dalla fascia")
	s.post("/rinnovo/"+s.B.Request, filled(), actorHeader, "B").wantRedirect(t, "/rinnovo/"+s.B.Request+"/fascia")
}

// Another school's request is not there, whatever is asked of it.
func TestOtherSchool(t *testing.T) {
	s := began(t)
	s.post(s.path(), filled())
	for _, path := range []string{"", "/fascia", "/annulla", "/conferme", "/conferma/1", "/promemoria.pdf"} {
		a := s.get(s.path()+path, actorHeader, "B")
		a.want(t, 404)
		if strings.Contains(a.Body, "Verga") {
			t.Errorf("GET %s names the school", path)
		}
	}
	for _, path := range []string{"", "/fascia", "/annulla"} {
		s.post(s.path()+path, with(filled(), "fascia", "1"), actorHeader, "B").want(t, 404)
	}
	s.get("/richieste/2027-004512", actorHeader, "B").want(t, 404)
	if r := s.Request(t, s.A); r.Revision != 1 || r.Draft.Band != 2 {
		t.Errorf("another school changed it: %+v", r)
	}
}

func TestAddressesOfNothing(t *testing.T) {
	s := began(t)
	for _, path := range []string{
		"/rinnovo/x", "/rinnovo/%00", "/rinnovo/..%2f", "/rinnovo/00000000-0000-7000-8000-000000000000", s.path() + "/conferma/1", s.path() + "/conferma/0",
		s.path() + "/conferma/x", s.path() + "/conferma/99999999999999999999", "/richieste/2027-999999", "/richieste/%00", "/richieste/'%20OR%201=1", "/condizioni/x", "/condizioni/%00",
		"/condizioni/x/condizioni.pdf",
	} {
		s.get(path).want(t, 404)
	}
}

func TestFind(t *testing.T) {
	s := newSite(t)
	s.get("/richieste/2027-004512").wantRedirect(t, s.path())
	s.get("/rinnovo").wantRedirect(t, s.path())
}

func TestReminder(t *testing.T) {
	s := began(t)
	s.post(s.path(), with(filled(), "azione", "esci", "numero", ""))
	a := s.get(s.path() + "/promemoria.pdf")
	if a.Status != http.StatusOK || a.Header.Get("Content-Type") != "application/pdf" || a.Header.Get("Content-Disposition") != "inline; filename=promemoria-2027-004512.pdf" {
		t.Errorf("status %d, %q, %q", a.Status, a.Header.Get("Content-Type"), a.Header.Get("Content-Disposition"))
	}
	for _, want := range []string{"%PDF-1.7 promemoria", "2027-004512", "Manca il numero dell’ordine", "Registro elettronico", `"Pending":true`} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("no %q in the reminder", want)
		}
	}
	if events := s.EventsAbout(t, s.A.Request); !slices.Contains(events, event.ReminderPrinted) {
		t.Errorf("not on the record: %v", events)
	}
}

// What is missing, what is wrong and both are called what they are, and nothing is named twice.
func TestWhatStopsAConfirmationIsCalledByItsName(t *testing.T) {
	for title, x := range map[string]struct {
		answers url.Values
		lines   []string
	}{
		"mancano queste cose":     {with(filled(), "cig", "", "data", "", "accetta", ""), []string{"Manca il CIG: scrivete", "Manca la data dell’ordine: scrivetela", "Per confermare occorre"}},
		"controllate queste cose": {with(filled(), "cig", renewaltest.OddCIG), []string{"CIG: Forse c’è un errore"}},
		"completate e controllate queste cose": {with(filled(), "cig", renewaltest.OddCIG, "numero", ""),
			[]string{"CIG: Forse c’è un errore", "Manca il numero dell’ordine: è quello"}},
	} {
		s := began(t)
		a := s.post(s.path(), x.answers)
		a.want(t, 422, "La richiesta non è ancora inviata: "+title)
		links := a.Find(".rn-note.is-bad li")
		if links.Length() != len(x.lines) {
			t.Fatalf("%s: %q", title, links.Text())
		}
		for i, want := range x.lines {
			if got := strings.Join(strings.Fields(links.Eq(i).Text()), " "); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %q, want %q", title, got, want)
			}
		}
	}
}

func TestTerms(t *testing.T) {
	s := newSite(t)
	s.get("/condizioni/condizioni-2027").want(t, 200, "Condizioni generali di assistenza", "Condizioni di contratto", "versione 2027-01 del 28/10/2026", "Torna al rinnovo", "1. Oggetto", "Il fornitore rinnova le licenze.")
	a := s.get("/condizioni/condizioni-2027/condizioni.pdf")
	if a.Status != 200 || a.Header.Get("Content-Disposition") != "inline; filename=condizioni-2027-01.pdf" || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("status %d, %q", a.Status, a.Header.Get("Content-Disposition"))
	}
}

// The band's page and the form lead to where the school's data are corrected.
func TestWayToACorrection(t *testing.T) {
	s := began(t)
	for _, path := range []string{s.path() + "/fascia", s.path()} {
		a := s.get(path)
		a.want(t, 200, "Proponi una correzione")
		if a.Find(`a[href="/dati/correzione"]`).Length() != 1 {
			t.Errorf("%s: no way to a correction: %s", path, a.text("main"))
		}
	}
}

func TestAreaWithoutRequests(t *testing.T) {
	s := newSite(t)
	if _, err := s.DB.Writer(t.Context()).ExecContext(t.Context(), "DELETE FROM request WHERE school_id = $1", s.A.School.ID); err != nil {
		t.Fatal(err)
	}
	s.get("/area").want(t, 200, "Ora non c’è nessun rinnovo per la vostra scuola", "Ancora nessun contratto")
	s.get("/rinnovo").wantRedirect(t, "/area")
}

func TestInEnglish(t *testing.T) {
	s := began(t)
	s.post(s.path(), with(filled(), "data", "31/11/2026"), "Cookie", "lingua=en").want(t, 422, "Products inside the cap", "Order number", "Amount to be invoiced", "November 2026 has 30 days")
}
