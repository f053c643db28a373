package e2e_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"rinnova/internal/account"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/contract/contractweb"
	"rinnova/internal/demo"
	"rinnova/internal/guide/guideweb"
	"rinnova/internal/locale"
	"rinnova/internal/mail"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

// TestGuide follows the guide that users of such a portal know, line by line, in the order of docs/guide.md, and takes the
// pictures of the guides on the way (go test ./e2e -run Guide -update). Otherwise it holds that the screens still say what
// the pictures show.
func TestGuide(t *testing.T) {
	p := onSQLite(t)
	g := &guided{tab: p.tab(t), album: openAlbum(t)}
	g.Width(guideWidth)
	for _, line := range guideLines {
		done := t.Run(line.name, func(t *testing.T) {
			g.In(t)
			g.t = t
			line.play(g)
		})
		if !done {
			t.Fatalf("line %q does not work: the next ones cannot be tried", line.name)
		}
	}
	g.t = t
	g.close()
}

// guided is a school secretary who follows the guide.
type guided struct {
	*tab
	*album
	sum string // that the school sees from the form to the contract
}

// guideWidth is how wide the window of the pictures is, in CSS pixels: two columns, and text that can be read when it is shrunk.
const guideWidth = 1100

// guideSchool is the school of the guide: IC Treviso 5 «Coletti».
const guideSchool = "SG00012" // account.ExampleUsername is its user name

// guideLines are the lines of the guide. Each is a test of its own name.
var guideLines = []struct {
	name string
	play func(*guided)
}{
	{"01 open the portal", (*guided).opensThePortal},
	{"02 Assistenza e contratti", (*guided).opensSupport},
	{"03 Rinnovo contratti di assistenza, services, letter, contacts", (*guided).choosesTheRenewal},
	{"04 log in as SUPERVISOR", (*guided).logsIn},
	{"05 band of pupils and data", (*guided).choosesTheBand},
	{"06a the form has the school's data and its products", (*guided).seesBothSections},
	{"06b CIG, order number, date, payment", (*guided).entersTheOrder},
	{"06c select and deselect products", (*guided).ticksProducts},
	{"06d the amount follows", (*guided).readsTheAmount},
	{"06e read and accept the terms", (*guided).acceptsTheTerms},
	{"06f print a reminder", (*guided).printsTheReminder},
	{"06g confirm", (*guided).confirms},
	{"06h change until processed, confirm again", (*guided).changesAndConfirmsAgain},
	{"06i undo goes back", (*guided).undoes},
	{"06j leave without sending", (*guided).leavesTheForm},
	{"07 taken in charge, processed, frozen", (*guided).isProcessed},
	{"08 the signed contract in the mail and in the reserved area", (*guided).receivesTheContract},

	{"03 services: their own door", (*guided).opensTheServices},
	{"03 services: order, services, confirmation", (*guided).renewsTheServices},
	{"03 services: a contract of their own", (*guided).receivesTheServicesContract},

	{"03 letter: prepare it", (*guided).preparesTheLetter},
	{"03 letter: sign it, send it", (*guided).sendsTheLetter},
	{"05 a correction of the data", (*guided).correctsTheData},
	{"05 the answer to a correction", (*guided).hearsOfTheCorrection},
	{"08 check a contract", (*guided).checksTheContract},

	{"09 Password dimenticata", (*guided).forgetsThePassword},
	{"10 user name, Procedi", (*guided).asksForANewPassword},
	{"11 the address that was written to", (*guided).readsTheAddress},
	{"12 the mail and its link", (*guided).opensTheLink},
	{"13 new password, twice", (*guided).choosesANewPassword},
	{"14 begin again from the start", (*guided).comesInAgain},
}

func (g *guided) opensThePortal() {
	g.Go("/")
	g.shoot("portale", "main > .rn-wrap", ".rn-next .btn-primary")
}

func (g *guided) opensSupport() {
	g.follow(".rn-next .btn-primary")
	g.reads("Assistenza e contratti")
}

