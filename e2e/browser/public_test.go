package browser_test

import (
	"context"
	"net/http"
	"testing"

	"rinnova"
	"rinnova/e2e/browser"
	"rinnova/internal/account/accountweb"
	"rinnova/internal/supplier"
	"rinnova/internal/supplier/supplierweb"
	"rinnova/internal/web"
)

// example is an invented vendor that has set everything these pages show.
var example = supplier.Profile{
	Name: "Esempio Software S.r.l.", ShortName: "Esempio Software", Address: "via delle Querce 15, 20100 Milano (MI)",
	VATNumber: "01234560884", PEC: "esempio@pec.example", Fictional: true,
	Renewals: supplier.Contact{Phone: "0932 000 200", Email: "contratti@esempio.example", Hours: "lun–ven 9–13 e 15–17"},
	Support:  supplier.Contact{Phone: "0932 000 100", Fax: "0932 000 101", Email: "info@esempio.example"},
	Links:    supplier.Links{SupportArea: "https://esempio.example/area", Manual: "https://esempio.example/guida", CustomerArea: "https://esempio.example/clienti"},
}

var season = supplierweb.Open{
	Assistance: &supplierweb.Renewal{
		Title: "Rinnovo 2027", ClosesOn: rinnova.MustDate("2026-12-15"), Path: "/rinnovo",
		Period: rinnova.Period{From: rinnova.MustDate("2027-01-01"), To: rinnova.MustDate("2027-12-31")},
	},
	Services:   &supplierweb.Renewal{Title: "Servizi 2027", Path: "/servizi"},
	LetterPath: "/lettera",
}

// openPublic opens the public pages of a vendor, read by actor.
func openPublic(t *testing.T, profile supplier.Profile, open supplierweb.Open, actor rinnova.Actor) *browser.Page {
	t.Helper()
	frame := func(r *http.Request) web.Shell { return supplierweb.Frame(profile, web.LangOf(r.Context())) }
	h := &supplierweb.Handlers{
		Profile: func(context.Context) (supplier.Profile, error) { return profile, nil },
		Open:    func(context.Context) (supplierweb.Open, error) { return open, nil },
		Actor:   func(context.Context) rinnova.Actor { return actor },
		Shell:   frame,
	}
	return chromium.Open(t, serve(t, frame, func(m *web.Mux) {
		h.Routes(m)
		m.Handle("GET "+accountweb.LoginPath, func(w http.ResponseWriter, r *http.Request) error {
			f := accountweb.LoginForm{Help: profile.Renewals, Back: supplierweb.SupportPath, Purpose: "Rinnovo contratti di assistenza"}
			if r.URL.Query().Has("errore") {
				f.Failed, f.Username = rinnova.Text{Format: "Nome utente o password non corrispondono."}, "SUPERVISOR.SG00001"
			}
			return web.Render(w, r, http.StatusOK, accountweb.LoginPage(frame(r).At(supplierweb.AreaPath), f))
		})
	}))
}

func TestPublicPages(t *testing.T) {
	p := openPublic(t, example, season, rinnova.Actor{})
	for _, c := range []struct{ path, name string }{
		{"/", "home"}, {"/assistenza", "assistenza"}, {"/accesso", "accesso"}, {"/accesso?errore", "accesso-errore"},
		{"/privacy", "privacy"}, {"/accessibilita", "accessibilita"},
	} {
		p.Go(c.path)
		p.Check(c.name)
	}
	p.Go("/")
	if status := p.Follow(".rn-next .btn-primary"); status != 200 || p.URL() != "/assistenza" {
		t.Errorf("the button leads to %s (%d)", p.URL(), status)
	}
}

func TestPublicPagesOfANewInstallation(t *testing.T) {
	p := openPublic(t, supplier.Profile{}, supplierweb.Open{}, rinnova.Actor{})
	for path, name := range map[string]string{"/": "nuova-home", "/assistenza": "nuova-assistenza", "/accesso": "nuova-accesso", "/privacy": "nuova-privacy"} {
		p.Go(path)
		p.Check(name)
	}
	p = openPublic(t, supplier.Profile{}, supplierweb.Open{}, rinnova.Actor{Role: rinnova.RoleAdmin})
	p.Go("/")
	p.Check("nuova-home-ufficio")
	p.WaitText("main", "Manca la ragione sociale del fornitore.")
}

func TestPublicPagesInEnglish(t *testing.T) {
	p := openPublic(t, example, season, rinnova.Actor{})
	p.Go("/assistenza")
	p.Follow(".rn-lang button")
	p.Check("assistenza-en")
	if got := p.Text("h1"); got != "Support and contracts" {
		t.Errorf("h1: %s", got)
	}
}
