package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"rinnova/e2e/browser"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/contract"
	"rinnova/internal/demo"
	"rinnova/internal/locale"
	"rinnova/internal/renewal"
	"rinnova/internal/renewal/renewalweb"
)

var chromium *browser.Browser

func TestMain(m *testing.M) { browser.Main(m, &chromium) }

// tab is somebody's page in a real browser.
type tab struct {
	*browser.Page
	t *testing.T
	p *program
}

func (p *program) tab(t *testing.T) *tab {
	t.Helper()
	return &tab{chromium.Open(t, p.URL), t, p}
}

// enter comes in by the login page, which may have been reached by asking for another.
func (b *tab) enter(username string) {
	b.t.Helper()
	b.Type("#"+accountweb.FieldUsername, username)
	b.Type("#"+accountweb.FieldPassword, demo.Password)
	b.follow("main form .btn-primary")
}

// leave ends the session.
func (b *tab) leave() {
	b.t.Helper()
	b.follow("header form button")
}

// follow presses what leads to a page that must be there.
func (b *tab) follow(css string) {
	b.t.Helper()
	b.followFor(http.StatusOK, css)
}

func (b *tab) followFor(status int, css string) {
	b.t.Helper()
	if got := b.Follow(css); got != status {
		b.t.Fatalf("%s leads to %s with status %d, want %d", css, b.URL(), got, status)
	}
}

// reads holds that the page says each of the words.
func (b *tab) reads(words ...string) {
	b.t.Helper()
	text := b.Text("main")
	for _, w := range words {
		if !strings.Contains(plain(text), w) {
			b.t.Errorf("%s does not say %q:\n%s", b.URL(), w, text)
		}
	}
}

// plain is a text with ordinary spaces.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// totals holds that the page shows the sums of these ticks in the band 2.
func (b *tab) totals(code string, ticks renewal.Ticks) {
	b.t.Helper()
	x := b.p.view(b.t, code).Proposal.Totals(2, ticks)
	b.WaitText("#somme", locale.Euro(x.Taxable))
	b.WaitText("#somme", locale.Euro(x.Total))
}

// oddCIG has a wrong check digit: it warns, and can be confirmed.
const oddCIG = "B901EEFB36"

// TestMainJobInABrowser is the renewal of one school and its processing, with JavaScript.
func TestMainJobInABrowser(t *testing.T) {
	const code = "SG00012" // IC Treviso 5 «Coletti»
	p := onSQLite(t)
	b := p.tab(t)
	b.Go(renewalweb.CurrentPath)
	b.enter("supervisor.sg00012")
	b.Click("#fascia-1") // the second
	b.follow("main form .btn-primary")

	start := p.view(t, code).Proposal.StartTicks()
	b.totals(code, start)
	b.ticksRecalculate(code, start)
	b.explains(code)
	b.confirmsWithWarning()

	b.leave()
	b.Go(renewalweb.WorkListPath)
	b.enter(clerkOne)
	b.follow("[data-open]")
	b.reads("Conferma n. 1", "IC Treviso 5 «Coletti»", "Gli ultimi tre caratteri non corrispondono ai primi sette", "La scuola l’ha visto e confermato")
	b.follow("form[action*='/prendi'] button")
	b.reads("Presa in carico")
	b.follow("main a[href*='/elabora']")
	b.reads("Gli ultimi tre caratteri non corrispondono ai primi sette", "Poi non si torna indietro")
	b.Check("ufficio-elabora-una")
	b.follow("form[action*='/elabora'] button")
	b.reads("Elaborata", "Contratto n. 2026/000001")
	p.work(t)
	b.Go(b.URL())
	b.reads("Scarica il PDF firmato")
	if c, err := p.Lists.ByRequest(t.Context(), p.request(t, code).ID); err != nil || c.State != contract.Sent {
		t.Errorf("the contract is %v, %v; want sent", c, err)
	}
}

// ticksRecalculate unticks two lines: the sums follow at once and are announced once.
func (b *tab) ticksRecalculate(code string, start renewal.Ticks) {
	b.t.Helper()
	left := start.IDs()
	browser.Eval[bool](b.Page, `window.said = 0; new MutationObserver(() => window.said++).observe(document.querySelector("#somme"), {childList: true, subtree: true, characterData: true}); true`)
	b.Click("#" + left[0])
	b.Click("#" + left[1])
	b.totals(code, renewal.NewTicks(left[2:]...))
	if n := browser.Eval[int](b.Page, "window.said"); n != 1 {
		b.t.Errorf("two ticks in a moment changed the sums %d times", n)
	}
	if role := browser.Eval[string](b.Page, `document.querySelector("#somme").getAttribute("aria-live")`); role != "polite" {
		b.t.Errorf("the sums are announced %q", role)
	}
	b.Click("#" + left[0])
	b.totals(code, renewal.NewTicks(without(left, left[1])...))
}

// explains opens the explanation of a line in its place and closes it.
func (b *tab) explains(code string) {
	b.t.Helper()
	id := b.p.view(b.t, code).Proposal.Lines[2].ID
	b.Click("#spiega-" + id)
	b.WaitText("#x-"+id, "Listino 2027")
	b.Click("#spiega-" + id)
	b.WaitFor(fmt.Sprintf("!document.querySelector('#x-%s')", id))
}