func (g *guided) choosesTheRenewal() {
	g.reads("Rinnovo contratti di assistenza", "Rinnovo servizi", "Lettera di nomina a responsabile esterno", "Solo per i rinnovi", "Supporto tecnico")
	for _, guide := range guideweb.Guides(locale.Italian) {
		if g.Count("main a[href='"+guide.Href+"']") == 0 {
			g.t.Errorf("nothing leads to the guide «%s»", guide.Text)
		}
	}
	g.shoot("assistenza", "main > .rn-wrap", "a.btn-primary[href='"+renewalweb.CurrentPath+"']")
	g.follow("a.btn-primary[href='" + renewalweb.CurrentPath + "']")
}

func (g *guided) logsIn() {
	g.reads("Nome utente", "Password dimenticata?", "Torna al portale")
	for _, guide := range guideweb.Guides(locale.Italian) {
		if g.Count("main a[href='"+guide.Href+"']") == 0 {
			g.t.Errorf("nothing leads to the guide «%s»", guide.Text)
		}
	}
	g.Type("#"+accountweb.FieldUsername, account.ExampleUsername)
	g.shoot("accesso", "main form", "#"+accountweb.FieldUsername)
	g.Type("#"+accountweb.FieldPassword, demo.Password)
	g.follow("main form .btn-primary")
}

func (g *guided) choosesTheBand() {
	g.reads("Quanti alunni sono iscritti quest’anno?", "Controllate i dati della scuola", "fino a 500", "da 501 a 1000", "da 1001 a 1500", "oltre 1500", "Esci senza confermare")
	g.Click("#fascia-1")
	g.shoot("fascia", "main .rn-grid", "main form .btn-primary")
	g.follow("main form .btn-primary")
}

func (g *guided) seesBothSections() {
	g.reads("Anagrafe e dati dell’ordine", "Prodotti inclusi nel tetto massimo", "Prodotti esclusi dal tetto massimo", "C.F.", guideSchoolName)
}

const guideSchoolName = "IC Treviso 5 «Coletti»"

func (g *guided) entersTheOrder() {
	g.Type("#"+renewal.FieldCIG, demo.CIG(1))
	g.Type("#"+renewal.FieldNumber, "214/2026")
	g.Type("#"+renewal.FieldDate, "16/11/2026")
	g.Choose("#"+renewal.FieldPayment, "30")
	g.WaitText("#da-fare", "Dati dell’ordine")
	g.shoot("ordine", "section[aria-labelledby=s1]")
}

// ticksProducts leaves one product out; from here to the contract the pictures tell of the same sum.
func (g *guided) ticksProducts() {
	before := g.Text("#somma-inclusi")
	g.Click("input[name=riga]")
	g.WaitFor(fmt.Sprintf("document.querySelector('#somma-inclusi').innerText !== %q", before))
	g.shoot("prodotti", "section[aria-labelledby=s2]", "#p1")
}

func (g *guided) readsTheAmount() {
	proposed := g.p.view(g.t, guideSchool).Proposal.StartTicks().IDs()
	g.totals(guideSchool, renewal.NewTicks(proposed[1:]...))
	g.sum = toInvoice.FindString(g.Text("#riepilogo"))
	g.shoot("importo", "#riepilogo")
	g.Click("input[name=riga]") // it can be ticked again, and is left out after all
	g.totals(guideSchool, renewal.NewTicks(proposed...))
	g.Click("input[name=riga]")
	g.totals(guideSchool, renewal.NewTicks(proposed[1:]...))
}

// toInvoice is the sum to invoice in the summary of the form.
var toInvoice = regexp.MustCompile(`€\s[0-9.]+,[0-9]{2}`)

func (g *guided) acceptsTheTerms() {
	g.reads("Leggi le condizioni di contratto")
	g.Click("#" + renewal.FieldAccept)
	g.WaitFor("document.querySelectorAll('#da-fare li:not(.ok)').length === 0")
	g.shoot("conferma", "section[aria-labelledby=s4], section[aria-labelledby=s5]", "button[value=conferma]")
}

