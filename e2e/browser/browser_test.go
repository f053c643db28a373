package browser_test

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"net/http"

	"rinnova/e2e/browser"
	"rinnova/internal/web"
	"rinnova/internal/web/gallery"
)

var chromium *browser.Browser

func TestMain(m *testing.M) { browser.Main(m, &chromium) }

// serve starts a server with the routes and the frame of a test.
func serve(t *testing.T, shell func(*http.Request) web.Shell, routes func(*web.Mux)) string {
	t.Helper()
	app := &web.App{Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Clock: time.Now, Shell: shell}
	m := web.NewMux(app)
	routes(m)
	s := httptest.NewServer(app.Handler(m))
	t.Cleanup(s.Close)
	return s.URL
}

func serveGallery(t *testing.T) *browser.Page {
	t.Helper()
	frame := func(*http.Request) web.Shell { return web.Shell{Brand: web.Brand{Name: "Esempio"}} }
	return chromium.Open(t, serve(t, frame, gallery.Routes))
}

func TestParts(t *testing.T) {
	p := serveGallery(t)
	p.Go("/parti")
	p.Check("parti")
	if got := browser.Eval[string](p, "document.activeElement.className"); !strings.Contains(got, "is-bad") {
		t.Errorf("the focus is on %q, not on the summary of errors", got)
	}
	p.Go("/niente")
	p.Check("non-trovata")
}

func TestSumsFollowTheTicks(t *testing.T) {
	p := serveGallery(t)
	p.Go("/modulo")
	p.Check("modulo")
	if got := p.Text("#somme"); !strings.Contains(got, "€\u00a01.360,00") {
		t.Fatalf("sums: %s", got)
	}
	browser.Eval[bool](p, `window.said = 0; new MutationObserver(() => window.said++).observe(document.querySelector("#somme"), {childList: true}); true`)
	p.Click("#a0")
	p.Click("#a2")
	p.WaitText("#somme", "€\u00a0680,00")
	p.WaitText("#somme", "€\u00a0829,60")
	if got := p.Text("#barra"); !strings.Contains(browser.Eval[string](p, "document.querySelector('#barra b').textContent"), "680,00") {
		t.Errorf("the bar at the foot was left behind: %s", got)
	}
	if n := browser.Eval[int](p, "window.said"); n != 1 {
		t.Errorf("two ticks in a moment were announced %d times", n)
	}
	p.Click("#a1")
	p.WaitText("#avvisi", "Scegliete almeno un prodotto.")
	p.Axe()
	p.Click("#a1")
	p.WaitFor(`document.querySelector("#avvisi").textContent === ""`)
}

func TestExplanationComesIntoItsRow(t *testing.T) {
	p := serveGallery(t)
	p.Go("/modulo")
	p.Click("#a2")
	p.Click("#prodotto-a1 [name=spiega]")
	p.WaitText("#prodotto-a1", "Perché €\u00a0680,00")
	p.Check("modulo-spiega")
	if browser.Eval[bool](p, `document.querySelector("#a2").checked`) {
		t.Error("the tick that was taken off came back")
	}
	p.Click("#prodotto-a1 [name=spiega]")
	p.WaitFor(`!document.querySelector("#prodotto-a1").innerText.includes("Perché")`)
}

func TestWithoutJavaScript(t *testing.T) {
	p := serveGallery(t)
	p.NoJavaScript()
	p.Go("/modulo")
	p.Click("#a0")
	if status := p.Follow("[name=ricalcola]"); status != 200 {
		t.Fatalf("status %d", status)
	}
	if got := p.Text("#somme"); !strings.Contains(got, "€\u00a0940,00") {
		t.Errorf("sums: %s", got)
	}
	p.Follow("#prodotto-a1 [name=spiega]")
	if got := p.Text("#prodotto-a1"); !strings.Contains(got, "Perché €\u00a0680,00") {
		t.Errorf("explanation: %s", got)
	}
	p.Go("/elenco")
	p.Click("[value=r2]")
	p.Follow("[data-bulk] .btn-primary")
	if got := p.Text("h1"); got != "Prese in carico: 1" {
		t.Errorf("page: %s", got)
	}
}

