package e2e_test

import (
	"fmt"
	"net/http"
	"net/url"
	"rinnova/internal/terms/termsweb"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rinnova"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/campaign/campaignweb"
	"rinnova/internal/catalog"
	"rinnova/internal/catalog/catalogweb"
	"rinnova/internal/contract"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/db"
	"rinnova/internal/demo"
	"rinnova/internal/exchange"
	"rinnova/internal/exchange/exchangeweb"
	"rinnova/internal/guide/guideweb"
	"rinnova/internal/letter"
	"rinnova/internal/letter/letterweb"
	"rinnova/internal/mail"
	"rinnova/internal/mail/mailweb"
	"rinnova/internal/merger"
	"rinnova/internal/merger/mergerweb"
	"rinnova/internal/renewal/renewalweb"
	"rinnova/internal/school/schoolweb"
	"rinnova/internal/subscription"
)

// toLogin is the answer to those who have not logged in: a redirect to the login page.
const toLogin = -http.StatusSeeOther

// managers is a column of the clerk for what only managers and administrators may do: a clerk is refused, they get the status.
func managers(status int) int { return status*1000 + http.StatusForbidden }

// officeRights are what a clerk gets, and a manager.
func (r right) officeRights() (clerk, manager int) {
	if r.clerk >= 1000 {
		return r.clerk % 1000, r.clerk / 1000
	}
	return r.clerk, r.clerk
}

// right is a row of the table of rights: a route, the school whose object is asked for, and what nobody, another school,
// that school and a clerk get.
type right struct {
	pattern                      string
	of                           string
	nobody, other, school, clerk int
	form                         map[string]string
}

// The schools of the table, each with a request in the state that its routes need.
const (
	processed = "SG00007" // has a contract
	editable  = "SG00012" // confirmed, can be changed
	taken     = "SG00001" // confirmed; the next ones too, one for each action of the office
	returned  = "SG00004"
	finished  = "SG00009"
	inBulk    = "SG00011"
	stranger  = "SG00002" // the other school

	correcting = "SG00008" // of the demonstration: asks for a correction

	merging = "SG00003" // goes on in another one day
	closing = "SG00010"
	heir    = "SG00005" // in which merging goes on
)