func (g *guided) printsTheReminder() {
	form := g.URL()
	g.Go(form)
	if n := g.Count("button[value=stampa], a[href$='promemoria.pdf']"); n == 0 {
		g.t.Error("nothing prints the reminder")
	}
	v := g.p.login(g.t, supervisor(guideSchool))
	v.open(form + "/promemoria.pdf")
	g.Click("#" + renewal.FieldAccept)
}

func (g *guided) confirms() {
	g.follow("button[value=conferma]")
	g.reads("Conferma n. 1 ricevuta", g.sum)
	g.shoot("ricevuta", "section[aria-labelledby=h], section[aria-labelledby=n]")
}

// changesAndConfirmsAgain puts another number to the order: the sum stays.
func (g *guided) changesAndConfirmsAgain() {
	g.Go(renewalweb.CurrentPath)
	g.Type("#"+renewal.FieldNumber, "216/2026")
	g.Press(kb.Tab)
	g.WaitText("#avviso-bozza", "Modifiche non confermate")
	g.reads(g.sum)
	g.shoot("modifiche", "#avviso-bozza")
	g.Click("#" + renewal.FieldAccept)
	g.follow("button[value=conferma]")
	g.reads("Conferma n. 2 ricevuta", g.sum)
}

func (g *guided) undoes() {
	g.Go(renewalweb.CurrentPath)
	proposed := g.p.view(g.t, guideSchool).Proposal.StartTicks()
	g.Go(renewalweb.RenewalPath(g.p.request(g.t, guideSchool).ID) + "/annulla")
	g.follow("main form .btn-primary")
	g.totals(guideSchool, proposed)
	g.WaitText("#avviso-bozza", "conferma n. 2")
}

func (g *guided) leavesTheForm() {
	g.follow("button[value=esci]")
	if r := g.p.request(g.t, guideSchool); r.Revision != 2 || g.URL() != renewalweb.AreaPath {
		g.t.Errorf("leaving led to %s and left the confirmation n. %d", g.URL(), r.Revision)
	}
}

func (g *guided) isProcessed() {
	r := g.p.request(g.t, guideSchool)
	check(g.t, g.p.Renewals.TakeInCharge(g.t.Context(), g.p.actor(g.t, clerkOne), r.ID, r.Revision, ""))
	g.Go(renewalweb.CurrentPath)
	g.reads("Presa in carico")
	g.p.process(g.t, guideSchool)
	g.p.work(g.t)
	g.Go(renewalweb.RenewalPath(r.ID))
	g.reads("Elaborata")
	if n := g.Count("button[value=conferma]"); n != 0 {
		g.t.Error("a processed request can still be confirmed")
	}
}

func (g *guided) receivesTheContract() {
	g.Go(contractweb.ArchivePath)
	g.reads("2026/000001", g.sum)
	g.shoot("contratto", "main > .rn-wrap")
	page, err := g.p.Mailbox.List(g.t.Context(), mail.Query{Words: "Contratto n. 2026/000001 firmato"})
	check(g.t, err)
	if len(page.Messages) != 1 || page.Messages[0].To != g.p.school(g.t, guideSchool).Email {
		g.t.Errorf("the contract was mailed as %+v", page.Messages)
	}
}

// TestTheGuideIsOnPaper holds that docs/guide.md names every line's test, and no other.
func TestTheGuideIsOnPaper(t *testing.T) {
	b, err := os.ReadFile("../docs/guide.md")
	check(t, err)
	for _, line := range guideLines {
		if !strings.Contains(string(b), "`"+line.name+"`") {
			t.Errorf("docs/guide.md does not name %q", line.name)
		}
	}
	if named := strings.Count(string(b), "| `0") + strings.Count(string(b), "| `1") + strings.Count(string(b), ", `0"); named != len(guideLines) {
		t.Errorf("docs/guide.md names %d tests, there are %d", named, len(guideLines))
	}
}
