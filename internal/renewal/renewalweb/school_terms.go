package renewalweb

import (
	"net/http"

	"rinnova"
	"rinnova/internal/terms"
	"rinnova/internal/web"
)

// terms reads the version that the address names.
func (h *School) terms(r *http.Request) (terms.Terms, error) {
	if !isCode(r.PathValue("id")) {
		return terms.Terms{}, rinnova.Fail(rinnova.NotFound, "Queste condizioni non ci sono.")
	}
	return h.Terms.Terms(r.Context(), r.PathValue("id"))
}

// showTerms is one version of the terms of contract, to read.
func (h *School) showTerms(w http.ResponseWriter, r *http.Request) error {
	t, err := h.terms(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, termsPage(h.Shell(r), t))
}

// termsPDF is the same to keep.
func (h *School) termsPDF(w http.ResponseWriter, r *http.Request) error {
	t, err := h.terms(r)
	if err != nil {
		return err
	}
	p, err := h.profile(r.Context())
	if err != nil {
		return err
	}
	pdf, err := h.Printer.Terms(t, p)
	if err != nil {
		return err
	}
	return web.PDF(w, "condizioni-"+t.Version+".pdf", true, pdf)
}