// rights is every route of the program. A route that is not here fails the test.
func (o *objects) rights() []right {
	seen := map[string]string{"conferma": "1", "stato_visto": "submitted"}
	return []right{
		{"GET /healthz", "", 200, 200, 200, 200, nil},
		{"GET /{$}", "", 200, 200, 200, 200, nil},
		{"GET /assistenza", "", 200, 200, 200, 200, nil},
		{"GET /privacy", "", 200, 200, 200, 200, nil},
		{"GET /accessibilita", "", 200, 200, 200, 200, nil},
		{"GET /dimostrazione/{page}", "", 200, 200, 200, 200, nil},
		{"GET /logo.png", "", 404, 404, 404, 404, nil}, // the demonstration's vendor has none
		{"GET /accesso", "", 200, 303, 303, 303, nil},
		{"POST /accesso", "", 422, 422, 422, 422, map[string]string{"utente": "NESSUNO", "password": "x"}},
		{"GET /password", "", 200, 200, 200, 200, nil},
		{"POST /password", "", 422, 422, 422, 422, nil},      // without a user name
		{"GET /password/posta", "", 303, 303, 303, 303, nil}, // without a ticket
		{"GET /password/nuova", "", 410, 410, 410, 410, nil}, // without a link
		{"POST /password/nuova", "", 410, 410, 410, 410, map[string]string{"codice": "inventato", "nuova": "cavolo trottola nebbia", "ripeti": "cavolo trottola nebbia"}},
		{"POST /lingua", "", 303, 303, 303, 303, map[string]string{"lingua": "it"}},
		{"GET /guida", "", 200, 200, 200, 200, nil},
		{"GET /guida/rinnovo-contratti", "", 200, 200, 200, 200, nil},
		{"GET /guida/rinnovo-servizi", "", 200, 200, 200, 200, nil},
		{"GET /guida/lettera-di-nomina", "", 200, 200, 200, 200, nil},
		{"GET /guida/dati-della-scuola", "", 200, 200, 200, 200, nil},
		{"GET /guida/verifica-contratto", "", 200, 200, 200, 200, nil},
		{"GET /guida/password-dimenticata", "", 200, 200, 200, 200, nil},
		{"GET /guida/figure/{name}", "", 200, 200, 200, 200, nil},
		{"GET /v", "", 200, 200, 200, 200, nil},
		{"GET /v/{code}", processed, 200, 200, 200, 200, nil},
		{"POST /v/{code}/confronta", processed, 422, 422, 422, 422, nil}, // without a file
		{"GET /solleciti/{token}", "", 404, 404, 404, 404, nil},          // invented
		{"POST /solleciti/{token}", "", 404, 404, 404, 404, nil},

		{"POST /ufficio/posta/{id}/rinvia", processed, toLogin, 403, 403, 404, nil}, // no message has this id
		{"GET /posta", "", 200, 200, 200, 200, nil},                                 // only in the demonstration
		{"GET /posta/{key}", processed, 200, 200, 200, 200, nil},
		{"GET /posta/{key}/html", processed, 200, 200, 200, 200, nil},
		{"GET /posta/{key}/allegati/{n}/{name}", processed, 200, 200, 200, 200, nil},

		{"GET /area", editable, toLogin, 200, 200, 403, nil},
		{"GET /area/attivita", editable, toLogin, 200, 200, 403, nil},   // each its own
		{"POST /area/solleciti", editable, toLogin, 303, 303, 403, nil}, // each its own
		{"GET /dati", editable, toLogin, 200, 200, 403, nil},
		{"GET /dati/correzione", editable, toLogin, 200, 200, 403, nil},
		{"POST /dati/correzione", editable, toLogin, 422, 422, 403, map[string]string{"email": "senza chiocciola"}}, // its own data, whoever asks
		{"GET /rinnovo", editable, toLogin, 303, 303, 403, nil},
		{"GET /servizi", editable, toLogin, 303, 303, 403, nil},
		{"GET /rinnovo/{id}", editable, toLogin, 404, 200, 403, nil},
		{"POST /rinnovo/{id}", editable, toLogin, 404, 303, 403, map[string]string{"azione": "esci", "visto": "1", "fascia_vista": "2", "numero": "rubato"}},
		{"GET /rinnovo/{id}/fascia", editable, toLogin, 404, 200, 403, nil},
		{"POST /rinnovo/{id}/fascia", editable, toLogin, 404, 303, 403, map[string]string{"fascia": "3"}},
		{"GET /rinnovo/{id}/annulla", editable, toLogin, 404, 200, 403, nil},
		{"POST /rinnovo/{id}/annulla", editable, toLogin, 404, 303, 403, nil},
		{"GET /rinnovo/{id}/non-rinnovate", editable, toLogin, 404, 200, 403, nil},
		{"POST /rinnovo/{id}/non-rinnovate", editable, toLogin, 404, 422, 403, map[string]string{"visto": "1"}}, // without a reason
		{"GET /rinnovo/{id}/conferme", editable, toLogin, 404, 200, 403, nil},
		{"GET /rinnovo/{id}/conferma/{n}", editable, toLogin, 404, 200, 403, nil},
		{"GET /rinnovo/{id}/promemoria.pdf", editable, toLogin, 404, 200, 403, nil},
		{"GET /richieste/{number}", editable, toLogin, 404, 303, 403, nil},
		{"GET /condizioni/{id}", editable, toLogin, 200, 200, 403, nil}, // the terms are the same for all schools
		{"GET /condizioni/{id}/condizioni.pdf", editable, toLogin, 200, 200, 403, nil},
		{"GET /contratti", processed, toLogin, 200, 200, 403, nil},
		{"GET /contratti/{id}/{file}", processed, toLogin, 404, 200, 403, nil},
		{"GET /lettera", editable, toLogin, 200, 200, 403, nil},
		{"POST /lettera", editable, toLogin, 422, 422, 403, map[string]string{letter.FieldHead: strings.Repeat("x", 90)}},      // too long: each school has its own
		{"POST /lettera/firmata", editable, toLogin, 422, 422, 403, nil},                                                       // without a file
		{"POST /lettera/firmata/invia", editable, toLogin, 409, 409, 403, map[string]string{letterweb.FieldHeld: o.letter.ID}}, // nothing is held
		{"POST /lettera/firmata/togli", editable, toLogin, 409, 409, 403, map[string]string{letterweb.FieldHeld: o.letter.ID}},
		{"GET /lettera/{id}/{file}", editable, toLogin, 404, 200, 403, nil},

		{"GET /ufficio", editable, toLogin, 403, 403, 303, nil},
		{"GET /ufficio/richieste", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste.csv", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste/prodotti.csv", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste/elabora", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste/{id}", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste/{id}/scuola", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste/{id}/promemoria.pdf", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste/{id}/rimanda", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/richieste/{id}/elabora", editable, toLogin, 403, 403, 200, nil},
		{"POST /ufficio/richieste/prendi", inBulk, toLogin, 403, 403, 303, map[string]string{contractweb.FieldChosen: o.chosen(inBulk)}},
		{"POST /ufficio/richieste/{id}/prendi", taken, toLogin, 403, 403, 303, seen},
		{"POST /ufficio/richieste/{id}/rimanda", returned, toLogin, 403, 403, 303, map[string]string{"conferma": "1", "motivo": "Il CIG è di un’altra gara."}},
		{"POST /ufficio/richieste/{id}/elabora", finished, toLogin, 403, 403, 303, seen},
		{"POST /ufficio/richieste/{id}/riapri", editable, toLogin, 403, 403, 409, seen}, // nobody has declined it
		{"POST /ufficio/elabora", inBulk, toLogin, 403, 403, 303, map[string]string{contractweb.FieldChosen: o.chosen(inBulk)}},
		{"GET /ufficio/lavorazioni", processed, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/lavorazioni/{id}", processed, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/registro", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/registro.csv", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/contratti", processed, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/contratti/{id}/{file}", processed, toLogin, 403, 403, 200, nil},

		{"GET /ufficio/lettere", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/lettere.csv", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/lettere/{id}", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/lettere/{id}/{doc}/{file}", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/lettere/{id}/accetta", editable, toLogin, 403, 403, 200, nil},
		{"POST /ufficio/lettere/{id}/accetta", editable, toLogin, 403, 403, 303, map[string]string{"visto": o.signed.ID}},
		{"GET /ufficio/lettere/{id}/rifare", editable, toLogin, 403, 403, 200, nil},
		{"POST /ufficio/lettere/{id}/rifare", editable, toLogin, 403, 403, 303, map[string]string{"visto": o.signed.ID, letter.FieldReason: "Manca una pagina."}},

		{"GET /ufficio/campagne", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/campagne/nuova", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/campagne/nuova", "", toLogin, 403, 403, managers(422), nil}, // without anything in it
		{"GET /ufficio/campagne/{id}", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/campagne/{id}/modifica", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/campagne/{id}/modifica", "", toLogin, 403, 403, managers(422), nil},
		{"GET /ufficio/campagne/{id}/prova", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/campagne/{id}/prova.csv", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/campagne/{id}/scuole/{school}", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/campagne/{id}/pubblica", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/campagne/{id}/pubblica", "", toLogin, 403, 403, managers(422), nil},
		{"GET /ufficio/campagne/{id}/ritira", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/campagne/{id}/ritira", "", toLogin, 403, 403, managers(422), nil},
		{"GET /ufficio/campagne/{id}/lavori/{run}", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/campagne/{id}/lavori/{run}/ferma", "", toLogin, 403, 403, managers(409), nil}, // it has finished
		{"POST /ufficio/campagne/{id}/lavori/{run}/riprendi", "", toLogin, 403, 403, managers(409), nil},
		{"POST /ufficio/campagne/{id}/prova", "", toLogin, 403, 403, managers(303), nil},

		{"GET /ufficio/solleciti", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/solleciti/{campaign}", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/solleciti/{campaign}", "", toLogin, 403, 403, managers(303), map[string]string{"quante": "100"}},

		{"GET /ufficio/listini", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/listini/nuovo", "", toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/listini/nuovo", "", toLogin, 403, 403, managers(422), nil}, // without a name
		{"GET /ufficio/listini/indici", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/listini/indici", "", toLogin, 403, 403, managers(422), nil}, // without a file
		{"POST /ufficio/listini/indici/raccordo", "", toLogin, 403, 403, managers(422), nil},
		{"GET /ufficio/listini/{id}", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/listini/{id}/modifica", "", toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/listini/{id}/modifica", "", toLogin, 403, 403, managers(422), nil}, // without a name
		{"GET /ufficio/listini/{id}/copia", "", toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/listini/{id}/copia", "", toLogin, 403, 403, managers(422), nil}, // without a name
		{"GET /ufficio/listini/{id}/confronta", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/listini/{id}/confronta.csv", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/listini/{id}/elimina", "", toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/listini/{id}/approva", "", toLogin, 403, 403, managers(303), map[string]string{"visto": "1"}},
		{"POST /ufficio/listini/{id}/elimina", "", toLogin, 403, 403, managers(409), map[string]string{"visto": "1"}}, // approved by now
		{"GET /ufficio/condizioni", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/condizioni/nuova", "", toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/condizioni/nuova", "", toLogin, 403, 403, managers(422), nil}, // without anything in it
		{"GET /ufficio/condizioni/{id}", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/condizioni/{id}/togli", "", toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/condizioni/{id}/togli", "", toLogin, 403, 403, managers(409), nil}, // it holds
		{"GET /ufficio/prodotti", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/prodotti/nuovo", "", toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/prodotti/nuovo", "", toLogin, 403, 403, managers(422), nil}, // without a name
		{"GET /ufficio/prodotti/{id}", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/prodotti/{id}", "", toLogin, 403, 403, managers(422), nil}, // without a name
		{"GET /ufficio/scambio", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/scambio/{what}", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/scambio/{what}", "", toLogin, 403, 403, managers(422), nil}, // without a file
		{"GET /ufficio/scambio/{what}/{file}", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/scambio/importazioni/{id}", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/scambio/importazioni/{id}/{file}", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/scambio/importazioni/{id}/applica", "", toLogin, 403, 403, managers(303), map[string]string{exchangeweb.FieldDigest: o.imported.Digest}},

		{"GET /ufficio/correzioni", editable, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/correzioni/{id}", correcting, toLogin, 403, 403, 200, nil},
		{"POST /ufficio/correzioni/{id}", correcting, toLogin, 403, 403, 303, map[string]string{"decision-vat_number": "rifiuta", "reason-vat_number": "Non è nell’anagrafe tributaria."}},

		{"GET /ufficio/scuole", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/scuole.csv", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/scuole/{id}", merging, toLogin, 403, 403, 200, nil},
		{"GET /ufficio/scuole/{id}/dati", merging, toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/scuole/{id}/dati", merging, toLogin, 403, 403, managers(303), map[string]string{"versione": o.version(merging), "website": "www.accorpata.example"}},
		{"GET /ufficio/scuole/{id}/chiusura", merging, toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/scuole/{id}/chiusura", closing, toLogin, 403, 403, managers(303), map[string]string{"versione": o.version(closing), "closed_on": "01/09/2027", "reason": "Decreto di prova"}},
		{"GET /ufficio/scuole/{id}/prodotti/nuovo", merging, toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/scuole/{id}/prodotti/nuovo", merging, toLogin, 403, 403, managers(303), map[string]string{"product": o.product.ProductID, "from": "01/01/2035", "to": "31/12/2035"}},
		{"GET /ufficio/scuole/{id}/prodotti/{product}", merging, toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/scuole/{id}/prodotti/{product}", merging, toLogin, 403, 403, managers(303), o.productForm()},
		{"GET /ufficio/scuole/{id}/prodotti/{product}/cancella", merging, toLogin, 403, 403, managers(200), nil},
		{"POST /ufficio/scuole/{id}/prodotti/{product}/cancella", merging, toLogin, 403, 403, managers(303), o.productForm()},
		{"GET /ufficio/accorpamenti", "", toLogin, 403, 403, 200, nil},
		{"GET /ufficio/accorpamenti/anteprima", "", toLogin, 403, 403, managers(422), nil},
		{"POST /ufficio/accorpamenti", "", toLogin, 403, 403, managers(409), map[string]string{"da": stranger, "in": finished, "dal": "01/09/2027", "impronta": "altra"}}, // not as it was shown
		{"GET /ufficio/accorpamenti/{id}", "", toLogin, 403, 403, 200, nil},
		{"POST /ufficio/accorpamenti/{id}/annulla", "", toLogin, 403, 403, managers(303), nil},

		{"POST /disconnetti", "", 303, 303, 303, 303, nil}, // the last: it ends the sessions
	}
}

// objects are what the routes of the table speak of.
type objects struct {
	*program
	t        *testing.T
	run      *contract.Run
	contract *contract.Contract
	mail     mail.Stored
	letter   *letter.Letter
	signed   *letter.Signed
	list     catalog.PriceList         // a draft of the manager's
	product  subscription.Subscription // that merging has, by hand
	merger   *merger.Merger            // planned
	imported exchange.Import
}

// newObjects makes a contract by a run, and confirmed requests for everything that can be done with one.
func newObjects(t *testing.T, p *program) *objects {
	o := &objects{program: p, t: t}
	for i, code := range []string{processed, editable, taken, returned, finished, inBulk, stranger} {
		p.confirm(t, code, i+1)
	}
	r := p.request(t, processed)
	var err error
	o.run, err = p.Runs.Start(t.Context(), p.actor(t, clerkOne), []contract.Chosen{p.shown(t, processed)})
	check(t, err)
	p.work(t)
	o.contract, err = p.Lists.ByRequest(t.Context(), r.ID)
	check(t, err)
	page, err := p.Mailbox.List(t.Context(), mail.Query{Words: "firmato"})
	check(t, err)
	o.mail = page.Messages[0]
	o.letter, o.signed = p.sent(t, editable)
	o.list = p.draft(t, "Listino 2028")
	o.product = p.give(t, merging, "2034-01-01", "2034-12-31")
	o.merger = p.merge(t, heir, "2027-09-01", merging)
	o.imported = p.imports(t, exchange.Schools, "alunni.csv", []byte("codice portale;alunni\n"+stranger+";999\n"))
	return o
}

func (o *objects) chosen(code string) string {
	return contractweb.JoinChosen([]contract.Chosen{o.shown(o.t, code)})
}

// path fills in a pattern with the objects of a school.
func (o *objects) path(r right) string {
	_, path, _ := strings.Cut(r.pattern, " ")
	id, file := "", o.contract.FileName()
	switch {
	case strings.HasPrefix(path, campaignweb.Path):
		id = demo.CampaignID
	case strings.HasPrefix(path, guideweb.Path):
		file = "portale.webp"
	case strings.HasPrefix(path, termsweb.Path+"/"):
		id = "demo-condizioni"
	case strings.HasPrefix(path, catalogweb.ListsPath+"/"):
		id = o.list.ID
	case strings.HasPrefix(path, catalogweb.ProductsPath+"/"):
		id = "demo-REG"
	case strings.HasPrefix(path, exchangeweb.ImportsPath):
		id, file = o.imported.ID, string(exchange.ViewChanged)+".csv"
	case strings.HasPrefix(path, exchangeweb.Path):
		file = "modello.csv"
	case strings.HasPrefix(path, letterweb.Path+"/"):
		id, file = o.letter.ID, o.letter.FileName(letter.ExtensionDOCX)
	case strings.HasPrefix(path, letterweb.OfficePath+"/"):
		id, file = o.letter.SchoolID, o.signed.FileName(o.letter.Document.School.MinistryCode)
	case strings.HasPrefix(path, schoolweb.OfficePath) && strings.HasSuffix(path, "{id}"):
		waiting, err := o.SchoolStore.ItemsOfSchool(o.t.Context(), o.school(o.t, r.of).ID, 1)
		check(o.t, err)
		id = waiting[0].CorrectionID
	case strings.HasPrefix(path, schoolweb.SchoolsPath) && r.of != "":
		id = o.school(o.t, r.of).ID
	case strings.HasPrefix(path, mergerweb.OfficePath):
		id = o.merger.ID
	case strings.Contains(path, "/condizioni/"):
		id = o.view(o.t, r.of).Season.Terms.ID
	case strings.HasSuffix(path, "{file}"):
		id = o.contract.ID
	case strings.HasPrefix(path, contractweb.RunsPath):
		id = o.run.ID
	case strings.Contains(path, "{id}"), strings.Contains(path, "{number}"):
		id = o.request(o.t, r.of).ID
	}
	number := ""
	if strings.Contains(path, "{number}") {
		number = o.request(o.t, r.of).Number
	}
	run, of := "", ""
	if strings.Contains(path, "{run}") {
		runs, err := o.Seasons.Store.Runs(o.t.Context(), demo.CampaignID, 1)
		check(o.t, err)
		run = runs[0].ID
	}
	if strings.Contains(path, "{school}") {
		of = o.school(o.t, r.of).ID
	}
	return strings.NewReplacer("{$}", "", "{run}", run, "{school}", of, "{id}", id, "{doc}", o.signed.ID, "{file}", file, "{number}", number, "{n}", "1", "{code}", contract.ShowCode(o.contract.Document.VerifyCode),
		"{what}", string(exchange.Schools), "{campaign}", demo.CampaignID, "{product}", o.product.ID, "{token}", "inventato", "{page}", "area-clienti", "{key}", o.mail.Key, "{name}", file).Replace(path)
}

// TestRights goes through all routes as everybody. What is refused must leave everything as it was. An administrator may do
// what a clerk may: what can be done once only is done by the one on SQLite, by the other on PostgreSQL.
func TestRights(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		o := newObjects(t, p)
		table := o.rights()
		allRoutesAreIn(t, p, table)
		nobody, other, clerk, chief := p.visitor(t), p.login(t, supervisor(stranger)), p.login(t, clerkOne), p.login(t, admin)
		once, second := clerk, chief
		if p.DB.Engine == db.PostgreSQL {
			once, second = chief, clerk
		}
		owners := map[string]*person{"": p.login(t, supervisor(editable))}
		refused := func(r right) {
			if owners[r.of] == nil {
				owners[r.of] = p.login(t, supervisor(r.of))
			}
			o.holds(r, "nobody", nobody, r.nobody)
			o.holds(r, "another school", other, r.other)
			byClerk, byManager := r.officeRights()
			switch {
			case !r.office():
				o.holds(r, "a clerk", clerk, byClerk)
				o.holds(r, "an administrator", chief, byManager)
			case byClerk != byManager:
				o.holds(r, "a clerk", clerk, byClerk)
				fallthrough
			default:
				o.holds(r, "the school", owners[r.of], r.school)
			}
		}
		allowed := func(r right) {
			switch byClerk, byManager := r.officeRights(); {
			case !r.office():
				o.holds(r, "the school", owners[r.of], r.school)
			case byClerk != byManager:
				o.holds(r, "an administrator", chief, byManager)
			default:
				o.holds(r, "somebody of the office", once, byClerk)
				if strings.HasPrefix(r.pattern, "GET ") {
					o.holds(r, "somebody else of the office", second, byClerk)
				}
			}
		}
		table, last := table[:len(table)-1], table[len(table)-1] // the last one ends the sessions
		before := p.dump(t)
		for _, r := range table {
			refused(r)
		}
		if after := p.dump(t); after != before {
			t.Errorf("those who were refused changed something:\n%s", firstDifference(before, after))
		}
		for _, r := range table {
			allowed(r)
		}
		refused(last)
		allowed(last)
	})
}

// office tells whether a route is the office's.
func (r right) office() bool { return strings.Contains(r.pattern, "/ufficio") }

func allRoutesAreIn(t *testing.T, p *program, table []right) {
	t.Helper()
	known := map[string]bool{}
	for _, r := range table {
		known[r.pattern] = true
	}
	all := p.Mux.Patterns()
	for _, pattern := range all {
		if !known[pattern] {
			t.Errorf("%s is not in the table of rights", pattern)
		}
		delete(known, pattern)
	}
	for pattern := range known {
		t.Errorf("the table of rights has %s, which is no route", pattern)
	}
}

// holds asks as somebody and holds that the answer has the status.
func (o *objects) holds(r right, who string, v *person, want int) {
	o.t.Helper()
	method, _, _ := strings.Cut(r.pattern, " ")
	got, location := o.ask(v, method, o.path(r), r.form)
	if want == toLogin {
		if got != http.StatusSeeOther || !strings.HasPrefix(location, accountweb.LoginPath) {
			o.t.Errorf("%s as %s: %d to %q, want the login page", r.pattern, who, got, location)
		}
		return
	}
	if got != want || strings.HasPrefix(location, accountweb.LoginPath) {
		o.t.Errorf("%s as %s: %d to %q, want %d", r.pattern, who, got, location, want)
	}
}

// ask sends one request and follows nothing.
func (o *objects) ask(v *person, method, path string, form map[string]string, header ...string) (status int, location string) {
	o.t.Helper()
	if method == http.MethodPost && strings.HasSuffix(path, "/confronta") {
		status, _ := v.upload(path, "altro", "x.pdf", nil)
		return status, ""
	}
	values := url.Values{}
	for name, value := range form {
		values.Set(name, value)
	}
	contentType := ""
	if method == http.MethodPost {
		contentType = "application/x-www-form-urlencoded"
	}
	res := v.request(method, path, contentType, strings.NewReader(values.Encode()), header...)
	defer res.Body.Close()
	return res.StatusCode, res.Header.Get("Location")
}

// TestOtherSitesCannotAct holds that a form on another site does nothing in the name of somebody who has logged in.
func TestOtherSitesCannotAct(t *testing.T) {
	p := onSQLite(t)
	o := newObjects(t, p)
	clerk := p.login(t, clerkOne)
	owners := map[string]*person{"": clerk}
	before := p.dump(t)
	for _, r := range o.rights() {
		if !strings.HasPrefix(r.pattern, "POST ") {
			continue
		}
		v := clerk
		if !strings.Contains(r.pattern, "/ufficio") && r.of != "" {
			if owners[r.of] == nil {
				owners[r.of] = p.login(t, supervisor(r.of))
			}
			v = owners[r.of]
		}
		for _, header := range [][]string{
			{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
			{"Origin", "null"}, {"Origin", "https://altrove.example"}, {"Origin", strings.Replace(p.URL, "http:", "https:", 1) + "1"},
		} {
			res := v.request(http.MethodPost, o.path(r), "application/x-www-form-urlencoded", strings.NewReader(""), header...)
			res.Body.Close()
			if res.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v: %d, want 403", r.pattern, header, res.StatusCode)
			}
		}
	}
	if after := p.dump(t); after != before {
		t.Errorf("a form of another site changed something:\n%s", firstDifference(before, after))
	}
	clerk.open(renewalweb.WorkListPath) // still logged in
}

// TestReadingChangesNothing follows every link of the program, and sends every search form, as a school and as a clerk: all
// lead somewhere, and nothing is written but the record of what was read.
func TestReadingChangesNothing(t *testing.T) {
	p := onSQLite(t)
	newObjects(t, p)
	people := map[string]*person{"nobody": p.visitor(t), "school": p.login(t, supervisor(processed)), "open": p.login(t, supervisor(editable)), "clerk": p.login(t, clerkOne)}
	before := p.dump(t)
	for who, v := range people {
		n := v.crawl(10)
		if n < 10 {
			t.Errorf("%s has seen only %d pages", who, n)
		}
		t.Logf("%s: %d pages", who, n)
	}
	if after := p.dump(t); after != before {
		t.Errorf("reading changed something:\n%s", firstDifference(before, after))
	}
}

// crawl opens all pages that can be reached, and counts them. Of pages that differ only in their ids or queries it opens no
// more than a few.
func (v *person) crawl(few int) int {
	seen, kinds := map[string]bool{}, map[string]int{}
	queue := []string{"/", renewalweb.AreaPath, renewalweb.WorkListPath, contractweb.VerifyPath}
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		if seen[address] || kinds[kindOf(address)] >= few || strings.Contains(address, mailweb.Path+"/") {
			continue
		}
		seen[address] = true
		kinds[kindOf(address)]++
		check(v.t, v.Open(address))
		if v.Page.Status >= 400 && v.Page.Status != http.StatusForbidden && v.Page.Status != http.StatusUnprocessableEntity {
			v.t.Errorf("a link leads to %s: status %d", address, v.Page.Status)
		}
		if v.Page.Doc != nil {
			written(v.t, address, v.Page.Text("body"))
			queue = append(queue, v.links()...)
		}
	}
	return len(seen)
}

// links are where the page leads to, by links and by forms that only read.
func (v *person) links() []string {
	var out []string
	add := func(href string) {
		u, err := v.Page.URL.Parse(href)
		if err == nil && u.Host == v.Base.Host {
			u.Fragment = ""
			out = append(out, u.RequestURI())
		}
	}
	anchors := v.Page.Doc.Find("a[href]")
	for i := range anchors.Length() {
		add(anchors.Eq(i).AttrOr("href", ""))
	}
	forms := v.Page.Doc.Find("form[method=get]")
	for i := range forms.Length() {
		add(forms.Eq(i).AttrOr("action", ""))
	}
	return out
}

// kindOf is an address without what is particular to it.
func kindOf(address string) string {
	path, query, _ := strings.Cut(address, "?")
	parts := strings.Split(path, "/")
	for i, x := range parts {
		if rinnova.IsID(x) {
			parts[i] = "id"
		}
	}
	if values, err := url.ParseQuery(query); err == nil {
		for name := range values {
			parts = append(parts, name)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "/")
}

// dump is everything that the database holds, line by line, but for sessions, known devices, counts of tries and the record of what happened.
func (p *program) dump(t *testing.T) string {
	t.Helper()
	list := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	if p.DB.Engine == db.PostgreSQL {
		list = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name`
	}
	var b strings.Builder
	for _, table := range p.rows(t, list) {
		if name := strings.Trim(table, "|"); name != "session" && name != "device" && name != "attempt" && !strings.HasPrefix(name, "event") && !strings.Contains(name, "goose") && !strings.HasPrefix(name, "sqlite_") {
			for _, row := range p.rows(t, `SELECT * FROM `+name+` ORDER BY 1, 2`) {
				b.WriteString(name + " " + row + "\n")
			}
		}
	}
	return b.String()
}

func (p *program) rows(t *testing.T, query string) []string {
	t.Helper()
	rows, err := p.DB.Reader(t.Context()).QueryContext(t.Context(), query)
	check(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	check(t, err)
	var out []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		check(t, rows.Scan(values...))
		line := ""
		for _, x := range values {
			line += fmt.Sprint(*x.(*any)) + "|"
		}
		out = append(out, line)
	}
	check(t, rows.Err())
	return out
}

func firstDifference(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range max(len(a), len(b)) {
		x, y := "", ""
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return "line " + strconv.Itoa(i+1) + "\nbefore: " + x + "\nafter:  " + y
		}
	}
	return ""
}
