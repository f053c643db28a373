// Package guideweb is the guides in the product: how to renew and what to do when the password is forgotten, step by step
// with pictures of the screens. The pictures are made by the browser tests (go test ./e2e -run Guide -update), which fail
// when a screen no longer says what its picture shows.
package guideweb

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"rinnova/internal/supplier"
	"rinnova/internal/web"
)

// Paths of the guides. Other pages lead to their parts by fragments: ContractsPath + "#cig".
const (
	Path          = "/guida"
	ContractsPath = Path + "/rinnovo-contratti"
	ServicesPath  = Path + "/rinnovo-servizi"
	PasswordPath  = Path + "/password-dimenticata"
	picturesPath  = Path + "/figure/"
)

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
