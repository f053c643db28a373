package browser_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"rinnova/e2e/browser"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/web"
)

// wideTable is a table that no narrow screen holds.
const wideTable = `<div class="rn-wrap"><h1>Parti</h1><div class="rn-scroll" tabindex="0" role="region" aria-label="Tabella"><table class="rn-table"><tr><td class="nw">` +
	`Liceo Scientifico Leonardo da Vinci, Reggio di Calabria</td><td class="nw">SG00001</td></tr></table></div></div>`

// framed opens a page with steps and a wide table in the frame of an office or a school with everything that a frame may hold.
func framed(t *testing.T, office bool) *browser.Page {
	t.Helper()
	frame := func(r *http.Request) web.Shell {
		s := supplierweb.Frame(example, web.LangOf(r.Context()))
		s.Office, s.User = office, &web.User{Name: "Istituto Comprensivo «G. Verga», Ragusa", Detail: "SUPERVISOR.SG00001", Logout: "/esci"}
		s.Nav = []web.Link{{Text: "Parti", Href: "/parti"}, {Text: "Rinnovo servizi 2026/27", Href: "/a"}, {Text: "Contratti", Href: "/b"}, {Text: "Lettere", Href: "/c"},
			{Text: "Correzioni", Href: "/d", Count: "12"}, {Text: "Dati della scuola", Href: "/e"}, {Text: "Posta della dimostrazione", Href: "/f"}}
		return s.At(r.URL.Path)
	}
	steps := web.Steps("Passi", 2, "Preparate la lettera", "Scaricatela e firmatela", "Caricatela firmata")
	page := func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			return web.Page(frame(r).Titled("Parti")).Render(templ.WithChildren(ctx, templ.Join(steps, templ.Raw(wideTable))), w)
		}))
	}
	p := chromium.Open(t, serve(t, frame, func(m *web.Mux) { m.Handle("GET /parti", page) }))
	p.Go("/parti")
	return p
}

// On the narrowest phone (320 × 568) header, menu and notice leave two thirds of the screen to the page, and the menu is there at a
// press, without JavaScript, by keyboard; on a wide screen it is simply there.
func TestTheMenuOfANarrowScreen(t *testing.T) {
	for name, office := range map[string]bool{"scuola": false, "ufficio": true} {
		t.Run(name, func(t *testing.T) {
			p := framed(t, office)
			p.Width(320)
			if top := browser.Eval[float64](p, `document.querySelector("main").getBoundingClientRect().top + scrollY`); top > 568.0/3 {
				t.Errorf("the page begins at %.0f pixels", top)
			}
			shown := func() int {
				return browser.Eval[int](p, `[...document.querySelectorAll("nav:has(.rn-menu) li a")].filter(a => a.checkVisibility()).length`)
			}
			if n := shown(); n != 0 {
				t.Errorf("%d links of the menu are shown before it is opened", n)
			}
			browser.Eval[bool](p, `(document.querySelector(".rn-menu").focus(), true)`)
			p.Press(" ")
			if n := shown(); n != 7 {
				t.Errorf("the open menu shows %d links, want 7", n)
			}
			p.Check("menu-" + name)
			p.Width(1200)
			if n := shown(); n != 7 || p.Count("label[for=menu]") != 1 || browser.Eval[bool](p, `document.querySelector("label[for=menu]").checkVisibility()`) {
				t.Errorf("on a wide screen %d links are shown, or the button of the menu", n)
			}
		})
	}
}

func TestTheMenuWithoutJavaScript(t *testing.T) {
	p := framed(t, false)
	p.NoJavaScript()
	p.Go("/parti")
	p.Width(320)
	p.Click("label[for=menu]")
	p.WaitFor(`document.querySelector(".rn-nav li a").checkVisibility()`)
}

// Steps keep their words, and a table that is wider than the screen shows its shadow where it goes on.
func TestNarrowStepsAndTables(t *testing.T) {
	p := framed(t, false)
	p.Width(320)
	for _, cut := range browser.Eval[[]string](p, `[...document.querySelectorAll(".rn-steps li > span")].filter(e => e.getBoundingClientRect().width < 30).map(e => e.textContent)`) {
		t.Errorf("the step %q has no words", cut)
	}
	if p.Count(".rn-steps li > span") != 3 {
		t.Error("not three steps")
	}
	if !browser.Eval[bool](p, `(e => e.scrollWidth > e.clientWidth)(document.querySelector(".rn-scroll"))`) {
		t.Fatal("the table does not scroll")
	}
	if got := browser.Eval[string](p, `getComputedStyle(document.querySelector(".rn-scroll")).backgroundImage`); strings.Count(got, "linear-gradient") != 4 {
		t.Errorf("nothing shows that the table goes on: %s", got)
	}
	p.Check("tabella-larga")
}
