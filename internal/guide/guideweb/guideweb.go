// Package guideweb is the guides in the product: how to renew and what to do when the password is forgotten, step by step
// with pictures of the screens. The pictures are made by the browser tests (go test ./e2e -run Guide -update), which fail
// when a screen no longer says what its picture shows.
package guideweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"rinnova/internal/locale"
	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// Paths of the guides. Other pages lead to their parts by fragments: ContractsPath + "#cig".
const (
	Path            = "/guida"
	ContractsPath   = Path + "/rinnovo-contratti"
	ServicesPath    = Path + "/rinnovo-servizi"
	LetterPath      = Path + "/lettera-di-nomina"
	CorrectionsPath = Path + "/dati-della-scuola"
	VerifyPath      = Path + "/verifica-contratto"
	PasswordPath    = Path + "/password-dimenticata"
	picturesPath    = Path + "/figure/"
)

// Guides are all guides by their short titles, in the order in which schools come to need them.
func Guides(l locale.Lang) []web.Link {
	return []web.Link{
		{Text: l.T("Rinnovo dei contratti"), Href: ContractsPath},
		{Text: l.T("Rinnovo dei servizi"), Href: ServicesPath},
		{Text: l.T("Lettera di nomina"), Href: LetterPath},
		{Text: l.T("Correzione dei dati della scuola"), Href: CorrectionsPath},
		{Text: l.T("Verifica di un contratto"), Href: VerifyPath},
		{Text: l.T("Password dimenticata"), Href: PasswordPath},
	}
}

// shortTitle is the title of a guide where it stands in a list.
func shortTitle(l locale.Lang, path string) string {
	for _, g := range Guides(l) {
		if g.Href == path {
			return g.Text
		}
	}
	return ""
}

// Handlers serve the guides, to everybody.
type Handlers struct {
	Profile func(context.Context) (supplier.Profile, error)
	Shell   func(*http.Request) web.Shell
}

// Routes are the pages of this package.
func (h *Handlers) Routes(m *web.Mux) {
	m.Handle("GET "+Path, h.page(indexPage))
	m.Handle("GET "+ContractsPath, h.page(contractsPage))
	m.Handle("GET "+ServicesPath, h.page(servicesPage))
	m.Handle("GET "+LetterPath, h.page(letterPage))
	m.Handle("GET "+CorrectionsPath, h.page(correctionsPage))
	m.Handle("GET "+VerifyPath, h.page(verifyPage))
	m.Handle("GET "+PasswordPath, h.page(passwordPage))
	m.Handle("GET "+picturesPath+"{name}", h.picture)
}

func (h *Handlers) page(draw func(web.Shell, supplier.Contact) templ.Component) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p, err := h.Profile(r.Context())
		if err != nil {
			return err
		}
		return web.Render(w, r, http.StatusOK, draw(h.Shell(r), p.Renewals))
	}
}