func TestProgressGoesOnAndStops(t *testing.T) {
	p := serveGallery(t)
	p.Go("/lavorazione")
	p.WaitText("#avanzamento", "3 di 3 richieste")
	if p.Count("#avanzamento[hx-get]") != 0 {
		t.Error("it still asks although all is done")
	}
}

func TestWorkList(t *testing.T) {
	p := serveGallery(t)
	p.Go("/elenco")
	if p.Count("[data-bulk][hidden]") != 1 {
		t.Error("the bar shows although nothing is selected")
	}
	p.Press("j")
	p.Press("j")
	p.Press("x")
	if got := p.Text("[data-bulk]"); !strings.Contains(got, "1 selezionata") || !strings.Contains(got, "€\u00a03.412,50") {
		t.Errorf("bar: %s", got)
	}
	p.Check("elenco")
	p.Press("k")
	if got := browser.Eval[string](p, "document.activeElement.textContent"); got != "IC «G. Verga»" {
		t.Errorf("K: the focus is on %q", got)
	}
	p.Click("[data-all]")
	if got := p.Text("[data-bulk]"); !strings.Contains(got, "3 selezionate") || !strings.Contains(got, "€\u00a08.672,50") {
		t.Errorf("bar: %s", got)
	}
	p.Click("[data-bulk-none]")
	p.WaitFor(`document.querySelector("[data-bulk]").hidden`)
	p.Press("/")
	p.Press("x")
	p.Press("j")
	if got := browser.Eval[string](p, "document.querySelector('#q').value"); got != "xj" {
		t.Errorf("in the field stands %q", got)
	}
	assertKeysCanBeTurnedOff(t, p)
}

func assertKeysCanBeTurnedOff(t *testing.T, p *browser.Page) {
	t.Helper()
	p.Click("[data-keys-off]")
	p.Go("/elenco")
	browser.Eval[bool](p, "document.activeElement.blur(); true")
	p.Press("j")
	if p.Count(".rn-cur") != 0 {
		t.Error("J moves although the keys are off")
	}
	if !browser.Eval[bool](p, "document.querySelector('[data-keys-off]').checked") {
		t.Error("the browser forgot that the keys are off")
	}
	p.Click("[data-keys-off]")
	browser.Eval[bool](p, "document.activeElement.blur(); true")
	p.Press("j")
	p.Press("x")
	p.Follow("[data-bulk] .btn-primary")
	if got := p.Text("h1"); got != "Prese in carico: 1" {
		t.Errorf("page: %s", got)
	}
}

func TestToastGoesAway(t *testing.T) {
	p := serveGallery(t)
	p.Go("/elenco")
	if got := p.Text("[data-toast]"); got != "Vista salvata alle 10:42" {
		t.Errorf("toast: %s", got)
	}
	p.WaitFor(fmt.Sprintf("document.querySelector(%q) === null", "[data-toast]"))
}

func TestServerThatIsGone(t *testing.T) {
	p := serveGallery(t)
	p.Go("/modulo")
	browser.Eval[bool](p, "window.fetch = () => Promise.reject(new TypeError('gone')); true")
	p.Click("#a0")
	p.WaitText("#avvisi", "Il portale non risponde.")
}

func TestEnglish(t *testing.T) {
	p := serveGallery(t)
	p.Go("/parti?x=1")
	p.Follow(".rn-lang button")
	if got := p.URL(); got != "/parti?x=1" {
		t.Errorf("back on %s", got)
	}
	if got := browser.Eval[string](p, "document.documentElement.lang + ' ' + document.querySelector('.rn-skip').textContent"); got != "en Skip to content" {
		t.Errorf("page: %s", got)
	}
	p.Axe()
}