// confirmsWithWarning confirms a CIG that looks wrong: the form comes back with the doubt, and goes through once the school
// says that it is right.
func (b *tab) confirmsWithWarning() {
	b.t.Helper()
	b.Type("#"+renewal.FieldCIG, oddCIG)
	b.Type("#"+renewal.FieldNumber, "214/2026")
	b.Type("#"+renewal.FieldDate, "16/11/2026")
	b.Choose("#"+renewal.FieldPayment, "30")
	b.Click("#" + renewal.FieldAccept)
	b.followFor(http.StatusUnprocessableEntity, "button[value=conferma]")
	b.reads("La richiesta non è ancora inviata", "È giusto così, l’ho controllato")
	b.Click("input[name=controllato]")
	b.follow("button[value=conferma]")
	b.reads("Conferma n. 1 ricevuta")
}

// TestMainJobInABrowserWithoutJavaScript is the same with buttons only.
func TestMainJobInABrowserWithoutJavaScript(t *testing.T) {
	const code = "SG00012"
	p := onSQLite(t)
	b := p.tab(t)
	b.NoJavaScript()
	b.Go("/")
	b.follow(".rn-next .btn-primary")
	b.follow("a[href='/rinnovo']")
	b.enter(supervisor(code))
	b.Click("#fascia-1")
	b.follow("main form .btn-primary")

	left := p.view(t, code).Proposal.StartTicks().IDs()
	b.Click("#" + left[0])
	b.follow("noscript button")
	b.totals(code, renewal.NewTicks(left[1:]...))
	b.follow("#spiega-" + left[2])
	b.reads("Perché €", "Listino 2027")
	b.confirmsWithWarning()
	b.Go(renewalweb.AreaPath)
	b.reads("per la scuola è tutto fatto")

	b.leave()
	b.Go(renewalweb.WorkListPath)
	b.enter(clerkOne)
	b.Click("[data-pick]")
	b.follow("button[form=scelte][formaction$='/elabora']:not([name])")
	b.reads("Elaborare 1 richiesta?")
	b.follow("form[action='/ufficio/elabora'] button")
	b.reads("Elaborazione in blocco n. 1")
	p.work(t)
	b.follow("noscript a")
	b.reads("1 di 1 richieste", "il 2026/000001")
}

// TestMainJobByKeyboard goes from the login to the receipt with Tab, Space, arrows and Enter alone.
func TestMainJobByKeyboard(t *testing.T) {
	p := onSQLite(t)
	k := &keyboard{p.tab(t)}
	k.Go(renewalweb.CurrentPath)
	k.to("#" + accountweb.FieldUsername)
	k.Press(supervisor("SG00012"))
	k.to("#" + accountweb.FieldPassword)
	k.Press(demo.Password)
	k.enterTo("alunni iscritti")

	k.to("input[name=fascia]")
	k.Press(kb.ArrowDown + kb.ArrowUp)
	k.to("main form .btn-primary")
	k.enterTo("Anagrafe e dati dell’ordine")

	k.to("#" + renewal.FieldCIG)
	k.Press(demo.CIG(1))
	k.to("#" + renewal.FieldNumber)
	k.Press("214/2026")
	k.to("#" + renewal.FieldDate)
	k.Press("16/11/2026")
	k.to("#" + renewal.FieldPayment)
	k.Press(kb.ArrowDown)
	k.to("input[name=riga]")
	before := k.Text("#somma-inclusi")
	k.Press(" ")
	k.WaitFor(fmt.Sprintf("document.querySelector('#somma-inclusi').innerText !== %q", before))
	k.to("button[name=spiega]")
	k.Press(kb.Enter)
	k.WaitText(".rn-explain", "Perché")
	k.to("#" + renewal.FieldAccept)
	k.Press(" ")
	k.to("button[value=conferma]")
	k.enterTo("Conferma n. 1 ricevuta")
	if r := p.request(t, "SG00012"); r.Revision != 1 || r.CIG != demo.CIG(1) {
		t.Errorf("the request is %s, n. %d, CIG %s", r.State, r.Revision, r.CIG)
	}
}

// keyboard is somebody without a mouse.
type keyboard struct{ *tab }

// to presses Tab until the focus is on what is looked for. On the way it holds that whatever has the focus shows it.
func (k *keyboard) to(css string) {
	k.t.Helper()
	for range 120 {
		k.Press(kb.Tab)
		if browser.Eval[bool](k.Page, fmt.Sprintf("document.activeElement.matches(%q)", css)) {
			k.seen()
			return
		}
	}
	k.t.Fatalf("%s: Tab does not come to %s", k.URL(), css)
}

// seen holds that the focus is visible, and not under something else (WCAG 2.4.7, 2.4.11).
func (k *keyboard) seen() {
	k.t.Helper()
	hidden := ""
	for range 20 { // the page may still be on its way there
		if hidden = browser.Eval[string](k.Page, coveredFocus); hidden == "" {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	k.t.Errorf("%s: the focus on %s is %s", k.URL(), browser.Eval[string](k.Page, "document.activeElement.outerHTML.slice(0, 120)"), hidden)
}

// coveredFocus says what keeps the reader from seeing where the focus is; "" is nothing.
const coveredFocus = `(() => {
		const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
		if (s.outlineStyle === "none" || parseFloat(s.outlineWidth) < 2) return "no outline";
		if (r.bottom < 1 || r.top > innerHeight - 1) return "outside the window";
		const top = document.elementFromPoint(Math.min(r.left + r.width / 2, innerWidth - 1), Math.min(Math.max(r.top + r.height / 2, 1), innerHeight - 1));
		return top && (e.contains(top) || top.contains(e) || top.closest("label")?.control === e) ? "" : "under " + (top ? top.tagName + "." + top.className : "nothing");
	})()`

// enterTo presses Enter and waits for the page that says so.
func (k *keyboard) enterTo(words string) {
	k.t.Helper()
	k.Press(kb.Enter)
	k.WaitText("main", words)
}
